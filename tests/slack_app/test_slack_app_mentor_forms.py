"""Forms of mentors: why not, a day on which they will do it, by when they write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cards.ids import Action
from clients.requests import TemporalAwayError
from domain.messages import Hold, PromiseToWrite, SayWhy
from domain.models import MAX_NOTE, Person
from domain.view import RequestView
from tests.sandbox.slack_harness import JSON
from tests.slack_app.slack_app_harness import (
    KENJI,
    REQUEST_ID,
    SAM,
    THIS_REQUEST,
    World,
    asked,
    claimed,
)


def at(moment: datetime) -> JSON:
    return {"type": "datetimepicker", "selected_date_time": int(moment.timestamp())}


def radio(value: str) -> JSON:
    return {"type": "radio_buttons", "selected_option": {"value": value}}


def text(words: str) -> JSON:
    return {"type": "plain_text_input", "value": words}


def soon(**more: float) -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(**more)


def waiting(**more: Any) -> RequestView:
    """Riley's request with an answer promised in two days."""
    now = datetime.now(UTC)
    return asked(**{"submitted_at": now, "respond_by": soon(hours=48)} | more)


async def open_form(world: World, action: Action, view: RequestView, who: Person = SAM) -> str:
    message = await world.offer(action, THIS_REQUEST, who)
    world.requests.views[REQUEST_ID] = view
    assert (await world.press(who, message, "Press"))["ok"]
    return str(message["channel"])


# ---- on a day -----------------------------------------------------------------------------------


async def test_a_mentor_keeps_it_for_a_day(world: World) -> None:
    channel = await open_form(world, Action.HOLD, waiting())
    day = soon(hours=30)
    assert (await world.submit(SAM, until=at(day)))["closed"]
    assert world.requests.decisions == [Hold(by=SAM.slack_id, channel=channel, until=day)]


@pytest.mark.parametrize(
    ("when", "word"),
    [
        ({"hours": -1}, "This time is over"),
        ({"hours": 47.5}, "An answer is promised soon after that"),
        ({"days": 5}, "An answer is promised soon after that"),
    ],
)
async def test_a_day_that_cannot_be_is_named_at_its_field(
    world: World, when: dict[str, float], word: str
) -> None:
    await open_form(world, Action.HOLD, waiting())
    answer = await world.submit(SAM, until=at(soon(**when)))
    assert word in answer["errors"]["until"]
    assert world.requests.decisions == []
    assert (await world.submit(SAM, until=at(soon(hours=20))))["closed"]


async def test_the_latest_day_is_said_on_the_mentors_clock(world: World) -> None:
    await open_form(world, Action.HOLD, waiting())
    answer = await world.submit(SAM, until=at(soon(days=5)))
    assert "on your clock" in answer["errors"]["until"]


async def test_past_the_promised_time_a_mentor_is_asked_to_claim_at_once(world: World) -> None:
    await open_form(world, Action.HOLD, waiting())
    world.requests.views[REQUEST_ID] = waiting(respond_by=soon(hours=-1))
    answer = await world.submit(SAM, until=at(soon(hours=3)))
    assert "please claim it now" in answer["errors"]["until"]


async def test_a_day_is_measured_on_the_requests_own_clock_when_it_runs_ahead(
    world: World,
) -> None:
    ahead = waiting(now=soon(days=30), respond_by=soon(days=31))
    await open_form(world, Action.HOLD, ahead)
    answer = await world.submit(SAM, until=at(soon(days=3)))
    assert "This time is over" in answer["errors"]["until"]
    assert (await world.submit(SAM, until=at(soon(days=30, hours=5))))["closed"]


@pytest.mark.parametrize(
    ("view", "who", "word"),
    [
        (waiting(), KENJI, "for somebody else"),
        (claimed(), SAM, "It is yours already"),
        (claimed(asked=[SAM.slack_id, KENJI.slack_id]), KENJI, "Another mentor was"),
        (waiting(status="Cancelled"), SAM, "cancelled"),
    ],
)
async def test_a_day_is_for_mentors_who_were_asked_while_nobody_has_it(
    world: World, view: RequestView, who: Person, word: str
) -> None:
    channel = await open_form(world, Action.HOLD, view, who)
    assert await world.slack.as_(who.slack_id).open_views() == []
    (told,) = await world.whispers(who, channel)
    assert word in told


async def test_with_temporal_away_the_chosen_day_stays_in_the_form(world: World) -> None:
    await open_form(world, Action.HOLD, waiting())
    world.requests.failure = TemporalAwayError("no answer")
    answer = await world.submit(SAM, until=at(soon(hours=20)))
    assert "try again" in answer["errors"]["until"]


# ---- why not ------------------------------------------------------------------------------------

DECLINED = waiting(declined=[SAM.slack_id])


async def test_a_mentor_says_why_in_one_choice_and_a_line(world: World) -> None:
    channel = await open_form(world, Action.SAY_WHY, DECLINED)
    assert (await world.submit(SAM, reason=radio("no time"), note=text("New baby!")))["closed"]
    assert world.requests.decisions == [
        SayWhy(by=SAM.slack_id, channel=channel, reason="No time this week: New baby!")
    ]


async def test_the_choice_alone_is_enough(world: World) -> None:
    await open_form(world, Action.SAY_WHY, DECLINED)
    await world.submit(SAM, reason=radio("other skills"))
    (why,) = world.requests.decisions
    assert isinstance(why, SayWhy)
    assert why.reason == "It needs skills that I don't have"


async def test_the_longest_reason_still_fits(world: World) -> None:
    await open_form(world, Action.SAY_WHY, DECLINED)
    longest = (await world.modal(SAM))["blocks"][-1]["element"]["max_length"]
    assert (await world.submit(SAM, reason=radio("know them"), note=text("x" * longest)))["closed"]
    (why,) = world.requests.decisions
    assert isinstance(why, SayWhy)
    assert len(why.reason) <= MAX_NOTE


async def test_only_who_has_declined_says_why(world: World) -> None:
    channel = await open_form(world, Action.SAY_WHY, waiting())
    assert "for somebody else" in (await world.whispers(SAM, channel))[0]


# ---- by when ------------------------------------------------------------------------------------


async def test_a_mentor_picks_when_they_will_write(world: World) -> None:
    channel = await open_form(world, Action.WRITE_PICK, claimed())
    day = soon(days=3)
    assert (await world.submit(SAM, until=at(day)))["closed"]
    assert world.requests.decisions == [
        PromiseToWrite(by=SAM.slack_id, channel=channel, by_when=day)
    ]


@pytest.mark.parametrize(
    ("when", "word"),
    [({"hours": -1}, "This time is over"), ({"days": 15}, "a long time to wait for a word")],
)
async def test_a_promise_that_cannot_be_is_named_at_its_field(
    world: World, when: dict[str, float], word: str
) -> None:
    await open_form(world, Action.WRITE_PICK, claimed())
    answer = await world.submit(SAM, until=at(soon(**when)))
    assert word in answer["errors"]["until"]
    assert world.requests.decisions == []
