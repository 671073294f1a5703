"""A claim is not a meeting: after it, somebody watches that the mentor writes.

Messages in the group DM count as contact: the fact and the time, never the text.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import budget
    from domain.messages import AcceptTime, PromiseToWrite, ProposeTimes, Word
    from domain.models import Role, Status
    from domain.promise import latest_promise
    from domain.queue import STANDS_STILL
    from domain.state import NOTHING_SLIPS, RequestState
    from domain.view import CardKind, Notice
    from workflows.background import Background
    from workflows.desk import Desk
    from workflows.escalation import Escalation
    from workflows.outbox import Outbox
    from workflows.projections import Projections

A_TIME = "a time for the session"
FIRST_WORD = "the mentor's first word"
THE_PROMISE = "the mentor, who said when they would write"
SIGN_OF_LIFE = "a word of the pair, or a time for the session"
AN_ANSWER = "the mentor's answer: extend or release"

AFTER_A_PROMISE = timedelta(hours=24)
"""From the time the mentor named to "extend or release?"."""
SILENT, STALLED = "silent", "stalled"


class Contact:
    """Nudges from what the mentor promised; asks, once it has been silent for too long."""

    def __init__(
        self,
        state: RequestState,
        *,
        desk: Desk,
        outbox: Outbox,
        escalation: Escalation,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._outbox = outbox
        self._escalation = escalation
        self._background = background
        self._projections = projections

    def is_awaited(self) -> bool:
        """There is no time for the session yet; or, where none is needed, no word."""
        state = self._state
        if state.start.service.needs_session:
            return state.session_at is None
        return state.rules >= NOTHING_SLIPS and state.contact.mentor_wrote_at is None

    def has_begun(self) -> bool:
        """What the pair waited for has come."""
        return not self.is_awaited()

    def deadlines(self) -> dict[str, datetime | None]:
        """What is due about this pair, and when (UTC)."""
        state = self._state
        if state.rules < NOTHING_SLIPS:
            return {A_TIME: None}
        due = self._due()
        return dict.fromkeys(due) if state.sending_paused else due

    def _due(self) -> dict[str, datetime | None]:
        contact, policy = self._state.contact, self._state.start.policy
        if contact.asked_at:
            return {AN_ANSWER: contact.asked_at + policy.no_contact_release_after}
        if contact.left_to_coordinators:
            return {STANDS_STILL: None, THE_PROMISE: self._nudge_at()}
        what = SIGN_OF_LIFE if contact.mentor_wrote_at else FIRST_WORD
        return {what: self._check_in_at(), THE_PROMISE: self._nudge_at()}

    def go_on(self) -> bool:
        """Do what has fallen due; True when the mentor was silent for too long: it is released."""
        state, now = self._state, workflow.now()
        contact, policy = state.contact, state.start.policy
        if state.sending_paused:
            return False
        if contact.asked_at:
            if now < contact.asked_at + policy.no_contact_release_after:
                return False
            if contact.mentor_wrote_at is None:
                return True
            self._leave_to_coordinators()
            return False
        if (nudge_at := self._nudge_at()) and nudge_at <= now:
            contact.nudged = True
            self._nudge()
        if (check_in_at := self._check_in_at()) and check_in_at <= now:
            self._check_in()
        return False

    def promise(self, promise: PromiseToWrite) -> None:
        """By when the mentor will write (more); it also answers "extend or release?"."""
        state, now = self._state, workflow.now()
        if state.role_of(promise.by) is not Role.MENTOR:
            self._desk.tell(Notice.NOT_YOURS, promise)
            return
        if state.status is not Status.CLAIMED:
            self._desk.tell(Notice.CLOSED if state.status.is_final else Notice.NOT_NOW, promise)
            return
        written = state.contact.mentor_wrote_at is not None
        claimed_at = state.claim.at if state.claim else now
        latest = latest_promise(claimed_at, now, has_written=written)
        if not now < promise.by_when <= latest:
            self._desk.tell(Notice.PROMISE_UNUSABLE, promise)
            return
        state.contact.write_by = promise.by_when
        state.contact.promised_at = now
        state.contact.asked_at = None
        self._projections.changed(
            "promised to write", CardKind.CHECK_IN, by=promise.by, control=True
        )

    def noticed(self, sign: Word | ProposeTimes | AcceptTime) -> bool:
        """Somebody of the pair has written or proposed times; whether that changes a card."""
        state, contact, now = self._state, self._state.contact, workflow.now()
        role = state.role_of(sign.by)
        if role is None or not state.claim or not state.claim.introduced:
            return False
        if state.rules < NOTHING_SLIPS:
            return False
        contact.last_at = now
        first = role is Role.MENTOR and contact.mentor_wrote_at is None
        was_asked = contact.asked_at is not None and role is Role.MENTOR
        if first:
            contact.mentor_wrote_at = now
        if role is Role.MENTOR:
            contact.mentor_last_at = now
            contact.asked_at = None
            if contact.left_to_coordinators:  # they talk again
                contact.left_to_coordinators = False
                state.mark_unpainted(CardKind.COORDINATORS)
        if first or was_asked:
            stale = (CardKind.CHECK_IN, CardKind.RECEIVED)
            what = "the mentor's first word" if first else "a sign of life"
            self._projections.changed(what, *stale, by=sign.by, control=True)
        return first or was_asked

    def go_on_after_pause(self) -> None:
        """The time to answer counts from when the question can reach them."""
        if self._state.contact.asked_at:
            self._state.contact.asked_at = workflow.now()

    def nudge_now(self) -> bool:
        """A coordinator asks for it: a word to the mentor; False if it would be too much."""
        state = self._state
        if state.claim is None:
            return False
        state.nudges += 1
        return bool(self._outbox.send(CardKind.NUDGE, state.claim.mentor, number=state.nudges))

    # ---- when -------------------------------------------------------------------------------

    def _nudge_at(self) -> datetime | None:
        state, contact = self._state, self._state.contact
        if contact.write_by is None or contact.nudged or not state.introduced_at:
            return None
        wrote_at, promised_at = contact.mentor_last_at, contact.promised_at
        if wrote_at and promised_at and wrote_at > promised_at:
            return None
        return self._in_waking_hours(max(contact.write_by, state.introduced_at))

    def _check_in_at(self) -> datetime | None:
        state, contact, policy = self._state, self._state.contact, self._state.start.policy
        if state.introduced_at is None or state.session_at or contact.left_to_coordinators:
            return None
        since, patience = state.introduced_at, policy.no_contact_after
        if contact.mentor_wrote_at:
            since, patience = contact.last_at or since, policy.stalled_after
            if not state.start.service.needs_session:
                return None
        if patience is None:
            return None
        due = since + patience
        if contact.write_by:
            due = max(due, contact.write_by + AFTER_A_PROMISE)
        return self._in_waking_hours(due)

    def _in_waking_hours(self, at: datetime) -> datetime:
        claim = self._state.claim
        return self._outbox.delivery(claim.mentor, at) if claim else at

    # ---- what -------------------------------------------------------------------------------

    def _nudge(self) -> None:
        state = self._state
        if state.claim:
            state.nudges += 1
            self._outbox.send(CardKind.NUDGE, state.claim.mentor, number=state.nudges)
            self._projections.changed("the mentor was reminded of their promise", control=True)

    def _check_in(self) -> None:
        """Ask the mentor to extend or release; who was asked too often is left to coordinators."""
        state, contact = self._state, self._state.contact
        sent = state.sent.get(state.mentor_id, 0)
        if state.claim is None or not budget.has_room(CardKind.CHECK_IN, Role.MENTOR, sent):
            self._leave_to_coordinators()
            return
        state.check_ins += 1
        contact.asked_at = workflow.now()
        what = STALLED if contact.mentor_wrote_at else SILENT
        self._projections.changed(f"{what}: the mentor is asked to extend or release")
        self._outbox.send(CardKind.CHECK_IN, state.claim.mentor, number=state.check_ins)

    def _leave_to_coordinators(self) -> None:
        """The pair has stood still and nobody answers: a coordinator looks after it."""
        self._state.contact.left_to_coordinators = True
        self._state.contact.asked_at = None
        self._projections.changed("stands still", CardKind.CHECK_IN, control=True)
        self._background.run(self._escalation.call_coordinators())
