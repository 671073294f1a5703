"""Who may do what coordinators do; everybody else is told so."""

from __future__ import annotations

import time
from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient

from clients.coordinators import ChannelMembers, CoordinatorsUnknownError
from slack_app.refusals import RefusalError

WITHIN = 1.0
"""Seconds that somebody who has clicked waits for it; they have three in all."""

NOT_FOR_YOU = "This is for coordinators only, so nothing was changed."
NOT_KNOWN = (
    "We could not look up who is a coordinator just now, so nothing was changed. Please try again "
    "in a moment."
)


class Coordinators:
    """The members of the coordinators' channel, and nobody else."""

    def __init__(
        self,
        slack: AsyncWebClient,
        channel: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._members = ChannelMembers(slack, channel, clock=clock)

    async def check(self, slack_id: str) -> None:
        """Raises: RefusalError: they are none, or it can't be found out."""
        if not await self.include(slack_id):
            raise RefusalError(NOT_FOR_YOU)

    async def include(self, slack_id: str) -> bool:
        """Raises: RefusalError: it can't be found out."""
        try:
            return await self._members.include(slack_id, within=WITHIN)
        except CoordinatorsUnknownError:
            raise RefusalError(NOT_KNOWN) from None
