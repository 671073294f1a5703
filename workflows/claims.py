"""Who has the request: the first who may, once; undone, declined, reworded."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import Claim, Decline, EditHello
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
        if ask := state.ask_of(claim.by):
            ask.answer = Answer.WAITING
        self._projections.changed("claimed", by=claim.by)
        if state.ask_of(claim.by) and not state.card(CardKind.ASK, claim.by).message:
            await self._search.stop()  # their ask is being written just now: wait for its place
        self._show_control_card()
        await self._search.stop()
        state.mark_unpainted(CardKind.ASK, CardKind.CHANNEL, CardKind.COORDINATORS)
        return True

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
        """A mentor who was asked can't; said twice it is still once."""
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

    def _show_control_card(self) -> None:
        """The winner's ask becomes the control card; who was not asked by DM gets one now."""
        state = self._state
        if state.card(CardKind.ASK, state.mentor_id).message:
            state.mark_control_unpainted()
            return
        control = self._desk.to_person(CardKind.ASK, state.mentor_id)
        control.may_stand = state.ask_of(state.mentor_id) is not None
        self._desk.send(control, about="control card")
