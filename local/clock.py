"""One request's clock, and moving it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio.client import Client
from temporalio.testing import TimeSkipper

from domain import ids
from local.actors import NotSeenError
from sandbox.start.workflow_time import time_at

PATIENCE = 90.0
"""Seconds that one skip may take."""


class RequestClock:
    """The clock of one request's workflow at a development server."""

    def __init__(self, client: Client, request_id: str) -> None:
        self._skipper = TimeSkipper(client)
        self._handle = client.get_workflow_handle(ids.workflow_id(request_id))

    async def now(self) -> datetime:
        """UTC."""
        return await time_at(self._handle)

    async def skip(self, by: timedelta) -> None:
        """Move ahead; what falls due on the way has happened when this returns.

        Raises:
            NotSeenError: it took too long.
        """
        if by <= timedelta(0):
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._skipper.fast_forward(self._handle, by)
        except TimeoutError:
            raise NotSeenError(
                f"the request's clock did not get there in {PATIENCE:.0f} s: something that was "
                "due on the way is not done. Is the worker well? Its log says more."
            ) from None

    async def skip_to(self, moment: datetime) -> None:
        await self.skip(moment - await self.now())
