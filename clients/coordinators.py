"""Who coordinates: the members of the coordinators' channel in Slack, and nobody else."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from clients.slack import UNANSWERED

LIFE = 60.0
"""Seconds for which a reading is good: whoever leaves the channel sees no more after that."""
WITHIN = 6.0
"""Seconds that somebody waits in front of a page."""
PAGE = 200

_log = logging.getLogger(__name__)


class CoordinatorsUnknownError(ConnectionError):
    """Slack does not say who is in the channel: nobody is taken for a coordinator."""


class ChannelMembers:
    """Reads the channel when somebody asks; one reading serves everybody for a minute."""

    def __init__(
        self, slack: AsyncWebClient, channel: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._slack = slack
        self._channel = channel
        self._clock = clock
        self._members: frozenset[str] = frozenset()
        self._good_until = float("-inf")
        self._turn = asyncio.Lock()

    async def include(self, slack_id: str) -> bool:
        """Raises: CoordinatorsUnknownError."""
        try:
            async with asyncio.timeout(WITHIN), self._turn:
                if self._clock() >= self._good_until:
                    self._members = await self._read()
                    self._good_until = self._clock() + LIFE
        except (*UNANSWERED, LookupError, TypeError) as error:
            _log.warning("The coordinators' channel can't be read: %s", _why(error))
            raise CoordinatorsUnknownError("Slack did not say who coordinates") from error
        return slack_id in self._members

    async def _read(self) -> frozenset[str]:
        members: set[str] = set()
        cursor = ""
        while True:
            page = await self._slack.conversations_members(
                channel=self._channel, limit=PAGE, cursor=cursor
            )
            members.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(members)


def _why(error: BaseException) -> str:
    """The kind of an error, and what to do where that is known."""
    data = getattr(getattr(error, "response", None), "data", None)
    code = str(data.get("error")) if isinstance(data, dict) else ""
    hints = {
        "missing_scope": "; give the app groups:read (channels:read for a public channel)",
        "channel_not_found": "; check SLACK_COORDINATORS_CHANNEL and invite the app to it",
    }
    name = type(error).__qualname__
    return f"{name} ({code}){hints.get(code, '')}" if isinstance(error, SlackApiError) else name
