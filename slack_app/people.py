"""Who somebody is in Slack, remembered for an hour."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from domain.models import Person
from domain.text import one_line
from slack_app.slack_errors import UNANSWERED, error_name

LIFE = 3600.0
"""Seconds for which an answer is good."""
WITHIN = 0.8
"""Seconds that somebody who has clicked waits for a name; they have three in all."""
MOST = 5000

_log = logging.getLogger(__name__)


class People:
    """Names and time zones from users.info; one call a person and hour."""

    def __init__(
        self, slack: AsyncWebClient, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._slack = slack
        self._clock = clock
        self._known: dict[str, tuple[float, Person]] = {}

    async def find(self, slack_id: str, handle: str = "") -> Person:
        """Somebody; with ``handle`` for a name, and no time zone, while Slack does not say."""
        until, person = self._known.get(slack_id, (0.0, None))
        if person and self._clock() < until:
            return person
        try:
            async with asyncio.timeout(WITHIN):
                answer = await self._slack.users_info(user=slack_id)
            found = _read(slack_id, answer["user"])
        except (*UNANSWERED, LookupError, TypeError) as error:
            _log.warning("Somebody's name could not be looked up: %s", error_name(error))
            return person or Person(slack_id=slack_id, name=handle)
        self._known.pop(slack_id, None)
        self._known[slack_id] = (self._clock() + LIFE, found)
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return found


def _read(slack_id: str, user: dict[str, Any]) -> Person:
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    name = next((one_line(name) for name in names if name and one_line(name)), "")
    return Person(slack_id=slack_id, name=name or user["name"], time_zone=user.get("tz") or "")
