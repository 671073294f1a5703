"""All projections of one request: its row and its cards."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.state import RequestState
    from domain.view import CardKind
    from workflows.background import Background
    from workflows.projection import Painter, Recorder


class Projections:
    """Where a transition is made known: row and cards follow by themselves."""

    def __init__(self, state: RequestState, background: Background) -> None:
        self._state = state
        self._background = background
        self._all = (
            Recorder(state),
            Painter(state, crowd=False),
            Painter(state, crowd=True),
        )

    def begin(self) -> None:
        self._background.follow(*(projection.follow() for projection in self._all))

    @property
    def settled(self) -> bool:
        """Row and cards show the present state."""
        return all(projection.settled for projection in self._all)

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
