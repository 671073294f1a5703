"""Projections of a request: the row in Airtable and the cards in Slack follow its state.

Each projection has one write under way at most. A newer state cancels a write that waits for its
next try, so that after an outage only the latest state is written, once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.airtable import AirtableActivities
    from activities.slack import SlackActivities
    from domain import projected
    from domain.models import Role
    from domain.state import NOTHING_SLIPS, RequestState
    from domain.view import CardKind, CardRef
    from domain.work import Repaint, Repainted
    from workflows.calls import CalledOffError, result
    from workflows.profiles import CROWD, PAINT, RECORD, URGENT


class Revised(Protocol):
    """A state that counts its revisions."""

    revision: int


_State = TypeVar("_State", bound=Revised)
_Written = TypeVar("_Written")


class Projection(ABC, Generic[_State, _Written]):
    """Brings something outside up to a workflow's state, again and again."""

    def __init__(self, state: _State) -> None:
        self.state = state
        self._handle: workflow.ActivityHandle[_Written] | None = None

    @property
    def is_writing(self) -> bool:
        return self._handle is not None

    @property
    def settled(self) -> bool:
        """Everything that was to be written is written."""
        return self._handle is None and not self._behind()

    async def follow(self) -> None:
        """Write whenever the state has moved on; never returns."""
        while True:
            await workflow.wait_condition(self._may_write)
            await self._write_once()

    def supersede(self) -> None:
        """Newer state: a write that waits for a retry gives way (one at work ends normally)."""
        if self._handle is not None:
            self._handle.cancel()

    async def _write_once(self) -> None:
        revision = self.state.revision
        handle = self._start()
        self._handle = handle
        try:
            written = await result(handle)
        except CalledOffError:
            pass  # a newer state is to be written
        except ActivityError:
            self._give_up(revision)
        else:
            self._note(written, revision)
        finally:
            self._handle = None

    def _may_write(self) -> bool:
        return self._behind()

    @abstractmethod
    def _behind(self) -> bool: ...

    @abstractmethod
    def _start(self) -> workflow.ActivityHandle[_Written]: ...

    @abstractmethod
    def _note(self, written: _Written, revision: int) -> None: ...

    @abstractmethod
    def _give_up(self, revision: int) -> None:
        """The write failed for good: go on, so that the request does not hang on it."""


class Recorder(Projection[RequestState, None]):
    """Keeps the request's row in Airtable up to date; nobody else writes it."""

    _notes: dict[Role, datetime]
    """Whose feedback is on its way, and when it was given: it may be said again meanwhile."""

    def _behind(self) -> bool:
        return self.state.revision > self.state.recorded

    def _start(self) -> workflow.ActivityHandle[None]:
        records = projected.records(self.state, workflow.now())
        self._notes = {note.role: note.created_at for note in records.notes}
        return workflow.start_activity_method(
            AirtableActivities.record,
            records,
            summary=f"row: {self.state.status.value} (revision {self.state.revision})",
            **RECORD,
        )

    def _note(self, written: None, revision: int) -> None:
        self.state.recorded = revision
        given = self.state.feedback
        self.state.recorded_notes.extend(
            role for role, at in self._notes.items() if given[role].at == at
        )

    def _give_up(self, revision: int) -> None:
        workflow.logger.error("The row was refused; see the failed activity for the field")
        self.state.recorded = revision


class Painter(Projection[RequestState, Repainted]):
    """Edits cards until they show the present state: first those that somebody looks at."""

    def __init__(self, state: RequestState, *, crowd: bool) -> None:
        super().__init__(state)
        self._crowd = crowd
        self._batch: list[CardRef] = []
        self._mark = 0

    def _stale(self) -> list[CardRef]:
        cards = [self.state.cards[key] for key in self.state.unpainted]
        mine = [card for card in cards if self._is_crowd(card) == self._crowd]
        return sorted(mine, key=lambda card: _LOOKED_AT.get(card.kind, len(_LOOKED_AT)))

    def _is_crowd(self, card: CardRef) -> bool:
        return card.kind is CardKind.ASK and card.to != self.state.mentor_id

    def _may_write(self) -> bool:
        return not self.state.sending_paused and self._behind()

    def _behind(self) -> bool:
        return bool(self._stale())

    def _start(self) -> workflow.ActivityHandle[Repainted]:
        self._batch, self._mark = self._stale(), self.state.latest_mark
        return workflow.start_activity_method(
            SlackActivities.repaint,
            Repaint(view=projected.view(self.state, workflow.now()), cards=self._batch),
            summary=f"{len(self._batch)} card(s): {self.state.status.value}",
            priority=CROWD if self._crowd else URGENT,
            **PAINT,
        )

    def _note(self, written: Repainted, revision: int) -> None:
        self.state.mark_painted(written.keys, self._mark)
        state, asks = self.state, {c.key for c in self._batch if c.kind is CardKind.ASK}
        missing = [key for key in written.missing if state.forget_card(key)]
        if state.rules >= NOTHING_SLIPS:
            missing = [key for key in missing if key in asks]  # other words are written again
        if not missing:
            return
        state.changed(workflow.now(), f"{len(missing)} not asked after all")
        if state.is_searching and state.rules >= NOTHING_SLIPS:  # they are next
            state.next_wave_at = state.next_wave_at or workflow.now()
            state.preferred_check_at = workflow.now() if state.preferred_until else None

    def _give_up(self, revision: int) -> None:
        workflow.logger.error("Cards could not be edited for a day")
        self.state.mark_painted([card.key for card in self._batch], self._mark)


_LOOKED_AT = {CardKind.ASK: 0, CardKind.RECEIVED: 1, CardKind.CHANNEL: 2}
"""The order of edits (DESIGN §7): the winner's control card, then the channel's."""
