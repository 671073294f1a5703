"""The search for a mentor: when to turn to whom, until somebody has claimed."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ladder
    from domain.base import Decision
    from domain.messages import Claim, Hold
    from domain.models import HOLD_MARGIN, Candidate, Person
    from domain.policy import Scope, Step, StepKind
    from domain.state import NOTHING_SLIPS, Answer, PlannedAsk, RequestState
    from domain.view import CardKind, HoldView, Notice
    from domain.work import MentorCheck
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
        return {**due, NEXT_WAVE: state.next_wave_at, **self._asking.due()}

    def open_preferred_window(self) -> None:
        """Whom the mentee named is asked alone at first, for so long as the policy says."""
        state, now = self._state, workflow.now()
        named, step = state.start.preferred_mentor, state.start.policy.preferred
        if named is None or step is None:
            return
        state.preferred_until = now + step.at_most
        quiet = state.start.policy.quiet_hours
        if step.waking and quiet:
            awake = quiet.after_waking(now, step.waking, named.time_zone)
            state.preferred_until = min(state.preferred_until, awake)
        elif step.waking:
            state.preferred_until = min(state.preferred_until, now + step.waking)
        if self._keeps_quiet:
            state.preferred_check_at = now + LOOK_AGAIN

    def begin(self) -> None:
        """Ask the mentor who was named, alone; else the first wave (or whom we have not asked)."""
        state = self._state
        preferred = state.start.preferred_mentor
        if preferred and state.preferred_until:
            self._background.run(self._ask_by_name(preferred))
        elif not self._take_due_steps():
            self._background.run(self._ask(state.scope))

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
        if state.preferred_check_at and state.preferred_check_at <= now:
            state.preferred_check_at = now + LOOK_AGAIN
            self._background.run(self._check_preferred())
        if state.hold and state.hold.until <= now:
            self.end_hold(remind=True)
        if not state.hold and (mornings := self._asking.take_planned(now)):
            self._background.run(self._send_planned(mornings))
        if state.next_wave_at and state.next_wave_at <= now and not state.hold:
            state.next_wave_at = None
            self._background.run(self._send_wave())
        self._take_due_steps()

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
            self._background.run(self._take(rung))
        return any(rung.step.do is StepKind.WAVE for rung in rungs)

    def _stale(self) -> tuple[CardKind, ...]:
        return (CardKind.COORDINATORS,) if self._keeps_quiet else ()

    async def _take(self, rung: ladder.Rung) -> None:
        if not self._state.is_searching:  # a claim came in together with the deadline
            return
        if rung.step.do is StepKind.WAVE:
            await self._ask(rung.step.scope or Scope.ALL, rung.step)
        else:
            await self._escalation.take(rung)

    # ---- one mentor has the first say -------------------------------------------------------

    def end_preferred_window(self) -> None:
        """From here on it is everybody's: the channel card gets its Claim, the first wave goes.

        What has fallen due meanwhile for the others is done as one wave.
        """
        state = self._state
        state.preferred_until = state.preferred_check_at = None
        stale = [CardKind.CHANNEL]
        if self._keeps_quiet:
            stale += [CardKind.RECEIVED, CardKind.ASK]
            self._outbox.send(CardKind.OPENED_WIDER, state.mentee)
        self._projections.changed("open to all mentors", *stale)
        if not self._take_due_steps():
            self._background.run(self._ask(state.scope))

    async def _ask_by_name(self, preferred: Person) -> None:
        """Ask the named mentor alone; if they can't be asked, everybody at once."""
        state = self._state
        verdict = await self._asking.look_up(preferred.slack_id)
        if not state.preferred_until:
            return
        if verdict.refusal not in (None, Notice.CANNOT_CHECK):
            self.end_preferred_window()
            return
        named = Candidate(**preferred.model_dump(), scope=Scope.PREFERRED)
        await self._asking.ask_by_name(named)
        ask = state.ask_of(preferred.slack_id)
        if ask and ask.answer is Answer.UNREACHABLE and state.preferred_until:
            self.end_preferred_window()

    async def _check_preferred(self) -> None:
        """Paused, full or gone meanwhile: the others are asked at once."""
        preferred = self._state.start.preferred_mentor
        if preferred is None:
            return
        verdict = await self._asking.look_up(preferred.slack_id)
        cannot = verdict.refusal not in (None, Notice.CANNOT_CHECK)
        if cannot and self._state.preferred_until:
            self.end_preferred_window()

    def hold(self, wish: Hold) -> Notice:
        """A mentor who was asked will do it on a day: steps that turn to others wait for it."""
        state, now = self._state, workflow.now()
        ask = state.ask_of(wish.by)
        if ask is None:
            return Notice.NOT_YOURS
        if state.preferred_until and not self._was_named(wish.by):
            return Notice.NOT_NOW
        if state.hold and state.hold.mentor.slack_id != wish.by:
            return Notice.HELD_ALREADY
        if state.breached or not now < wish.until <= state.wait.respond_by - HOLD_MARGIN:
            return Notice.HOLD_UNUSABLE
        ask.answer = Answer.WAITING
        state.hold = HoldView(mentor=ask.mentor, until=wish.until)
        if state.preferred_until:
            state.preferred_until = state.preferred_check_at = None
        stale = (CardKind.ASK, CardKind.CHANNEL, CardKind.COORDINATORS, CardKind.RECEIVED)
        self._projections.changed("held", *stale, by=wish.by)
        return Notice.HOLD_KEPT

    def end_hold(self, *, remind: bool) -> None:
        """The day has come, or they can't after all: what waited for it is done now."""
        state = self._state
        if state.hold is None:
            return
        mentor = state.hold.mentor
        state.hold = None
        self._projections.changed("hold over", CardKind.ASK, CardKind.CHANNEL, *self._stale())
        if remind:
            self._outbox.send(CardKind.HOLD_DUE, mentor)
        if not self._take_due_steps() and not state.queue:
            return
        if state.next_wave_at is None or state.next_wave_at <= workflow.now():
            state.next_wave_at = None
            self._background.run(self._send_wave())

    # ---- asking -----------------------------------------------------------------------------

    async def stop(self) -> None:
        """No ask or reminder leaves from here on; who was reached is known afterwards."""
        await self._asking.stop()

    async def check(self, claim: Claim) -> MentorCheck:
        """May this person have the request? Those we asked are known even in an outage."""
        state = self._state
        if claim.by == state.mentee.slack_id:
            return MentorCheck(refusal=Notice.OWN_REQUEST)
        if claim.by in state.excluded:
            return MentorCheck(refusal=Notice.RELEASED_BEFORE)
        if state.preferred_until and not self._was_named(claim.by):
            return MentorCheck(refusal=Notice.NOT_NOW)
        verdict = await self._asking.look_up(claim.by)
        ask = state.ask_of(claim.by)
        if verdict.refusal is Notice.CANNOT_CHECK and ask:
            return MentorCheck(mentor=ask.mentor)
        return verdict

    async def check_assignment(self, slack_id: str) -> MentorCheck:
        """May a coordinator give it to this person?"""
        if slack_id == self._state.mentee.slack_id:
            return MentorCheck(refusal=Notice.OWN_REQUEST)
        if slack_id in self._state.excluded:
            return MentorCheck(refusal=Notice.RELEASED_BEFORE)
        return await self._asking.look_up(slack_id)

    def widen(self, wish: Decision) -> Scope:
        """Ask everybody of the next wider scope now, all at once; returns the scope.

        Whoever wished it is told once it is known whether there is anybody left to ask.
        """
        state = self._state
        if state.preferred_until:
            self.end_preferred_window()
        if state.hold:
            self.end_hold(remind=False)
        wider = next((s for s in _EVER_WIDER if s.width > state.scope.width), Scope.ALL)
        at_once = Step(after=timedelta(0), do=StepKind.WAVE, scope=wider, size="all")
        state.next_wave_at = None
        self._background.run(self._widen(wish, at_once))
        return wider

    async def _widen(self, wish: Decision, step: Step) -> None:
        before = len(self._state.asks) + len(self._state.planned)
        await self._ask(step.scope or Scope.ALL, step)
        more = len(self._state.asks) + len(self._state.planned) > before
        if more or self._state.is_searching:
            self._desk.tell(Notice.ASKING_MORE if more else Notice.EVERYBODY_ASKED, wish)

    def everybody_answered(self) -> None:
        """Everybody who was asked has declined: the next wave, or the next step, runs now."""
        state = self._state
        if not (self._keeps_quiet and state.is_searching and state.everybody_declined):
            return
        if state.sending_paused or state.one_has_first_say:
            return
        if state.queue:
            state.next_wave_at = None
            self._background.run(self._send_wave())
        elif rung := ladder.bring_forward(state.start.policy, state.progress):
            self._projections.changed(f"all have declined; step: {rung.step.label}", *self._stale())
            self._background.run(self._take(rung))

    async def _ask(self, scope: Scope, step: Step | None = None) -> None:
        """Find everybody within ``scope`` who was not asked yet, and send the next wave."""
        state = self._state
        if step:
            state.wave = step
        queue, somebody_fits = await self._asking.gather(scope)
        if not somebody_fits:
            self._background.run(self._escalation.call_coordinators(nobody=True))
        if state.is_searching and step and step.size == "all" and queue:
            state.next_wave_at = None
        await self._send_wave()

    async def _send_wave(self) -> None:
        await self._asking.send_wave()
        self.everybody_answered()

    async def _send_planned(self, mornings: list[PlannedAsk]) -> None:
        await self._asking.send_planned(mornings)
        self.everybody_answered()

    def _was_named(self, slack_id: str) -> bool:
        preferred = self._state.start.preferred_mentor
        return preferred is not None and preferred.slack_id == slack_id


_EVER_WIDER = (Scope.FULL, Scope.PARTIAL, Scope.ALL)
