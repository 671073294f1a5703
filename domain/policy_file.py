"""A policy file: TOML, checked before anybody's request depends on it.

``python -m domain.policy_file policies/mine.toml`` shows its ladder, or what to mend. Payloads are
read tolerantly; a file that somebody has just written is not.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.policy import WIDENING, EscalationPolicy, Scope, Step, StepKind, parse_duration
from domain.policy_rules import contradictions
from domain.policy_table import table
from domain.quiet import QuietHours

Reader = Callable[[object], Any]
"""Turns what TOML says into a value.

Raises:
    ValueError: it can't be used; the message says what to write instead.
"""

LONGEST = timedelta(days=366)
MOST_REPEATS = 100


class PolicyError(ValueError):
    """A policy that can't be used: a line for each problem, with file, step and field."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))


def load_policy(path: Path) -> EscalationPolicy:
    """Read a policy from a TOML file.

    Raises:
        PolicyError: the file can't be read, is not TOML, or can't be used as a policy.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PolicyError(str(path), ["there is no such policy file"]) from None
    except OSError as error:
        raise PolicyError(str(path), [f"can't be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise PolicyError(str(path), ["is not text; save it as UTF-8"]) from None
    return policy_from(text, str(path))


def policy_from(text: str, source: str) -> EscalationPolicy:
    """Read a policy from TOML. ``source`` is how errors call it.

    Raises:
        PolicyError: it is not TOML, or can't be used as a policy.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(source, [f"is not valid TOML: {error}"]) from None
    reading = _Reading()
    policy = reading.policy(data)
    if problems := reading.problems or contradictions(policy):
        raise PolicyError(source, problems)
    return policy


# ---- values ---------------------------------------------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError('write a word or two, like "default"')
    return value.strip()


def _duration(value: object) -> timedelta:
    length = parse_duration(value) if isinstance(value, str) else None
    if not isinstance(length, timedelta):
        raise ValueError(f'{_shown(value)} is no duration; write one like "90m", "8h" or "7d"')
    if length > LONGEST:
        raise ValueError(f"{_shown(value)} is more than a year; write less")
    return length


def _length(value: object) -> timedelta:
    """A duration in which something can happen."""
    length = _duration(value)
    if not length:
        raise ValueError(f"{_shown(value)} leaves no time; write more")
    return length


def _scope(value: object) -> Scope:
    usable = [Scope.FULL, Scope.PARTIAL, Scope.ALL]
    if value not in list(usable):
        raise ValueError(f"{_shown(value)} is no scope of a wave; write {_choice(usable)}")
    return Scope(str(value))


def _size(value: object) -> int | Literal["all"]:
    if value == "all":
        return "all"
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f'{_shown(value)} asks nobody; write a number from 1 up, or "all"')
    return value


def _repeat(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_REPEATS:
        raise ValueError(f"{_shown(value)} is not how often; write 1 to {MOST_REPEATS}")
    return value


def _clock(value: object) -> time:
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value.strip()):
        return time.fromisoformat(value.strip())
    if isinstance(value, time):
        return value
    raise ValueError(f'{_shown(value)} is no time of day; write one like "21:00"')


def _zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = "write an IANA name like America/Chicago"
        raise ValueError(f"{_shown(value)} is no time zone; {hint}") from None


SETTINGS: Mapping[str, Reader] = {
    "name": _text,
    "undo_window": _duration,
    "no_contact_after": _length,
    "no_contact_release_after": _length,
    "stalled_after": _length,
    "feedback_after": _duration,
    "feedback_reminder_after": _length,
    "feedback_closes_after": _length,
}
"""What a policy says beside ``quiet_hours`` and ``steps``."""
QUIET_HOURS: Mapping[str, Reader] = {"start": _clock, "end": _clock, "time_zone": _zone}
_REPEATING: Mapping[str, Reader] = {"repeat": _repeat, "every": _length}
STEP_FIELDS: Mapping[StepKind, Mapping[str, Reader]] = {
    StepKind.PREFERRED: {"waking": _length, "at_most": _length},
    StepKind.WAVE: {"scope": _scope, "size": _size, "spacing": _length},
    StepKind.REMIND: {},
    StepKind.BUMP: _REPEATING,
    StepKind.COORDINATORS: {},
    StepKind.UPDATE_MENTEE: _REPEATING,
    StepKind.WARN_OWNER: {},
    StepKind.BREACH: {},
    StepKind.REMIND_OWNER: _REPEATING,
    StepKind.PARK: {},
}
"""What each kind of step takes beside ``after`` and ``do``."""
MOVED = {
    "wave_size": "write size in each wave",
    "wave_spacing": "write spacing in each wave",
    "preferred_window": 'write a first step with do = "preferred", and at_most in it',
    "breach_after": 'write a step with do = "breach"',
}
"""Settings of release 0.1, and what says the same today."""


# ---- reading --------------------------------------------------------------------------------


class _Reading:
    """Reads one policy and gathers what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def policy(self, data: dict[str, Any]) -> EscalationPolicy:
        settings = {
            key: value for key, value in data.items() if key not in ("quiet_hours", "steps")
        }
        values = self._values("", settings, SETTINGS)
        quiet_hours = self._quiet_hours(data.get("quiet_hours", {}))
        return EscalationPolicy(**values, quiet_hours=quiet_hours, steps=self._steps(data))

    def _quiet_hours(self, data: object) -> QuietHours:
        if not isinstance(data, dict):
            self._wrong("quiet_hours", 'write { start = "21:00", end = "08:00" }')
            return QuietHours()
        return QuietHours(**self._values("quiet_hours", data, QUIET_HOURS))

    def _steps(self, data: dict[str, Any]) -> list[Step]:
        steps = data.get("steps", [])
        if not isinstance(steps, list):
            self._wrong("steps", "write [[steps]] above each step")
            return []
        read = [self._step(number, step) for number, step in enumerate(steps, start=1)]
        return [step for step in read if step]

    def _step(self, number: int, data: object) -> Step | None:
        if not isinstance(data, dict):
            self._wrong(f"step {number}", "write [[steps]] above it, and a line for each field")
            return None
        where = f"step {number}{_label(data)}"
        kind = self._kind(where, data.get("do"))
        if kind is None:
            return None
        readers = {"after": _duration, **STEP_FIELDS[kind]}
        fields = {key: value for key, value in data.items() if key != "do"}
        values = self._values(where, fields, readers)
        for needed in ("after", "scope"):
            if needed in readers and needed not in fields:
                self._wrong(_field(where, needed), f"is missing; write {_EXAMPLES[needed]}")
        return Step(do=kind, **values) if "after" in values else None

    def _kind(self, where: str, do: object) -> StepKind | None:
        known = [kind.value for kind in STEP_FIELDS]
        if isinstance(do, str) and do in known:
            return StepKind(do)
        if do is None:
            self._wrong(_field(where, "do"), f"is missing; write {_choice(known)}")
        elif do == WIDENING:
            self._wrong(_field(where, "do"), 'is called "wave" now; write do = "wave"')
        else:
            likely = _likely(do, known)
            better = _choice([likely] if likely else known)
            self._wrong(_field(where, "do"), f"{_shown(do)} is no step; write {better}")
        return None

    def _values(
        self, where: str, data: Mapping[str, object], readers: Mapping[str, Reader]
    ) -> dict[str, Any]:
        """What can be read of these fields; the others are written down as problems."""
        values: dict[str, Any] = {}
        for key, value in data.items():
            if key not in readers:
                self._wrong(_field(where, key), _surplus(key, readers))
                continue
            try:
                values[key] = readers[key](value)
            except ValueError as error:
                self._wrong(_field(where, key), str(error))
        return values

    def _wrong(self, where: str, words: str) -> None:
        self.problems.append(f"{where}: {words}")


_EXAMPLES = {"after": 'one like after = "8h"', "scope": 'scope = "full", "partial" or "all"'}


def _surplus(key: str, readers: Mapping[str, Reader]) -> str:
    """What to do with a field that is not wanted where it stands."""
    known = [*readers, "quiet_hours"] if readers is SETTINGS else list(readers)
    likely = _likely(key, [*known, *MOVED] if readers is SETTINGS else known)
    if likely in MOVED:
        return f"is no setting any more; {MOVED[likely]}"
    if key in SETTINGS or key in ("quiet_hours", "steps"):
        return "is a setting of the whole policy; move it to the top of the file"
    takers = [kind.value for kind, fields in STEP_FIELDS.items() if key in fields]
    if takers:
        return f"belongs into {_choice(takers)} steps only; leave it out here"
    return f"is not known; write {_choice([likely] if likely else known)}"


def _label(step: Mapping[str, object]) -> str:
    do, scope = step.get("do"), step.get("scope")
    if not isinstance(do, str):
        return ""
    return f' "{do} ({scope})"' if isinstance(scope, str) else f' "{do}"'


def _field(where: str, key: str) -> str:
    return f"{where}, {key}" if where else key


def _likely(typed: object, known: list[str]) -> str:
    return next(iter(get_close_matches(str(typed), known, n=1)), "")


def _choice(words: list[Any]) -> str:
    shown = [f'"{word}"' for word in words]
    return " or ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


# ---- the command ----------------------------------------------------------------------------


def main(paths: list[str]) -> int:
    """Show each policy's ladder, or what to mend; 0 when all can be used."""
    if not paths:
        sys.stderr.write("Name a policy file: python -m domain.policy_file policies/mine.toml\n")
        return 2
    broken = False
    for path in paths:
        try:
            sys.stdout.write(table(load_policy(Path(path))))
        except PolicyError as error:
            sys.stdout.write(f"{error}\n")
            broken = True
    return int(broken)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
