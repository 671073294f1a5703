"""Everything the workspace remembers, in one SQLite file.

Messages are kept in Slack's own shape as JSON; only what is searched for has a column. All calls
are synchronous and short: one connection, used from the event loop's thread.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.slack.errors import JSON

Kind = Literal["channel", "private", "im", "mpim"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY, handle TEXT NOT NULL UNIQUE, real_name TEXT NOT NULL, email TEXT,
    tz TEXT NOT NULL, title TEXT NOT NULL, is_bot INTEGER NOT NULL, deleted INTEGER NOT NULL,
    is_mentor INTEGER NOT NULL, is_coordinator INTEGER NOT NULL, updated INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS users_by_email ON users (lower(email));
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, topic TEXT NOT NULL,
    creator TEXT NOT NULL, created INTEGER NOT NULL, archived INTEGER NOT NULL DEFAULT 0,
    people TEXT UNIQUE  -- im and mpim: the sorted member ids, so that a set has one conversation
);
CREATE UNIQUE INDEX IF NOT EXISTS conversations_by_name ON conversations (name)
    WHERE kind IN ('channel', 'private');
CREATE TABLE IF NOT EXISTS members (
    conversation TEXT NOT NULL, user TEXT NOT NULL, last_read TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (conversation, user)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_by_user ON members (user);
CREATE TABLE IF NOT EXISTS messages (
    conversation TEXT NOT NULL, ts TEXT NOT NULL, thread TEXT, in_channel INTEGER NOT NULL,
    author TEXT NOT NULL, body TEXT NOT NULL, metadata TEXT,
    PRIMARY KEY (conversation, ts)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (conversation, thread, ts);
CREATE INDEX IF NOT EXISTS messages_in_channel ON messages (conversation, ts) WHERE in_channel;
CREATE TABLE IF NOT EXISTS replaced_blocks (
    conversation TEXT NOT NULL, ts TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS replaced_blocks_by_message ON replaced_blocks (conversation, ts);
CREATE TABLE IF NOT EXISTS home_views (user TEXT PRIMARY KEY, view TEXT NOT NULL);
"""

LATEST = "9"
"""A bound that every ts is before."""

_TABLES = ("users", "conversations", "members", "messages", "replaced_blocks", "home_views")


@dataclass(frozen=True)
class User:
    id: str
    handle: str
    real_name: str
    email: str | None
    tz: str
    title: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_mentor: bool = False
    is_coordinator: bool = False
    updated: int = 0


@dataclass(frozen=True)
class Conversation:
    id: str
    kind: Kind
    name: str
    topic: str
    creator: str
    created: int
    archived: bool = False
    people: tuple[str, ...] = ()
    """The members of an im or mpim, sorted; empty for channels, whose members change."""


@dataclass(frozen=True)
class Thread:
    """What a parent message shows of its replies."""

    reply_count: int
    latest_reply: str
    reply_users: tuple[str, ...]


def microseconds(ts: str) -> int:
    """A ts as a number of microseconds since 1970."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(fraction.ljust(6, "0") or 0)


def ts_from(us: int) -> str:
    return f"{us // 1_000_000:010d}.{us % 1_000_000:06d}"


class Store:
    """Opens the file, and makes it if there is none."""

    def __init__(self, database: Path | str) -> None:
        if str(database) != ":memory:":
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        newest = self._db.execute("SELECT max(ts) FROM messages").fetchone()[0]
        self._last_us = microseconds(newest) if newest else 0

    @property
    def database(self) -> sqlite3.Connection:
        """The open connection, for those who keep a table of their own in the same file."""
        return self._db

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside a transaction is part of it."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def wipe(self) -> None:
        with self.transaction():
            for table in _TABLES:
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 (our own table names)

    def next_ts(self) -> str:
        """A message's id: seconds.microseconds, UTC, later than every one before."""
        self._last_us = max(time.time_ns() // 1000, self._last_us + 1)
        return ts_from(self._last_us)

    # People

    def put_user(self, user: User) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO users VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                user.id,
                user.handle,
                user.real_name,
                user.email,
                user.tz,
                user.title,
                user.is_bot,
                user.deleted,
                user.is_mentor,
                user.is_coordinator,
                user.updated,
            ),
        )

    def user(self, user_id: str) -> User | None:
        row = self._db.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()
        return _user(row) if row else None

    def user_by_email(self, email: str) -> User | None:
        row = self._db.execute(
            "SELECT * FROM users WHERE lower(email) = lower(?)", (email.strip(),)
        ).fetchone()
        return _user(row) if row else None

    def user_by_handle(self, handle: str) -> User | None:
        row = self._db.execute("SELECT * FROM users WHERE handle = ?", (handle,)).fetchone()
        return _user(row) if row else None

    def users(self, after: str = "", limit: int = -1) -> list[User]:
        rows = self._db.execute(
            "SELECT * FROM users WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
        )
        return [_user(row) for row in rows]

    # Conversations

    def put_conversation(self, conversation: Conversation, members: Iterable[str]) -> None:
        self._db.execute(
            "INSERT INTO conversations VALUES (?,?,?,?,?,?,?,?)",
            (
                conversation.id,
                conversation.kind,
                conversation.name,
                conversation.topic,
                conversation.creator,
                conversation.created,
                conversation.archived,
                ",".join(conversation.people) or None,
            ),
        )
        for user_id in members:
            self.add_member(conversation.id, user_id)

    def conversation(self, conversation_id: str) -> Conversation | None:
        return self._one_conversation("id = ?", conversation_id)

    def channel_named(self, name: str) -> Conversation | None:
        return self._one_conversation("name = ? AND kind IN ('channel', 'private')", name)

    def conversation_among(self, people: Iterable[str]) -> Conversation | None:
        """The im or mpim of exactly these people."""
        return self._one_conversation("people = ?", ",".join(sorted(set(people))))

    def conversations(self, kinds: Sequence[Kind], after: str = "") -> list[Conversation]:
        rows = self._db.execute(
            "SELECT * FROM conversations WHERE id > ? "
            "AND kind IN (SELECT value FROM json_each(?)) ORDER BY id",
            (after, json.dumps(kinds)),
        )
        return [_conversation(row) for row in rows]

    def conversations_of(self, user_id: str) -> list[Conversation]:
        rows = self._db.execute(
            "SELECT c.* FROM conversations c JOIN members m ON m.conversation = c.id "
            "WHERE m.user = ? ORDER BY c.id",
            (user_id,),
        )
        return [_conversation(row) for row in rows]

    def add_member(self, conversation_id: str, user_id: str) -> bool:
        """False if they were in already."""
        done = self._db.execute(
            "INSERT OR IGNORE INTO members (conversation, user) VALUES (?, ?)",
            (conversation_id, user_id),
        )
        return done.rowcount == 1

    def members(self, conversation_id: str) -> list[str]:
        rows = self._db.execute(
            "SELECT user FROM members WHERE conversation = ? ORDER BY user", (conversation_id,)
        )
        return [row["user"] for row in rows]

    def is_member(self, conversation_id: str, user_id: str) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM members WHERE conversation = ? AND user = ?", (conversation_id, user_id)
        )
        return row.fetchone() is not None

    def last_read(self, conversation_id: str, user_id: str) -> str:
        row = self._db.execute(
            "SELECT last_read FROM members WHERE conversation = ? AND user = ?",
            (conversation_id, user_id),
        ).fetchone()
        return row["last_read"] if row else ""

    def mark_read(self, conversation_id: str, user_id: str, ts: str) -> None:
        self._db.execute(
            "UPDATE members SET last_read = ? WHERE conversation = ? AND user = ?",
            (ts, conversation_id, user_id),
        )

    def unread(self, conversation_id: str, user_id: str) -> int:
        """Messages of others, outside threads, after the read mark."""
        row = self._db.execute(
            "SELECT count(*) FROM messages WHERE conversation = ? AND in_channel AND ts > ? "
            "AND author <> ?",
            (conversation_id, self.last_read(conversation_id, user_id), user_id),
        ).fetchone()
        return int(row[0])

    def latest_ts(self, conversation_id: str) -> str | None:
        row = self._db.execute(
            "SELECT max(ts) FROM messages WHERE conversation = ? AND in_channel",
            (conversation_id,),
        ).fetchone()
        return row[0] if row[0] else None

    # Messages

    def put_message(self, conversation_id: str, message: JSON) -> None:
        """Insert, or overwrite the one with the same ts."""
        body = {key: value for key, value in message.items() if key != "metadata"}
        metadata = message.get("metadata")
        thread = message.get("thread_ts")
        in_channel = thread in {None, message["ts"]} or message.get("subtype") == "thread_broadcast"
        self._db.execute(
            "INSERT OR REPLACE INTO messages VALUES (?,?,?,?,?,?,?)",
            (
                conversation_id,
                message["ts"],
                thread,
                in_channel,
                message["user"],
                json.dumps(body),
                json.dumps(metadata) if metadata else None,
            ),
        )

    def delete_message(self, conversation_id: str, ts: str) -> None:
        for table in ("messages", "replaced_blocks"):
            self._db.execute(
                f"DELETE FROM {table} WHERE conversation = ? AND ts = ?",  # noqa: S608
                (conversation_id, ts),
            )

    def message(self, conversation_id: str, ts: str) -> JSON | None:
        """With its metadata."""
        row = self._db.execute(
            "SELECT body, metadata FROM messages WHERE conversation = ? AND ts = ?",
            (conversation_id, ts),
        ).fetchone()
        return _message(row) if row else None

    def history(
        self, conversation_id: str, *, after: str = "", before: str = LATEST, limit: int
    ) -> list[JSON]:
        """Messages outside threads with after < ts < before, newest first."""
        rows = self._db.execute(
            "SELECT body, metadata FROM messages WHERE conversation = ? AND in_channel "
            "AND ts > ? AND ts < ? ORDER BY ts DESC LIMIT ?",
            (conversation_id, after, before, limit),
        )
        return [_message(row) for row in rows]

    def replies(
        self,
        conversation_id: str,
        thread: str,
        *,
        after: str = "",
        before: str = LATEST,
        limit: int,
    ) -> list[JSON]:
        """A thread's replies without the parent, after < ts < before, oldest first."""
        rows = self._db.execute(
            "SELECT body, metadata FROM messages WHERE conversation = ? AND thread = ? "
            "AND ts <> thread AND ts > ? AND ts < ? ORDER BY ts LIMIT ?",
            (conversation_id, thread, after, before, limit),
        )
        return [_message(row) for row in rows]

    def threads(self, conversation_id: str, parents: Sequence[str]) -> dict[str, Thread]:
        """What is known of the replies below these messages; those without any are left out."""
        rows = self._db.execute(
            "SELECT thread, count(*) AS n, max(ts) AS latest, group_concat(DISTINCT author) AS who "
            "FROM messages WHERE conversation = ? AND ts <> thread "
            "AND thread IN (SELECT value FROM json_each(?)) GROUP BY thread",
            (conversation_id, json.dumps(parents)),
        )
        return {
            row["thread"]: Thread(row["n"], row["latest"], tuple(sorted(row["who"].split(","))))
            for row in rows
        }

    def remember_blocks(self, conversation_id: str, ts: str, blocks: list[JSON]) -> None:
        """Keep what a message showed before an edit: somebody may still be looking at it."""
        self._db.execute(
            "INSERT INTO replaced_blocks VALUES (?,?,?)", (conversation_id, ts, json.dumps(blocks))
        )

    def earlier_blocks(self, conversation_id: str, ts: str) -> Iterator[list[JSON]]:
        """What a message showed before its edits, newest first."""
        rows = self._db.execute(
            "SELECT blocks FROM replaced_blocks WHERE conversation = ? AND ts = ? "
            "ORDER BY rowid DESC",
            (conversation_id, ts),
        ).fetchall()
        return (json.loads(row["blocks"]) for row in rows)

    # Home tabs

    def home_view(self, user_id: str) -> JSON | None:
        row = self._db.execute("SELECT view FROM home_views WHERE user = ?", (user_id,)).fetchone()
        return json.loads(row["view"]) if row else None

    def put_home_view(self, user_id: str, view: JSON) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO home_views VALUES (?, ?)", (user_id, json.dumps(view))
        )

    def _one_conversation(self, where: str, value: str) -> Conversation | None:
        row = self._db.execute(
            f"SELECT * FROM conversations WHERE {where}",  # noqa: S608 (our own conditions)
            (value,),
        ).fetchone()
        return _conversation(row) if row else None


def _user(row: sqlite3.Row) -> User:
    values = dict(row)
    for flag in ("is_bot", "deleted", "is_mentor", "is_coordinator"):
        values[flag] = bool(values[flag])
    return User(**values)


def _conversation(row: sqlite3.Row) -> Conversation:
    values = dict(row)
    values["archived"] = bool(values["archived"])
    values["people"] = tuple((values["people"] or "").split(",")) if values["people"] else ()
    return Conversation(**values)


def _message(row: sqlite3.Row) -> JSON:
    message: JSON = json.loads(row["body"])
    if row["metadata"]:
        message["metadata"] = json.loads(row["metadata"])
    return message
