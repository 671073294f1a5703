"""Once a day, by a schedule: what coordinators should look at, in one message. Or in none."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.program import ProgramActivities
    from activities.slack import SlackActivities
    from domain import ids, task_queues
    from domain.messages import PauseSending
    from domain.roll_up import PostRollUp, RollUp, RollUpPlan, Survey, day_of
    from workflows.calls import CalledOffError, result

STALE_AFTER = timedelta(hours=12)
"""What can't be posted by then is left to the next day's; the run fails, visibly."""
ONE_LOOK = timedelta(minutes=1)
ONE_POST = timedelta(minutes=2)
HEARTBEAT = timedelta(seconds=20)
PATIENTLY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(hours=1))


@workflow.defn(name=ids.ROLL_UP_TYPE)
class DailyRollUp:
    """One day's. While sending is paused it waits, and then says how things stand by then."""

    @workflow.init
    def __init__(self, plan: RollUpPlan) -> None:
        self.key = ids.roll_up_key(day_of(workflow.now(), plan.time_zone))
        self.paused: bool | None = None

    @workflow.run
    async def run(self, plan: RollUpPlan) -> str:
        """Answers in words for operators."""
        paused = await self._is_sending_paused()
        if self.paused is None:  # else the switchboard has told us since
            self.paused = paused
        while True:
            await self._until_sending_goes_on()
            roll_up = await self._survey()
            if roll_up.is_empty:
                return "Nothing needs the coordinators today: nothing was posted."
            if await self._post(roll_up):
                return f"In the roll-up: {len(roll_up.entries) + roll_up.more}."

    @workflow.signal(name=PauseSending.signal)
    def pause_sending(self, decision: PauseSending) -> None:
        self.paused = decision.paused

    async def _is_sending_paused(self) -> bool:
        return await workflow.execute_activity_method(
            ProgramActivities.is_sending_paused,
            start_to_close_timeout=ONE_LOOK,
            schedule_to_close_timeout=STALE_AFTER,
            retry_policy=PATIENTLY,
            summary="Is all sending paused?",
        )

    async def _until_sending_goes_on(self) -> None:
        if self.paused:
            workflow.set_current_details("Waits: all sending is paused.")
            await workflow.wait_condition(lambda: not self.paused)
            workflow.set_current_details("")

    async def _survey(self) -> RollUp:
        return await workflow.execute_activity_method(
            ProgramActivities.survey,
            Survey(now=workflow.now(), begun_at=workflow.info().start_time),
            start_to_close_timeout=ONE_LOOK,
            schedule_to_close_timeout=STALE_AFTER,
            retry_policy=PATIENTLY,
            summary="Which requests need the coordinators?",
        )

    async def _post(self, roll_up: RollUp) -> bool:
        """Write it, once; False when sending was paused before it was written."""
        posting = workflow.start_activity_method(
            SlackActivities.post_roll_up,
            PostRollUp(key=self.key, roll_up=roll_up),
            task_queue=task_queues.SLACK,
            start_to_close_timeout=ONE_POST,
            schedule_to_close_timeout=STALE_AFTER,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENTLY,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary="The daily roll-up, to the coordinators",
        )
        await workflow.wait_condition(lambda: posting.done() or bool(self.paused))
        if not posting.done():
            posting.cancel()
        try:
            await result(posting)
        except CalledOffError:
            return False
        return True
