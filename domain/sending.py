"""The sending switch: one for the whole programme. Claims and clocks go on; what is sent waits."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from domain.base import Instant, Payload
from domain.messages import PauseSending

ROUNDS = 2
"""How often requests are told of a change: all at once, and those that were just being started."""
KEPT_CHANGES = 20
SENDING_MEMO = "sending"
"""Where the switchboard's memo keeps its state: readable while no worker runs."""


class SendingState(Payload):
    """Whether sending is paused, who has said so, and since when (UTC; None: never touched)."""

    paused: bool = False
    by: str = ""
    since: datetime | None = None


class SwitchboardState(Payload):
    """All that the switchboard remembers, also from one run to the next."""

    sending: SendingState = Field(default_factory=SendingState)
    changes: list[SendingState] = Field(default_factory=list)
    """The last ones, the newest at the end."""
    change: int = 0
    """The number of the newest change, from 1."""
    rounds_left: int = 0
    """How often requests are still to be told of it."""
    longest_history: int = 4000
    """Events in one run (a change takes about 30); small in tests."""

    def set(self, decision: PauseSending, now: datetime) -> None:
        """Take over a decision. What is so already is no change.

        The very first decision always is one: an earlier switchboard may have been terminated,
        and requests go by what it told them.
        """
        if decision.paused == self.sending.paused and self.sending.since is not None:
            return
        self.sending = SendingState(paused=decision.paused, by=decision.by, since=now)
        self.changes = [*self.changes, self.sending][-KEPT_CHANGES:]
        self.change += 1
        self.rounds_left = ROUNDS


class TellRequests(Payload):
    """Signal this decision to every running workflow that sends."""

    decision: PauseSending
    started_since: Instant | None = None
    """Only to those started at this moment or later; None: to all."""


class ToldRequests(Payload):
    """How many have been told; ``page`` is where an interrupted round goes on."""

    requests: int = 0
    page: str = ""
    """Visibility's token, in base64; "" for the first page."""


def in_words(state: SendingState) -> str:
    """One line for operators and logs, e.g. "Sending is paused by U0PAT since …"."""
    what = "Sending is paused" if state.paused else "Sending is on"
    if state.since is None:
        return f"{what}."
    return f"{what} by {state.by} since {state.since:%a %d %b %Y %H:%M} UTC."
