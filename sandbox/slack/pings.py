"""Mentions that people haven't read yet: the badge on a channel.

A DM needs none of this, as every message in it is for its reader.
"""

import sqlite3
from collections.abc import Iterable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pings (
    conversation TEXT NOT NULL, user TEXT NOT NULL, ts TEXT NOT NULL,
    thread TEXT NOT NULL,  -- '' outside threads
    PRIMARY KEY (conversation, user, ts)
) WITHOUT ROWID;
"""


class Pings:
    """Unread mentions, in the workspace's own database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._db.executescript(_SCHEMA)

    def add(self, conversation_id: str, user_ids: Iterable[str], ts: str, thread: str) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO pings VALUES (?,?,?,?)",
            [(conversation_id, user_id, ts, thread) for user_id in user_ids],
        )

    def count(self, conversation_id: str, user_id: str) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM pings WHERE conversation = ? AND user = ?",
            (conversation_id, user_id),
        ).fetchone()
        return int(row[0])

    def read(self, conversation_id: str, user_id: str, ts: str, thread: str) -> None:
        """The person has read that far, outside threads ('') or in this one."""
        self._db.execute(
            "DELETE FROM pings WHERE conversation = ? AND user = ? AND thread = ? AND ts <= ?",
            (conversation_id, user_id, thread, ts),
        )

    def forget(self, conversation_id: str, ts: str) -> None:
        """The message is gone."""
        self._db.execute(
            "DELETE FROM pings WHERE conversation = ? AND ts = ?", (conversation_id, ts)
        )

    def clear(self) -> None:
        self._db.execute("DELETE FROM pings")
