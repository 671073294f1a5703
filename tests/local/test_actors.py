"""People of the demo at the Slack stand-in, and what is said when something does not appear."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import aiohttp.web
import pytest
from aiohttp.test_utils import TestServer

from local import demo, policy, services
from local.actors import Message, NotSeenError, Person
from local.config import LocalSettings
from local.console import Console
from local.story import Story
from local.web import send_form, words
from sandbox.config import SlackStandInConfig
from sandbox.people import by_name
from sandbox.slack import create_app

BUTTON = {
    "type": "button",
    "action_id": "claim",
    "text": {"type": "plain_text", "text": "Claim"},
    "value": '{"request_id": "MR-ABCDEFGHIJ"}',
}
BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Could it be you?*"}},
    {"type": "actions", "block_id": "choice", "elements": [BUTTON]},
]


@pytest.fixture
async def slack() -> AsyncIterator[str]:
    """A stand-in without an app behind it."""
    app = create_app(SlackStandInConfig(app_url="http://127.0.0.1:1"))
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def sam(http: aiohttp.ClientSession, slack: str) -> Person:
    return Person(http, slack, by_name("Sam Okafor"))


async def post(http: aiohttp.ClientSession, slack: str, **message: Any) -> None:
    headers = {"Authorization": f"Bearer {SlackStandInConfig.bot_token}"}
    body = {"channel": by_name("Sam Okafor").slack_id, "text": "hello", **message}
    async with http.post(f"{slack}/api/chat.postMessage", json=body, headers=headers) as answer:
        assert (await answer.json())["ok"]


async def test_they_see_a_message_by_its_words_and_buttons(
    http: aiohttp.ClientSession, slack: str, sam: Person
) -> None:
    async with sam.at_the_screen():
        await post(http, slack, blocks=BLOCKS)
        message = await sam.see_message("an ask", lambda message: message.has_button("Claim"))
    assert "Could it be you?" in message.text
    assert message.concerns("MR-ABCDEFGHIJ")
    assert not message.concerns("MR-ZZZZZZZZZZ")
    assert message.button("Claim").action["block_id"] == "choice"


async def test_what_does_not_appear_is_named_with_what_was_there_instead(
    http: aiohttp.ClientSession, slack: str, sam: Person
) -> None:
    await post(http, slack, blocks=BLOCKS)
    with pytest.raises(NotSeenError) as problem:
        await sam.see_message("the question how it went", lambda _: False, patience=0)
    assert "Sam Okafor did not see the question how it went" in str(problem.value)
    assert "Could it be you?" in str(problem.value)


async def test_an_app_that_does_not_answer_is_named(
    http: aiohttp.ClientSession, slack: str, sam: Person
) -> None:
    await post(http, slack, blocks=BLOCKS)
    message = await sam.see_message("an ask", lambda message: message.has_button("Claim"))
    with pytest.raises(NotSeenError, match="pressed “Claim” and read"):
        await sam.press(message, "Claim")


def test_a_button_that_is_missing_is_named_with_the_message() -> None:
    message = Message("D1", {"ts": "1.0", "blocks": BLOCKS[:1]})
    with pytest.raises(NotSeenError, match="no button “Undo”"):
        message.button("Undo")


async def test_a_form_without_the_field_is_named(http: aiohttp.ClientSession) -> None:
    page = "<form><input type=hidden name=submission value=x><input name=email></form>"

    async def form(_: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(text=page, content_type="text/html")

    app = aiohttp.web.Application()
    app.router.add_get("/", form)
    async with TestServer(app) as server:
        with pytest.raises(NotSeenError, match="no field “goal”"):
            await send_form(http, str(server.make_url("/")), [("goal", "Learn")], [])


def test_words_are_what_somebody_reads() -> None:
    assert words("<h1>Hello&nbsp;you</h1><script>no()</script> <p>there</p>") == "Hello you there"


async def test_a_demo_whose_step_did_not_happen_names_it_and_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def connect(_: LocalSettings) -> None:
        return None

    async def play(story: Story) -> None:
        async with story._step("Mentors are asked by direct message"):
            raise NotSeenError("Riley did not see it.")

    monkeypatch.setattr(services, "connect", connect)
    monkeypatch.setattr(Story, "play", play)
    terminal = io.StringIO()
    settings = LocalSettings(escalation_policy=policy.DEFAULT, _env_file=None)
    assert await demo._play(settings, Console(terminal)) == 1
    assert "This step did not happen: Mentors are asked by direct message" in terminal.getvalue()
    assert "Riley did not see it." in terminal.getvalue()
