"""The escalation policy on one machine: the default one, but mentors are asked at any hour.

A visitor comes at any hour; by the shipped policy a request at night asks nobody before morning.
"""

from __future__ import annotations

import re
from pathlib import Path

from domain.policy_file import load_policy

FILE = "policy.toml"
DEFAULT = Path(__file__).resolve().parent.parent / "policies" / "default.toml"
NAME = "default, day and night"

_CHANGES = (
    (r"^name = .*$", f'name = "{NAME}"'),
    (r"^quiet_hours = .*$", 'quiet_hours = { start = "00:00", end = "00:00" }'),
)


def write_awake(path: Path) -> None:
    """Write the default policy without quiet hours, and otherwise as it is."""
    text = DEFAULT.read_text()
    for line, instead in _CHANGES:
        text, changed = re.subn(line, instead, text, flags=re.MULTILINE)
        if changed != 1:
            raise ValueError(f"{DEFAULT}: one line was expected to match {line}, not {changed}")
    path.write_text(text)


def in_words(path: Path) -> str:
    """What a visitor should know about quiet hours; "" for a policy that can't be read."""
    try:
        quiet = load_policy(path).quiet_hours
    except (OSError, ValueError):
        return ""  # the parts that need it say what is wrong
    if quiet is None or quiet.start == quiet.end:
        return (
            "Nobody sleeps here: mentors are asked at any hour. In a real community asks and "
            "reminders wait for the morning of whoever they are for."
        )
    return (
        f"Quiet hours are on: from {quiet.start:%H:%M} to {quiet.end:%H:%M} by their own clock "
        "nobody is asked or reminded. If nothing happens, it is night for them: skip ahead to "
        "their morning."
    )
