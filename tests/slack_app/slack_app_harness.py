"""The Slack app over real HTTP: a Slack stand-in presses its buttons, fake requests decide."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestServer, unused_port
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from cards import Card, render
from clients.requests import RequestGoneError, Requests
from domain.links import Links
from domain.messages import Decision
from domain.models import Person
from domain.view import CardKind, RequestDetails, RequestView
from sandbox.people import by_name
from sandbox.slack import Timing
from sandbox.slack.identity import MENTORS_ID
from slack_app import create_app
from slack_app.office import Office
from tests.cards import card_stories
from tests.sandbox.slack_harness import CONFIG, Slack, running

JSON = dict[str, Any]

PATIENT = Timing(answer_within=5, event_retries=())
"""A slow machine is not what these tests are about."""
LINKS = Links(["a-key-for-tests-only-0123"])
REQUEST_ID = "MR-4F6T2QXK5A"


def person(name: str) -> Person:
    found = by_name(name)
    return Person(slack_id=found.slack_id, name=found.real_name, time_zone=found.tz)


RILEY, SAM, DANA = map(person, ("Riley Santos", "Sam Okafor", "Dana Whitfield"))


def asked(**more: Any) -> RequestView:
    """Riley's open request, with the stand-in's people."""
    now = datetime.now(UTC)
    facts: dict[str, Any] = {"mentee": RILEY, "asked": [SAM.slack_id], "now": now}
    return card_stories.asked(**facts | more)


def claimed(*, introduced: bool = True, **more: Any) -> RequestView:
    claim = card_stories.claim(SAM, introduced=introduced)
    group = "G0GROUP" if introduced else ""
    facts = {"status": "Claimed", "claim": claim, "group_channel": group}
    return asked(**facts | more)


class FakeRequests(Requests):
    """Takes decisions as Temporal would, and remembers them."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []
        self.views: dict[str, RequestView] = {}
        self.read: dict[str, RequestDetails] = {}
        self.failure: Exception | None = None
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def decide(self, request_id: str, decision: Decision) -> None:
        assert request_id == REQUEST_ID
        await self._answer()
        self.decisions.append(decision)

    async def view(self, request_id: str) -> RequestView:
        await self._answer()
        if request_id not in self.views:
            raise RequestGoneError("never was")
        return self.views[request_id]

    async def details(self, request_id: str) -> RequestDetails:
        await self._answer()
        return self.read[request_id]

    async def _answer(self) -> None:
        self.asked.set()
        await self.gate.wait()
        if self.failure:
            raise self.failure


@dataclass
class World:
    """A running Slack, a running app, and hands to act in it."""

    slack: Slack
    app_url: str
    requests: FakeRequests
    http: ClientSession
    dms: dict[str, str] = field(default_factory=dict)

    # ---- what the worker would do ---------------------------------------------------------------

    async def show(self, kind: CardKind, view: RequestView, to: Person | None = None) -> JSON:
        """Post a card to a person, or to the mentors' channel; the request is as it says."""
        self.requests.views[view.request_id] = view
        reader = to.slack_id if to else ""
        return await self.post(render(kind, view, to=reader, links=LINKS), reader or MENTORS_ID)

    async def post(self, card: Card, channel: str) -> JSON:
        answer = await self.slack.client.chat_postMessage(
            channel=channel, text=card.text, blocks=card.blocks
        )
        return {"channel": answer["channel"], "ts": answer["ts"], "blocks": card.blocks}

    async def post_copy(self, message: JSON, channel: str) -> JSON:
        """The same blocks where they don't belong."""
        return await self.post(Card("a copy", message["blocks"]), channel)

    # ---- what people do -------------------------------------------------------------------------

    async def press(self, who: Person, message: JSON, label: str) -> JSON:
        """Press the button with this label; returns how Slack shows the outcome."""
        block_id, button = _find(message["blocks"], label)
        return await self.slack.as_(who.slack_id).post(
            "actions",
            {
                "container": {
                    "type": "message",
                    "channel": message["channel"],
                    "ts": message["ts"],
                },
                "action": {"block_id": block_id, "action_id": button["action_id"]},
            },
        )

    async def modal(self, who: Person) -> JSON:
        """The one modal that is open."""
        (view,) = await self.slack.as_(who.slack_id).open_views()
        return view

    async def submit(self, who: Person, **values: JSON) -> JSON:
        view = await self.modal(who)
        filled = {block_id: {"input": value} for block_id, value in values.items()}
        return await self.slack.as_(who.slack_id).submit(view["id"], filled)

    async def whispers(self, who: Person, channel: str) -> list[str]:
        """What only this person was shown there."""
        messages = await self.slack.as_(who.slack_id).messages(channel)
        return [message["text"] for message in messages if message.get("ephemeral")]

    async def calls(self, method: str) -> int:
        counted = await self.slack.control("GET", "requests")
        return int(counted["counts"].get(method, 0))

    async def break_slack(self, method: str, **fault: Any) -> None:
        await self.slack.control("POST", "faults", {"method": method, **fault})

    # ---- what arrives at the app's door ---------------------------------------------------------

    async def send(
        self,
        body: str,
        *,
        secret: str = CONFIG.signing_secret,
        age: int = 0,
        headers: dict[str, str] | None = None,
    ) -> ClientResponse:
        """A request signed with ``secret``, as old as ``age`` seconds."""
        stamp = str(int(time.time()) - age)
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
        signed = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(signature),
        }
        url = f"{self.app_url}/slack/events"
        async with self.http.post(url, data=body, headers=signed | (headers or {})) as answer:
            await answer.read()
            return answer

    async def send_event(self, event: JSON, **headers: str) -> ClientResponse:
        body = json.dumps({"type": "event_callback", "team_id": "T0", "event": event})
        as_json = {"Content-Type": "application/json"}
        return await self.send(
            body, headers=as_json | {key.replace("_", "-"): value for key, value in headers.items()}
        )


def click_body(action_id: str, value: str, who: Person = SAM) -> str:
    """A signed click's form body, for what no card of ours would send."""
    payload = {
        "type": "block_actions",
        "user": {"id": who.slack_id},
        "channel": {"id": MENTORS_ID},
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
        "trigger_id": "1.2.3",
    }
    return urlencode({"payload": json.dumps(payload)})


@asynccontextmanager
async def open_world(form_url: str | None = None) -> AsyncIterator[World]:
    port = unused_port()
    app_url = f"http://127.0.0.1:{port}"
    requests = FakeRequests()
    async with running(replace(CONFIG, app_url=app_url), PATIENT) as slack, ClientSession() as http:
        client = AsyncWebClient(
            token=CONFIG.bot_token, base_url=f"{slack.url}api/", session=http, retry_handlers=[]
        )
        office = Office(
            requests=requests,
            slack=client,
            mentors_channel=MENTORS_ID,
            community="Operation Code",
            crisis_line="If you are in crisis, call 988.",
            form_url=form_url,
        )
        app = create_app(office, signing_secret=CONFIG.signing_secret)
        async with TestServer(app, port=port):
            yield World(slack, app_url, requests, http)


def _find(blocks: list[JSON], label: str) -> tuple[str, JSON]:
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button" and element["text"]["text"] == label:
                return block["block_id"], element
    raise AssertionError(f"there is no button “{label}”")
