"""The daily roll-up for coordinators: which requests stand in it, and its messages. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.base import Instant, Payload
from domain.policy import StepKind
from domain.queue import QueueEntry

SHOWN_AT_MOST = 40
"""Requests in one roll-up, the riskiest; Slack takes 50 blocks in a message."""

TO_THE_NEXT = timedelta(hours=24)

_PAST_THE_TARGET = (
    StepKind.COORDINATORS,
    StepKind.UPDATE_MENTEE,
    StepKind.WARN_OWNER,
    StepKind.BREACH,
    StepKind.REMIND_OWNER,
    StepKind.PARK,
)


class RollUpPlan(Payload):
    """When the roll-up comes: every day ``at`` this time in the coordinators' zone (IANA)."""

    at: time = time(9)
    time_zone: str = "UTC"


class Survey(Payload):
    """Which requests stand in the roll-up of this moment?"""

    now: Instant
    begun_at: Instant | None = None
    """When this roll-up was due: it may have waited since, while all sending was paused."""


class NewMentor(Payload):
    """Somebody who has signed up since the last roll-up."""

    slack_id: str
    in_review: bool = False
    """They are asked only once somebody has ticked Active in their row."""


class RollUp(Payload):
    """Those of one moment, the riskiest first; ``more`` are left out."""

    now: Instant
    entries: list[QueueEntry] = Field(default_factory=list)
    more: int = 0
    new_mentors: list[NewMentor] = Field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.new_mentors


class PostRollUp(Payload):
    """Write it to the coordinators' channel, unless one stands there under this key."""

    key: str
    roll_up: RollUp


def stands_in(entry: QueueEntry, now: datetime) -> bool:
    """Whether coordinators are to be reminded of a request: parked, past target or promise, due
    before the next roll-up, or with a pair that stands still."""
    if entry.parked or entry.stands_still:
        return True
    if not entry.is_waiting or entry.respond_by is None:
        return False
    past_target = entry.step.startswith(_PAST_THE_TARGET)
    return past_target or entry.is_late(now) or entry.respond_by <= now + TO_THE_NEXT


def day_of(now: datetime, time_zone: str) -> date:
    """The coordinators' date."""
    return now.astimezone(ZoneInfo(time_zone)).date()
