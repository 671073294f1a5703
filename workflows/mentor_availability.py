"""One mentor's room, rest and return: an entity workflow that never ends by itself.

Here capacity is decided, so that no two requests both take a mentor's last slot, and here the
durable timers live: the end of a break, and the question whether somebody comes back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.mentors import MentorActivities
    from activities.people import PeopleActivities
    from domain import ids, mentor_projected
    from domain import search_attributes as keys
    from domain.availability import Availability
    from domain.mentor_messages import (
        STANDING_QUERY,
        AccountClosed,
        AccountOpen,
        ComeBack,
        Freed,
        Kept,
        MayAsk,
        Meet,
        NeverAskAgain,
        NotNow,
        OptOut,
        Permit,
        Reacted,
        Reserve,
        SaveProfile,
        Seen,
        Snooze,
        StillHere,
        Told,
        Unanswered,
    )
    from domain.mentor_work import LookAround, Surroundings
    from domain.messages import STATE_QUERY
    from domain.standing import STANDING_MEMO, MentorOverview, Standing
    from domain.work import LookUpPeople
    from workflows.background import Background
    from workflows.mentor_row import MentorRecorder
    from workflows.mentor_words import MentorWords
    from workflows.profiles import LOOK_AROUND, LOOK_UP, ORDINARY, URGENT


LOOK_AGAIN = timedelta(hours=1)
"""At a roster that could not be read."""
TRY_AGAIN = timedelta(minutes=1)
"""Until the first look at their requests: nobody gets an answer before it."""


class MentorHandlers:
    """What a mentor's workflow is told and asked: applied at once, in the order of history.

    An opt-out therefore holds for every wish that comes after it. The consequences (row, words,
    letters) are ``run``'s.
    """

    state: Availability

    # ---- what requests ask -------------------------------------------------------------------

    @workflow.update(name=Reserve.signal, description="Hold a slot for a request, if there is one.")
    async def reserve(self, wish: Reserve) -> Permit:
        await self._met()
        self.state.learn(wish.terms, workflow.now())
        return self.state.reserve(wish, workflow.now())

    @reserve.validator
    def _check_reserve(self, wish: Reserve) -> None:
        _check_request(wish.request_id)

    @workflow.update(name=MayAsk.signal, description="May a request ask this mentor now?")
    async def may_ask(self, wish: MayAsk) -> Permit:
        await self._met()
        self.state.learn(wish.terms, workflow.now())
        return self.state.may_ask(wish)

    @may_ask.validator
    def _check_may_ask(self, wish: MayAsk) -> None:
        _check_request(wish.request_id)

    async def _met(self) -> None:
        """Requests of earlier releases, or from before this workflow was lost, are known first."""
        await workflow.wait_condition(lambda: self.state.looked_up)

    # ---- what requests say -------------------------------------------------------------------

    @workflow.signal(name=Freed.signal)
    def freed(self, news: Freed) -> None:
        self.state.free(news.request_id, news.turn)

    @workflow.signal(name=Kept.signal)
    def kept(self, news: Kept) -> None:
        self.state.keep(news.request_id, news.turn, workflow.now())

    @workflow.signal(name=Reacted.signal)
    def reacted(self, news: Reacted) -> None:
        self.state.reacted(_moment(news))

    @workflow.signal(name=Unanswered.signal)
    def unanswered(self, news: Unanswered) -> None:
        self.state.not_answered(news.request_id, news.at, workflow.now())

    # ---- what mentors decide -----------------------------------------------------------------

    @workflow.signal(name=Snooze.signal)
    def snooze(self, wish: Snooze) -> None:
        self.state.snooze(wish.until, _moment(wish))

    @workflow.signal(name=OptOut.signal)
    def opt_out(self, wish: OptOut) -> None:
        self.state.opt_out(_moment(wish))

    @workflow.signal(name=ComeBack.signal)
    def come_back(self, wish: ComeBack) -> None:
        self.state.come_back(_moment(wish))

    @workflow.signal(name=NotNow.signal)
    def not_now(self, answer: NotNow) -> None:
        self.state.not_now(_moment(answer))

    @workflow.signal(name=NeverAskAgain.signal)
    def never_ask_again(self, answer: NeverAskAgain) -> None:
        self.state.never_again(_moment(answer))

    @workflow.signal(name=StillHere.signal)
    def still_here(self, answer: StillHere) -> None:
        self.state.reacted(_moment(answer))

    @workflow.signal(name=SaveProfile.signal)
    def save_profile(self, form: SaveProfile) -> None:
        self.state.save(form)

    # ---- what Slack says ---------------------------------------------------------------------

    @workflow.signal(name=Seen.signal)
    def seen(self, news: Seen) -> None:
        self.state.seen(news.at)

    @workflow.signal(name=Meet.signal)
    def meet(self, news: Meet) -> None:
        """To be started is all it is for."""

    @workflow.signal(name=AccountClosed.signal)
    def account_closed(self, news: AccountClosed) -> None:
        self.state.account_closed(_moment(news))

    @workflow.signal(name=AccountOpen.signal)
    def account_open(self, news: AccountOpen) -> None:
        self.state.account_open(_moment(news))

    # ---- queries -----------------------------------------------------------------------------

    @workflow.query(name=STANDING_QUERY)
    def overview(self) -> MentorOverview:
        """What the mentor may see of themselves."""
        return mentor_projected.overview(self.state, workflow.now())

    @workflow.query(name=STATE_QUERY)
    def whole_state(self) -> Availability:
        """Everything that is remembered, for operators."""
        return self.state


@workflow.defn(name=ids.AVAILABILITY_TYPE)
class MentorAvailability(MentorHandlers):
    """``run`` waits for what is told, or for the earliest of all deadlines; one timer."""

    @workflow.init
    def __init__(self, state: Availability) -> None:
        self.state = state
        self.background = Background()
        self.recorder = MentorRecorder(state)
        self.words = MentorWords(state, self.background)
        self._shown: tuple[object, object] = (None, None)

    @workflow.run
    async def run(self, state: Availability) -> None:
        if not state.looked_up:
            await self._meet_them()
        self.background.follow(
            self._keep_shown(), self.recorder.follow(), self.words.deliver_letters()
        )
        while not self._is_long():
            self.words.write_due()
            if await self._is_due():
                await self._look_before(workflow.now())
                state.wake(workflow.now())
        self.recorder.supersede()
        await workflow.wait_condition(self._can_be_left)
        memo = {STANDING_MEMO: mentor_projected.standing(state, workflow.now())}
        workflow.continue_as_new(state, memo=memo)

    async def _meet_them(self) -> None:
        """Until it is known which requests they have, whoever asks for a slot has to wait."""
        while True:
            await self._look_around()
            if self.state.looked_up:
                break
            await workflow.sleep(TRY_AGAIN, summary="nothing could be looked up")
        self.background.run(self._look_up_account())

    async def _look_before(self, now: datetime) -> None:
        """At their requests, their row and their account, where what falls due asks for it."""
        asks_back = self.state.asks_back(now)
        if self.state.needs_look(now):
            await self._look_around()
            if asks_back:
                await self._look_up_account()
            elif self.state.slots:
                self.background.run(self._look_up_account())

    async def _is_due(self) -> bool:
        """Wait: True for a deadline, False when something was told that changes the round."""
        what, due = self._next()
        seen, now = self._round(), workflow.now()
        if due is not None and due <= now:
            return True
        try:
            await workflow.wait_condition(
                lambda: self.background.failed or self._round() != seen,
                timeout=due - now if due is not None else None,
                timeout_summary=what or None,
            )
        except TimeoutError:
            return True
        self.background.raise_error()
        return False

    def _round(self) -> object:
        """What begins a new round; asks and slots alone don't, so that the timer stands."""
        return self._next(), self.words.situation, self._is_long()

    def _next(self) -> tuple[str, datetime | None]:
        """What happens by itself, and when (UTC)."""
        deadlines = {**self.state.deadlines(), **self.words.deadlines()}
        what = min(deadlines, key=deadlines.__getitem__, default="")
        return what, deadlines.get(what)

    # ---- looking up --------------------------------------------------------------------------

    async def _look_around(self) -> None:
        """Which requests are with them, and what the roster says; without an answer it goes on."""
        state = self.state
        try:
            found: Surroundings = await workflow.execute_activity_method(
                MentorActivities.look_around,
                LookAround(
                    slack_id=state.slack_id,
                    slots=list(state.slots),
                    # whoever is not active any more is not asked back
                    roster=not state.row_known or state.asks_back(workflow.now()),
                ),
                summary="their requests, and the roster",
                priority=ORDINARY if state.looked_up else URGENT,
                **LOOK_AROUND,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.error("Requests and roster could not be looked at; trying again later")
            if state.looked_up:
                state.reconciled_at = workflow.now()
                state.look_again_at = state.look_again_at and workflow.now() + LOOK_AGAIN
            return
        now = workflow.now()
        state.rules = found.rules
        state.learn(found.terms, now)
        state.meet(found.row, now)
        state.reconcile(found.running, now)
        state.looked_up = True
        state.row_known = state.row_known or found.roster_read
        state.look_again_at = None if state.row_known else now + LOOK_AGAIN

    async def _look_up_account(self) -> None:
        """Slack's events may be missed; a mentor with mentees is looked up now and then, too."""
        state, began = self.state, workflow.now()
        try:
            found = await workflow.execute_activity_method(
                PeopleActivities.look_up_people,
                LookUpPeople(slack_ids=[state.slack_id]),
                summary="are they still in Slack?",
                priority=ORDINARY,
                **LOOK_UP,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return
        if not found.found:
            state.account_closed(workflow.now())
            return
        if state.account_closed_at is None or state.account_closed_at < began:
            state.account_open(workflow.now())
        if state.terms and not state.terms.time_zone:
            state.terms.time_zone = found.found[0].time_zone

    # ---- what others see ---------------------------------------------------------------------

    async def _keep_shown(self) -> None:
        """Memo, search attributes and details follow the state; never returns."""
        while True:
            standing, attributes = self._seen_from_outside()
            if standing != self._shown[0]:
                workflow.upsert_memo({STANDING_MEMO: standing})
            if attributes != self._shown[1]:
                status, load, due = attributes
                workflow.upsert_search_attributes(
                    [
                        keys.MENTOR.value_set(self.state.slack_id),
                        keys.STATUS.value_set(status),
                        keys.LOAD.value_set(load),
                        keys.NEXT_DEADLINE.value_set(due)
                        if due
                        else keys.NEXT_DEADLINE.value_unset(),
                    ]
                )
            self._shown = standing, attributes
            workflow.set_current_details(self._in_words())
            self.recorder.catch_up()
            await workflow.wait_condition(lambda: self._seen_from_outside() != self._shown)

    def _seen_from_outside(self) -> tuple[Standing, tuple[str, int, datetime | None]]:
        state, now = self.state, workflow.now()
        standing = mentor_projected.standing(state, now)
        status = standing.status(now, state.capacity).value
        return standing, (status, standing.load, self._next()[1])

    def _in_words(self) -> str:
        state, now = self.state, workflow.now()
        status = mentor_projected.standing(state, now).status(now, state.capacity).value
        lines = [f"**{status}**, {len(state.slots)} of {state.capacity} mentees"]
        lines += [f"- with {request_id}" for request_id in state.slots]
        lines += [f"- {len(state.unanswered)} asks in a row without an answer"]
        lines += [f"- {what}: {at:%a %d %b %Y %H:%M} UTC" for what, at in state.deadlines().items()]
        return "\n".join(lines)

    def _is_long(self) -> bool:
        length = workflow.info().get_current_history_length()
        return length >= self.state.longest_history

    def _can_be_left(self) -> bool:
        quiet = self.background.idle and not self.recorder.is_writing
        return quiet and workflow.all_handlers_finished()


def _check_request(request_id: str) -> None:
    if not ids.is_request_id(request_id):
        raise ApplicationError("not a request id", type="OrderRefused", non_retryable=True)


def _moment(news: Told) -> datetime:
    """When it was said: its sender's clock may be behind this one, and this one behind theirs."""
    return max(news.at, workflow.now())
