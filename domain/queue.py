"""The coordinators' queue: what each open request waits for, in the order of its risk. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from domain.base import Payload
from domain.models import Person, Status
from domain.view import MessageRef

STANDS_STILL = "a coordinator, for the pair stands still"
"""What a request with a mentor waits for once Muster asks that mentor no more."""


class QueueEntry(Payload):
    """One open request, as queue and daily roll-up show it. All moments are UTC."""

    request_id: str
    service: str
    skills: list[str] = Field(default_factory=list)
    status: Status
    step: str = ""
    """The rung of the ladder that it has reached."""
    owner: Person | None = None
    """The coordinator who looks after it: who took it, else whose turn it is."""
    mentor: str = ""
    """Slack id of the mentor who has it, "" for none."""
    submitted_at: datetime
    respond_by: datetime | None = None
    """When the present wait is over the promised time; None once a mentor has answered."""
    breached: bool = False
    parked: bool = False
    next_deadline: datetime | None = None
    waiting_for: str = ""
    goal: str = ""
    coordinators_card: MessageRef | None = None
    asked_at: datetime | None = None
    """On its own clock, when it was asked for what visibility doesn't know."""

    def present(self, now: datetime) -> datetime:
        """What time it is for this request: its own clock may run ahead of ``now``."""
        return max(now, self.asked_at or now)

    @property
    def is_waiting(self) -> bool:
        """Somebody waits for a mentor's answer, and the ladder still works on it."""
        return self.respond_by is not None and not self.parked

    @property
    def stands_still(self) -> bool:
        """A mentor has it, and nothing more happens by itself."""
        return bool(self.mentor) and self.waiting_for == STANDS_STILL

    def is_late(self, now: datetime) -> bool:
        """Waiting beyond the promised time."""
        if self.respond_by is None or self.parked:
            return False
        return self.breached or self.respond_by <= self.present(now)


def by_risk(entries: Iterable[QueueEntry], now: datetime) -> list[QueueEntry]:
    """Late ones first, the longest late at the top; then those with the least time left; then the
    parked; then those that have a mentor: who stand still, and the others by their next deadline.
    """
    return sorted(entries, key=lambda entry: _risk(entry, now))


def _risk(entry: QueueEntry, now: datetime) -> tuple[int, datetime, str]:
    if entry.is_late(now):
        group, at = 0, entry.respond_by
    elif entry.is_waiting:
        group, at = 1, entry.respond_by
    elif entry.parked:
        group, at = 2, entry.submitted_at
    elif entry.stands_still:
        group, at = 3, entry.submitted_at
    else:
        group, at = (4, entry.next_deadline) if entry.next_deadline else (5, entry.submitted_at)
    return group, at or entry.submitted_at, entry.request_id
