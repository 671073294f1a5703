"""Once a day, whoever was seen in Slack: one workflow for the namespace gathers them.

Slack's events come by the thousand; mentors' workflows and rows hear of each person once a day.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.sightings import SightingActivities
    from domain import ids
    from domain.messages import STATE_QUERY
    from domain.sightings import NoteSightings, PassOnSightings, SightingsState
    from workflows.profiles import CROWD, PASS_ON

A_DAY = timedelta(days=1)
AT_A_TIME = 5000
"""People in one activity: its input stays far below the 2 MB that Temporal takes."""


@workflow.defn(name=ids.SIGHTINGS_TYPE)
class Sightings:
    """Sleeps a day after the first sighting of a round; without sightings it does nothing."""

    @workflow.init
    def __init__(self, state: SightingsState) -> None:
        self.state = state

    @workflow.run
    async def run(self, state: SightingsState) -> None:
        while not self._is_long():
            await workflow.wait_condition(lambda: state.since is not None or self._is_long())
            if state.since is None:
                continue
            left = state.since + A_DAY - workflow.now()
            if left > timedelta(0):
                await workflow.sleep(left, summary="a day's sightings are gathered")
            await self._pass_on()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(state)

    @workflow.signal(name=NoteSightings.signal)
    def note_sightings(self, news: NoteSightings) -> None:
        self.state.note(news, workflow.now())

    @workflow.query(name=STATE_QUERY)
    def whole_state(self) -> SightingsState:
        return self.state

    async def _pass_on(self) -> None:
        """What can't be passed on for days waits for the next round."""
        seen = self.state.take()
        try:
            while seen:
                some = dict(list(seen.items())[:AT_A_TIME])
                await workflow.execute_activity_method(
                    SightingActivities.pass_on_sightings,
                    PassOnSightings(seen=some),
                    summary=f"{len(some)} people were seen",
                    priority=CROWD,
                    **PASS_ON,
                )
                seen = {who: at for who, at in seen.items() if who not in some}
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.error("Sightings could not be passed on; see the failed activity")
            self.state.put_back(seen, workflow.now())

    def _is_long(self) -> bool:
        length = workflow.info().get_current_history_length()
        return length >= self.state.longest_history
