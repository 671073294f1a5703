"""People at their screens: they read messages, press buttons and fill forms in the Slack stand-in.

They know what anybody can see: labels and words, not ids. What should appear is waited for with
bounded patience, woken by the stand-in's live news.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import aiohttp

from sandbox.people import Person as Profile

PATIENCE = 75.0
"""Seconds that anybody waits for something to appear."""
_LOOK_AGAIN = 1.0
"""Seconds after which they look again without having been told of news."""
_SHOWN = 3
"""Messages quoted when something did not appear."""

_T = TypeVar("_T")
Json = dict[str, Any]
Answer = str | datetime | Sequence[str] | Json
"""What is typed or chosen: labels of checkboxes as a list; an object is the value as Slack has it,
for instance with options that a search has found."""


class NotSeenError(Exception):
    """Something did not appear, or was refused; the text says what was there instead."""


@dataclass(frozen=True)
class Button:
    """A button on a message, as it is sent back when pressed."""

    label: str
    action: Json


class Message:
    """A message as somebody sees it."""

    def __init__(self, channel: str, raw: Json) -> None:
        self.channel = channel
        self.raw = raw
        parts = list(_parts(raw.get("blocks") or []))
        texts = [part["text"] for part in parts if part.get("type") in ("mrkdwn", "plain_text")]
        self.text = "\n".join(texts) or str(raw.get("text", ""))
        self.buttons = [
            Button(part["text"]["text"], part) for part in parts if part.get("type") == "button"
        ]

    def has_button(self, label: str) -> bool:
        return any(button.label == label for button in self.buttons)

    def button(self, label: str, *, number: int = 1) -> Button:
        """The button with this label; ``number`` counts those that are labelled alike.

        Raises:
            NotSeenError: there is no such button.
        """
        found = [button for button in self.buttons if button.label == label]
        if len(found) < number:
            raise NotSeenError(f"no button “{label}” on the message:\n{_indented(self.text)}")
        return found[number - 1]

    def concerns(self, request_id: str) -> bool:
        """Whether it belongs to this request: its buttons, or its metadata, carry the id."""
        return request_id in json.dumps([self.raw.get("blocks"), self.raw.get("metadata")])


class Person:
    """One person, acting through the stand-in's client API."""

    def __init__(self, http: aiohttp.ClientSession, slack_url: str, profile: Profile) -> None:
        self.profile = profile
        self.name = profile.real_name
        self.first_name = profile.real_name.split()[0]
        self._http = http
        self._url = f"{slack_url}/client/{profile.slack_id}"
        self._news = asyncio.Event()

    @contextlib.asynccontextmanager
    async def at_the_screen(self) -> AsyncIterator[Person]:
        """Be told of news, for as long as the context lasts."""
        listening = asyncio.create_task(self._listen())
        try:
            yield self
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    # ---- reading ----------------------------------------------------------------------------

    async def conversations(self, kind: str) -> list[Json]:
        """Those of one type that they are in: "im", "mpim", "channel" or "private"."""
        found: list[Json] = (await self._get("conversations"))["conversations"]
        return [one for one in found if one["type"] == kind and one["is_member"]]

    async def messages(self, channel: str) -> list[Message]:
        """The latest messages of a conversation, oldest first."""
        found = await self._get(f"conversations/{channel}/messages")
        return [Message(channel, raw) for raw in found["messages"]]

    async def direct_messages(self, kind: str = "im") -> list[Message]:
        """The latest messages of all their conversations of this type."""
        found: list[Message] = []
        for conversation in await self.conversations(kind):
            found += await self.messages(conversation["id"])
        return found

    async def see(
        self, what: str, look: Callable[[], Awaitable[_T | None]], patience: float = PATIENCE
    ) -> _T:
        """Wait until ``look`` finds something.

        Raises:
            NotSeenError: it did not appear; ``what`` names it.
        """
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            self._news.clear()
            if (found := await look()) is not None:
                return found
            if asyncio.get_running_loop().time() > deadline:
                raise NotSeenError(await self._instead(what, patience))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _LOOK_AGAIN)

    async def see_message(
        self,
        what: str,
        fits: Callable[[Message], bool],
        *,
        kind: str = "im",
        patience: float = PATIENCE,
    ) -> Message:
        """Wait for a message, the newest that fits, in their conversations of this type.

        Raises:
            NotSeenError: it did not appear.
        """

        async def look() -> Message | None:
            fitting = [message for message in await self.direct_messages(kind) if fits(message)]
            return fitting[-1] if fitting else None

        return await self.see(what, look, patience)

    async def open_home(self, words: str = "") -> Message:
        """Open App Home, and wait until it shows these words.

        Raises:
            NotSeenError: it did not show them.
        """
        await self._post("home/open", {})

        async def look() -> Message | None:
            home = (await self._get("home"))["view"]
            return Message("", home) if home and words in Message("", home).text else None

        return await self.see(f"“{words}” in App Home", look)

    # ---- doing ------------------------------------------------------------------------------

    async def press(self, message: Message, label: str, *, number: int = 1) -> None:
        """Press a button on a message.

        Raises:
            NotSeenError: it is not there, or Slack says that the app did not answer.
        """
        button = message.button(label, number=number)
        container: Json = {"type": "message", "channel": message.channel, "ts": message.raw["ts"]}
        if message.raw.get("ephemeral"):
            container["ephemeral"] = True
        answer = await self._post("actions", {"container": container, "action": button.action})
        if not answer["ok"]:
            raise NotSeenError(f"{self.name} pressed “{label}” and read: {answer.get('message')}")

    async def fill(self, title: str, answers: Mapping[str, Answer]) -> None:
        """Fill the form that has opened, and send it. Answers go by the fields' labels.

        Raises:
            NotSeenError: the form did not open, lacks a field or an option, or was refused.
        """

        async def look() -> Json | None:
            stack = (await self._get("views"))["stack"]
            return stack[-1] if stack and stack[-1]["title"]["text"] == title else None

        view = await self.see(f"the form “{title}”", look)
        values: Json = {}
        for block_id, action_id, value in _filled(view, answers):
            values[block_id] = {action_id: value}
        sent = await self._post(f"views/{view['id']}/submit", {"state": {"values": values}})
        if not sent["ok"] or sent.get("errors"):
            words = sent.get("errors") or sent.get("message")
            raise NotSeenError(f"{self.name} sent the form “{title}” and read: {words}")

    # ---- the wire ---------------------------------------------------------------------------

    async def _get(self, path: str) -> Json:
        async with self._http.get(f"{self._url}/{path}") as answer:
            return await _json(answer)

    async def _post(self, path: str, body: Json) -> Json:
        async with self._http.post(f"{self._url}/{path}", json=body) as answer:
            return await _json(answer)

    async def _listen(self) -> None:
        forever = aiohttp.ClientTimeout(total=None, sock_read=None)
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._http.get(f"{self._url}/events", timeout=forever) as stream:
                    async for line in stream.content:
                        if line.startswith(b"data:"):
                            self._news.set()
            await asyncio.sleep(_LOOK_AGAIN)

    async def _instead(self, what: str, patience: float) -> str:
        latest = (await self.direct_messages())[-_SHOWN:]
        seen = "\n".join(_indented(message.text) for message in latest) or "    (nothing)"
        return (
            f"{self.name} did not see {what} within {patience:.0f} s.\n"
            f"Seen instead, the latest messages from Muster:\n{seen}"
        )


def _parts(node: Any, block_id: str = "") -> Iterator[Json]:
    """Every object in a message's blocks; buttons learn the id of their block."""
    if isinstance(node, list):
        for member in node:
            yield from _parts(member, block_id)
    elif isinstance(node, dict):
        block_id = node.get("block_id", block_id)
        yield {**node, "block_id": block_id} if node.get("type") == "button" else node
        for member in node.values():
            yield from _parts(member, block_id)


def _filled(view: Json, answers: Mapping[str, Answer]) -> Iterator[tuple[str, str, Json]]:
    fields = {block["label"]["text"]: block for block in view["blocks"] if block["type"] == "input"}
    for label, answer in answers.items():
        if label not in fields:
            raise NotSeenError(f"the form has no field “{label}”, only {', '.join(fields)}")
        block = fields[label]
        element = block["element"]
        yield block["block_id"], element["action_id"], _value(element, label, answer)


def _value(element: Json, label: str, answer: Answer) -> Json:
    kind = element["type"]
    if isinstance(answer, dict):
        return {"type": kind, **answer}
    if kind == "datetimepicker" and isinstance(answer, datetime):
        return {"type": kind, "selected_date_time": int(answer.timestamp())}
    if kind in ("radio_buttons", "static_select"):
        return {"type": kind, "selected_option": _option(element, label, answer)}
    if kind == "checkboxes" and not isinstance(answer, str | datetime):
        ticked = [_option(element, label, one) for one in answer]
        return {"type": kind, "selected_options": ticked}
    return {"type": kind, "value": answer}


def _option(element: Json, label: str, answer: object) -> Json:
    for option in element["options"]:
        if option["text"]["text"] == answer:
            return dict(option)
    raise NotSeenError(f"“{label}” offers no “{answer}”")


async def _json(answer: aiohttp.ClientResponse) -> Json:
    try:
        found = await answer.json()
    except (aiohttp.ContentTypeError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise NotSeenError(f"the Slack stand-in answered {answer.status} at {answer.url.path}")
    return found


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines() if line.strip())
