"""Who has the request: the first who may, once; undone, declined, reworded."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import AskMore, Claim, Decline, EditHello, KeepWaiting
    from domain.models import Person
    from domain.orders import Assign
    from domain.state import Answer, RequestState
    from domain.view import LIVING_CARDS, CardKind, Notice
    from workflows.desk import Desk
    from workflows.projections import Projections
    from workflows.search import Search


class Claims:
    """Gives the request to a mentor and takes it back; called in the order of history."""

    def __init__(
        self, state: RequestState, desk: Desk, search: Search, projections: Projections
    ) -> None:
        self._state = state
        self._desk = desk
        self._search = search
        self._projections = projections

    def deadlines(self) -> dict[str, datetime | None]:
        """Until when the claim can be undone (UTC)."""
        claim = self._state.claim
        return {"the mentor's time to undo": claim.undo_until if claim else None}

    async def assign(self, claim: Claim) -> bool:
        """Give the request to the first who may have it; all other cards lose their buttons."""
        state = self._state
        verdict = await self._search.check(claim)
        if verdict.mentor is None:
            self._desk.tell(verdict.refusal or Notice.CANNOT_CHECK, claim)
            return False
        state.assign(verdict.mentor, workflow.now())
        await self._settle(claim.by, "claimed", by=claim.by)
        return True

    async def assign_to(self, order: Assign) -> str:
        """A coordinator gives it to a mentor; returns why that can't be, "" when it is done."""
        state = self._state
        verdict = await self._search.check_assignment(order.mentor)
        if verdict.mentor is None:
            return _WHY_NOT.get(verdict.refusal or Notice.CANNOT_CHECK, _UNKNOWN)
        by = Person(slack_id=order.by, name=order.name)
        state.assign(verdict.mentor, workflow.now(), by=by)
        await self._settle(order.mentor, "assigned", by=order.by)
        return ""

    async def why_not_reassigned(self, order: Assign) -> str:
        """Why the request can't go from the mentor who has it to another one; "" when it can."""
        if order.mentor == self._state.mentor_id:
            return "They have this request already."
        verdict = await self._search.check_assignment(order.mentor)
        if verdict.mentor is None:
            return _WHY_NOT.get(verdict.refusal or Notice.CANNOT_CHECK, _UNKNOWN)
        return ""

    def choose(self, choice: KeepWaiting | AskMore) -> None:
        """The mentee's answer to the honest update."""
        state, more = self._state, isinstance(choice, AskMore)
        state.choice = "ask more" if more else "keep waiting"
        what = "the mentee asks for more mentors" if more else "the mentee keeps waiting"
        self._projections.changed(what, CardKind.UPDATE, CardKind.COORDINATORS, by=choice.by)
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
        self._projections.changed("declined", by=decline.by)
        state.mark_card_unpainted(CardKind.ASK, decline.by)
        preferred = state.start.preferred_mentor
        if state.preferred_until and preferred and preferred.slack_id == decline.by:
            self._search.end_preferred_window()
        if state.hold and state.hold.mentor.slack_id == decline.by:
            self._search.end_hold(remind=False)
        self._search.everybody_answered()

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
    Notice.NO_ROOM: "They have no room just now, or are taking a break.",
    Notice.RELEASED_BEFORE: "They have given this request back before.",
    Notice.ANOTHER_MENTOR_TAKES_IT: "The never-pair list keeps these two apart.",
    Notice.CANNOT_CHECK: "The roster can't be read just now. Please try again in a few minutes.",
}
_UNKNOWN = "They can't take it."
