"""Mentors' entity workflows, as everybody else reaches them: told, asked, looked at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import (
    QueryRejectCondition,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
)
from temporalio.service import RPCError, RPCStatusCode

from clients.away import or_away
from clients.requests import TemporalAwayError
from domain import ids, search_attributes, task_queues
from domain.availability import Availability
from domain.mentor_messages import STANDING_QUERY, MayAsk, Permit, Reserve, Told
from domain.sightings import NoteSightings, SightingsState
from domain.standing import STANDING_MEMO, MentorOverview, Standing

RPC_TIMEOUT = timedelta(seconds=2)
WITHIN = 2.5
"""Seconds for one call in all: often somebody has clicked and waits."""
ASKING_WITHIN = 6.0
"""Seconds for a question of an activity: a mentor who is met for the first time takes longer."""
AT_ONCE = 4
"""Questions to one mentor's workflow at the same time, from this process: of more than ten in
flight Temporal refuses the rest (FACTS), and two processes ask."""
LIFE = 2.0
"""Seconds for which a look at everybody is good: a burst of requests shares it."""
LISTING_TIMEOUT = timedelta(seconds=5)
PAGE = 1000
_QUERY = f"WorkflowType = '{ids.AVAILABILITY_TYPE}' AND ExecutionStatus = 'Running'"


class Mentors:
    """All but ``standings`` raise ``TemporalAwayError`` when there is no answer in time."""

    def __init__(self, client: Client, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._listing: asyncio.Task[dict[str, Standing]] | None = None
        self._good_until = 0.0
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    # ---- what people and Slack say ----------------------------------------------------------

    async def tell(self, slack_id: str, news: Told) -> None:
        """Put something on disk for a mentor's workflow, which is started if need be."""
        async with or_away(WITHIN):
            await self._client.start_workflow(
                ids.AVAILABILITY_TYPE,
                Availability(slack_id=slack_id),
                id=ids.availability_id(slack_id),
                task_queue=task_queues.WORKFLOWS,
                start_signal=news.signal,
                start_signal_args=[news],
                search_attributes=_attributes(slack_id),
                static_summary=_SUMMARY,
                rpc_timeout=RPC_TIMEOUT,
            )

    async def tell_if_known(self, slack_id: str, news: Told) -> bool:
        """The same for somebody who may be no mentor at all; False when Muster knows none."""
        async with or_away(WITHIN):
            try:
                await self._handle(slack_id).signal(news.signal, news, rpc_timeout=RPC_TIMEOUT)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return False
        return True

    async def note_sightings(self, seen: Mapping[str, datetime]) -> None:
        """Who was seen in Slack, and when: mentors' workflows hear of it once a day."""
        async with or_away(WITHIN):
            await self._client.start_workflow(
                ids.SIGHTINGS_TYPE,
                SightingsState(),
                id=ids.SIGHTINGS,
                task_queue=task_queues.WORKFLOWS,
                start_signal=NoteSightings.signal,
                start_signal_args=[NoteSightings(seen=dict(seen))],
                static_summary="Who was seen in Slack, passed on once a day",
                rpc_timeout=RPC_TIMEOUT,
            )

    # ---- what requests ask ------------------------------------------------------------------

    async def reserve(self, slack_id: str, wish: Reserve) -> Permit:
        """A slot for a request, if there is one; safe to ask again."""
        return await self._ask(slack_id, wish.signal, wish)

    async def may_ask(self, slack_id: str, wish: MayAsk) -> Permit:
        """Whether a request may ask them now; safe to ask again."""
        return await self._ask(slack_id, wish.signal, wish)

    async def _ask(self, slack_id: str, update: str, wish: Reserve | MayAsk) -> Permit:
        begin: WithStartWorkflowOperation[Any, None] = WithStartWorkflowOperation(
            ids.AVAILABILITY_TYPE,
            Availability(slack_id=slack_id),
            id=ids.availability_id(slack_id),
            task_queue=task_queues.WORKFLOWS,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=_attributes(slack_id),
            static_summary=_SUMMARY,
        )
        begun = asyncio.ensure_future(begin.workflow_handle())  # nobody asks it for its error else
        turns = self._turns.setdefault(slack_id, asyncio.Semaphore(AT_ONCE))
        try:
            async with or_away(ASKING_WITHIN), turns:
                permit: Permit = await self._client.execute_update_with_start_workflow(
                    update,
                    wish,
                    start_workflow_operation=begin,
                    result_type=Permit,
                    rpc_timeout=timedelta(seconds=ASKING_WITHIN),
                )
        finally:
            begun.cancel()
        return permit

    # ---- how they stand ---------------------------------------------------------------------

    async def overview(self, slack_id: str) -> MentorOverview | None:
        """What a mentor may see of themselves; None for somebody whom Muster has not met."""
        async with or_away(WITHIN):
            try:
                found: MentorOverview = await self._handle(slack_id).query(
                    STANDING_QUERY,
                    result_type=MentorOverview,
                    reject_condition=QueryRejectCondition.NOT_OPEN,
                    rpc_timeout=RPC_TIMEOUT,
                )
            except WorkflowQueryRejectedError:  # terminated: it begins anew when it is told of
                return None
            except WorkflowQueryFailedError as error:
                raise TemporalAwayError("how a mentor stands could not be read") from error
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return None
        return found

    async def standings(self) -> dict[str, Standing]:
        """Everybody whom Muster has met, by Slack id, in one look at visibility (a moment behind).

        Raises:
            temporalio.service.RPCError: Temporal can't list workflows just now.
        """
        listing = self._listing
        if listing is None or (listing.done() and not self._still_good(listing)):
            listing = self._listing = asyncio.create_task(self._list())
        return dict(await asyncio.shield(listing))

    def _still_good(self, listed: asyncio.Task[dict[str, Standing]]) -> bool:
        failed = listed.cancelled() or listed.exception() is not None
        return not failed and self._clock() < self._good_until

    async def _list(self) -> dict[str, Standing]:
        met: dict[str, Standing] = {}
        async for one in self._client.list_workflows(
            _QUERY, page_size=PAGE, rpc_timeout=LISTING_TIMEOUT
        ):
            standing: Standing | None = await one.memo_value(
                STANDING_MEMO, None, type_hint=Standing
            )
            if standing is not None:
                met[standing.slack_id] = standing
        self._good_until = self._clock() + LIFE
        return met

    def _handle(self, slack_id: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(ids.availability_id(slack_id))


_SUMMARY = "A mentor's room, rest and return"


def _attributes(slack_id: str) -> TypedSearchAttributes:
    return TypedSearchAttributes([SearchAttributePair(search_attributes.MENTOR, slack_id)])
