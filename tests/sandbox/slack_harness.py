"""A Slack stand-in over real HTTP, hands to act in it, and a Bolt app on the other side."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.people import by_name
from sandbox.slack import SlackStandInConfig, Timing, create_app

JSON = dict[str, Any]

RILEY = by_name("Riley Santos").slack_id
SAM = by_name("Sam Okafor").slack_id
DANA = by_name("Dana Whitfield").slack_id
KENJI = by_name("Kenji Mori").slack_id

CONFIG = SlackStandInConfig(app_url="", rate_limits=False)
PATIENT = Timing(answer_within=20, trigger_lives=20, event_retries=(0.01, 0.01, 0.01))
"""A busy machine makes nobody late."""
IMPATIENT = replace(PATIENT, answer_within=0.3)
"""For apps that never answer."""


def button(action_id: str = "claim", value: str = "request-1") -> JSON:
    text = {"type": "plain_text", "text": "I can help"}
    return {"type": "button", "action_id": action_id, "value": value, "text": text}


def card(*elements: JSON) -> list[JSON]:
    """A message with a section and a row of buttons."""
    return [
        {"type": "section", "block_id": "goal", "text": {"type": "mrkdwn", "text": "*Python*"}},
        {"type": "actions", "block_id": "row", "elements": list(elements) or [button()]},
    ]


def text_input(**more: Any) -> JSON:
    return {
        "type": "input",
        "block_id": "note",
        "label": {"type": "plain_text", "text": "Note"},
        "element": {"type": "plain_text_input", "action_id": "text", **more},
    }


def modal(*blocks: JSON, **more: Any) -> JSON:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": list(blocks) or [text_input()],
        **more,
    }


@dataclass
class Hands:
    """One person's client."""

    user_id: str
    http: ClientSession

    async def get(self, path: str) -> JSON:
        async with self.http.get(f"/client/{self.user_id}/{path}") as answer:
            body: JSON = await answer.json()
            return body

    async def post(self, path: str, body: JSON | None = None) -> JSON:
        async with self.http.post(f"/client/{self.user_id}/{path}", json=body or {}) as answer:
            returned: JSON = await answer.json()
            return returned

    async def messages(self, channel: str, **query: str) -> list[JSON]:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        found = await self.get(f"conversations/{channel}/messages?{asked}")
        listed: list[JSON] = found["messages"]
        return listed

    async def type(self, channel: str, text: str, **more: str) -> JSON:
        return await self.post(f"conversations/{channel}/messages", {"text": text, **more})

    async def click(self, channel: str, ts: str, action_id: str = "claim", **chosen: Any) -> JSON:
        return await self.post(
            "actions",
            {
                "container": {"type": "message", "channel": channel, "ts": ts},
                "action": {"block_id": "row", "action_id": action_id, **chosen},
            },
        )

    async def click_in_view(self, view_id: str, block_id: str, action_id: str, **more: Any) -> JSON:
        return await self.post(
            "actions",
            {
                "container": {"type": "view", "view_id": view_id},
                "action": {"block_id": block_id, "action_id": action_id},
                **more,
            },
        )

    async def submit(self, view_id: str, values: JSON | None = None) -> JSON:
        return await self.post(f"views/{view_id}/submit", {"state": {"values": values or {}}})

    async def open_views(self) -> list[JSON]:
        stack: list[JSON] = (await self.get("views"))["stack"]
        return stack

    @asynccontextmanager
    async def watching(self, last_seen: str = "") -> AsyncIterator["News"]:
        """This person's live news, from the moment the stream says hello."""
        headers = {"Last-Event-ID": last_seen} if last_seen else {}
        path = f"/client/{self.user_id}/events"
        async with self.http.get(path, headers=headers) as stream:
            yield News(stream.content)


@dataclass
class News:
    stream: Any
    last_id: str = ""

    async def next(self) -> JSON:
        async with asyncio.timeout(60):
            while True:
                line = (await self.stream.readline()).decode().strip()
                if line.startswith("id: "):
                    self.last_id = line.removeprefix("id: ")
                if line.startswith("data: "):
                    news: JSON = json.loads(line.removeprefix("data: "))
                    return news

    async def until(self, kind: str) -> JSON:
        while (news := await self.next())["type"] != kind:
            pass
        return news


@dataclass
class Slack:
    """A running stand-in."""

    url: str
    http: ClientSession
    client: AsyncWebClient

    def as_(self, user_id: str) -> Hands:
        return Hands(user_id, self.http)

    async def control(self, method: str, path: str, body: JSON | None = None) -> JSON:
        async with self.http.request(method, f"/_sandbox/{path}", json=body) as answer:
            returned: JSON = await answer.json()
            return returned


@asynccontextmanager
async def running(
    config: SlackStandInConfig = CONFIG, timing: Timing = PATIENT
) -> AsyncIterator[Slack]:
    async with TestServer(create_app(config, timing)) as server:
        url = str(server.make_url("/"))
        client = AsyncWebClient(
            token=config.bot_token, base_url=f"{url}api/", retry_handlers=[], timeout=60
        )
        async with ClientSession(url) as http:
            yield Slack(url, http, client)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[str]:
    """An app of our own making at the other end; yields its address."""
    app = web.Application()
    app.router.add_post("/slack/events", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@dataclass
class AppSide:
    """A real Bolt app, wired to a stand-in, that notes what reaches it."""

    slack: Slack
    bolt: AsyncApp
    app_url: str
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each request that arrived."""
    bodies: "asyncio.Queue[JSON]" = field(default_factory=asyncio.Queue)
    """What listeners put here."""

    async def next(self) -> JSON:
        return await asyncio.wait_for(self.bodies.get(), 60)


@asynccontextmanager
async def with_bolt(
    timing: Timing = PATIENT, database: Path | str = ":memory:"
) -> AsyncIterator[AppSide]:
    client = AsyncWebClient(token=CONFIG.bot_token, retry_handlers=[], timeout=60)
    bolt = AsyncApp(client=client, signing_secret=CONFIG.signing_secret)
    side: AppSide | None = None

    async def receive(request: web.Request) -> web.StreamResponse:
        assert side is not None
        side.headers.append(dict(request.headers))
        answer = await bolt.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async with listening(receive) as app_url:
        config = SlackStandInConfig(database=database, app_url=app_url, rate_limits=False)
        async with running(config, timing) as slack:
            client.base_url = f"{slack.url}api/"
            side = AppSide(slack, bolt, app_url)
            yield side
