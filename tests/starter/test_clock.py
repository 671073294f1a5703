"""Moments and spans in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from starter.clock import day, moment, span

MARCH = datetime(2026, 3, 7, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", "Saturday 7 March, 18:30 (New York time)"),
        ("America/Argentina/Buenos_Aires", "Saturday 7 March, 20:30 (Buenos Aires time)"),
        ("Asia/Tokyo", "Sunday 8 March, 08:30 (Tokyo time)"),
        ("Etc/GMT+5", "Saturday 7 March, 18:30 (-05)"),
        ("EST5EDT", "Saturday 7 March, 18:30 (EST)"),
        ("UTC", "Saturday 7 March, 23:30 (UTC)"),
        ("", "Saturday 7 March, 23:30 (UTC)"),
        ("No/Where", "Saturday 7 March, 23:30 (UTC)"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone_and_names_it(zone: str, words: str) -> None:
    assert moment(MARCH, zone).striptags() == words


def test_a_moment_follows_daylight_saving_time() -> None:
    after = moment(MARCH + timedelta(days=1), "America/New_York").striptags()
    assert after == "Sunday 8 March, 19:30 (New York time)"


def test_a_day_is_the_readers_day() -> None:
    assert day(MARCH, "Asia/Tokyo").striptags() == "Sunday 8 March"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(hours=48), "48 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=7), "7 days"),
        (timedelta(hours=60), "60 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "1 minute"),
    ],
)
def test_a_span_is_told_in_the_largest_whole_unit(length: timedelta, words: str) -> None:
    assert span(length) == words
