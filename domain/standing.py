"""How a mentor stands: what matching, pages and App Home may know of their entity workflow."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from domain.base import Instant, Payload, TolerantEnum
from domain.mentor_messages import MentorProfile
from domain.models import Mentor
from domain.quiet import QuietHours

STANDING_MEMO = "standing"
"""Where the entity's memo keeps it: one visibility call reads all of them."""
WEEK = timedelta(days=7)


class MentorStatus(TolerantEnum):
    """What the row says (DESIGN §5)."""

    AVAILABLE = "Available"
    AT_CAPACITY = "At capacity"
    SNOOZED = "Snoozed"
    OPTED_OUT = "Opted out"
    DORMANT = "Dormant"
    UNKNOWN = "Unknown"


class MentorRules(Payload):
    """Thresholds, from the settings (MENTORS_*). An entity reads them anew at its wake-ups."""

    win_back_every: timedelta = timedelta(days=182)
    still_there_after: int = 5
    """Asks in a row without an answer."""
    paused_after: int = 8
    dormant_after: timedelta = timedelta(days=90)
    reconcile_every: timedelta = timedelta(hours=12)
    """How often a mentor with mentees is compared with their requests."""
    quiet_hours: QuietHours | None = None


class Standing(Payload):
    """One mentor at the moment of the latest change. All moments are UTC."""

    slack_id: str
    load: int = 0
    resting: bool = False
    rest_until: Instant | None = None
    """None with ``resting``: until they come back."""
    opted_out: bool = False
    account_closed: bool = False
    asked: list[Instant] = Field(default_factory=list)
    """Asks of the last seven days, the oldest first."""
    last_asked: Instant | None = None
    last_seen: Instant | None = None
    dormant_at: Instant | None = None
    """When they count as dormant unless something is seen of them before."""
    signed_up_at: Instant | None = None
    in_review: bool = False
    """Active only once a coordinator has ticked it in their row."""
    marked: bool = False
    """Their row has a status that somebody made up: that one counts."""

    def asked_this_week(self, now: datetime) -> int:
        return sum(at > now - WEEK for at in self.asked)

    def status(self, now: datetime, max_mentees: int) -> MentorStatus:
        """The strongest reason first."""
        if self.opted_out:
            return MentorStatus.OPTED_OUT
        if self.resting and (self.rest_until is None or self.rest_until > now):
            return MentorStatus.SNOOZED
        if self.marked:
            return MentorStatus.UNKNOWN
        if self.account_closed or (self.dormant_at is not None and self.dormant_at <= now):
            return MentorStatus.DORMANT
        return MentorStatus.AT_CAPACITY if self.load >= max_mentees else MentorStatus.AVAILABLE

    def applied_to(self, mentor: Mentor, now: datetime) -> Mentor:
        """The mentor of the roster as they stand now: what the entity owns, it says."""
        status = self.status(now, mentor.max_mentees)
        return mentor.model_copy(
            update={
                "status": mentor.status if status is MentorStatus.UNKNOWN else status.value,
                "active": mentor.active and not self.account_closed,
                "snoozed_until": self.rest_until if status is MentorStatus.SNOOZED else None,
                "load": self.load,
                "asked_this_week": self.asked_this_week(now),
                "last_asked": self.last_asked,
                "last_seen": self.last_seen or mentor.last_seen,
            }
        )


class MentorOverview(Payload):
    """What the mentor themselves may see in App Home; ``now`` is the entity's own clock."""

    now: datetime
    standing: Standing
    mentees: list[str] = Field(default_factory=list)
    """Ids of the requests that hold a slot."""
    asks: list[str] = Field(default_factory=list)
    """Ids of requests that asked them lately, the newest first; most are over by now."""
    never_ask_again: bool = False
    profile: MentorProfile | None = None
    """What they saved last, if that was lately: Airtable is read with a delay."""


class MentorRow(Payload):
    """What a mentor's entity writes into their row, latest snapshot first (DESIGN §5)."""

    slack_id: str
    revision: int
    status: MentorStatus
    mentees_now: int
    snoozed_until: datetime | None = None
    opted_out_at: datetime | None = None
    last_seen: datetime | None = None
    profile: MentorProfile | None = None
    """Set only when the mentor has saved it and it is not written yet."""
    signed_up_at: datetime | None = None
    active: bool | None = None
    """Set only with a sign-up."""
