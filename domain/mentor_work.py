"""What a mentor's entity workflow asks activities to do."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from domain.base import Payload
from domain.mentor_memory import WordKind
from domain.mentor_messages import Terms
from domain.standing import MentorRow, MentorRules
from domain.view import MessageRef


class LookAround(Payload):
    """How do this mentor's requests run, and what does the roster say of them?"""

    slack_id: str
    slots: list[str] = Field(default_factory=list)
    """Ids of the requests that hold a slot so far."""
    roster: bool = True
    """Read their row, too: once, when they are met. Later asks and claims bring what it says."""


class Surroundings(Payload):
    running: list[str] = Field(default_factory=list)
    """Ids of the running requests that this mentor has."""
    rules: MentorRules = Field(default_factory=MentorRules)
    terms: Terms | None = None
    """None when the roster can't be read, or doesn't have them."""
    row: MentorRow | None = None
    """What their row says now."""
    roster_read: bool = True
    """False while Airtable is away: then nobody knows whether there is a row."""


class WriteWord(Payload):
    """Write (without ``place``) or redraw a message to a mentor."""

    slack_id: str
    key: str
    kind: WordKind
    answer: str = ""
    until: datetime | None = None
    """The end of their break, for a message that speaks of it."""
    place: MessageRef | None = None


class WordWritten(Payload):
    """``place`` is None when Slack does not reach them."""

    place: MessageRef | None = None
