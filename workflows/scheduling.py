"""Times for the session: either side proposes, the other accepts; until the day itself."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import AcceptTime, ProposeTimes
    from domain.models import Status
    from domain.state import NOTHING_SLIPS, RequestState, usable_times
    from domain.view import CardKind, Notice, ProposalView
    from workflows.desk import Desk
    from workflows.projections import Projections


class Scheduling:
    """Keeps the proposal that stands, and the session once a time is agreed."""

    def __init__(self, state: RequestState, desk: Desk, projections: Projections) -> None:
        self._state = state
        self._desk = desk
        self._projections = projections

    def deadlines(self) -> dict[str, datetime | None]:
        """The session, then the day on which we ask how it went (UTC)."""
        session = self._state.session_at
        ahead = session if session and session > workflow.now() else None
        return {"the session": ahead, "asking how it went": self._state.feedback_due}

    def propose(self, proposal: ProposeTimes) -> bool:
        """Put times to the other side; they take the place of earlier ones. False if unusable."""
        state = self._state
        if notice := self._why_not_proposed(proposal):
            self._desk.tell(notice, proposal)
            return False
        state.proposals_made += 1
        state.proposal = ProposalView(
            number=state.proposals_made, by=proposal.by, times=list(proposal.times)
        )
        self._projections.changed("times proposed", CardKind.PROPOSAL, by=proposal.by)
        self._desk.send(self._desk.to_group(CardKind.PROPOSAL, number=state.proposals_made))
        return True

    def accept(self, acceptance: AcceptTime) -> bool:
        """The session is set, or moved; False when it can't be."""
        state, proposal = self._state, self._state.proposal
        notice = self._why_not_accepted(acceptance)
        if notice or proposal is None:
            self._desk.tell(notice or Notice.NOT_NOW, acceptance)
            return False
        if proposal.accepted:
            return False
        proposal.accepted = state.session_at = acceptance.time
        state.status = Status.SCHEDULED
        stale = (CardKind.PROPOSAL, CardKind.INTRODUCTION, CardKind.RECEIVED)
        self._projections.changed("session set", *stale, by=acceptance.by, control=True)
        self._desk.send(self._desk.to_group(CardKind.SESSION_SET, number=proposal.number))
        if state.rules >= NOTHING_SLIPS:  # an earlier one still stands above in the group
            state.mark_unpainted(CardKind.SESSION_SET, CardKind.COORDINATORS)
        return True

    def _why_not_proposed(self, proposal: ProposeTimes) -> Notice | None:
        if self._state.role_of(proposal.by) is None:
            return Notice.NOT_YOURS
        if not self._state.start.service.needs_session:
            return Notice.NOT_NOW
        usable = usable_times(list(proposal.times), workflow.now())
        return None if usable else Notice.TIME_UNUSABLE

    def _why_not_accepted(self, acceptance: AcceptTime) -> Notice | None:
        proposal = self._state.proposal
        if self._state.role_of(acceptance.by) is None:
            return Notice.NOT_YOURS
        if proposal is None or acceptance.proposal != proposal.number:
            return Notice.PROPOSAL_REPLACED
        if acceptance.by == proposal.by:
            return Notice.OWN_PROPOSAL
        if acceptance.time not in proposal.times or acceptance.time <= workflow.now():
            return Notice.TIME_UNUSABLE
        return None
