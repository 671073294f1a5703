"""What the listeners work with; passed to each ``register``."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from cards.wording import DEFAULT, Wording
from clients.queue import Queue
from clients.requests import Requests
from clients.switchboard import Switchboard
from records.roster import Roster
from slack_app.coordinators import Coordinators
from slack_app.errands import Errands
from slack_app.people import People


@dataclass(frozen=True)
class Office:
    requests: Requests
    slack: AsyncWebClient
    people: People
    coordinators: Coordinators
    roster: Roster
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
    clock: Callable[[], float] = time.monotonic
    """Seconds, for what is remembered a short while."""
    errands: Errands = field(default_factory=Errands)
