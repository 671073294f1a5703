"""The people of the town: those of the demo, and what a test looks for besides."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from local import actors
from local.actors import Json, Message, NotSeenError

__all__ = ["Message", "NotSeenError", "Person", "request_of", "status_url_of"]

PATIENCE = 60.0
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

    async def thread(self, message: Message) -> list[Message]:
        """The replies under a message."""
        path = f"conversations/{message.channel}/messages?thread_ts={message.raw['ts']}"
        found = await self._get(path)
        replies = [one for one in found["messages"] if one["ts"] != message.raw["ts"]]
        return [Message(message.channel, raw) for raw in replies]

    async def private_words(self, channel: str) -> list[str]:
        """What only they were shown there so far."""
        return [m.text for m in await self.messages(channel) if m.raw.get("ephemeral")]

    async def write(self, channel: str, text: str) -> Json:
        """Type something into a conversation."""
        return await self._post(f"conversations/{channel}/messages", {"text": text})

    async def react(self, channel: str, message: Json, emoji: str) -> None:
        await self._post(f"conversations/{channel}/reactions", {"ts": message["ts"], "name": emoji})

    async def press_and_read(self, message: Message, label: str) -> Json:
        """Press a button and return how Slack shows the outcome, whatever it is."""
        container: Json = {"type": "message", "channel": message.channel, "ts": message.raw["ts"]}
        action = message.button(label).action
        return await self._post("actions", {"container": container, "action": action})

    async def modal(self, title: str) -> str:
        """Wait for a modal with this title; its words."""
        return (await self.see_modal(title)).text

    async def see_modal(self, title: str, words: str = "") -> Message:
        """Wait for a modal with this title, on top of others, that shows these words."""

        async def look() -> Message | None:
            stack = (await self._get("views"))["stack"]
            if not stack or stack[-1]["title"]["text"] != title:
                return None
            modal = Message("", stack[-1])
            return modal if words in modal.text else None

        return await self.see(f"the modal “{title}” with “{words}”", look)

    async def close_modals(self) -> None:
        """Close what is open, all of it."""
        if stack := (await self._get("views"))["stack"]:
            await self._post(f"views/{stack[-1]['id']}/close", {"is_cleared": True})

    async def press_in(self, view: Message, label: str, *, number: int = 1) -> None:
        """Press a button in a modal or in App Home."""
        container: Json = {"type": "view", "view_id": view.raw["id"]}
        action = view.button(label, number=number).action
        answer = await self._post("actions", {"container": container, "action": action})
        assert answer["ok"], answer

    async def search(self, form: Message, label: str, typed: str = "") -> list[Json]:
        """The options of a searchable list in an open form, for what is typed into it."""
        block = _field(form, label)
        wish = {
            "container": {"type": "view", "view_id": form.raw["id"]},
            "block_id": block["block_id"],
            "action_id": block["element"]["action_id"],
            "value": typed,
        }
        found: list[Json] = (await self._post("options", wish))["options"]
        return found

    async def send_choice(self, form: Message, label: str, option: Json) -> None:
        """Choose one of the options that were found, and send the form."""
        assert not await self.try_choice(form, label, option)

    async def try_choice(self, form: Message, label: str, option: Json) -> str:
        """The same; what is said at the field, "" when the form is taken."""
        block = _field(form, label)
        chosen = {"type": block["element"]["type"], "selected_option": option}
        values = {block["block_id"]: {block["element"]["action_id"]: chosen}}
        sent = await self._post(f"views/{form.raw['id']}/submit", {"state": {"values": values}})
        assert sent["ok"], sent
        errors: dict[str, str] = sent.get("errors") or {}
        return errors.get(block["block_id"], "")


def _field(form: Message, label: str) -> Json:
    blocks: list[Json] = form.raw["blocks"]
    return next(one for one in blocks if one.get("label", {}).get("text") == label)


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
