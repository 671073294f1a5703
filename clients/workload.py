"""How many mentees each mentor has right now, counted from the requests that are running."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from temporalio.client import Client

from domain.ids import WORKFLOW_TYPE
from domain.models import Status
from domain.search_attributes import MENTOR, STATUS

LIFE = 2.0
"""Seconds for which a count is good: a burst of claims shares it."""
RPC_TIMEOUT = timedelta(seconds=5)
PAGE = 1000

# A slot frees when feedback begins (DESIGN §4).
_TAKES_A_SLOT = (Status.CLAIMED, Status.SCHEDULED)
_QUERY = (
    f"WorkflowType = '{WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' "
    f"AND {MENTOR.name} IS NOT NULL "
    f"AND {STATUS.name} IN ({', '.join(repr(status.value) for status in _TAKES_A_SLOT)})"
)


class Workload:
    """Mentees by mentor, from Temporal's visibility (which is a moment behind)."""

    def __init__(self, client: Client, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._counting: asyncio.Task[dict[str, int]] | None = None
        self._good_until = 0.0

    async def open_mentees(self) -> dict[str, int]:
        """Mentees who take a slot, by the mentor's Slack id; mentors with none are left out.

        Raises:
            temporalio.service.RPCError: Temporal can't list workflows just now.
        """
        counting = self._counting
        if counting is None or (counting.done() and not self._still_good(counting)):
            counting = self._counting = asyncio.create_task(self._count())
        return dict(await asyncio.shield(counting))

    def _still_good(self, counted: asyncio.Task[dict[str, int]]) -> bool:
        failed = counted.cancelled() or counted.exception() is not None
        return not failed and self._clock() < self._good_until

    async def _count(self) -> dict[str, int]:
        running = self._client.list_workflows(_QUERY, page_size=PAGE, rpc_timeout=RPC_TIMEOUT)
        mentees = Counter[str]()
        async for request in running:
            if mentor := request.typed_search_attributes.get(MENTOR):
                mentees[mentor] += 1
        self._good_until = self._clock() + LIFE
        return dict(mentees)
