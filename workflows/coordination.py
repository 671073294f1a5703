"""What coordinators do with a request, whichever step it is in."""

from __future__ import annotations

import re
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.models import MAX_NOTE, MAX_TEXT, Person, Role, Status
    from domain.orders import (
        Answered,
        AnswerPerson,
        Assign,
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
MAX_NAME = 80
"""Characters of a coordinator's name: as many as Slack lets anybody have. With the id it goes into
a search attribute; the server ends a workflow that writes one of more than 2048 bytes."""
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


def malformed(order: Order) -> str:
    """What is amiss with an order as it was typed, "" when nothing is.

    Only validators ask: an order that an earlier release has accepted is carried out on replay.
    """
    amiss = _no_id("by", order.by, "Every order says who gives it") or _no_name(order.name)
    match order:
        case Assign():
            return amiss or _no_id("mentor", order.mentor, "Say which mentor gets it")
        case CloseRequest():
            amiss = amiss or _no_words("reason", order.reason, "Say why it is closed", MAX_NOTE)
            return amiss or _too_long("word", order.word, MAX_TEXT)
        case AnswerPerson():
            amiss = amiss or _no_id("to", order.to, "Say who is answered")
            return amiss or _no_words("text", order.text, "Say what they will read", MAX_TEXT)
    return amiss


def _no_id(field: str, given: str, wanted: str) -> str:
    if _SLACK_ID.fullmatch(given):
        return ""
    return f'{wanted}: put a Slack id into "{field}", such as U0123ABCD.'


def _no_name(given: str) -> str:
    if len(given) <= MAX_NAME and given.splitlines() in ([], [given]):
        return ""
    return f'Put a name of one line and at most {MAX_NAME} characters into "name", or leave it out.'


def _no_words(field: str, given: str, wanted: str, longest: int) -> str:
    if not given.strip():
        return f'{wanted}: put a sentence or two into "{field}".'
    return _too_long(field, given, longest)


def _too_long(field: str, given: str, longest: int) -> str:
    if len(given) <= longest:
        return ""
    return f'Please shorten "{field}" to {longest} characters; it has {len(given)} now.'


def objection(order: Order, state: RequestState) -> str:
    """Why an order can't be taken at all, "" when it can: what validators say at once."""
    if not order.by.strip():
        return 'Every order says who gives it: put a Slack id into "by".'
    if isinstance(order, Assign) and not order.mentor.strip():
        return 'Say which mentor gets it: put a Slack id into "mentor".'
    if state.status.is_final and not isinstance(order, AnswerPerson):
        return f"This request is finished ({state.status.value.lower()})."
    if state.status is Status.AWAITING_FEEDBACK and not isinstance(
        order, (Take, HandBack, AnswerPerson)
    ):
        return "They have met: we are asking how it went."
    return _with_a_mentor(order, state.claim.mentor) if state.claim is not None else ""


def _with_a_mentor(order: Order, mentor: Person) -> str:
    if isinstance(order, Widen):
        return "It has a mentor: nobody else is asked now."
    if isinstance(order, CloseRequest):
        return (
            f"{mentor.name or mentor.slack_id} has this request. Assign it to somebody else, or "
            "ask them to give it back; the mentee can cancel it."
        )
    return ""


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
