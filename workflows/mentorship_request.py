"""The life of one request for a mentor, from the form to what came of it.

Signal handlers only record; ``run`` decides, in history order, so that exactly one claim wins. The
row in Airtable and the cards in Slack are projections that follow the state beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
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
    from domain.models import Outcome, RequestStart, Status
    from domain.refusals import refusal
    from domain.state import Answer, FeedbackGiven, RequestState, usable_times
    from domain.view import (
        LIVING_CARDS,
        CardKind,
        Notice,
        ProposalView,
        RequestDetails,
        RequestView,
    )
    from domain.work import MENTORS
    from workflows.background import Background
    from workflows.desk import Desk
    from workflows.operators import Operators
    from workflows.projection import Painter, Recorder
    from workflows.search import Search


class Due:
    """The earliest deadline has come, rather than a decision."""


Deadlines = Callable[[], dict[str, datetime | None]]
"""What a step waits for, and until when; asked anew whenever something has happened beside."""


class CancelledByMentee(Exception):  # noqa: N818 - a turn in the story, not an error
    """Wherever the request stood: it ends here."""


class GivenBack(Exception):  # noqa: N818
    """The mentor released it: around again."""


PROMISE = "a mentor's answer, by the promised time"


@workflow.defn(name=ids.WORKFLOW_TYPE)
class MentorshipRequest:
    """One request; ``run`` reads as its life."""

    @workflow.init
    def __init__(self, start: RequestStart) -> None:
        self.state = RequestState(start=start)
        self.recorder = Recorder(self.state)
        self.front = Painter(self.state, crowd=False)
        self.crowd = Painter(self.state, crowd=True)
        self.projections = Background()
        self.background = Background()
        self.desk = Desk(self.state)
        self.search = Search(self.state, self.desk, self.background)
        self.operators = Operators(self.state)

    @workflow.run
    async def run(self, start: RequestStart) -> Outcome:
        self.projections.run(self.recorder.follow(), self.front.follow(), self.crowd.follow())
        try:
            await self.receive()
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
            await self.withdraw()
        return await self.close()

    # ---- the life of a request --------------------------------------------------------------

    async def receive(self) -> None:
        """Tell the mentee what happens and by when; show the request to the mentors."""
        state, now = self.state, workflow.now()
        if state.start.preferred_mentor:
            state.preferred_until = now + state.start.policy.preferred_window
        state.open(now)
        self._changed("submitted", by=state.mentee.slack_id)
        self.background.run(
            self.desk.post(
                self.desk.to_person(CardKind.RECEIVED, state.mentee.slack_id),
                self.desk.to_channel(CardKind.CHANNEL, MENTORS),
            )
        )

    async def find_mentor(self) -> None:
        """Ask mentors, ever wider, until one has claimed and has not undone it."""
        self.search.begin()
        while True:
            match await self.next(self.search.deadlines):
                case Claim() as claim:
                    if await self._assign(claim):
                        if await self._claim_stands():
                            return
                        self.search.begin()
                case Decline() as decline if self.state.ask_of(decline.by) is not None:
                    self._decline(decline)
                case Due():
                    self.search.go_on()
                case other:
                    self._refuse(other)

    async def introduce(self) -> None:
        """Open the group DM with the mentor's hello: this is the response that was promised."""
        state, mentor = self.state, self.state.mentor_id
        state.group_channel = await self.desk.open_group([state.mentee.slack_id, mentor])
        state.introductions += 1
        await self.desk.post(self.desk.to_group(CardKind.INTRODUCTION, number=state.introductions))
        if state.claim:
            state.claim.introduced = True
        state.first_response_at = state.first_response_at or workflow.now()
        self._changed("introduced", CardKind.RECEIVED, by=mentor)
        state.mark_control_unpainted()

    async def arrange_session(self) -> None:
        """Let the two find a time; services without a session need none."""
        while self.state.start.service.needs_session and self.state.session_at is None:
            match await self.next(lambda: {"a time for the session": None}):
                case ProposeTimes() as proposal:
                    self._propose(proposal)
                case AcceptTime() as acceptance:
                    self._accept(acceptance)
                case Due():
                    pass
                case other:
                    self._refuse(other)

    async def wait_for_session(self) -> None:
        """Sleep to the session and some days past it; a new time moves both."""
        while self.state.feedback_due > workflow.now():
            match await self.next(self._session_deadlines):
                case ProposeTimes() as proposal if self.state.start.service.needs_session:
                    self._propose(proposal)
                case AcceptTime() as acceptance:
                    self._accept(acceptance)
                case Due():
                    pass
                case other:
                    self._refuse(other)

    async def ask_how_it_went(self) -> None:
        """One ask a side and one reminder; without an answer it ends as "no feedback"."""
        state, policy, now = self.state, self.state.start.policy, workflow.now()
        state.status = Status.AWAITING_FEEDBACK
        state.feedback_reminder_at = now + policy.feedback_reminder_after
        state.feedback_closes_at = now + policy.feedback_closes_after
        self._changed("asked how it went", CardKind.PROPOSAL, CardKind.INTRODUCTION)
        state.mark_control_unpainted()
        both = [state.mentee.slack_id, state.mentor_id]
        asks = [self.desk.to_person(CardKind.FEEDBACK, one) for one in both]
        self.background.run(self.desk.post(*asks))
        while len(state.feedback) < len(both) and workflow.now() < state.feedback_closes_at:
            match await self.next(self._feedback_deadlines):
                case GiveFeedback() as feedback if state.role_of(feedback.by):
                    self._keep_feedback(feedback)
                case Due():
                    self._remind_of_feedback(both)
                case other:
                    self._refuse(other)
        state.close(Status.COMPLETED, state.judge_outcome())
        self._changed("completed", *_PAIR_CARDS)
        state.mark_control_unpainted()

    def reopen(self) -> None:
        """The mentor gave it back: on from the rung it had reached, without this mentor."""
        state, mentor = self.state, self.state.mentor_id
        state.give_back(workflow.now(), excluded=True)
        self._changed("released", *LIVING_CARDS, by=mentor)
        number = len(state.excluded)
        words = [self.desk.to_person(CardKind.RELEASED, state.mentee.slack_id, number=number)]
        channel_card = state.card(CardKind.CHANNEL)
        if bump := self.desk.under(channel_card, CardKind.REOPENED, number=number):
            words.append(bump)
        self.background.run(self.desk.post(*words))

    async def withdraw(self) -> None:
        """The mentee no longer wants it: nobody is left with a live button or a question."""
        state = self.state
        introduced = state.claim is not None and state.claim.introduced
        state.close(Status.CANCELLED, Outcome.CANCELLED)
        self._changed("cancelled", by=state.mentee.slack_id)
        await self.search.stop()
        state.mark_unpainted(*LIVING_CARDS)
        if introduced:
            self.background.run(self.desk.post(self.desk.to_group(CardKind.WITHDRAWN)))

    async def close(self) -> Outcome:
        """Leave when row and cards show the end; until then late clicks get an answer."""
        while not self._settled():
            match await self.next(_last_writes, or_when=self._settled, final=True):
                case Due():
                    pass
                case late:
                    self._refuse(late)
        self.operators.show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.state.outcome or Outcome.UNKNOWN

    # ---- one wake-up ------------------------------------------------------------------------

    async def next(
        self,
        deadlines: Deadlines,
        *,
        or_when: Callable[[], bool] = lambda: False,
        final: bool = False,
    ) -> AnyDecision | Due:
        """Wait once: for a decision, for the earliest deadline, or for ``or_when``.

        Raises:
            CancelledByMentee, GivenBack: what ends a step, whichever it is.
        """
        state = self.state
        while True:
            state.waiting_until, state.waiting_for = self._earliest(deadlines)
            self.operators.show()
            moved = await self._wait(deadlines, or_when)
            if state.inbox:
                decision = state.inbox.pop(0).decision
                if not final:
                    self._leave_step(decision)
                return decision
            if moved:
                continue
            if state.breach_at is None or workflow.now() < state.breach_at:
                return Due()
            state.breached = True
            self._changed("the promised time has passed", CardKind.COORDINATORS)

    async def _wait(self, deadlines: Deadlines, or_when: Callable[[], bool]) -> bool:
        """Sleep until something is to be decided; True when only the wake-up itself has moved."""
        state, until = self.state, self.state.waiting_until

        def moved() -> bool:
            return self._earliest(deadlines)[0] != until

        def woken() -> bool:
            return bool(state.inbox) or self._failed or or_when() or moved()

        left = until - workflow.now() if until else None
        try:
            if left is None or left.total_seconds() > 0:
                await workflow.wait_condition(
                    woken, timeout=left, timeout_summary=self.state.waiting_for
                )
        except TimeoutError:
            pass
        self.projections.raise_error()
        self.background.raise_error()
        return not or_when() and moved()

    def _earliest(self, deadlines: Deadlines) -> tuple[datetime | None, str]:
        """The one wake-up: the earliest of a step's deadlines and the promised time."""
        due = {**deadlines(), PROMISE: self.state.breach_at}
        times = [(at, what) for what, at in due.items() if at is not None]
        return min(times) if times else (None, next(iter(due)))

    def _session_deadlines(self) -> dict[str, datetime | None]:
        session = self.state.session_at
        ahead = session if session and session > workflow.now() else None
        return {"the session": ahead, "asking how it went": self.state.feedback_due}

    @property
    def _failed(self) -> bool:
        return self.projections.failed or self.background.failed

    def _settled(self) -> bool:
        followers = (self.recorder, self.front, self.crowd)
        return self.background.idle and all(follower.settled for follower in followers)

    def _feedback_deadlines(self) -> dict[str, datetime | None]:
        return {
            "feedback, or its reminder": self.state.feedback_reminder_at,
            "feedback": self.state.feedback_closes_at,
        }

    def _leave_step(self, decision: AnyDecision) -> None:
        """What ends any step; the same decision from anyone else is refused by the step."""
        claim = self.state.claim
        if isinstance(decision, Cancel) and decision.by == self.state.mentee.slack_id:
            raise CancelledByMentee
        has_it = claim is not None and claim.introduced and decision.by == claim.mentor.slack_id
        if isinstance(decision, Release) and has_it:
            raise GivenBack

    # ---- decisions --------------------------------------------------------------------------

    async def _assign(self, claim: Claim) -> bool:
        """Give the request to the first who may have it; all other cards lose their buttons."""
        state = self.state
        verdict = await self.search.check(claim)
        if verdict.mentor is None:
            self.background.run(self.desk.tell(verdict.refusal or Notice.CANNOT_CHECK, claim))
            return False
        state.assign(verdict.mentor, workflow.now())
        if ask := state.ask_of(claim.by):
            ask.answer = Answer.WAITING
        self._changed("claimed", by=claim.by)
        self._show_control_card()
        await self.search.stop()
        state.mark_unpainted(CardKind.ASK, CardKind.CHANNEL, CardKind.COORDINATORS)
        return True

    def _show_control_card(self) -> None:
        """The winner's ask becomes the control card; who was not asked by DM gets one now."""
        state = self.state
        card = state.card(CardKind.ASK, state.mentor_id)
        if card.message:
            state.mark_control_unpainted()
            return
        control = self.desk.to_person(CardKind.ASK, state.mentor_id)
        control.may_stand = state.ask_of(state.mentor_id) is not None
        self.background.run(self.desk.post(control, about="control card"))

    async def _claim_stands(self) -> bool:
        """Let the mentor undo it before anyone was told; True when the window has passed."""
        state, mentor = self.state, self.state.mentor_id
        until = state.claim.undo_until if state.claim else workflow.now()
        while state.claim and workflow.now() < until:
            match await self.next(lambda: {"the mentor's time to undo": until}):
                case (UndoClaim() | Release()) as undo if undo.by == mentor:
                    state.give_back(workflow.now(), excluded=False)
                    self._changed("claim undone", *LIVING_CARDS, by=mentor)
                    return False
                case EditHello() as edit if edit.by == mentor:
                    state.claim.hello = edit.hello
                    self._changed("hello edited", by=mentor)
                    state.mark_control_unpainted()
                case Due():
                    pass
                case other:
                    self._refuse(other)
        return True

    def _decline(self, decline: Decline) -> None:
        state = self.state
        ask = state.ask_of(decline.by)
        if ask is None or ask.answer is Answer.DECLINED:
            return
        ask.answer = Answer.DECLINED
        self._changed("declined", by=decline.by)
        state.mark_card_unpainted(CardKind.ASK, decline.by)
        preferred = state.start.preferred_mentor
        if state.preferred_until and preferred and preferred.slack_id == decline.by:
            self.search.end_preferred_window()

    def _propose(self, proposal: ProposeTimes) -> None:
        state = self.state
        if state.role_of(proposal.by) is None:
            self._refuse(proposal)
            return
        if not usable_times(list(proposal.times), workflow.now()):
            self.background.run(self.desk.tell(Notice.TIME_UNUSABLE, proposal))
            return
        state.proposals_made += 1
        number = state.proposals_made
        state.proposal = ProposalView(number=number, by=proposal.by, times=list(proposal.times))
        self._changed("times proposed", CardKind.PROPOSAL, by=proposal.by)
        self.background.run(self.desk.post(self.desk.to_group(CardKind.PROPOSAL, number=number)))

    def _accept(self, acceptance: AcceptTime) -> None:
        state, proposal = self.state, self.state.proposal
        notice = self._why_not(acceptance)
        if notice or proposal is None:
            self.background.run(self.desk.tell(notice or Notice.NOT_NOW, acceptance))
            return
        if proposal.accepted:
            return
        proposal.accepted = state.session_at = acceptance.time
        state.status = Status.SCHEDULED
        self._changed(
            "session set",
            CardKind.PROPOSAL,
            CardKind.INTRODUCTION,
            CardKind.RECEIVED,
            by=acceptance.by,
        )
        state.mark_control_unpainted()
        words = self.desk.to_group(CardKind.SESSION_SET, number=proposal.number)
        self.background.run(self.desk.post(words))

    def _why_not(self, acceptance: AcceptTime) -> Notice | None:
        proposal, role = self.state.proposal, self.state.role_of(acceptance.by)
        if role is None:
            return Notice.NOT_YOURS
        if proposal is None or acceptance.proposal != proposal.number:
            return Notice.PROPOSAL_REPLACED
        if acceptance.by == proposal.by:
            return Notice.OWN_PROPOSAL
        if acceptance.time not in proposal.times or acceptance.time <= workflow.now():
            return Notice.TIME_UNUSABLE
        return None

    def _keep_feedback(self, feedback: GiveFeedback) -> None:
        state = self.state
        role = state.role_of(feedback.by)
        if role is None:
            return
        state.feedback[role] = FeedbackGiven(at=workflow.now(), feedback=feedback)
        if role in state.recorded_notes:
            state.recorded_notes.remove(role)
        self._changed("feedback given", by=feedback.by)
        state.mark_card_unpainted(CardKind.FEEDBACK, feedback.by)

    def _remind_of_feedback(self, both: list[str]) -> None:
        """Once, and only those who have not answered."""
        state = self.state
        if state.feedback_reminder_at is None or state.feedback_reminder_at > workflow.now():
            return
        state.feedback_reminder_at = None
        silent = [one for one in both if state.role_of(one) not in state.feedback]
        reminders = [
            self.desk.under(state.card(CardKind.FEEDBACK, one), CardKind.FEEDBACK_REMINDER)
            for one in silent
        ]
        self.background.run(self.desk.post(*(reminder for reminder in reminders if reminder)))

    def _refuse(self, decision: AnyDecision) -> None:
        """Answer a decision that this step doesn't want, and its like that came in with it."""
        notice = refusal(decision, self.state)
        alike, inbox = [decision], self.state.inbox
        while inbox and _alike(inbox[0].decision, decision):
            if refusal(inbox[0].decision, self.state) != notice:
                break
            alike.append(inbox.pop(0).decision)
        if notice:
            self.background.run(self.desk.tell(notice, *alike))

    def _changed(self, what: str, *stale: CardKind, by: str = "") -> None:
        """Something happened: row and these cards are behind from here on."""
        self.state.changed(workflow.now(), what, by)
        self.state.mark_unpainted(*stale)
        for follower in (self.recorder, self.front, self.crowd):
            follower.supersede()

    # ---- the inbox --------------------------------------------------------------------------

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


_PAIR_CARDS = (
    CardKind.RECEIVED,
    CardKind.CHANNEL,
    CardKind.COORDINATORS,
    CardKind.INTRODUCTION,
    CardKind.PROPOSAL,
    CardKind.FEEDBACK,
)


def _last_writes() -> dict[str, datetime | None]:
    return {"the last writes": None}


def _alike(one: AnyDecision, other: AnyDecision) -> bool:
    return type(one) is type(other)
