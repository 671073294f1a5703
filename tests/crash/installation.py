"""Muster as it is installed, with a worker that can be killed: real processes, real wires.

The stand-ins are served in this process; workers are processes of their own, as an operator would
start them. A call can be held at a stand-in, so that a kill surely falls into the middle of it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from temporalio.client import Client, WorkflowHandle
from yarl import URL

from cards.ids import Action
from clients.requests import Requests
from domain import ids
from domain.base import Decision
from domain.models import Person, RequestStart, Service, Skill
from domain.state import RequestState
from domain.task_queues import WorkerRole
from domain.view import CardKind
from local import policy
from local.config import ROOT, LocalSettings, Secrets, environment
from sandbox import airtable, slack
from sandbox.airtable import bases
from sandbox.airtable.seed import row_id
from sandbox.config import AIRTABLE_BASE_ID, AirtableStandInConfig, SlackStandInConfig
from sandbox.control import CONTROLS, Controls
from sandbox.people import PEOPLE, by_name
from tests.temporal import end_all
from tests.workflows.harness import default_policy
from workflows.mentorship_request import MentorshipRequest

PATIENCE = 120.0
"""Seconds for anything to happen: a dead worker is noticed after 10, see workflows/profiles.py."""
LOOK_AGAIN = 0.05
LONGER_THAN_ANY_TEST = 600.0
PAIRING = "Pair Programming"

_T = TypeVar("_T")


async def until(
    what: str, look: Callable[[], Awaitable[_T | None]], seconds: float = PATIENCE
) -> _T:
    """Look until there is something to see, and return that."""
    try:
        async with asyncio.timeout(seconds):
            while not (found := await look()):
                await asyncio.sleep(LOOK_AGAIN)
            return found
    except TimeoutError:
        raise AssertionError(f"this did not happen within {seconds:.0f} s: {what}") from None


@dataclass(frozen=True)
class Message:
    """A message of Muster's, as Slack has it."""

    channel: str
    ts: str
    key: str
    buttons: list[str]


@dataclass(frozen=True)
class StandIn:
    """A stand-in, and what arrives there."""

    url: str
    controls: Controls

    def hold(self, method: str, **params: Any) -> Held:
        """Hold the next call of this kind: it is worked on only when it is released."""
        return self._fault(method, kind="latency", seconds=LONGER_THAN_ANY_TEST, match=params)

    def lose_answer(self, method: str, **params: Any) -> Held:
        """Do what the next call of this kind asks for, but close the connection unanswered."""
        return self._fault(method, kind="drop_after", match=params)

    def _fault(self, method: str, **wish: Any) -> Held:
        fault = self.controls.faults.add({"method": method, "count": 1, **wish})
        return Held(self, fault.id, method, wish["match"])

    def calls(self, method: str, **params: Any) -> int:
        """How many calls of this kind were answered."""
        return sum(
            all(entry["params"].get(name) == value for name, value in params.items())
            for entry in self.controls.log.entries(method=method, limit=5_000)
        )


@dataclass(frozen=True)
class Held:
    """A call that meets a fault."""

    stand_in: StandIn
    fault_id: str
    method: str
    params: dict[str, Any]

    async def arrives(self) -> None:
        async def has_met_it() -> bool:
            waiting = [fault["id"] for fault in self.stand_in.controls.faults.listed()]
            return self.fault_id not in waiting

        await until(f"{self.method} arrives", has_met_it)

    async def is_done(self) -> None:
        """Release it: the work is done, whoever may still listen to the answer."""
        self.stand_in.controls.faults.release(self.fault_id)

        async def is_logged() -> bool:
            return self.stand_in.calls(self.method, **self.params) > 0

        await until(f"{self.method} is done", is_logged)


class Worker:
    """A worker process."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process, self._log = process, log

    async def serves(self) -> None:
        """It has started, and takes work from now on."""

        async def it_says_so() -> bool:
            return " Serving " in self._log.read_text()

        await until("the worker serves", it_says_so)

    async def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self, within: float) -> int:
        """Ask it to stop, as Ctrl-C or a deployment does; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), within)

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None


@dataclass
class Installation:
    """Everything of Muster but its web processes, and the hands to look at it."""

    temporal: Client
    slack: StandIn
    airtable: StandIn
    web: AsyncWebClient
    http: aiohttp.ClientSession
    environment: dict[str, str]
    logs: Path
    workers: list[Worker] = field(default_factory=list)

    # ---- processes --------------------------------------------------------------------------

    async def start_worker(self, role: WorkerRole = WorkerRole.ALL, **environment: str) -> Worker:
        log = self.logs / f"worker-{len(self.workers) + 1}.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "worker.py",
                cwd=ROOT,
                env={**self.environment, "WORKER_ROLE": role.value, **environment},
                stdout=output,
                stderr=output,
            )
        self.workers.append(Worker(process, log))
        return self.workers[-1]

    async def end(self) -> None:
        """Leave nothing behind; what the workers said is shown if the test failed."""
        for worker in self.workers:
            if worker.is_running:
                await worker.kill()
        await end_all(self.temporal)
        for log in sorted(self.logs.glob("worker-*.log")):
            print(f"---- {log.name}\n{log.read_text()}")

    # ---- requests ---------------------------------------------------------------------------

    async def send_in(self, *requests: RequestStart) -> None:
        for request in requests:
            await Requests(self.temporal).start(request)

    async def decide(self, request: RequestStart, *decisions: Decision) -> None:
        for decision in decisions:
            await Requests(self.temporal).decide(request.request_id, decision)

    async def state(self, request: RequestStart) -> RequestState:
        state: RequestState = await self._handle(request.request_id).query(
            MentorshipRequest.whole_state
        )
        return state

    async def under_way(self, request: RequestStart) -> list[str]:
        """The activities that a worker is at work on."""
        described = await self._handle(request.request_id).describe()
        pending = described.raw_description.pending_activities
        return [one.activity_type.name for one in pending if one.HasField("last_started_time")]

    def _handle(self, request_id: str) -> WorkflowHandle[Any, Any]:
        return self.temporal.get_workflow_handle(ids.workflow_id(request_id))

    # ---- what people and records see --------------------------------------------------------

    async def messages(self, request: RequestStart) -> list[Message]:
        """Every message about a request, in whatever conversation it stands."""
        kinds = "public_channel,private_channel,mpim,im"
        listed = await self.web.conversations_list(types=kinds, limit=1000)
        found: list[Message] = []
        for channel in listed["channels"]:
            if channel.get("is_member") is False:
                continue
            page = await self.web.conversations_history(
                channel=channel["id"], limit=1000, include_all_metadata=True
            )
            found += [_message(channel["id"], raw) for raw in page["messages"]]
        return [message for message in found if message.key.startswith(request.request_id)]

    async def cards(self, request: RequestStart, kind: CardKind) -> list[Message]:
        start = ids.card_key(request.request_id, kind)
        return [m for m in await self.messages(request) if m.key.startswith(start)]

    async def asked(self, request: RequestStart) -> Counter[str]:
        """How many ask cards each mentor has."""
        return Counter(card.key.split("/")[2] for card in await self.cards(request, CardKind.ASK))

    async def has_two(self, request: RequestStart) -> list[str]:
        """Keys of cards that stand more than once: there must be none."""
        keys = Counter(message.key for message in await self.messages(request))
        return [key for key, number in keys.items() if number > 1]

    async def can_be_claimed(self, request: RequestStart) -> list[str]:
        """Keys of cards with a live Claim button."""
        return [m.key for m in await self.messages(request) if Action.CLAIM in m.buttons]

    async def rows(self, request: RequestStart) -> list[dict[str, Any]]:
        """The cells of the request's rows: there should be one at most."""
        table = bases.MENTOR_REQUEST.name
        url = URL(self.airtable.url) / "v0" / AIRTABLE_BASE_ID / table
        async with self.http.get(url) as answer:
            records = (await answer.json())["records"]
        cells = [record["fields"] for record in records]
        return [row for row in cells if row["Request ID"] == request.request_id]

    async def row(self, request: RequestStart, **cells: Any) -> dict[str, Any]:
        """The request's one row, as soon as it has these cells ("_" in their names for spaces)."""
        wanted = {name.replace("_", " "): value for name, value in cells.items()}

        async def look() -> dict[str, Any] | None:
            rows = await self.rows(request)
            assert len(rows) <= 1, "a request has one row"
            return rows[0] if rows and wanted.items() <= rows[0].items() else None

        return await until(f"the row says {wanted}", look)


def request(skill: str, **policy: Any) -> RequestStart:
    """Riley wants a mentor who knows this to pair with; it can be sent in once."""
    riley = by_name("Riley Santos")
    return RequestStart(
        request_id=ids.request_id_for(uuid4().hex, riley.slack_id),
        submitted_at=datetime.now(UTC),
        mentee=Person(slack_id=riley.slack_id, name=riley.real_name, time_zone=riley.tz),
        service=Service(name=PAIRING, record_id=row_id(bases.SERVICES, PAIRING)),
        goal="Get my first page to look as I drew it",
        skills=[Skill(name=skill, record_id=row_id(bases.SKILLSETS, skill))],
        policy=default_policy(**policy),
    )


def mentors_for(skill: str) -> list[str]:
    """Who is asked for help with a skill, in the order of the first wave."""
    return sorted(
        person.slack_id
        for person in PEOPLE
        if (mentor := person.mentor)
        and mentor.active
        and mentor.status == "Available"
        and skill in mentor.skills
        and PAIRING in mentor.services
    )


def mentor_row(slack_id: str) -> str:
    """The record id of a mentor's row."""
    person = next(person for person in PEOPLE if person.slack_id == slack_id)
    return row_id(bases.MENTORS, person.handle)


def card_metadata(
    request: RequestStart, kind: CardKind, to: str = "", number: int = 0
) -> dict[str, Any]:
    """How a call of ``chat.postMessage`` names the card that it writes."""
    key = ids.card_key(request.request_id, kind, to, number)
    return {"event_type": "muster_card", "event_payload": {"key": key}}


def _message(channel: str, raw: dict[str, Any]) -> Message:
    payload = (raw.get("metadata") or {}).get("event_payload") or {}
    elements = [e for block in raw.get("blocks") or [] for e in block.get("elements", [])]
    buttons = [str(one["action_id"]) for one in elements if one.get("type") == "button"]
    return Message(channel, str(raw["ts"]), str(payload.get("key", "")), buttons)


@asynccontextmanager
async def installed(temporal: Client, directory: Path) -> AsyncIterator[Installation]:
    """Both stand-ins, empty of requests, and the settings of workers that use them."""
    slack_config = SlackStandInConfig(rate_limits=False)
    airtable_config = AirtableStandInConfig(rate_limits=False)
    async with AsyncExitStack() as stack:
        slack_at = await stack.enter_async_context(_served(slack.create_app(slack_config)))
        airtable_at = await stack.enter_async_context(_served(airtable.create_app(airtable_config)))
        authorized = {"Authorization": f"Bearer {airtable_config.token}"}
        http = await stack.enter_async_context(aiohttp.ClientSession(headers=authorized))
        settings = LocalSettings(
            muster_state_dir=directory,
            sandbox_slack_port=URL(slack_at.url).port,
            sandbox_airtable_port=URL(airtable_at.url).port,
        )
        policy.write_awake(directory / policy.FILE)
        keys = Secrets("a key for the tests only", slack_config.signing_secret)
        installation = Installation(
            temporal=temporal,
            slack=slack_at,
            airtable=airtable_at,
            web=AsyncWebClient(slack_config.bot_token, base_url=f"{slack_at.url}/api/"),
            http=http,
            environment={
                **environment(settings, keys, os.environ),
                "TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
                "TEMPORAL_NAMESPACE": temporal.namespace,
            },
            logs=directory,
        )
        try:
            yield installation
        finally:
            await installation.end()


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[StandIn]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)  # calls that are held never end
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield StandIn(f"http://127.0.0.1:{runner.addresses[0][1]}", app[CONTROLS])
    finally:
        await runner.cleanup()
