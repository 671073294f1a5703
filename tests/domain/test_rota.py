"""Turns go round for ever: over New Year, and with one member or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.rota import in_turn

TEAM = ["U0ADA", "U0BEN"]


def test_turns_change_every_monday_also_over_new_year() -> None:
    """2026 has 53 weeks: by the calendar's numbers one person would have two in a row."""
    monday = datetime(2026, 12, 21, tzinfo=UTC)
    on_duty = [in_turn(TEAM, monday + timedelta(days=7 * week))[0] for week in range(4)]
    assert on_duty[0] != on_duty[1] != on_duty[2] != on_duty[3]
    sunday, midnight = monday + timedelta(days=6, hours=23), monday + timedelta(days=7)
    assert in_turn(TEAM, sunday) == in_turn(TEAM, monday) != in_turn(TEAM, midnight)


def test_who_comes_last_keeps_the_order_of_the_others() -> None:
    week = datetime(2026, 11, 23, tzinfo=UTC)
    turns = in_turn(["A", "B", "C"], week)
    assert in_turn(["A", "B", "C"], week, last=[turns[0]]) == [turns[1], turns[2], turns[0]]
    assert in_turn([], week) == []
