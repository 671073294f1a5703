"""Heartbeats for activities that send one thing after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

from domain.base import Payload

INTERVAL = 1.0
"""Seconds: so long at most until a cancelled wave hears of it."""


@asynccontextmanager
async def heartbeats(progress: Payload) -> AsyncIterator[None]:
    """Send ``progress`` as it grows, also while a call or a rate limit takes its time."""

    async def beat() -> None:
        while True:
            activity.heartbeat(progress)
            await asyncio.sleep(INTERVAL)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        activity.heartbeat(progress)
