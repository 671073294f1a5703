"""What a request remembers of mentors, messages and the pair: the pieces of its state."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from domain.base import Payload, TolerantEnum
from domain.mentor_messages import Freed, Kept, No, Reacted, Unanswered
from domain.messages import GiveFeedback
from domain.models import Candidate
from domain.view import CardKind


class Answer(TolerantEnum):
    """What came of asking one mentor."""

    WAITING = "waiting"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class Ask(Payload):
    """One mentor who was asked (or is being asked just now)."""

    mentor: Candidate
    at: datetime
    answer: Answer = Answer.WAITING
    reason: str = ""
    """Why they declined, if they said so; for coordinators only."""
    reminded: bool = False


class PlannedAsk(Payload):
    """A mentor of a wave who sleeps: they are asked in their morning."""

    mentor: Candidate
    due: datetime


class Withheld(Payload):
    """An ask that a mentor's own workflow said no to, at the last moment."""

    why: No
    at: datetime
    replaced: bool = False
    """The next in line was asked instead."""


class Silence(Payload):
    """A mentor who has the reminder before them; ``due`` is when it counts as unanswered."""

    mentor: str
    """Slack id."""
    due: datetime


class Later(Payload):
    """A message that waits for somebody's morning."""

    kind: CardKind
    to: str
    number: int = 0
    due: datetime
    may_stand: bool = False
    """It was stopped on its way, perhaps too late: look before it is written."""


class Contact(Payload):
    """Signs of life of the present pair (UTC); that there were any, never what was said."""

    mentor_wrote_at: datetime | None = None
    """The mentor's first word, or their first times for the session."""
    last_at: datetime | None = None
    """The latest sign of life of either."""
    mentor_last_at: datetime | None = None
    """The mentor's latest."""
    write_by: datetime | None = None
    """By when the mentor said they would write (more)."""
    promised_at: datetime | None = None
    nudged: bool = False
    """Reminded of their promise: once a claim."""
    asked_at: datetime | None = None
    """When "extend or release?" was asked, while it is unanswered."""
    left_to_coordinators: bool = False
    """They were told that this pair stands still: Muster asks no more."""


class Tidings(Payload):
    """Something that a mentor's own workflow is to be told."""

    mentor: str
    """Slack id."""
    message: Freed | Kept | Reacted | Unanswered = Field(discriminator="kind")


class FeedbackGiven(Payload):
    at: datetime
    feedback: GiveFeedback
