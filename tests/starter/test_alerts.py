"""An alert reaches the log, Slack and a webhook; one that is broken silences no other."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import ValidationError
from slack_sdk.web.async_client import AsyncWebClient

import clients.alerts
from clients.alerts import Alerter, open_alerter
from clients.slack import Slack, open_client
from sandbox import slack
from sandbox.config import SlackStandInConfig
from sandbox.control import CONTROLS, Controls
from sandbox.slack.identity import COORDINATORS_ID
from settings import AlertSettings
from tests.ports import free_port

SECRET = "T0123-not-for-any-log"
TOPIC = "a topic"


@dataclass
class Receiver:
    """A webhook that answers with ``status``, or not at all."""

    status: int = 200
    bodies: list[Any] = field(default_factory=list)
    silent: bool = False

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(json.loads(await request.read()))
        if self.silent:
            await asyncio.sleep(60)
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """Its address."""
        app = web.Application()
        app.router.add_post(f"/{SECRET}", self.take)
        async with TestServer(app) as server:
            yield str(server.make_url(f"/{SECRET}"))


@dataclass
class World:
    """Both channels over real HTTP, and what they have taken."""

    alerter: Alerter
    receiver: Receiver
    stand_in: Controls
    bot: AsyncWebClient
    caplog: pytest.LogCaptureFixture

    async def say(self, text: str) -> None:
        self.alerter.say(TOPIC, text)
        await self.alerter.deliver()

    async def in_slack(self) -> list[str]:
        history = await self.bot.conversations_history(channel=COORDINATORS_ID)
        return [one["text"] for one in reversed(history["messages"]) if one.get("bot_id")]

    def slack_calls(self) -> int:
        return self.stand_in.log.counts["chat.postMessage"]

    def in_webhook(self) -> list[str]:
        return [body["text"] for body in self.receiver.bodies]

    def break_slack(self, **how: Any) -> None:
        self.stand_in.faults.add({"method": "chat.postMessage", **how})

    def mend_slack(self) -> None:
        self.stand_in.faults.clear()

    def log(self, name: str = "clients.alerts") -> list[str]:
        return [one.getMessage() for one in self.caplog.records if one.name == name]


@pytest.fixture
async def world(caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    caplog.set_level(logging.DEBUG)
    receiver, config = Receiver(), SlackStandInConfig()
    async with (
        receiver.served() as webhook,
        TestServer(app := slack.create_app(config)) as stand_in,
        open_client(config.bot_token, str(stand_in.make_url("/api/"))) as bot,
        open_alerter(Slack(bot), COORDINATORS_ID, webhook) as alerter,
    ):
        yield World(alerter, receiver, app[CONTROLS], bot, caplog)
    assert SECRET not in caplog.text


async def test_an_alert_is_in_the_log_on_one_line_in_slack_and_at_the_webhook(
    world: World,
) -> None:
    await world.say("Something is wrong.\nDo this & that.")
    assert world.log("muster.alerts") == ["Something is wrong. Do this & that."]
    escaped = "Something is wrong.\nDo this &amp; that."
    assert await world.in_slack() == [escaped]
    assert world.receiver.bodies == [{"text": escaped}]


async def test_nothing_to_say_is_no_call(world: World) -> None:
    for _ in range(10):
        await world.alerter.deliver()
    assert world.slack_calls() == 0
    assert world.receiver.bodies == []


async def test_slack_away_holds_up_nobody_is_logged_once_and_told_when_it_is_back(
    world: World,
) -> None:
    world.break_slack(kind="status", status=503)
    await world.say("The first.")
    await world.say("The second.")
    assert world.in_webhook() == ["The first.", "The second."]
    [line] = world.log()
    assert line.startswith("Alerts do not reach Slack: chat.postMessage: HTTP 503.")
    assert "read them in this log" in line

    world.mend_slack()
    await world.alerter.deliver()
    assert await world.in_slack() == ["The second."], "old news does not pile up"
    assert world.log()[1:] == ["Alerts reach Slack again"]


async def test_a_slack_that_refuses_for_good_is_not_asked_again_about_the_same(
    world: World,
) -> None:
    world.break_slack(kind="error", error="not_in_channel")
    await world.say("The first.")
    await world.alerter.deliver()
    assert world.log() == [
        "Alerts do not reach Slack: chat.postMessage: not_in_channel. Check SLACK_BOT_TOKEN, "
        "SLACK_COORDINATORS_CHANNEL and that the bot is in it. "
        "Until they do, read them in this log."
    ]
    world.mend_slack()
    await world.say("The second.")
    assert await world.in_slack() == ["The second."]


async def test_what_is_over_is_not_told_late(world: World) -> None:
    world.break_slack(kind="status", status=503)
    await world.say("It is broken.")
    world.alerter.settle(TOPIC)
    world.mend_slack()
    await world.alerter.deliver()
    assert await world.in_slack() == []


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_webhook_that_does_not_take_it_is_named_without_its_address(
    world: World, status: int
) -> None:
    world.receiver.status = status
    await world.say("The first.")
    await world.say("The second.")
    assert await world.in_slack() == ["The first.", "The second."]
    assert world.log() == [
        f"Alerts do not reach the webhook: HTTP {status}. Check ALERT_WEBHOOK_URL. "
        "Until they do, read them in this log."
    ]


async def test_a_webhook_that_does_not_answer_is_given_up_in_time_and_slack_does_not_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clients.alerts.WEBHOOK_TIMEOUT == 5
    monkeypatch.setattr(clients.alerts, "WEBHOOK_TIMEOUT", 0.2)
    world.receiver.silent = True
    await asyncio.wait_for(world.say("The first."), 60)
    assert await world.in_slack() == ["The first."]
    assert "the webhook: " in world.log()[0]
    assert "Timeout" in world.log()[0]


async def test_an_unreachable_webhook_is_logged_without_its_address(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/{SECRET}"
    async with open_alerter(Slack(world.bot), COORDINATORS_ID, nowhere) as alerter:
        alerter.say(TOPIC, "The first.")
        await alerter.deliver()
    assert await world.in_slack() == ["The first."]
    assert nowhere.split("/")[2] not in caplog.text
    assert "the webhook: ClientConnectorError" in caplog.text


async def test_a_channel_that_breaks_in_a_way_nobody_thought_of_silences_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @dataclass
    class Strange:
        name: str = "the strange one"
        calls: int = 0

        async def post(self, _: str) -> None:
            self.calls += 1
            raise KeyError(SECRET)

    @dataclass
    class Sound:
        name: str = "the sound one"
        texts: list[str] = field(default_factory=list)

        async def post(self, text: str) -> None:
            self.texts.append(text)

    strange, sound = Strange(), Sound()
    alerter = Alerter([strange, sound])
    for text in ("The first.", "The second."):
        alerter.say(TOPIC, text)
        await alerter.deliver()
        await alerter.deliver()
    assert sound.texts == ["The first.", "The second."]
    assert strange.calls == 2
    assert caplog.text.count("Alerts do not reach the strange one: KeyError.") == 1
    assert SECRET not in caplog.text


# ---- its settings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["example.org/hook", "ftp://example.org", "https:///hook", "http://["]
)
def test_a_webhook_that_can_not_be_called_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AlertSettings(_env_file=None, webhook_url=url)
    [issue] = refused.value.errors()
    assert "https://" in issue["msg"]
    assert url not in issue["msg"]


def test_off_is_no_webhook_even_where_the_env_file_names_one(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("ALERT_WEBHOOK_URL=https://example.org/hook\n")
    monkeypatch.chdir(tmp_path)
    assert AlertSettings().webhook_url.get_secret_value() == "https://example.org/hook"
    assert "example.org" not in repr(AlertSettings())
    monkeypatch.setenv("ALERT_WEBHOOK_URL", "off")
    assert AlertSettings().webhook_url.get_secret_value() == ""
