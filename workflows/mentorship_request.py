"""The life of one request for a mentor, from the form to what came of it.

Signal handlers only record; ``run`` decides, in history order, so that exactly one claim wins. The
row in Airtable and the cards in Slack are projections that follow the state beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.messages import (
        AcceptTime,
        AnyDecision,
        Cancel,
        Claim,
        Decline,
        EditHello,
        GiveFeedback,
        ProposeTimes,
        Release,
        UndoClaim,
    )
    from domain.models import Outcome, RequestStart, Status
    from domain.refusals import refusal
    from domain.state import RequestState
    from domain.view import LIVING_CARDS, CardKind
    from domain.work import MENTORS
    from workflows.background import Background
    from workflows.claims import Claims
    from workflows.desk import Desk
    from workflows.feedback import Feedback
    from workflows.handlers import Handlers
    from workflows.introduction import Introduction
    from workflows.projections import Projections
    from workflows.scheduling import Scheduling
    from workflows.search import Search
    from workflows.waiting import Deadlines, Due, Waiting


class CancelledByMentee(Exception):  # noqa: N818 - a turn in the story, not an error
    """Wherever the request stood: it ends here."""


class MenteeGone(Exception):  # noqa: N818
    """The mentee's Slack account can't be reached any more: there is nobody to help."""


class GivenBack(Exception):  # noqa: N818
    """The mentor released it, or is gone: around again."""


@workflow.defn(name=ids.WORKFLOW_TYPE)
class MentorshipRequest(Handlers):
    """One request; ``run`` reads as its life."""

    @workflow.init
    def __init__(self, start: RequestStart) -> None:
        self.state = state = RequestState(start=start)
        self.background = Background()
        self.projections = Projections(state, self.background)
        self.desk = Desk(state, self.background)
        self.search = Search(state, self.desk, self.background, self.projections)
        self.claims = Claims(state, self.desk, self.search, self.projections)
        self.introduction = Introduction(state, self.desk, self.background, self.projections)
        self.scheduling = Scheduling(state, self.desk, self.projections)
        self.feedback = Feedback(state, self.desk, self.projections)
        self.waiting = Waiting(state, self.background)

    @workflow.run
    async def run(self, start: RequestStart) -> Outcome:
        self.projections.begin()
        try:
            self.receive()
            while True:
                try:
                    await self.find_mentor()
                    await self.introduce()
                    await self.arrange_session()
                    await self.wait_for_session()
                    await self.ask_how_it_went()
                    break
                except GivenBack:
                    self.reopen()
        except CancelledByMentee:
            await self.end_early(Status.CANCELLED, by=self.state.mentee.slack_id)
        except MenteeGone:
            self.background.run(self.search.call_coordinators())
            await self.end_early(Status.CLOSED_UNFULFILLED)
        except asyncio.CancelledError:  # an operator asked for it, in the Web UI
            await self.end_early(Status.CLOSED_UNFULFILLED)
        return await self.close()

    # ---- the life of a request --------------------------------------------------------------

    def receive(self) -> None:
        """Tell the mentee what happens and by when; show the request to the mentors."""
        state, now = self.state, workflow.now()
        if state.start.preferred_mentor:
            state.preferred_until = now + state.start.policy.preferred_window
        state.open(now)
        self.projections.changed("submitted", by=state.mentee.slack_id)
        # two posts: trouble with the channel must not hold up what the mentee reads
        self.desk.send(self.desk.to_person(CardKind.RECEIVED, state.mentee.slack_id))
        self.desk.send(self.desk.to_channel(CardKind.CHANNEL, MENTORS))

    async def find_mentor(self) -> None:
        """Ask mentors, ever wider, until one has claimed and has not undone it."""
        self.search.begin()
        while True:
            match await self.next(self.search.deadlines):
                case Claim() as claim:
                    if await self.claims.assign(claim):
                        if await self.claim_stands():
                            return
                        self.search.begin()
                case Decline() as decline if self.state.ask_of(decline.by) is not None:
                    self.claims.decline(decline)
                case Due():
                    self.search.go_on()
                case other:
                    self._refuse(other)

    async def claim_stands(self) -> bool:
        """Let the mentor undo it before anyone is told; True once the time for that is over."""
        claim = self.state.claim
        while claim and workflow.now() < claim.undo_until:
            match await self.next(self.claims.deadlines):
                case (UndoClaim() | Release()) as undo if undo.by == claim.mentor.slack_id:
                    self.claims.undo()
                    return False
                case EditHello() as edit if edit.by == claim.mentor.slack_id:
                    self.claims.edit_hello(edit)
                case Due():
                    pass
                case other:
                    self._refuse(other)
        return True

    async def introduce(self) -> None:
        """Open the group DM with the mentor's hello: this is the response that was promised."""
        introduction = self.introduction
        introduction.begin()
        while not introduction.settled():
            match await self.next(introduction.deadlines, or_when=introduction.settled):
                case Due():
                    pass
                case other:
                    self._refuse(other)
        if self.state.mentee.slack_id in introduction.unreachable:
            raise MenteeGone
        if introduction.unreachable:
            raise GivenBack

    async def arrange_session(self) -> None:
        """Let the two find a time; services without a session need none."""
        while self.state.start.service.needs_session and self.state.session_at is None:
            match await self.next(self.scheduling.no_deadline):
                case ProposeTimes() as proposal:
                    self.scheduling.propose(proposal)
                case AcceptTime() as acceptance:
                    self.scheduling.accept(acceptance)
                case Due():
                    pass
                case other:
                    self._refuse(other)

    async def wait_for_session(self) -> None:
        """Sleep to the session and some days past it; a new time moves both."""
        while self.state.feedback_due > workflow.now():
            match await self.next(self.scheduling.deadlines):
                case ProposeTimes() as proposal:
                    self.scheduling.propose(proposal)
                case AcceptTime() as acceptance:
                    self.scheduling.accept(acceptance)
                case Due():
                    pass
                case other:
                    self._refuse(other)

    async def ask_how_it_went(self) -> None:
        """One ask a side and one reminder; without an answer it ends as "no feedback"."""
        self.feedback.ask()
        while self.feedback.is_open:
            match await self.next(self.feedback.deadlines):
                case GiveFeedback() as feedback if self.state.role_of(feedback.by):
                    self.feedback.keep(feedback)
                case Cancel(by=by) if by == self.state.mentee.slack_id:
                    break  # they have met: it ends as what is known so far
                case Due():
                    self.feedback.remind()
                case other:
                    self._refuse(other)
        self.feedback.complete()

    def reopen(self) -> None:
        """The mentor gave it back: on from the rung it had reached, without this mentor.

        Who was not introduced yet is not taken back either: then the mentee hears nothing of it.
        """
        state, mentor = self.state, self.state.mentor_id
        introduced = state.claim is not None and state.claim.introduced
        state.give_back(workflow.now(), excluded=True)
        self.projections.changed("released", *LIVING_CARDS, by=mentor)
        if not introduced:
            return
        number = len(state.excluded)
        words = [self.desk.to_person(CardKind.RELEASED, state.mentee.slack_id, number=number)]
        channel_card = state.card(CardKind.CHANNEL)
        if bump := self.desk.under(channel_card, CardKind.REOPENED, number=number):
            words.append(bump)
        self.desk.send(*words)

    async def end_early(self, status: Status, by: str = "") -> None:
        """Cancelled, or closed by an operator: nobody is left with a live button or a question."""
        state = self.state
        state.close(status, Outcome.CANCELLED)
        self.projections.changed(status.value.lower(), by=by)
        await self.search.stop()
        state.mark_unpainted(*LIVING_CARDS)
        if state.claim and state.claim.introduced:
            self.desk.send(self.desk.to_group(CardKind.WITHDRAWN))

    async def close(self) -> Outcome:
        """Leave when row and cards show the end; until then late clicks get an answer."""
        while not self._settled():
            match await self.waiting.wait(lambda: {"the last writes": None}, self._settled):
                case Due():
                    pass
                case late:
                    self._refuse(late)
        self.waiting.show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.state.outcome or Outcome.UNKNOWN

    # ---- between the steps ------------------------------------------------------------------

    async def next(
        self, deadlines: Deadlines, *, or_when: Callable[[], bool] = lambda: False
    ) -> AnyDecision | Due:
        """Wait once for a decision or a deadline; note it when the promised time has passed.

        Raises:
            CancelledByMentee, GivenBack: decisions that end a step, whichever it is.
        """
        state = self.state
        turn = await self.waiting.wait(deadlines, or_when)
        if isinstance(turn, Due):
            if state.breach_at and state.breach_at <= workflow.now():
                state.breached = True
                self.projections.changed("the promised time has passed", CardKind.COORDINATORS)
            return turn
        claim = state.claim
        asked_already = state.status is Status.AWAITING_FEEDBACK  # nothing to call off any more
        if asked_already:
            return turn
        if isinstance(turn, Cancel) and turn.by == state.mentee.slack_id:
            raise CancelledByMentee
        has_it = claim is not None and claim.introduced and turn.by == claim.mentor.slack_id
        if isinstance(turn, Release) and has_it:
            raise GivenBack
        return turn

    def _refuse(self, decision: AnyDecision) -> None:
        """Answer a decision that this step doesn't want, and its like that came in with it."""
        notice = refusal(decision, self.state)
        alike, inbox = [decision], self.state.inbox
        while inbox and type(inbox[0].decision) is type(decision):
            if refusal(inbox[0].decision, self.state) != notice:
                break
            alike.append(inbox.pop(0).decision)
        if notice:
            self.desk.tell(notice, *alike)

    def _settled(self) -> bool:
        return self.background.idle and self.projections.settled and not self.state.inbox
