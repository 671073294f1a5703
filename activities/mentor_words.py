"""What Muster says to a mentor outside any request."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from temporalio import activity

from activities import keys
from activities.errors import HourlyAlerts, from_slack
from activities.heartbeat import heartbeats
from activities.voice import Voice, finish
from cards.mentor_words import word_to_mentor
from cards.wording import Reworded
from clients.slack import (
    Slack,
    SlackError,
    SlackGoneError,
    SlackPayloadError,
    SlackRecipientError,
)
from domain.mentor_work import WordWritten, WriteWord


class MentorWordActivities:
    """Each word is written once, however often its activity runs."""

    def __init__(
        self,
        slack: Slack,
        *,
        texts: Callable[[], Mapping[str, str]] = dict,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``texts`` are the coordinators' own words (Message Text), as far as they are known."""
        self._hourly = HourlyAlerts(clock)
        self._voice = Voice(slack, self._hourly)
        self._wording = Reworded(texts, self._hourly.error)

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [self.write_word]

    @activity.defn
    async def write_word(self, order: WriteWord) -> WordWritten:
        """Write it, or redraw the one that stands at ``order.place``."""
        card = word_to_mentor(order.kind, order.answer, order.until, self._wording().say)

        async def write() -> WordWritten:
            place = order.place or await keys.find(self._voice.call, order.key, order.slack_id)
            if place is None:
                place = await self._voice.say(card, order.key, order.slack_id)
            else:
                await self._voice.redraw(card, place)
            return WordWritten(place=place)

        try:
            async with heartbeats():
                return await finish(write())
        except (SlackRecipientError, SlackGoneError) as error:
            activity.logger.warning("A word to a mentor has no reader: %s", error.code)
            return WordWritten(place=order.place)
        except SlackPayloadError as error:
            self._voice.alert(order.key, f"as it is, so it was left out ({error.code})")
            return WordWritten(place=order.place)
        except SlackError as error:
            raise from_slack(error, self._hourly) from error
