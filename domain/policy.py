"""The escalation policy: what happens, and when, while a request waits for a mentor."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from domain.base import Payload, TolerantEnum
from domain.quiet import QuietHours

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def parse_duration(value: object) -> object:
    """Read "90m", "8h" or "7d" as a timedelta; leave anything else to pydantic."""
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d{1,7})\s*([mhd])\s*", value)):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    return value


def written(length: timedelta) -> str:
    """A duration as policy files write it: "8h", or "90m" when it is no number of hours."""
    minutes = length // timedelta(minutes=1)
    return f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]


class Scope(TolerantEnum):
    """Who is asked, each wider than the one before."""

    PREFERRED = "preferred"
    FULL = "full"
    """Mentors who have every skill that was asked for."""
    PARTIAL = "partial"
    """Also those who have at least one of them."""
    ALL = "all"
    """Every mentor with room."""
    UNKNOWN = "unknown"

    @property
    def width(self) -> int:
        return list(Scope).index(self)


class StepKind(TolerantEnum):
    PREFERRED = "preferred"
    """The mentor whom the mentee named is asked alone, for ``waking`` of their own hours."""
    WAVE = "wave"
    """Ask more mentors: up to ``scope``, ``size`` at once, the next after ``spacing``."""
    REMIND = "remind"
    """One reminder to those asked who have not answered."""
    BUMP = "bump"
    """A reply under the card in the mentors' channel."""
    COORDINATORS = "coordinators"
    """The target is missed: the request's card in the coordinators' channel, with a named ping."""
    UPDATE_MENTEE = "update mentee"
    """An honest word to the mentee, with a choice."""
    WARN_OWNER = "warn owner"
    """Before the breach: under the coordinators' card, with the names best placed to help."""
    BREACH = "breach"
    """The promise is broken: recorded, with a named ping. Counts on the response clock."""
    REMIND_OWNER = "remind owner"
    """In the coordinators' daily roll-up."""
    PARK = "park"
    """Nothing more happens by itself; somebody by name owns it. It is never closed by Muster."""
    UNKNOWN = "unknown"


WIDENING = "widen"
"""What release 0.1 called a wave."""


class Step(Payload):
    """One step: what to do after so much time in ``Open``; ``repeat`` times, one ``every``."""

    after: Duration
    do: StepKind
    scope: Scope | None = None
    size: int | Literal["all"] = 15
    """Mentors asked at once, for a wave."""
    spacing: Duration = timedelta(hours=2)
    """From one wave to the next, while there are more mentors than ``size``."""
    waking: Duration | None = None
    """For a preferred mentor: hours outside their quiet hours; None counts all hours."""
    at_most: Duration = timedelta(hours=20)
    """For a preferred mentor: since submission, whatever their clock says."""
    repeat: int = Field(default=1, ge=1)
    every: Duration = timedelta(hours=24)

    @property
    def label(self) -> str:
        return f"{self.do.value} ({self.scope.value})" if self.scope else self.do.value

    @model_validator(mode="before")
    @classmethod
    def _of_release_0_1(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("do") == WIDENING:
            return {**data, "do": StepKind.WAVE}
        return data


class EscalationPolicy(Payload):
    """The whole policy; snapshotted into each request, so that a change touches only new ones.

    ``steps`` are measured on the ladder clock (time in ``Open``), except the breach, which counts
    on the response clock (since submission; after a release since the release). What an older
    snapshot doesn't know is None: its request goes on without it.
    """

    name: str = "default"
    steps: list[Step] = Field(default_factory=list)
    undo_window: Duration = timedelta(minutes=2)
    quiet_hours: QuietHours | None = None
    no_contact_after: Duration | None = None
    """From the introduction, without a word of the mentor's, to "extend or release?"."""
    no_contact_release_after: Duration = timedelta(hours=24)
    """From that question, unanswered, to the release."""
    stalled_after: Duration | None = None
    """From the last word of the pair, with no session set, to the same question."""
    feedback_after: Duration = timedelta(days=7)
    """From the session date (or the mentor's first word, where no session is needed) to the ask."""
    feedback_reminder_after: Duration = timedelta(days=3)
    feedback_closes_after: Duration = timedelta(days=7)

    @property
    def breach_after(self) -> timedelta:
        """The promise: from submission to the first response (default 48 h)."""
        return self._after(StepKind.BREACH, default=timedelta(hours=48))

    @property
    def target_after(self) -> timedelta:
        """The target: when coordinators are called (default 24 h)."""
        return self._after(StepKind.COORDINATORS, default=timedelta(hours=24))

    @property
    def preferred(self) -> Step | None:
        """How the mentor whom the mentee named is asked; None: like everybody else."""
        return next((step for step in self.steps if step.do is StepKind.PREFERRED), None)

    def _after(self, kind: StepKind, *, default: timedelta) -> timedelta:
        return next((step.after for step in self.steps if step.do is kind), default)

    @model_validator(mode="before")
    @classmethod
    def _of_release_0_1(cls, data: Any) -> Any:
        """Requests of release 0.1 carry first wave, window and breach beside their steps."""
        if not isinstance(data, dict) or "wave_size" not in data:
            return data
        wave = {"size": data["wave_size"], "spacing": data.get("wave_spacing", "2h")}
        steps = [
            {"after": "0m", "do": "preferred", "at_most": data.get("preferred_window", "8h")},
            {"after": "0m", "do": "wave", "scope": "full", **wave},
            *({**wave, **step} for step in data.get("steps", [])),
            {"after": data.get("breach_after", "48h"), "do": "breach"},
        ]
        return {**data, "steps": steps}
