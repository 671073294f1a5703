"""Whom to ask, and when each of them may be: candidates, waves, mornings."""

from __future__ import annotations

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.airtable import AirtableActivities
    from activities.mentors import MentorActivities
    from activities.people import PeopleActivities
    from domain import matching
    from domain.memory import Answer, Ask, PlannedAsk, Withheld
    from domain.mentor_messages import MayAsk, Reserve, Terms
    from domain.models import Candidate, Person
    from domain.policy import Scope
    from domain.state import MENTORS_ROOM, NOTHING_SLIPS, RequestState
    from domain.view import CardKind, Notice
    from domain.work import (
        Candidates,
        CheckMentor,
        FindCandidates,
        LookUpPeople,
        MentorCheck,
        Outgoing,
        Posted,
    )
    from workflows.calls import CalledOffError, result
    from workflows.desk import Desk
    from workflows.outbox import Outbox
    from workflows.profiles import CHECK, FIND, LOOK_UP, ORDINARY, URGENT
    from workflows.projections import Projections


MANY = 300
"""So many were asked that an answer, which has the best 500, might have nobody else."""


class Asking:
    """Finds mentors and asks them, one wave at a time; called by the search."""

    def __init__(
        self, state: RequestState, desk: Desk, outbox: Outbox, projections: Projections
    ) -> None:
        self._state = state
        self._desk = desk
        self._outbox = outbox
        self._projections = projections
        self._one_at_a_time = asyncio.Lock()
        self._finding: workflow.ActivityHandle[Candidates] | None = None

    async def stop(self) -> None:
        """No ask or reminder leaves from here on; who was reached is known afterwards."""
        if self._finding:
            self._finding.cancel()
        await self._desk.recall()
        await workflow.wait_condition(lambda: not self._one_at_a_time.locked())

    async def look_up(self, slack_id: str, wish: Reserve | None = None) -> MentorCheck:
        """May this person take the request right now? With ``wish`` a slot is held for it, too."""
        ask = self._state.ask_of(slack_id)
        try:
            return await workflow.execute_activity_method(
                MentorActivities.check_mentor,
                CheckMentor(
                    slack_id=slack_id,
                    now=workflow.now(),
                    mentee=self._state.mentee.slack_id,
                    wish=wish,
                    known=ask.mentor if ask else None,
                ),
                summary="hold a slot of this mentor" if wish else "is this a mentor with room?",
                priority=URGENT,
                **CHECK,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):  # the whole request is being cancelled
                raise asyncio.CancelledError from error
            return MentorCheck(refusal=Notice.CANNOT_CHECK)

    async def candidates(self) -> list[Candidate]:
        """Everyone who may be asked now, best first; empty when it was called off."""
        async with self._one_at_a_time:
            return await self._find() if self._state.is_searching else []

    async def _find(self) -> list[Candidate]:
        state = self._state
        asked = [ask.mentor.slack_id for ask in state.asks] if len(state.asks) > MANY else []
        self._finding = workflow.start_activity_method(
            AirtableActivities.find_candidates,
            FindCandidates(
                service=state.start.service.name,
                skills=[skill.name for skill in state.start.skills],
                mentee=state.mentee.slack_id,
                excluded=[*state.excluded, *asked],
                now=workflow.now(),
                cap_lifted=state.cap_lifted,
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

    async def zone_of(self, *people: Person) -> dict[str, str]:
        """Slack's time zones for those of whom the roster knows none."""
        missing = [one.slack_id for one in people if not one.time_zone]
        if not missing or self._state.rules < NOTHING_SLIPS:
            return {}
        known = await self._in_slack(missing, summary=f"time zones of {len(missing)}")
        return {person.slack_id: person.time_zone for person in known or ()}

    async def account_of(self, named: Person) -> Person | None:
        """The person, with Slack's time zone if they had none; None when the account is closed.

        Slack takes messages to closed accounts without a word, so it has to be asked.
        """
        if self._state.rules < NOTHING_SLIPS:
            return named
        known = await self._in_slack([named.slack_id], summary="are they still in Slack?")
        if known is None:
            return named
        zone = next((one.time_zone for one in known), None)
        if zone is None:
            return None
        return named.model_copy(update={"time_zone": named.time_zone or zone})

    async def _in_slack(self, slack_ids: list[str], *, summary: str) -> list[Person] | None:
        """Those of them who have an account; None when Slack could not be asked."""
        try:
            known = await workflow.execute_activity_method(
                PeopleActivities.look_up_people,
                LookUpPeople(slack_ids=slack_ids),
                summary=summary,
                priority=ORDINARY,
                **LOOK_UP,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise asyncio.CancelledError from error
            return None
        return known.found

    def turned_to(self, mentor: Person) -> bool:
        """They were asked, or will be in their morning."""
        return mentor.slack_id in self._known()

    def leave_out(self, mentor: Person, *, for_good: bool) -> None:
        """They can't be asked in their morning, either; ``for_good``: nor with any later wave."""
        state = self._state
        state.planned = [one for one in state.planned if one.mentor.slack_id != mentor.slack_id]
        if not for_good:
            return
        if ask := state.ask_of(mentor.slack_id):
            ask.answer = Answer.UNREACHABLE
        else:
            candidate = Candidate(**mentor.model_dump(), scope=Scope.PREFERRED)
            gone = Ask(mentor=candidate, at=workflow.now(), answer=Answer.UNREACHABLE)
            state.asks.append(gone)

    async def ask_by_name(self, named: Candidate) -> None:
        """Ask one mentor alone, in their morning if they sleep."""
        async with self._one_at_a_time:
            if self._state.preferred_until and not self.turned_to(named):
                await self._ask_awake([named])

    async def gather(self, scope: Scope) -> bool:
        """Put everybody within ``scope`` who was not asked yet into the queue.

        Returns whether any mentor fits the request at all.
        """
        async with self._one_at_a_time:
            state = self._state
            found = await self._find() if state.is_searching else []
            if not state.is_searching:
                return True
            best = matching.within(found, Scope.PARTIAL)
            if scope is Scope.FULL and not matching.within(found, Scope.FULL):
                scope = Scope.PARTIAL
            state.scope = max(state.scope, scope, key=lambda one: one.width)
            known = self._known()
            reach = matching.within(found, state.scope)
            left_out = known | self._withheld_lately()
            state.queue = [one for one in reach if one.slack_id not in left_out]
            return bool(best or known or scope is Scope.ALL)

    def _withheld_lately(self) -> set[str]:
        """Their own workflows said no within this wave's time: what is read may be older."""
        since = workflow.now() - self._state.wave.spacing
        return {mentor for mentor, one in self._state.withheld.items() if one.at > since}

    def _known(self) -> set[str]:
        """Those who were asked, or will be in their morning."""
        asked = {ask.mentor.slack_id for ask in self._state.asks}
        return asked | {planned.mentor.slack_id for planned in self._state.planned}

    async def send_wave(self) -> None:
        """The best of the queue: everybody when they are few, else one wave of them.

        The distance to the wave before is kept, also when a claim and its undo lie between.
        """
        async with self._one_at_a_time:
            state, now = self._state, workflow.now()
            if not state.is_searching or not state.queue or self._too_early(now):
                return
            if state.sending_paused or (state.one_has_first_say and state.rules >= NOTHING_SLIPS):
                state.next_wave_at = now  # as soon as that is over
                return
            wave = self._next_wave(now)
            state.queue = [one for one in state.queue if one not in wave]
            state.next_wave_at = now + state.wave.spacing if state.queue else None
            asked = len(state.asks)
            await self._ask_awake(wave)
            await self._ask_in_their_place(now)
            if state.queue and state.planned and len(state.asks) == asked and state.next_wave_at:
                state.next_wave_at = max(state.next_wave_at, self._after_the_night())

    async def _ask_in_their_place(self, began: datetime) -> None:
        """For each whose own workflow said no, the next in line who is awake."""
        state = self._state
        while state.is_searching and not (state.sending_paused or state.one_has_first_say):
            missing = sum(one.at >= began and not one.replaced for one in state.withheld.values())
            instead = self._awake(workflow.now())[:missing]
            if not instead:
                return
            for one in state.withheld.values():
                one.replaced = True
            state.queue = [one for one in state.queue if one not in instead]
            await self._ask_awake(instead)

    def _too_early(self, now: datetime) -> bool:
        """The wave before is still being thought about; one that sleeps keeps nobody waiting."""
        state = self._state
        if state.next_wave_at is None or state.next_wave_at <= now:
            return False
        if state.rules < NOTHING_SLIPS:
            return True
        lately = any(now - ask.at < state.wave.spacing for ask in state.asks)
        return lately or not self._awake(now)

    def _next_wave(self, now: datetime) -> list[Candidate]:
        """The best of the queue, as many as a wave has; while these sleep, the best of the rest."""
        state = self._state
        size = len(state.queue) if state.wave.size == "all" else state.wave.size
        best, awake = state.queue[:size], self._awake(now)
        return best if any(one in awake for one in best) else awake[:size] or best

    def _awake(self, now: datetime) -> list[Candidate]:
        return [one for one in self._state.queue if self._outbox.delivery(one, now) <= now]

    def _after_the_night(self) -> datetime:
        """Everybody sleeps, and a wave is planned for its morning: when the next one goes (UTC).

        With whoever wakes first; but not on top of the planned wave.
        """
        state, now = self._state, workflow.now()
        morning = min(one.due for one in state.planned)
        first = min(self._outbox.delivery(one, now) for one in state.queue)
        return first if first < morning else morning + state.wave.spacing

    def take_planned(self, now: datetime) -> list[PlannedAsk]:
        """Those whose morning it is: taken off the plan, for ``send_planned``."""
        due = [one for one in self._state.planned if one.due <= now]
        self._state.planned = [one for one in self._state.planned if one.due > now]
        return due

    async def send_planned(self, due: list[PlannedAsk]) -> None:
        """Ask those whose morning it is, as far as they still may be asked."""
        async with self._one_at_a_time:
            state = self._state
            able = await self._still_able(due) if state.is_searching else []
            if state.is_searching and not state.sending_paused:
                began = workflow.now()
                await self._ask_awake(able)
                await self._ask_in_their_place(began)
            else:  # claimed meanwhile; should it come back, it is on from here
                state.planned.extend(due)

    async def _still_able(self, planned: list[PlannedAsk]) -> list[Candidate]:
        """Of these, those who can still be asked: a night has passed since they were chosen."""
        able = {one.slack_id: one for one in await self._find()}
        if self._state.rules < MENTORS_ROOM:  # went by what was read the evening before
            return [one.mentor for one in planned if one.mentor.slack_id in able]
        zones = {one.mentor.slack_id: one.mentor.time_zone for one in planned}
        fresh = [able[mentor] for mentor in zones if mentor in able]
        for mentor in fresh:
            mentor.time_zone = mentor.time_zone or zones[mentor.slack_id]
        return fresh

    async def _ask_awake(self, mentors: list[Candidate]) -> None:
        """Ask those who are awake; the others in their morning; nobody who is known by now."""
        mentors = [one for one in mentors if one.slack_id not in self._known()]
        zones = await self.zone_of(*mentors)
        now, awake = workflow.now(), []
        for mentor in mentors:
            mentor.time_zone = mentor.time_zone or zones.get(mentor.slack_id, "")
            due = self._outbox.delivery(mentor, now)
            if due <= now:
                awake.append(mentor)
            else:
                self._state.planned.append(PlannedAsk(mentor=mentor, due=due))
        if self._state.sending_paused:
            self._put_back(awake)
        elif awake and self._state.is_searching:
            await self._send_asks(awake)

    async def _send_asks(self, mentors: list[Candidate]) -> None:
        state = self._state
        now = workflow.now()
        state.asks.extend(Ask(mentor=mentor, at=now) for mentor in mentors)
        new = [mentor for mentor in mentors if not self._has_card(mentor)]
        asks = [self._ask_card(mentor, place) for place, mentor in enumerate(new)]
        about = f"ask {len(asks)}"
        posted = Posted()
        if asks:
            posted = await self._desk.post(*asks, about=about, recallable=True)
        self._settle_wave(new, posted)
        if posted.cards:
            state.first_asked_at = state.first_asked_at or now
            counted = state.no_candidates or state.rules >= NOTHING_SLIPS
            stale = [CardKind.COORDINATORS] if counted else []
            state.no_candidates = False
            self._projections.changed(f"asked {len(posted.cards)}", *stale)

    def _ask_card(self, mentor: Candidate, place: int) -> Outgoing:
        """Written only if their own workflow says yes at that moment."""
        card = self._desk.to_person(CardKind.ASK, mentor.slack_id)
        card.wish = MayAsk(
            at=matching.asked_at(workflow.now(), place),
            request_id=self._state.request_id,
            cap_lifted=self._state.cap_lifted,
            terms=_terms_of(mentor),
        )
        return card

    def _has_card(self, mentor: Person) -> bool:
        """They had claimed it in the channel, and have undone it: their card becomes the ask."""
        state = self._state
        if state.rules < NOTHING_SLIPS or not state.card(CardKind.ASK, mentor.slack_id).message:
            return False
        state.mark_card_unpainted(CardKind.ASK, mentor.slack_id)
        return True

    def _settle_wave(self, mentors: list[Candidate], posted: Posted) -> None:
        """Mentors whom a recalled wave had not reached were not asked: they are next in line."""
        state = self._state
        reached, missed = {card.to for card in posted.cards}, []
        for mentor in mentors:
            ask = state.ask_of(mentor.slack_id)
            if ask is None or mentor.slack_id in reached:
                continue
            if why := posted.withheld.get(mentor.slack_id):
                state.asks.remove(ask)
                state.withheld[mentor.slack_id] = Withheld(why=why, at=workflow.now())
                continue
            refused = state.is_searching and not state.sending_paused
            if mentor.slack_id in posted.unreachable or refused:
                # Slack refused it: asking again would change nothing
                ask.answer = Answer.UNREACHABLE
            else:
                state.asks.remove(ask)
                missed.append(mentor)
        self._put_back(missed)

    def _put_back(self, mentors: list[Candidate]) -> None:
        state, now = self._state, workflow.now()
        if mentors:
            state.queue = [*mentors, *state.queue]
            state.next_wave_at = now
            state.preferred_check_at = now if state.preferred_until else None

    def due(self) -> dict[str, datetime | None]:
        """When the next asks that wait for somebody's morning are due (UTC)."""
        planned = self._state.planned
        if not planned:
            return {}
        return {MORNINGS: min(one.due for one in planned)}


MORNINGS = "a claim, or the morning of mentors who are asked then"


def _terms_of(mentor: Candidate) -> Terms | None:
    if mentor.max_mentees is None or mentor.weekly_asks is None:
        return None
    return Terms(
        name=mentor.name,
        max_mentees=mentor.max_mentees,
        weekly_asks=mentor.weekly_asks,
        time_zone=mentor.time_zone,
        quiet_hours=mentor.quiet_hours,
    )
