"""What workflows ask activities to do. One model per activity input and answer."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from domain.base import Payload
from domain.mentor_messages import MayAsk, No, Reserve
from domain.models import Candidate, Person
from domain.view import CardRef, MessageRef, Notice, RequestView

MENTORS = "#mentors"
COORDINATORS = "#coordinators"
"""Stand for the configured channels: workflows know no conversation ids beforehand."""


class Outgoing(Payload):
    """One message. ``channel`` is a conversation id, a user id for a DM, or a name above."""

    card: CardRef
    channel: str
    thread: MessageRef | None = None
    may_stand: bool = False
    """An earlier, interrupted activity may have written it: look before writing."""
    wish: MayAsk | None = None
    """For an ask: it is written only if the mentor's own workflow says yes at that moment."""


class Post(Payload):
    """Messages to write, in this order; each is written once, however often this is retried."""

    view: RequestView
    messages: list[Outgoing]


class Posted(Payload):
    """Those that were written, with their places; fewer than asked for after a cancellation."""

    cards: list[CardRef] = Field(default_factory=list)
    unreachable: list[str] = Field(default_factory=list)
    """Slack ids of people whom the bot can't write to."""
    withheld: dict[str, No] = Field(default_factory=dict)
    """Mentors who can't be asked after all, as their own workflows say, and why."""
    recalled: bool = False
    """It was called off: those that are missing were not refused."""


class Repaint(Payload):
    """Draw these cards anew as the view has it, in this order."""

    view: RequestView
    cards: list[CardRef]


class Repainted(Payload):
    keys: list[str] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list)
    """Of these the cards that stand nowhere: an interrupted post had not come to them."""


class Listener(Payload):
    """Somebody who clicked, and where."""

    slack_id: str
    channel: str = ""


class Tell(Payload):
    """A private word to those who clicked."""

    view: RequestView
    notice: Notice
    listeners: list[Listener]
    words: str = ""
    """For the answer to an order: what is said."""


class Told(Payload):
    """How many of the listeners, in their order, have been told."""

    listeners: int = 0


class OpenGroup(Payload):
    """Open (or find) the group DM of these people and the app."""

    people: list[str]


class FindCandidates(Payload):
    service: str
    skills: list[str]
    mentee: str
    excluded: list[str] = Field(default_factory=list)
    now: datetime
    cap_lifted: bool = False
    """Also those who were asked as often this week as they want to be."""


class Candidates(Payload):
    """Everyone who may be asked, best first; each says the scope that reaches them."""

    found: list[Candidate] = Field(default_factory=list)


class CheckMentor(Payload):
    """May this person take a request right now?"""

    slack_id: str
    now: datetime
    mentee: str = ""
    """Slack id of whom it would be with: the never-pair list is looked at."""
    wish: Reserve | None = None
    """Hold a slot of theirs for it, too; a yes without one is worth nothing a moment later."""
    known: Person | None = None
    """They were asked: while the roster can't be read, this is who they are."""


class MentorCheck(Payload):
    """``refusal`` is None when they may; then ``mentor`` says who they are."""

    mentor: Person | None = None
    refusal: Notice | None = None


class Group(Payload):
    """The conversation, or who of its people can't be brought into one."""

    channel: str = ""
    unreachable: list[str] = Field(default_factory=list)


class PauseMentor(Payload):
    """Tell a mentor's own workflow of a break; without ``until`` they are back."""

    slack_id: str
    until: datetime | None = None
    at: datetime | None = None
    """The request's clock when it was wished; None in what release 0.2 wrote."""


class LookUpPeople(Payload):
    """Who these people are in Slack."""

    slack_ids: list[str]


class People(Payload):
    """Those who could be found, with Slack's name and time zone for them; deactivated ones not."""

    found: list[Person] = Field(default_factory=list)


class FindOwner(Payload):
    """Whose turn is it to look after requests, at ``now``?"""

    now: datetime
    rota: list[Person] = Field(default_factory=list)
    """Empty: the members of the coordinators' channel."""
    involved: list[str] = Field(default_factory=list)
    """Slack ids of mentee and mentor: it is their turn only if there is nobody else."""


class Owner(Payload):
    """None when the coordinators' channel has no people in it."""

    person: Person | None = None
