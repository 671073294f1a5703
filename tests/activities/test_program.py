"""What concerns all requests together: telling each of a pause, looking, posting the roll-up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment

import activities.program
from activities.program import ProgramActivities
from activities.slack import Channels, SlackActivities
from clients.mentors import Mentors
from clients.slack import Slack
from domain import ids
from domain import search_attributes as keys
from domain.messages import PauseSending
from domain.models import Person, Status
from domain.queue import QueueEntry
from domain.roll_up import NewMentor, PostRollUp, RollUp, Survey, stands_in
from domain.sending import SwitchboardState, TellRequests, ToldRequests
from domain.standing import Standing
from sandbox.slack.identity import COORDINATORS_ID, MENTORS_ID
from tests.activities.community_rows import Entities
from tests.cards.card_stories import LINKS
from tests.sandbox.slack_harness import Slack as StandIn
from tests.sandbox.slack_harness import running
from tests.temporal import end

PAUSE = PauseSending(by="U0PAT", paused=True)
NOW = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
PATIENCE = 60


# ---- telling every request ------------------------------------------------------------------


class Requests:
    """Workflows that nobody works on: what reaches them stays in their history."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.mark = f"U{uuid4().hex[:8].upper()}"
        self.handles: list[WorkflowHandle[Any, Any]] = []

    async def start(self, workflow_type: str = ids.WORKFLOW_TYPE, **known: Any) -> Any:
        pairs: list[SearchAttributePair[Any]] = [
            SearchAttributePair(keys.MENTEE, self.mark),
            SearchAttributePair(keys.STATUS, Status.OPEN.value),
            SearchAttributePair(keys.RESPOND_BY, known.get("respond_by", NOW)),
            SearchAttributePair(keys.STEP, known.get("step", "asked")),
        ]
        handle: WorkflowHandle[Any, Any] = await self.client.start_workflow(
            workflow_type,
            id=f"program-test/{uuid4()}",
            task_queue="nobody-listens",
            search_attributes=TypedSearchAttributes(pairs),
        )
        self.handles.append(handle)
        return handle

    async def are_listed(self) -> None:
        query = f"{keys.MENTEE.name} = '{self.mark}' AND ExecutionStatus = 'Running'"
        async with asyncio.timeout(PATIENCE):
            while (await self.client.count_workflows(query)).count < len(self.handles):
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        for handle in self.handles:
            await end(handle)


@pytest.fixture
async def requests(temporal: WorkflowEnvironment) -> AsyncIterator[Requests]:
    requests = Requests(temporal.client)
    yield requests
    await requests.end()


async def heard(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The signals in a workflow's history."""
    signalled = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    return [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in (await handle.fetch_history()).events
        if event.event_type == signalled
    ]


def told_pages(environment: ActivityEnvironment) -> list[ToldRequests]:
    """Where the activity says that it is, from now on."""
    pages: list[ToldRequests] = []
    environment.on_heartbeat = lambda *details: pages.append(details[0].model_copy())
    return pages


async def test_every_running_request_is_told_once_and_so_is_a_roll_up_that_waits(
    requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities.program, "PAGE", 2)
    running = [await requests.start() for _ in range(5)]
    roll_up = await requests.start(ids.ROLL_UP_TYPE)
    other = await requests.start("SomethingElse")
    await requests.are_listed()
    order = TellRequests(decision=PAUSE)
    program = ProgramActivities(requests.client)
    told = await ActivityEnvironment().run(program.tell_requests, order)
    assert told.requests >= 6
    for handle in (*running, roll_up):
        assert await heard(handle) == ["pause_sending"]
    assert await heard(other) == []


async def test_a_request_that_has_just_ended_holds_up_nobody(requests: Requests) -> None:
    ended, open_still = await requests.start(), await requests.start()
    await requests.are_listed()
    await ended.terminate("over")  # visibility still lists it for a moment
    program = ProgramActivities(requests.client)
    await ActivityEnvironment().run(program.tell_requests, TellRequests(decision=PAUSE))
    assert await heard(open_still) == ["pause_sending"]


async def test_the_second_round_tells_only_those_that_started_meanwhile(
    requests: Requests,
) -> None:
    early, late = await requests.start(), await requests.start()
    await requests.are_listed()
    since = (await late.describe()).start_time
    order = TellRequests(decision=PAUSE, started_since=since)
    await ActivityEnvironment().run(ProgramActivities(requests.client).tell_requests, order)
    assert await heard(late) == ["pause_sending"]
    assert await heard(early) == []


async def test_an_interrupted_round_goes_on_with_the_page_it_was_at(
    requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities.program, "PAGE", 2)
    handles = [await requests.start() for _ in range(6)]
    await requests.are_listed()
    program, environment = ProgramActivities(requests.client), ActivityEnvironment()
    pages = told_pages(environment)
    whole = await environment.run(program.tell_requests, TellRequests(decision=PAUSE))
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, heartbeat_details=[pages[-1]], attempt=2)
    again = await environment.run(program.tell_requests, TellRequests(decision=PAUSE))
    assert again.requests <= whole.requests + 2, "it counts on from where it was"
    twice = [handle for handle in handles if len(await heard(handle)) == 2]
    assert len(twice) <= 2, "only the last page was told again"


async def test_a_round_that_is_called_off_leaves_nothing_on_its_way(
    requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities.program, "AT_ONCE", 1)
    handles = [await requests.start() for _ in range(4)]
    await requests.are_listed()
    environment = ActivityEnvironment()
    signal, under_way = WorkflowHandle.signal, asyncio.Event()

    async def slowly(self: WorkflowHandle[Any, Any], *args: Any, **more: Any) -> None:
        under_way.set()
        await asyncio.sleep(0.2)
        await signal(self, *args, **more)

    monkeypatch.setattr(WorkflowHandle, "signal", slowly)
    program = ProgramActivities(requests.client)
    telling = asyncio.create_task(
        environment.run(program.tell_requests, TellRequests(decision=PAUSE))
    )
    await under_way.wait()
    environment.cancel()
    with pytest.raises(asyncio.CancelledError):
        await telling
    when_ended = [await heard(handle) for handle in handles]
    await asyncio.sleep(0.3)
    assert [await heard(handle) for handle in handles] == when_ended
    assert sum(map(len, when_ended)) <= 1


async def test_a_server_that_is_away_is_tried_again_by_temporal(
    requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    await requests.start()
    await requests.are_listed()

    async def away(*args: Any, **more: Any) -> None:
        raise RPCError("no connection", RPCStatusCode.UNAVAILABLE, b"")

    monkeypatch.setattr(WorkflowHandle, "signal", away)
    program = ProgramActivities(requests.client)
    with pytest.raises(RPCError):
        await ActivityEnvironment().run(program.tell_requests, TellRequests(decision=PAUSE))


async def test_one_request_that_takes_no_signal_does_not_silence_the_others(
    requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, other = await requests.start(), await requests.start()
    await requests.are_listed()
    signal = WorkflowHandle.signal

    async def refuses(self: WorkflowHandle[Any, Any], *args: Any, **more: Any) -> None:
        if self.id == full.id:
            raise RPCError("too many signals", RPCStatusCode.INVALID_ARGUMENT, b"")
        await signal(self, *args, **more)

    monkeypatch.setattr(WorkflowHandle, "signal", refuses)
    program = ProgramActivities(requests.client)
    await ActivityEnvironment().run(program.tell_requests, TellRequests(decision=PAUSE))
    assert await heard(other) == ["pause_sending"]


async def test_the_switch_is_read_without_anybody_working_on_it(requests: Requests) -> None:
    program = ProgramActivities(requests.client)
    assert not await ActivityEnvironment().run(program.is_sending_paused)
    memo = {"sending": {"paused": True, "by": "U0PAT", "since": NOW.isoformat()}}
    switchboard: WorkflowHandle[Any, Any] = await requests.client.start_workflow(
        ids.SWITCHBOARD_TYPE,
        SwitchboardState(),
        id=ids.SWITCHBOARD,
        task_queue="nobody-listens",
        memo=memo,
    )
    requests.handles.append(switchboard)
    assert await ActivityEnvironment().run(program.is_sending_paused)


# ---- which requests stand in the roll-up ----------------------------------------------------


def an_entry(**changes: Any) -> QueueEntry:
    """Asked three hours ago, in time."""
    facts: dict[str, Any] = {
        "request_id": "MR-4F6T2QXK5A",
        "service": "Pair Programming",
        "status": Status.OPEN,
        "step": "asked",
        "submitted_at": NOW - timedelta(hours=3),
        "respond_by": NOW + timedelta(hours=45),
    }
    return QueueEntry(**facts | changes)


@pytest.mark.parametrize(
    ("entry", "stands"),
    [
        (an_entry(), False),
        (an_entry(respond_by=NOW + timedelta(hours=24)), True),
        (an_entry(respond_by=NOW - timedelta(hours=2), breached=True), True),
        (an_entry(step="coordinators"), True),
        (an_entry(step="update mentee"), True),
        (an_entry(step="remind owner 2 of 5"), True),
        (an_entry(step="bump"), False),
        (an_entry(step="parked", parked=True), True),
        (an_entry(status=Status.CLAIMED, respond_by=None, breached=True), False),
        (an_entry(status=Status.CLAIMED, respond_by=None, step="coordinators"), False),
    ],
    ids=lambda value: value.step if isinstance(value, QueueEntry) else str(value),
)
def test_late_escalated_parked_and_due_requests_stand_in_the_roll_up(
    entry: QueueEntry, stands: bool
) -> None:
    assert stands_in(entry, NOW) is stands


async def test_the_survey_leaves_out_what_is_in_time(requests: Requests) -> None:
    far = NOW + timedelta(days=400)  # beside whatever else runs on this server
    due = await requests.start(respond_by=far + timedelta(hours=3))
    calm = await requests.start(respond_by=far + timedelta(hours=45))
    await requests.are_listed()
    program = ProgramActivities(requests.client)
    roll_up = await ActivityEnvironment().run(program.survey, Survey(now=far))
    listed = {entry.request_id for entry in roll_up.entries}
    assert roll_up.now == far
    assert due.id in listed
    assert calm.id not in listed


async def test_the_survey_knows_who_has_signed_up_since_the_last_one(
    temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_up = {
        "U0KIM": Standing(
            slack_id="U0KIM",
            in_review=True,
            signed_up_at=NOW - timedelta(hours=20),
        ),
        "U0OLD": Standing(slack_id="U0OLD", signed_up_at=NOW - timedelta(days=2)),
        "U0SAM": Standing(slack_id="U0SAM"),
    }

    async def standings(self: Mentors) -> dict[str, Standing]:
        return signed_up

    monkeypatch.setattr(Mentors, "standings", standings)
    program = ProgramActivities(temporal.client)
    roll_up = await ActivityEnvironment().run(program.survey, Survey(now=NOW))
    assert roll_up.new_mentors == [NewMentor(slack_id="U0KIM", in_review=True)]


# ---- posting it -----------------------------------------------------------------------------


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with running() as stand_in:
        yield stand_in


def the_roll_up(*entries: QueueEntry) -> PostRollUp:
    return PostRollUp(key="roll-up/2026-03-10", roll_up=RollUp(now=NOW, entries=list(entries)))


async def post(stand_in: StandIn, order: PostRollUp) -> bool:
    channels = Channels(mentors=MENTORS_ID, coordinators=COORDINATORS_ID)
    slack = SlackActivities(Slack(stand_in.client), channels, LINKS, Entities())
    return await ActivityEnvironment().run(slack.post_roll_up, order)


async def posted(stand_in: StandIn) -> list[dict[str, Any]]:
    found = await stand_in.client.conversations_history(
        channel=COORDINATORS_ID, include_all_metadata=True
    )
    return [one for one in found["messages"] if one.get("metadata")]


LATE = an_entry(
    respond_by=NOW - timedelta(hours=2), breached=True, owner=Person(slack_id="U0PAT", name="Pat")
)


async def test_it_is_one_message_in_the_coordinators_channel_with_the_days_key(
    stand_in: StandIn,
) -> None:
    assert await post(stand_in, the_roll_up(LATE))
    [message] = await posted(stand_in)
    assert message["metadata"]["event_payload"] == {"key": "roll-up/2026-03-10"}
    assert "Pair Programming" in str(message["blocks"])
    assert "<@" not in str(message), "nobody is pinged by it"


async def test_there_is_one_a_day_however_often_it_is_tried_or_asked_for(stand_in: StandIn) -> None:
    await post(stand_in, the_roll_up(LATE))
    assert await post(stand_in, the_roll_up(LATE))
    assert len(await posted(stand_in)) == 1


async def test_tomorrows_is_another_message(stand_in: StandIn) -> None:
    await post(stand_in, the_roll_up(LATE))
    tomorrow = the_roll_up(LATE).model_copy(update={"key": "roll-up/2026-03-11"})
    await post(stand_in, tomorrow)
    assert len(await posted(stand_in)) == 2


async def test_who_has_signed_up_stands_in_it_also_without_anybody_waiting(
    stand_in: StandIn,
) -> None:
    kim = NewMentor(slack_id="U0KIM", in_review=True)
    order = PostRollUp(key="roll-up/2026-03-10", roll_up=RollUp(now=NOW, new_mentors=[kim]))
    assert await post(stand_in, order)
    [message] = await posted(stand_in)
    assert "<@U0KIM>" in str(message["blocks"])


async def test_without_anybody_waiting_slack_is_not_called(stand_in: StandIn) -> None:
    claimed = an_entry(status=Status.CLAIMED, respond_by=None)
    assert not await post(stand_in, the_roll_up(claimed))
    assert await posted(stand_in) == []
