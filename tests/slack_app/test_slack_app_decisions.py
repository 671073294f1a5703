"""Decisions in one tap: those of mentees and mentors, and promises on the mentor's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cards.ids import Action
from domain.base import Decision
from domain.messages import (
    AnotherMentor,
    AskMore,
    KeepWaiting,
    NotDoneYet,
    PromiseToWrite,
)
from domain.models import Person
from slack_app.decisions import this_evening, this_weekend
from tests.slack_app.slack_app_harness import (
    KENJI,
    REQUEST_ID,
    RILEY,
    SAM,
    THIS_REQUEST,
    World,
    asked,
    claimed,
)

ONE_TAP: dict[Action, tuple[Person, type[Decision]]] = {
    Action.KEEP_WAITING: (RILEY, KeepWaiting),
    Action.ASK_MORE: (RILEY, AskMore),
    Action.ANOTHER_MENTOR: (RILEY, AnotherMentor),
    Action.NOT_DONE_YET: (SAM, NotDoneYet),
}


@pytest.mark.parametrize("action", ONE_TAP)
async def test_one_tap_is_one_decision(world: World, action: Action) -> None:
    who, decision = ONE_TAP[action]
    message = await world.offer(action, THIS_REQUEST, who)
    assert (await world.press(who, message, "Press"))["ok"]
    assert world.requests.decisions == [decision(by=who.slack_id, channel=message["channel"])]


# ---- "I'll write today", "this weekend" ---------------------------------------------------------

TOKYO, CHICAGO = "Asia/Tokyo", "America/Chicago"


def at(wall: str, zone: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-11-23T09:00", CHICAGO, "2026-11-23T20:00"),
        ("2026-11-23T18:59", CHICAGO, "2026-11-23T20:00"),
        ("2026-11-23T19:30", CHICAGO, "2026-11-23T20:30"),
        ("2026-11-23T23:40", CHICAGO, "2026-11-24T00:40"),
        ("2026-11-23T09:00", TOKYO, "2026-11-23T20:00"),
        ("2026-11-01T00:30", CHICAGO, "2026-11-01T20:00"),  # the clocks go back at two
        ("2026-11-23T09:00", "", "2026-11-23T20:00"),
        ("2026-11-23T09:00", "Mars/Olympus", "2026-11-23T20:00"),
    ],
)
def test_today_is_the_evening_on_the_mentors_clock_or_in_an_hour(
    now: str, zone: str, expected: str
) -> None:
    place = zone if zone in (TOKYO, CHICAGO) else "UTC"
    assert this_evening(at(now, place), zone) == at(expected, place)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T09:00", "2026-11-29T20:00"),  # Monday
        ("2026-11-28T23:00", "2026-11-29T20:00"),  # Saturday
        ("2026-11-29T09:00", "2026-11-29T20:00"),  # Sunday
        ("2026-11-29T21:00", "2026-11-29T22:00"),
    ],
)
def test_the_weekend_is_sunday_evening_on_the_mentors_clock_or_in_an_hour(
    now: str, expected: str
) -> None:
    assert this_weekend(at(now, TOKYO), TOKYO) == at(expected, TOKYO)


async def test_the_mentors_promise_is_made_on_the_requests_own_clock(world: World) -> None:
    ahead = datetime.now(UTC) + timedelta(days=30)
    message = await world.offer(Action.WRITE_TODAY, THIS_REQUEST, SAM)
    world.requests.views[REQUEST_ID] = claimed(now=ahead)
    assert (await world.press(SAM, message, "Press"))["ok"]
    (promise,) = world.requests.decisions
    assert promise == PromiseToWrite(
        by=SAM.slack_id,
        channel=message["channel"],
        by_when=this_evening(ahead, SAM.time_zone),
    )


async def test_a_mentor_whose_row_has_no_time_zone_promises_on_slacks_clock(world: World) -> None:
    nowhere = claimed()
    assert nowhere.claim
    nowhere.claim.mentor = SAM.model_copy(update={"time_zone": ""})
    ahead = nowhere.now + timedelta(days=30)
    message = await world.offer(Action.WRITE_WEEKEND, THIS_REQUEST, SAM)
    world.requests.views[REQUEST_ID] = nowhere.model_copy(update={"now": ahead})
    await world.press(SAM, message, "Press")
    (promise,) = world.requests.decisions
    assert isinstance(promise, PromiseToWrite)
    assert promise.by_when == this_weekend(ahead, SAM.time_zone)


@pytest.mark.parametrize(("view", "who"), [(claimed(), KENJI), (asked(), SAM)])
async def test_only_the_mentor_who_has_it_promises(world: World, view: object, who: Person) -> None:
    message = await world.offer(Action.WRITE_TODAY, THIS_REQUEST, who)
    world.requests.views[REQUEST_ID] = view  # type: ignore[assignment]
    await world.press(who, message, "Press")
    assert await world.whispers(who, message["channel"]) == [
        "This button is for somebody else, so nothing was changed."
    ]
    assert world.requests.decisions == []
