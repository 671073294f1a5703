"""Asking around: waves of asks, reminders and the escalation ladder of one request."""

from __future__ import annotations

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.airtable import AirtableActivities
    from domain import ladder, matching
    from domain.messages import Claim
    from domain.models import Candidate, Person
    from domain.policy import Scope, Step, StepKind
    from domain.state import Answer, Ask, RequestState
    from domain.view import CardKind, Notice
    from domain.work import (
        COORDINATORS,
        Candidates,
        CheckMentor,
        FindCandidates,
        MentorCheck,
        Posted,
    )
    from workflows.background import Background
    from workflows.calls import CalledOffError, result
    from workflows.desk import Desk
    from workflows.profiles import CHECK, FIND, ORDINARY, URGENT
    from workflows.projections import Projections

PREFERRED_WINDOW = "the mentor who was asked by name"
NEXT_WAVE = "a claim, or the next wave of asks"
NEXT_STEP = "a claim, or the next step"
A_CLAIM = "a claim"


class Search:
    """Finds mentors to ask and asks them, as the policy says, while a request is open."""

    def __init__(
        self,
        state: RequestState,
        desk: Desk,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._background = background
        self._projections = projections
        self._one_at_a_time = asyncio.Lock()
        self._finding: workflow.ActivityHandle[Candidates] | None = None
        self._calling = False

    def deadlines(self) -> dict[str, datetime | None]:
        """Until when the search waits, and for what (UTC)."""
        state = self._state
        if state.preferred_until:
            return {PREFERRED_WINDOW: state.preferred_until}
        return {
            A_CLAIM: None,
            NEXT_STEP: ladder.next_at(state.start.policy, state.progress),
            NEXT_WAVE: state.next_wave_at,
        }

    def begin(self) -> None:
        """Ask the mentor who was named, alone; else the first wave (or whom we have not asked)."""
        preferred = self._state.start.preferred_mentor
        if preferred and self._state.preferred_until:
            self._background.run(self._ask_by_name(preferred))
        else:
            self._background.run(self._ask(self._state.scope))

    def go_on(self) -> None:
        """Do what has fallen due: the end of the named mentor's window, a wave, steps."""
        now, state = workflow.now(), self._state
        if state.preferred_until:
            if state.preferred_until <= now:
                self.end_preferred_window()
            return
        if state.next_wave_at and state.next_wave_at <= now:
            state.next_wave_at = None
            self._background.run(self._send_wave())
        for step in ladder.take_due(state.start.policy, state.progress, now):
            self._projections.changed(f"step: {step.label}")
            self._background.run(self._take(step))

    def end_preferred_window(self) -> None:
        """From here on it is everybody's: the channel card gets its Claim, the first wave goes."""
        self._state.preferred_until = None
        self._projections.changed("open to all mentors", CardKind.CHANNEL)
        self._background.run(self._ask(self._state.scope))

    async def stop(self) -> None:
        """No ask or reminder leaves from here on; who was reached is known afterwards."""
        if self._finding:
            self._finding.cancel()
        await self._desk.recall()
        await workflow.wait_condition(lambda: not self._one_at_a_time.locked())

    async def check(self, claim: Claim) -> MentorCheck:
        """May this person have the request? Those we asked are known even in an outage."""
        state = self._state
        if claim.by == state.mentee.slack_id:
            return MentorCheck(refusal=Notice.OWN_REQUEST)
        if claim.by in state.excluded:
            return MentorCheck(refusal=Notice.RELEASED_BEFORE)
        preferred = state.start.preferred_mentor
        if state.preferred_until and preferred and claim.by != preferred.slack_id:
            return MentorCheck(refusal=Notice.NOT_NOW)
        verdict = await self._look_up(claim.by)
        ask = state.ask_of(claim.by)
        if verdict.refusal is Notice.CANNOT_CHECK and ask:
            return MentorCheck(mentor=ask.mentor)
        return verdict

    # ---- asking -----------------------------------------------------------------------------

    async def _ask_by_name(self, preferred: Person) -> None:
        """Ask the named mentor alone; if they can't be asked, everybody at once."""
        verdict = await self._look_up(preferred.slack_id)
        if not self._state.preferred_until:
            return
        if verdict.refusal not in (None, Notice.CANNOT_CHECK):
            self.end_preferred_window()
            return
        named = Candidate(**preferred.model_dump(), scope=Scope.PREFERRED)
        async with self._one_at_a_time:
            if self._state.preferred_until:
                await self._send_asks([named])
        ask = self._state.ask_of(preferred.slack_id)
        if ask and ask.answer is Answer.UNREACHABLE and self._state.preferred_until:
            self.end_preferred_window()

    async def _ask(self, scope: Scope) -> None:
        """Find everybody within ``scope`` who was not asked yet, and send the next wave."""
        async with self._one_at_a_time:
            state = self._state
            found = await self._find() if state.is_searching else []
            if not state.is_searching:
                return
            best = matching.within(found, Scope.PARTIAL)
            if scope is Scope.FULL and not matching.within(found, Scope.FULL):
                scope = Scope.PARTIAL
            state.scope = max(state.scope, scope, key=lambda one: one.width)
            known = {ask.mentor.slack_id for ask in state.asks}
            reach = matching.within(found, state.scope)
            state.queue = [one for one in reach if one.slack_id not in known]
            if not best and not known and scope is not Scope.ALL:
                self._background.run(self.call_coordinators(nobody=True))
        await self._send_wave()

    async def _find(self) -> list[Candidate]:
        state = self._state
        self._finding = workflow.start_activity_method(
            AirtableActivities.find_candidates,
            FindCandidates(
                service=state.start.service.name,
                skills=[skill.name for skill in state.start.skills],
                mentee=state.mentee.slack_id,
                excluded=state.excluded,
                now=workflow.now(),
            ),
            summary="find mentors",
            priority=ORDINARY,
            **FIND,
        )
        try:
            return (await result(self._finding)).found
        except CalledOffError:
            return []
        except ActivityError:
            workflow.logger.error("Mentors could not be looked up; see the failed activity")
            return []
        finally:
            self._finding = None

    async def _send_wave(self) -> None:
        """The best of the queue: everybody when they are few, else one wave of them.

        The distance to the wave before is kept, also when a claim and its undo lie between.
        """
        async with self._one_at_a_time:
            state, policy = self._state, self._state.start.policy
            too_early = state.next_wave_at is not None and state.next_wave_at > workflow.now()
            if not state.is_searching or not state.queue or too_early:
                return
            wave = state.queue[: policy.wave_size]
            state.queue = state.queue[policy.wave_size :]
            state.next_wave_at = workflow.now() + policy.wave_spacing if state.queue else None
            await self._send_asks(wave)

    async def _send_asks(self, mentors: list[Candidate]) -> None:
        state = self._state
        now = workflow.now()
        state.asks.extend(Ask(mentor=mentor, at=now) for mentor in mentors)
        asks = [self._desk.to_person(CardKind.ASK, mentor.slack_id) for mentor in mentors]
        posted = await self._desk.post(*asks, about=f"ask {len(asks)}", recallable=True)
        self._settle_wave(mentors, posted)
        if posted.cards:
            state.first_asked_at = state.first_asked_at or now
            stale = [CardKind.COORDINATORS] if state.no_candidates else []
            state.no_candidates = False
            self._projections.changed(f"asked {len(posted.cards)}", *stale)

    def _settle_wave(self, mentors: list[Candidate], posted: Posted) -> None:
        """Mentors whom a recalled wave had not reached were not asked: they are next in line."""
        state = self._state
        reached = {card.to for card in posted.cards}
        for mentor in mentors:
            ask = state.ask_of(mentor.slack_id)
            if ask is None or mentor.slack_id in reached:
                continue
            if mentor.slack_id in posted.unreachable or state.is_searching:
                ask.answer = (
                    Answer.UNREACHABLE
                )  # Slack refused it: asking again would change nothing
            else:
                state.asks.remove(ask)
                state.queue.append(mentor)
                state.next_wave_at = workflow.now()

    async def _look_up(self, slack_id: str) -> MentorCheck:
        try:
            return await workflow.execute_activity_method(
                AirtableActivities.check_mentor,
                CheckMentor(slack_id=slack_id, now=workflow.now()),
                summary="is this a mentor with room?",
                priority=URGENT,
                **CHECK,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):  # the whole request is being cancelled
                raise asyncio.CancelledError from error
            return MentorCheck(refusal=Notice.CANNOT_CHECK)

    # ---- the ladder -------------------------------------------------------------------------

    async def _take(self, step: Step) -> None:
        if not self._state.is_searching:  # a claim came in together with the deadline
            return
        match step.do:
            case StepKind.REMIND:
                await self._remind()
            case StepKind.WIDEN:
                await self._ask(step.scope or Scope.ALL)
            case StepKind.BUMP:
                await self._bump(CardKind.BUMP, self._state.progress.done)
            case StepKind.COORDINATORS:
                await self.call_coordinators()
            case StepKind.UPDATE_MENTEE:
                mentee, number = self._state.mentee.slack_id, self._state.progress.done
                update = self._desk.to_person(CardKind.UPDATE, mentee, number=number)
                await self._desk.post(update, recallable=True)
            case StepKind.UNKNOWN:
                workflow.logger.error("The policy names a step that this release does not know")

    async def _remind(self) -> None:
        silent = self._state.silent()
        reminders = []
        for ask in silent:
            card = self._state.card(CardKind.ASK, ask.mentor.slack_id)
            if reminder := self._desk.under(card, CardKind.REMINDER):
                reminders.append(reminder)
        if not reminders:
            return
        about = f"remind {len(reminders)}"
        posted = await self._desk.post(*reminders, about=about, recallable=True)
        reached = {card.to for card in posted.cards}
        for ask in silent:
            ask.reminded = ask.mentor.slack_id in reached

    async def _bump(self, kind: CardKind, number: int) -> None:
        channel_card = self._state.card(CardKind.CHANNEL)
        if bump := self._desk.under(channel_card, kind, number=number):
            await self._desk.post(bump, recallable=True)

    async def call_coordinators(self, *, nobody: bool = False) -> None:
        """Bring the request to the coordinators' eyes: one card, however often it is called."""
        state = self._state
        state.no_candidates = state.no_candidates or nobody
        self._projections.changed("coordinators called")
        card = state.card(CardKind.COORDINATORS)
        if card.message:
            state.mark_unpainted(CardKind.COORDINATORS)
        elif not self._calling:
            self._calling = True
            await self._desk.post(self._desk.to_channel(CardKind.COORDINATORS, COORDINATORS))
            self._calling = False
