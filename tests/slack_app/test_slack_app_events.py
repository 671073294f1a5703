"""Commands, what nobody listens to, and the manifest that tells Slack what somebody does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
from slack_bolt.app.async_app import AsyncApp

import slack_app
from cards.ids import COMMAND, Action, Callback
from slack_app.app import PARTS
from tests.slack_app.slack_app_harness import RILEY, World, open_world


async def dm_of_riley(world: World) -> str:
    answer = await world.slack.client.conversations_open(users=RILEY.slack_id)
    return str(answer["channel"]["id"])


async def test_an_event_that_nobody_listens_to_is_taken(world: World) -> None:
    assert (await world.send_event({"type": "team_join", "user": "U1"})).status == 200


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


@pytest.fixture
def listening(world: World) -> Listening:
    heard = Listening()
    for part in PARTS:
        part.register(cast(AsyncApp, heard), world.office)
    return heard


async def test_the_manifest_names_every_command_and_event_that_is_listened_to(
    listening: Listening,
) -> None:
    commands = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    assert commands == listening.names("command")
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert {event.split(".")[0] for event in events} == listening.names("event")


READ_ONLY = {
    Callback.DETAILS,
    Callback.WORD,
    Callback.WHO_WAS_ASKED,
    Callback.TIMELINE,
    Callback.REQUEST,
}


async def test_every_button_and_every_form_of_our_cards_is_listened_to(
    listening: Listening,
) -> None:
    searches = {action.value for action in Action if action.value.startswith("find_")}
    assert listening.names("options") == searches
    assert listening.names("action") == {action.value for action in Action} - searches
    assert listening.names("view") == {form.value for form in set(Callback) - READ_ONLY}


def test_the_manifest_sends_everything_to_one_address_and_asks_for_the_scopes_it_needs() -> None:
    addresses = {
        MANIFEST["settings"]["interactivity"]["request_url"],
        MANIFEST["settings"]["interactivity"]["message_menu_options_url"],
        MANIFEST["settings"]["event_subscriptions"]["request_url"],
        *(command["url"] for command in MANIFEST["features"]["slash_commands"]),
    }
    assert addresses == {"https://YOUR-HOST/slack/events"}
    scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert {"chat:write", "commands", "im:history", "im:write", "mpim:write"} <= scopes
    assert "groups:read" in scopes, "for the members of the coordinators' private channel"
    assert "mpim:history" in scopes, "for message.mpim"
    assert {"channels:history", "groups:history"} <= scopes, "for messages in channels"
    assert "reactions:read" in scopes, "for reaction_added"
    assert "users:read" in scopes, "for names, time zones and user_change"
    assert "users:read.email" in scopes, "for the rows of those who sign up"
