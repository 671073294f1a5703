"""Coordinators: members of their channel and nobody else; each order has an answer and a name."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from cards.ids import Action
from cards.values import WordRef
from clients.requests import (
    OrderRefusedError,
    OrderUnconfirmedError,
    RequestGoneError,
)
from domain.models import Person
from domain.orders import (
    Answered,
    AnswerPerson,
    Assign,
    CloseRequest,
    HandBack,
    Nudge,
    Order,
    Take,
    Verdict,
    Widen,
)
from domain.view import CaseFile, RequestDetails
from sandbox.slack.identity import COORDINATORS_ID
from slack_app.coordinators import NOT_FOR_YOU, NOT_KNOWN
from tests.sandbox.slack_harness import JSON
from tests.slack_app.slack_app_harness import (
    DANA,
    KENJI,
    REQUEST_ID,
    RILEY,
    SAM,
    THIS_REQUEST,
    World,
    asked,
    click_body,
)

ORDERS: dict[Action, type[Order]] = {
    Action.TAKE: Take,
    Action.HAND_BACK: HandBack,
    Action.WIDEN: Widen,
    Action.NUDGE: Nudge,
}
FORMS = (Action.ASSIGN, Action.CLOSE_REQUEST, Action.ANSWER_PERSON)
LOOKS = (Action.WHO_WAS_ASKED, Action.TIMELINE, Action.OPEN_REQUEST)
CASE = CaseFile(
    request_id=REQUEST_ID,
    now=datetime.now(UTC),
    service="Pair Programming",
    mentee=RILEY.slack_id,
)
ABOUT_RILEY = WordRef(request_id=REQUEST_ID, number=3, to=RILEY.slack_id)


def text(words: str) -> JSON:
    return {"type": "plain_text_input", "value": words}


def chosen(who: Person) -> JSON:
    return {"type": "external_select", "selected_option": {"value": who.slack_id}}


async def press(world: World, action: Action, who: Person = DANA) -> JSON:
    """Press a button alone in the coordinators' channel."""
    world.requests.views.setdefault(REQUEST_ID, asked())
    message = await world.offer(action, ABOUT_RILEY)
    return await world.press(who, message, "Press")


async def everybody_leaves(world: World) -> None:
    """From now on Slack says that only Kenji is in the coordinators' channel."""
    members = {"ok": True, "members": [KENJI.slack_id]}
    await world.break_slack("conversations.members", kind="status", status=200, body=members)


# ---- orders in one tap --------------------------------------------------------------------------


@pytest.mark.parametrize("action", ORDERS)
async def test_one_tap_is_one_order_with_a_name_and_an_answer(world: World, action: Action) -> None:
    assert (await press(world, action))["ok"]
    assert world.requests.orders == [
        ORDERS[action](by=DANA.slack_id, name=DANA.name, channel=COORDINATORS_ID)
    ]
    assert await world.whispers(DANA, COORDINATORS_ID) == ["Done."]


async def test_buttons_of_the_coordinators_card_are_all_taken(world: World) -> None:
    message = await world.show_coordinators(asked())
    labels = [
        element["text"]["text"]
        for block in message["blocks"]
        for element in block.get("elements", [])
        if element.get("type") == "button"
    ]
    assert "Take" in labels
    world.requests.cases[REQUEST_ID] = CASE
    world.requests.read[REQUEST_ID] = RequestDetails(
        request_id=REQUEST_ID, mentee=RILEY, service="Pair Programming", goal="Flask"
    )
    for label in labels:
        assert (await world.press(DANA, message, label))["ok"], label
    assert set(await world.whispers(DANA, COORDINATORS_ID)) == {"Done."}


async def test_each_click_is_told_apart_and_the_same_one_is_known_again(world: World) -> None:
    for _ in range(2):
        await press(world, Action.NUDGE)
    first, second = world.requests.clicks
    assert first != second
    assert all(8 < len(click) <= 32 for click in (first, second))


async def test_a_click_that_slack_sends_twice_is_known_again(world: World) -> None:
    body = click_body(Action.NUDGE.value, THIS_REQUEST.write(), DANA)
    for _ in range(2):
        assert (await world.send(body)).status == 200
    first, second = world.requests.clicks
    assert first == second
    assert "1.2.3" not in first, "a trigger is a key: only its digest is kept"


async def test_without_slacks_word_on_names_the_user_name_stands_in(world: World) -> None:
    await world.break_slack("users.info", kind="status", status=500)
    await press(world, Action.TAKE)
    (order,) = world.requests.orders
    assert order.name == "dana"


async def test_a_name_is_looked_up_once(world: World) -> None:
    for _ in range(3):
        await press(world, Action.TAKE)
    assert await world.calls("users.info") == 1
    world.clock.advance(3601)
    await press(world, Action.TAKE)
    assert await world.calls("users.info") == 2


async def test_an_order_that_is_not_decided_yet_says_so(world: World) -> None:
    world.requests.answered = None
    assert (await press(world, Action.WIDEN))["ok"]
    (told,) = await world.whispers(DANA, COORDINATORS_ID)
    assert "received" in told


@pytest.mark.parametrize(
    ("failure", "ok", "word"),
    [
        (OrderRefusedError("Everybody has been asked."), True, "Everybody has been asked."),
        (RequestGoneError("finished"), True, "This request is finished"),
        (OrderUnconfirmedError("no answer"), False, "could not make sure that this was saved"),
    ],
)
async def test_an_order_that_is_not_taken_says_why(
    world: World, failure: Exception, ok: bool, word: str
) -> None:
    world.requests.failure = failure
    assert (await press(world, Action.WIDEN))["ok"] is ok
    (told,) = await world.whispers(DANA, COORDINATORS_ID)
    assert word in told


# ---- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [*ORDERS, *FORMS, *LOOKS, Action.PAUSE_SENDING])
async def test_nobody_else_gets_in(world: World, action: Action) -> None:
    world.requests.views[REQUEST_ID] = asked()
    message = await world.offer(action, ABOUT_RILEY, KENJI)
    assert (await world.press(KENJI, message, "Press"))["ok"]
    assert await world.whispers(KENJI, message["channel"]) == [NOT_FOR_YOU]
    assert world.requests.orders == []
    assert await world.slack.as_(KENJI.slack_id).open_views() == []
    assert not world.switchboard.sending.paused


async def test_who_leaves_the_channel_can_do_no_more_after_a_minute(world: World) -> None:
    await press(world, Action.TAKE)
    await everybody_leaves(world)
    world.clock.advance(59)
    await press(world, Action.TAKE)
    assert len(world.requests.orders) == 2
    world.clock.advance(2)
    await press(world, Action.TAKE)
    assert len(world.requests.orders) == 2
    assert NOT_FOR_YOU in await world.whispers(DANA, COORDINATORS_ID)


async def test_it_is_looked_up_again_when_a_form_is_sent(world: World) -> None:
    await press(world, Action.CLOSE_REQUEST)
    await everybody_leaves(world)
    world.clock.advance(61)
    answer = await world.submit(DANA, reason=text("moved away"))
    assert answer["errors"] == {"reason": NOT_FOR_YOU}
    assert world.requests.orders == []


async def test_a_burst_of_clicks_reads_the_channel_once(world: World) -> None:
    message = await world.offer(Action.NUDGE, THIS_REQUEST)
    await asyncio.gather(*(world.press(DANA, message, "Press") for _ in range(6)))
    assert len(world.requests.orders) == 6
    assert await world.calls("conversations.members") == 1


async def test_a_large_channel_is_read_page_by_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.coordinators.PAGE", 2)
    assert (await press(world, Action.TAKE))["ok"]
    assert len(world.requests.orders) == 1
    assert await world.calls("conversations.members") >= 3


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "error": "missing_scope"},
        {"kind": "status", "status": 500},
        {"kind": "drop_before"},
    ],
)
async def test_while_the_channel_cannot_be_read_nobody_gets_in_and_the_log_says_why(
    world: World, fault: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    await world.break_slack("conversations.members", **fault)
    with caplog.at_level(logging.WARNING):
        assert (await press(world, Action.TAKE))["ok"]
    assert await world.whispers(DANA, COORDINATORS_ID) == [NOT_KNOWN]
    assert world.requests.orders == []
    assert "The coordinators' channel can't be read" in caplog.text
    if fault.get("error") == "missing_scope":
        assert "groups:read" in caplog.text
    await world.slack.control("DELETE", "faults")
    assert (await press(world, Action.TAKE))["ok"]
    assert len(world.requests.orders) == 1, "a failure is not remembered"


async def test_a_slow_look_is_not_waited_for_but_serves_the_next_click(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slack_app.coordinators.WITHIN", 0.05)
    await world.break_slack("conversations.members", kind="latency", seconds=0.2, count=1)
    await press(world, Action.TAKE)
    assert await world.whispers(DANA, COORDINATORS_ID) == [NOT_KNOWN]
    monkeypatch.setattr("slack_app.coordinators.WITHIN", 60.0)
    await press(world, Action.TAKE)
    assert len(world.requests.orders) == 1
    assert await world.calls("conversations.members") == 1


# ---- forms --------------------------------------------------------------------------------------


async def test_a_request_is_closed_with_a_reason_and_a_word(world: World) -> None:
    await press(world, Action.CLOSE_REQUEST)
    sent = await world.submit(DANA, reason=text("Found help elsewhere"), word=text("All the best!"))
    assert sent["closed"]
    assert world.requests.orders == [
        CloseRequest(
            by=DANA.slack_id,
            name=DANA.name,
            channel=COORDINATORS_ID,
            reason="Found help elsewhere",
            word="All the best!",
        )
    ]
    assert await world.whispers(DANA, COORDINATORS_ID) == ["Done."]


async def test_a_close_wants_a_reason(world: World) -> None:
    await press(world, Action.CLOSE_REQUEST)
    answer = await world.submit(DANA, reason=text(" \u200b "))
    assert "say why" in answer["errors"]["reason"]
    assert world.requests.orders == []


async def test_an_answer_says_to_whom_and_what_it_answers(world: World) -> None:
    await press(world, Action.ANSWER_PERSON)
    assert (await world.submit(DANA, text=text("We are on it!")))["closed"]
    assert world.requests.orders == [
        AnswerPerson(
            by=DANA.slack_id,
            name=DANA.name,
            channel=COORDINATORS_ID,
            to=RILEY.slack_id,
            text="We are on it!",
            answers=3,
        )
    ]


async def test_a_refused_form_says_why_at_its_field_and_stays_open(world: World) -> None:
    await press(world, Action.ANSWER_PERSON)
    world.requests.answered = Answered(verdict=Verdict.REFUSED, words="They did not write.")
    answer = await world.submit(DANA, text=text("We are on it!"))
    assert answer["errors"] == {"text": "They did not write."}
    world.requests.failure = OrderRefusedError("This request is finished.")
    answer = await world.submit(DANA, text=text("We are on it!"))
    assert answer["errors"] == {"text": "This request is finished."}


async def test_assigning_without_a_mentor_is_named_at_its_field(world: World) -> None:
    await press(world, Action.ASSIGN)
    answer = await world.submit(DANA, mentor={"type": "external_select", "selected_option": None})
    assert "mentor" in answer["errors"]


async def test_a_mentor_is_assigned(world: World) -> None:
    await press(world, Action.ASSIGN)
    assert (await world.submit(DANA, mentor=chosen(SAM)))["closed"]
    assert world.requests.orders == [
        Assign(by=DANA.slack_id, name=DANA.name, channel=COORDINATORS_ID, mentor=SAM.slack_id)
    ]


# ---- from App Home ------------------------------------------------------------------------------


async def open_card(world: World) -> JSON:
    await press(world, Action.OPEN_REQUEST)
    return await world.modal(DANA)


async def test_a_card_in_a_modal_shows_what_became_of_an_order(world: World) -> None:
    card = await open_card(world)
    world.requests.answered = Answered(verdict=Verdict.DONE, words="It is yours to look after.")
    world.requests.views[REQUEST_ID] = asked(
        owner=Person(slack_id=DANA.slack_id, name=DANA.name), owner_took_it=True
    )
    assert (await world.press_in_view(DANA, card, "Take"))["ok"]
    await world.settle()
    (shown,) = await world.slack.as_(DANA.slack_id).open_views()
    assert "It is yours to look after." in str(shown["blocks"][0])
    assert "Hand back" in str(shown["blocks"])
    assert world.requests.orders[0].channel == ""


async def test_a_form_from_a_card_in_a_modal_stands_on_top_and_gives_way_to_it(
    world: World,
) -> None:
    card = await open_card(world)
    assert (await world.press_in_view(DANA, card, "Close…"))["ok"]
    assert len(await world.slack.as_(DANA.slack_id).open_views()) == 2
    await world.submit(DANA, reason=text("moved away"))
    await world.settle()
    (shown,) = await world.slack.as_(DANA.slack_id).open_views()
    assert "Done." in str(shown["blocks"][0])


async def test_a_refusal_in_a_modal_is_shown_on_top_of_it(world: World) -> None:
    card = await open_card(world)
    world.requests.failure = OrderRefusedError("Everybody has been asked.")
    assert (await world.press_in_view(DANA, card, "Widen"))["ok"]
    assert "Everybody has been asked." in str(await world.modal(DANA))
