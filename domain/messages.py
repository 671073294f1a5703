"""What people decide, as signals. Each class knows the name of its signal.

Handlers only record these in the request's one inbox; ``run`` decides, in history order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.base import Instant, Payload
from domain.models import MAX_HELLO, MAX_NOTE, MAX_TIMES, Level


class Decision(Payload):
    """Something somebody decided. ``by`` is their Slack id."""

    signal: ClassVar[str]
    by: str
    channel: str = ""
    """The conversation they acted in, so that they can be answered privately there."""


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


class EditHello(Decision):
    """The mentor rewords the hello that opens the group DM."""

    signal: ClassVar[str] = "edit_hello"
    kind: Literal["edit_hello"] = "edit_hello"
    hello: str = Field(max_length=MAX_HELLO)


class Release(Decision):
    """The mentor gives the request back after the mentee was told."""

    signal: ClassVar[str] = "release"
    kind: Literal["release"] = "release"


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
    | EditHello
    | Release
    | Cancel
    | ProposeTimes
    | AcceptTime
    | GiveFeedback,
    Field(discriminator="kind"),
]


class Received(Payload):
    """A decision as it lies in the inbox; ``at`` is the request's own clock (UTC)."""

    at: datetime
    decision: AnyDecision


VIEW_QUERY = "view"
DETAILS_QUERY = "details"
STATE_QUERY = "state"
