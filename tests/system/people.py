"""The people of the town: those of the demo, and what a test looks for besides."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from local import actors
from local.actors import Json, Message, NotSeenError

__all__ = ["Message", "NotSeenError", "Person", "request_of", "status_url_of"]

PATIENCE = 25.0
"""Seconds that anybody waits for something to appear."""

_REQUEST_ID = re.compile(r"MR-[A-Z2-7]{10}")
_LINK = re.compile(r"<(http[^|>]+)\|")

_T = TypeVar("_T")


class Person(actors.Person):
    """One person; waits with a test's patience, and tells what only they were shown."""

    @property
    def slack_id(self) -> str:
        return self.profile.slack_id

    async def see(
        self, what: str, look: Callable[[], Awaitable[_T | None]], patience: float = PATIENCE
    ) -> _T:
        return await super().see(what, look, patience)

    async def see_text(self, words: str, *, kind: str = "im") -> Message:
        """Wait for a message with these words in their conversations of this type."""
        return await self.see_message(
            f"“{words}”", lambda message: words in message.text, kind=kind, patience=PATIENCE
        )

    async def see_button(self, label: str, *, kind: str = "im") -> Message:
        """Wait for a message with this button."""
        return await self.see_message(
            f"a button “{label}”",
            lambda message: message.has_button(label),
            kind=kind,
            patience=PATIENCE,
        )

    async def was_told(self, words: str, channel: str) -> Message:
        """Wait for a private word (nobody else sees it) in a conversation."""

        async def look() -> Message | None:
            found = [m for m in await self.messages(channel) if m.raw.get("ephemeral")]
            return next((m for m in reversed(found) if words in m.text), None)

        return await self.see(f"privately “{words}”", look)

    async def private_words(self, channel: str) -> list[str]:
        """What only they were shown there so far."""
        return [m.text for m in await self.messages(channel) if m.raw.get("ephemeral")]

    async def write(self, channel: str, text: str) -> Json:
        """Type something into a conversation."""
        return await self._post(f"conversations/{channel}/messages", {"text": text})

    async def press_and_read(self, message: Message, label: str) -> Json:
        """Press a button and return how Slack shows the outcome, whatever it is."""
        container: Json = {"type": "message", "channel": message.channel, "ts": message.raw["ts"]}
        action = message.button(label).action
        return await self._post("actions", {"container": container, "action": action})

    async def modal(self, title: str) -> str:
        """Wait for a modal with this title; its words."""

        async def look() -> Message | None:
            stack = (await self._get("views"))["stack"]
            return Message("", stack[-1]) if stack and stack[-1]["title"]["text"] == title else None

        return (await self.see(f"the modal “{title}”", look)).text


def request_of(message: Message) -> str:
    """The id of the request that a card is about, from its buttons."""
    found = _REQUEST_ID.search(str(message.raw.get("blocks")))
    if found is None:
        raise NotSeenError(f"no request on the card:\n{message.text}")
    return found[0]


def status_url_of(message: Message) -> str:
    """The link to the status page in a message."""
    found = _LINK.search(message.text)
    if found is None:
        raise NotSeenError(f"no link in the message:\n{message.text}")
    return found[1]
