"""A small community, and the web application over real HTTP with everything behind it pretended."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar, cast

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from temporalio.service import RPCError, RPCStatusCode

from clients.airtable import AirtableAwayError
from clients.coordinators import CoordinatorsUnknownError
from clients.queue import Listing
from clients.requests import RequestGoneError, TemporalAwayError
from domain.base import Decision
from domain.links import Links
from domain.matching import Pair, pair_of
from domain.models import (
    Affiliation,
    Mentor,
    Person,
    RequestStart,
    Service,
    Skill,
    Status,
)
from domain.policy_file import load_policy
from domain.queue import QueueEntry
from domain.standing import Standing
from domain.view import CaseFile, ClaimView, RequestDetails, RequestView
from records.catalog import Catalog
from records.errors import RecordsAwayError
from records.roster import Roster
from settings import WebSettings
from starter.app import create_app
from starter.directory import DirectoryAwayError, NotAMemberError
from starter.ports import Sending
from starter.sending import ALWAYS_ON

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
POLICY = load_policy(Path(__file__).parents[2] / "policies" / "default.toml")
LINKS = Links(["a key that only tests know"], "http://127.0.0.1:8601")

RIA = Person(slack_id="URIA", name="Ria Castellan", time_zone="America/New_York")
LEO = Person(slack_id="ULEO", name="Leo Brandvold", time_zone="Europe/Berlin")
SAM = Mentor(
    slack_id="USAM",
    name="Sam Okafor",
    record_id="recSAM",
    skills=["JavaScript", "React"],
    services=["Pair Programming"],
    max_mentees=2,
)
DANA = Mentor(
    slack_id="UDANA",
    name="Dana Whitfield",
    record_id="recDANA",
    skills=["Python"],
    max_mentees=1,
    load=1,
)
OLA = Mentor(
    slack_id="UOLA", name="Ola Nyqvist", record_id="recOLA", skills=["Go"], status="Snoozed"
)
CORA = "UCORA"
"""A coordinator's Slack id."""

_Row = TypeVar("_Row")

PAIRING = Service(
    name="Pair Programming", description="Solve it together.", needs_session=True, record_id="recPP"
)
REVIEW = Service(name="Code Review", description="Written comments.", needs_session=False)


@dataclass
class FakeRequests:
    """Remembers what was started and decided; ``away`` is Temporal not answering."""

    away: bool = False
    started: list[RequestStart] = field(default_factory=list)
    decided: list[tuple[str, Decision]] = field(default_factory=list)
    views: dict[str, RequestView] = field(default_factory=dict)
    cases: dict[str, CaseFile] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    """Those that take no more decisions."""

    async def start(self, start: RequestStart) -> bool:
        self._answer()
        if any(one.request_id == start.request_id for one in self.started):
            return False
        self.started.append(start)
        self.views[start.request_id] = view_of(start)
        return True

    async def decide(self, request_id: str, decision: Decision) -> None:
        self._answer()
        if request_id not in self.views or request_id in self.finished:
            raise RequestGoneError
        self.decided.append((request_id, decision))

    async def view(self, request_id: str) -> RequestView:
        self._answer()
        if request_id not in self.views:
            raise RequestGoneError
        return self.views[request_id]

    async def details(self, request_id: str) -> RequestDetails:
        self._answer()
        start = next(one for one in self.started if one.request_id == request_id)
        return RequestDetails(
            request_id=request_id,
            mentee=start.mentee,
            service=start.service.name,
            goal=start.goal,
            details=start.details,
            skills=[skill.name for skill in start.skills],
        )

    async def case(self, request_id: str) -> CaseFile:
        self._answer()
        if request_id not in self.cases:
            raise RequestGoneError
        return self.cases[request_id]

    def _answer(self) -> None:
        if self.away:
            raise TemporalAwayError


@dataclass
class FakeDirectory:
    people: dict[str, Person] = field(
        default_factory=lambda: {"ria@example.com": RIA, "leo@example.com": LEO}
    )
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def person_by_email(self, email: str) -> Person:
        self.asked.append(email)
        if self.away:
            raise DirectoryAwayError
        if email not in self.people:
            raise NotAMemberError("We can’t find this e-mail in the Slack workspace.")
        return self.people[email]


@dataclass
class FakeCatalog:
    all_services: list[Service] = field(default_factory=lambda: [PAIRING, REVIEW])
    all_skills: list[Skill] = field(
        default_factory=lambda: [
            Skill(name="Python"),
            Skill(name="JavaScript", aliases=["JS"], record_id="recJS"),
            Skill(name="React", aliases=["ReactJS"]),
            Skill(name="C++", aliases=["CPP"]),
        ]
    )
    all_mentors: list[Mentor] = field(default_factory=lambda: [SAM, DANA, OLA])
    pairs: list[Pair] = field(default_factory=list)
    away: bool = False

    async def services(self) -> list[Service]:
        return self._read(self.all_services)

    async def skills(self) -> list[Skill]:
        return self._read(self.all_skills)

    async def affiliations(self) -> list[Affiliation]:
        return self._read(
            [Affiliation(name="Veteran", record_id="recVET"), Affiliation(name="Other")]
        )

    async def mentors(self) -> list[Mentor]:
        return self._read(self.all_mentors)

    async def never_pairs(self) -> list[Pair]:
        return self._read(self.pairs)

    def never(self, one: str, other: str) -> None:
        """These two are never brought together."""
        self.pairs.append(pair_of(one, other))

    def _read(self, rows: list[_Row]) -> list[_Row]:
        if self.away:
            raise RecordsAwayError(AirtableAwayError("no answer"))
        return rows


@dataclass
class FakeStandings:
    """What mentors' workflows say of themselves, by Slack id; ``away`` is Temporal silent."""

    met: dict[str, Standing] = field(default_factory=dict)
    away: bool = False

    async def standings(self) -> dict[str, Standing]:
        if self.away:
            raise RPCError("not reachable", RPCStatusCode.UNAVAILABLE, b"")
        return self.met


def a_roster(catalog: FakeCatalog, standings: FakeStandings | None = None) -> Roster:
    """The real one, on pretended records and standings."""
    return Roster(cast(Catalog, catalog), standings or FakeStandings())


@dataclass
class FakeQueue:
    """The open requests, by risk."""

    entries: list[QueueEntry] = field(default_factory=list)
    away: bool = False

    async def listed(self, *, now: datetime | None = None) -> Listing:
        if self.away:
            raise TemporalAwayError
        return Listing(self.entries)


@dataclass
class FakeCoordinators:
    members: set[str] = field(default_factory=lambda: {CORA})
    away: bool = False

    async def include(self, slack_id: str) -> bool:
        if self.away:
            raise CoordinatorsUnknownError
        return slack_id in self.members


def view_of(start: RequestStart) -> RequestView:
    return RequestView(
        request_id=start.request_id,
        now=start.submitted_at,
        status=Status.OPEN,
        mentee=start.mentee,
        service=start.service.name,
        needs_session=start.service.needs_session,
        goal=start.goal,
        skills=start.skills,
        submitted_at=start.submitted_at,
        respond_by=start.respond_by,
        preferred=start.preferred_mentor,
    )


def a_view(**changes: object) -> RequestView:
    """Ria's open request for pair programming, an hour old, with ``changes``."""
    view = RequestView(
        request_id="MR-AAAAAAAAAA",
        now=NOW + timedelta(hours=1),
        status=Status.OPEN,
        mentee=RIA,
        service=PAIRING.name,
        needs_session=True,
        goal="Get my first React app ready to show",
        skills=[Skill(name="React")],
        submitted_at=NOW,
        respond_by=NOW + timedelta(hours=48),
    )
    return view.model_copy(update=changes)


def claimed_by_sam(*, introduced: bool = True) -> ClaimView:
    return ClaimView(
        mentor=Person(slack_id=SAM.slack_id, name=SAM.name),
        at=NOW + timedelta(minutes=30),
        undo_until=NOW + timedelta(minutes=32),
        introduced=introduced,
    )


@dataclass
class House:
    client: TestClient[web.Request, web.Application]
    requests: FakeRequests
    directory: FakeDirectory
    catalog: FakeCatalog
    standings: FakeStandings
    queue: FakeQueue
    coordinators: FakeCoordinators

    def temporal_is_away(self) -> None:
        self.requests.away = self.standings.away = self.queue.away = True

    async def get(self, path: str) -> Page:
        return await Page.read(await self.client.get(path, allow_redirects=False))

    async def post(self, path: str, fields: Iterable[tuple[str, str]] = ()) -> Page:
        answer = await self.client.post(path, data=list(fields), allow_redirects=False)
        return await Page.read(answer)

    async def send(self, **changes: object) -> Page:
        """Send a filled form; a list is a field that comes several times, None leaves it out."""
        page = await self.get("/")
        fields: dict[str, object] = {"submission": page.value("submission"), **FILLED, **changes}
        return await self.post("/", _pairs(fields))


FILLED: dict[str, object] = {
    "email": "ria@example.com",
    "service": PAIRING.name,
    "goal": "Get my first React app ready to show",
    "details": "It works on my machine, but nowhere else.",
}


def _pairs(fields: dict[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        values: Sequence[object] = value if isinstance(value, list) else [value]
        pairs += [(name, str(one)) for one in values if one is not None]
    return pairs


@asynccontextmanager
async def house(
    settings: WebSettings | None = None,
    *,
    sending: Sending = ALWAYS_ON,
    rota: Sequence[Person] = (),
) -> AsyncIterator[House]:
    requests, directory, catalog = FakeRequests(), FakeDirectory(), FakeCatalog()
    standings, queue, coordinators = FakeStandings(), FakeQueue(), FakeCoordinators()
    app = create_app(
        requests,
        directory,
        catalog,
        LINKS,
        POLICY,
        settings or WebSettings(_env_file=None),
        mentors=a_roster(catalog, standings),
        queue=queue,
        coordinators=coordinators,
        sending=sending,
        rota=rota,
        now=lambda: NOW,
    )
    async with TestClient(TestServer(app)) as client:
        yield House(client, requests, directory, catalog, standings, queue, coordinators)


@dataclass
class Page:
    """An answer as a person (or a test) reads it."""

    status: int
    answer: ClientResponse
    html: str
    text: str
    """What can be read, tags away, white space collapsed."""
    fields: _Fields

    @classmethod
    async def read(cls, answer: ClientResponse) -> Page:
        html = await answer.text()
        fields = _Fields()
        fields.feed(html)
        return cls(answer.status, answer, html, " ".join("".join(fields.texts).split()), fields)

    def value(self, name: str) -> str:
        """What stands in a text field, or the one chosen radio or option."""
        [value] = self.fields.values[name]
        return value

    def chosen(self, name: str) -> list[str]:
        return self.fields.values.get(name, [])

    def problem(self, field: str) -> str:
        """The message at a field, "" if there is none; it must be tied to it and in the summary."""
        words = self.fields.by_id.get(f"{field}-problem", "")
        if words:
            assert f"{field}-problem" in self.fields.described_by, "the field must point to it"
            assert f'href="#{field}"' in self.html, "the summary must link to the field"
            assert self.fields.ids.count(field) == 1
        return re.sub(r"^\s*!\s*Problem:\s*", "", " ".join(words.split()))


class _Fields(HTMLParser):
    """Reads a form back the way a browser would send it."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.offered: dict[str, list[str]] = {}
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.by_id: dict[str, str] = {}
        self.described_by: set[str] = set()
        self._textarea = ""
        self._select = ""
        self._option: str | None = None
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.described_by.update(given.get("aria-describedby", "").split())
        if "id" in given:
            self.ids.append(given["id"])
        if tag not in _VOID:
            self._open.append((tag, given.get("id", "")))
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea":
            self._textarea = name
            self.values[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._option = given.get("value")
            chosen = "selected" in given or self._select not in self.values
            if chosen and self._option is not None:
                self.values[self._select] = [self._option]
            elif chosen:
                self.values[self._select] = []

    def _input(self, name: str, given: dict[str, str]) -> None:
        self.offered.setdefault(name, []).append(given.get("value", ""))
        if given.get("type") not in ("radio", "checkbox") or "checked" in given:
            self.values.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        for _, one in self._open:
            if one:
                self.by_id[one] = self.by_id.get(one, "") + data
        if self._textarea:
            self.values[self._textarea][0] += data
        elif self._select and self.values.get(self._select) == [] and data.strip():
            self.values[self._select] = [data.strip()]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.values[self._textarea][0] = self.values[self._textarea][0].removeprefix("\n")
            self._textarea = ""
        elif tag == "select":
            self._select = ""
        elif tag in ("dt", "dd", "title"):
            self.texts.append(" ")
        while self._open and self._open.pop()[0] != tag:
            pass


_VOID = {"meta", "link", "input", "img", "br"}
