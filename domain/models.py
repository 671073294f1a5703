"""People, services, levels and the request as it was asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from domain.base import Instant, Payload, TolerantEnum
from domain.policy import EscalationPolicy, Scope
from domain.quiet import QuietHours


class Status(TolerantEnum):
    """Where a request stands: what Airtable, the search attribute and every screen show."""

    IN_REVIEW = "In review"
    OPEN = "Open"
    CLAIMED = "Claimed"
    SCHEDULED = "Scheduled"
    AWAITING_FEEDBACK = "Awaiting feedback"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"
    NOT_ELIGIBLE = "Not eligible"
    CLOSED_UNFULFILLED = "Closed unfulfilled"
    UNKNOWN = "Unknown"

    @property
    def is_final(self) -> bool:
        return self in FINAL_STATUSES


FINAL_STATUSES = frozenset(
    {Status.COMPLETED, Status.CANCELLED, Status.NOT_ELIGIBLE, Status.CLOSED_UNFULFILLED}
)


class Outcome(TolerantEnum):
    """What came of a request."""

    MET = "Met"
    DID_NOT_MEET = "Did not meet"
    NO_FEEDBACK = "No feedback"
    CANCELLED = "Cancelled"
    UNFULFILLED = "Unfulfilled"
    """Closed by a coordinator without a mentor."""
    UNKNOWN = "Unknown"


class Level(TolerantEnum):
    """How far along a person is; the same five words at intake, after the session and later."""

    EXPLORING = "Exploring"
    BEGINNER = "Beginner"
    INTERMEDIATE = "Intermediate"
    JOB_READY = "Job-ready"
    EMPLOYED = "Employed in tech"
    UNKNOWN = "Unknown"

    @classmethod
    def choices(cls) -> list[Level]:
        return [level for level in cls if level is not cls.UNKNOWN]


class Role(TolerantEnum):
    """Which side of the pair somebody is on."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    UNKNOWN = "unknown"


class Person(Payload):
    """Somebody in the community. ``time_zone`` is an IANA name, "" when unknown."""

    slack_id: str
    name: str = ""
    time_zone: str = ""
    record_id: str = ""
    """Airtable record id of the person's own row (mentors); "" when there is none."""
    quiet_hours: QuietHours | None = None
    """Their own, where they have chosen some; else the policy's count."""


class Service(Payload):
    """Something that mentors offer. Without ``needs_session`` the first word starts the work."""

    name: str
    needs_session: bool = True
    description: str = ""
    record_id: str = ""


class Skill(Payload):
    name: str
    aliases: list[str] = Field(default_factory=list)
    record_id: str = ""


class Affiliation(Payload):
    name: str
    priority: int = 0
    record_id: str = ""


WEEKLY_ASKS = 3
"""How often a mentor is asked in seven days, unless they say otherwise (DESIGN §3)."""


class Mentor(Person):
    """A mentor as the roster knows them, plus what their entity workflow knows of them now."""

    skills: list[str] = Field(default_factory=list)
    services: list[str] = Field(default_factory=list)
    max_mentees: int = 1
    active: bool = True
    status: str = "Available"
    snoozed_until: datetime | None = None
    opted_out_at: datetime | None = None
    bio: str = ""
    weekly_asks: int = WEEKLY_ASKS
    """How often they want to be asked in seven days at most."""
    load: int = 0
    """The mentees they have right now."""
    asked_this_week: int = 0
    """Asks in the seven days before the roster was read."""
    last_asked: datetime | None = None
    last_seen: datetime | None = None


class Candidate(Person):
    """A mentor who may be asked, and the widest scope that reaches them."""

    scope: Scope = Scope.FULL
    max_mentees: int | None = None
    weekly_asks: int | None = None
    """As the roster has them; None for what it did not say."""


class RequestStart(Payload):
    """Everything a request starts with: what was asked for, and the policy snapshotted with it."""

    request_id: str
    submitted_at: Instant
    mentee: Person
    email: str = ""
    service: Service
    goal: str
    details: str = ""
    skills: list[Skill] = Field(default_factory=list)
    """Empty means "not sure yet"."""
    preferred_mentor: Person | None = None
    affiliation: Affiliation | None = None
    level: Level | None = None
    policy: EscalationPolicy
    rota: list[Person] = Field(default_factory=list)
    """Coordinators who take turns, a week each; empty: whoever is in their channel."""
    sending_paused: bool = False
    """A coordinator had paused all sending when this was submitted."""

    def names(self, slack_id: str) -> bool:
        """The mentee asked for this mentor."""
        return self.preferred_mentor is not None and self.preferred_mentor.slack_id == slack_id

    @property
    def respond_by(self) -> datetime:
        """When the mentee should have heard from a mentor at the latest (UTC)."""
        return self.submitted_at + self.policy.breach_after


MAX_GOAL = 150
"""Characters in the one-line goal: it must fit a card's line on a phone."""
MAX_DETAILS = 3000
"""Characters in the details: one Slack section block (FACTS: 3000)."""
MAX_HELLO = 1000
MAX_NOTE = 2000
MAX_TEXT = 2500
"""Characters of a message that is passed on: with a line about it, it fits one Slack section."""
MAX_TIMES = 3
"""Times in one proposal."""
EARLIEST_SESSION = timedelta(minutes=15)
LATEST_SESSION = timedelta(days=180)
"""A proposed time must lie between these from the request's own now."""
HOLD_MARGIN = timedelta(hours=1)
"""A hold ends so long before the promised time, that others can still be asked."""
