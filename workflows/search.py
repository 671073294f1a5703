"""The search for a mentor: when to turn to whom, until somebody has claimed."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ladder
    from domain.base import Decision
    from domain.memory import Answer
    from domain.messages import AskMore, Hold
    from domain.models import HOLD_MARGIN, Candidate, Person
    from domain.policy import Scope, Step, StepKind
    from domain.state import KEEP_WAITING, MENTORS_ROOM, NOTHING_SLIPS, RequestState
    from domain.view import CardKind, HoldView, Notice
    from workflows.asking import Asking
    from workflows.background import Background
    from workflows.desk import Desk
    from workflows.escalation import Escalation
    from workflows.outbox import Outbox
    from workflows.projections import Projections

PREFERRED_WINDOW = "the mentor who was asked by name"
PREFERRED_CHECK = "the mentor who was asked by name (looking whether they still can)"
NEXT_WAVE = "a claim, or the next wave of asks"
NEXT_STEP = "a claim, or the next step"
THE_HOLD = "the mentor who said on which day they would do it"
A_CLAIM = "a claim"
SENDING = "a claim; all sending is paused"

LOOK_AGAIN = timedelta(hours=1)
"""How often it is looked whether the mentor who was asked by name can still take it."""


class Search:
    """Asks mentors, ever wider, as the policy says, while a request is open."""

    def __init__(
        self,
        state: RequestState,
        *,
        desk: Desk,
        asking: Asking,
        escalation: Escalation,
        outbox: Outbox,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._asking = asking
        self._escalation = escalation
        self._outbox = outbox
        self._background = background
        self._projections = projections
        self._asking_now = 0
        """Searches and waves that are under way, or about to be."""

    @property
    def _keeps_quiet(self) -> bool:
        return self._state.rules >= NOTHING_SLIPS

    def deadlines(self) -> dict[str, datetime | None]:
        """Until when the search waits, and for what (UTC)."""
        state = self._state
        if state.sending_paused:
            return {SENDING: None}
        if state.preferred_until and not self._keeps_quiet:
            return {PREFERRED_WINDOW: state.preferred_until}
        waits = state.one_has_first_say
        due: dict[str, datetime | None] = {
            A_CLAIM: None,
            NEXT_STEP: ladder.next_at(state.start.policy, state.progress, asking_waits=waits),
        }
        if state.preferred_until:
            due[PREFERRED_WINDOW] = state.preferred_until
            due[PREFERRED_CHECK] = state.preferred_check_at
        if state.hold:
            return {**due, THE_HOLD: state.hold.until}
        if not state.preferred_until:
            due[NEXT_WAVE] = state.next_wave_at
        return {**due, **self._asking.due()}

    def begin(self) -> None:
        """Ask the mentor who was named, alone; else the first wave (or whom we have not asked)."""
        state = self._state
        if state.widening_owed:  # asked for while somebody had it
            state.widening_owed = False
            self.widen(AskMore(by=state.mentee.slack_id))
        if not state.preferred_until:
            self._ask_on()
        elif state.sending_paused:
            state.preferred_check_at = workflow.now()
        else:
            self._background.run(self._ask_by_name())

    def go_on(self) -> None:
        """Do what has fallen due: the end of a window or a hold, mornings, a wave, steps."""
        now, state = workflow.now(), self._state
        if state.sending_paused:
            return
        if state.preferred_until and state.preferred_until <= now:
            self.end_preferred_window()
            return
        if state.preferred_until and not self._keeps_quiet:
            return
        if state.hold and state.hold.until <= now:
            self._drop_hold(remind=True)
        mornings = [] if state.hold else self._asking.take_planned(now)
        if state.preferred_until:
            if mornings or (state.preferred_check_at and state.preferred_check_at <= now):
                state.preferred_check_at = now + LOOK_AGAIN
                self._background.run(self._ask_by_name())
        elif mornings:
            self._start_asking(self._asking.send_planned(mornings))
        self._take_turns(now)

    def _take_turns(self, now: datetime) -> None:
        """The next wave, and the steps: what falls due together is one wave."""
        state = self._state
        waves_on = state.next_wave_at is not None and state.next_wave_at <= now
        if not waves_on or state.one_has_first_say:
            self._take_due_steps()
            return
        state.next_wave_at = None
        if self._keeps_quiet:
            self._ask_on()
        else:
            self._start_asking(self._asking.send_wave())
            self._take_due_steps()

    def _ask_on(self) -> None:
        """Take the steps that are due; if none of them asks, ask on as widely as until now."""
        state = self._state
        if state.sending_paused:  # it is the first that is done when sending goes on
            state.next_wave_at = state.next_wave_at or workflow.now()
        elif not self._take_due_steps():
            self._start_asking(self._ask(state.scope))

    def _take_due_steps(self) -> bool:
        """Take the steps that are due now; whether one of them asks mentors."""
        state = self._state
        rungs = ladder.take_due(
            state.start.policy,
            state.progress,
            workflow.now(),
            asking_waits=state.one_has_first_say,
        )
        for rung in rungs:
            if rung.after > timedelta(0):
                self._projections.changed(f"step: {rung.step.label}", *self._stale())
            self._take(rung)
        asks = any(rung.step.do is StepKind.WAVE for rung in rungs)
        if not asks and self._lifts_cap(rungs):
            self._start_asking(self._ask(state.scope))
            return True
        return asks

    def _lifts_cap(self, rungs: list[ladder.Rung]) -> bool:
        """From this step on those may be asked who were asked often enough this week."""
        lifted = any(rung.step.do is StepKind.COORDINATORS for rung in rungs)
        return lifted and self._state.rules >= MENTORS_ROOM and not self._state.one_has_first_say

    def _take(self, rung: ladder.Rung) -> None:
        if rung.step.do is StepKind.WAVE:
            self._start_asking(self._ask(rung.step.scope or Scope.ALL, rung.step))
        else:
            self._background.run(self._escalate(rung))

    async def _escalate(self, rung: ladder.Rung) -> None:
        if self._state.is_searching:  # else a claim came in together with the deadline
            await self._escalation.take(rung)

    def _stale(self) -> tuple[CardKind, ...]:
        return (CardKind.COORDINATORS,) if self._keeps_quiet else ()

    # ---- one mentor has the first say -------------------------------------------------------

    def open_preferred_window(self) -> None:
        """Whom the mentee named is asked alone at first, for so long as the policy says."""
        state, now = self._state, workflow.now()
        named, step = state.start.preferred_mentor, state.start.policy.preferred
        if named is None or step is None:
            return
        state.preferred_until = self._end_of_window(now, step, named)
        if self._keeps_quiet:
            state.preferred_check_at = now + LOOK_AGAIN

    def _end_of_window(self, since: datetime, step: Step, named: Person) -> datetime:
        """After so many hours in which they may be pinged, but no later than the policy says."""
        quiet = named.quiet_hours or self._state.start.policy.quiet_hours
        latest = since + step.at_most
        if step.waking is None:
            return latest
        if quiet is None:
            return min(latest, since + step.waking)
        return min(latest, quiet.after_waking(since, step.waking, named.time_zone))

    def end_preferred_window(self) -> None:
        """From here on it is everybody's: the channel card gets its Claim, the first wave goes.

        What has fallen due meanwhile for the others is done as one wave.
        """
        state = self._state
        state.preferred_until = state.preferred_check_at = None
        stale = [CardKind.CHANNEL]
        if self._keeps_quiet:
            stale += [CardKind.RECEIVED, CardKind.ASK]
            self._say_opened_wider()
        self._projections.changed("open to all mentors", *stale)
        if self._keeps_quiet or state.sending_paused:
            self._ask_on()
            return
        # in release 0.1 the steps of this very moment came with the next wake-up
        opened = state.progress.open_since or workflow.now()
        rungs = ladder.take_due(state.start.policy, state.progress, opened)
        first = next((rung.step for rung in rungs if rung.step.do is StepKind.WAVE), None)
        self._start_asking(self._ask(state.scope, first))

    def _say_opened_wider(self) -> None:
        if self._state.is_searching:  # else somebody has claimed it, and all is well
            self._outbox.send(CardKind.OPENED_WIDER, self._state.mentee)

    async def _ask_by_name(self) -> None:
        """Ask the named mentor alone, once; if they can't any more, everybody at once."""
        named = self._state.start.preferred_mentor
        if named is None:
            return
        verdict = await self._asking.look_up(named.slack_id)
        cannot = verdict.refusal not in (None, Notice.CANNOT_CHECK)
        account = None if cannot else await self._asking.account_of(named)
        if not self._in_window:
            return
        if account is None:
            self._asking.leave_out(named, for_good=not cannot)
            self.end_preferred_window()
            return
        await self._put_by_name(Candidate(**account.model_dump(), scope=Scope.PREFERRED))

    async def _put_by_name(self, named: Candidate) -> None:
        state, step = self._state, self._state.start.policy.preferred
        if self._asking.turned_to(named):
            return
        if step and self._keeps_quiet and state.progress.open_since:
            # their time zone may be known only now
            since = state.progress.open_since
            state.preferred_until = self._end_of_window(since, step, named)
        await self._asking.ask_by_name(named)
        ask = state.ask_of(named.slack_id)
        withheld = named.slack_id in state.withheld
        unreached = ask.answer is Answer.UNREACHABLE if ask else withheld
        if unreached and self._in_window:
            self.end_preferred_window()

    @property
    def _in_window(self) -> bool:
        return self._state.preferred_until is not None and self._state.is_searching

    def hold(self, wish: Hold) -> Notice:
        """A mentor who was asked will do it on a day: steps that turn to others wait for it."""
        state, now = self._state, workflow.now()
        ask = state.ask_of(wish.by)
        if ask is None:
            return Notice.NOT_YOURS
        if wish.by in state.excluded:
            return Notice.RELEASED_BEFORE
        if state.preferred_until and not self._state.start.names(wish.by):
            return Notice.NOT_NOW
        if state.hold and state.hold.mentor.slack_id != wish.by:
            return Notice.HELD_ALREADY
        if state.breached or not now < wish.until <= state.wait.respond_by - HOLD_MARGIN:
            return Notice.HOLD_UNUSABLE
        ask.answer = Answer.WAITING
        state.hold = HoldView(mentor=ask.mentor, until=wish.until)
        state.preferred_until = state.preferred_check_at = None
        # the others' cards stay as they are: an edit for each of them would say little
        stale = (CardKind.CHANNEL, CardKind.COORDINATORS, CardKind.RECEIVED)
        self._projections.changed("held", *stale, by=wish.by)
        state.mark_card_unpainted(CardKind.ASK, wish.by)
        return Notice.HOLD_KEPT

    def give_up_on(self, slack_id: str) -> None:
        """Somebody takes a break: what waited for them waits no longer."""
        state = self._state
        if state.preferred_until and self._state.start.names(slack_id):
            self.end_preferred_window()
        if state.hold and state.hold.mentor.slack_id == slack_id:
            self.end_hold(remind=False)

    def end_hold(self, *, remind: bool) -> None:
        """The day has come, or they can't after all: what waited for it is done now."""
        self._drop_hold(remind=remind)
        if not self._state.sending_paused:
            self._take_due_steps()

    def _drop_hold(self, *, remind: bool) -> None:
        state = self._state
        if state.hold is None:
            return
        mentor = state.hold.mentor
        state.hold = None
        state.holds_over += 1
        stale = [CardKind.CHANNEL, *self._stale(), CardKind.RECEIVED]
        self._projections.changed("hold over", *stale)
        state.mark_card_unpainted(CardKind.ASK, mentor.slack_id)
        if remind:
            self._outbox.send(CardKind.HOLD_DUE, mentor, number=state.holds_over)
            if ask := state.ask_of(mentor.slack_id):
                ask.reminded = True
        if all(self._state.start.names(ask.mentor.slack_id) for ask in state.asks):
            self._say_opened_wider()

    # ---- asking -----------------------------------------------------------------------------

    async def stop(self) -> None:
        """No ask or reminder leaves from here on; who was reached is known afterwards."""
        await self._asking.stop()

    def widen(self, wish: Decision) -> Scope:
        """Ask everybody of the next wider scope now, all at once; returns the scope.

        Whoever wished it is told once it is known whether there is anybody left to ask.
        """
        state = self._state
        if state.preferred_until:
            self.end_preferred_window()
        if state.hold:
            self.end_hold(remind=False)
        wider = [s for s in _EVER_WIDER if s.width > state.scope.width] or [Scope.ALL]
        self._start_asking(self._widen(wish, wider))
        return wider[0]

    async def _widen(self, wish: Decision, scopes: list[Scope]) -> None:
        """Up to the first of these scopes in which there is anybody who was not asked yet."""
        state, more = self._state, False
        before = len(state.asks) + len(state.planned)
        for scope in scopes:
            step = Step(after=timedelta(0), do=StepKind.WAVE, scope=scope, size="all")
            await self._ask(scope, step)
            more = len(state.asks) + len(state.planned) > before or bool(state.queue)
            if more or not state.is_searching:
                break
        if not more and not state.is_searching:
            return
        if not more and isinstance(wish, AskMore):
            state.choice = KEEP_WAITING
            self._projections.changed("everybody is asked already", CardKind.UPDATE)
        if not more:  # else the card, or the answer to the order, has said it
            self._desk.tell(Notice.EVERYBODY_ASKED, wish)

    def everybody_answered(self) -> None:
        """Everybody who was asked has declined: the next wave, or the next step, runs now."""
        state = self._state
        declined = state.is_searching and state.everybody_declined(workflow.now())
        if not (self._keeps_quiet and declined):
            return
        if self._asking_now or state.one_has_first_say:
            return
        if state.queue or state.sending_paused:
            state.next_wave_at = None
            self._ask_on()
        elif rung := ladder.bring_forward(state.start.policy, state.progress):
            self._projections.changed(f"all have declined; step: {rung.step.label}", *self._stale())
            self._take(rung)

    async def _ask(self, scope: Scope, step: Step | None = None) -> None:
        """Find everybody within ``scope`` who was not asked yet, and send the next wave."""
        state = self._state
        if step:
            state.wave = step
        state.scope = max(state.scope, scope, key=lambda one: one.width)
        if not await self._asking.gather(scope):
            state.no_candidates = True  # at once: the call itself begins a moment later
            self._background.run(self._escalation.call_coordinators(nobody=True))
        if state.is_searching and step and step.size == "all":
            state.next_wave_at = None
        await self._asking.send_wave()

    def _start_asking(self, work: Coroutine[Any, Any, None]) -> None:
        """Ask beside the main line; once the last of it is over, see whether anybody is left."""
        self._asking_now += 1
        self._background.run(self._ask_and_see(work))

    async def _ask_and_see(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            self._asking_now -= 1
        state = self._state
        if not self._asking_now and state.is_searching and state.nobody_is_left:
            self._background.run(self._escalation.call_coordinators(nobody=True))
        self.everybody_answered()


_EVER_WIDER = (Scope.FULL, Scope.PARTIAL, Scope.ALL)
