"""The sending switch: one for the namespace. Every running request hears of each change.

Starters read the switch when they start a request; those that were being started meanwhile are
told in a second round.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.program import ProgramActivities
    from domain import ids
    from domain.messages import STATE_QUERY, PauseSending
    from domain.sending import (
        ROUNDS,
        SENDING_MEMO,
        SendingState,
        SwitchboardState,
        TellRequests,
        in_words,
    )
    from workflows.calls import CalledOffError, result

LATECOMERS_AFTER = timedelta(minutes=1)
"""To the second round: by then visibility lists whatever was started with the old state."""
STARTED_BEFORE = timedelta(minutes=1)
"""So long before the change a request may have started and still have been missed by the first."""
A_ROUND = timedelta(hours=1)
HEARTBEAT = timedelta(seconds=20)
UNTIL_TOLD = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
)


@workflow.defn(name=ids.SWITCHBOARD_TYPE)
class Switchboard:
    """Remembers whether sending is paused, and tells everybody. It never ends by itself."""

    @workflow.init
    def __init__(self, state: SwitchboardState) -> None:
        self.state = state

    @workflow.run
    async def run(self, state: SwitchboardState) -> None:
        self._show()
        while not self._is_long():
            await workflow.wait_condition(lambda: bool(state.rounds_left) or self._is_long())
            if state.rounds_left:
                await self._tell()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(state, memo={SENDING_MEMO: state.sending})

    @workflow.update(
        name=PauseSending.signal,
        description="Pause all sending (claims and clocks go on), or let it go on: "
        '{"by": "your Slack id", "paused": true or false}',
    )
    def pause_sending(self, decision: PauseSending) -> SendingState:
        """The newest decision wins; requests are told in the minute that follows."""
        self.state.set(decision, workflow.now())
        self._show()
        return self.state.sending

    @pause_sending.validator
    def check(self, decision: PauseSending) -> None:
        if not decision.by.strip():
            raise ApplicationError('Say who you are: "by" is your Slack id.', type="OrderRefused")

    @workflow.query(name=STATE_QUERY, description="How the switch stands, and its last changes")
    def whole_state(self) -> SwitchboardState:
        return self.state

    # ---- telling ----------------------------------------------------------------------------

    async def _tell(self) -> None:
        """One round, unless a newer decision overtakes it: then it stops and has ended."""
        state, change = self.state, self.state.change

        def overtaken() -> bool:
            return state.change != change

        first = state.rounds_left == ROUNDS
        if not first and await self._overtaken_while_waiting(overtaken):
            return
        telling = workflow.start_activity_method(
            ProgramActivities.tell_requests,
            self._order(everybody=first),
            start_to_close_timeout=A_ROUND,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=UNTIL_TOLD,
            # an older round that still signals after a newer one would have the last word
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=self._round_in_words(everybody=first),
        )
        await workflow.wait_condition(lambda: telling.done() or overtaken())
        if not telling.done():
            telling.cancel()
        try:
            await result(telling)
        except CalledOffError:
            return
        if not overtaken():
            state.rounds_left -= 1

    async def _overtaken_while_waiting(self, overtaken: Callable[[], bool]) -> bool:
        try:
            await workflow.wait_condition(
                overtaken,
                timeout=LATECOMERS_AFTER,
                timeout_summary="those that were just being started",
            )
        except TimeoutError:
            return False
        return True

    def _order(self, *, everybody: bool) -> TellRequests:
        sending = self.state.sending
        since = None if everybody or sending.since is None else sending.since - STARTED_BEFORE
        decision = PauseSending(by=sending.by, paused=sending.paused)
        return TellRequests(decision=decision, started_since=since)

    def _round_in_words(self, *, everybody: bool) -> str:
        what = "sending is paused" if self.state.sending.paused else "sending goes on"
        return f"Tell {'every request' if everybody else 'requests started meanwhile'}: {what}"

    def _show(self) -> None:
        """Let operators, and those who read the switch without a worker, see how it stands."""
        state = self.state
        workflow.upsert_memo({SENDING_MEMO: state.sending})
        lines = [f"**{in_words(state.sending)}**", "Claims and clocks go on either way."]
        lines.extend(f"- {in_words(change)}" for change in reversed(state.changes))
        workflow.set_current_details("\n\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:]))

    def _is_long(self) -> bool:
        length = workflow.info().get_current_history_length()
        return length >= self.state.longest_history
