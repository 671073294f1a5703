"""The coordinators' queue, from the real server's visibility and the requests' own answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

import clients.queue
from clients.queue import Listing, Queue
from clients.requests import Requests, TemporalAwayError
from domain import ids
from domain import search_attributes as keys
from domain.models import Person, Status
from domain.queue import QueueEntry
from domain.view import CaseFile, ClaimView, MessageRef, RequestView
from tests.clients.queued_request import QueuedRequest
from tests.temporal import end

NOW = datetime.now(UTC).replace(microsecond=0)
PAT = Person(slack_id="U0PAT", name="Pat Lindqvist")
SAM = "U0SAM"
CARD = MessageRef(channel="C0COORD", ts="17.1")
QUEUE = "queue-test"
RUNNING = f"WorkflowType = '{ids.WORKFLOW_TYPE}' AND ExecutionStatus = 'Running'"


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


class Community:
    """Requests that run; each test sees only its own."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.handles: list[WorkflowHandle[Any, Any]] = []
        self.calls: list[str] = []

    async def request(
        self,
        status: Status = Status.OPEN,
        respond_by: datetime | None = None,
        *,
        answers: bool = True,
        step: str = "asked",
        breached: bool = False,
        **more: Any,
    ) -> str:
        """Start one; what visibility is told of it, and what its view adds with ``more``."""
        request_id = ids.request_id_for(uuid4().hex, "U0RILEY")
        known: list[SearchAttributePair[Any]] = [
            SearchAttributePair(keys.STATUS, status.value),
            SearchAttributePair(keys.STEP, step),
            SearchAttributePair(keys.SERVICE, "Pair Programming"),
            SearchAttributePair(keys.SKILLS, ["Python", "SQL"]),
            SearchAttributePair(keys.BREACHED, breached),
            SearchAttributePair(keys.OWNER, PAT.slack_id),
            SearchAttributePair(keys.WAITING_FOR, "a mentor's answer"),
            SearchAttributePair(keys.NEXT_DEADLINE, hours(2)),
        ]
        if respond_by:
            known.append(SearchAttributePair(keys.RESPOND_BY, respond_by))
        if status is Status.CLAIMED:
            known.append(SearchAttributePair(keys.MENTOR, SAM))
        facts: dict[str, Any] = {
            "request_id": request_id,
            "now": NOW,
            "status": more.pop("status_now", status),
            "mentee": Person(slack_id="U0RILEY"),
            "service": "Pair Programming",
            "needs_session": True,
            "goal": f"The goal of {request_id}",
            "submitted_at": hours(-30),
            "respond_by": respond_by or hours(18),
            "escalation_step": step,
            "breached": breached,
            "owner": PAT,
            "waiting_until": hours(2),
        }
        case = CaseFile(
            request_id=request_id,
            now=NOW,
            service="Pair Programming",
            mentee="U0RILEY",
            coordinators_card=CARD,
        )
        handle = await self.client.start_workflow(
            ids.WORKFLOW_TYPE,
            args=[RequestView(**facts | more), case],
            id=ids.workflow_id(request_id),
            task_queue=QUEUE if answers else "nobody-listens",
            search_attributes=TypedSearchAttributes(known),
        )
        self.handles.append(handle)
        return request_id

    def is_mine(self, entry: QueueEntry) -> bool:
        return ids.workflow_id(entry.request_id) in {handle.id for handle in self.handles}

    async def listing(self, limit: int = 50, *, of: int | None = None) -> Listing:
        """The queue, once visibility knows all of these requests (or so many of them)."""
        expected = len(self.handles) if of is None else of
        async with asyncio.timeout(60):
            while True:
                listing = await Queue(self.client).entries(limit, now=NOW, only=self.is_mine)
                if len(listing.entries) + listing.more == expected:
                    return listing
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        for handle in self.handles:
            await end(handle)


@pytest.fixture
async def community(temporal: WorkflowEnvironment) -> AsyncIterator[Community]:
    community = Community(temporal.client)
    async with Worker(temporal.client, task_queue=QUEUE, workflows=[QueuedRequest]):
        yield community
    await community.end()


async def test_the_riskiest_come_first(community: Community) -> None:
    claimed = await community.request(Status.CLAIMED)
    parked = await community.request(respond_by=hours(-90), step="parked", parked=True)
    calm = await community.request(respond_by=hours(40))
    late = await community.request(respond_by=hours(-3), breached=True)
    soon = await community.request(respond_by=hours(5))
    later = await community.request(respond_by=hours(-9), breached=True)
    listing = await community.listing()
    order = [entry.request_id for entry in listing.entries]
    assert order == [later, late, soon, calm, parked, claimed]
    assert listing.more == 0


async def test_a_first_look_alone_asks_no_request_and_has_no_goals(community: Community) -> None:
    late = await community.request(respond_by=hours(-3), breached=True, answers=False)
    calm = await community.request(respond_by=hours(40), answers=False)
    async with asyncio.timeout(60):
        found: list[QueueEntry] = []
        while len(found) < 2:
            listing = await Queue(community.client).listed(now=NOW)
            found = [entry for entry in listing.entries if community.is_mine(entry)]
    assert [entry.request_id for entry in found] == [late, calm]
    assert [entry.goal for entry in found] == ["", ""]


async def test_an_entry_says_what_the_request_itself_says(community: Community) -> None:
    request_id = await community.request(respond_by=hours(-3), breached=True, step="bump")
    [entry] = (await community.listing()).entries
    assert entry == QueueEntry(
        request_id=request_id,
        service="Pair Programming",
        skills=["Python", "SQL"],
        status=Status.OPEN,
        step="bump",
        owner=PAT,
        submitted_at=hours(-30),
        respond_by=hours(-3),
        breached=True,
        next_deadline=hours(2),
        waiting_for=entry.waiting_for,
        goal=f"The goal of {request_id}",
        coordinators_card=CARD,
        asked_at=entry.asked_at,
    )
    assert entry.asked_at is not None


async def test_one_that_does_not_answer_is_shown_with_what_visibility_knows(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients.queue, "ASK_WITHIN", 0.5)
    silent = await community.request(respond_by=hours(1), answers=False)
    speaks = await community.request(respond_by=hours(2))
    listing = await community.listing()
    first, second = listing.entries
    assert (first.request_id, second.request_id) == (silent, speaks)
    assert first.goal == ""
    assert first.coordinators_card is None
    assert first.respond_by == hours(1)
    assert (first.service, first.skills) == ("Pair Programming", ["Python", "SQL"])
    assert (first.owner, first.waiting_for) == (Person(slack_id="U0PAT"), "a mentor's answer")


async def test_a_request_with_a_mentor_waits_for_no_answer(community: Community) -> None:
    mentor = ClaimView(mentor=Person(slack_id=SAM), at=NOW, undo_until=NOW)
    await community.request(Status.CLAIMED, respond_by=hours(-3), breached=True, claim=mentor)
    [entry] = (await community.listing()).entries
    assert entry.mentor == SAM
    assert entry.respond_by is None
    assert not entry.is_late(NOW)


async def test_what_visibility_has_not_heard_yet_is_believed_from_the_request(
    community: Community,
) -> None:
    mentor = ClaimView(mentor=Person(slack_id=SAM), at=NOW, undo_until=NOW)
    taken = await community.request(respond_by=hours(-3), claim=mentor, status_now=Status.CLAIMED)
    await community.request(respond_by=hours(5))
    entries = (await community.listing()).entries
    assert [entry.request_id for entry in entries][-1] == taken
    assert entries[-1].mentor == SAM
    assert entries[-1].respond_by is None


async def test_only_the_riskiest_are_asked_and_the_others_counted(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [await community.request(respond_by=hours(n)) for n in range(1, 6)]
    await community.listing()
    asked: list[str] = []
    view = Requests.view

    async def counted(self: Requests, request_id: str) -> RequestView:
        asked.append(request_id)
        return await view(self, request_id)

    monkeypatch.setattr(Requests, "view", counted)
    listing = await Queue(community.client).entries(2, now=NOW, only=community.is_mine)
    assert [entry.request_id for entry in listing.entries] == requests[:2]
    assert sorted(asked) == sorted(requests[:2])
    assert listing.more == 3


async def test_of_more_than_can_be_listed_the_late_ones_are_there_and_the_rest_is_counted(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = await community.request(respond_by=hours(-3), breached=True)
    for number in range(4):
        await community.request(respond_by=hours(30 + number))
    await community.listing()
    monkeypatch.setattr(clients.queue, "LISTED_AT_MOST", 2)
    async with asyncio.timeout(60):  # what earlier tests left may still be on its way out
        while True:
            listing = await Queue(community.client).entries(1, now=NOW)
            others = await community.client.count_workflows(RUNNING)
            if listing.more == others.count - 1:
                break
            await asyncio.sleep(0.05)
    assert [entry.request_id for entry in listing.entries] == [late]
    assert listing.more >= 4


async def test_no_call_per_request_for_the_first_look(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await community.request(respond_by=hours(number))
    await community.listing()
    calls: list[str] = []
    for name in ("list_workflows", "count_workflows"):
        monkeypatch.setattr(community.client, name, _noted(community.client, name, calls))
    await Queue(community.client).entries(0, now=NOW)
    assert calls == ["list_workflows"] * 4


async def test_temporal_that_is_away_is_said_to_be() -> None:
    nowhere = await Client.connect("127.0.0.1:1", lazy=True)
    with pytest.raises(TemporalAwayError):
        await Queue(nowhere).entries(10)


def _noted(client: Client, name: str, calls: list[str]) -> Any:
    original = getattr(client, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return original(*args, **kwargs)

    return call
