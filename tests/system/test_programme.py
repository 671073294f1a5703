"""What concerns all requests together, over the real wires: roll-up, switch and queue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from clients.queue import Queue
from clients.schedules import Schedules
from clients.switchboard import Switchboard
from domain import ids
from domain.models import Status
from domain.queue import QueueEntry
from domain.roll_up import RollUpPlan
from sandbox.slack.identity import COORDINATORS_ID
from tests.system.town import GOAL, Post, Town

PAT = "U0PAT"


@pytest.fixture
async def roll_up(town: Town) -> AsyncIterator[str]:
    """The schedule's id, set up as by a worker that starts."""
    await Schedules(town.client).ensure(RollUpPlan(time_zone="America/New_York"))
    yield ids.ROLL_UP
    await town.client.get_schedule_handle(ids.ROLL_UP).delete()


async def _roll_ups(town: Town, many: int) -> list[Post]:
    async def look() -> list[Post] | None:
        found = [post for post in await town.posts() if post.key.startswith("roll-up/")]
        return found if len(found) == many else None

    return await town.until(f"{many} roll-ups", look)


async def _runs(town: Town, many: int) -> None:
    """Wait until so many roll-ups of the schedule's have come to an end."""
    query = f"WorkflowId STARTS_WITH '{ids.ROLL_UP}-' AND ExecutionStatus = 'Completed'"

    async def look() -> bool | None:
        return (await town.client.count_workflows(query)).count >= many or None

    await town.until(f"{many} finished roll-ups", look)


async def test_a_request_past_its_promise_stands_in_the_roll_up_and_on_a_calm_day_there_is_none(
    town: Town, roll_up: str
) -> None:
    schedule = town.client.get_schedule_handle(roll_up)
    calls = await town.slack_calls()
    await schedule.trigger()
    await _runs(town, 1)
    assert await town.slack_calls() == calls, "nobody waits: Slack is not called"

    await _a_late_request(town)
    await schedule.trigger()
    [post] = await _roll_ups(town, 1)
    assert post.channel == COORDINATORS_ID
    assert "Pair Programming" in post.text
    assert "Past the promised time" in post.text

    await _runs(town, 2)  # one that still ran would let the next be skipped
    await schedule.trigger()
    await _runs(town, 3)
    await _roll_ups(town, 1)


async def test_while_sending_is_paused_the_roll_up_waits_and_one_is_enough(
    town: Town, roll_up: str
) -> None:
    switch, schedule = Switchboard(town.client), town.client.get_schedule_handle(roll_up)
    await _a_late_request(town)
    await switch.set(paused=True, by=PAT)
    for _ in range(3):  # three days
        await schedule.trigger()
    await _is_under_way(town)
    await switch.set(paused=False, by=PAT)
    await _roll_ups(town, 1)


async def _is_under_way(town: Town) -> None:
    query = f"WorkflowType = '{ids.ROLL_UP_TYPE}' AND ExecutionStatus = 'Running'"

    async def look() -> bool | None:
        return (await town.client.count_workflows(query)).count == 1 or None

    await town.until("one roll-up that waits", look)


async def _a_late_request(town: Town) -> None:
    """Riley's, which nobody has claimed in 49 hours; the queue knows it."""
    await town.only_mentors("Sam Okafor")
    request = await town.ask(await town.person("Riley Santos"))
    await request.clock.skip(timedelta(hours=49))

    async def look() -> QueueEntry | None:
        listing = await Queue(town.client).entries(10)
        found = [one for one in listing.entries if one.request_id == request.request_id]
        return found[0] if found and found[0].breached else None

    entry = await town.until("a late request in the queue", look)
    assert entry.status is Status.OPEN
    assert entry.goal == GOAL
