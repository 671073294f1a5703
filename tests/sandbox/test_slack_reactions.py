"""Emoji on messages: what the app is told of them, and where they are shown."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from sandbox.slack.identity import BOT_USER_ID, COORDINATORS_ID, GENERAL_ID, MENTORS_ID
from tests.sandbox.slack_harness import DANA, JSON, KENJI, RILEY, SAM, AppSide, Hands, Slack


async def react(person: Hands, channel: str, ts: str, name: str = "+1", *, on: bool = True) -> JSON:
    wish = {"ts": ts, "name": name, "on": on}
    return await person.post(f"conversations/{channel}/reactions", wish)


async def posted(slack: Slack, channel: str) -> str:
    return str((await slack.client.chat_postMessage(channel=channel, text="A request"))["ts"])


@pytest.fixture
async def heard(app_side: AppSide) -> AsyncIterator[AppSide]:
    """The app notes reactions, and messages of people."""

    async def note(ack: AsyncAck, body: JSON) -> None:
        await ack()
        if body["event"].get("user") != BOT_USER_ID:
            await app_side.bodies.put(body)

    for kind in ("reaction_added", "reaction_removed", "message"):
        app_side.bolt.event(kind)(note)
    yield app_side


@pytest.mark.parametrize("channel", [MENTORS_ID, COORDINATORS_ID])
async def test_the_app_hears_who_put_what_on_whose_message(heard: AppSide, channel: str) -> None:
    ts = await posted(heard.slack, channel)
    dana = heard.slack.as_(DANA)
    assert (await react(dana, channel, ts))["ok"]
    body = await heard.next()
    assert (body["type"], body["team_id"]) == ("event_callback", "T0SANDBOX1")
    event = body["event"]
    assert float(event.pop("event_ts")) > float(ts)
    assert event == {
        "type": "reaction_added",
        "user": DANA,
        "reaction": "+1",
        "item": {"type": "message", "channel": channel, "ts": ts},
        "item_user": BOT_USER_ID,
    }
    await react(dana, channel, ts, on=False)
    taken_back = (await heard.next())["event"]
    assert (taken_back["type"], taken_back["item"]["ts"]) == ("reaction_removed", ts)


async def test_a_persons_message_is_theirs_and_a_dm_counts_too(heard: AppSide) -> None:
    typed = (await heard.slack.as_(KENJI).type(MENTORS_ID, "I have an hour on Thursday"))["message"]
    assert (await heard.next())["event"]["channel_type"] == "channel"
    await react(heard.slack.as_(SAM), MENTORS_ID, typed["ts"], "tada")
    assert (await heard.next())["event"]["item_user"] == KENJI
    dm = (await heard.slack.client.conversations_open(users=[SAM]))["channel"]["id"]
    await react(heard.slack.as_(SAM), dm, await posted(heard.slack, dm))
    assert (await heard.next())["event"]["item"]["channel"] == dm


async def test_the_same_again_is_no_news(heard: AppSide) -> None:
    ts = await posted(heard.slack, MENTORS_ID)
    sam = heard.slack.as_(SAM)
    for on in (False, True, True, False, False):
        assert (await react(sam, MENTORS_ID, ts, on=on))["ok"]
    await sam.type(MENTORS_ID, "the end")
    kinds = [(await heard.next())["event"]["type"] for _ in range(3)]
    assert sorted(kinds) == ["message", "reaction_added", "reaction_removed"]


async def test_where_the_app_is_not_it_hears_nothing(heard: AppSide) -> None:
    sam = heard.slack.as_(SAM)
    typed = (await sam.type(GENERAL_ID, "Hello"))["message"]
    assert (await react(sam, GENERAL_ID, typed["ts"]))["ok"]
    await sam.type(MENTORS_ID, "And here")
    assert (await heard.next())["event"]["channel"] == MENTORS_ID
    assert heard.bodies.empty()


async def test_everybody_sees_them_in_the_order_in_which_they_came_even_after_an_edit(
    slack: Slack,
) -> None:
    ts = await posted(slack, MENTORS_ID)
    async with slack.as_(KENJI).watching() as news:
        await react(slack.as_(SAM), MENTORS_ID, ts, "eyes")
        changed = (await news.until("message_changed"))["message"]
        assert changed["reactions"] == [{"name": "eyes", "users": [SAM], "count": 1}]
        assert "edited" not in changed
    await react(slack.as_(DANA), MENTORS_ID, ts, "+1")
    await react(slack.as_(KENJI), MENTORS_ID, ts, "eyes")
    await slack.client.chat_update(channel=MENTORS_ID, ts=ts, text="Taken")
    wanted = [
        {"name": "eyes", "users": [SAM, KENJI], "count": 2},
        {"name": "+1", "users": [DANA], "count": 1},
    ]
    (listed,) = await slack.as_(SAM).messages(MENTORS_ID)
    assert listed["reactions"] == wanted
    (told,) = (await slack.client.conversations_history(channel=MENTORS_ID))["messages"]
    assert (told["text"], told["reactions"]) == ("Taken", wanted)


async def test_they_go_with_their_message(slack: Slack) -> None:
    ts = await posted(slack, MENTORS_ID)
    await react(slack.as_(SAM), MENTORS_ID, ts)
    await slack.as_(KENJI).type(MENTORS_ID, "A reply", thread_ts=ts)
    await slack.client.chat_delete(channel=MENTORS_ID, ts=ts)
    (tombstone,) = await slack.as_(SAM).messages(MENTORS_ID)
    assert (tombstone["subtype"], "reactions" in tombstone) == ("tombstone", False)
    assert (await react(slack.as_(SAM), MENTORS_ID, ts))["error"] == "message_not_found"


async def test_what_can_be_reacted_to_is_what_one_can_write_to(slack: Slack) -> None:
    ts = await posted(slack, MENTORS_ID)
    sam = slack.as_(SAM)
    assert (await react(slack.as_(RILEY), MENTORS_ID, ts))["error"] == "not_in_channel"
    assert (await react(sam, MENTORS_ID, "1.000000"))["error"] == "message_not_found"
    for name in ("", ":+1:", "no such thing", "x" * 101):
        assert (await react(sam, MENTORS_ID, ts, name))["error"] == "invalid_name"
    (untouched,) = await sam.messages(MENTORS_ID)
    assert "reactions" not in untouched
