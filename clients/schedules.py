"""What comes by the clock, whatever requests there are: Temporal schedules."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain import ids, task_queues
from domain.roll_up import RollUpPlan

CATCH_UP = timedelta(hours=6)
"""After the server was down: so long a missed roll-up still comes."""
RPC_TIMEOUT = timedelta(seconds=10)


class Schedules:
    """The schedules of this namespace; to be asked for again is no harm."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def ensure(self, plan: RollUpPlan) -> None:
        """Have the daily roll-up come as planned.

        One that agrees already is left alone: an update would forget a roll-up that is being
        caught up. Paused by an operator, it stays paused.

        Raises:
            temporalio.service.RPCError: Temporal does not take it now.
        """
        try:
            await self._client.create_schedule(ids.ROLL_UP, _roll_up(plan), rpc_timeout=RPC_TIMEOUT)
        except ScheduleAlreadyRunningError:
            handle = self._client.get_schedule_handle(ids.ROLL_UP)
            found = (await handle.describe(rpc_timeout=RPC_TIMEOUT)).schedule
            if not await self._agrees(found, plan):
                await handle.update(lambda now: _changed(now, plan), rpc_timeout=RPC_TIMEOUT)

    async def _agrees(self, found: Schedule, plan: RollUpPlan) -> bool:
        wanted = _roll_up(plan)
        if not isinstance(found.action, ScheduleActionStartWorkflow):
            return False
        try:
            planned = await self._client.data_converter.decode(found.action.args, [RollUpPlan])
        except (ValueError, RuntimeError):  # an operator has changed its input
            return False
        return (
            planned == [plan]
            and found.spec.time_zone_name == plan.time_zone
            and found.policy.overlap is wanted.policy.overlap
            and found.policy.catchup_window == wanted.policy.catchup_window
        )


def _roll_up(plan: RollUpPlan) -> Schedule:
    at = plan.at
    return Schedule(
        action=ScheduleActionStartWorkflow(
            ids.ROLL_UP_TYPE,
            plan,
            id=ids.ROLL_UP,
            task_queue=task_queues.WORKFLOWS,
            static_summary="What coordinators should look at today",
        ),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(
                    hour=[ScheduleRange(at.hour)],
                    minute=[ScheduleRange(at.minute)],
                    comment="the daily roll-up",
                )
            ],
            time_zone_name=plan.time_zone,  # so that it stays at nine when the clocks change
        ),
        # one that still waits for a worker, or for sending to go on, is enough
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
    )


def _changed(now: ScheduleUpdateInput, plan: RollUpPlan) -> ScheduleUpdate:
    wanted = _roll_up(plan)
    wanted.state = now.description.schedule.state
    return ScheduleUpdate(schedule=wanted)
