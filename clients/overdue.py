"""Which open requests are overdue, as Temporal's visibility has it (a moment behind)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

from domain.ids import WORKFLOW_TYPE, workflow_id
from domain.search_attributes import NEXT_DEADLINE, WAITING_FOR

RPC_TIMEOUT = timedelta(seconds=5)
LOOK_TIMEOUT = 30.0
"""Seconds for a whole look: a lazy client's connecting and all pages."""
PAGE = 1000

_LONG_AGO = "2000-01-01T00:00:00Z"
_NO_ANSWER = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
)


class LookError(ConnectionError):
    """Temporal did not list the requests; in words that follow "Temporal …".

    With ``refused`` it did answer: its namespace or our access is not as it should be.
    """

    def __init__(self, words: str, *, refused: bool = False) -> None:
        super().__init__(words)
        self.refused = refused


@dataclass(frozen=True)
class Overdue:
    request_id: str
    since: datetime
    """Its deadline, or its submission if no worker has begun it (UTC)."""


def query(moment: datetime) -> str:
    """Open requests whose next deadline, or start if none was ever set, is before ``moment``.

    BETWEEN stands for "<", which Slack would show escaped: operators paste this.
    """
    before = f"BETWEEN '{_LONG_AGO}' AND '{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
    return (
        f"WorkflowType = '{WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' "
        f"AND ({NEXT_DEADLINE.name} {before} "
        f"OR ({WAITING_FOR.name} IS NULL AND StartTime {before}))"
    )


class OverdueRequests:
    """Lists them; one call a look while there are none."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def before(self, moment: datetime) -> list[Overdue]:
        """Those whose deadline was before ``moment``, the longest overdue first.

        Raises:
            LookError: Temporal can't be reached, or refuses.
        """
        try:
            async with asyncio.timeout(LOOK_TIMEOUT):
                listed = self._client.list_workflows(
                    query(moment), page_size=PAGE, rpc_timeout=RPC_TIMEOUT
                )
                return _longest_first([_overdue(execution) async for execution in listed])
        except RPCError as error:
            if error.status in _NO_ANSWER:
                raise LookError("does not answer") from error
            words = f"refuses to list requests ({error.status.name})"
            raise LookError(words, refused=True) from error
        except (TimeoutError, RuntimeError) as error:  # RuntimeError: a lazy client can't connect
            raise LookError("can't be reached") from error


def _overdue(execution: WorkflowExecution) -> Overdue:
    deadline = execution.typed_search_attributes.get(NEXT_DEADLINE)
    return Overdue(
        request_id=execution.id.removeprefix(workflow_id("")),
        since=deadline or execution.start_time,
    )


def _longest_first(overdue: Iterable[Overdue]) -> list[Overdue]:
    return sorted(overdue, key=lambda one: (one.since, one.request_id))
