"""Somebody has written in a pair's group message: that they did, and when. Never what."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from clients.requests import RequestGoneError, TemporalAwayError
from domain.messages import Word
from slack_app.events import from_a_person
from slack_app.lately import Lately
from slack_app.office import Office

ONE_WORD = 300.0
"""Seconds in which a person's words in a channel count as one: each costs events in a history."""
NO_REQUEST = 20.0
"""Seconds for which a channel without a running request is not looked up again."""

_log = logging.getLogger(__name__)


def register(app: AsyncApp, office: Office) -> None:
    said = Lately(ONE_WORD, office.clock)
    unknown = Lately(NO_REQUEST, office.clock)
    temporal = _Outage()

    async def note_word(event: dict[str, Any]) -> BoltResponse | None:
        """Answered once the signal stands; else Slack is asked to deliver it again."""
        channel, person = event["channel"], event["user"]
        if (channel, person) in said or channel in unknown:
            return None
        said.add((channel, person))  # beforehand: words come in bursts
        try:
            if not await _tell_request(channel, person):
                unknown.add(channel)
                said.discard((channel, person))
        except TemporalAwayError:
            said.discard((channel, person))
            temporal.is_away()
            return BoltResponse(status=503)
        except BaseException:
            said.discard((channel, person))
            raise
        temporal.is_back()
        return None

    async def _tell_request(channel: str, person: str) -> bool:
        """False when no running request belongs to this channel."""
        request_id = await office.requests.find(channel=channel)
        if request_id is None:
            return False
        try:
            await office.requests.decide(request_id, Word(by=person, channel=channel))
        except RequestGoneError:  # it has just ended
            return False
        return True

    app.event("message", matchers=[_in_a_group])(note_word)


class _Outage:
    """Says once that words are not noted, and once that they are again."""

    def __init__(self) -> None:
        self._away = False

    def is_away(self) -> None:
        if not self._away:
            _log.warning("Temporal is away: words in group messages wait for Slack's redelivery")
        self._away = True

    def is_back(self) -> None:
        if self._away:
            _log.info("Words in group messages are noted again")
        self._away = False


async def _in_a_group(event: dict[str, Any]) -> bool:
    return event.get("channel_type") == "mpim" and from_a_person(event)
