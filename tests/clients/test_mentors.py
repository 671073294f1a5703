"""How everybody reaches mentors' workflows: the real ones, on the real server."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from clients import mentors as module
from clients.mentors import LIFE, Mentors
from clients.requests import TemporalAwayError
from domain import ids
from domain.mentor_messages import (
    ComeBack,
    MayAsk,
    No,
    NotNow,
    OptOut,
    Permit,
    Reserve,
    Seen,
    Snooze,
    Terms,
)
from domain.standing import Standing
from tests.clients.idle_requests import unique_id
from tests.records.airtable_fake import Clock
from tests.temporal import end_all
from tests.workflows.company import Company, open_company
from tests.workflows.harness import mentor

REQUEST, ANOTHER = "MR-AAAAAAAAAA", "MR-BBBBBBBBBB"
ROOM_FOR_ONE = Terms(max_mentees=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def sam() -> str:
    return unique_id()


@pytest.fixture
def dana() -> str:
    return unique_id()


@pytest.fixture
async def company(temporal: WorkflowEnvironment, sam: str, dana: str) -> AsyncIterator[Company]:
    """Mentors' workflows are worked on, and ended afterwards."""
    async with open_company(temporal.client, [mentor(sam), mentor(dana)]) as company:
        yield company


@pytest.fixture
async def without_worker(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    """Temporal is there, and nobody to do the work."""
    yield temporal.client
    await end_all(temporal.client)


class Listings:
    """Counts looks at visibility, and lets them fail or wait."""

    def __init__(self, client: Client, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.fails = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._list_workflows = client.list_workflows
        patch.setattr(client, "list_workflows", self._noted)

    async def _noted(self, *args: Any, **more: Any) -> Any:
        self.count += 1
        await self.gate.wait()
        if self.fails:
            raise RPCError("no connection", RPCStatusCode.UNAVAILABLE, b"")
        async for one in self._list_workflows(*args, **more):
            yield one


@pytest.fixture
def listings(temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch) -> Listings:
    return Listings(temporal.client, monkeypatch)


async def shown(company: Company, slack_id: str, **facts: object) -> Standing:
    """Wait until visibility says so of a mentor; it is a moment behind."""
    async with asyncio.timeout(60):
        while True:
            standing = (await company.entities.standings()).get(slack_id)
            if standing and all(getattr(standing, name) == fact for name, fact in facts.items()):
                return standing
            await asyncio.sleep(0.05)


# ---- what people and Slack say --------------------------------------------------------------


async def test_a_mentor_whom_muster_never_met_is_met_by_the_first_word(
    company: Company, sam: str
) -> None:
    assert await company.entities.overview(sam) is None
    at = now()
    await company.entities.tell(sam, OptOut(at=at))
    overview = await company.entities.overview(sam)
    assert overview is not None
    assert overview.standing.opted_out
    await company.entities.tell(sam, ComeBack(at=now()))
    overview = await company.entities.overview(sam)
    assert overview is not None
    assert not overview.standing.opted_out


async def test_a_word_is_safe_without_anybody_to_work_on_it(
    without_worker: Client, sam: str
) -> None:
    until = now() + timedelta(days=7)
    await Mentors(without_worker).tell(sam, Snooze(at=now(), until=until))
    await Mentors(without_worker).tell(sam, Seen(at=now()))
    handle = without_worker.get_workflow_handle(ids.availability_id(sam))
    signalled = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    assert [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in (await handle.fetch_history()).events
        if event.event_type == signalled
    ] == [Snooze.signal, Seen.signal]


async def test_somebody_who_is_no_mentor_is_not_made_one(company: Company, sam: str) -> None:
    assert not await company.entities.tell_if_known(sam, NotNow(at=now()))
    assert await company.entities.overview(sam) is None
    await company.entities.tell(sam, Seen(at=now()))
    at = now()
    assert await company.entities.tell_if_known(sam, Seen(at=at))
    overview = await company.entities.overview(sam)
    assert overview is not None
    assert overview.standing.last_seen == at


async def test_a_mentor_whose_workflow_was_terminated_counts_as_never_met(
    company: Company, sam: str
) -> None:
    await company.entities.tell(sam, OptOut(at=now()))
    assert await company.entities.overview(sam) is not None
    await company.client.get_workflow_handle(ids.availability_id(sam)).terminate("by mistake")
    assert await company.entities.overview(sam) is None
    assert not await company.entities.tell_if_known(sam, Seen(at=now()))
    await company.entities.tell(sam, Seen(at=now()))
    assert await company.entities.overview(sam) is not None, "it begins anew"


async def test_sightings_of_all_are_gathered_in_one_place(without_worker: Client, sam: str) -> None:
    mentors = Mentors(without_worker)
    await mentors.note_sightings({sam: now()})
    await mentors.note_sightings({unique_id(): now(), sam: now()})
    handle = without_worker.get_workflow_handle(ids.SIGHTINGS)
    signalled = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    events = (await handle.fetch_history()).events
    assert [event.event_type for event in events].count(signalled) == 2


# ---- what requests ask ----------------------------------------------------------------------


async def test_a_slot_is_held_once_however_often_it_is_wished(company: Company, sam: str) -> None:
    wish = Reserve(at=now(), request_id=REQUEST, turn=1, terms=ROOM_FOR_ONE)
    assert await company.entities.reserve(sam, wish) == Permit()
    assert await company.entities.reserve(sam, wish) == Permit()
    overview = await company.entities.overview(sam)
    assert overview is not None
    assert overview.mentees == [REQUEST]
    other = wish.model_copy(update={"request_id": ANOTHER})
    assert await company.entities.reserve(sam, other) == Permit(no=No.FULL)


async def test_of_many_who_wish_at_once_one_gets_the_last_slot(company: Company, sam: str) -> None:
    wishes = [
        Reserve(
            at=now(),
            request_id=ids.request_id_for(f"{n}", sam),
            turn=1,
            terms=ROOM_FOR_ONE,
        )
        for n in range(8)
    ]
    permits = await asyncio.gather(*(company.entities.reserve(sam, wish) for wish in wishes))
    assert sorted(permit.no or "" for permit in permits) == ["", *[No.FULL] * 7]


async def test_an_ask_counts_once_and_an_opt_out_counts_at_once(
    company: Company, sam: str, dana: str
) -> None:
    wish = MayAsk(at=now(), request_id=REQUEST, terms=Terms(weekly_asks=1))
    for _ in range(2):
        assert await company.entities.may_ask(sam, wish) == Permit()
    other = wish.model_copy(update={"request_id": ANOTHER})
    assert await company.entities.may_ask(sam, other) == Permit(no=No.ASKED_ENOUGH)
    await company.entities.tell(dana, OptOut(at=now()))
    assert await company.entities.may_ask(dana, wish) == Permit(no=No.OPTED_OUT)


async def test_a_question_that_nobody_answers_is_answered_when_it_is_asked_again(
    temporal: WorkflowEnvironment, sam: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Reserve(at=now(), request_id=REQUEST, turn=1, terms=ROOM_FOR_ONE)
    with monkeypatch.context() as hurry:
        hurry.setattr(module, "ASKING_WITHIN", 0.5)
        with pytest.raises(TemporalAwayError):
            await Mentors(temporal.client).reserve(sam, wish)
    async with open_company(temporal.client, [mentor(sam)]) as company:
        assert await company.entities.reserve(sam, wish) == Permit()


# ---- how they stand -------------------------------------------------------------------------


async def test_how_everybody_stands_is_read_in_one_look(
    company: Company, sam: str, dana: str, listings: Listings
) -> None:
    until, seen = now() + timedelta(days=7), now()
    await company.entities.tell(sam, Snooze(at=now(), until=until))
    await company.entities.tell(dana, Seen(at=seen))
    wish = Reserve(at=seen, request_id=REQUEST, turn=1)
    assert await company.entities.reserve(dana, wish) == Permit()
    rest_until = (await shown(company, sam, resting=True)).rest_until
    assert rest_until is not None
    assert until <= rest_until < until + timedelta(minutes=1)
    await shown(company, dana, load=1)
    before, met = listings.count, await company.entities.standings()
    assert listings.count == before + 1
    assert {sam, dana} <= set(met)
    assert (met[dana].load, met[dana].resting) == (1, False)


async def test_a_mentor_whose_workflow_is_over_is_not_listed(company: Company, sam: str) -> None:
    await company.entities.tell(sam, Seen(at=now()))
    await shown(company, sam)
    await company.client.get_workflow_handle(ids.availability_id(sam)).terminate("by mistake")
    async with asyncio.timeout(60):
        while sam in await company.entities.standings():
            await asyncio.sleep(0.05)


async def test_a_burst_of_requests_shares_one_look_for_two_seconds(
    temporal: WorkflowEnvironment, listings: Listings
) -> None:
    clock = Clock()
    mentors = Mentors(temporal.client, clock=clock)
    await asyncio.gather(*(mentors.standings() for _ in range(20)))
    clock.now += LIFE - 0.1
    await mentors.standings()
    assert listings.count == 1
    clock.now += 0.1
    await mentors.standings()
    assert listings.count == 2
    assert LIFE == 2


async def test_a_caller_who_gives_up_does_not_end_the_others_look(
    temporal: WorkflowEnvironment, listings: Listings
) -> None:
    mentors = Mentors(temporal.client, clock=Clock())
    listings.gate.clear()
    first, second = (asyncio.create_task(mentors.standings()) for _ in range(2))
    while not listings.count:
        await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    listings.gate.set()
    await second
    assert listings.count == 1


async def test_what_one_caller_does_with_the_answer_is_not_the_others_affair(
    company: Company, sam: str
) -> None:
    await company.entities.tell(sam, Seen(at=now()))
    await shown(company, sam)
    mentors = Mentors(company.client, clock=Clock())
    (await mentors.standings()).clear()
    assert sam in await mentors.standings()


async def test_a_look_that_failed_is_not_remembered(
    temporal: WorkflowEnvironment, listings: Listings
) -> None:
    mentors = Mentors(temporal.client, clock=Clock())
    listings.fails = True
    answers = await asyncio.gather(*(mentors.standings() for _ in range(3)), return_exceptions=True)
    assert all(isinstance(answer, RPCError) for answer in answers)
    assert listings.count == 1
    listings.fails = False
    await mentors.standings()
    assert listings.count == 2


# ---- Temporal is away -----------------------------------------------------------------------


async def everything(mentors: Mentors, slack_id: str) -> list[object]:
    """What comes of each thing that can be told or asked."""
    outcomes: tuple[object, ...] = await asyncio.gather(
        mentors.tell(slack_id, Seen(at=now())),
        mentors.tell_if_known(slack_id, Seen(at=now())),
        mentors.note_sightings({slack_id: now()}),
        mentors.reserve(slack_id, Reserve(at=now(), request_id=REQUEST, turn=1)),
        mentors.may_ask(slack_id, MayAsk(at=now(), request_id=REQUEST)),
        mentors.overview(slack_id),
        return_exceptions=True,
    )
    return list(outcomes)


async def test_while_temporal_is_away_everybody_hears_so_in_one_way(
    unused_tcp_port: int, sam: str
) -> None:
    client = await Client.connect(
        f"127.0.0.1:{unused_tcp_port}", lazy=True, data_converter=pydantic_data_converter
    )
    async with asyncio.timeout(60):
        outcomes = await everything(Mentors(client), sam)
    assert [type(outcome) for outcome in outcomes] == [TemporalAwayError] * 6


async def test_an_answer_that_never_comes_leaves_nothing_behind(
    without_worker: Client,
    sam: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "ASKING_WITHIN", 0.3)
    monkeypatch.setattr(module, "WITHIN", 0.3)
    mentors = Mentors(without_worker)
    await mentors.tell(sam, Seen(at=now()))
    for question in (
        mentors.reserve(sam, Reserve(at=now(), request_id=REQUEST, turn=1)),
        mentors.may_ask(sam, MayAsk(at=now(), request_id=REQUEST)),
        mentors.overview(sam),
    ):
        with pytest.raises(TemporalAwayError):
            await question
    gc.collect()
    await asyncio.sleep(0)
    assert [record for record in caplog.records if record.name == "asyncio"] == []
    description = await without_worker.get_workflow_handle(ids.availability_id(sam)).describe()
    assert description.status is WorkflowExecutionStatus.RUNNING


async def test_a_mentor_who_can_not_be_read_is_as_good_as_away(
    company: Company, sam: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*args: object, **more: object) -> None:
        raise WorkflowQueryFailedError("a mistake of ours")

    handle = company.client.get_workflow_handle(ids.availability_id(sam))
    monkeypatch.setattr(type(handle), "query", fails)
    with pytest.raises(TemporalAwayError) as away:
        await Mentors(company.client).overview(sam)
    monkeypatch.undo()
    assert "mistake" not in str(away.value)
