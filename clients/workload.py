"""Which requests a mentor has right now, as the requests themselves say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.ids import WORKFLOW_TYPE, is_slack_id, workflow_id
from domain.models import Status
from domain.search_attributes import MENTOR, STATUS

RPC_TIMEOUT = timedelta(seconds=5)
MOST = 200
"""Requests of one mentor that are looked at."""

# A slot frees when feedback begins (DESIGN §4).
_TAKES_A_SLOT = (Status.CLAIMED, Status.SCHEDULED)


class Workload:
    """Found by visibility, which is a moment behind; confirmed by each request itself."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def requests_of(self, slack_id: str, known: Iterable[str] = ()) -> list[str]:
        """Ids of the running requests that take one of this mentor's slots.

        ``known`` are looked at whether visibility lists them or not.

        Raises:
            temporalio.service.RPCError: Temporal can't answer just now.
        """
        candidates = dict.fromkeys([*known, *await self._listed(slack_id)])
        return [one for one in candidates if await self._has(one, slack_id)]

    async def _listed(self, slack_id: str) -> list[str]:
        if not is_slack_id(slack_id):
            return []
        statuses = ", ".join(repr(status.value) for status in _TAKES_A_SLOT)
        query = (
            f"WorkflowType = '{WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' "
            f"AND {MENTOR.name} = '{slack_id}' AND {STATUS.name} IN ({statuses})"
        )
        listed = self._client.list_workflows(query, limit=MOST, rpc_timeout=RPC_TIMEOUT)
        prefix = workflow_id("")
        return [one.id.removeprefix(prefix) async for one in listed]

    async def _has(self, request_id: str, slack_id: str) -> bool:
        handle = self._client.get_workflow_handle(workflow_id(request_id))
        try:
            found = await handle.describe(rpc_timeout=RPC_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        known = found.typed_search_attributes
        return (
            found.status is WorkflowExecutionStatus.RUNNING
            and known.get(MENTOR) == slack_id
            and known.get(STATUS) in {status.value for status in _TAKES_A_SLOT}
        )
