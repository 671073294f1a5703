"""Words and moments in Slack's mrkdwn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cards import text
from domain.models import Person

NEW_YEAR = datetime(2027, 1, 1, 3, 30, tzinfo=UTC)


def test_text_that_is_too_long_is_cut_between_characters_and_says_so() -> None:
    assert text.escape("a<b", 10) == "a&lt;b"
    assert text.escape("<<<<", 9) == "&lt;&lt;…"


def test_right_to_left_words_are_kept_from_turning_our_line_around() -> None:
    assert text.inline("שלום") == "\u2068שלום\u2069"
    assert text.inline("hello") == "hello"


def test_every_line_of_a_quotation_is_quoted() -> None:
    assert text.quote("one\n\ntwo") == "> one\n> \n> two"


def test_somebody_without_a_name_is_mentioned() -> None:
    assert text.name(Person(slack_id="U1", name="  ")) == "<@U1>"


def test_both_clocks_say_the_day_because_it_may_differ() -> None:
    people = [
        Person(slack_id="U1", name="Riley", time_zone="America/Chicago"),
        Person(slack_id="U2", name="Kenji", time_zone="Asia/Tokyo"),
    ]
    assert text.clocks(NEW_YEAR, people) == (
        "Thu 31 Dec, 9:30 PM for Riley (Chicago time); Fri 1 Jan, 12:30 PM for Kenji (Tokyo time)"
    )


def test_the_day_is_said_once_where_it_is_the_same_on_both_clocks() -> None:
    people = [
        Person(slack_id="U1", name="Riley", time_zone="America/Chicago"),
        Person(slack_id="U2", name="Sam", time_zone="America/New_York"),
    ]
    assert text.clocks(NEW_YEAR, people) == (
        "Thu 31 Dec: 9:30 PM for Riley (Chicago time), 10:30 PM for Sam (New York time)"
    )


def test_two_people_in_one_zone_have_one_clock() -> None:
    people = [
        Person(slack_id=slack_id, name=name, time_zone="Europe/Berlin")
        for slack_id, name in (("U1", "Riley"), ("U2", "Sam"))
    ]
    assert text.clocks(NEW_YEAR, people) == "Fri 1 Jan: 4:30 AM for Riley and Sam (Berlin time)"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "\0"])
def test_where_a_zone_is_unknown_slack_shows_each_reader_their_own_clock(zone: str) -> None:
    riley = Person(slack_id="U1", name="Riley", time_zone=zone)
    sam = Person(slack_id="U2", name="Sam", time_zone="America/New_York")
    assert text.clocks(NEW_YEAR, [riley, sam]) == text.moment(NEW_YEAR)
    assert text.on_clock(NEW_YEAR, zone) == "Fri 1 Jan, 3:30 AM UTC"


def test_the_reader_of_a_direct_message_is_you() -> None:
    people = [
        Person(slack_id="U1", name="Riley", time_zone="America/Chicago"),
        Person(slack_id="U2", name="Sam", time_zone="America/New_York"),
    ]
    assert text.clocks(NEW_YEAR, people, reader="U1") == (
        "Thu 31 Dec: 9:30 PM for you (Chicago time), 10:30 PM for Sam (New York time)"
    )
    together = [person.model_copy(update={"time_zone": "Europe/Berlin"}) for person in people]
    assert text.clocks(NEW_YEAR, together, reader="U2") == (
        "Fri 1 Jan: 4:30 AM for you and Riley (Berlin time)"
    )


@pytest.mark.parametrize(
    ("hour", "said"), [(0, "12:30 AM"), (11, "11:30 AM"), (12, "12:30 PM"), (23, "11:30 PM")]
)
def test_hours_are_said_as_slack_says_them(hour: int, said: str) -> None:
    at = NEW_YEAR.replace(hour=hour)
    assert text.in_utc(at) == f"Fri 1 Jan, {said} UTC"
    assert text.time_of_day(at).endswith(f"|{said} UTC>")


def test_what_is_read_aloud_is_one_line_without_marks() -> None:
    assert text.spoken("*You have a mentor: Sam.*\nSay hello!") == (
        "You have a mentor: Sam. Say hello!"
    )


def test_a_name_that_must_ping_nobody_never_becomes_a_mention() -> None:
    assert text.name_only(Person(slack_id="U1", name="")) == "`U1`"
    assert text.name_only(Person(slack_id="U1", name="<@U2>")) == "&lt;@U2&gt;"


def test_a_moment_is_shown_on_the_readers_clock_with_utc_for_want_of_it() -> None:
    assert text.moment(NEW_YEAR) == (
        "<!date^1798774200^{date_short_pretty} at {time}|Fri 1 Jan, 3:30 AM UTC>"
    )


def test_how_long_somebody_has_waited_is_said_in_words() -> None:
    hours = {0.5: "less than an hour", 1: "1 hour", 30: "30 hours", 50: "2 days"}
    assert {h: text.lasting(timedelta(hours=h)) for h in hours} == hours
