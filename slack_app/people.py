"""Who somebody is in Slack, remembered for an hour."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient

from clients.slack_user import Account, read_account
from domain.models import Person
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
        self._known: dict[str, tuple[float, Account]] = {}

    async def find(self, slack_id: str, handle: str = "") -> Person:
        """Somebody; with ``handle`` for a name, and no time zone, while Slack does not say."""
        return (await self.account(slack_id, handle)).person

    async def account(self, slack_id: str, handle: str = "") -> Account:
        """The same with their full name and address, as far as Slack says."""
        until, account = self._known.get(slack_id, (0.0, None))
        if account and self._clock() < until:
            return account
        try:
            async with asyncio.timeout(WITHIN):
                answer = await self._slack.users_info(user=slack_id)
            found = read_account(answer["user"])
        except (*UNANSWERED, LookupError, TypeError) as error:
            _log.warning("Somebody's name could not be looked up: %s", error_name(error))
            return account or Account(Person(slack_id=slack_id, name=handle))
        self._known.pop(slack_id, None)
        self._known[slack_id] = (self._clock() + LIFE, found)
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return found
