"""What may be shown of a request: the input of every card and of the status page."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from domain.base import Payload, TolerantEnum
from domain.models import Level, Outcome, Person, Role, Skill, Status


class CardKind(TolerantEnum):
    """Every message that Muster writes. Living cards are edited through the request's life."""

    # living cards
    RECEIVED = "received"
    """To the mentee by DM: what happens and by when; Cancel."""
    CHANNEL = "channel"
    """The request in the mentors' channel; Claim, Details."""
    ASK = "ask"
    """To one mentor by DM: Claim, Decline, Details; the winner's becomes the control card."""
    COORDINATORS = "coordinators"
    """The request in the coordinators' channel, once it needs their eyes."""
    INTRODUCTION = "introduction"
    """Opens the group DM: the request restated, the mentor's hello, Propose a time."""
    PROPOSAL = "proposal"
    """Times for the session, in the group DM; each with Accept for the other side."""
    FEEDBACK = "feedback"
    """How did it go? To each side by DM; a thank-you once answered."""
    # words said once
    REMINDER = "reminder"
    """To a mentor who was asked and has not answered (thread of their ask)."""
    BUMP = "bump"
    """Under the channel card: still waiting."""
    REOPENED = "reopened"
    """Under the channel card: open again."""
    UPDATE = "update"
    """To the mentee: honestly, nobody yet."""
    RELEASED = "released"
    """To the mentee: the mentor can't after all; we are looking again."""
    SESSION_SET = "session set"
    """In the group DM: the time is set."""
    FEEDBACK_REMINDER = "feedback reminder"
    WITHDRAWN = "withdrawn"
    """In the group DM: the mentee has cancelled; thanks to the mentor."""
    UNKNOWN = "unknown"


LIVING_CARDS = frozenset(
    {
        CardKind.RECEIVED,
        CardKind.CHANNEL,
        CardKind.ASK,
        CardKind.COORDINATORS,
        CardKind.INTRODUCTION,
        CardKind.PROPOSAL,
        CardKind.FEEDBACK,
    }
)
"""Cards that are edited through the request's life; every other message is said once."""


class Notice(TolerantEnum):
    """A private answer to somebody's click (an ephemeral message)."""

    TAKEN = "taken"
    NOT_A_MENTOR = "not a mentor"
    OWN_REQUEST = "own request"
    NO_ROOM = "no room"
    RELEASED_BEFORE = "released before"
    CANNOT_CHECK = "cannot check"
    TOO_LATE_TO_UNDO = "too late to undo"
    NOT_YOURS = "not yours"
    CLOSED = "closed"
    TIME_UNUSABLE = "time unusable"
    PROPOSAL_REPLACED = "proposal replaced"
    OWN_PROPOSAL = "own proposal"
    NOT_NOW = "not now"
    UNKNOWN = "unknown"


class MessageRef(Payload):
    """Where a message stands in Slack."""

    channel: str
    ts: str


class CardRef(Payload):
    """A message of Muster's: its key is unique and free of personal data.

    ``to`` is the person it is for ("" for a channel), ``message`` where it stands, None while
    that is not known.
    """

    key: str
    kind: CardKind
    to: str = ""
    number: int = 0
    """Which proposal a proposal card is about; 0 for cards of which there is one."""
    message: MessageRef | None = None


class ClaimView(Payload):
    mentor: Person
    at: datetime
    undo_until: datetime
    introduced: bool = False
    hello: str = ""


class ProposalView(Payload):
    number: int
    by: str
    times: list[datetime]
    accepted: datetime | None = None


class RequestView(Payload):
    """A request as cards and pages may show it: never the details, ratings or notes.

    All moments are UTC; ``now`` is the request's own clock when the view was taken.
    """

    request_id: str
    now: datetime
    status: Status
    mentee: Person
    service: str
    needs_session: bool
    goal: str
    skills: list[Skill] = Field(default_factory=list)
    submitted_at: datetime
    respond_by: datetime
    preferred: Person | None = None
    in_preferred_window: bool = False
    asked: list[str] = Field(default_factory=list)
    """Slack ids of mentors who hold an ask card (never shown to the mentee)."""
    declined: list[str] = Field(default_factory=list)
    excluded: list[str] = Field(default_factory=list)
    """Mentors who had it and gave it back."""
    was_matched: bool = False
    """The mentee has been told of a mentor once, now or before."""
    claim: ClaimView | None = None
    group_channel: str = ""
    proposal: ProposalView | None = None
    session_at: datetime | None = None
    feedback_from: list[Role] = Field(default_factory=list)
    outcome: Outcome | None = None
    breached: bool = False
    no_candidates: bool = False
    """Nobody could be asked: the coordinators' card says so."""
    waiting_for: str = ""
    """In plain words, for operators."""
    waiting_until: datetime | None = None


class RequestDetails(Payload):
    """What only mentors who may see them are shown."""

    request_id: str
    mentee: Person
    service: str
    goal: str
    details: str = ""
    skills: list[str] = Field(default_factory=list)
    affiliation: str = ""
    level: Level | None = None
    may_read: list[str] = Field(default_factory=list)
    """Slack ids of those who were asked or hold the claim."""
