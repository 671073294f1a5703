"""The whole system in one process, over real HTTP on free ports, wired by its own settings.

Both stand-ins (their state in memory), the worker, the Slack app and the web form, as ``make up``
starts them; only the processes are missing. The Temporal server is the tests' own.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from temporalio.client import Client, WorkflowHandle

import clients.airtable
import clients.mentors
import clients.slack
import slack_app.__main__
import starter.__main__
import worker
from clients.slack import CALLS_A_MINUTE
from clients.temporal import connect
from domain import ids
from domain.models import Outcome
from domain.task_queues import WorkerRole
from local import policy
from local.clock import RequestClock
from local.config import LocalSettings, Secrets, environment
from local.rows import Row, row_of
from local.web import read_page, send_form
from sandbox import airtable, config, slack
from sandbox.airtable import bases
from sandbox.airtable.seed import row_id
from sandbox.config import AIRTABLE_BASE_ID, AIRTABLE_COORDINATORS_BASE_ID, MEMORY
from sandbox.people import by_name
from sandbox.slack.identity import BOT_ID
from settings import WebSettings, read
from tests.ports import free_port
from tests.system.people import PATIENCE, NotSeenError, Person, request_of, status_url_of
from tests.temporal import end_all
from tests.workflows.community import ALWAYS
from tests.workflows.harness import replay

KEYS = Secrets(link_signing_key="only the tests know this key", slack_signing_secret="a secret")
SERVICE = "Pair Programming"
GOAL = "Put a small web page on top of my Python script"
DETAILS = "It sorts my family's photos, and I would like to see the result in the browser."
WINDOW = 0.05
"""Seconds in which five calls to Airtable are let through, where its limits are off."""
FASTER = 20
"""So many times Slack's calls a minute are allowed: here a week passes in seconds."""
PATIENT = slack.Timing(answer_within=20, trigger_lives=20)
"""A busy machine makes nobody late."""
LOOK_AGAIN = 0.1
"""Seconds between two looks at what nobody tells us of."""

JSON = dict[str, Any]
_T = TypeVar("_T")


def mentor_choice(name: str) -> str:
    """What the form sends for a mentor who was asked for by name: the id of their row."""
    return row_id(bases.MENTORS, by_name(name).handle)


@dataclass(frozen=True)
class Post:
    """A message of the app's, as it stands in Slack now."""

    key: str
    channel: str
    text: str
    buttons: list[str]
    """The action ids of its live buttons, but those about a mentor alone, and links."""


@dataclass
class Request:
    """One request under way: where its mentee finds it, and its clock."""

    request_id: str
    status_url: str
    clock: RequestClock
    handle: WorkflowHandle[Any, Outcome]


@dataclass
class Town:
    """Everything that runs, and hands to act in it."""

    http: aiohttp.ClientSession
    client: Client
    settings: LocalSettings
    bot: AsyncWebClient
    screens: AsyncExitStack
    people: dict[str, Person] = field(default_factory=dict)

    # ---- people -------------------------------------------------------------------------------

    async def person(self, name: str) -> Person:
        """Somebody at their screen."""
        if name not in self.people:
            person = Person(self.http, self.settings.slack_url, by_name(name))
            await self.screens.enter_async_context(person.at_the_screen())
            self.people[name] = person
        return self.people[name]

    async def ask(
        self,
        mentee: Person,
        *,
        skills: Sequence[str] = ("Python", "JavaScript"),
        service: str = SERVICE,
        goal: str = GOAL,
        details: str = DETAILS,
        **more: str,
    ) -> Request:
        """Send the web form as this person, and read what they are told in Slack."""
        page = await send_form(
            self.http,
            f"{self.settings.form_url}/",
            typed=[("email", mentee.profile.email), ("goal", goal), ("details", details)],
            chosen=[("service", service), *(("skills", one) for one in skills), *more.items()],
        )
        assert "Your request has arrived" in page
        return self.request(await mentee.see_text("we have your request"))

    def request(self, received: Any) -> Request:
        """The request that this card to the mentee is about."""
        request_id = request_of(received)
        return Request(
            request_id=request_id,
            status_url=status_url_of(received),
            clock=RequestClock(self.client, request_id),
            handle=self.client.get_workflow_handle(
                ids.workflow_id(request_id), result_type=Outcome
            ),
        )

    async def status_page(self, request: Request) -> str:
        """The words that the mentee reads behind their link."""
        return await read_page(self.http, request.status_url)

    async def cancel_on_status_page(self, request: Request) -> None:
        async with self.http.post(f"{request.status_url}/cancel") as answer:
            assert answer.status == 200, await answer.text()

    async def click(self, slack_id: str, channel: str, action_id: str, value: str) -> int:
        """A click as Slack sends it, signed, whether there is such a button or not."""
        action = {"type": "button", "action_id": action_id, "block_id": "any", "value": value}
        payload = {
            "type": "block_actions",
            "user": {"id": slack_id},
            "channel": {"id": channel},
            "actions": [action],
            "trigger_id": "1.2.3",
        }
        body = urlencode({"payload": json.dumps(payload)})
        now, verifier = str(int(time.time())), SignatureVerifier(KEYS.slack_signing_secret)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": str(verifier.generate_signature(timestamp=now, body=body)),
        }
        url = f"{self.settings.url(self.settings.slack_app_port)}/slack/events"
        async with self.http.post(url, data=body, headers=headers) as answer:
            return answer.status

    # ---- what stands in Slack -----------------------------------------------------------------

    async def posts(self, *kinds: str) -> list[Post]:
        """Every message of the app's, threads included; of these kinds only, if any are given."""
        kept = "public_channel,private_channel,im,mpim"
        listed = await self.bot.conversations_list(types=kept, limit=1000)
        mine = [c for c in listed["channels"] if c.get("is_im") or c.get("is_member", True)]
        found = [post for channel in mine for post in await self._posts_in(channel["id"])]
        return [p for p in found if not kinds or _kind(p.key) in kinds]

    async def asked(self) -> list[str]:
        """The Slack ids of everybody who holds an ask."""
        return [post.key.split("/")[2] for post in await self.posts("ask")]

    async def has_asked(self, many: int) -> list[str]:
        """Wait until so many hold an ask; their Slack ids."""

        async def look() -> list[str] | None:
            asked = await self.asked()
            return asked if len(set(asked)) == many else None

        return await self.until(f"{many} asks", look)

    async def no_live_button(self, action: str = "claim") -> None:
        """Wait until no card anywhere has this button."""

        async def look() -> bool | None:
            live = [post.key for post in await self.posts() if action in post.buttons]
            return None if live else True

        await self.until(f"no card with a live button “{action}”", look)

    async def nobody_has_a_card_twice(self) -> None:
        keys = Counter(post.key for post in await self.posts())
        assert not [key for key, times in keys.items() if times > 1]

    async def _posts_in(self, channel: str) -> list[Post]:
        listed = await self.bot.conversations_history(
            channel=channel, limit=1000, include_all_metadata=True
        )
        messages = list(listed["messages"])
        for parent in [one for one in messages if one.get("reply_count")]:
            thread = await self.bot.conversations_replies(
                channel=channel, ts=parent["ts"], include_all_metadata=True
            )
            messages += thread["messages"][1:]
        return [_post(channel, one) for one in messages if one.get("bot_id") == BOT_ID]

    # ---- what stands in Airtable --------------------------------------------------------------

    async def row(self, request: Request, **cells: str) -> Row:
        """Wait until the request's row, of which there is one, has these cells (as text)."""
        wanted = {name.replace("_", " "): value for name, value in cells.items()}

        def fits(row: Row) -> bool:
            return all(row.get(name) == value for name, value in wanted.items())

        return await row_of(
            self.http,
            self.settings.airtable_url,
            request.request_id,
            fits,
            patience=PATIENCE,
        )

    async def rows(self, table: str, base: str = AIRTABLE_BASE_ID) -> list[JSON]:
        """The cells of every row of a table (at most a hundred)."""
        found = await self._airtable("GET", f"{base}/{table}")
        return [record["fields"] for record in found["records"]]

    async def notes(self) -> list[JSON]:
        return await self.rows("Session Notes", AIRTABLE_COORDINATORS_BASE_ID)

    async def row_writes(self, request: Request) -> int:
        """How often the request's row was sent to Airtable."""
        log = await self.control(
            self.settings.airtable_url, "GET", "requests?method=PATCH records (upsert)&limit=5000"
        )
        return sum(request.request_id in entry["params"]["keys"] for entry in log["requests"])

    async def only_mentors(self, *names: str) -> None:
        """Everybody else on the roster takes a break; to be said before the first request."""
        listed = await self._airtable("GET", f"{AIRTABLE_BASE_ID}/Mentors")
        away = [
            {"id": record["id"], "fields": {"Active": False}}
            for record in listed["records"]
            if record["fields"]["Full Name"] not in names and record["fields"].get("Active")
        ]
        for first in range(0, len(away), 10):
            batch = {"records": away[first : first + 10]}
            await self._airtable("PATCH", f"{AIRTABLE_BASE_ID}/Mentors", json=batch)

    async def lives_in(self, name: str, time_zone: str) -> None:
        """Somebody's zone (IANA), in Slack and on the roster; before the first request."""
        person = by_name(name)
        await self.control(
            self.settings.slack_url, "POST", f"people/{person.slack_id}", {"tz": time_zone}
        )
        listed = await self._airtable("GET", f"{AIRTABLE_BASE_ID}/Mentors")
        for record in listed["records"]:
            if record["fields"]["Full Name"] == name:
                changed = {"records": [{"id": record["id"], "fields": {"Time Zone": time_zone}}]}
                await self._airtable("PATCH", f"{AIRTABLE_BASE_ID}/Mentors", json=changed)

    async def _airtable(self, method: str, path: str, **body: Any) -> JSON:
        url = f"{self.settings.airtable_url}/v0/{path}"
        headers = {"Authorization": f"Bearer {config.AirtableStandInConfig.token}"}
        async with self.http.request(method, url, headers=headers, **body) as answer:
            found: JSON = await answer.json()
            assert answer.status == 200, found
            return found

    # ---- faults, counts, patience -------------------------------------------------------------

    async def break_slack(self, method: str, kind: str, **more: Any) -> None:
        await self.control(
            self.settings.slack_url, "POST", "faults", {"method": method, "kind": kind, **more}
        )

    async def break_airtable(self, method: str, kind: str, **more: Any) -> None:
        await self.control(
            self.settings.airtable_url, "POST", "faults", {"method": method, "kind": kind, **more}
        )

    async def mend(self) -> None:
        """All faults are over."""
        for url in (self.settings.slack_url, self.settings.airtable_url):
            await self.control(url, "DELETE", "faults")

    async def slack_calls(self) -> Counter[str]:
        """Calls of Slack's Web API so far, by method."""
        return Counter((await self.control(self.settings.slack_url, "GET", "requests"))["counts"])

    async def control(self, url: str, method: str, path: str, body: JSON | None = None) -> JSON:
        async with self.http.request(method, f"{url}/_sandbox/{path}", json=body) as answer:
            found: JSON = await answer.json()
            assert answer.status == 200, found
            return found

    async def until(self, what: str, look: Callable[[], Awaitable[_T | None]]) -> _T:
        """Look again and again, until there is something.

        Raises:
            NotSeenError: there was nothing; ``what`` names it.
        """
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while (found := await look()) is None:
            if asyncio.get_running_loop().time() > deadline:
                raise NotSeenError(f"did not come about within {PATIENCE:.0f} s: {what}")
            await asyncio.sleep(LOOK_AGAIN)
        return found

    async def ends_well(self, request: Request) -> Outcome:
        """Wait for the end of the workflow; today's code goes the same way through its history."""
        async with asyncio.timeout(PATIENCE):
            outcome = await request.handle.result()
        await replay(await request.handle.fetch_history())
        return outcome


@asynccontextmanager
async def open_town(temporal: Client, *, quiet_hours: bool = False) -> AsyncIterator[Town]:
    """Start everything; stop it all at the end, and leave no request behind.

    Requests live by the policy that ships, but without its quiet hours unless they are asked for:
    a test must not depend on the hour at which it runs.
    """
    settings = LocalSettings(
        _env_file=None,
        web_port=free_port(),
        slack_app_port=free_port(),
        sandbox_slack_port=free_port(),
        sandbox_airtable_port=free_port(),
    )
    variables = environment(settings, KEYS) | {
        "TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": temporal.namespace,
        "SANDBOX_RATE_LIMITS": "off",
    }
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory()))
        variables["ESCALATION_POLICY"] = str(_policy(directory, quiet_hours=quiet_hours))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.setattr(clients.airtable, "WINDOW", WINDOW)
        paces = {method: calls * FASTER for method, calls in CALLS_A_MINUTE.items()}
        patch.setattr(clients.slack, "CALLS_A_MINUTE", paces)
        patch.setattr(clients.mentors, "LIFE", 0.0)
        await _start_stand_ins(stack, settings)
        client = await connect()
        stack.push_async_callback(end_all, client)
        parts = await stack.enter_async_context(worker.open_parts(WorkerRole.ALL, client))
        for one in worker.build_worker(client, parts=parts):
            await stack.enter_async_context(one)
        await _serve(stack, await slack_app.__main__.build(), settings.slack_app_port)
        await _serve(stack, await starter.__main__.build(read(WebSettings)), settings.web_port)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        bot = AsyncWebClient(
            token=config.SlackStandInConfig.bot_token,
            base_url=f"{settings.slack_url}/api/",
            session=http,
            retry_handlers=[],
        )
        screens = await stack.enter_async_context(AsyncExitStack())
        yield Town(http, client, settings, bot, screens)


def _policy(directory: Path, *, quiet_hours: bool) -> Path:
    if quiet_hours:
        return policy.DEFAULT
    awake = directory / policy.FILE
    policy.write_awake(awake)
    return awake


async def _start_stand_ins(stack: AsyncExitStack, settings: LocalSettings) -> None:
    stand_ins = config.load()
    slack_stand_in = slack.create_app(replace(stand_ins.slack, database=MEMORY), PATIENT)
    airtable_stand_in = airtable.create_app(replace(stand_ins.airtable, database=MEMORY))
    await _serve(stack, slack_stand_in, settings.sandbox_slack_port)
    await _serve(stack, airtable_stand_in, settings.sandbox_airtable_port)


async def _serve(stack: AsyncExitStack, app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", port).start()


def _post(channel: str, message: JSON) -> Post:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return Post(
        key=str(payload.get("key", "")),
        channel=channel,
        text=str(message.get("text", "")) + str(message.get("blocks", "")),
        buttons=[one for one in _live_buttons(message.get("blocks") or []) if one not in ALWAYS],
    )


def _live_buttons(blocks: Iterable[JSON]) -> Iterable[str]:
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if element.get("type") == "button" and "url" not in element:
                yield str(element["action_id"])


def _kind(key: str) -> str:
    return key.split("/")[1] if "/" in key else ""
