"""Saying something in Slack, once: what all activities that write there have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from temporalio import activity

from activities import keys
from activities.errors import HourlyAlerts
from cards.blocks import Card
from clients.slack import Slack, SlackPayloadError
from domain.view import MessageRef

URGENT_FROM = 1
"""Activities of this priority or a more urgent one answer somebody who waits."""

_T = TypeVar("_T")


class Voice:
    """Writes cards with their keys; alerts about what Slack does not take as it is."""

    def __init__(self, slack: Slack, hourly: HourlyAlerts) -> None:
        self._slack = slack
        self._hourly = hourly

    async def say(
        self, card: Card, key: str, channel: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post it; without its blocks if Slack takes it in no other way."""
        params: dict[str, Any] = {
            "channel": channel,
            "text": card.text,
            "blocks": card.blocks,
            "metadata": keys.metadata(key),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread:
            params["thread_ts"] = thread.ts
        try:
            answer = await self.call("chat.postMessage", **params)
        except SlackPayloadError as error:
            params.pop("blocks")
            answer = await self.call("chat.postMessage", **params)
            self.alert(key, f"with its blocks, so it went as plain text ({error.code})")
        return MessageRef(channel=str(answer["channel"]), ts=str(answer["ts"]))

    async def redraw(self, card: Card, place: MessageRef) -> None:
        """Let a message say this instead."""
        where = {"channel": place.channel, "ts": place.ts}
        await self.call("chat.update", **where, text=card.text, blocks=card.blocks)

    def alert(self, key: str, what: str) -> None:
        line = f"Slack refuses {key} {what}"
        self._hourly.error(line, line)

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One method of the Web API, as urgent as the activity is. Raises: SlackError."""
        priority = activity.info().priority.priority_key or URGENT_FROM + 1
        return await self._slack.call(method, urgent=priority <= URGENT_FROM, **params)


async def finish(work: Coroutine[Any, Any, _T]) -> _T:
    """Let one message be written to its end even when the activity is cancelled meanwhile."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
