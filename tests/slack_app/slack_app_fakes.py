"""What stands in for the rest of the house: takes orders, remembers them, and fails on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from clients.mentors import Mentors
from clients.queue import Listing, Queue
from clients.requests import RequestGoneError, Requests
from clients.switchboard import Switchboard
from domain.base import Decision
from domain.matching import Appraisal, Wish, appraise_all
from domain.mentor_messages import Told
from domain.models import Mentor, Service, Skill
from domain.orders import Answered, Order, Verdict
from domain.queue import QueueEntry
from domain.sending import SendingState
from domain.skills import SkillIndex
from domain.standing import MentorOverview
from domain.view import CaseFile, RequestDetails, RequestView
from records.catalog import Catalog
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
        *,
        cap_lifted: bool = False,
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
            cap_lifted=cap_lifted,
        )
        return appraise_all(self.people, wish)

    async def mentors(self, now: datetime) -> list[Mentor]:
        if self.failure:
            raise self.failure
        return self.people

    async def in_row(self, slack_id: str) -> Mentor | None:
        if self.failure:
            raise self.failure
        return next((one for one in self.people if one.slack_id == slack_id), None)


class FakeMentors(Mentors):
    """Mentors' workflows: takes what they are told, and shows them as a test wants them."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Told]] = []
        self.overviews: dict[str, MentorOverview] = {}
        self.seen: list[dict[str, datetime]] = []
        self.looks: list[str] = []
        """Whose overview was asked for."""
        self.failure: Exception | None = None

    async def tell(self, slack_id: str, news: Told) -> None:
        if self.failure:
            raise self.failure
        self.told.append((slack_id, news))

    async def tell_if_known(self, slack_id: str, news: Told) -> bool:
        if self.failure:
            raise self.failure
        if slack_id in self.overviews:
            self.told.append((slack_id, news))
        return slack_id in self.overviews

    async def overview(self, slack_id: str) -> MentorOverview | None:
        self.looks.append(slack_id)
        if self.failure:
            raise self.failure
        return self.overviews.get(slack_id)

    async def note_sightings(self, seen: Mapping[str, datetime]) -> None:
        if self.failure:
            raise self.failure
        self.seen.append(dict(seen))


class FakeCatalog(Catalog):
    """Skills and services as a test wants them."""

    def __init__(self) -> None:
        self.known_skills = [
            Skill(name="JavaScript", aliases=["js", "ECMAScript"], record_id="recSkillJs0000001"),
            Skill(name="Python", record_id="recSkillPy0000001"),
            Skill(name="SQL", aliases=["Postgres"], record_id="recSkillSql000001"),
        ]
        self.known_services = [
            Service(name="Pair Programming", record_id="recServicePair001"),
            Service(name="Code Review", needs_session=False, record_id="recServiceReview1"),
        ]
        self.failure: Exception | None = None

    async def skills(self) -> list[Skill]:
        if self.failure:
            raise self.failure
        return self.known_skills

    async def services(self) -> list[Service]:
        if self.failure:
            raise self.failure
        return self.known_services


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
