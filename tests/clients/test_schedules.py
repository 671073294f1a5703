"""The schedule of the daily roll-up, on the real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from temporalio.client import (
    Client,
    ScheduleActionStartWorkflow,
    ScheduleDescription,
    ScheduleHandle,
    ScheduleOverlapPolicy,
    ScheduleUpdate,
)
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from clients.schedules import CATCH_UP, Schedules
from domain import ids, task_queues
from domain.roll_up import RollUpPlan

NEW_YORK = RollUpPlan(at=time(9), time_zone="America/New_York")


@pytest.fixture
async def client(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    await _forget(temporal.client)
    yield temporal.client
    await _forget(temporal.client)


async def _forget(client: Client) -> None:
    try:
        await handle_of(client).delete()
    except RPCError as error:
        assert error.status is RPCStatusCode.NOT_FOUND


def handle_of(client: Client) -> ScheduleHandle:
    return client.get_schedule_handle(ids.ROLL_UP)


async def described(client: Client) -> ScheduleDescription:
    return await handle_of(client).describe()


def local_times(found: ScheduleDescription, zone: str) -> set[time]:
    return {at.astimezone(ZoneInfo(zone)).time() for at in found.info.next_action_times}


async def test_it_comes_at_nine_on_the_coordinators_clock_and_only_one_at_a_time(
    client: Client,
) -> None:
    await Schedules(client).ensure(NEW_YORK)
    found = await described(client)
    upcoming = found.info.next_action_times
    assert local_times(found, "America/New_York") == {time(9)}
    assert timedelta(0) < upcoming[0] - datetime.now(UTC) <= timedelta(days=1, hours=1)
    assert found.schedule.spec.time_zone_name == "America/New_York"
    assert found.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert found.schedule.policy.catchup_window == CATCH_UP
    action = found.schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert (action.workflow, action.task_queue) == (ids.ROLL_UP_TYPE, task_queues.WORKFLOWS)


async def test_every_worker_that_starts_asks_for_it_and_it_is_left_as_it_is(
    client: Client,
) -> None:
    schedules = Schedules(client)
    await schedules.ensure(NEW_YORK)
    await handle_of(client).pause(note="no roll-ups over the holidays")
    before = await described(client)
    await schedules.ensure(NEW_YORK)
    after = await described(client)
    assert after.info.last_updated_at == before.info.last_updated_at
    assert after.schedule.state.paused


async def test_another_time_or_zone_in_the_settings_moves_it_and_keeps_an_operators_pause(
    client: Client,
) -> None:
    schedules = Schedules(client)
    await schedules.ensure(NEW_YORK)
    await handle_of(client).pause(note="no roll-ups over the holidays")
    await schedules.ensure(RollUpPlan(at=time(7, 30), time_zone="Europe/Berlin"))
    found = await described(client)
    assert local_times(found, "Europe/Berlin") == {time(7, 30)}
    assert found.schedule.state.paused
    assert found.schedule.state.note == "no roll-ups over the holidays"


async def test_one_whose_input_an_operator_has_changed_is_put_right(client: Client) -> None:
    schedules = Schedules(client)
    await schedules.ensure(NEW_YORK)
    action = (await described(client)).schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    await handle_of(client).update(lambda now: _with_input(now.description, ["nine o'clock"]))
    await schedules.ensure(NEW_YORK)
    action = (await described(client)).schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert await client.data_converter.decode(action.args, [RollUpPlan]) == [NEW_YORK]


def _with_input(found: ScheduleDescription, args: list[str]) -> ScheduleUpdate:
    action = found.schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    action.args = args
    return ScheduleUpdate(schedule=found.schedule)
