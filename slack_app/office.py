"""What the listeners work with; passed to each ``register``."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from cards.wording import DEFAULT, Wording
from clients.mentors import Mentors
from clients.queue import Queue
from clients.requests import Requests
from clients.switchboard import Switchboard
from records.catalog import Catalog
from records.roster import Roster
from slack_app.coordinators import Coordinators
from slack_app.errands import Errands
from slack_app.people import People
from slack_app.sightings import Sightings


@dataclass(frozen=True)
class Office:
    requests: Requests
    mentors: Mentors
    slack: AsyncWebClient
    people: People
    coordinators: Coordinators
    roster: Roster
    catalog: Catalog
    queue: Queue
    switchboard: Switchboard
    mentors_channel: str
    coordinators_channel: str
    community: str
    wording: Callable[[], Wording] = lambda: DEFAULT
    """The messages as coordinators have them now."""
    crisis_line: str = ""
    form_url: str | None = None
    """Where people ask for a mentor; None when no address can be reached from outside."""
    roster_url: Callable[[str], str | None] = lambda _: None
    """A coordinator's own link to the roster, by their Slack id; None where there is none."""
    review_new_mentors: bool = False
    """Who signs up is active only once a coordinator says so."""
    code_of_conduct_url: str = ""
    activity_channels: frozenset[str] = frozenset()
    """Channels whose messages tell that somebody is there; empty: all in which the app is."""
    redraw_after: tuple[float, ...] = (0.5, 3.0)
    """Seconds after a click in App Home when its page is drawn anew: what it says is decided in a
    workflow meanwhile."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, for what is remembered a short while."""
    errands: Errands = field(default_factory=Errands)
    sightings: Sightings = field(default_factory=Sightings)
