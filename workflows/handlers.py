"""Signals, updates and queries of a request: handlers only record and answer, ``run`` decides."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain import projected
    from domain.messages import (
        CASE_QUERY,
        DETAILS_QUERY,
        STATE_QUERY,
        VIEW_QUERY,
        AcceptTime,
        AnotherMentor,
        AnyDecision,
        AskCoordinator,
        AskMore,
        Cancel,
        Claim,
        Decline,
        EditHello,
        GiveFeedback,
        Hold,
        KeepWaiting,
        MentorNews,
        NotDoneYet,
        PauseSending,
        PromiseToWrite,
        ProposeTimes,
        Received,
        Release,
        SayWhy,
        TakeBreak,
        UndoClaim,
        Word,
    )
    from domain.objections import malformed, objection
    from domain.orders import (
        Answered,
        AnswerPerson,
        Assign,
        CloseRequest,
        HandBack,
        Nudge,
        Order,
        Take,
        Widen,
    )
    from domain.state import RequestState
    from domain.view import CaseFile, RequestDetails, RequestView


class Handlers:
    """The one inbox: a signal for each kind of decision, an update for each kind of order."""

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

    @workflow.signal(name=SayWhy.signal)
    def say_why(self, decision: SayWhy) -> None:
        self._receive(decision)

    @workflow.signal(name=TakeBreak.signal)
    def take_break(self, decision: TakeBreak) -> None:
        self._receive(decision)

    @workflow.signal(name=Hold.signal)
    def hold(self, decision: Hold) -> None:
        self._receive(decision)

    @workflow.signal(name=EditHello.signal)
    def edit_hello(self, decision: EditHello) -> None:
        self._receive(decision)

    @workflow.signal(name=Release.signal)
    def release(self, decision: Release) -> None:
        self._receive(decision)

    @workflow.signal(name=PromiseToWrite.signal)
    def promise_to_write(self, decision: PromiseToWrite) -> None:
        self._receive(decision)

    @workflow.signal(name=Word.signal)
    def word(self, decision: Word) -> None:
        self._receive(decision)

    @workflow.signal(name=AnotherMentor.signal)
    def another_mentor(self, decision: AnotherMentor) -> None:
        self._receive(decision)

    @workflow.signal(name=KeepWaiting.signal)
    def keep_waiting(self, decision: KeepWaiting) -> None:
        self._receive(decision)

    @workflow.signal(name=AskMore.signal)
    def ask_more(self, decision: AskMore) -> None:
        self._receive(decision)

    @workflow.signal(name=NotDoneYet.signal)
    def not_done_yet(self, decision: NotDoneYet) -> None:
        self._receive(decision)

    @workflow.signal(name=AskCoordinator.signal)
    def ask_coordinator(self, decision: AskCoordinator) -> None:
        self._receive(decision)

    @workflow.signal(name=PauseSending.signal)
    def pause_sending(self, decision: PauseSending) -> None:
        self._receive(decision)

    @workflow.signal(name=MentorNews.signal)
    def mentor_news(self, decision: MentorNews) -> None:
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

    # ---- coordinators' orders ---------------------------------------------------------------

    async def _order(self, order: Order) -> Answered:
        """Wait until ``run`` has decided; orders and claims are decided in one order."""
        state = self.state
        state.tickets += 1
        ticket = state.tickets
        state.inbox.append(Received(at=workflow.now(), decision=order, ticket=ticket))
        await workflow.wait_condition(lambda: ticket in state.answers)
        return state.answers.pop(ticket)

    def _validate(self, order: Order) -> None:
        """Raises: ApplicationError, in words for whoever gave the order."""
        if words := malformed(order) or objection(order, self.state):
            raise ApplicationError(words, type="OrderRefused", non_retryable=True)

    @workflow.update(name=Take.signal, description="Look after this request: by (Slack id), name.")
    async def take(self, order: Take) -> Answered:
        return await self._order(order)

    @take.validator
    def _validate_take(self, order: Take) -> None:
        self._validate(order)

    @workflow.update(name=HandBack.signal, description="Give it back to the rota: by.")
    async def hand_back(self, order: HandBack) -> Answered:
        return await self._order(order)

    @hand_back.validator
    def _validate_hand_back(self, order: HandBack) -> None:
        self._validate(order)

    @workflow.update(
        name=Assign.signal,
        description="Give it to a mentor: by, mentor (Slack ids).",
    )
    async def assign(self, order: Assign) -> Answered:
        return await self._order(order)

    @assign.validator
    def _validate_assign(self, order: Assign) -> None:
        self._validate(order)

    @workflow.update(name=Widen.signal, description="Ask more mentors now: by.")
    async def widen(self, order: Widen) -> Answered:
        return await self._order(order)

    @widen.validator
    def _validate_widen(self, order: Widen) -> None:
        self._validate(order)

    @workflow.update(name=Nudge.signal, description="Remind who is silent: by.")
    async def nudge(self, order: Nudge) -> Answered:
        return await self._order(order)

    @nudge.validator
    def _validate_nudge(self, order: Nudge) -> None:
        self._validate(order)

    @workflow.update(
        name=CloseRequest.signal,
        description="End it without a mentor: by, reason, word.",
    )
    async def close_request(self, order: CloseRequest) -> Answered:
        return await self._order(order)

    @close_request.validator
    def _validate_close_request(self, order: CloseRequest) -> None:
        self._validate(order)

    @workflow.update(name=AnswerPerson.signal, description="Answer who wrote: by, to (ids), text.")
    async def answer_person(self, order: AnswerPerson) -> Answered:
        return await self._order(order)

    @answer_person.validator
    def _validate_answer_person(self, order: AnswerPerson) -> None:
        self._validate(order)

    # ---- queries ----------------------------------------------------------------------------

    @workflow.query(name=VIEW_QUERY)
    def view(self) -> RequestView:
        """What cards and pages may show."""
        return projected.view(self.state, workflow.now())

    @workflow.query(name=DETAILS_QUERY)
    def details(self) -> RequestDetails:
        """What only mentors who may see it are shown."""
        return projected.details(self.state)

    @workflow.query(name=CASE_QUERY)
    def case(self) -> CaseFile:
        """What coordinators may read of the search: whom, when, who did what."""
        return projected.case(self.state, workflow.now())

    @workflow.query(name=STATE_QUERY)
    def whole_state(self) -> RequestState:
        """Everything the request remembers, for operators."""
        return self.state
