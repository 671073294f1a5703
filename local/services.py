"""The processes that make up Muster on one machine, and how each shows that it is ready."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import aiohttp
from temporalio.api.enums.v1 import IndexedValueType, TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from clients import namespace
from clients.temporal import DEFAULT_NAMESPACE
from domain import search_attributes, task_queues
from local.config import HOST, ROOT, LocalSettings
from local.supervisor import Service

_TEMPORAL_ERRORS = re.compile(r"level=(error|fatal)|^Error:", re.IGNORECASE)
"""Its warnings are about its own housekeeping; they stay in the log."""

_AGAIN = "Start again with 'make up': open requests go on."
_IF_NOT = (
    "If it ends at once each time, its files may be from another version: "
    "'make reset' throws them away and starts afresh."
)

_POLLED = (
    (task_queues.WORKFLOWS, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
    (task_queues.SLACK, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    (task_queues.AIRTABLE, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
)


def stages(settings: LocalSettings, environment: dict[str, str]) -> list[list[Service]]:
    """What to start, in order: first what the others lean on. They stop the other way round."""
    python = sys.executable

    def service(
        name: str,
        command: Sequence[str],
        ready: Callable[[], Awaitable[bool]],
        advice: str = _AGAIN,
    ) -> Service:
        return Service(name, command, ready, environment=environment, directory=ROOT, advice=advice)

    return [
        [
            _temporal(settings, environment),
            service(
                "Sandbox",
                [python, "-m", "sandbox"],
                lambda: _all_answer(
                    f"{settings.slack_url}/_sandbox/health",
                    f"{settings.airtable_url}/_sandbox/health",
                    f"{settings.start_url}/health",
                ),
                f"{_AGAIN} {_IF_NOT}",
            ),
        ],
        [
            service("Worker", [python, "worker.py"], lambda: _is_polled(settings)),
            service(
                "Slack app",
                [python, "-m", "slack_app"],
                lambda: _all_answer(f"{settings.url(settings.slack_app_port)}/health"),
            ),
            service(
                "Request form",
                [python, "-m", "starter"],
                lambda: _all_answer(f"{settings.form_url}/health"),
            ),
        ],
    ]


def _temporal(settings: LocalSettings, environment: dict[str, str]) -> Service:
    command = [
        str(Path(sys.executable).with_name("temporal")),
        *("server", "start-dev"),
        *("--ip", HOST, "--port", str(settings.temporal_port)),
        *("--ui-port", str(settings.temporal_ui_port), "--ui-disable-news-fetch"),
        *("--db-filename", str(settings.state_dir / "temporal.sqlite3")),
        *("--namespace", DEFAULT_NAMESPACE),
        *("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"),
        # a timer that is skipped to fires at once: by default the server looks once a second
        *("--dynamic-config-value", 'history.timerProcessorMaxTimeShift="20ms"'),
    ]
    for key in search_attributes.ALL:
        kind = IndexedValueType.Name(IndexedValueType.ValueType(key.indexed_value_type))
        camel = kind.removeprefix("INDEXED_VALUE_TYPE_").title().replace("_", "")
        command += ["--search-attribute", f"{key.name}={camel}"]
    return Service(
        "Temporal",
        command,
        lambda: _temporal_is_ready(settings),
        environment=environment,
        directory=ROOT,
        advice=f"{_AGAIN} {_IF_NOT}",
        shown=_TEMPORAL_ERRORS,
    )


async def until_ready(settings: LocalSettings) -> None:
    """Wait until every part answers, whoever started it."""
    for service in (one for stage in stages(settings, {}) for one in stage):
        while not await service.ready():  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.5)


async def connect(settings: LocalSettings) -> Client:
    """A plain client, for looking at the server from outside.

    Raises:
        RuntimeError: it does not answer.
    """
    return await Client.connect(settings.temporal_address, namespace=DEFAULT_NAMESPACE)


async def _temporal_is_ready(settings: LocalSettings) -> bool:
    try:
        await namespace.prepare(await connect(settings))
    except (RuntimeError, RPCError):
        return False
    return await _all_answer(settings.temporal_ui_url)


async def _is_polled(settings: LocalSettings) -> bool:
    """Whether a worker asks for work on every queue."""
    try:
        client = await connect(settings)
        for queue, kind in _POLLED:
            described = await client.workflow_service.describe_task_queue(
                DescribeTaskQueueRequest(
                    namespace=client.namespace,
                    task_queue=TaskQueue(name=queue),
                    task_queue_type=kind,
                )
            )
            if not described.pollers:
                return False
    except (RuntimeError, RPCError):
        return False
    return True


async def _all_answer(*urls: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=2)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for url in urls:
            try:
                async with session.get(url) as answer:
                    if answer.status != 200:
                        return False
            except (aiohttp.ClientError, TimeoutError):
                return False
    return True
