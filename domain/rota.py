"""Whose week it is to look after requests. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime


def in_turn(members: Sequence[str], now: datetime, *, last: Sequence[str] = ()) -> list[str]:
    """Who is on duty in this week (Monday to Sunday, UTC), then those of the weeks after it.

    Weeks are counted on over New Year, where a calendar's numbers begin anew.

    Args:
        last: those who come behind everybody else.
    """
    if not members:
        return []
    weeks = (now.astimezone(UTC).toordinal() - 1) // 7
    start = weeks % len(members)
    return sorted([*members[start:], *members[:start]], key=lambda one: one in last)
