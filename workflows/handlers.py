"""Signals and queries of a request: handlers only record and answer, ``run`` decides."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import (
        DETAILS_QUERY,
        STATE_QUERY,
        VIEW_QUERY,
        AcceptTime,
        AnyDecision,
        Cancel,
        Claim,
        Decline,
        EditHello,
        GiveFeedback,
        ProposeTimes,
        Received,
        Release,
        UndoClaim,
    )
    from domain.state import RequestState
    from domain.view import RequestDetails, RequestView


class Handlers:
    """The one inbox, a signal for each kind of decision, and what can be asked."""

    state: RequestState

    def _receive(self, decision: AnyDecision) -> None:
        self.state.inbox.append(Received(at=workflow.now(), decision=decision))

    @workflow.signal(name=Claim.signal)
    def claim(self, decision: Claim) -> None:
        self._receive(decision)

    @workflow.signal(name=UndoClaim.signal)
    def undo_claim(self, decision: UndoClaim) -> None:
        self._receive(decision)

    @workflow.signal(name=Decline.signal)
    def decline(self, decision: Decline) -> None:
        self._receive(decision)

    @workflow.signal(name=EditHello.signal)
    def edit_hello(self, decision: EditHello) -> None:
        self._receive(decision)

    @workflow.signal(name=Release.signal)
    def release(self, decision: Release) -> None:
        self._receive(decision)

    @workflow.signal(name=Cancel.signal)
    def cancel(self, decision: Cancel) -> None:
        self._receive(decision)

    @workflow.signal(name=ProposeTimes.signal)
    def propose_times(self, decision: ProposeTimes) -> None:
        self._receive(decision)

    @workflow.signal(name=AcceptTime.signal)
    def accept_time(self, decision: AcceptTime) -> None:
        self._receive(decision)

    @workflow.signal(name=GiveFeedback.signal)
    def give_feedback(self, decision: GiveFeedback) -> None:
        self._receive(decision)

    # ---- queries ----------------------------------------------------------------------------

    @workflow.query(name=VIEW_QUERY)
    def view(self) -> RequestView:
        """What cards and pages may show."""
        return self.state.view(workflow.now())

    @workflow.query(name=DETAILS_QUERY)
    def details(self) -> RequestDetails:
        """What only mentors who may see it are shown."""
        return self.state.details()

    @workflow.query(name=STATE_QUERY)
    def whole_state(self) -> RequestState:
        """Everything the request remembers, for operators."""
        return self.state
