"""Mentee and mentor meet: the group DM with the mentor's hello is the response we promised."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.state import NOTHING_SLIPS, RequestState
    from domain.view import CardKind, ClaimView
    from domain.work import Group, Posted
    from workflows.background import Background
    from workflows.calls import CalledOffError
    from workflows.desk import Desk
    from workflows.projections import Projections


class Introduction:
    """Runs beside the inbox, so that a mentee who cancels meanwhile is not introduced."""

    def __init__(
        self,
        state: RequestState,
        desk: Desk,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._background = background
        self._projections = projections
        self.unreachable: list[str] = []
        """Slack ids of those of the two to whom Slack opens no conversation any more."""
        self._called_off: ClaimView | None = None

    def deadlines(self) -> dict[str, datetime | None]:
        return {"Slack, to introduce the two": None}

    def settled(self) -> bool:
        """They have met, or one of them can't be reached."""
        claim = self._state.claim
        return bool(self.unreachable) or claim is None or claim.introduced

    def begin(self) -> None:
        """Open the group DM and write the introduction, unless it is recalled meanwhile."""
        self.unreachable = []
        self._background.run(self._introduce())

    def call_off(self) -> None:
        """The mentor takes the claim back: what has not left by now stays unsaid."""
        self._called_off = self._state.claim

    async def _introduce(self) -> None:
        state, claim = self._state, self._state.claim
        if claim is None:
            return
        mentor = claim.mentor.slack_id
        group = await self._open_group(claim)
        if group is None:
            return
        if group.unreachable:
            self.unreachable = group.unreachable
            return
        state.group_channel = group.channel
        state.introductions += 1
        card = self._desk.to_group(CardKind.INTRODUCTION, number=state.introductions)
        posted = await self._desk.post(card, recallable=True, urgent=True)
        while posted.recalled and not _stands(posted) and self._is_wanted(claim):
            card.may_stand = True  # a pause stopped it on its way, perhaps too late
            posted = await self._desk.post(card, recallable=True, urgent=True)
        if state.claim is not claim:  # a coordinator has given it to somebody else meanwhile
            return
        if not _stands(posted):
            self.unreachable = [] if self._called_off is claim else [mentor]
            return
        state.introduce(workflow.now())
        stale = [CardKind.RECEIVED, CardKind.UPDATE]
        if state.rules >= NOTHING_SLIPS:
            stale.append(CardKind.COORDINATORS)
        self._projections.changed("introduced", *stale, by=mentor, control=True)

    async def _open_group(self, claim: ClaimView) -> Group | None:
        """The two and the app, as soon as sending goes on; None when it is not wanted any more."""
        people = [self._state.mentee.slack_id, claim.mentor.slack_id]
        while self._is_wanted(claim):
            try:
                group = await self._desk.open_group(people)
            except CalledOffError:
                continue  # by a pause, as long as it is wanted
            return group if self._is_wanted(claim) else None
        return None

    def _is_wanted(self, claim: ClaimView) -> bool:
        wanted = self._state.claim is claim and self._called_off is not claim
        return wanted and not self._state.status.is_final


def _stands(posted: Posted) -> bool:
    return any(card.message for card in posted.cards)
