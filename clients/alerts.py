"""Says what an operator has to know: in the log, in the coordinators' channel and at a webhook."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from clients.slack import Slack, SlackAwayError, SlackBusyError, SlackError

alerts = logging.getLogger("muster.alerts")
"""What an operator must see: one line each, without personal data."""
_log = logging.getLogger(__name__)

WEBHOOK_TIMEOUT = 5.0
"""Seconds for one call of the webhook."""
SLACK_TIMEOUT = 30.0
"""Seconds for one post, what Slack asks to wait included."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""All that is special in Slack's texts; Slack-compatible webhooks read the same."""


class NotDeliveredError(Exception):
    """A channel did not take an alert; ``advice`` says what to look at.

    With ``passing`` the same may well be taken later.
    """

    def __init__(self, reason: str, advice: str, *, passing: bool) -> None:
        super().__init__(reason)
        self.advice = advice
        self.passing = passing


class Channel(Protocol):
    """Somewhere that people look."""

    name: str

    async def post(self, text: str) -> None:
        """Raises: NotDeliveredError."""
        ...


class SlackChannel:
    """One channel of the workspace."""

    name = "Slack"

    def __init__(self, slack: Slack, channel: str) -> None:
        self._slack = slack
        self._channel = channel

    async def post(self, text: str) -> None:
        """Raises: NotDeliveredError."""
        words = {"text": text.translate(_ESCAPES), "unfurl_links": False, "unfurl_media": False}
        try:
            async with asyncio.timeout(SLACK_TIMEOUT):
                await self._slack.call(
                    "chat.postMessage", urgent=True, channel=self._channel, **words
                )
        except SlackError as error:
            passing = isinstance(error, SlackAwayError | SlackBusyError)
            advice = "Check SLACK_BOT_TOKEN, SLACK_COORDINATORS_CHANNEL and that the bot is in it."
            raise NotDeliveredError(str(error), advice, passing=passing) from error
        except TimeoutError as error:
            raise NotDeliveredError("no answer in time", "", passing=True) from error


class Webhook:
    """An address that takes ``{"text": …}``, as Slack's incoming webhooks do.

    The address is a secret and appears in no error: only the kind of a failure does.
    """

    name = "the webhook"

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def post(self, text: str) -> None:
        """Raises: NotDeliveredError."""
        body = {"text": text.translate(_ESCAPES)}
        whole = aiohttp.ClientTimeout(total=WEBHOOK_TIMEOUT)
        try:
            async with self._http.post(
                self._url, json=body, timeout=whole, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
            kind = type(error).__name__
            raise NotDeliveredError(kind, "Check ALERT_WEBHOOK_URL.", passing=True) from None
        if not 200 <= status < 300:
            passing = status == 429 or status >= 500
            raise NotDeliveredError(f"HTTP {status}", "Check ALERT_WEBHOOK_URL.", passing=passing)


@dataclass
class _Line:
    """A channel, what it has not taken yet, and whether its last call failed."""

    channel: Channel
    owed: dict[str, str] = field(default_factory=dict)
    """The latest undelivered text about each subject: nothing piles up."""
    failing: bool = False


class Alerter:
    """Says a thing once in the log and to every channel; one that fails holds up no other.

    What a channel did not take for a passing reason is kept, the latest text of each subject, for
    the next ``deliver``. An answer that was lost may so bring the same alert twice, never none.
    """

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._lines = [_Line(channel) for channel in channels]

    def say(self, subject: str, text: str, *, level: int = logging.ERROR) -> None:
        """Log a text, and have it delivered in place of an older one on the same subject."""
        alerts.log(level, "%s", " ".join(text.split()))
        for line in self._lines:
            line.owed[subject] = text

    def settle(self, subject: str) -> None:
        """It is over: nobody needs to hear of it late."""
        for line in self._lines:
            line.owed.pop(subject, None)

    async def deliver(self) -> None:
        """Take to the channels what they are owed; no call when that is nothing.

        It raises nothing: a failure is logged, once until the channel is back.
        """
        await asyncio.gather(*(self._deliver(line) for line in self._lines))

    async def _deliver(self, line: _Line) -> None:
        for subject, text in list(line.owed.items()):
            try:
                await line.channel.post(text)
            except NotDeliveredError as error:
                if not error.passing:
                    del line.owed[subject]
                self._failed(line, f"{error}. {error.advice}".rstrip())
                return
            except Exception as error:  # whatever breaks one channel must not silence the others
                del line.owed[subject]
                self._failed(line, type(error).__name__)
                return
            del line.owed[subject]
            if line.failing:
                line.failing = False
                _log.info("Alerts reach %s again", line.channel.name)

    def _failed(self, line: _Line, why: str) -> None:
        if not line.failing:
            line.failing = True
            _log.warning(
                "Alerts do not reach %s: %s. Until they do, read them in this log.",
                line.channel.name,
                why.rstrip("."),
            )


@asynccontextmanager
async def open_alerter(slack: Slack, channel: str, webhook_url: str = "") -> AsyncIterator[Alerter]:
    """An alerter for a Slack channel and, if an address is given, a webhook."""
    async with aiohttp.ClientSession() as http:
        channels: list[Channel] = [SlackChannel(slack, channel)]
        if webhook_url:
            channels.append(Webhook(http, webhook_url))
        yield Alerter(channels)
