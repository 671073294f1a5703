"""Messages that nobody asked for wait for the morning of whoever they are for."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import budget
    from domain.memory import Answer, Later
    from domain.models import Person, Role, Status
    from domain.state import RequestState
    from domain.view import CardKind
    from domain.work import Outgoing
    from workflows.background import Background
    from workflows.desk import Desk

LOOK_AGAIN = timedelta(minutes=5)
"""After so long it is seen whether a message that was stopped on its way is still true."""
MORNING = "somebody's morning, to write to them"
_OF_A_SEARCH = frozenset(
    {CardKind.REMINDER, CardKind.UPDATE, CardKind.OPENED_WIDER, CardKind.HOLD_DUE}
)
"""Worth nothing any more once somebody has claimed."""


class Outbox:
    """Sends at once to who is awake, later to who is not, and never what is no longer true.

    Quiet hours hold back pings; they stop no clock (DESIGN §3).
    """

    def __init__(self, state: RequestState, desk: Desk, background: Background) -> None:
        self._state = state
        self._desk = desk
        self._background = background

    def deadlines(self) -> dict[str, datetime | None]:
        """When the next message that waits may go (UTC)."""
        later = self._state.later
        if not later or self._state.sending_paused:
            return {}
        return {MORNING: min(one.due for one in later)}

    def delivery(self, person: Person, at: datetime) -> datetime:
        """The first moment from ``at`` on when this person may be pinged (UTC)."""
        quiet = self._state.start.policy.quiet_hours
        return quiet.delivery(at, person.time_zone) if quiet else at

    def send(self, kind: CardKind, *people: Person, number: int = 0, about: str = "") -> list[str]:
        """Write to these people as soon as each may be pinged; returns who gets it, now or later.

        Left out is whose message budget is used up.
        """
        now, awake, reached = workflow.now(), [], []
        for person in people:
            if not self._has_room(kind, person.slack_id):
                continue
            reached.append(person.slack_id)
            earliest = budget.earliest(kind, person.slack_id, now, self._state.unprompted)
            due = self.delivery(person, earliest)
            if due <= now and not self._state.sending_paused:
                awake.append(person.slack_id)
            else:
                self._hold_back(Later(kind=kind, to=person.slack_id, number=number, due=due))
        self._write([(kind, to, number) for to in awake], about=about)
        return reached

    def go_on(self) -> None:
        """Write what waited for this moment, as far as it is still true."""
        now, state = workflow.now(), self._state
        if state.sending_paused:
            return
        due = [one for one in state.later if one.due <= now]
        if not due:
            return
        state.later = [one for one in state.later if one.due > now]
        awake = []
        for one in due:
            if one.kind in _OF_A_SEARCH and state.claim and not state.claim.introduced:
                one.due = now + LOOK_AGAIN  # the claim can still be undone
                self._hold_back(one)
                continue
            if not self._is_true(one):
                continue
            # it may be their next evening by now
            one.due = self.delivery(state.person(one.to), now)
            if one.due <= now:
                awake.append((one.kind, one.to, one.number))
            else:
                self._hold_back(one)
        self._write(awake)

    def _hold_back(self, message: Later) -> None:
        """Until somebody's morning; of two of a kind only the latest is worth reading then."""
        same = (message.kind, message.to)
        self._state.later = [one for one in self._state.later if (one.kind, one.to) != same]
        self._state.later.append(message)

    def _write(self, messages: list[tuple[CardKind, str, int]], about: str = "") -> None:
        outgoing = []
        for kind, to, number in messages:
            if message := self._addressed(kind, to, number):
                outgoing.append(message)
                if kind in budget.UNPROMPTED:
                    self._state.unprompted[to] = workflow.now()
        if outgoing:
            self._background.run(self._deliver(outgoing, about))

    async def _deliver(self, outgoing: list[Outgoing], about: str) -> None:
        """Write them; what was stopped on its way waits, in case it is still true later."""
        of_a_search = all(one.card.kind in _OF_A_SEARCH for one in outgoing)
        posted = await self._desk.post(*outgoing, about=about, recallable=of_a_search)
        if not posted.recalled:
            return
        reached = {card.key for card in posted.cards}
        for card in (one.card for one in outgoing if one.card.key not in reached):
            due = workflow.now() + LOOK_AGAIN
            self._hold_back(Later(kind=card.kind, to=card.to, number=card.number, due=due))

    def _addressed(self, kind: CardKind, to: str, number: int) -> Outgoing | None:
        """Reminders and nudges stand under the card whose buttons they speak of."""
        if kind in (CardKind.REMINDER, CardKind.HOLD_DUE, CardKind.NUDGE):
            return self._desk.under(self._state.card(CardKind.ASK, to), kind, number=number)
        if kind is CardKind.FEEDBACK_REMINDER:
            asked = self._state.card(CardKind.FEEDBACK, to, self._state.done_asks)
            return self._desk.under(asked, kind, number=number)
        return self._desk.to_person(kind, to, number=number)

    def _has_room(self, kind: CardKind, to: str) -> bool:
        role = Role.MENTEE if to == self._state.mentee.slack_id else Role.MENTOR
        return budget.has_room(kind, role, self._state.sent.get(to, 0))

    def _is_true(self, later: Later) -> bool:
        state = self._state
        match later.kind:
            case CardKind.REMINDER:
                ask = state.ask_of(later.to)
                return state.is_searching and ask is not None and ask.answer is Answer.WAITING
            case CardKind.HOLD_DUE | CardKind.UPDATE | CardKind.OPENED_WIDER | CardKind.RELEASED:
                return state.is_searching
            case CardKind.NUDGE:
                return state.mentor_id == later.to and state.status is Status.CLAIMED
            case CardKind.FEEDBACK | CardKind.FEEDBACK_REMINDER:
                asking = state.status is Status.AWAITING_FEEDBACK
                return asking and state.role_of(later.to) not in state.feedback
            case _:
                return True
