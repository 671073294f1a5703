"""The coordinators' queue, from Temporal's visibility (which is a moment behind).

A first look lists every open request in a few calls; only the riskiest are asked themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import Client, WorkflowExecution

from clients.away import or_away
from clients.requests import RequestError, Requests
from domain import search_attributes as keys
from domain.ids import WORKFLOW_TYPE, workflow_id
from domain.models import Person, Status
from domain.policy import EscalationPolicy
from domain.queue import QueueEntry, by_risk
from domain.view import MessageRef, RequestView

LISTED_AT_MOST = 1000
"""Requests in a first look, the riskiest kinds first."""
RPC_TIMEOUT = timedelta(seconds=5)
LIST_WITHIN = 6.0
"""Seconds for the first look."""
ASK_WITHIN = 1.5
"""Seconds for asking the riskiest, all together."""
AT_ONCE = 10
PARKED = "parked"
"""The step of a request for which nothing more happens by itself."""

_WAITING = (Status.OPEN, Status.IN_REVIEW)
_WITH_A_MENTOR = (Status.CLAIMED, Status.SCHEDULED, Status.AWAITING_FEEDBACK)
_SOON = timedelta(hours=24)
_PREFIX = workflow_id("")
_DEFAULT_PROMISE = EscalationPolicy().breach_after
"""Of requests that release 0.1 started: they don't say until when they wait."""


@dataclass(frozen=True)
class Listing:
    """The riskiest requests, and how many ``more`` there are."""

    entries: list[QueueEntry]
    more: int = 0


class Queue:
    """What waits, and what is stalled."""

    def __init__(
        self, client: Client, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._client = client
        self._requests = Requests(client)
        self._clock = clock

    async def entries(
        self,
        limit: int,
        *,
        now: datetime | None = None,
        only: Callable[[QueueEntry], bool] = lambda entry: True,
    ) -> Listing:
        """Open requests by risk, at most ``limit``; one that does not answer comes without its
        goal, its card and its owner's name.

        Args:
            now: what "late" is measured by; None: this machine's clock.
            only: which ones count; it sees what visibility knows.

        Raises:
            TemporalAwayError: nothing could be listed in time.
        """
        now = now or self._clock()
        listed, unlisted = await self._list(now)
        wanted = by_risk(filter(only, listed), now)
        asked = await self._ask(wanted[:limit])
        still_open = [entry for entry in asked if not entry.status.is_final]
        return Listing(by_risk(still_open, now), len(wanted[limit:]) + unlisted)

    async def listed(self, *, now: datetime | None = None) -> Listing:
        """Open requests by risk as visibility knows them, which is without goals and names.

        Raises:
            TemporalAwayError: nothing could be listed in time.
        """
        now = now or self._clock()
        entries, more = await self._list(now)
        return Listing(by_risk(entries, now), more)

    # ---- the first look: no call per request ------------------------------------------------

    async def _list(self, now: datetime) -> tuple[list[QueueEntry], int]:
        """Entries, and how many open requests are not among them."""
        async with or_away(LIST_WITHIN):
            kinds = await asyncio.gather(*(self._list_kind(kind) for kind in _kinds(now)))
            found = {entry.request_id: entry for kind in kinds for entry in kind}
            kept = list(found.values())[:LISTED_AT_MOST]
            if len(found) < LISTED_AT_MOST:
                return kept, 0
            every = _either(*_WAITING, *_WITH_A_MENTOR)
            count = await self._client.count_workflows(_running(every), rpc_timeout=RPC_TIMEOUT)
            return kept, max(0, count.count - len(kept))

    async def _list_kind(self, which: str) -> list[QueueEntry]:
        listed = self._client.list_workflows(
            _running(which),
            page_size=LISTED_AT_MOST,
            limit=LISTED_AT_MOST,
            rpc_timeout=RPC_TIMEOUT,
        )
        return [_entry(execution) async for execution in listed]

    # ---- the second: the riskiest say more ---------------------------------------------------

    async def _ask(self, entries: list[QueueEntry]) -> list[QueueEntry]:
        at_once = asyncio.Semaphore(AT_ONCE)
        deadline = asyncio.get_running_loop().time() + ASK_WITHIN

        async def ask(entry: QueueEntry) -> QueueEntry:
            view: RequestView | None = None
            card: MessageRef | None = None
            with suppress(RequestError, TimeoutError):
                async with asyncio.timeout_at(deadline), at_once:
                    view = await self._requests.view(entry.request_id)
                    card = (await self._requests.case(entry.request_id)).coordinators_card
            return _told(entry, view, card)

        return list(await asyncio.gather(*map(ask, entries)))


def _kinds(now: datetime) -> Iterable[str]:
    """What is listed, the riskiest kind first: visibility itself can't sort."""
    waiting, breached = _either(*_WAITING), keys.BREACHED.name
    late = f"{waiting} AND {breached} = true"
    not_late = f"{waiting} AND ({breached} = false OR {breached} IS NULL)"
    soon = f"{keys.RESPOND_BY.name} < '{now + _SOON:%Y-%m-%dT%H:%M:%SZ}'"
    return (
        late,
        f"{not_late} AND {soon}",
        not_late,
        _either(*_WITH_A_MENTOR),
    )


def _either(*statuses: Status) -> str:
    return f"{keys.STATUS.name} IN ({', '.join(repr(status.value) for status in statuses)})"


def _running(which: str) -> str:
    return f"WorkflowType = '{WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' AND {which}"


def _entry(execution: WorkflowExecution) -> QueueEntry:
    known = execution.typed_search_attributes
    status, owner = Status(known.get(keys.STATUS) or Status.UNKNOWN), known.get(keys.OWNER)
    waits = status in _WAITING
    promised = known.get(keys.RESPOND_BY) or execution.start_time + _DEFAULT_PROMISE
    step = known.get(keys.STEP) or ""
    return QueueEntry(
        request_id=execution.id.removeprefix(_PREFIX),
        service=known.get(keys.SERVICE) or "",
        skills=list(known.get(keys.SKILLS) or ()),
        status=status,
        step=step,
        owner=Person(slack_id=owner) if owner else None,
        mentor=known.get(keys.MENTOR) or "",
        submitted_at=execution.start_time,
        respond_by=promised if waits else None,
        breached=bool(known.get(keys.BREACHED)),
        parked=waits and step == PARKED,
        next_deadline=known.get(keys.NEXT_DEADLINE),
        waiting_for=known.get(keys.WAITING_FOR) or "",
    )


def _told(entry: QueueEntry, view: RequestView | None, card: MessageRef | None) -> QueueEntry:
    """The entry with what the request itself says, which is newer."""
    if view is None:
        return entry
    waits = view.status in _WAITING
    return entry.model_copy(
        update={
            "status": view.status,
            "step": view.escalation_step or entry.step,
            "owner": view.owner or entry.owner,
            "mentor": view.claim.mentor.slack_id if view.claim else "",
            "submitted_at": view.submitted_at,
            "asked_at": view.now,
            "respond_by": view.respond_by if waits else None,
            "breached": view.breached,
            "parked": waits and view.parked,
            "next_deadline": view.waiting_until,
            "waiting_for": view.waiting_for,
            "goal": view.goal,
            "coordinators_card": card,
        }
    )
