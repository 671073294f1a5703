"""Who coordinates: the members of the coordinators' channel, and nobody else."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_app.refusals import RefusalError
from slack_app.slack_errors import UNANSWERED, error_code, error_name

LIFE = 60.0
"""Seconds for which a reading is good: whoever leaves the channel can do no more after that."""
WITHIN = 1.0
"""Seconds that somebody who has clicked waits for it; they have three in all."""
PAGE = 200

NOT_FOR_YOU = "This is for coordinators only, so nothing was changed."
NOT_KNOWN = (
    "We could not look up who is a coordinator just now, so nothing was changed. Please try again "
    "in a moment."
)

_log = logging.getLogger(__name__)


class Coordinators:
    """Reads the channel when somebody asks; one reading serves a burst."""

    def __init__(
        self,
        slack: AsyncWebClient,
        channel: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slack = slack
        self._channel = channel
        self._clock = clock
        self._reading: asyncio.Task[frozenset[str] | None] | None = None
        self._good_until = 0.0

    async def check(self, slack_id: str) -> None:
        """Raises: RefusalError: they are none, or it can't be found out."""
        if not await self.include(slack_id):
            raise RefusalError(NOT_FOR_YOU)

    async def include(self, slack_id: str) -> bool:
        """Raises: RefusalError: it can't be found out."""
        reading = self._reading
        if reading is None or (reading.done() and not self._still_good(reading)):
            reading = self._reading = asyncio.create_task(self._read())
        await asyncio.wait({reading}, timeout=WITHIN)
        members = reading.result() if reading.done() and not reading.cancelled() else None
        if members is None:
            raise RefusalError(NOT_KNOWN)
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
            _log.warning("The coordinators' channel can't be read: %s%s", *_why(error))
            return None
        self._good_until = self._clock() + LIFE
        return frozenset(members)


def _why(error: BaseException) -> tuple[str, str]:
    hints = {
        "missing_scope": "; give the app groups:read (channels:read for a public channel)",
        "channel_not_found": "; check SLACK_COORDINATORS_CHANNEL and invite the app to it",
    }
    code = error_code(error) if isinstance(error, SlackApiError) else ""
    return error_name(error), hints.get(code, "")
