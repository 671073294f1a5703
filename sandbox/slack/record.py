"""Who was told what: the app's messages in order, with all that became of them.

Kept beside the messages, which only know their latest state: tests ask what somebody read when it
was posted, how often it was edited, and whether it still stands there.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.slack import shapes
from sandbox.slack.blocks import elements_of
from sandbox.slack.errors import JSON
from sandbox.slack.identity import BOT_USER_ID
from sandbox.slack.mentions import mentioned, pinged
from sandbox.slack.store import Store, microseconds

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    number INTEGER PRIMARY KEY, conversation TEXT NOT NULL, ts TEXT NOT NULL,
    reader TEXT NOT NULL,  -- of a note that only one person sees; else ''
    at TEXT NOT NULL,      -- when, written as a ts
    message TEXT           -- as posted or edited; NULL: taken away
);
"""


@dataclass
class _Told:
    """One message's rows."""

    conversation_id: str
    ts: str
    reader: str
    versions: list[tuple[str, JSON]] = field(default_factory=list)
    deleted: bool = False


class Record:
    """Written by the workspace; only the app's own messages are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db: sqlite3.Connection = store.database
        self._db.executescript(_SCHEMA)

    def clear(self) -> None:
        self._db.execute("DELETE FROM record")

    def shown(self, conversation_id: str, message: JSON, *, at: str = "", reader: str = "") -> None:
        """A message was posted (at its ts), or edited at another moment."""
        self._note(conversation_id, message, reader, at or message["ts"], json.dumps(message))

    def removed(self, conversation_id: str, message: JSON, *, at: str, reader: str = "") -> None:
        """A message was taken away."""
        self._note(conversation_id, message, reader, at, None)

    def _note(
        self, conversation_id: str, message: JSON, reader: str, at: str, body: str | None
    ) -> None:
        if message["user"] != BOT_USER_ID:
            return
        self._db.execute(
            "INSERT INTO record (conversation, ts, reader, at, message) VALUES (?,?,?,?,?)",
            (conversation_id, message["ts"], reader, at, body),
        )

    def messages(self, *, to: str = "", channel: str = "", since: str = "") -> list[JSON]:
        """What was posted, oldest first, in the shape that README.md describes.

        Args:
            to: only what was for this person: see `to` there.
            channel: only what was posted in this conversation.
            since: only what was posted after this ts.
        """
        rows = self._db.execute(
            "SELECT conversation, ts, reader, at, message FROM record "
            "WHERE ts > ? AND (? = '' OR conversation = ?) ORDER BY number",
            (since, channel, channel),
        )
        entries = (self._entry(told) for told in _gathered(rows))
        return [entry for entry in entries if not to or to in entry["to"]]

    def _entry(self, told: _Told) -> JSON:
        conversation = self._store.conversation(told.conversation_id)
        assert conversation is not None, "conversations are never removed"  # noqa: S101
        versions = [_version(at, message) for at, message in told.versions]
        posted = told.versions[0][1]
        metadata: Mapping[str, Any] = posted.get("metadata") or {}
        if told.reader:
            to = [told.reader]
        elif conversation.people:
            to = [user_id for user_id in conversation.people if user_id != BOT_USER_ID]
        else:
            to = pinged(posted, self._store.members(conversation.id))
        return {
            "channel": conversation.id,
            "channel_type": shapes.channel_type(conversation),
            "channel_name": conversation.name,
            "ts": told.ts,
            "thread_ts": posted.get("thread_ts"),
            "posted_at": _moment(told.ts),
            "ephemeral": bool(told.reader),
            "to": to,
            "metadata": metadata or None,
            "key": metadata.get("event_payload", {}).get("key"),
            "posted": versions[0],
            "now": None if told.deleted else versions[-1],
            "edits": len(versions) - 1,
            "deleted": told.deleted,
            "versions": versions,
        }


def _gathered(rows: Iterable[sqlite3.Row]) -> list[_Told]:
    """One for each message whose posting was noted, in that order."""
    found: dict[tuple[str, str], _Told] = {}
    for conversation_id, ts, reader, at, body in rows:
        if at == ts:
            found[conversation_id, ts] = _Told(conversation_id, ts, reader)
        told = found.get((conversation_id, ts))
        if told is None:
            continue  # posted before there was a record
        if body is None:
            told.deleted = True
        else:
            told.versions.append((at, json.loads(body)))
    return list(found.values())


def _version(at: str, message: JSON) -> JSON:
    """What could be read and pressed at a time."""
    elements = [element for block in message.get("blocks", ()) for element in elements_of(block)]
    buttons = [e for e in elements if e["type"] == "button" and "url" not in e]
    return {
        "at": at,
        "text": message["text"],
        "words": "\n".join(_words(message)),
        "buttons": [button["action_id"] for button in buttons],
        "labels": [button["text"]["text"] for button in buttons],
        "menus": [e["action_id"] for e in elements if e["type"] not in {"button", "image"}],
        "links": [e["url"] for e in elements if e["type"] == "button" and "url" in e],
        "mentions": mentioned(message),
    }


def _words(message: JSON) -> Iterator[str]:
    """What is to be read, block by block; what stands on buttons and in menus is left out."""
    if not message.get("blocks"):
        yield message["text"]
    for block in message.get("blocks", ()):
        if block["type"] == "context":
            yield from (e["text"] for e in block["elements"] if "text" in e)
            continue
        texts = [
            block.get("text"),
            block.get("label"),
            block.get("title"),
            *block.get("fields", ()),
        ]
        yield from (text["text"] for text in texts if text)


def _moment(ts: str) -> str:
    seconds = microseconds(ts) / 1_000_000
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
