"""Filters of the roster: each finds whom it names, and an address says all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.models import Mentor, Skill
from domain.quiet import QuietHours
from domain.skills import SkillIndex
from starter.roster_filters import Filters, Sieve
from starter.roster_words import Entry, state_of
from tests.starter.house import NOW

INDEX = SkillIndex(
    [Skill(name="JavaScript", aliases=["JS"]), Skill(name="Go"), Skill(name="React")]
)


def mentor(name: str, **changes: object) -> Mentor:
    return Mentor(slack_id=f"U{name.upper()}", name=name).model_copy(update=changes)


def days(number: float) -> object:
    return NOW - timedelta(days=number)


MENTORS = [
    mentor(
        "Ann",
        skills=["javascript", "React"],
        services=["Code Review"],
        max_mentees=3,
        load=1,
        time_zone="Europe/Berlin",  # 15:00 there
        last_seen=days(1),
        last_asked=days(2),
        asked_this_week=3,
    ),
    mentor(
        "Bo",
        skills=["Go"],
        services=["Pair Programming"],
        load=1,
        time_zone="Asia/Tokyo",  # 23:00
        last_seen=days(20),
    ),
    mentor("Cy", status="Opted out", last_seen=days(100), last_asked=days(40)),
    mentor(
        "Di", status="Snoozed", snoozed_until=NOW + timedelta(days=2), time_zone="America/New_York"
    ),
    mentor("Élodie", status="Snoozed", snoozed_until=NOW - timedelta(days=2), last_seen=days(40)),
    mentor("Flo", active=False, time_zone="Mars/Base"),
    mentor("Gus", status="Dormant", last_seen=days(95)),
    mentor("Hal", status="Moved on"),
    mentor("Ida", slack_id="", max_mentees=2),
]


def found(**filters: str) -> list[str]:
    sieve = Sieve(Filters.read(filters), INDEX, NOW, None)
    entries = [Entry(one, state_of(one, NOW)) for one in MENTORS]
    return [entry.mentor.name for entry in sieve.choose(entries)]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"name": "elo"}, ["Élodie"]),
        ({"name": " A "}, ["Ann", "Hal", "Ida"]),
        ({"skill": "js"}, ["Ann"]),
        ({"skill": "React, JS"}, ["Ann"]),
        ({"skill": "React, Go"}, []),
        (
            {"skill": " , "},
            [one.name for one in MENTORS[:4]] + ["Élodie", "Flo", "Gus", "Hal", "Ida"],
        ),
        ({"service": "Code Review"}, ["Ann"]),
        ({"status": "Available"}, ["Ann", "Élodie", "Ida"]),
        ({"status": "At capacity"}, ["Bo"]),
        ({"status": "Snoozed"}, ["Di"]),
        ({"status": "Opted out"}, ["Cy"]),
        ({"status": "Dormant"}, ["Gus"]),
        ({"status": "Not active"}, ["Flo"]),
        ({"status": "Moved on"}, ["Hal"]),
        ({"status": "Invented"}, []),
        ({"room": "free"}, ["Ann", "Élodie", "Gus"]),
        ({"room": "askable"}, ["Élodie"]),
        ({"seen": "7"}, ["Ann"]),
        ({"seen": "30"}, ["Ann", "Bo"]),
        ({"seen": "90"}, ["Ann", "Bo", "Élodie"]),
        ({"seen": "longer"}, ["Cy", "Gus"]),
        ({"seen": "never"}, ["Di", "Flo", "Hal", "Ida"]),
        ({"zone": "awake"}, ["Ann", "Di"]),
        ({"zone": "Europe/"}, ["Ann"]),
        ({"zone": "Asia/Tokyo"}, ["Bo"]),
        ({"zone": "none"}, ["Cy", "Élodie", "Gus", "Hal", "Ida"]),
        ({"seen": "30", "status": "At capacity", "zone": "Asia/"}, ["Bo"]),
    ],
)
def test_each_filter_finds_whom_it_names(filters: dict[str, str], names: list[str]) -> None:
    assert found(**filters) == names


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", ["Ann", "Bo", "Cy"]),
        ("room", ["Ann", "Ida", "Élodie"]),
        ("seen", ["Ann", "Bo", "Élodie"]),
        ("unseen", ["Di", "Flo", "Hal"]),
        ("asked", ["Bo", "Di", "Élodie"]),
    ],
)
def test_the_order_is_chosen(sort: str, first: list[str]) -> None:
    assert found(sort=sort)[:3] == first


def test_quiet_hours_of_their_own_decide_who_is_awake() -> None:
    owl = mentor(
        "Owl",
        time_zone="Asia/Tokyo",
        quiet_hours=QuietHours.model_validate({"start": "03:00", "end": "11:00"}),
    )
    sieve = Sieve(Filters(), INDEX, NOW, None)
    assert sieve.is_awake(owl)
    assert not sieve.is_awake(owl.model_copy(update={"quiet_hours": None}))


def test_an_address_says_all_filters_and_is_read_back_the_same() -> None:
    filters = Filters.read(
        {
            "name": "Zoë & co",
            "skill": "C++",
            "room": "free",
            "zone": "Europe/Berlin",
            "request": "MR-AAAAAAAAAA",
            "page": "3",
        }
    )
    assert filters.page == 3
    address = filters.address(page=2)
    assert address == (
        "?name=Zo%C3%AB+%26+co&skill=C%2B%2B&room=free&zone=Europe%2FBerlin"
        "&request=MR-AAAAAAAAAA&page=2"
    )
    assert Filters().address() == ""


@pytest.mark.parametrize(
    "query",
    [
        {"seen": "45", "room": "yes", "sort": "height", "request": "MR-1"},
        {"page": "-1"},
        {"page": "9" * 30},
        {"page": "²"},
        {"unknown": "x"},
    ],
)
def test_what_cannot_be_understood_counts_as_any(query: dict[str, str]) -> None:
    assert Filters.read(query) == Filters()
