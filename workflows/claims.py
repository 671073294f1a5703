"""Who has the request: the first who may, once; undone, declined, reworded."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.memory import Answer
    from domain.messages import AskMore, Claim, Decline, EditHello, KeepWaiting
    from domain.models import Person
    from domain.orders import Assign
    from domain.state import (
        ASK_MORE,
        KEEP_WAITING,
        MENTORS_ROOM,
        NOTHING_SLIPS,
        RequestState,
    )
    from domain.view import LIVING_CARDS, CardKind, Notice
    from domain.work import MentorCheck
    from workflows.asking import Asking
    from workflows.background import Background
    from workflows.desk import Desk
    from workflows.projections import Projections
    from workflows.search import Search
    from workflows.slots import Slots


class NotAssignableError(Exception):
    """A mentor can't get the request, or not by this order: says why, for the coordinator."""


class Assignment(NamedTuple):
    """A coordinator's order that was looked at and can be carried out."""

    order: Assign
    mentor: Person


class Claims:
    """Gives the request to a mentor and takes it back; called in the order of history."""

    def __init__(
        self,
        state: RequestState,
        *,
        desk: Desk,
        search: Search,
        asking: Asking,
        slots: Slots,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._search = search
        self._asking = asking
        self._slots = slots
        self._background = background
        self._projections = projections

    def deadlines(self) -> dict[str, datetime | None]:
        """Until when the claim can be undone (UTC)."""
        claim = self._state.claim
        return {"the mentor's time to undo": claim.undo_until if claim else None}

    async def assign(self, claim: Claim) -> bool:
        """Give the request to the first who may have it; all other cards lose their buttons."""
        state = self._state
        try:
            verdict = await self._check(claim)
            if verdict.mentor is None:
                self._slots.reacted(claim.by)
                self._desk.tell(verdict.refusal or Notice.CANNOT_CHECK, claim)
                return False
            state.assign(verdict.mentor, workflow.now())
        finally:
            self._slots.decided()
        await self._settle(claim.by, "claimed", by=claim.by)
        return True

    async def assignment(self, order: Assign) -> Assignment:
        """What a coordinator has ordered; looked at before anything changes.

        Raises:
            NotAssignableError: it stays as it is.
        """
        claim, taken = self._state.claim, self._state.deciding
        if order.mentor == self._state.mentor_id:
            raise NotAssignableError("They have this request already.")
        if claim and taken and taken.at <= claim.at:
            who = claim.mentor.name or claim.mentor.slack_id
            raise NotAssignableError(f"{who} got it a moment before. To change that, assign again.")
        try:
            verdict = await self._check_assignment(order.mentor)
        except BaseException:
            self._slots.decided()
            raise
        if verdict.mentor is None:
            self._slots.decided()
            raise NotAssignableError(
                _WHY_NOT.get(verdict.refusal or Notice.CANNOT_CHECK, "They can't take it.")
            )
        return Assignment(order, verdict.mentor)

    async def carry_out(self, assignment: Assignment) -> None:
        """A coordinator gives it to a mentor; to themselves it is like a claim."""
        order, mentor = assignment
        giver = Person(slack_id=order.by, name=order.name) if order.by != order.mentor else None
        self._state.assign(mentor, workflow.now(), by=giver)
        self._slots.decided()
        await self._settle(order.mentor, "assigned", by=order.by)

    def choose(self, choice: KeepWaiting | AskMore) -> None:
        """The mentee's answer to the honest update."""
        state, more = self._state, isinstance(choice, AskMore)
        chosen = ASK_MORE if more else KEEP_WAITING
        if state.choice == chosen:
            return
        state.choice = chosen
        what = "the mentee asks for more mentors" if more else "the mentee keeps waiting"
        self._projections.changed(what, CardKind.UPDATE, CardKind.COORDINATORS, by=choice.by)
        state.widening_owed = more and not state.is_searching
        if more and state.is_searching:
            self._search.widen(choice)

    async def _settle(self, mentor: str, what: str, *, by: str) -> None:
        """The winner's card first, then the channel's, then the others lose their buttons."""
        state = self._state
        if ask := state.ask_of(mentor):
            ask.answer = Answer.WAITING
        self._projections.changed(what, by=by)
        if state.ask_of(mentor) and not state.card(CardKind.ASK, mentor).message:
            await self._search.stop()  # their ask is being written just now: wait for its place
        self._show_control_card()
        await self._search.stop()
        self._learn_zone_of_mentor()
        state.mark_unpainted(CardKind.ASK, CardKind.CHANNEL, CardKind.COORDINATORS, CardKind.UPDATE)

    def undo(self) -> None:
        """As if nothing had been: the mentee was not told, the others' cards are live again."""
        mentor = self._state.mentor_id
        self._state.give_back(workflow.now(), excluded=False)
        self._projections.changed("claim undone", *LIVING_CARDS, by=mentor)

    def edit_hello(self, edit: EditHello) -> None:
        if self._state.claim:
            self._state.claim.hello = edit.hello
            self._projections.changed("hello edited", by=edit.by, control=True)

    def decline(self, decline: Decline) -> None:
        """A mentor who was asked can't; said twice it is still once.

        Ends what waited for them: the window of who was asked by name, or their hold. When
        everybody has declined, the next step runs now.
        """
        state = self._state
        ask = state.ask_of(decline.by)
        if ask is None or ask.answer is Answer.DECLINED:
            return
        ask.answer = Answer.DECLINED
        self._slots.reacted(decline.by)
        counted = [CardKind.COORDINATORS] if state.rules >= NOTHING_SLIPS else []
        self._projections.changed("declined", *counted, by=decline.by)
        state.mark_card_unpainted(CardKind.ASK, decline.by)
        if state.preferred_until and state.start.names(decline.by):
            self._search.end_preferred_window()
        if state.hold and state.hold.mentor.slack_id == decline.by:
            self._search.end_hold(remind=False)
        self._search.everybody_answered()

    async def _check(self, claim: Claim) -> MentorCheck:
        """May this person have the request? Those we asked are known even in an outage."""
        state = self._state
        if claim.by == state.mentee.slack_id:
            return MentorCheck(refusal=Notice.OWN_REQUEST)
        if claim.by in state.excluded:
            return MentorCheck(refusal=Notice.RELEASED_BEFORE)
        if state.preferred_until and not state.start.names(claim.by):
            return MentorCheck(refusal=Notice.NOT_NOW)
        ask, wish = state.ask_of(claim.by), self._slots.wish(claim.by, by_themselves=True)
        verdict = await self._asking.look_up(claim.by, wish)
        if verdict.refusal is Notice.CANNOT_CHECK and ask and state.rules < MENTORS_ROOM:
            return MentorCheck(mentor=ask.mentor)
        return verdict

    async def _check_assignment(self, slack_id: str) -> MentorCheck:
        """May a coordinator give it to this person?"""
        if slack_id == self._state.mentee.slack_id:
            return MentorCheck(refusal=Notice.OWN_REQUEST)
        if slack_id in self._state.excluded:
            return MentorCheck(refusal=Notice.RELEASED_BEFORE)
        return await self._asking.look_up(slack_id, self._slots.wish(slack_id, by_themselves=False))

    def _learn_zone_of_mentor(self) -> None:
        """Who claimed without having been asked has quiet hours, too."""
        claim = self._state.claim
        if claim and not claim.mentor.time_zone:
            self._background.run(self._learn_zone_of(claim.mentor))

    async def _learn_zone_of(self, mentor: Person) -> None:
        zones = await self._asking.zone_of(mentor)
        mentor.time_zone = zones.get(mentor.slack_id, "")

    def _show_control_card(self) -> None:
        """The winner's ask becomes the control card; who was not asked by DM gets one now."""
        state = self._state
        if state.card(CardKind.ASK, state.mentor_id).message:
            state.mark_control_unpainted()
            return
        control = self._desk.to_person(CardKind.ASK, state.mentor_id)
        control.may_stand = state.ask_of(state.mentor_id) is not None
        self._desk.send(control, about="control card")


_WHY_NOT = {
    Notice.NOT_A_MENTOR: "They are not an active mentor in the roster.",
    Notice.OWN_REQUEST: "They are the one who asks.",
    Notice.NO_ROOM: "They have no room just now, are taking a break, or want no requests.",
    Notice.RELEASED_BEFORE: "They have had this request before.",
    Notice.ANOTHER_MENTOR_TAKES_IT: "The never-pair list keeps these two apart.",
    Notice.CANNOT_CHECK: "The roster can't be read just now. Please try again in a few minutes.",
}
