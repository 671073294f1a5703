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
    from domain.base import Decision
    from domain.messages import (
        AcceptTime,
        AnotherMentor,
        AnyDecision,
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
        ProposeTimes,
        Release,
        UndoClaim,
    )
    from domain.models import Outcome, RequestStart, Status
    from domain.orders import Assign, CloseRequest, Order, Widen
    from domain.refusals import refusal
    from domain.state import FIRST_RULES, MENTORS_ROOM, NOTHING_SLIPS, RequestState
    from domain.view import LIVING_CARDS, CardKind
    from domain.work import MENTORS, Outgoing
    from workflows.claims import Assignment, NotAssignableError
    from workflows.handlers import Handlers
    from workflows.rooms import Rooms
    from workflows.turns import EndedEarly, GivenBack, MenteeGone
    from workflows.waiting import Deadlines, Due, Waiting

_RELEASES = ((MENTORS_ROOM, "mentors-room"), (NOTHING_SLIPS, "nothing-slips"))
"""Rules and patch ids of releases, the newest first: requests go on by those they began with."""


@workflow.defn(name=ids.WORKFLOW_TYPE)
class MentorshipRequest(Handlers):
    """One request; ``run`` reads as its life."""

    @workflow.init
    def __init__(self, start: RequestStart) -> None:
        self.state = RequestState(start=start, sending_paused=start.sending_paused)
        self.rooms = rooms = Rooms(self.state)
        self.background, self.projections = rooms.background, rooms.projections
        self.desk, self.outbox = rooms.desk, rooms.outbox
        self.search, self.escalation, self.claims = rooms.search, rooms.escalation, rooms.claims
        self.introduction, self.contact = rooms.introduction, rooms.contact
        self.scheduling, self.feedback = rooms.scheduling, rooms.feedback
        self.coordination, self.anytime = rooms.coordination, rooms.anytime
        self.waiting = Waiting(self.state, self.background, self.outbox.deadlines)

    @workflow.run
    async def run(self, start: RequestStart) -> Outcome:
        self.state.rules = next(
            (rules for rules, patch in _RELEASES if workflow.patched(patch)), FIRST_RULES
        )
        self.projections.begin()
        successor: Assignment | None = None
        try:
            self.receive()
            while True:
                try:
                    await self.find_mentor(successor)
                    successor = None
                    if not await self.introduce():
                        continue
                    await self.arrange_session()
                    await self.wait_for_session()
                    while not await self.ask_how_it_went():
                        await self.wait_for_session()
                    break
                except GivenBack as turn:
                    self.reopen(turn)
                    successor = turn.successor
        except EndedEarly as end:
            await self.end_early(end.status, end.outcome, by=end.by)
        except MenteeGone:
            self.background.run(self.escalation.call_coordinators())
            await self.end_early(Status.CLOSED_UNFULFILLED, Outcome.CANCELLED)
        except asyncio.CancelledError:  # an operator asked for it, in the Web UI
            await self.end_early(Status.CLOSED_UNFULFILLED, Outcome.CANCELLED)
        return await self.close()

    # ---- the life of a request --------------------------------------------------------------

    def receive(self) -> None:
        """Tell the mentee what happens and by when; show the request to the mentors."""
        state, now = self.state, workflow.now()
        self.search.open_preferred_window()
        state.open(now)
        self.projections.changed("submitted", by=state.mentee.slack_id)
        # two posts: trouble with the channel must not hold up what the mentee reads
        self.desk.send(self.desk.to_person(CardKind.RECEIVED, state.mentee.slack_id))
        self.desk.send(self.desk.to_channel(CardKind.CHANNEL, MENTORS))

    async def find_mentor(self, successor: Assignment | None) -> None:
        """Ask mentors, ever wider, until one has it and has not undone it."""
        if successor:
            await self._hand_over(successor)
            if await self.claim_stands():
                return
        self.search.begin()
        while True:
            match await self.next(self.search.deadlines):
                case (Claim() | Assign()) as wish:
                    if await self._gets_it(wish):
                        if await self.claim_stands():
                            return
                        self.search.begin()
                case Decline() as decline if self.state.ask_of(decline.by) is not None:
                    self.claims.decline(decline)
                case Hold() as hold:
                    self.rooms.slots.reacted(hold.by)
                    self.desk.tell(self.search.hold(hold), hold)
                case (KeepWaiting() | AskMore()) as choice if self._is_mentee(choice):
                    self.claims.choose(choice)
                case Widen() as order:
                    self.coordination.carry_out(order)
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
                    self._say_open_again()
                    return False
                case EditHello() as edit if edit.by == claim.mentor.slack_id:
                    self.claims.edit_hello(edit)
                case (KeepWaiting() | AskMore()) as choice if self._is_mentee(choice):
                    self.claims.choose(choice)  # they don't know of the claim yet
                case Decline() as decline if self._is_new and decline.by != claim.mentor.slack_id:
                    self.claims.decline(decline)  # should it be undone, they are left in peace
                case Due():
                    pass
                case other:
                    self._refuse(other)
        return True

    async def introduce(self) -> bool:
        """Open the group DM with the mentor's hello: this is the response that was promised.

        False when the mentor has taken the claim back while the introduction was held up.
        """
        introduction, mentor = self.introduction, self.state.mentor_id
        introduction.begin()
        while not introduction.settled():
            match await self._next_before_they_meet():
                case (UndoClaim() | Release()) as undo if undo.by == mentor and self._is_new:
                    introduction.call_off()
                    await self.search.stop()
                    if not introduction.settled():
                        self.claims.undo()
                        self._say_open_again()
                        return False
                    if not introduction.unreachable:  # they have just met
                        if isinstance(undo, Release):
                            raise GivenBack(by=undo.by)
                        self._refuse(undo)
                case (KeepWaiting() | AskMore()) as choice if self._is_mentee(choice):
                    self.claims.choose(choice)
                case Due():
                    pass
                case other:
                    self._refuse(other)
        if self.state.mentee.slack_id in introduction.unreachable:
            raise MenteeGone
        if introduction.unreachable:
            raise GivenBack("released: Slack does not reach the mentor")
        return True

    async def _next_before_they_meet(self) -> AnyDecision | Due:
        """Raises: GivenBack; by then what was on its way to the two has arrived, or never will."""
        introduction = self.introduction
        try:
            return await self.next(introduction.deadlines, or_when=introduction.settled)
        except GivenBack:
            if self.state.rules >= MENTORS_ROOM:
                introduction.call_off()
                await self.search.stop()
            raise

    async def arrange_session(self) -> None:
        """Let the two find a time; where no session is needed, wait for the mentor's first word.

        Who stays silent is asked, and released in the end.
        """
        contact = self.contact
        while contact.is_awaited():
            match await self.next(contact.deadlines, or_when=contact.has_begun):
                case ProposeTimes() as proposal:
                    if self.scheduling.propose(proposal):
                        contact.noticed(proposal)
                case AcceptTime() as acceptance:
                    if self.scheduling.accept(acceptance):
                        contact.noticed(acceptance)
                case Due():
                    if contact.go_on():
                        raise GivenBack("released: no word from the mentor", left=True)
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

    async def ask_how_it_went(self) -> bool:
        """One ask a side and one reminder; without an answer it ends as "no feedback".

        False when they are not done yet, and are asked again later.
        """
        self.feedback.ask()
        while self.feedback.is_open:
            match await self.next(self.feedback.deadlines):
                case GiveFeedback() as feedback if self.state.role_of(feedback.by):
                    self.feedback.keep(feedback)
                case NotDoneYet() as decision if self.feedback.not_done_yet(decision):
                    return False
                case Cancel(by=by) if by == self.state.mentee.slack_id:
                    break  # they have met: it ends as what is known so far
                case Due():
                    self.feedback.remind()
                case other:
                    self._refuse(other)
        self.feedback.complete()
        return True

    def reopen(self, turn: GivenBack) -> None:
        """On from the rung it had reached, without this mentor.

        Who was not introduced yet is not taken back either: then the mentee hears nothing of it.
        """
        self.state.give_back(workflow.now(), excluded=True, left=turn.left)
        self.projections.changed(turn.what, *LIVING_CARDS, by=turn.by)
        if turn.successor is None:
            self._say_open_again(tell=turn.tell)

    def _say_open_again(self, *, tell: bool = True) -> None:
        """To the mentee and in the mentors' channel; nobody hears of who was not introduced."""
        state = self.state
        if not state.mentor_gone_untold:
            return
        state.mentor_gone_untold = False
        number = len(state.excluded)
        words = []
        if tell and state.rules >= NOTHING_SLIPS:
            self.outbox.send(CardKind.RELEASED, state.mentee, number=number)
        elif tell:
            mentee = state.mentee.slack_id
            words.append(self.desk.to_person(CardKind.RELEASED, mentee, number=number))
        channel_card = state.card(CardKind.CHANNEL)
        bump = self.desk.under(channel_card, CardKind.REOPENED, number=number)
        if bump and self._is_new:
            self.background.run(self._say_while_open(bump))
        elif bump:
            words.append(bump)
        self.desk.send(*words)

    async def _say_while_open(self, word: Outgoing) -> None:
        """Unless another mentor has it by then, or it has ended; a pause only delays it."""
        while self.state.is_searching:
            posted = await self.desk.post(word, recallable=True)
            if not posted.recalled or any(card.message for card in posted.cards):
                return
            word.may_stand = True

    async def end_early(self, status: Status, outcome: Outcome, by: str = "") -> None:
        """Cancelled or closed: nobody is left with a live button or a question."""
        state = self.state
        state.close(status, outcome)
        self.projections.changed(status.value.lower(), by=by)
        await self.search.stop()
        state.mark_unpainted(*LIVING_CARDS)
        if state.claim and state.claim.introduced:
            self.desk.send(self.desk.to_group(CardKind.WITHDRAWN))
        if outcome is Outcome.UNFULFILLED:
            self.desk.send(self.desk.to_person(CardKind.CLOSED_WORD, state.mentee.slack_id))

    async def close(self) -> Outcome:
        """Leave when row and cards show the end; until then late clicks get an answer."""
        self.coordination.leave_none_open()
        while not self._settled():
            match await self.waiting.wait(lambda: {"the last writes": None}, self._settled):
                case Due():
                    pass
                case late:
                    if not await self.anytime.takes(late):
                        self._refuse(late)
        self.waiting.show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.state.outcome or Outcome.UNKNOWN

    # ---- between the steps ------------------------------------------------------------------

    async def next(
        self, deadlines: Deadlines, *, or_when: Callable[[], bool] = lambda: False
    ) -> AnyDecision | Due:
        """Wait once for what this step has to decide: a decision of its own, or a deadline.

        On the way it does what is the same in every step: the promised time, messages that waited
        for somebody's morning, what is taken at any time.

        Raises:
            EndedEarly, GivenBack: decisions that end a step, whichever it is.
        """
        while True:
            turn = await self.waiting.wait(deadlines, or_when)
            if isinstance(turn, Due):
                if self.state.breach_at and self.state.breach_at <= workflow.now():
                    self.escalation.breach()
                self.outbox.go_on()
                return turn
            if await self.anytime.takes(turn):
                continue
            if self.state.status is not Status.AWAITING_FEEDBACK:  # nothing to call off any more
                await self._raise_what_turns_it(turn)
            return turn

    async def _raise_what_turns_it(self, turn: AnyDecision) -> None:
        claim = self.state.claim
        met = claim is not None and claim.introduced
        has_it = claim is not None and turn.by == claim.mentor.slack_id
        match turn:
            case Cancel() if self._is_mentee(turn):
                raise EndedEarly(Status.CANCELLED, Outcome.CANCELLED, by=turn.by)
            case CloseRequest() if claim is None:
                self.coordination.close(turn)
                raise EndedEarly(Status.CLOSED_UNFULFILLED, Outcome.UNFULFILLED, by=turn.by)
            case Release() if met and has_it:
                raise GivenBack(by=turn.by)
            case MentorNews() if has_it:  # anytime takes all but this
                raise GivenBack("released: their Slack account is closed", by=turn.by, left=True)
            case AnotherMentor() if met and self._is_mentee(turn):
                raise GivenBack("another mentor wished", by=turn.by, left=True, tell=False)
            case Assign() if claim is not None:
                if successor := await self._assignment(turn):
                    raise GivenBack("reassigned", by=turn.by, left=True, successor=successor)
                # it is answered, and the step goes on as if nothing had been said

    async def _gets_it(self, wish: Claim | Assign) -> bool:
        if isinstance(wish, Claim):
            return await self.claims.assign(wish)
        if assignment := await self._assignment(wish):
            await self._hand_over(assignment)
        return assignment is not None

    async def _assignment(self, order: Assign) -> Assignment | None:
        """Looked at before a present mentor is taken off; None, and answered, if it can't be."""
        try:
            return await self.claims.assignment(order)
        except NotAssignableError as refused:
            self.coordination.answer(order, str(refused), refused=True)
            return None

    async def _hand_over(self, assignment: Assignment) -> None:
        await self.claims.carry_out(assignment)
        self.coordination.answer(assignment.order, "Assigned.")

    @property
    def _is_new(self) -> bool:
        """It goes by today's rules, rather than by those of release 0.1."""
        return self.state.rules >= NOTHING_SLIPS

    def _is_mentee(self, decision: AnyDecision) -> bool:
        return decision.by == self.state.mentee.slack_id

    def _refuse(self, decision: AnyDecision) -> None:
        """Answer a decision that this step doesn't want, and its like that came in with it."""
        if isinstance(decision, Order):
            self.coordination.refuse(decision)
            return
        notice = refusal(decision, self.state)
        alike: list[Decision] = [decision]
        inbox = self.state.inbox
        while inbox and type(inbox[0].decision) is type(decision):
            if refusal(inbox[0].decision, self.state) != notice:
                break
            alike.append(inbox.pop(0).decision)
        if isinstance(decision, Claim | Decline | Hold):
            for one in alike:
                self.rooms.slots.reacted(one.by)
        if notice:
            self.desk.tell(notice, *alike)

    def _settled(self) -> bool:
        return self.background.idle and self.projections.settled and not self.state.inbox
