"""Decisions that are taken whichever step a request is in, and turn nothing around."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.mentors import MentorActivities
    from domain.messages import (
        AnyDecision,
        AskCoordinator,
        MentorNews,
        News,
        PauseSending,
        PromiseToWrite,
        SayWhy,
        TakeBreak,
        Word,
    )
    from domain.models import Role
    from domain.orders import AnswerPerson, HandBack, Nudge, Take
    from domain.state import RequestState
    from domain.view import CardKind, Notice
    from domain.work import PauseMentor
    from workflows.asking import Asking
    from workflows.background import Background
    from workflows.contact import Contact
    from workflows.coordination import Coordination
    from workflows.correspondence import Correspondence
    from workflows.desk import Desk
    from workflows.profiles import PAUSE, URGENT
    from workflows.projections import Projections
    from workflows.search import Search
    from workflows.slots import Slots

LONGEST_BREAK = timedelta(days=366)


class Anytime:
    """Takes them, so that the steps of ``run`` see only what concerns them."""

    def __init__(
        self,
        state: RequestState,
        *,
        desk: Desk,
        search: Search,
        asking: Asking,
        slots: Slots,
        contact: Contact,
        coordination: Coordination,
        correspondence: Correspondence,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._search = search
        self._asking = asking
        self._slots = slots
        self._contact = contact
        self._coordination = coordination
        self._correspondence = correspondence
        self._background = background
        self._projections = projections

    async def takes(self, decision: AnyDecision) -> bool:
        """Whether this was one of them; then it is done."""
        match decision:
            case Word():
                self._contact.noticed(decision)
            case PromiseToWrite():
                self._contact.promise(decision)
            case SayWhy():
                self._say_why(decision)
            case TakeBreak():
                self._take_break(decision)
            case AskCoordinator():
                if not self._correspondence.pass_on(decision):
                    self._desk.tell(Notice.NOT_PASSED_ON, decision)
            case MentorNews() if not self._ends_the_pair(decision):
                self._hear_of_mentor(decision)
            case PauseSending():
                await self._pause_sending(decision)
            case Take() | HandBack() | Nudge() | AnswerPerson():
                self._coordination.carry_out(decision)
            case _:
                return False
        return True

    def _say_why(self, why: SayWhy) -> None:
        ask = self._state.ask_of(why.by)
        if ask is None:
            self._desk.tell(Notice.NOT_YOURS, why)
            return
        ask.reason = why.reason
        self._projections.changed("said why", by=why.by)
        self._state.mark_card_unpainted(CardKind.ASK, why.by)

    def _take_break(self, wish: TakeBreak) -> None:
        """No asks at all until a day. Only cards of releases 0.1 and 0.2 still say it to a request;
        the mentor's own workflow keeps it."""
        known = self._state.ask_of(wish.by) or self._state.role_of(wish.by) is Role.MENTOR
        if not known:
            self._desk.tell(Notice.NOT_YOURS, wish)
        elif wish.until and not timedelta(0) < wish.until - workflow.now() <= LONGEST_BREAK:
            self._desk.tell(Notice.TIME_UNUSABLE, wish)
        else:
            self._background.run(self._pause(wish))

    async def _pause(self, wish: TakeBreak) -> None:
        try:
            await workflow.execute_activity_method(
                MentorActivities.pause_mentor,
                PauseMentor(slack_id=wish.by, until=wish.until, at=workflow.now()),
                summary="a mentor's break" if wish.until else "a mentor is back",
                priority=URGENT,
                **PAUSE,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            self._desk.tell(Notice.BREAK_FAILED, wish)
            return
        if wish.until:
            self._state.on_break[wish.by] = wish.until
        else:
            self._state.on_break.pop(wish.by, None)
        what = "on a break" if wish.until else "back from a break"
        self._projections.changed(what, by=wish.by)
        self._state.mark_card_unpainted(CardKind.ASK, wish.by)
        if wish.until:
            self._search.give_up_on(wish.by)

    def _ends_the_pair(self, news: MentorNews) -> bool:
        """Whoever has the request is gone for good: that turns the story, and is ``run``'s."""
        return news.what is News.GONE and news.by == self._state.takes_slot_of

    def _hear_of_mentor(self, news: MentorNews) -> None:
        """Their own workflow says how they stand now: their card here says so, too."""
        state, mentor = self._state, news.by
        if news.what is News.BACK:
            state.on_break.pop(mentor, None)
            state.withheld.pop(mentor, None)
        elif news.what is News.AWAY:
            state.on_break[mentor] = news.until
        state.opted_out = [one for one in state.opted_out if one != mentor]
        if news.what is News.AWAY and news.opted_out:
            state.opted_out.append(mentor)
        if news.what is News.GONE:
            self._asking.leave_out(state.person(mentor), for_good=True)
        elif news.what in (News.AWAY, News.FULL):
            self._asking.leave_out(state.person(mentor), for_good=False)
        state.full = [one for one in state.full if one != mentor or news.what is not News.ROOM]
        if news.what is News.FULL and mentor not in state.full:
            state.full.append(mentor)
        if news.what in (News.FULL, News.ROOM):  # their card stays as it is
            if news.what is News.FULL:
                self._search.give_up_on(mentor)
                self._search.everybody_answered()
            return
        self._projections.changed(_SAID.get(news.what, "news of a mentor"), by=mentor)
        state.mark_card_unpainted(CardKind.ASK, mentor)
        if news.what is not News.BACK:
            self._search.give_up_on(mentor)
            self._search.everybody_answered()

    async def _pause_sending(self, switch: PauseSending) -> None:
        """Claims and clocks go on; cards wait, and what is on its way stops."""
        state = self._state
        if state.sending_paused == switch.paused:
            return
        state.sending_paused = switch.paused
        what = "all sending paused" if switch.paused else "sending goes on"
        self._projections.changed(what, CardKind.COORDINATORS, by=switch.by)
        if switch.paused:
            await self._desk.recall()
        else:
            self._contact.go_on_after_pause()


_SAID = {
    News.AWAY: "on a break",
    News.BACK: "back from a break",
    News.GONE: "their Slack account is closed",
}
