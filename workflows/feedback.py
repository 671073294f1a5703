"""How did it go? One ask a side, one reminder to who stays silent, then it is closed."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.memory import FeedbackGiven
    from domain.messages import GiveFeedback, NotDoneYet
    from domain.models import Status
    from domain.state import NOTHING_SLIPS, RequestState
    from domain.view import CardKind
    from workflows.desk import Desk
    from workflows.outbox import Outbox
    from workflows.projections import Projections
    from workflows.slots import Slots

_STALE_AT_THE_END = (CardKind.RECEIVED, CardKind.CHANNEL, CardKind.COORDINATORS)
"""The pair's conversation stays as it is, and who has answered was thanked already."""

MOST_DONE_ASKS = 3
"""So often "not done yet" is followed by another question, a week later."""


class Feedback:
    """Asks both sides and keeps what they say; ratings and notes go to coordinators only."""

    def __init__(
        self,
        state: RequestState,
        desk: Desk,
        outbox: Outbox,
        slots: Slots,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._outbox = outbox
        self._slots = slots
        self._projections = projections

    @property
    def is_open(self) -> bool:
        """Somebody has not answered, and still may."""
        closes = self._state.feedback_closes_at
        complete = len(self._state.feedback) == len(self._both)
        return closes is not None and workflow.now() < closes and not complete

    def deadlines(self) -> dict[str, datetime | None]:
        return {
            "feedback, or its reminder": self._state.feedback_reminder_at,
            "feedback": self._state.feedback_closes_at,
        }

    def ask(self) -> None:
        state, policy, now = self._state, self._state.start.policy, workflow.now()
        state.status = Status.AWAITING_FEEDBACK
        state.feedback_reminder_at = now + policy.feedback_reminder_after
        state.feedback_closes_at = now + policy.feedback_closes_after
        stale = [CardKind.RECEIVED, CardKind.INTRODUCTION]
        if state.proposal and not state.proposal.accepted:
            stale.append(CardKind.PROPOSAL)
        if state.rules >= NOTHING_SLIPS:
            stale.append(CardKind.COORDINATORS)
        self._projections.changed("asked how it went", *stale, control=True)
        people = [state.person(one) for one in self._both]
        self._outbox.send(CardKind.FEEDBACK, *people, number=state.done_asks)

    def keep(self, feedback: GiveFeedback) -> None:
        """Said again, the later word counts."""
        state = self._state
        role = state.role_of(feedback.by)
        if role is None:
            return
        state.feedback[role] = FeedbackGiven(at=workflow.now(), feedback=feedback)
        if role in state.recorded_notes:
            state.recorded_notes.remove(role)
        self._projections.changed("feedback given", by=feedback.by)
        state.mark_card_unpainted(CardKind.FEEDBACK, feedback.by, state.done_asks)
        if not state.start.service.needs_session:  # the other can't say "not done yet" any more
            state.mark_unpainted(CardKind.FEEDBACK)

    def remind(self) -> None:
        """Once, and only those who have not answered."""
        state = self._state
        if state.feedback_reminder_at is None or state.feedback_reminder_at > workflow.now():
            return
        state.feedback_reminder_at = None
        silent = [one for one in self._both if state.role_of(one) not in state.feedback]
        people = [state.person(one) for one in silent]
        self._outbox.send(CardKind.FEEDBACK_REMINDER, *people, number=state.done_asks)

    def not_done_yet(self, decision: NotDoneYet) -> bool:
        """Ask again in a week; False when that can't be."""
        state = self._state
        asked_often = state.done_asks - state.done_asks_before >= MOST_DONE_ASKS
        one_of_them = state.role_of(decision.by) is not None
        if state.start.service.needs_session or state.feedback or asked_often or not one_of_them:
            return False
        state.done_asks += 1
        state.not_done_at = workflow.now()
        state.feedback_reminder_at = state.feedback_closes_at = None
        state.status = Status.CLAIMED
        self._slots.keep()
        stale = (
            CardKind.RECEIVED,
            CardKind.INTRODUCTION,
            CardKind.FEEDBACK,
            CardKind.COORDINATORS,
        )
        self._projections.changed("not done yet", *stale, by=decision.by, control=True)
        return True

    def complete(self) -> None:
        self._state.close(Status.COMPLETED, self._state.judge_outcome())
        self._projections.changed("completed", *_STALE_AT_THE_END, control=True)
        for one in self._state.on_break:
            self._state.mark_card_unpainted(CardKind.ASK, one)
        for one in self._both:
            if self._state.role_of(one) not in self._state.feedback:
                self._state.mark_card_unpainted(CardKind.FEEDBACK, one, self._state.done_asks)

    @property
    def _both(self) -> tuple[str, str]:
        return self._state.mentee.slack_id, self._state.mentor_id
