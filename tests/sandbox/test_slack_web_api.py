"""The Web API as the official SDK sees it."""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, SectionBlock
from slack_sdk.models.metadata import Metadata

from sandbox.people import PEOPLE
from sandbox.slack import SlackStandInConfig
from sandbox.slack.identity import BOT_HANDLE, BOT_USER_ID
from tests.sandbox.slack_harness import (
    CONFIG,
    DANA,
    KENJI,
    RILEY,
    SAM,
    Slack,
    button,
    card,
    running,
)

GENERAL, MENTORS, COORDINATORS = "C0GENERAL1", "C0MENTORS01", "C0COORDS001"


def code(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return code(error)


async def test_the_app_learns_who_it_is(slack: Slack) -> None:
    who = await slack.client.auth_test()
    assert (who["user_id"], who["bot_id"], who["team_id"]) == (
        "U0MUSTERBT",
        "B0MUSTER01",
        "T0SANDBOX1",
    )
    assert "chat:write" in who.headers["x-oauth-scopes"]
    assert (await slack.client.bots_info(bot=who["bot_id"]))["bot"]["user_id"] == who["user_id"]
    assert (await slack.client.team_info())["team"]["name"] == "Muster Sandbox"


async def test_the_synchronous_client_works_as_well(slack: Slack) -> None:
    client = WebClient(token=CONFIG.bot_token, base_url=f"{slack.url}api/")
    posted = await asyncio.to_thread(client.chat_postMessage, channel=RILEY, text="Hello")
    history = await asyncio.to_thread(client.conversations_history, channel=posted["channel"])
    assert [message["text"] for message in history["messages"]] == ["Hello"]
    with pytest.raises(SlackApiError) as error:
        await asyncio.to_thread(client.users_info, user="U0NOBODY")
    assert code(error) == "user_not_found"


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({}, "not_authed"),
        ({"Authorization": "Bearer xoxb-somebody-else"}, "invalid_auth"),
    ],
)
async def test_a_call_without_the_right_token_is_refused(
    slack: Slack, headers: dict[str, str], answer: str
) -> None:
    async with slack.http.post("/api/auth.test", headers=headers) as response:
        assert await response.json() == {"ok": False, "error": answer}


async def test_a_token_counts_in_a_form_and_in_a_query_but_not_in_a_json_body(slack: Slack) -> None:
    token = {"token": CONFIG.bot_token}
    async with slack.http.post("/api/auth.test", data=token) as response:
        assert (await response.json())["ok"] is True
    async with slack.http.get("/api/auth.test", params=token) as response:
        assert (await response.json())["ok"] is True
    async with slack.http.post("/api/auth.test", json=token) as response:
        assert (await response.json())["error"] == "not_authed"


async def test_an_unknown_method_is_named(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        await slack.client.api_call("chat.shout")
    assert error.value.response["error"] == "unknown_method"
    assert error.value.response["req_method"] == "chat.shout"


async def test_a_missing_argument_is_named(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        await slack.client.api_call("chat.postMessage", json={"text": "to whom?"})
    assert error.value.response["error"] == "invalid_arguments"
    messages = error.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] missing required field: channel"]


async def test_a_reading_method_overlooks_a_json_body(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as refused:
        await slack.client.api_call("conversations.history", json={"channel": MENTORS})
    assert refused.value.response["error"] == "invalid_arguments"
    assert (await slack.client.conversations_history(channel=MENTORS))["ok"]


async def test_people_are_found_by_id_and_by_email_in_any_case(slack: Slack) -> None:
    riley = (await slack.client.users_info(user=RILEY))["user"]
    assert riley["profile"]["real_name"] == "Riley Santos"
    assert {"tz", "tz_label", "tz_offset", "is_bot", "deleted", "updated"} <= set(riley)
    found = await slack.client.users_lookupByEmail(email=riley["profile"]["email"].upper())
    assert found["user"]["id"] == RILEY
    nobody = slack.client.users_lookupByEmail(email="nobody@example.org")
    assert await refusal(nobody) == "users_not_found"


async def test_listing_people_pages_through_all_of_them_once(slack: Slack) -> None:
    listed: list[str] = []
    sizes: list[int] = []
    async for page in await slack.client.users_list(limit=50):
        sizes.append(len(page["members"]))
        listed += [member["id"] for member in page["members"]]
    assert sizes == [50, 50, 24]
    assert len(set(listed)) == 124
    assert {"USLACKBOT", "U0MUSTERBT", RILEY} <= set(listed)
    assert await refusal(slack.client.users_list(cursor="bm9uc2Vuc2U=")) == "invalid_cursor"


async def test_writing_to_a_person_opens_their_dm_and_answers_with_its_id(slack: Slack) -> None:
    posted = await slack.client.chat_postMessage(channel=RILEY, text="Hello")
    assert posted["channel"].startswith("D")
    opened = await slack.client.conversations_open(users=RILEY)
    assert opened["channel"]["id"] == posted["channel"]
    assert opened["already_open"] is True
    info = await slack.client.conversations_info(channel=posted["channel"])
    assert (info["channel"]["is_im"], info["channel"]["user"]) == (True, RILEY)


async def test_a_posted_message_has_the_shape_that_slack_gives_it(slack: Slack) -> None:
    blocks = [
        SectionBlock(text="*Python*"),
        ActionsBlock(elements=[ButtonElement(text="I can help", action_id="claim", value="1")]),
    ]
    posted = await slack.client.chat_postMessage(channel=MENTORS, text="Python", blocks=blocks)
    message = posted["message"]
    assert message["type"] == "message"
    assert "subtype" not in message
    assert (message["user"], message["bot_id"], message["app_id"], message["team"]) == (
        "U0MUSTERBT",
        "B0MUSTER01",
        "A0MUSTER01",
        "T0SANDBOX1",
    )
    assert message["ts"] == posted["ts"]
    assert all(block["block_id"] for block in message["blocks"])
    label = message["blocks"][1]["elements"][0]["text"]
    assert label == {"type": "plain_text", "text": "I can help", "emoji": True}


async def test_form_and_json_bodies_mean_the_same(slack: Slack) -> None:
    headers = {"Authorization": f"Bearer {CONFIG.bot_token}"}
    form = {
        "channel": RILEY,
        "text": "Hello",
        "blocks": '[{"type": "divider", "block_id": "line"}]',
    }
    async with slack.http.post("/api/chat.postMessage", data=form, headers=headers) as response:
        answer = await response.json()
    assert answer["message"]["blocks"] == [{"type": "divider", "block_id": "line"}]
    form["blocks"] = "[{"
    async with slack.http.post("/api/chat.postMessage", data=form, headers=headers) as response:
        assert (await response.json())["error"] == "invalid_blocks_format"
    async with slack.http.post(
        "/api/chat.postMessage",
        data="{",
        headers=headers | {"Content-Type": "application/json"},
    ) as response:
        assert (await response.json())["error"] == "invalid_json"


async def test_timestamps_never_repeat_and_always_rise(slack: Slack) -> None:
    posted = await asyncio.gather(
        *(slack.client.chat_postMessage(channel=RILEY, text=str(n)) for n in range(30))
    )
    stamps = [answer["ts"] for answer in posted]
    assert len(set(stamps)) == 30
    history = await slack.client.conversations_history(channel=posted[0]["channel"])
    listed = [message["ts"] for message in history["messages"]]
    assert listed == sorted(stamps, reverse=True)


async def test_text_without_blocks_drops_the_blocks_and_keeps_the_metadata(slack: Slack) -> None:
    posted = await slack.client.chat_postMessage(
        channel=RILEY,
        text="Python",
        blocks=card(),
        metadata=Metadata(event_type="card", event_payload={"key": "wave-1"}),
    )
    changed = await slack.client.chat_update(
        channel=posted["channel"], ts=posted["ts"], text="Taken, thank you"
    )
    assert "blocks" not in changed["message"]
    assert changed["message"]["edited"]["user"] == "U0MUSTERBT"
    read = await slack.client.conversations_history(
        channel=posted["channel"], include_all_metadata=True
    )
    assert read["messages"][0]["text"] == "Taken, thank you"
    assert read["messages"][0]["metadata"]["event_payload"] == {"key": "wave-1"}


async def test_metadata_is_given_only_to_those_who_ask(slack: Slack) -> None:
    posted = await slack.client.chat_postMessage(
        channel=RILEY, text="Hello", metadata={"event_type": "card", "event_payload": {}}
    )
    read = await slack.client.conversations_history(channel=posted["channel"])
    assert "metadata" not in read["messages"][0]
    bad = slack.client.chat_postMessage(channel=RILEY, text="Hello", metadata={"event_type": "x"})
    assert await refusal(bad) == "invalid_metadata_format"


async def test_updating_needs_the_conversation_and_ones_own_message(slack: Slack) -> None:
    update = slack.client.chat_update
    posted = await slack.client.chat_postMessage(channel=RILEY, text="Hello")
    assert await refusal(update(channel=RILEY, ts=posted["ts"], text="x")) == "channel_not_found"
    lost = update(channel=posted["channel"], ts="1.000001", text="x")
    assert await refusal(lost) == "message_not_found"
    typed = await slack.as_(RILEY).type(posted["channel"], "Hi!")
    foreign = update(channel=posted["channel"], ts=typed["message"]["ts"], text="x")
    assert await refusal(foreign) == "cant_update_message"


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL, "text": "x"}, "not_in_channel"),
        ({"channel": "USLACKBOT", "text": "x"}, "cannot_dm_bot"),
        ({"channel": RILEY, "text": " "}, "no_text"),
        ({"channel": RILEY, "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": RILEY, "text": "x", "blocks": "row"}, "invalid_blocks_format"),
        ({"channel": RILEY, "text": "x", "blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"channel": RILEY, "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
async def test_a_message_that_cannot_be_posted_is_refused_in_slacks_words(
    slack: Slack, arguments: dict[str, Any], answer: str
) -> None:
    assert await refusal(slack.client.chat_postMessage(**arguments)) == answer
    assert (await slack.as_(RILEY).get("conversations"))["conversations"][0]["latest"] is None


async def test_the_same_people_always_share_one_group_conversation(slack: Slack) -> None:
    first = await slack.client.conversations_open(users=[RILEY, SAM])
    again = await slack.client.conversations_open(users=f"{SAM},{RILEY}")
    other = await slack.client.conversations_open(users=[RILEY, DANA])
    assert again["channel"]["id"] == first["channel"]["id"] != other["channel"]["id"]
    assert again["already_open"] is True
    assert first["channel"]["is_mpim"] is True
    members = await slack.client.conversations_members(channel=first["channel"]["id"])
    assert set(members["members"]) == {RILEY, SAM, "U0MUSTERBT"}


async def test_opening_a_conversation_refuses_what_slack_refuses(slack: Slack) -> None:
    open_ = slack.client.conversations_open
    assert await refusal(open_(users="U0NOBODY")) == "user_not_found"
    assert await refusal(open_(users="USLACKBOT")) == "cannot_dm_bot"
    assert await refusal(open_(users="")) == "users_list_not_supplied"
    everybody = (await slack.client.conversations_members(channel=GENERAL))["members"]
    assert await refusal(open_(users=everybody[:9])) == "too_many_users"


async def test_coordinators_are_read_page_by_page_with_the_one_who_is_no_mentor(
    slack: Slack,
) -> None:
    listed: list[str] = []
    cursor, pages = "", 0
    while cursor or not pages:
        page = await slack.client.conversations_members(
            channel=COORDINATORS, limit=4, cursor=cursor
        )
        listed += page["members"]
        cursor, pages = page["response_metadata"]["next_cursor"], pages + 1
    assert pages == 2
    people = [person for person in PEOPLE if person.is_coordinator]
    assert sorted(listed) == sorted([*(person.slack_id for person in people), BOT_USER_ID])
    assert [person.real_name for person in people if not person.is_mentor] == ["Simone Guidry"]


async def test_channels_are_listed_by_kind_and_private_ones_only_to_members(slack: Slack) -> None:
    public = await slack.client.conversations_list()
    names = {channel["name"]: channel["is_member"] for channel in public["channels"]}
    assert names == {"general": False, "random": False, "mentors-internal": True}
    private = await slack.client.conversations_list(types="private_channel")
    assert [channel["id"] for channel in private["channels"]] == [COORDINATORS]
    pages = await slack.client.conversations_list(limit=2)
    assert len(pages["channels"]) == 2
    rest = await slack.client.conversations_list(
        limit=2, cursor=pages["response_metadata"]["next_cursor"]
    )
    assert len(rest["channels"]) == 1


async def test_a_bot_joins_a_public_channel_before_it_reads_or_writes_there(slack: Slack) -> None:
    reading = slack.client.conversations_history(channel=GENERAL)
    assert await refusal(reading) == "not_in_channel"
    await slack.client.conversations_join(channel=GENERAL)
    again = await slack.client.conversations_join(channel=GENERAL)
    assert again["warning"] == "already_in_channel"
    assert (await slack.client.chat_postMessage(channel="#general", text="Hello"))["ok"]


async def test_a_channel_can_be_created_once_and_people_invited(slack: Slack) -> None:
    made = (await slack.client.conversations_create(name="new-here", is_private=True))["channel"]
    assert made["is_private"] is True
    await slack.client.conversations_invite(channel=made["id"], users=[RILEY, SAM])
    members = (await slack.client.conversations_members(channel=made["id"]))["members"]
    assert set(members) == {RILEY, SAM, "U0MUSTERBT"}
    create = slack.client.conversations_create
    assert await refusal(create(name="new-here")) == "name_taken"
    assert await refusal(create(name="Loud Name!")) == "invalid_name_specials"


async def test_history_is_read_page_by_page_and_between_moments(slack: Slack) -> None:
    stamps = []
    for number in range(7):
        posted = await slack.client.chat_postMessage(channel=RILEY, text=str(number))
        stamps.append(posted["ts"])
    channel = posted["channel"]
    read: list[str] = []
    async for page in await slack.client.conversations_history(channel=channel, limit=3):
        read += [message["text"] for message in page["messages"]]
    assert read == list("6543210")
    between = await slack.client.conversations_history(
        channel=channel, oldest=stamps[2], latest=stamps[5]
    )
    assert [message["text"] for message in between["messages"]] == ["4", "3"]
    inclusive = await slack.client.conversations_history(
        channel=channel, oldest=stamps[2], latest=stamps[5], inclusive=True
    )
    assert [message["text"] for message in inclusive["messages"]] == ["5", "4", "3", "2"]


async def test_replies_stay_in_their_thread_and_the_parent_counts_them(slack: Slack) -> None:
    parent = await slack.client.chat_postMessage(channel=MENTORS, text="Who can help?")
    first = await slack.client.chat_postMessage(
        channel=MENTORS, text="Still open", thread_ts=parent["ts"]
    )
    await slack.as_(SAM).type(MENTORS, "Looking", thread_ts=parent["ts"])
    history = await slack.client.conversations_history(channel=MENTORS)
    (shown,) = history["messages"]
    assert (shown["reply_count"], shown["reply_users_count"]) == (2, 2)
    replies = await slack.client.conversations_replies(channel=MENTORS, ts=parent["ts"])
    assert [message["text"] for message in replies["messages"]] == [
        "Who can help?",
        "Still open",
        "Looking",
    ]
    assert replies["messages"][1]["parent_user_id"] == "U0MUSTERBT"
    first_page = await slack.client.conversations_replies(channel=MENTORS, ts=parent["ts"], limit=1)
    second_page = await slack.client.conversations_replies(
        channel=MENTORS,
        ts=parent["ts"],
        limit=1,
        cursor=first_page["response_metadata"]["next_cursor"],
    )
    pages = [first_page, second_page]
    assert [page["messages"][-1]["text"] for page in pages] == ["Still open", "Looking"]
    assert [page["has_more"] for page in pages] == [True, False]
    below = await slack.client.chat_postMessage(
        channel=MENTORS, text="Deeper", thread_ts=first["ts"]
    )
    assert below["message"]["thread_ts"] == parent["ts"]
    lost = slack.client.conversations_replies(channel=MENTORS, ts="1.000001")
    assert await refusal(lost) == "thread_not_found"


async def test_a_deleted_message_is_gone_and_a_deleted_parent_leaves_a_tombstone(
    slack: Slack,
) -> None:
    alone = await slack.client.chat_postMessage(channel=MENTORS, text="Oops")
    await slack.client.chat_delete(channel=MENTORS, ts=alone["ts"])
    again = slack.client.chat_delete(channel=MENTORS, ts=alone["ts"])
    assert await refusal(again) == "message_not_found"
    parent = await slack.client.chat_postMessage(channel=MENTORS, text="Who can help?")
    await slack.client.chat_postMessage(channel=MENTORS, text="Me", thread_ts=parent["ts"])
    await slack.client.chat_delete(channel=MENTORS, ts=parent["ts"])
    (left,) = (await slack.client.conversations_history(channel=MENTORS))["messages"]
    assert left["subtype"] == "tombstone"


async def test_an_ephemeral_is_seen_by_one_person_and_is_not_in_the_history(slack: Slack) -> None:
    await slack.client.chat_postEphemeral(channel=MENTORS, user=SAM, text="Taken, thank you")
    assert [m["text"] for m in await slack.as_(SAM).messages(MENTORS)] == ["Taken, thank you"]
    assert await slack.as_(KENJI).messages(MENTORS) == []
    assert (await slack.client.conversations_history(channel=MENTORS))["messages"] == []
    outsider = slack.client.chat_postEphemeral(channel=MENTORS, user=RILEY, text="x")
    assert await refusal(outsider) == "user_not_in_channel"


async def test_a_permalink_leads_to_the_message_on_the_page(slack: Slack) -> None:
    posted = await slack.client.chat_postMessage(channel=MENTORS, text="Hello")
    link = await slack.client.chat_getPermalink(channel=MENTORS, message_ts=posted["ts"])
    async with slack.http.get(link["permalink"], allow_redirects=False) as response:
        assert response.headers["Location"] == f"/?channel={MENTORS}&message={posted['ts']}"


async def test_everything_is_found_again_after_a_restart(tmp_path: Path) -> None:
    config = SlackStandInConfig(
        database=tmp_path / "state" / "slack.sqlite3", app_url="", rate_limits=False
    )
    async with running(config) as slack:
        posted = await slack.client.chat_postMessage(
            channel=RILEY,
            text="Hello",
            blocks=card(button()),
            metadata={"event_type": "card", "event_payload": {"key": "1"}},
        )
        channel = posted["channel"]
        await slack.as_(RILEY).post(f"conversations/{channel}/read", {"ts": posted["ts"]})
        group = await slack.client.conversations_open(users=[RILEY, SAM])
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        await slack.client.views_publish(user_id=RILEY, view=home)
    async with running(config) as slack:
        read = await slack.client.conversations_history(channel=channel, include_all_metadata=True)
        assert read["messages"][0]["metadata"]["event_payload"] == {"key": "1"}
        assert read["messages"][0]["blocks"] == posted["message"]["blocks"]
        listed = (await slack.as_(RILEY).get("conversations"))["conversations"]
        assert next(c for c in listed if c["id"] == channel)["unread"] == 0
        reopened = await slack.client.conversations_open(users=[RILEY, SAM])
        assert reopened["channel"]["id"] == group["channel"]["id"]
        assert (await slack.as_(RILEY).get("home"))["view"]["blocks"][0]["type"] == "divider"
        later = await slack.client.chat_postMessage(channel=RILEY, text="Again")
        assert later["ts"] > posted["ts"]


async def test_reset_brings_back_the_workspace_as_a_newcomer_finds_it(slack: Slack) -> None:
    posted = await slack.client.chat_postMessage(channel=RILEY, text="Hello")
    await slack.control("POST", "reset")
    reading = slack.client.conversations_history(channel=posted["channel"])
    assert await refusal(reading) == "channel_not_found"
    assert len((await slack.client.users_list())["members"]) == 124


def test_the_invented_ids_do_not_collide() -> None:
    assert all(person.slack_id != BOT_USER_ID for person in PEOPLE)
    assert all(person.handle not in {BOT_HANDLE, "slackbot"} for person in PEOPLE)
    handles = [person.handle for person in PEOPLE]
    assert all(left != right for left, right in itertools.pairwise(sorted(handles)))
