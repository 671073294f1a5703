"""The escalation policy: what happens, and when, while a request waits for a mentor."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from domain.base import Payload, TolerantEnum

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def parse_duration(value: object) -> object:
    """Read "90m", "8h" or "7d" as a timedelta; leave anything else to pydantic."""
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d+)\s*([mhd])\s*", value)):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    return value


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
    REMIND = "remind"
    """One reminder to those asked who have not answered."""
    WIDEN = "widen"
    """Ask more mentors: up to ``scope``."""
    BUMP = "bump"
    """A reply under the card in the mentors' channel."""
    COORDINATORS = "coordinators"
    """The request's card in the coordinators' channel."""
    UPDATE_MENTEE = "update mentee"
    """An honest word to the mentee."""
    UNKNOWN = "unknown"


class Step(Payload):
    """One rung: what to do after so much time in ``Open``."""

    after: Duration
    do: StepKind
    scope: Scope | None = None

    @property
    def label(self) -> str:
        return f"{self.do.value} ({self.scope.value})" if self.scope else self.do.value

    @model_validator(mode="after")
    def _complete(self) -> Step:
        if self.do is StepKind.WIDEN and self.scope in (None, Scope.UNKNOWN, Scope.PREFERRED):
            raise ValueError('a "widen" step needs scope = "full", "partial" or "all"')
        if self.do is not StepKind.WIDEN and self.scope is not None:
            raise ValueError(f'a "{self.do.value}" step takes no scope')
        return self


class EscalationPolicy(Payload):
    """The whole policy; snapshotted into each request, so that a change touches only new ones.

    ``steps`` are measured on the ladder clock (time in ``Open``), ``breach_after`` on the response
    clock (since submission).
    """

    name: str = "default"
    wave_size: int = Field(default=15, ge=1)
    wave_spacing: Duration = timedelta(hours=2)
    preferred_window: Duration = timedelta(hours=8)
    undo_window: Duration = timedelta(minutes=2)
    breach_after: Duration = timedelta(hours=48)
    steps: list[Step] = Field(default_factory=list)
    feedback_after: Duration = timedelta(days=7)
    """From the session date (or the first word, where no session is needed) to the ask."""
    feedback_reminder_after: Duration = timedelta(days=3)
    feedback_closes_after: Duration = timedelta(days=7)

    @model_validator(mode="after")
    def _in_order(self) -> EscalationPolicy:
        for earlier, later in zip(self.steps, self.steps[1:], strict=False):
            if later.after < earlier.after:
                raise ValueError(
                    f'steps must be in order of time: "{later.label}" stands after '
                    f'"{earlier.label}" but is due before it'
                )
        if self.feedback_closes_after < self.feedback_reminder_after:
            raise ValueError("feedback_closes_after must not be earlier than the reminder")
        return self


class PolicyError(ValueError):
    """A policy file that can't be used; the message names the file, the step and the field."""


def load_policy(path: Path) -> EscalationPolicy:
    """Read a policy from a TOML file.

    Raises:
        PolicyError: the file is missing, is not TOML, or breaks a rule.
    """
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except FileNotFoundError:
        raise PolicyError(f"{path}: there is no such policy file") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{path}: not valid TOML: {error}") from None
    if surplus := sorted(data.keys() - EscalationPolicy.model_fields.keys()):
        raise PolicyError(f'{path}: unknown setting "{surplus[0]}"')
    unknown = [str(step.get("do")) for step in data.get("steps", []) if not _known(step)]
    if unknown:
        kinds = ", ".join(f'"{kind}"' for kind in StepKind if kind is not StepKind.UNKNOWN)
        raise PolicyError(f'{path}: unknown step "{unknown[0]}"; known are {kinds}')
    try:
        return EscalationPolicy.model_validate(data)
    except ValidationError as error:
        raise PolicyError(f"{path}: {_in_words(error)}") from None


def _known(step: object) -> bool:
    return isinstance(step, dict) and StepKind(step.get("do", "")) is not StepKind.UNKNOWN


def _in_words(error: ValidationError) -> str:
    lines = []
    for issue in error.errors():
        where = ".".join(
            str(part + 1) if isinstance(part, int) else str(part) for part in issue["loc"]
        )
        lines.append(f"{where or 'policy'}: {issue['msg'].removeprefix('Value error, ')}")
    return "; ".join(lines)
