"""The Slack app over real HTTP: a Slack stand-in presses its buttons, fake requests decide."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestServer
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from cards import Card, render
from cards.blocks import Written, actions, button
from cards.ids import Action
from cards.values import RequestRef
from domain.links import Links
from domain.models import Person
from domain.view import CardKind, RequestView
from sandbox.people import by_name
from sandbox.slack import Timing
from sandbox.slack.identity import COORDINATORS_ID, MENTORS_ID
from slack_app import create_app
from slack_app.coordinators import Coordinators
from slack_app.office import Office
from slack_app.people import People
from tests.cards import card_stories
from tests.ports import free_port
from tests.sandbox.slack_harness import CONFIG, Slack, running
from tests.slack_app.slack_app_fakes import (
    REQUEST_ID,
    Clock,
    FakeCatalog,
    FakeMentors,
    FakeQueue,
    FakeRequests,
    FakeRoster,
    FakeSwitchboard,
)

__all__ = ["REQUEST_ID", "FakeRequests"]

JSON = dict[str, Any]

PATIENT = Timing(answer_within=60, event_retries=())
"""A slow machine is not what these tests are about."""
LINKS = Links(["a-key-for-tests-only-0123"])
_ELEMENTS = {"mentor": "find_mentor", "skills": "find_skill", "time_zone": "find_time_zone"}
"""Action ids of searchable lists in forms; all others are called "input"."""
THIS_REQUEST = RequestRef(request_id=REQUEST_ID)


def person(name: str) -> Person:
    found = by_name(name)
    return Person(slack_id=found.slack_id, name=found.real_name, time_zone=found.tz)


RILEY, SAM, DANA, KENJI = map(
    person, ("Riley Santos", "Sam Okafor", "Dana Whitfield", "Kenji Mori")
)
"""Riley asks; Sam, Dana and Kenji are mentors; Dana is a coordinator, too."""


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


@dataclass
class World:
    """A running Slack, a running app, and hands to act in it."""

    slack: Slack
    app_url: str
    requests: FakeRequests
    http: ClientSession
    office: Office
    roster: FakeRoster
    queue: FakeQueue
    switchboard: FakeSwitchboard
    clock: Clock
    mentors: FakeMentors
    catalog: FakeCatalog

    # ---- what the worker would do ---------------------------------------------------------------

    async def show(self, kind: CardKind, view: RequestView, to: Person | None = None) -> JSON:
        """Post a card to a person, or to the mentors' channel; the request is as it says."""
        self.requests.views[view.request_id] = view
        reader = to.slack_id if to else ""
        return await self.post(render(kind, view, to=reader, links=LINKS), reader or MENTORS_ID)

    async def show_coordinators(
        self, view: RequestView, kind: CardKind = CardKind.COORDINATORS
    ) -> JSON:
        """Post a card to the coordinators' channel."""
        self.requests.views[view.request_id] = view
        return await self.post(render(kind, view, to="", links=LINKS), COORDINATORS_ID)

    async def post(self, card: Card, channel: str) -> JSON:
        answer = await self.slack.client.chat_postMessage(
            channel=channel, text=card.text, blocks=card.blocks
        )
        return {"channel": answer["channel"], "ts": answer["ts"], "blocks": card.blocks}

    async def offer(self, action: Action, value: Written, to: Person | None = None) -> JSON:
        """Post a button alone, to a person or to the coordinators' channel; it says "Press"."""
        press = button(action, "Press", value)
        channel = to.slack_id if to else COORDINATORS_ID
        return await self.post(Card("a card", [actions(press)]), channel)

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

    async def press_in_view(self, who: Person, view: JSON, label: str) -> JSON:
        """Press a button in a modal or on the Home tab."""
        block_id, button = _find(view["blocks"], label)
        hands = self.slack.as_(who.slack_id)
        return await hands.click_in_view(view["id"], block_id, button["action_id"])

    async def modal(self, who: Person) -> JSON:
        """The modal on top."""
        return (await self.slack.as_(who.slack_id).open_views())[-1]

    async def search(
        self, who: Person, typed: str, field: str = "mentor", search: str = "find_mentor"
    ) -> list[str]:
        """Type into a searchable list, at first that of mentors; returns what it offers."""
        return [one["text"]["text"] for one in await self.options(who, typed, field, search)]

    async def options(self, who: Person, typed: str, field: str, search: str) -> list[JSON]:
        view = await self.modal(who)
        answer = await self.slack.as_(who.slack_id).post(
            "options",
            {
                "container": {"type": "view", "view_id": view["id"]},
                "block_id": field,
                "action_id": search,
                "value": typed,
            },
        )
        assert answer["ok"], answer
        options: list[JSON] = answer["options"]
        return options

    async def home(self, who: Person) -> JSON:
        """Somebody opens App Home; returns what it shows."""
        hands = self.slack.as_(who.slack_id)
        async with hands.watching() as news:
            await news.until("hello")
            await hands.post("home/open")
            await news.until("home")
        return await self.home_now(who)

    async def home_now(self, who: Person) -> JSON:
        await self.settle()
        view: JSON = (await self.slack.as_(who.slack_id).get("home"))["view"]
        return view

    async def settle(self) -> None:
        """Let everything that the app does after its answer come to its end."""
        await self.office.errands.settle()

    async def submit(self, who: Person, **values: JSON) -> JSON:
        view = await self.modal(who)
        filled = {
            block_id: {_ELEMENTS.get(block_id, "input"): value}
            for block_id, value in values.items()
        }
        return await self.slack.as_(who.slack_id).submit(view["id"], filled)

    async def whispers(self, who: Person, channel: str) -> list[str]:
        """What only this person was shown there."""
        await self.settle()
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
    port = free_port()
    app_url = f"http://127.0.0.1:{port}"
    requests = FakeRequests()
    async with running(replace(CONFIG, app_url=app_url), PATIENT) as slack, ClientSession() as http:
        client = AsyncWebClient(
            token=CONFIG.bot_token, base_url=f"{slack.url}api/", session=http, retry_handlers=[]
        )
        clock, roster, queue, switchboard = Clock(), FakeRoster(), FakeQueue(), FakeSwitchboard()
        mentors, catalog = FakeMentors(), FakeCatalog()
        office = Office(
            requests=requests,
            mentors=mentors,
            slack=client,
            people=People(client, clock=clock),
            coordinators=Coordinators(client, COORDINATORS_ID, clock=clock),
            roster=roster,
            catalog=catalog,
            redraw_after=(0.0,),
            queue=queue,
            switchboard=switchboard,
            clock=clock,
            mentors_channel=MENTORS_ID,
            coordinators_channel=COORDINATORS_ID,
            community="Operation Code",
            crisis_line="If you are in crisis, call 988.",
            form_url=form_url,
        )
        app = create_app(office, signing_secret=CONFIG.signing_secret)
        async with TestServer(app, port=port):
            yield World(
                slack,
                app_url,
                requests,
                http,
                office,
                roster,
                queue,
                switchboard,
                clock,
                mentors,
                catalog,
            )


def _find(blocks: list[JSON], label: str) -> tuple[str, JSON]:
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button" and element["text"]["text"] == label:
                return block["block_id"], element
    raise AssertionError(f"there is no button “{label}”")
