"""Modals: opened for whom they are meant, checked at the field, and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clients.requests import RequestGoneError, TemporalAwayError
from domain.messages import EditHello, GiveFeedback, ProposeTimes
from domain.models import Level, Person, Role
from domain.view import CardKind, RequestDetails, RequestView
from sandbox.slack.identity import MENTORS_ID
from tests.slack_app.slack_app_harness import (
    DANA,
    JSON,
    KENJI,
    REQUEST_ID,
    RILEY,
    SAM,
    World,
    asked,
    claimed,
)

FEEDBACK = "Awaiting feedback"


def text(words: str) -> JSON:
    return {"type": "plain_text_input", "value": words}


def at(moment: datetime) -> JSON:
    return {"type": "datetimepicker", "selected_date_time": int(moment.timestamp())}


def chosen(value: str, kind: str = "static_select") -> JSON:
    return {"type": kind, "selected_option": {"value": value}}


def soon(**more: float) -> datetime:
    """A round moment some time from now."""
    return datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(**more)


async def open_form(
    world: World, label: str, view: RequestView, who: Person, kind: CardKind = CardKind.ASK
) -> str:
    """Press a button that opens a modal; returns the conversation it was pressed in."""
    message = await world.show(kind, view, who)
    assert (await world.press(who, message, label))["ok"]
    return str(message["channel"])


# ---- hello --------------------------------------------------------------------------------------


async def test_a_mentor_rewords_the_hello(world: World) -> None:
    channel = await open_form(world, "Edit hello", claimed(introduced=False), SAM)
    element = (await world.modal(SAM))["blocks"][-1]["element"]
    assert element["initial_value"].startswith("Hi, I'm Sam Okafor")
    assert (await world.submit(SAM, hello=text("Ahoy, Riley!")))["closed"]
    assert world.requests.decisions == [
        EditHello(by=SAM.slack_id, channel=channel, hello="Ahoy, Riley!")
    ]


@pytest.mark.parametrize("nothing", ["   ", "\u200b\ufeff", "\x00\u202e", "\ud800"])
async def test_an_empty_hello_is_named_at_its_field(world: World, nothing: str) -> None:
    await open_form(world, "Edit hello", claimed(introduced=False), SAM)
    answer = await world.submit(SAM, hello=text(nothing))
    assert answer["errors"] == {"hello": "Please write a word or two."}
    assert world.requests.decisions == []


async def test_a_hello_keeps_what_can_be_seen_and_loses_what_can_do_harm(world: World) -> None:
    channel = await open_form(world, "Edit hello", claimed(introduced=False), SAM)
    typed = "Ahoy \ud800\u202eRiley\x00 👩🏽\u200d💻,\r\nשלום <!channel> "
    await world.submit(SAM, hello=text(typed))
    assert world.requests.decisions == [
        EditHello(
            by=SAM.slack_id, channel=channel, hello="Ahoy Riley 👩🏽\u200d💻,\nשלום <!channel>"
        )
    ]


async def test_a_hello_that_was_sent_is_not_edited_any_more(world: World) -> None:
    message = await world.show(CardKind.ASK, claimed(introduced=False), SAM)
    world.requests.views[REQUEST_ID] = claimed()
    await world.press(SAM, message, "Edit hello")
    (told,) = await world.whispers(SAM, message["channel"])
    assert "has been sent" in told


# ---- times --------------------------------------------------------------------------------------


async def test_up_to_three_times_are_proposed_in_order(world: World) -> None:
    channel = await open_form(world, "Propose a time", claimed(), SAM)
    first, second = soon(days=3), soon(days=1)
    assert (await world.submit(SAM, time_1=at(first), time_3=at(second)))["closed"]
    assert world.requests.decisions == [
        ProposeTimes(by=SAM.slack_id, channel=channel, times=[second, first])
    ]


async def test_the_first_time_is_set_to_tomorrow_evening_of_who_proposes(world: World) -> None:
    await open_form(world, "Propose a time", claimed(), SAM)
    picker = (await world.modal(SAM))["blocks"][1]["element"]
    suggested = datetime.fromtimestamp(picker["initial_date_time"], UTC)
    assert timedelta(0) < suggested - datetime.now(UTC) < timedelta(days=2)
    assert suggested.minute == 0


@pytest.mark.parametrize(
    ("times", "wrong", "word"),
    [
        ({"time_1": {"hours": -2}}, "time_1", "over or too close"),
        ({"time_1": {"minutes": 5}}, "time_1", "over or too close"),
        ({"time_1": {"days": 181}}, "time_1", "within 180 days"),
        ({"time_1": {"days": 1}, "time_2": {"days": 1}}, "time_2", "in your list already"),
        ({"time_1": {"days": 1}, "time_3": {"days": -1}}, "time_3", "over or too close"),
    ],
)
async def test_a_time_that_cannot_be_is_named_at_its_field(
    world: World, times: dict[str, dict[str, float]], wrong: str, word: str
) -> None:
    await open_form(world, "Propose a time", claimed(), SAM)
    answer = await world.submit(SAM, **{name: at(soon(**span)) for name, span in times.items()})
    assert list(answer["errors"]) == [wrong]
    assert word in answer["errors"][wrong]
    assert world.requests.decisions == []


async def test_times_are_measured_on_the_requests_own_clock_when_it_runs_ahead(
    world: World,
) -> None:
    ahead = claimed(now=soon(days=30))
    await open_form(world, "Propose a time", ahead, SAM)
    picker = (await world.modal(SAM))["blocks"][1]["element"]
    assert picker["initial_date_time"] > ahead.now.timestamp()
    answer = await world.submit(SAM, time_1=at(soon(days=3)))
    assert "time_1" in answer["errors"]
    assert (await world.submit(SAM, time_1=at(soon(days=33))))["closed"]


async def test_times_are_for_the_pair_only(world: World) -> None:
    message = await world.show(CardKind.ASK, claimed(), SAM)
    posted = await world.post_copy(message, MENTORS_ID)
    await world.press(DANA, posted, "Propose a time")
    assert await world.whispers(DANA, MENTORS_ID) == [
        "This button is for somebody else, so nothing was changed."
    ]


# ---- feedback -----------------------------------------------------------------------------------


async def test_the_mentee_says_how_it_went_and_where_they_stand(world: World) -> None:
    view = claimed(status=FEEDBACK)
    channel = await open_form(world, "Give feedback", view, RILEY, CardKind.FEEDBACK)
    answer = await world.submit(
        RILEY,
        happened=chosen("yes", "radio_buttons"),
        rating=chosen("5"),
        note=text("Thank you!"),
        level=chosen("Intermediate"),
    )
    assert answer["closed"]
    assert world.requests.decisions == [
        GiveFeedback(
            by=RILEY.slack_id,
            channel=channel,
            happened=True,
            rating=5,
            note="Thank you!",
            level=Level.INTERMEDIATE,
        )
    ]


async def test_the_mentor_is_not_asked_for_the_mentees_level(world: World) -> None:
    view = claimed(status=FEEDBACK)
    channel = await open_form(world, "Give feedback", view, SAM, CardKind.FEEDBACK)
    assert "level" not in [block["block_id"] for block in (await world.modal(SAM))["blocks"]]
    await world.submit(SAM, happened=chosen("no", "radio_buttons"))
    assert world.requests.decisions == [
        GiveFeedback(by=SAM.slack_id, channel=channel, happened=False)
    ]


async def test_feedback_that_was_given_is_not_asked_for_again(world: World) -> None:
    view = claimed(status=FEEDBACK)
    message = await world.show(CardKind.FEEDBACK, view, SAM)
    world.requests.views[REQUEST_ID] = claimed(status=FEEDBACK, feedback_from=[Role.MENTOR])
    await world.press(SAM, message, "Give feedback")
    assert await world.whispers(SAM, message["channel"]) == [
        "Thank you: we have your answer already."
    ]


# ---- details ------------------------------------------------------------------------------------

DETAILS = RequestDetails(
    request_id=REQUEST_ID,
    mentee=RILEY,
    service="Pair Programming",
    goal="Flask",
    details="Only for mentors",
    may_read=[SAM.slack_id],
)


async def test_a_mentor_who_was_asked_reads_the_details(world: World) -> None:
    world.requests.read[REQUEST_ID] = DETAILS
    await open_form(world, "Details", asked(), SAM)
    assert "Only for mentors" in str(await world.modal(SAM))


async def test_whoever_is_in_the_mentors_channel_reads_the_details(world: World) -> None:
    world.requests.read[REQUEST_ID] = DETAILS
    message = await world.show(CardKind.CHANNEL, asked())
    await world.press(DANA, message, "Details")
    assert "Only for mentors" in str(await world.modal(DANA))


async def test_a_coordinator_reads_the_details(world: World) -> None:
    world.requests.read[REQUEST_ID] = DETAILS
    await open_form(world, "Details", asked(), DANA)
    assert "Only for mentors" in str(await world.modal(DANA))


async def test_nobody_else_reads_the_details(world: World) -> None:
    world.requests.read[REQUEST_ID] = DETAILS
    message = await world.show(CardKind.ASK, asked(), KENJI)
    assert (await world.press(KENJI, message, "Details"))["ok"]
    assert await world.slack.as_(KENJI.slack_id).open_views() == []
    (told,) = await world.whispers(KENJI, message["channel"])
    assert "for mentors who were asked" in told


# ---- when things go wrong -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        (TemporalAwayError("no answer"), "try again in a moment"),
        (RequestGoneError("finished"), "This request is finished"),
        (RuntimeError("a mistake of ours"), "reference"),
    ],
)
async def test_what_was_typed_stays_when_it_cannot_be_sent(
    world: World, failure: Exception, word: str
) -> None:
    await open_form(world, "Edit hello", claimed(introduced=False), SAM)
    world.requests.failure = failure
    answer = await world.submit(SAM, hello=text("A long and careful hello"))
    assert word in answer["errors"]["hello"]
    world.requests.failure = None
    assert (await world.submit(SAM, hello=text("A long and careful hello")))["closed"]


async def test_a_modal_that_could_not_open_in_time_asks_for_another_press(world: World) -> None:
    message = await world.show(CardKind.ASK, claimed(), SAM)
    await world.break_slack("views.open", kind="error", error="expired_trigger_id", count=1)
    assert (await world.press(SAM, message, "Propose a time"))["ok"]
    (told,) = await world.whispers(SAM, message["channel"])
    assert "press the button once more" in told


@pytest.mark.parametrize("label", ["Propose a time", "Details"])
async def test_with_temporal_away_no_modal_opens_and_the_person_is_told(
    world: World, label: str
) -> None:
    message = await world.show(CardKind.ASK, claimed(), SAM)
    world.requests.failure = TemporalAwayError("no answer")
    assert (await world.press(SAM, message, label))["error"] == "http_status"
    (told,) = await world.whispers(SAM, message["channel"])
    assert "try again in a moment" in told
