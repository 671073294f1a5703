"""Emoji that people put on messages."""

import json
import re
import sqlite3
from collections.abc import Sequence

from sandbox.slack.errors import JSON

_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reactions (
    conversation TEXT NOT NULL, ts TEXT NOT NULL, name TEXT NOT NULL, user TEXT NOT NULL,
    UNIQUE (conversation, ts, name, user)
);
"""


def is_name(name: str) -> bool:
    """Whether an emoji can be called that; without colons, e.g. `+1`."""
    return _NAME.fullmatch(name) is not None


class Reactions:
    """Who put which emoji on what, in the workspace's own database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._db.executescript(_SCHEMA)

    def add(self, conversation_id: str, ts: str, name: str, user_id: str) -> bool:
        """False if it was there already."""
        done = self._db.execute(
            "INSERT OR IGNORE INTO reactions VALUES (?,?,?,?)", (conversation_id, ts, name, user_id)
        )
        return done.rowcount == 1

    def remove(self, conversation_id: str, ts: str, name: str, user_id: str) -> bool:
        """False if it wasn't there."""
        done = self._db.execute(
            "DELETE FROM reactions WHERE conversation = ? AND ts = ? AND name = ? AND user = ?",
            (conversation_id, ts, name, user_id),
        )
        return done.rowcount == 1

    def on(self, conversation_id: str, messages: Sequence[str]) -> dict[str, list[JSON]]:
        """By message, as lists of messages show them: emoji and people in the order in which they
        came. Messages without any are left out."""
        rows = self._db.execute(
            "SELECT ts, name, user FROM reactions WHERE conversation = ? "
            "AND ts IN (SELECT value FROM json_each(?)) ORDER BY rowid",
            (conversation_id, json.dumps(messages)),
        )
        people: dict[str, dict[str, list[str]]] = {}
        for row in rows:
            people.setdefault(row["ts"], {}).setdefault(row["name"], []).append(row["user"])
        return {
            ts: [
                {"name": name, "users": users, "count": len(users)}
                for name, users in by_name.items()
            ]
            for ts, by_name in people.items()
        }

    def forget(self, conversation_id: str, ts: str) -> None:
        """The message is gone."""
        self._db.execute(
            "DELETE FROM reactions WHERE conversation = ? AND ts = ?", (conversation_id, ts)
        )

    def clear(self) -> None:
        self._db.execute("DELETE FROM reactions")
