"""Words: typed to the bot, sent with the form, and written in a pair's group message."""

from __future__ import annotations

import asyncio
import logging

import pytest

from cards.ids import Action
from cards.values import TalkContext
from clients.requests import RequestGoneError, TemporalAwayError
from domain.messages import AskCoordinator, Word
from domain.models import MAX_TEXT
from sandbox.slack.identity import BOT_USER_ID, COORDINATORS_ID
from slack_app.typed_words import plain_words
from tests.sandbox.slack_harness import JSON
from tests.slack_app.slack_app_harness import (
    DANA,
    REQUEST_ID,
    RILEY,
    SAM,
    World,
)

CRISIS = "If you are in crisis, call 988."


def typed(channel: str, text: str = "hello?", ts: str = "1.2", **more: object) -> JSON:
    return {
        "type": "message",
        "channel_type": "im",
        "channel": channel,
        "user": RILEY.slack_id,
        "text": text,
        "ts": ts,
        **more,
    }


async def dm_of_riley(world: World) -> str:
    answer = await world.slack.client.conversations_open(users=RILEY.slack_id)
    return str(answer["channel"]["id"])


async def told(world: World, channel: str) -> list[str]:
    """What the bot has said to Riley there, in its blocks."""
    messages = await world.slack.as_(RILEY.slack_id).messages(channel)
    return [str(message["blocks"]) for message in messages if message["user"] == BOT_USER_ID]


async def in_coordinators_channel(world: World) -> list[str]:
    messages = await world.slack.as_(DANA.slack_id).messages(COORDINATORS_ID)
    return [str(message["blocks"]) for message in messages if message.get("blocks")]


# ---- typed to the bot ---------------------------------------------------------------------------


async def test_typed_words_reach_the_running_request_and_the_writer_hears_so(world: World) -> None:
    channel = await dm_of_riley(world)
    world.requests.found[RILEY.slack_id] = REQUEST_ID
    assert (await world.send_event(typed(channel, "It is about <@U1>"))).status == 200
    assert world.requests.decisions == [
        AskCoordinator(by=RILEY.slack_id, channel=channel, text="It is about @U1", message="1.2")
    ]
    (word,) = await told(world, channel)
    assert "passed your words on to the coordinators" in word
    assert CRISIS in word
    assert await in_coordinators_channel(world) == []


async def test_typed_words_without_a_request_stand_in_the_coordinators_channel(
    world: World,
) -> None:
    channel = await dm_of_riley(world)
    await world.send_event(typed(channel, "help &lt;!channel&gt; *me*"))
    (passed_on,) = await in_coordinators_channel(world)
    assert f"<@{RILEY.slack_id}>" in passed_on
    assert "help <!channel> *me*" in passed_on, "as plain text, so that nobody is pinged"
    assert "plain_text" in passed_on
    (word,) = await told(world, channel)
    assert "passed your words on" in word


async def test_words_typed_in_slack_itself_are_answered(world: World) -> None:
    channel = await dm_of_riley(world)
    hands = world.slack.as_(RILEY.slack_id)
    async with hands.watching() as news:
        await news.until("hello")
        await hands.type(channel, "hello?")
        while BOT_USER_ID not in str(await news.until("message")):
            pass
    assert len(await hands.messages(channel)) == 2


async def test_a_reply_under_a_card_is_about_that_cards_request(world: World) -> None:
    sent = await world.slack.client.chat_postMessage(
        channel=RILEY.slack_id,
        text="a card",
        metadata={"event_type": "muster_card", "event_payload": {"key": f"{REQUEST_ID}/received"}},
    )
    channel, card = str(sent["channel"]), str(sent["ts"])
    await world.send_event(typed(channel, "still waiting", thread_ts=card))
    (decision,) = world.requests.decisions
    assert isinstance(decision, AskCoordinator)
    assert world.requests.looked_for == [], "no need to look: the card says which request"
    replies = await world.slack.as_(RILEY.slack_id).messages(channel, thread_ts=card)
    assert "passed your words on" in replies[-1]["text"] or "passed" in str(replies[-1])


async def test_a_reply_about_a_finished_request_reaches_the_coordinators_all_the_same(
    world: World,
) -> None:
    channel = await dm_of_riley(world)
    world.requests.found[RILEY.slack_id] = REQUEST_ID

    async def gone(request_id: str, decision: object) -> None:
        raise RequestGoneError("finished")

    world.requests.decide = gone  # type: ignore[method-assign]
    await world.send_event(typed(channel, "one more thing"))
    assert len(await in_coordinators_channel(world)) == 1
    assert "passed your words on" in (await told(world, channel))[0]


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"channel_type": "channel"},
        {"user": BOT_USER_ID},
    ],
)
async def test_other_messages_are_taken_without_a_word(world: World, more: JSON) -> None:
    answer = await world.send_event(typed(await dm_of_riley(world), **more))
    assert answer.status == 200
    assert await world.calls("chat.postMessage") == 0
    assert world.requests.decisions == []


async def test_words_that_slack_delivers_again_are_passed_on_once(world: World) -> None:
    channel = await dm_of_riley(world)
    world.requests.found[RILEY.slack_id] = REQUEST_ID
    for retry in ({}, {"X_Slack_Retry_Num": "1", "X_Slack_Retry_Reason": "http_timeout"}):
        assert (await world.send_event(typed(channel), **retry)).status == 200
    assert len(world.requests.decisions) == 1
    assert len(await told(world, channel)) == 1


async def test_words_whose_first_delivery_was_lost_are_passed_on_by_the_next(
    world: World,
) -> None:
    channel = await dm_of_riley(world)
    await world.send_event(typed(channel), X_Slack_Retry_Num="1")
    assert len(await in_coordinators_channel(world)) == 1


async def test_with_temporal_away_the_writer_hears_that_nobody_has_read_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    channel = await dm_of_riley(world)
    world.requests.failure = TemporalAwayError("no answer")
    with caplog.at_level(logging.WARNING):
        assert (await world.send_event(typed(channel, "something private"))).status == 200
    (word,) = await told(world, channel)
    assert "could not be passed on" in word
    assert "private" not in caplog.text
    assert await in_coordinators_channel(world) == []


async def test_with_the_coordinators_channel_away_the_writer_hears_that_nobody_has_read_it(
    world: World,
) -> None:
    channel = await dm_of_riley(world)
    await world.break_slack("chat.postMessage", kind="error", error="channel_not_found", count=1)
    await world.send_event(typed(channel))
    (word,) = await told(world, channel)
    assert "could not be passed on" in word


async def test_a_long_message_is_cut_and_says_so(world: World) -> None:
    world.requests.found[RILEY.slack_id] = REQUEST_ID
    await world.send_event(typed(await dm_of_riley(world), "é" * (MAX_TEXT + 1)))
    (decision,) = world.requests.decisions
    assert isinstance(decision, AskCoordinator)
    assert len(decision.text) <= MAX_TEXT
    assert decision.text.endswith("(cut here: it was longer)")


async def test_a_picture_without_words_is_not_passed_on_and_the_writer_hears_so(
    world: World,
) -> None:
    channel = await dm_of_riley(world)
    await world.send_event(typed(channel, "", subtype="file_share"))
    (word,) = await told(world, channel)
    assert "words only" in word
    assert world.requests.looked_for == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("&amp;lt;", "&lt;"),
        ("<@U0SAM> and <@U0SAM|sam>", "@U0SAM and @sam"),
        ("in <#C1|mentors>", "in #mentors"),
        ("<!channel> <!subteam^S1|@team>", "@channel @team"),
        ("<https://example.org|our page>", "our page (https://example.org)"),
        ("<https://example.org>", "https://example.org"),
        ("\u202ebackwards", "backwards"),
    ],
)
def test_what_was_typed_is_read_as_it_was_typed(text: str, plain: str) -> None:
    assert plain_words(text) == plain


# ---- the form -----------------------------------------------------------------------------------


async def open_talk(world: World, request_id: str = "") -> str:
    value = TalkContext(request_id=request_id)
    message = await world.offer(Action.TALK_TO_COORDINATOR, value, RILEY)
    assert (await world.press(RILEY, message, "Press"))["ok"]
    return str(message["channel"])


def text(words: str) -> JSON:
    return {"type": "plain_text_input", "value": words}


async def test_the_form_speaks_to_coordinators_about_its_request(world: World) -> None:
    channel = await open_talk(world, REQUEST_ID)
    answer = await world.submit(RILEY, text=text("This is hard for me"))
    assert world.requests.decisions == [
        AskCoordinator(by=RILEY.slack_id, channel=channel, text="This is hard for me")
    ]
    assert "passed your words on" in str(answer["view"])


async def test_without_a_request_the_form_reaches_the_coordinators_channel(world: World) -> None:
    await open_talk(world)
    assert "passed your words on" in str((await world.submit(RILEY, text=text("Hello?")))["view"])
    (passed_on,) = await in_coordinators_channel(world)
    assert "Hello?" in passed_on


async def test_what_could_not_be_passed_on_stays_in_the_form(world: World) -> None:
    await open_talk(world, REQUEST_ID)
    world.requests.failure = TemporalAwayError("no answer")
    answer = await world.submit(RILEY, text=text("This is hard for me"))
    assert "could not be passed on" in answer["errors"]["text"]
    world.requests.failure = None
    await world.submit(RILEY, text=text("This is hard for me"))
    assert len(world.requests.decisions) == 1


async def test_an_empty_word_is_named_at_its_field(world: World) -> None:
    await open_talk(world)
    answer = await world.submit(RILEY, text=text(" \u200b "))
    assert answer["errors"] == {"text": "Please write a word or two."}


# ---- the group message --------------------------------------------------------------------------

GROUP = "G0GROUP"


def said(by: str = SAM.slack_id, **more: object) -> JSON:
    event = typed(GROUP, "whatever they say", channel_type="mpim", user=by)
    return event | more


@pytest.fixture
def paired(world: World) -> World:
    world.requests.found[GROUP] = REQUEST_ID
    return world


async def test_a_word_in_the_group_message_is_noted_without_its_text(paired: World) -> None:
    assert (await paired.send_event(said())).status == 200
    (word,) = paired.requests.decisions
    assert word == Word(by=SAM.slack_id, channel=GROUP)
    assert "whatever" not in word.model_dump_json()


async def test_a_person_and_channel_are_noted_once_in_five_minutes(paired: World) -> None:
    for by in (SAM, SAM, RILEY, SAM):
        await paired.send_event(said(by.slack_id))
    assert [word.by for word in paired.requests.decisions] == [SAM.slack_id, RILEY.slack_id]
    paired.clock.advance(301)
    await paired.send_event(said())
    assert len(paired.requests.decisions) == 3


async def test_a_burst_of_words_is_noted_once(paired: World) -> None:
    paired.requests.gate.clear()
    burst = [asyncio.create_task(paired.send_event(said())) for _ in range(5)]
    await paired.requests.asked.wait()
    paired.requests.gate.set()
    await asyncio.gather(*burst)
    assert len(paired.requests.decisions) == 1


async def test_a_channel_without_a_request_is_not_looked_up_with_every_word(world: World) -> None:
    for by in (SAM, RILEY, SAM):
        assert (await world.send_event(said(by.slack_id))).status == 200
    assert world.requests.looked_for == [GROUP]
    world.requests.found[GROUP] = REQUEST_ID
    world.clock.advance(21)
    await world.send_event(said())
    assert len(world.requests.decisions) == 1


@pytest.mark.parametrize(
    "more", [{"bot_id": "B0OTHER"}, {"subtype": "message_changed"}, {"user": BOT_USER_ID}]
)
async def test_only_people_count_as_contact(paired: World, more: JSON) -> None:
    assert (await paired.send_event(said(**more))).status == 200
    assert paired.requests.decisions == []


async def test_with_temporal_away_slack_is_asked_to_deliver_again_and_the_log_says_so_once(
    paired: World, caplog: pytest.LogCaptureFixture
) -> None:
    paired.requests.failure = TemporalAwayError("no answer")
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            retry = {"X_Slack_Retry_Num": str(number)} if number else {}
            assert (await paired.send_event(said(), **retry)).status == 503
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == 1
    paired.requests.failure = None
    assert (await paired.send_event(said(), X_Slack_Retry_Num="3")).status == 200
    assert len(paired.requests.decisions) == 1


async def test_a_word_in_a_real_group_message_arrives(world: World) -> None:
    opened = await world.slack.client.conversations_open(users=[RILEY.slack_id, SAM.slack_id])
    group = str(opened["channel"]["id"])
    world.requests.found[group] = REQUEST_ID
    await world.slack.as_(SAM.slack_id).type(group, "Hello Riley!")
    async with asyncio.timeout(60):
        await world.requests.asked.wait()
    await world.settle()
    assert world.requests.looked_for == [group]
