"""What stands in for the rest of the house: takes orders, remembers them, and fails on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from clients.queue import Listing, Queue
from clients.requests import RequestGoneError, Requests
from clients.switchboard import Switchboard
from domain.base import Decision
from domain.matching import Appraisal, Wish, appraise_all
from domain.models import Mentor
from domain.orders import Answered, Order, Verdict
from domain.queue import QueueEntry
from domain.sending import SendingState
from domain.skills import SkillIndex
from domain.view import CaseFile, RequestDetails, RequestView
from records.roster import Roster

REQUEST_ID = "MR-4F6T2QXK5A"


class FakeRequests(Requests):
    """Takes decisions as Temporal would, and remembers them."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []
        self.orders: list[Order] = []
        self.clicks: list[str] = []
        """What each order was told apart by."""
        self.answered: Answered | None = Answered(verdict=Verdict.DONE, words="Done.")
        self.cases: dict[str, CaseFile] = {}
        self.found: dict[str, str] = {}
        """Requests by group DM and by person."""
        self.looked_for: list[str] = []
        self.views: dict[str, RequestView] = {}
        self.read: dict[str, RequestDetails] = {}
        self.failure: Exception | None = None
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def decide(self, request_id: str, decision: Decision) -> None:
        assert request_id == REQUEST_ID
        await self._answer()
        self.decisions.append(decision)

    async def view(self, request_id: str) -> RequestView:
        await self._answer()
        if request_id not in self.views:
            raise RequestGoneError("never was")
        return self.views[request_id]

    async def details(self, request_id: str) -> RequestDetails:
        await self._answer()
        return self.read[request_id]

    async def order(self, request_id: str, order: Order, *, click: str = "") -> Answered | None:
        assert request_id == REQUEST_ID
        await self._answer()
        self.orders.append(order)
        self.clicks.append(click)
        return self.answered

    async def case(self, request_id: str) -> CaseFile:
        await self._answer()
        if request_id not in self.cases:
            raise RequestGoneError("never was")
        return self.cases[request_id]

    async def find(self, *, channel: str) -> str | None:
        return await self._look_for(channel)

    async def find_of(self, slack_id: str) -> str | None:
        return await self._look_for(slack_id)

    async def _look_for(self, key: str) -> str | None:
        self.looked_for.append(key)
        await self._answer()
        return self.found.get(key)

    async def _answer(self) -> None:
        self.asked.set()
        await self.gate.wait()
        if self.failure:
            raise self.failure


class FakeRoster(Roster):
    """Mentors as a test wants them, appraised by the real rules."""

    def __init__(self) -> None:
        self.people: list[Mentor] = []
        self.failure: Exception | None = None
        self.excluded: list[str] = []
        """Whom the last look left out."""

    async def appraise(
        self,
        service: str,
        skills: Sequence[str],
        mentee: str,
        excluded: Collection[str],
        now: datetime,
    ) -> list[tuple[Mentor, Appraisal]]:
        if self.failure:
            raise self.failure
        self.excluded = list(excluded)
        wish = Wish(
            service=service,
            skills=skills,
            index=SkillIndex([]),
            mentee=mentee,
            excluded=excluded,
            now=now,
        )
        return appraise_all(self.people, wish)


class FakeQueue(Queue):
    def __init__(self) -> None:
        self.listing = Listing([])
        self.failure: Exception | None = None

    async def entries(
        self,
        limit: int,
        *,
        now: datetime | None = None,
        only: Callable[[QueueEntry], bool] = lambda entry: True,
    ) -> Listing:
        if self.failure:
            raise self.failure
        return self.listing


class FakeSwitchboard(Switchboard):
    def __init__(self) -> None:
        self.sending = SendingState()
        self.failure: Exception | None = None

    async def state(self) -> SendingState:
        if self.failure:
            raise self.failure
        return self.sending

    async def set(self, paused: bool, by: str) -> SendingState:
        if self.failure:
            raise self.failure
        self.sending = SendingState(paused=paused, by=by, since=datetime.now(UTC))
        return self.sending


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
