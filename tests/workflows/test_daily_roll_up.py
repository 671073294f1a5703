"""The daily roll-up: one message, or none; while sending is paused it waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from domain import ids, task_queues
from domain.messages import PauseSending
from domain.models import Status
from domain.queue import QueueEntry
from domain.roll_up import PostRollUp, RollUp, RollUpPlan, Survey
from tests.temporal import end
from workflows.daily_roll_up import DailyRollUp

PAT = "U0PAT"
PLAN = RollUpPlan(at=time(9), time_zone="America/New_York")


def a_late_request() -> QueueEntry:
    asked = datetime.now(UTC) - timedelta(hours=50)
    return QueueEntry(
        request_id="MR-4F6T2QXK5A",
        service="Pair Programming",
        status=Status.OPEN,
        submitted_at=asked,
        respond_by=asked + timedelta(hours=48),
        breached=True,
    )


class Office:
    """The coordinators' channel, the queue and the switch, as the workflow meets them."""

    def __init__(self, *entries: QueueEntry, paused: bool = False) -> None:
        self.entries = list(entries)
        self.paused = paused
        self.surveys: list[Survey] = []
        self.posts: list[PostRollUp] = []
        self.posted: dict[str, int] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.refuses = False
        self.tried: list[str] = []
        self._happened = asyncio.Condition()

    def gate(self, name: str) -> asyncio.Event:
        """Hold the named activity until the event is set."""
        self.gates[name] = asyncio.Event()
        return self.gates[name]

    @activity.defn(name="is_sending_paused")
    async def is_sending_paused(self) -> bool:
        answer = self.paused
        await self._enter("is_sending_paused")
        return answer

    @activity.defn(name="survey")
    async def survey(self, order: Survey) -> RollUp:
        self.surveys.append(order)
        await self._enter("survey")
        return RollUp(now=order.now, entries=self.entries)

    @activity.defn(name="post_roll_up")
    async def post_roll_up(self, order: PostRollUp) -> bool:
        self.posts.append(order)
        await self._enter("post_roll_up")
        if self.refuses:
            raise ApplicationError("invalid_blocks", non_retryable=True)
        self.posted[order.key] = self.posted.get(order.key, 0) + 1
        return True

    async def until(self, condition: Callable[[], bool]) -> None:
        async with self._happened, asyncio.timeout(60):
            await self._happened.wait_for(condition)

    async def _enter(self, name: str) -> None:
        async with self._happened:
            self.tried.append(name)
            self._happened.notify_all()
        gate = self.gates.get(name)
        while gate and not gate.is_set():
            activity.heartbeat()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def todays(
    temporal: WorkflowEnvironment, office: Office
) -> AsyncIterator[WorkflowHandle[Any, str]]:
    """The roll-up of today under way, as the schedule starts it; replayed at the end."""
    client = temporal.client
    async with _workers(client, office):
        handle: WorkflowHandle[Any, str] = await client.start_workflow(
            ids.ROLL_UP_TYPE,
            PLAN,
            id=f"{ids.ROLL_UP}-{uuid4()}",
            task_queue=task_queues.WORKFLOWS,
            result_type=str,
        )
        try:
            yield handle
            history = await handle.fetch_history()
        finally:
            await end(handle)
    replayer = Replayer(workflows=[DailyRollUp], data_converter=pydantic_data_converter)
    await replayer.replay_workflow(history)


@asynccontextmanager
async def _workers(client: Client, office: Office) -> AsyncIterator[None]:
    throttle = timedelta(seconds=0.1)
    async with (
        Worker(
            client,
            task_queue=task_queues.WORKFLOWS,
            workflows=[DailyRollUp],
            activities=[office.is_sending_paused, office.survey],
        ),
        Worker(
            client,
            task_queue=task_queues.SLACK,
            activities=[office.post_roll_up],
            max_heartbeat_throttle_interval=throttle,
            default_heartbeat_throttle_interval=throttle,
        ),
    ):
        yield


async def test_what_needs_the_coordinators_is_one_message_under_their_own_date(
    temporal: WorkflowEnvironment,
) -> None:
    office = Office(a_late_request())
    async with todays(temporal, office) as roll_up:
        assert await roll_up.result() == "In the roll-up: 1."
        began = (await roll_up.describe()).start_time
    [post] = office.posts
    local = began.astimezone(ZoneInfo("America/New_York"))
    assert post.key == f"roll-up/{local:%Y-%m-%d}"
    assert post.roll_up.entries == office.entries
    assert office.posted == {post.key: 1}
    assert abs(post.roll_up.now - began) < timedelta(seconds=10), "the workflow's own clock"


async def test_on_a_calm_day_slack_is_not_called_at_all(temporal: WorkflowEnvironment) -> None:
    office = Office()
    async with todays(temporal, office) as roll_up:
        assert "nothing was posted" in await roll_up.result()
    assert office.posts == []


async def test_while_sending_is_paused_it_waits_and_then_says_how_things_stand_by_then(
    temporal: WorkflowEnvironment,
) -> None:
    office = Office(paused=True)
    async with todays(temporal, office) as roll_up:
        await office.until(lambda: office.tried == ["is_sending_paused"])
        office.entries = [a_late_request()]
        await roll_up.signal(PauseSending.signal, PauseSending(by=PAT, paused=True))
        await roll_up.signal(PauseSending.signal, PauseSending(by=PAT, paused=False))
        await roll_up.result()
    assert office.tried == ["is_sending_paused", "survey", "post_roll_up"]
    assert sum(office.posted.values()) == 1


async def test_a_pause_before_it_is_written_holds_it_back(temporal: WorkflowEnvironment) -> None:
    office = Office(a_late_request())
    looked = office.gate("survey")
    async with todays(temporal, office) as roll_up:
        await office.until(lambda: len(office.surveys) == 1)
        await roll_up.signal(PauseSending.signal, PauseSending(by=PAT, paused=True))
        looked.set()
        await _until_it_waits_for_sending(roll_up)
        assert office.posts == []
        await roll_up.signal(PauseSending.signal, PauseSending(by=PAT, paused=False))
        await roll_up.result()
    assert sum(office.posted.values()) == 1


async def test_a_pause_in_the_middle_of_posting_calls_it_off_until_sending_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    office = Office(a_late_request())
    office.gate("post_roll_up")
    async with todays(temporal, office) as roll_up:
        await office.until(lambda: len(office.posts) == 1)
        await roll_up.signal(PauseSending.signal, PauseSending(by=PAT, paused=True))
        await _until_it_waits_for_sending(roll_up)
        assert office.posted == {}
        del office.gates["post_roll_up"]
        await roll_up.signal(PauseSending.signal, PauseSending(by=PAT, paused=False))
        await roll_up.result()
    first, second = office.posts
    assert first.key == second.key
    assert sum(office.posted.values()) == 1


async def test_the_switchboard_may_speak_before_the_first_look_has_answered(
    temporal: WorkflowEnvironment,
) -> None:
    office = Office(a_late_request(), paused=True)
    looked = office.gate("is_sending_paused")
    async with todays(temporal, office) as roll_up:
        await office.until(lambda: office.tried == ["is_sending_paused"])
        await roll_up.signal(PauseSending.signal, PauseSending(by=PAT, paused=False))
        looked.set()
        await roll_up.result()
    assert sum(office.posted.values()) == 1


async def test_one_that_slack_will_never_take_fails_visibly(temporal: WorkflowEnvironment) -> None:
    office = Office(a_late_request())
    office.refuses = True
    async with todays(temporal, office) as roll_up:
        with pytest.raises(WorkflowFailureError):
            await roll_up.result()


async def _until_it_waits_for_sending(roll_up: WorkflowHandle[Any, str]) -> None:
    async with asyncio.timeout(60):
        while "paused" not in str(await roll_up.query("__temporal_workflow_metadata")):
            await asyncio.sleep(0.05)
