"""What this process knows of mentors' rows before its next reading of the roster does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from domain.models import Mentor

UNWRITTEN_LIFE = 2 * 3600.0
"""Seconds for which an amendment counts that isn't in the row yet: writing is tried every hour."""


@dataclass(eq=False)
class Amendment:
    """Changed fields of one mentor; ``written_at`` (clock) once they are in the row."""

    slack_id: str
    changes: Mapping[str, object]
    made_at: float
    written_at: float | None = None


class Amendments:
    """The latest amendment of each mentor, until a reading can know it. ``clock`` in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._latest: dict[str, Amendment] = {}

    def add(self, slack_id: str, **changes: object) -> Amendment:
        """From now on this mentor is read with these fields, and with those of earlier ones."""
        earlier = self._latest[slack_id].changes if slack_id in self._latest else {}
        changes = {**earlier, **changes}
        amendment = self._latest[slack_id] = Amendment(slack_id, changes, self._clock())
        return amendment

    def written(self, amendment: Amendment) -> None:
        """It is in the row: readings that begin from here on know it."""
        amendment.written_at = self._clock()

    def withdraw(self, amendment: Amendment) -> None:
        """It will never be in the row."""
        if self._latest.get(amendment.slack_id) is amendment:
            del self._latest[amendment.slack_id]

    def applied(self, mentors: Iterable[Mentor], read_at: float) -> list[Mentor]:
        """A reading that began at ``read_at`` (clock), with what it could not know yet."""
        self._latest = {
            slack_id: amendment
            for slack_id, amendment in self._latest.items()
            if self._counts(amendment, read_at)
        }
        return [
            mentor.model_copy(update=dict(amendment.changes))
            if (amendment := self._latest.get(mentor.slack_id))
            else mentor
            for mentor in mentors
        ]

    def _counts(self, amendment: Amendment, read_at: float) -> bool:
        if amendment.written_at is not None:
            return read_at <= amendment.written_at
        return self._clock() < amendment.made_at + UNWRITTEN_LIFE
