"""Messages that nobody asked for wait for the morning of whoever they are for."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import budget, ladder
    from domain.memory import Answer, Later, Silence
    from domain.models import Person, Role, Status
    from domain.policy import StepKind
    from domain.state import MENTORS_ROOM, NOTHING_SLIPS, RequestState
    from domain.view import CardKind
    from domain.work import Outgoing, Posted
    from workflows.background import Background
    from workflows.desk import Desk
    from workflows.slots import Slots

LOOK_AGAIN = timedelta(minutes=5)
"""After so long it is seen whether a message that was stopped on its way is still true."""
MORNING = "somebody's morning, to write to them"
AN_ANSWER_TO_IT = "an answer to the reminder"
TIME_TO_ANSWER = timedelta(hours=2)
"""Waking hours in which a reminded mentor may still answer before it counts against them."""
_OF_A_SEARCH = frozenset(
    {CardKind.REMINDER, CardKind.UPDATE, CardKind.OPENED_WIDER, CardKind.HOLD_DUE}
)
"""Worth nothing any more once somebody has claimed."""
_WHILE_NOBODY_HAS_IT = _OF_A_SEARCH | {CardKind.RELEASED}
"""True again if the claim is undone, so they wait for what becomes of it."""


class Outbox:
    """Sends at once to who is awake, later to who is not, and never what is no longer true.

    Quiet hours hold back pings; they stop no clock (DESIGN §3).
    """

    def __init__(
        self, state: RequestState, desk: Desk, background: Background, slots: Slots
    ) -> None:
        self._state = state
        self._desk = desk
        self._background = background
        self._slots = slots

    def deadlines(self) -> dict[str, datetime | None]:
        """When the next message that waits may go (UTC)."""
        state = self._state
        due: dict[str, datetime | None] = {}
        if state.status.is_final:
            return due
        if state.later and not state.sending_paused:
            due[MORNING] = min(one.due for one in state.later)
        if state.silences and state.is_searching:
            due[AN_ANSWER_TO_IT] = min(one.due for one in state.silences)
        return due

    def delivery(self, person: Person, at: datetime) -> datetime:
        """The first moment from ``at`` on when this person may be pinged (UTC)."""
        quiet = person.quiet_hours or self._state.start.policy.quiet_hours
        return quiet.delivery(at, person.time_zone) if quiet else at

    def send(self, kind: CardKind, *people: Person, number: int = 0, about: str = "") -> list[str]:
        """Write to these people as soon as each may be pinged; returns who gets it, now or later.

        Left out is whose message budget is used up.
        """
        now, awake, reached = workflow.now(), [], []
        for person in people:
            if not self._fits(kind, person.slack_id):
                continue
            reached.append(person.slack_id)
            due = self.delivery(person, self._earliest(kind, person.slack_id))
            message = Later(kind=kind, to=person.slack_id, number=number, due=due)
            if due <= now and not self._state.sending_paused:
                awake.append(message)
            else:
                self._hold_back(message)
        self._write(awake, about=about)
        return reached

    def go_on(self) -> None:
        """Write what waited for this moment, as far as it is still true."""
        now, state = workflow.now(), self._state
        self._count_silences(now)
        if state.sending_paused:
            return
        due = [one for one in state.later if one.due <= now]
        if not due:
            return
        state.later = [one for one in state.later if one.due > now]
        awake = []
        for one in due:
            if one.kind in _WHILE_NOBODY_HAS_IT and state.claim and not state.claim.introduced:
                one.due = now + LOOK_AGAIN  # the claim can still be undone
                self._hold_back(one)
                continue
            if not self._is_true(one):
                continue
            # it may be their next evening by now
            one.due = self.delivery(state.person(one.to), now)
            if one.due <= now:
                awake.append(one)
            else:
                self._hold_back(one)
        self._write(awake)

    def _hold_back(self, message: Later) -> None:
        """Until somebody's morning; of two of a kind only the latest is worth reading then."""
        if self._state.status.is_final:
            return
        same = (message.kind, message.to)
        self._state.later = [one for one in self._state.later if (one.kind, one.to) != same]
        self._state.later.append(message)

    def _write(self, messages: list[Later], about: str = "") -> None:
        outgoing = []
        for one in messages:
            if message := self._addressed(one.kind, one.to, one.number):
                message.may_stand = one.may_stand
                outgoing.append(message)
                if one.kind in budget.UNPROMPTED:
                    self._state.unprompted[one.to] = workflow.now()
        if outgoing:
            self._background.run(self._deliver(outgoing, about))

    async def _deliver(self, outgoing: list[Outgoing], about: str) -> None:
        """Write them; what was stopped on its way waits, in case it is still true later."""
        of_a_search = all(one.card.kind in _OF_A_SEARCH for one in outgoing)
        recallable = of_a_search or self._state.rules >= NOTHING_SLIPS
        posted = await self._desk.post(
            *outgoing, about=about, recallable=recallable, urgent=not of_a_search
        )
        self._await_answers(posted)
        if not posted.recalled:
            return
        stands = {card.key for card in posted.cards if card.message}
        due = workflow.now() + LOOK_AGAIN
        for card in (one.card for one in outgoing if one.card.key not in stands):
            later = Later(kind=card.kind, to=card.to, number=card.number, due=due, may_stand=True)
            self._hold_back(later)

    def _await_answers(self, posted: Posted) -> None:
        """Who has the ladder's reminder before them gets some waking hours to react."""
        state = self._state
        if state.rules < MENTORS_ROOM or not state.is_searching:
            return
        if not ladder.has_taken(StepKind.REMIND, state.start.policy, state.progress):
            return
        for card in posted.cards:
            if card.kind is CardKind.REMINDER and card.message:
                due = self._after_waking(state.person(card.to), TIME_TO_ANSWER)
                state.silences.append(Silence(mentor=card.to, due=due))

    def _after_waking(self, person: Person, waking: timedelta) -> datetime:
        quiet = person.quiet_hours or self._state.start.policy.quiet_hours
        now = workflow.now()
        return quiet.after_waking(now, waking, person.time_zone) if quiet else now + waking

    def _count_silences(self, now: datetime) -> None:
        """The request is still open, and they have not reacted: their own workflow hears of it."""
        state = self._state
        due = [one for one in state.silences if one.due <= now]
        if not due or not state.is_searching:
            return
        state.silences = [one for one in state.silences if one.due > now]
        for one in due:
            ask = state.ask_of(one.mentor)
            if ask and state.may_still_answer(ask, now):
                self._slots.unanswered(one.mentor)

    def _addressed(self, kind: CardKind, to: str, number: int) -> Outgoing | None:
        """Reminders and nudges stand under the card whose buttons they speak of."""
        if kind in (CardKind.REMINDER, CardKind.HOLD_DUE, CardKind.NUDGE):
            return self._desk.under(self._state.card(CardKind.ASK, to), kind, number=number)
        if kind is CardKind.FEEDBACK_REMINDER:
            asked = self._state.card(CardKind.FEEDBACK, to, self._state.done_asks)
            return self._desk.under(asked, kind, number=number)
        return self._desk.to_person(kind, to, number=number)

    def _fits(self, kind: CardKind, to: str) -> bool:
        """There is room for it in their message budget; release 0.1 had none."""
        state = self._state
        if state.rules < NOTHING_SLIPS:
            return True
        if kind is CardKind.OPENED_WIDER and self._update_is_near():
            return False
        role = Role.MENTEE if to == state.mentee.slack_id else Role.MENTOR
        return budget.has_room(kind, role, state.sent.get(to, 0))

    def _earliest(self, kind: CardKind, to: str) -> datetime:
        if self._state.rules < NOTHING_SLIPS:
            return workflow.now()
        return budget.earliest(kind, to, workflow.now(), self._state.unprompted)

    def _update_is_near(self) -> bool:
        """The mentee has just read how it stands, or is about to: one word a day is enough."""
        state, now = self._state, workflow.now()
        if any(one.kind is CardKind.UPDATE for one in state.later):
            return True
        due = ladder.next_of(StepKind.UPDATE_MENTEE, state.start.policy, state.progress)
        last = state.unprompted.get(state.mentee.slack_id)
        soon = due is not None and due - now < budget.APART_IN_A_DAY
        return soon or (last is not None and now - last < budget.APART_IN_A_DAY)

    def _waits_for(self, mentor: str) -> bool:
        """Earlier releases sent a held reminder also to who had given the request back."""
        state, ask, now = self._state, self._state.ask_of(mentor), workflow.now()
        if ask is None:
            return False
        if state.rules < MENTORS_ROOM:
            return ask.answer is Answer.WAITING and not state.is_away(mentor, now)
        return state.may_still_answer(ask, now)

    def _is_true(self, later: Later) -> bool:  # noqa: PLR0911 - one return a kind
        state = self._state
        match later.kind:
            case CardKind.REMINDER:
                return state.is_searching and self._waits_for(later.to)
            case CardKind.HOLD_DUE:
                return state.is_searching and not state.is_away(later.to, workflow.now())
            case CardKind.UPDATE | CardKind.OPENED_WIDER | CardKind.RELEASED:
                covered = later.kind is CardKind.OPENED_WIDER and self._update_is_near()
                return state.is_searching and not covered
            case CardKind.NUDGE:
                return state.mentor_id == later.to and state.status is Status.CLAIMED
            case CardKind.CHECK_IN:
                return state.mentor_id == later.to and state.contact.asked_at is not None
            case CardKind.FEEDBACK | CardKind.FEEDBACK_REMINDER:
                asking = state.status is Status.AWAITING_FEEDBACK
                return asking and state.role_of(later.to) not in state.feedback
            case _:
                return True
