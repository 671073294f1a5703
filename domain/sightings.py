"""Who was seen in Slack, and when: gathered for a day, then passed on."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from domain.base import Instant, Payload


class NoteSightings(Payload):
    """People by Slack id, and when each did something last (UTC). Never what they did."""

    signal: ClassVar[str] = "note_sightings"
    seen: dict[str, Instant] = Field(max_length=5000)


class SightingsState(Payload):
    """What is still to be passed on, from one run to the next."""

    waiting: dict[str, datetime] = Field(default_factory=dict)
    since: datetime | None = None
    """When the first of those was noted, by the workflow's clock."""
    longest_history: int = 2000
    """Events in one run; small in tests."""

    def note(self, news: NoteSightings, now: datetime) -> None:
        for slack_id, at in news.seen.items():
            self.waiting[slack_id] = max(at, self.waiting.get(slack_id, at))
        if self.waiting and self.since is None:
            self.since = now

    def take(self) -> dict[str, datetime]:
        """Everything that waits; the next round begins empty."""
        taken, self.waiting, self.since = self.waiting, {}, None
        return taken

    def put_back(self, seen: dict[str, datetime], now: datetime) -> None:
        """It could not be passed on."""
        self.note(NoteSightings.model_construct(seen=seen), now)


class PassOnSightings(Payload):
    """Tell mentors' workflows, and write it into the rows of mentees."""

    seen: dict[str, datetime]


class PassedOn(Payload):
    mentors: int = 0
    mentees: int = 0
