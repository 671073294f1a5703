"""Heartbeats: a worker that died is noticed soon, and a cancellation is heard soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

from domain.base import Payload

INTERVAL = 1.0
"""Seconds: so long at most until a cancelled wave hears of it."""


@asynccontextmanager
async def heartbeats(progress: Payload | None = None) -> AsyncIterator[None]:
    """Send ``progress`` as it grows, also while a call or a rate limit takes its time."""
    details = [] if progress is None else [progress]

    async def beat() -> None:
        while True:
            activity.heartbeat(*details)
            await asyncio.sleep(INTERVAL)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        activity.heartbeat(*details)


def is_recalled() -> bool:
    """The workflow wants no more of this activity.

    Otherwise a cancelled attempt was only interrupted, as by a worker that stops: it must not
    answer with what it has got done, for another attempt goes on from there.
    """
    details = activity.cancellation_details()
    return details is not None and details.cancel_requested
