"""The worker is dead, and people hear of it from the web process, which still lives.

Everything is a process of its own and runs on the clock on the wall; only the five minutes and the
time between two looks are set to seconds.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from temporalio.testing import WorkflowEnvironment

from domain import ids
from domain.policy import Step, StepKind
from domain.search_attributes import NEXT_DEADLINE
from local import policy
from local.config import ROOT
from sandbox.slack.identity import COORDINATORS_ID
from tests.crash.installation import Installation, installed, request, until
from tests.ports import free_port
from tests.temporal import start_server

AFTER_SECONDS = 3
LOOKS_EVERY = 0.2
TO_BE_KILLED_IN = timedelta(seconds=20)
"""Before the deadline, which passes afterwards by the clock on the wall."""
SKILL = "JavaScript"


@dataclass
class Watched:
    """An installation with the web process, and a webhook that people would read."""

    muster: Installation
    temporal: WorkflowEnvironment
    process: Process
    url: str
    log: Path
    webhook: list[Any]

    async def alerts_in_slack(self) -> list[str]:
        page = await self.muster.web.conversations_history(channel=COORDINATORS_ID, limit=100)
        return [one["text"] for one in reversed(page["messages"]) if "For whoever" in one["text"]]

    async def alert(self) -> str:
        """The one alert, in Slack as at the webhook and in the log."""

        async def look() -> list[str]:
            return await self.alerts_in_slack() if self.webhook else []

        [alert] = await until("an alert", look)
        assert self.webhook == [{"text": alert}]
        assert " ".join(alert.split()) in self.alerts_in_log()
        return alert

    def alerts_in_log(self) -> str:
        lines = self.log.read_text().splitlines()
        return "\n".join(line for line in lines if " muster.alerts " in line)

    async def logged(self, words: str) -> None:
        async def look() -> bool:
            return words in self.alerts_in_log()

        await until(f"“{words}” in the log", look)

    async def some_more_looks(self) -> None:
        """As many as it takes for the clock to show another second, twice."""
        seen: set[str] = set()

        async def look() -> bool:
            async with self.muster.http.get(f"{self.url}/health") as answer:
                assert answer.status == 200
                seen.add((await answer.json())["looked_at"])
            return len(seen) == 3

        await until("more looks", look)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    async with AsyncExitStack() as stack:
        temporal = await stack.enter_async_context(await start_server())
        muster = await stack.enter_async_context(installed(temporal.client, tmp_path))
        received: list[Any] = []

        async def receive(call: web.Request) -> web.Response:
            received.append(await call.json())
            return web.Response()

        webhook = web.Application()
        webhook.router.add_post("/", receive)
        receiver = await stack.enter_async_context(TestServer(webhook))
        port, log = free_port(), tmp_path / "web.log"
        process = await _start_web_process(
            log,
            {
                **muster.environment,
                "WEB_PORT": str(port),
                "ESCALATION_POLICY": str(policy.DEFAULT),
                "ALERT_WEBHOOK_URL": str(receiver.make_url("/")),
                "ALERT_OVERDUE_AFTER_MINUTES": str(AFTER_SECONDS / 60),
                "ALERT_CHECK_EVERY_SECONDS": str(LOOKS_EVERY),
            },
        )
        watched = Watched(muster, temporal, process, f"http://127.0.0.1:{port}", log, received)
        try:
            await until("the web process has looked", lambda: _has_looked(muster.http, watched.url))
            yield watched
        finally:
            process.terminate()
            ended = await asyncio.wait_for(process.wait(), 60)
        assert ended == 0
        assert "Traceback" not in log.read_text()


async def test_a_deadline_that_passes_while_the_worker_is_dead_alerts_people_once(
    watched: Watched,
) -> None:
    muster = watched.muster
    worker = await muster.start_worker()
    await worker.serves()
    call = Step(after=TO_BE_KILLED_IN, do=StepKind.COORDINATORS)
    one = request(SKILL, steps=[call])
    await muster.send_in(one)
    handle = muster.temporal.get_workflow_handle(ids.workflow_id(one.request_id))

    async def deadline_is_shown() -> bool:
        shown = (await handle.describe()).typed_search_attributes
        return shown.get(NEXT_DEADLINE) is not None

    await until("its next deadline is shown", deadline_is_shown)
    await worker.kill()
    assert watched.webhook == []

    alert = await watched.alert()
    assert alert.startswith(f"1 request is overdue, for less than a minute: {one.request_id}.")
    assert "is the worker running? If not, start it." in alert
    await watched.some_more_looks()
    assert len(await watched.alerts_in_slack()) == len(watched.webhook) == 1

    await muster.start_worker()
    await watched.logged(f"No longer overdue: {one.request_id} moves again.")
    assert len(await watched.alerts_in_slack()) == len(watched.webhook) == 1


async def test_a_request_that_arrives_while_the_worker_is_dead_is_noticed(
    watched: Watched,
) -> None:
    one = request(SKILL)
    await watched.muster.send_in(one)
    alert = await watched.alert()
    assert one.request_id in alert
    query = alert.rsplit("\n", 1)[1]
    listed = [found.id async for found in watched.temporal.client.list_workflows(query)]
    assert listed == [ids.workflow_id(one.request_id)], "the query that people paste finds it"

    await watched.some_more_looks()
    assert watched.muster.slack.controls.log.counts["chat.postMessage"] == 1
    assert not watched.muster.airtable.controls.log.counts


async def _start_web_process(log: Path, environment: dict[str, str]) -> Process:
    with log.open("wb") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "starter", cwd=ROOT, env=environment, stderr=output
        )


async def _has_looked(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(f"{url}/health") as answer:
            return "looked_at" in await answer.json()
    except aiohttp.ClientConnectionError:
        return False
