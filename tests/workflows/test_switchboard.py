"""The sending switch, on the real server: who hears of it, and what it remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from clients.requests import TemporalAwayError
from clients.switchboard import Switchboard
from domain import ids, task_queues
from domain.messages import STATE_QUERY, PauseSending
from domain.sending import SwitchboardState, TellRequests, ToldRequests
from tests.temporal import end
from workflows.switchboard import Switchboard as SwitchboardWorkflow

PAT, LUZ = "U0PAT", "U0LUZ"


class Town:
    """Stands for all requests: hears what the switchboard has them told, and when a round ends."""

    def __init__(self) -> None:
        self.heard: list[TellRequests] = []
        self.log: list[str] = []
        self.gate: asyncio.Event | None = None
        self._happened = asyncio.Condition()

    @activity.defn(name="tell_requests")
    async def tell_requests(self, order: TellRequests) -> ToldRequests:
        await self._note(f"told {order.decision.paused}", order)
        try:
            while self.gate and not self.gate.is_set():
                activity.heartbeat()
                await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            await asyncio.sleep(0.1)  # what is on its way arrives
            await self._note(f"called off {order.decision.paused}")
            raise
        return ToldRequests(requests=1)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with self._happened, asyncio.timeout(60):
            await self._happened.wait_for(condition)

    async def _note(self, what: str, order: TellRequests | None = None) -> None:
        async with self._happened:
            self.log.append(what)
            if order:
                self.heard.append(order)
            self._happened.notify_all()


@asynccontextmanager
async def served(client: Client, town: Town) -> AsyncIterator[None]:
    async with Worker(
        client,
        task_queue=task_queues.WORKFLOWS,
        workflows=[SwitchboardWorkflow],
        activities=[town.tell_requests],
        max_heartbeat_throttle_interval=timedelta(seconds=0.1),
        default_heartbeat_throttle_interval=timedelta(seconds=0.1),
    ):
        yield


@pytest.fixture
async def client(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    """A namespace whose switch nobody has touched; what was done to it can be replayed."""
    handle = handle_of(temporal.client)
    yield temporal.client
    try:
        await handle.describe()
    except RPCError as error:
        assert error.status is RPCStatusCode.NOT_FOUND
        return
    replayer = Replayer(workflows=[SwitchboardWorkflow], data_converter=pydantic_data_converter)
    await replayer.replay_workflow(await handle.fetch_history())
    await end(handle)


def handle_of(client: Client) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(ids.SWITCHBOARD)


async def whole_state(client: Client) -> SwitchboardState:
    state: SwitchboardState = await handle_of(client).query(
        STATE_QUERY, result_type=SwitchboardState
    )
    return state


async def a_minute_passes(client: Client) -> None:
    async with asyncio.timeout(60):
        await TimeSkipper(client).fast_forward(handle_of(client), timedelta(seconds=61))


async def test_nobody_touched_it_so_sending_is_on(client: Client) -> None:
    state = await Switchboard(client).state()
    assert not state.paused
    assert state.since is None


async def test_a_pause_says_who_and_since_when_also_while_no_worker_runs(client: Client) -> None:
    before = datetime.now(UTC)
    async with served(client, Town()):
        answer = await Switchboard(client).set(paused=True, by=PAT)
    state = await Switchboard(client).state()
    assert state == answer
    assert (state.paused, state.by) == (True, PAT)
    assert state.since is not None
    assert before - timedelta(seconds=5) < state.since < datetime.now(UTC) + timedelta(seconds=5)


async def test_everybody_is_told_at_once_and_latecomers_a_minute_later(client: Client) -> None:
    town = Town()
    async with served(client, town):
        state = await Switchboard(client).set(paused=True, by=PAT)
        await town.until(lambda: len(town.heard) == 1)
        await a_minute_passes(client)
        await town.until(lambda: len(town.heard) == 2)
        while (await whole_state(client)).rounds_left:  # and then there is peace
            await asyncio.sleep(0.05)
    first, second = town.heard
    assert first.decision == second.decision == PauseSending(by=PAT, paused=True)
    assert first.started_since is None
    assert state.since is not None
    assert second.started_since == state.since - timedelta(minutes=1)


async def test_going_on_before_the_second_round_tells_everybody_that(client: Client) -> None:
    town, switch = Town(), Switchboard(client)
    async with served(client, town):
        await switch.set(paused=True, by=PAT)
        await town.until(lambda: len(town.heard) == 1)
        await switch.set(paused=False, by=LUZ)
        await town.until(lambda: len(town.heard) == 2)
        await a_minute_passes(client)
        await town.until(lambda: len(town.heard) == 3)
    assert [(told.decision.paused, told.started_since is None) for told in town.heard] == [
        (True, True),
        (False, True),
        (False, False),
    ]


async def test_a_round_that_is_overtaken_has_ended_before_the_newer_one_begins(
    client: Client,
) -> None:
    town, switch = Town(), Switchboard(client)
    town.gate = asyncio.Event()
    async with served(client, town):
        await switch.set(paused=True, by=PAT)
        await town.until(lambda: town.log == ["told True"])
        await switch.set(paused=False, by=PAT)
        await town.until(lambda: len(town.log) == 3)
        assert town.log == ["told True", "called off True", "told False"]


async def test_the_same_again_is_no_change_and_tells_nobody_twice(client: Client) -> None:
    town, switch = Town(), Switchboard(client)
    async with served(client, town):
        once = await switch.set(paused=True, by=PAT)
        assert await switch.set(paused=True, by=LUZ) == once
        await town.until(lambda: len(town.heard) == 1)
        state = await whole_state(client)
    assert [change.by for change in state.changes] == [PAT]
    assert len(town.heard) == 1


async def test_after_an_operator_has_terminated_it_going_on_is_told_all_the_same(
    client: Client,
) -> None:
    town, switch = Town(), Switchboard(client)
    async with served(client, town):
        await switch.set(paused=True, by=PAT)
        await town.until(lambda: len(town.heard) == 1)
        await handle_of(client).terminate("by mistake")
        assert not (await switch.state()).paused
        await switch.set(paused=False, by=PAT)
        await town.until(lambda: len(town.heard) == 2)
    assert not town.heard[-1].decision.paused


async def test_a_new_run_goes_on_with_state_history_and_the_round_that_is_owed(
    client: Client,
) -> None:
    town, switch = Town(), Switchboard(client)
    async with served(client, town):
        began = await client.start_workflow(
            ids.SWITCHBOARD_TYPE,
            SwitchboardState(longest_history=30),
            id=ids.SWITCHBOARD,
            task_queue=task_queues.WORKFLOWS,
        )
        paused = True
        while (found := await handle_of(client).describe()).run_id == began.first_execution_run_id:
            state = await switch.set(paused=paused, by=PAT)
            paused = not paused
        assert found.status is WorkflowExecutionStatus.RUNNING
        assert await switch.state() == state
        kept = await whole_state(client)
        assert kept.sending == kept.changes[-1] == state
        assert len(kept.changes) == kept.change > 1
        await a_minute_passes(client)
        await town.until(lambda: town.heard[-1].started_since is not None)
        assert town.heard[-1].decision.paused is state.paused


async def test_operators_can_do_it_in_the_web_ui_and_must_say_who_they_are(client: Client) -> None:
    town = Town()
    async with served(client, town):
        await Switchboard(client).ensure()
        await Switchboard(client).ensure()
        handle = handle_of(client)
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await handle.execute_update("pause_sending", {"by": " ", "paused": True})
        assert "Slack id" in str(refusal.value.cause)
        assert not (await Switchboard(client).state()).paused
        await handle.execute_update("pause_sending", {"by": LUZ, "paused": True})
        assert (await Switchboard(client).state()).by == LUZ


async def test_without_a_worker_nothing_is_said_to_be_done(client: Client) -> None:
    with pytest.raises(TemporalAwayError):
        await Switchboard(client).set(paused=True, by=PAT)
