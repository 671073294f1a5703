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
"""Seconds for which a reading is good: whoever leaves the channel can do no more after that."""
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
        self._reading: asyncio.Task[frozenset[str] | None] | None = None
        self._good_until = 0.0

    async def include(self, slack_id: str, *, within: float = WITHIN) -> bool:
        """Whether they are in the channel.

        ``within``: seconds to wait for a reading; it goes on for whoever asks next.

        Raises:
            CoordinatorsUnknownError: Slack has not said so by then.
        """
        reading = self._reading
        if reading is None or (reading.done() and not self._still_good(reading)):
            reading = self._reading = asyncio.create_task(self._read())
        await asyncio.wait({reading}, timeout=within)
        members = reading.result() if reading.done() and not reading.cancelled() else None
        if members is None:
            raise CoordinatorsUnknownError("Slack did not say who coordinates")
        return slack_id in members

    def _still_good(self, reading: asyncio.Task[frozenset[str] | None]) -> bool:
        read = not reading.cancelled() and reading.result() is not None
        return read and self._clock() < self._good_until

    async def _read(self) -> frozenset[str] | None:
        """All members, or None when Slack does not say."""
        members: set[str] = set()
        cursor = ""
        try:
            while True:
                page = await self._slack.conversations_members(
                    channel=self._channel, limit=PAGE, cursor=cursor
                )
                members.update(page["members"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    break
        except (*UNANSWERED, LookupError, TypeError) as error:
            _log.warning("The coordinators' channel can't be read: %s", _why(error))
            return None
        self._good_until = self._clock() + LIFE
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
