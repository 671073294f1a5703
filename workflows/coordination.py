"""What coordinators do with a request, whichever step it is in."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.models import Person, Role, Status
    from domain.objections import objection
    from domain.orders import (
        Answered,
        AnswerPerson,
        CloseRequest,
        HandBack,
        Nudge,
        Order,
        Take,
        Verdict,
        Widen,
    )
    from domain.policy import Scope
    from domain.state import RequestState
    from domain.view import CardKind, Notice
    from workflows.contact import Contact
    from workflows.correspondence import Correspondence
    from workflows.desk import Desk
    from workflows.escalation import Escalation
    from workflows.projections import Projections
    from workflows.search import Search

SOON = timedelta(seconds=2)
"""Who gave an order waits so long for its answer; later ones are told privately."""


class Coordination:
    """Carries out orders and answers each of them once."""

    def __init__(
        self,
        state: RequestState,
        *,
        desk: Desk,
        search: Search,
        escalation: Escalation,
        contact: Contact,
        correspondence: Correspondence,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._search = search
        self._escalation = escalation
        self._contact = contact
        self._correspondence = correspondence
        self._projections = projections

    def carry_out(self, order: Order) -> None:
        """Everything but Assign and the close, which turn the story."""
        if why_not := objection(order, self._state):  # things have moved on since it was accepted
            self.answer(order, why_not, refused=True)
            return
        match order:
            case Take():
                self._take(order)
            case HandBack():
                self._hand_back(order)
            case Widen():
                self._widen(order)
            case Nudge():
                self._nudge(order)
            case AnswerPerson():
                why_not = self._correspondence.answer(order)
                self.answer(order, why_not or "Your answer is on its way.", refused=bool(why_not))
            case _:
                self.answer(order, "That is not possible at this point.", refused=True)

    def close(self, order: CloseRequest) -> None:
        """Keep the word to the mentee; the ending itself is ``run``'s."""
        self._state.closing_word = order.word
        self._projections.changed("closed by a coordinator", by=order.by, why=order.reason)
        self.answer(order, "Closed. The mentee is told.")

    def refuse(self, order: Order) -> None:
        """An order that the present step has no use for, unless it was answered before."""
        taken = self._state.deciding
        if taken is None or not taken.answered:
            words = objection(order, self._state) or "That is not possible at this point."
            self.answer(order, words, refused=True)

    def leave_none_open(self) -> None:
        """The request was ended while an order was looked at: that one has its answer, too."""
        taken = self._state.deciding
        if taken and taken.ticket and isinstance(taken.decision, Order):
            self.refuse(taken.decision)

    def answer(self, order: Order, words: str, *, refused: bool = False) -> None:
        """The one answer to an order; who doesn't wait for it any more is told privately."""
        state, taken = self._state, self._state.deciding
        verdict = Verdict.REFUSED if refused else Verdict.DONE
        if taken and taken.ticket and taken.decision is order:
            taken.answered = True
            state.answers[taken.ticket] = Answered(verdict=verdict, words=words)
            if not refused or workflow.now() - taken.at < SOON:
                return
        if refused:
            self._desk.tell(Notice.ORDER_REFUSED, order, words=words)

    def _take(self, order: Take) -> None:
        state = self._state
        state.owner = Person(slack_id=order.by, name=order.name)
        state.owner_took_it = True
        self._projections.changed("taken", CardKind.COORDINATORS, by=order.by)
        self.answer(order, "It is yours to look after.")

    def _hand_back(self, order: HandBack) -> None:
        state = self._state
        if not state.owner_took_it:
            self.answer(order, "Nobody has taken this request.", refused=True)
            return
        self._projections.changed("handed back", CardKind.COORDINATORS, by=order.by)
        self._escalation.hand_back()
        self.answer(order, "Handed back to the rota.")

    def _widen(self, order: Widen) -> None:
        scope = self._search.widen(order)
        self._projections.changed("widened", CardKind.COORDINATORS, by=order.by)
        self.answer(order, f"Asking {_WHOM.get(scope, 'more mentors')} now.")

    def _nudge(self, order: Nudge) -> None:
        state = self._state
        if state.role_of(order.by) is Role.MENTOR:
            self.answer(order, "You have this request yourself.", refused=True)
        elif state.claim and state.status is not Status.CLAIMED:
            self.answer(order, "Their session is set: there is nothing to nudge for.", refused=True)
        elif state.claim and state.claim.introduced:
            if self._contact.nudge_now():
                self._projections.changed("mentor nudged", by=order.by)
                self.answer(order, "The mentor gets a friendly word.")
            else:
                words = "They had many messages already. Please write to them yourself."
                self.answer(order, words, refused=True)
        elif state.claim:
            words = "A mentor has just got it: the two are about to be introduced."
            self.answer(order, words, refused=True)
        elif state.is_searching and (reminded := self._escalation.remind_silent(by=order.by)):
            self._projections.changed(f"nudged {reminded}", CardKind.COORDINATORS, by=order.by)
            self.answer(order, f"Reminding {reminded}, in their waking hours.")
        else:
            words = "Everybody who was asked has answered, was reminded, or was asked just now."
            self.answer(order, words, refused=True)


_WHOM = {
    Scope.PARTIAL: "everybody with at least one of the skills",
    Scope.ALL: "every mentor with room",
}
