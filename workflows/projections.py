"""All projections of one request: its row, its cards, and the slot it takes."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.state import MENTORS_ROOM, RequestState
    from domain.view import CardKind
    from workflows.background import Background
    from workflows.projection import Painter, Recorder
    from workflows.slots import Slots


class Projections:
    """Where a transition is made known: row and cards follow by themselves."""

    def __init__(self, state: RequestState, background: Background, slots: Slots) -> None:
        self._state = state
        self._slots = slots
        self._background = background
        self._all = (
            Recorder(state),
            Painter(state, crowd=False),
            Painter(state, crowd=True),
        )

    def begin(self) -> None:
        self._background.follow(*(projection.follow() for projection in self._all))
        if self._state.rules >= MENTORS_ROOM:
            self._background.follow(self._slots.follow())

    @property
    def settled(self) -> bool:
        """Row and cards show the present state, and mentors' workflows know of it."""
        return all(one.settled for one in self._all) and self._slots.settled

    def changed(
        self, what: str, *stale: CardKind, by: str = "", control: bool = False, why: str = ""
    ) -> None:
        """Something happened: the row, and these cards, are behind from here on.

        Args:
            what: for the timeline that operators read.
            by: the Slack id of who did it, "" for Muster itself.
            why: somebody's own words, for coordinators only.
            control: also the card of the mentor who has the request.
        """
        self._state.changed(workflow.now(), what, by, why)
        self._state.mark_unpainted(*stale)
        if control:
            self._state.mark_control_unpainted()
        for projection in self._all:
            projection.supersede()
