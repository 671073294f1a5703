"""What may be shown of a request: the input of every card and of the status page."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from domain.base import Payload, TolerantEnum
from domain.models import Level, Outcome, Person, Role, Skill, Status
from domain.policy import Scope


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
    """How did it go? To each side by DM; a thank-you once answered. ``number`` counts the asks
    after "not done yet"."""
    UPDATE = "update"
    """To the mentee: honestly, nobody yet; keep waiting, ask more mentors, cancel."""
    CHECK_IN = "check-in"
    """To the mentor who has it and is silent: extend or release? ``number`` counts them."""
    PASSED_ON = "passed on"
    """Somebody's words to the coordinators, in their card's thread, with Answer; ``to`` is the
    writer, ``number`` counts the request's messages."""
    SESSION_SET = "session set"
    """In the group DM: the time is set; ``number`` is its proposal's. Moved, it points below."""
    # words said once
    REMINDER = "reminder"
    """To a mentor who was asked and has not answered (thread of their ask)."""
    BUMP = "bump"
    """Under the channel card: still waiting."""
    REOPENED = "reopened"
    """Under the channel card: open again."""
    RELEASED = "released"
    """To the mentee: the mentor can't after all; we are looking again."""
    OPENED_WIDER = "opened wider"
    """To the mentee: the mentor they named was asked; others are asked now, too."""
    FEEDBACK_REMINDER = "feedback reminder"
    HOLD_DUE = "hold due"
    """To a mentor who held the request (thread of their ask): the time they named has come."""
    NUDGE = "nudge"
    """To the mentor who has it (thread of their card): you said you would write by now; or a
    coordinator asks."""
    OWNER_CALLED = "owner called"
    """Under the coordinators' card: the owner by name, the promised time has passed."""
    OWNER_WARNED = "owner warned"
    """Under the coordinators' card: it will soon; who is best placed to help."""
    ANSWER = "answer"
    """A coordinator's answer, by DM to somebody who wrote; ``number`` counts them."""
    CLOSED_WORD = "closed"
    """To the mentee: a coordinator has closed the request, with their word."""
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
        CardKind.UPDATE,
        CardKind.CHECK_IN,
        CardKind.PASSED_ON,
        CardKind.SESSION_SET,
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
    ANOTHER_MENTOR_TAKES_IT = "another mentor takes it"
    """A never-pair: said so that nobody learns of the list."""
    HELD_ALREADY = "held already"
    HOLD_UNUSABLE = "hold unusable"
    HOLD_KEPT = "hold kept"
    PROMISE_UNUSABLE = "promise unusable"
    EVERYBODY_ASKED = "everybody asked"
    BREAK_FAILED = "break failed"
    NOT_PASSED_ON = "not passed on"
    """There were too many messages in this request."""
    ORDER_REFUSED = "order refused"
    """A coordinator's order can't be carried out; why is in ``Tell.words``."""
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
    assigned_by: Person | None = None
    """The coordinator who gave it to them; None for a claim of their own."""


class ProposalView(Payload):
    number: int
    by: str
    times: list[datetime]
    accepted: datetime | None = None


class HoldView(Payload):
    """A mentor who will take it on a day, while others still can (UTC)."""

    mentor: Person
    until: datetime


class WordView(Payload):
    """Somebody's words that were passed on, or a coordinator's answer; by ``number`` from 1."""

    number: int
    by: Person
    """The writer, or the coordinator who answers."""
    role: Role | None = None
    """Which side the writer is on; None for a mentor who was only asked, and for answers."""
    to: str = ""
    """For an answer: who it is for (Slack id)."""
    text: str
    at: datetime
    answers: int = 0
    """The number of the words it answers; 0 for none."""
    answered_by: Person | None = None


class Wait(Payload):
    """One stretch of waiting for a mentor: from submission, or from a release, to the response."""

    since: datetime
    respond_by: datetime
    response_at: datetime | None = None
    breached: bool = False


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
    scope: Scope = Scope.FULL
    """How widely mentors are asked by now."""
    escalation_step: str = ""
    hold: HoldView | None = None
    owner: Person | None = None
    """The coordinator who looks after it: who took it, else whose turn it is."""
    owner_took_it: bool = False
    parked: bool = False
    best_placed: list[Person] = Field(default_factory=list)
    """Mentors best placed to help, for the coordinators' eyes."""
    choice: str = ""
    """What the mentee answered to the honest update: "", "keep waiting" or "ask more"."""
    write_by: datetime | None = None
    """By when the mentor said they would write (more)."""
    mentor_has_written: bool = False
    """The mentor's first word in the group message has been seen."""
    stands_still: bool = False
    """The pair gets no further and Muster asks no more: it is left to the coordinators."""
    check_in: int = 0
    """The number of the "extend or release?" that is open; 0 for none."""
    release_at: datetime | None = None
    """When an unanswered check-in ends in a release."""
    waits: list[Wait] = Field(default_factory=list)
    words: list[WordView] = Field(default_factory=list)
    """What was passed on to coordinators, and their answers: never on anybody else's card."""
    on_break: dict[str, datetime | None] = Field(default_factory=dict)
    """Asked mentors who can't be asked now, and until when; None: until they come back."""
    opted_out: list[str] = Field(default_factory=list)
    """Of those: who wants no asks at all."""
    reasons: list[str] = Field(default_factory=list)
    """Slack ids of mentors who declined and said why."""
    left_by: list[str] = Field(default_factory=list)
    """Mentors whom the mentee asked to change, or who were released for silence."""
    closing_word: str = ""
    """A coordinator's personal word to the mentee at the close."""
    sending_paused: bool = False
    done_asks: int = 0
    done_asks_before: int = 0
    """How often the pair was asked "done?" and said not yet."""


class AskView(Payload):
    """What became of asking one mentor, for coordinators."""

    mentor: Person
    at: datetime
    answer: str
    """An ``Answer``: waiting, declined, unreachable."""
    reason: str = ""
    reminded: bool = False
    away: str = ""
    """A ``No`` of the mentor's own: since then they want no requests, from anybody."""


class TimelineEntry(Payload):
    """Something that happened; ``by`` is a Slack id or "" for Muster itself."""

    at: datetime
    what: str
    by: str = ""
    why: str = ""
    """Somebody's own words about it, for coordinators.

    Activity summaries, search attributes and current details leave them out. In the Web UI they
    stand in the input of the update that said them, and ``case`` and ``state`` answer with them.
    """


class CaseFile(Payload):
    """Everything that coordinators may read of a request's search."""

    request_id: str
    now: datetime
    service: str
    skills: list[str] = Field(default_factory=list)
    mentee: str
    """Slack id."""
    mentor: str = ""
    scope: Scope = Scope.FULL
    preferred: str = ""
    in_preferred_window: bool = False
    asks: list[AskView] = Field(default_factory=list)
    planned: dict[str, datetime] = Field(default_factory=dict)
    """Mentors who are to be asked when their quiet hours are over, and when (UTC)."""
    queued: list[str] = Field(default_factory=list)
    """Mentors who come with the next waves."""
    withheld: dict[str, str] = Field(default_factory=dict)
    """Mentors whose ask was held back at the last moment, and why."""
    cap_lifted: bool = False
    """It does not count any more how often somebody was asked this week."""
    next_wave_at: datetime | None = None
    excluded: list[str] = Field(default_factory=list)
    timeline: list[TimelineEntry] = Field(default_factory=list)
    coordinators_card: MessageRef | None = None


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
