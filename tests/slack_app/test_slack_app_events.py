"""Events and commands: words typed to the bot, App Home, and what nobody listens to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import slack_app
from cards.ids import COMMAND, Action, Callback
from sandbox.slack.identity import BOT_USER_ID
from slack_app.app import PARTS
from tests.sandbox.slack_harness import JSON
from tests.slack_app.slack_app_harness import RILEY, World, open_world


def typed(channel: str, **more: object) -> JSON:
    return {
        "type": "message",
        "channel_type": "im",
        "channel": channel,
        "user": RILEY.slack_id,
        "text": "hello?",
        "ts": "1.2",
        **more,
    }


async def dm_of_riley(world: World) -> str:
    answer = await world.slack.client.conversations_open(users=RILEY.slack_id)
    return str(answer["channel"]["id"])


async def test_words_typed_to_the_bot_are_answered_once(world: World) -> None:
    channel = await dm_of_riley(world)
    answer = await world.send_event(typed(channel))
    assert answer.status == 200
    messages = await world.slack.as_(RILEY.slack_id).messages(channel)
    assert len(messages) == 1
    assert "I am a bot" in messages[0]["text"]
    assert "If you are in crisis, call 988." in messages[0]["text"]


async def test_words_typed_in_slack_reach_us_and_are_answered(world: World) -> None:
    channel = await dm_of_riley(world)
    hands = world.slack.as_(RILEY.slack_id)
    async with hands.watching() as news:
        await news.until("hello")
        await hands.type(channel, "hello?")
        while BOT_USER_ID not in str(await news.until("message")):
            pass
    assert len(await hands.messages(channel)) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
        {"user": BOT_USER_ID},
    ],
)
async def test_other_messages_are_taken_without_a_word(world: World, more: JSON) -> None:
    answer = await world.send_event(typed(await dm_of_riley(world), **more))
    assert answer.status == 200
    assert await world.calls("chat.postMessage") == 0


async def test_an_event_that_slack_delivers_again_is_not_answered_again(world: World) -> None:
    event = typed(await dm_of_riley(world))
    answer = await world.send_event(event, X_Slack_Retry_Num="1", X_Slack_Retry_Reason="timeout")
    assert answer.status == 200
    assert await world.calls("chat.postMessage") == 0


async def test_app_home_says_what_muster_does() -> None:
    async with open_world("https://mentors.example.org/") as world:
        hands = world.slack.as_(RILEY.slack_id)
        async with hands.watching() as news:
            await news.until("hello")
            await hands.post("home/open")
            await news.until("home")
        home = str((await hands.get("home"))["view"])
    assert "Operation Code" in home
    assert "<https://mentors.example.org/|Ask for a mentor>" in home
    assert "If you are in crisis" in home


async def test_an_event_that_nobody_listens_to_is_taken(world: World) -> None:
    assert (await world.send_event({"type": "reaction_added", "user": "U1"})).status == 200


@pytest.mark.parametrize(
    ("form_url", "word"),
    [
        ("https://mentors.example.org/", "<https://mentors.example.org/|Ask for a mentor>"),
        (None, "mentor request form"),
    ],
)
async def test_the_command_answers_privately_with_the_form(form_url: str | None, word: str) -> None:
    async with open_world(form_url) as world:
        channel = await dm_of_riley(world)
        answer = await world.slack.as_(RILEY.slack_id).type(channel, COMMAND)
        assert answer["ok"], answer
        (told,) = await world.whispers(RILEY, channel)
        assert word in told


async def test_a_command_of_an_older_version_is_answered_in_words(world: World) -> None:
    body = "command=%2Fold-command&user_id=U1&channel_id=C1&text=&trigger_id=1"
    assert (await world.send(body)).status == 200


# ---- the manifest -------------------------------------------------------------------------------

MANIFEST = json.loads((Path(slack_app.__file__).parent / "manifest.json").read_text())


class Listening:
    """Stands in for Bolt's app and notes what is listened to."""

    def __init__(self) -> None:
        self.heard: dict[str, list[object]] = {}

    def __getattr__(self, kind: str) -> object:
        def listen(constraint: object = None, **_: object) -> object:
            self.heard.setdefault(kind, []).append(constraint)
            return lambda listener: listener

        return listen

    def names(self, kind: str) -> set[object]:
        return {name for name in self.heard.get(kind, []) if isinstance(name, str)}


def everything_listened_to() -> Listening:
    listening = Listening()
    for part in PARTS:
        part.register(listening, None)
    return listening


def test_the_manifest_names_every_command_and_event_that_is_listened_to() -> None:
    listening = everything_listened_to()
    commands = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    assert commands == listening.names("command")
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert {event.split(".")[0] for event in events} == listening.names("event")


def test_every_button_and_every_form_of_our_cards_is_listened_to() -> None:
    listening = everything_listened_to()
    assert listening.names("action") == {action.value for action in Action}
    assert listening.names("view") == {
        form.value for form in (Callback.HELLO, Callback.TIMES, Callback.FEEDBACK)
    }


def test_the_manifest_sends_everything_to_one_address_and_asks_for_the_scopes_it_needs() -> None:
    addresses = {
        MANIFEST["settings"]["interactivity"]["request_url"],
        MANIFEST["settings"]["event_subscriptions"]["request_url"],
        *(command["url"] for command in MANIFEST["features"]["slash_commands"]),
    }
    assert addresses == {"https://YOUR-HOST/slack/events"}
    scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert {"chat:write", "commands", "im:history", "im:write", "mpim:write"} <= scopes
