"""Who among many people has asked for a mentor, as Temporal remembers (retention: 90 days)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from temporalio.client import Client

from domain.ids import WORKFLOW_TYPE, is_slack_id
from domain.search_attributes import MENTEE

RPC_TIMEOUT = timedelta(seconds=10)
AT_A_TIME = 100
"""People in one query."""


class Mentees:
    """Looks people up in visibility, which is a moment behind."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def among(self, people: Iterable[str]) -> set[str]:
        """Those with a request, running or over.

        Raises:
            temporalio.service.RPCError: Temporal can't list workflows just now.
        """
        left = (one for one in people if is_slack_id(one))
        found: set[str] = set()
        while some := list(islice(left, AT_A_TIME)):
            listed = ", ".join(f"'{one}'" for one in some)
            query = f"WorkflowType = '{WORKFLOW_TYPE}' AND {MENTEE.name} IN ({listed})"
            async for request in self._client.list_workflows(query, rpc_timeout=RPC_TIMEOUT):
                if mentee := request.typed_search_attributes.get(MENTEE):
                    found.add(mentee)
        return found
