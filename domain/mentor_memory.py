"""What a mentor's entity workflow remembers: the pieces of its state."""

from __future__ import annotations

from datetime import datetime

from domain.base import Payload, TolerantEnum
from domain.messages import MentorNews
from domain.view import MessageRef


class RestKind(TolerantEnum):
    BREAK = "break"
    """They wished it."""
    SILENCE = "silence"
    """Muster paused them, after asks that stayed unanswered."""
    UNKNOWN = "unknown"


class Rest(Payload):
    kind: RestKind
    since: datetime
    until: datetime | None = None
    """None: until they come back."""


class Slot(Payload):
    """One request's place with a mentor."""

    turn: int = 0
    """What the request said last of it (``Freed``); 0: found by the reconciliation."""
    held_since: datetime
    """By the entity's own clock."""


class PastAsk(Payload):
    request_id: str
    at: datetime


class WordKind(TolerantEnum):
    """What Muster writes to a mentor outside any request."""

    WIN_BACK = "win-back"
    """Opted out for half a year: come back, not now, never ask again?"""
    STILL_THERE = "still-there"
    PAUSED = "paused"
    """Kindly: we have paused you, one click and you are back."""
    UNKNOWN = "unknown"


class MentorWord(Payload):
    """A message to a mentor; open while its buttons mean something."""

    kind: WordKind
    number: int
    due: datetime
    place: MessageRef | None = None
    answer: str = ""
    """What became of it: "" while it is open."""
    drawn: str = ""
    """The answer that the message in Slack shows."""
    lost: bool = False
    """Slack does not reach them."""

    @property
    def is_over(self) -> bool:
        """Answered, and the message shows it."""
        return bool(self.answer) and self.drawn == self.answer


class Letter(Payload):
    """What a request is to be told of this mentor."""

    request_id: str
    news: MentorNews
