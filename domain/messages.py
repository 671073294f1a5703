"""What people decide: mentors and mentees by signal, coordinators by update (``domain.orders``).

Each class knows the name of its signal. Handlers only record decisions in the request's one inbox;
``run`` decides, in history order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.base import Decision, Instant, Payload, TolerantEnum
from domain.models import MAX_HELLO, MAX_NOTE, MAX_TEXT, MAX_TIMES, Level
from domain.orders import (
    AnswerPerson,
    Assign,
    CloseRequest,
    HandBack,
    Nudge,
    Take,
    Widen,
)


class Claim(Decision):
    """A mentor wants to take the request."""

    signal: ClassVar[str] = "claim"
    kind: Literal["claim"] = "claim"


class UndoClaim(Decision):
    """The mentor takes the claim back before anyone was told."""

    signal: ClassVar[str] = "undo_claim"
    kind: Literal["undo_claim"] = "undo_claim"


class Decline(Decision):
    """A mentor who was asked says: not this one."""

    signal: ClassVar[str] = "decline"
    kind: Literal["decline"] = "decline"


class SayWhy(Decision):
    """Why a mentor has declined; only coordinators read it."""

    signal: ClassVar[str] = "say_why"
    kind: Literal["say_why"] = "say_why"
    reason: str = Field(max_length=MAX_NOTE)


class TakeBreak(Decision):
    """A mentor wants no asks at all until a day; without one, they are back.

    Sent by releases 0.1 and 0.2; today it goes straight to the mentor's own workflow.
    """

    signal: ClassVar[str] = "take_break"
    kind: Literal["take_break"] = "take_break"
    until: Instant | None = None


class Hold(Decision):
    """A mentor will take it on a day before the breach; until then others still can."""

    signal: ClassVar[str] = "hold"
    kind: Literal["hold"] = "hold"
    until: Instant


class EditHello(Decision):
    """The mentor rewords the hello that opens the group DM."""

    signal: ClassVar[str] = "edit_hello"
    kind: Literal["edit_hello"] = "edit_hello"
    hello: str = Field(max_length=MAX_HELLO)


class Release(Decision):
    """The mentor gives the request back after the mentee was told."""

    signal: ClassVar[str] = "release"
    kind: Literal["release"] = "release"


class PromiseToWrite(Decision):
    """By when the mentor will write (more); also their answer to "extend or release?"."""

    signal: ClassVar[str] = "promise_to_write"
    kind: Literal["promise_to_write"] = "promise_to_write"
    by_when: Instant


class Word(Decision):
    """Somebody has written in the group DM. That they did, and when; never what."""

    signal: ClassVar[str] = "word"
    kind: Literal["word"] = "word"


class AnotherMentor(Decision):
    """The mentee asks for another mentor, please."""

    signal: ClassVar[str] = "another_mentor"
    kind: Literal["another_mentor"] = "another_mentor"


class KeepWaiting(Decision):
    """The mentee's answer to the honest update: that is all right."""

    signal: ClassVar[str] = "keep_waiting"
    kind: Literal["keep_waiting"] = "keep_waiting"


class AskMore(Decision):
    """The mentee's answer to the honest update: please ask more mentors."""

    signal: ClassVar[str] = "ask_more"
    kind: Literal["ask_more"] = "ask_more"


class NotDoneYet(Decision):
    """Asked whether it is done, one of the pair says: ask again in a week."""

    signal: ClassVar[str] = "not_done_yet"
    kind: Literal["not_done_yet"] = "not_done_yet"


class AskCoordinator(Decision):
    """A word to the coordinators: typed to the bot, or sent with "Talk to a coordinator"."""

    signal: ClassVar[str] = "ask_coordinator"
    kind: Literal["ask_coordinator"] = "ask_coordinator"
    text: str = Field(max_length=MAX_TEXT)
    message: str = ""
    """The Slack ``ts`` of a typed message, so that a repeated event is one word; "" for a form."""


class PauseSending(Decision):
    """All sending waits (claims and clocks go on), or goes on again."""

    signal: ClassVar[str] = "pause_sending"
    kind: Literal["pause_sending"] = "pause_sending"
    paused: bool


class News(TolerantEnum):
    """What has changed with a mentor who was asked, or has the request."""

    AWAY = "away"
    """On a break or opted out: they can't be asked, nor take it."""
    BACK = "back"
    FULL = "full"
    """Their last slot has gone to another request."""
    ROOM = "room"
    """They have a slot again, after FULL."""
    GONE = "gone"
    """Their Slack account is closed."""
    UNKNOWN = "unknown"


class MentorNews(Decision):
    """A mentor's own workflow tells the requests that asked them; ``by`` is that mentor."""

    signal: ClassVar[str] = "mentor_news"
    kind: Literal["mentor_news"] = "mentor_news"
    what: News
    until: Instant | None = None
    """The end of a break; None: until they come back by themselves."""
    opted_out: bool = False


class Cancel(Decision):
    """The mentee no longer wants a mentor (or never asked)."""

    signal: ClassVar[str] = "cancel"
    kind: Literal["cancel"] = "cancel"


class ProposeTimes(Decision):
    """Either side offers up to three times for the session."""

    signal: ClassVar[str] = "propose_times"
    kind: Literal["propose_times"] = "propose_times"
    times: list[Instant] = Field(min_length=1, max_length=MAX_TIMES)


class AcceptTime(Decision):
    """The other side takes one of the proposed times."""

    signal: ClassVar[str] = "accept_time"
    kind: Literal["accept_time"] = "accept_time"
    proposal: int
    """Number of the proposal, from 1: an older one can't be accepted any more."""
    time: Instant


class GiveFeedback(Decision):
    """How it went, from one side. The rating runs from 1 (poor) to 5 (great)."""

    signal: ClassVar[str] = "give_feedback"
    kind: Literal["give_feedback"] = "give_feedback"
    happened: bool
    rating: int | None = Field(default=None, ge=1, le=5)
    note: str = Field(default="", max_length=MAX_NOTE)
    level: Level | None = None
    """Where the mentee stands now; asked of the mentee only."""


AnyDecision = Annotated[
    Claim
    | UndoClaim
    | Decline
    | SayWhy
    | TakeBreak
    | Hold
    | EditHello
    | Release
    | PromiseToWrite
    | Word
    | AnotherMentor
    | KeepWaiting
    | AskMore
    | NotDoneYet
    | AskCoordinator
    | PauseSending
    | MentorNews
    | Cancel
    | ProposeTimes
    | AcceptTime
    | GiveFeedback
    | Take
    | HandBack
    | Assign
    | Widen
    | Nudge
    | CloseRequest
    | AnswerPerson,
    Field(discriminator="kind"),
]


class Received(Payload):
    """A decision as it lies in the inbox; ``at`` is the request's own clock (UTC)."""

    at: datetime
    decision: AnyDecision
    ticket: int = 0
    """Of an update, which waits for its answer under this number; 0 for a signal."""
    answered: bool = False
    """Whether that update has its answer, so that it gets exactly one."""


VIEW_QUERY = "view"
DETAILS_QUERY = "details"
STATE_QUERY = "state"
CASE_QUERY = "case"
