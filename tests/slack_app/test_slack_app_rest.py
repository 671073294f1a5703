"""Mentors rest and come back: from a card, from a question of Muster's, from App Home."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.ids import Action
from cards.mentor_words import word_to_mentor
from cards.wording import DEFAULT
from clients.requests import TemporalAwayError
from domain.mentor_memory import WordKind
from domain.mentor_messages import (
    ComeBack,
    NeverAskAgain,
    NotNow,
    OptOut,
    Snooze,
    StillHere,
    Told,
)
from domain.models import Mentor, Person
from domain.standing import MentorOverview, Standing
from domain.view import CardKind, RequestView
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

WEEK = timedelta(days=7)


def soon(**more: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(**more)


def stands(now: datetime | None = None, **more: Any) -> MentorOverview:
    """How Sam stands, as their own workflow says."""
    return MentorOverview(
        now=now or datetime.now(UTC), standing=Standing(slack_id=SAM.slack_id, **more)
    )


def knows_the_ask() -> MentorOverview:
    """Sam's own workflow let this request ask them, and tells it of their rest."""
    return stands().model_copy(update={"asks": [REQUEST_ID]})


def how(choice: str) -> JSON:
    return {"type": "radio_buttons", "selected_option": {"value": choice}}


def day(on: str) -> JSON:
    return {"type": "datepicker", "selected_date": on}


def only(world: World) -> Told:
    """The one thing that Sam's workflow was told."""
    ((who, told),) = world.mentors.told
    assert who == SAM.slack_id
    return told


async def ask_card(world: World, view: RequestView | None = None) -> JSON:
    return await world.show(CardKind.ASK, view or asked(), SAM)


async def old_card(world: World) -> JSON:
    """A card that was not drawn anew when its request ended."""
    world.requests.views[REQUEST_ID] = asked(status="Cancelled")
    return await world.offer(Action.NOT_THIS_WEEK, THIS_REQUEST, SAM)


# ---- in one tap ---------------------------------------------------------------------------------


async def test_not_this_week_is_seven_days_without_requests(world: World) -> None:
    before = datetime.now(UTC)
    await world.press(SAM, await ask_card(world), "Not this week")
    told = only(world)
    assert isinstance(told, Snooze)
    assert before <= told.at <= datetime.now(UTC)
    assert told.until == told.at + WEEK
    assert world.requests.decisions == [], "the request is told by the mentor's workflow"


async def test_the_seven_days_run_on_the_latest_of_all_clocks(world: World) -> None:
    view = asked(now=soon(days=10))
    await world.press(SAM, await ask_card(world, view), "Not this week")
    assert only(world).at == view.now
    world.mentors.told.clear()
    world.mentors.overviews[SAM.slack_id] = stands(now=soon(days=40))
    await world.press(SAM, await ask_card(world, view), "Not this week")
    assert only(world).at == world.mentors.overviews[SAM.slack_id].now


async def test_an_ask_shows_the_break_itself_and_other_cards_are_followed_by_a_word(
    world: World,
) -> None:
    world.mentors.overviews[SAM.slack_id] = knows_the_ask()
    message = await ask_card(world)
    await world.press(SAM, message, "Not this week")
    assert await world.whispers(SAM, message["channel"]) == []
    message = await old_card(world)
    await world.press(SAM, message, "Press")
    (told,) = await world.whispers(SAM, message["channel"])
    assert "You get no requests until" in told


async def test_a_card_that_their_own_workflow_knows_nothing_of_is_followed_by_a_word(
    world: World,
) -> None:
    """An operator has ended that workflow: the one begun since tells no earlier request."""
    world.mentors.overviews[SAM.slack_id] = stands()
    message = await ask_card(world)
    await world.press(SAM, message, "Not this week")
    (told,) = await world.whispers(SAM, message["channel"])
    assert "You get no requests until" in told


async def test_not_this_week_on_an_old_card_leaves_a_longer_break_as_long_as_it_is(
    world: World,
) -> None:
    until = soon(days=30)
    world.mentors.overviews[SAM.slack_id] = stands(resting=True, rest_until=until)
    message = await ask_card(world)
    await world.press(SAM, message, "Not this week")
    told = only(world)
    assert isinstance(told, Snooze)
    assert told.until == until


async def test_a_break_starts_also_from_a_request_that_nobody_remembers(world: World) -> None:
    message = await ask_card(world)
    del world.requests.views[REQUEST_ID]
    await world.press(SAM, message, "Not this week")
    assert isinstance(only(world), Snooze)
    (told,) = await world.whispers(SAM, message["channel"])
    assert "You get no requests until" in told


async def test_who_has_opted_out_reads_that_it_stays_so(world: World) -> None:
    message = await old_card(world)
    world.mentors.overviews[SAM.slack_id] = stands(opted_out=True)
    await world.press(SAM, message, "Press")
    (told,) = await world.whispers(SAM, message["channel"])
    assert "that stays so" in told


@pytest.mark.parametrize("status", ["Open", "Cancelled", "Completed"])
async def test_back_is_one_click_on_any_card_also_when_the_request_is_over(
    world: World, status: str
) -> None:
    view = asked(status=status, on_break={SAM.slack_id: soon(days=9)})
    assert (await world.press(SAM, await ask_card(world, view), "I'm back"))["ok"]
    assert isinstance(only(world), ComeBack)


async def test_somebody_elses_card_rests_nobody(world: World) -> None:
    copy = await world.post_copy(await ask_card(world), KENJI.slack_id)
    await world.press(KENJI, copy, "Not this week")
    assert world.mentors.told == []
    (told,) = await world.whispers(KENJI, copy["channel"])
    assert "for somebody else" in told


async def test_a_click_is_not_taken_while_temporal_is_away(world: World) -> None:
    message = await ask_card(world)
    world.mentors.failure = TemporalAwayError("no answer")
    answer = await world.press(SAM, message, "Not this week")
    assert answer["error"] == "http_status"
    (told,) = await world.whispers(SAM, message["channel"])
    assert "nothing was changed" in told


# ---- in a form ----------------------------------------------------------------------------------


async def open_form(world: World, view: RequestView | None = None) -> None:
    assert (await world.press(SAM, await ask_card(world, view), "Pause or stop…"))["ok"]


async def test_the_form_says_a_week(world: World) -> None:
    await open_form(world)
    await world.submit(SAM, how=how("week"))
    told = only(world)
    assert isinstance(told, Snooze)
    assert told.until - told.at == WEEK
    assert "You get no requests until" in str(await world.modal(SAM))


async def test_a_date_is_the_beginning_of_that_day_on_their_own_clock(world: World) -> None:
    await open_form(world)
    zone = ZoneInfo(SAM.time_zone)
    chosen = (datetime.now(zone) + timedelta(days=30)).date()
    await world.submit(SAM, how=how("date"), date=day(chosen.isoformat()))
    told = only(world)
    assert isinstance(told, Snooze)
    assert told.until == datetime(chosen.year, chosen.month, chosen.day, tzinfo=zone)
    assert "Those you mentor stay yours" in str(await world.modal(SAM))


@pytest.mark.parametrize(
    ("chosen", "word"),
    [
        (None, "choose the day"),
        (datetime.now(UTC) - timedelta(days=2), "begun already"),
        (datetime.now(UTC) + timedelta(days=400), "within a year"),
    ],
)
async def test_a_day_that_cannot_be_is_named_at_its_field(
    world: World, chosen: datetime | None, word: str
) -> None:
    await open_form(world)
    picked = {"date": day(chosen.date().isoformat())} if chosen else {}
    answer = await world.submit(SAM, how=how("date"), **picked)
    assert word in answer["errors"]["date"]
    assert world.mentors.told == []


async def test_a_day_is_measured_on_the_requests_clock_when_it_runs_ahead(world: World) -> None:
    await open_form(world, asked(now=soon(days=30)))
    answer = await world.submit(SAM, how=how("date"), date=day(soon(days=5).date().isoformat()))
    assert "begun already" in answer["errors"]["date"]


async def test_not_at_all_is_an_opt_out_and_says_that_the_door_stays_open(world: World) -> None:
    await open_form(world)
    await world.submit(SAM, how=how("stop"))
    assert isinstance(only(world), OptOut)
    shown = str(await world.modal(SAM))
    assert "You get no more requests" in shown
    assert "at any time" in shown


async def test_who_has_opted_out_finds_the_way_back_in_place_of_the_form(world: World) -> None:
    world.mentors.overviews[SAM.slack_id] = stands(opted_out=True)
    await open_form(world)
    shown = await world.modal(SAM)
    assert "nothing to pause" in str(shown)
    await world.press_in_view(SAM, shown, "I'm back")
    assert isinstance(only(world), ComeBack)
    await world.settle()
    assert "Welcome back" in str(await world.modal(SAM))


async def test_with_temporal_away_the_form_stays_as_it_is(world: World) -> None:
    await open_form(world)
    world.mentors.failure = TemporalAwayError("no answer")
    answer = await world.submit(SAM, how=how("stop"))
    assert "try again" in answer["errors"]["how"]


@pytest.mark.parametrize("kind", [CardKind.ASK, CardKind.CHECK_IN, CardKind.FEEDBACK])
async def test_the_mentor_who_has_it_can_stop_from_every_card_of_theirs(
    world: World, kind: CardKind
) -> None:
    message = await world.show(kind, claimed(), SAM)
    await world.press(SAM, message, "Pause or stop…")
    await world.submit(SAM, how=how("stop"))
    assert isinstance(only(world), OptOut)


async def test_the_button_of_an_earlier_release_opens_the_same_form(world: World) -> None:
    world.requests.views[REQUEST_ID] = asked()
    message = await world.offer(Action.TAKE_BREAK, THIS_REQUEST, SAM)
    await world.press(SAM, message, "Press")
    await world.submit(SAM, how=how("week"))
    assert isinstance(only(world), Snooze)


# ---- what Muster asks a mentor outside any request ----------------------------------------------


@pytest.mark.parametrize(
    ("kind", "label", "told"),
    [
        (WordKind.WIN_BACK, "Come back", ComeBack),
        (WordKind.WIN_BACK, "Not now", NotNow),
        (WordKind.WIN_BACK, "Never ask again", NeverAskAgain),
        (WordKind.STILL_THERE, "I'm here", StillHere),
        (WordKind.PAUSED, "I'm back", ComeBack),
    ],
)
async def test_each_answer_is_one_signal(
    world: World, kind: WordKind, label: str, told: type[Told]
) -> None:
    now = soon(days=200)
    world.mentors.overviews[SAM.slack_id] = stands(now=now)
    message = await world.post(word_to_mentor(kind, "", None, DEFAULT.say), SAM.slack_id)
    assert (await world.press(SAM, message, label))["ok"]
    assert only(world) == told(at=now)


async def test_still_there_can_be_answered_with_a_break(world: World) -> None:
    question = word_to_mentor(WordKind.STILL_THERE, "", None, DEFAULT.say)
    message = await world.post(question, SAM.slack_id)
    await world.press(SAM, message, "Pause or stop…")
    await world.submit(SAM, how=how("week"))
    assert isinstance(only(world), Snooze)


# ---- from App Home ------------------------------------------------------------------------------


async def test_a_break_from_app_home_shows_there_at_once(world: World) -> None:
    world.mentors.overviews[SAM.slack_id] = stands()
    home = await world.home(as_mentor(world))
    world.mentors.overviews[SAM.slack_id] = stands(resting=True, rest_until=soon(days=7))
    await world.press_in_view(SAM, home, "Not this week")
    assert isinstance(only(world), Snooze)
    assert "You are on a break until" in str(await world.home_now(SAM))


async def test_a_form_from_app_home_draws_it_anew_too(world: World) -> None:
    world.mentors.overviews[SAM.slack_id] = stands()
    home = await world.home(as_mentor(world))
    await world.press_in_view(SAM, home, "Pause or stop…")
    world.mentors.overviews[SAM.slack_id] = stands(opted_out=True)
    await world.submit(SAM, how=how("stop"))
    assert "You get no requests" in str(await world.home_now(SAM))


def as_mentor(world: World, who: Person = SAM) -> Person:
    world.roster.people.append(Mentor(slack_id=who.slack_id, name=who.name, max_mentees=2))
    return who
