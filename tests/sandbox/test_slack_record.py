"""The record of what the app told whom, as tests of the product read it."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.slack import SlackStandInConfig
from sandbox.slack.identity import COORDINATORS_ID, MENTORS_ID
from sandbox.slack.mentions import mentioned
from tests.sandbox.slack_harness import (
    DANA,
    JSON,
    KENJI,
    RILEY,
    SAM,
    AppSide,
    Slack,
    button,
    card,
    running,
)


async def told(slack: Slack, **filters: str) -> list[JSON]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    found: list[JSON] = (await slack.control("GET", f"messages?{query}"))["messages"]
    return found


async def post(slack: Slack, channel: str, text: str = "Hello", **more: Any) -> Any:
    return await slack.client.chat_postMessage(channel=channel, text=text, **more)


async def test_a_dm_is_recorded_with_its_reader_words_buttons_and_key(slack: Slack) -> None:
    menu = {
        "type": "users_select",
        "action_id": "assign",
        "placeholder": {"type": "plain_text", "text": "Whom?"},
    }
    link = {**button("calendar"), "url": "https://example.org/add"}
    metadata = {"event_type": "card", "event_payload": {"key": "MR-1:ask:1"}}
    blocks = card(button("claim"), button("decline"), menu, link)
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": "Asked by Muster"}]})
    sent = await post(slack, SAM, "Somebody asks", blocks=blocks, metadata=metadata)
    (entry,) = await told(slack)
    assert (entry["channel"], entry["channel_type"]) == (sent["channel"], "im")
    assert (entry["to"], entry["key"], entry["metadata"]) == ([SAM], "MR-1:ask:1", metadata)
    assert (entry["ts"], entry["thread_ts"], entry["ephemeral"]) == (sent["ts"], None, False)
    assert entry["posted_at"].endswith("+00:00")
    assert entry["posted"] == entry["now"] == entry["versions"][0]
    assert entry["posted"] == {
        "at": sent["ts"],
        "text": "Somebody asks",
        "words": "*Python*\nAsked by Muster",
        "buttons": ["claim", "decline"],
        "labels": ["I can help", "I can help"],
        "menus": ["assign"],
        "links": ["https://example.org/add"],
        "mentions": [],
    }


async def test_edits_are_counted_and_the_words_that_were_posted_are_kept(slack: Slack) -> None:
    sent = await post(slack, SAM, blocks=card())
    other = await post(slack, KENJI, blocks=card())
    for message, text in ((other, "Taken"), (sent, "Yours"), (sent, "Scheduled")):
        await slack.client.chat_update(channel=message["channel"], ts=message["ts"], text=text)
    mine, theirs = await told(slack)
    assert (mine["edits"], mine["posted"]["buttons"], mine["now"]["buttons"]) == (2, ["claim"], [])
    assert [version["text"] for version in mine["versions"]] == ["Hello", "Yours", "Scheduled"]
    assert (theirs["edits"], theirs["now"]["text"]) == (1, "Taken")
    changes = sorted(v["at"] for entry in (mine, theirs) for v in entry["versions"][1:])
    assert changes[0] == theirs["now"]["at"]  # whose card changed first can be asked


async def test_a_message_that_was_taken_away_stays_in_the_record(slack: Slack) -> None:
    alone, parent = await post(slack, SAM), await post(slack, MENTORS_ID)
    await post(slack, MENTORS_ID, "A reply", thread_ts=parent["ts"])
    for message in (alone, parent):
        await slack.client.chat_delete(channel=message["channel"], ts=message["ts"])
    first, second, reply = await told(slack)
    assert [e["deleted"] for e in (first, second, reply)] == [True, True, False]
    assert (first["now"], second["now"], first["posted"]["text"]) == (None, None, "Hello")
    assert reply["thread_ts"] == parent["ts"]


async def test_to_names_those_for_whom_a_message_was(slack: Slack) -> None:
    group = (await slack.client.conversations_open(users=[RILEY, SAM]))["channel"]["id"]
    await post(slack, RILEY, "to Riley")
    await post(slack, group, "to both")
    await post(slack, COORDINATORS_ID, f"to <@{DANA}> and nobody else")
    await post(slack, MENTORS_ID, "to nobody by name")
    await post(slack, MENTORS_ID, "to all <!channel>")
    await slack.client.chat_postEphemeral(channel=MENTORS_ID, user=KENJI, text="to Kenji alone")

    async def texts(user: str) -> list[str]:
        return [entry["posted"]["text"] for entry in await told(slack, to=user)]

    assert await texts(RILEY) == ["to Riley", "to both"]
    assert await texts(SAM) == ["to both", "to all <!channel>"]
    assert await texts(DANA) == [f"to <@{DANA}> and nobody else", "to all <!channel>"]
    assert await texts(KENJI) == ["to all <!channel>", "to Kenji alone"]
    listed = await told(slack)
    assert [entry["channel_type"] for entry in listed[:4]] == ["im", "mpim", "group", "channel"]
    assert listed[3]["to"] == []
    assert listed[4]["posted"]["mentions"] == ["!channel"]


async def test_what_was_said_after_a_message_or_in_a_channel_can_be_asked_for(slack: Slack) -> None:
    first = await post(slack, SAM, "one")
    await post(slack, MENTORS_ID, "two")
    await post(slack, SAM, "three")
    since = await told(slack, since=first["ts"])
    assert [entry["posted"]["text"] for entry in since] == ["two", "three"]
    both = await told(slack, since=first["ts"], channel=MENTORS_ID)
    assert [entry["posted"]["text"] for entry in both] == ["two"]


async def test_private_answers_to_a_click_are_recorded_with_their_edits(app_side: AppSide) -> None:
    async def claim(ack: Any, body: JSON) -> None:
        await ack()
        await app_side.bodies.put(body)

    app_side.bolt.action("claim")(claim)
    slack = app_side.slack
    sent = await post(slack, MENTORS_ID, blocks=card())
    await slack.as_(SAM).click(MENTORS_ID, sent["ts"])
    answer = AsyncWebhookClient((await app_side.next())["response_url"])
    await answer.send(text="Somebody was faster")
    (entry,) = await told(slack, to=SAM)
    assert (entry["ephemeral"], entry["to"]) == (True, [SAM])
    assert entry["posted"]["text"] == "Somebody was faster"

    note = await slack.client.chat_postEphemeral(
        channel=MENTORS_ID, user=KENJI, text="Sure?", blocks=card()
    )
    await slack.as_(KENJI).click(MENTORS_ID, note["message_ts"])
    answer = AsyncWebhookClient((await app_side.next())["response_url"])
    await answer.send(text="Done", replace_original=True)
    await answer.send(delete_original=True)
    (entry,) = await told(slack, to=KENJI)
    assert [version["text"] for version in entry["versions"]] == ["Sure?", "Done"]
    assert (entry["deleted"], entry["now"]) == (True, None)


async def test_what_people_write_and_slackbot_says_is_not_in_it(slack: Slack) -> None:
    await slack.as_(SAM).type(MENTORS_ID, "Hello all")
    await slack.as_(SAM).type(MENTORS_ID, "/nonsense")
    assert await told(slack) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("to=U0NOBODY", 404), ("channel=C0NOWHERE", 404), ("since=yesterday", 400), ("form=x", 400)],
)
async def test_a_filter_that_cannot_match_is_refused(slack: Slack, query: str, status: int) -> None:
    async with slack.http.get(f"/_sandbox/messages?{query}") as answer:
        assert answer.status == status
        assert (await answer.json())["message"]


async def test_the_record_outlives_a_restart_and_not_a_reset(tmp_path: Path) -> None:
    config = SlackStandInConfig(database=tmp_path / "slack.sqlite3", app_url="", rate_limits=False)
    async with running(config) as first:
        await post(first, SAM, "before")
    async with running(config) as second:
        assert [entry["posted"]["text"] for entry in await told(second)] == ["before"]
        await second.control("POST", "reset")
        assert await told(second) == []


async def test_state_of_an_earlier_version_starts_with_an_empty_record(tmp_path: Path) -> None:
    file = tmp_path / "slack.sqlite3"
    config = SlackStandInConfig(database=file, app_url="", rate_limits=False)
    async with running(config) as first:
        sent = await post(first, SAM, f"before <@{SAM}>", blocks=card())
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.executescript("DROP TABLE record; DROP TABLE pings;")
    async with running(config) as second:
        assert await told(second) == []
        channel, ts = sent["channel"], sent["ts"]
        await second.client.chat_update(channel=channel, ts=ts, text="Taken")
        assert await told(second) == []  # what it said at first isn't known
        await second.client.chat_delete(channel=channel, ts=ts)
        await post(second, SAM, "after")
        assert [entry["posted"]["text"] for entry in await told(second)] == ["after"]


def test_only_what_is_shown_mentions_somebody() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{DANA}|dana> look"}}
    plain = {"type": "section", "text": {"type": "plain_text", "text": f"<@{SAM}>"}}
    blocks = {"text": f"<@{RILEY}>", "blocks": [plain, section]}
    assert mentioned(blocks) == [DANA]
    assert mentioned({"text": f"<@{RILEY}> &lt;@{SAM}&gt; <!here|here> <@{RILEY}>"}) == [
        RILEY,
        "!here",
    ]
