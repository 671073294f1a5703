"""What happens in the workspace: whoever does it, people's pages and the app are told.

Messages are written, changed and taken away here and nowhere else; the Web API, the response
addresses and the people's own doings all come through here.
"""

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sandbox.slack import events, shapes
from sandbox.slack.content import Content
from sandbox.slack.errors import JSON
from sandbox.slack.hub import Hub
from sandbox.slack.identity import APP_ID, BOT_ID, BOT_USER_ID, SLACKBOT_ID, TEAM_ID
from sandbox.slack.mentions import pinged
from sandbox.slack.outbound import AppLink
from sandbox.slack.pings import Pings
from sandbox.slack.reactions import Reactions
from sandbox.slack.record import Record
from sandbox.slack.store import LATEST, Conversation, Kind, Store, User


class Workspace:
    """The conversations of one team, and the private notes that only one person sees."""

    def __init__(self, store: Store, hub: Hub, link: AppLink) -> None:
        self.store = store
        self.hub = hub
        self.link = link
        self.record = Record(store)
        self._pings = Pings(store.database)
        self._reactions = Reactions(store.database)
        self._ephemerals: dict[tuple[str, str], list[JSON]] = defaultdict(list)
        self._refusals: dict[str, str] = {}

    def clear(self) -> None:
        """Throw everything away."""
        self.store.wipe()
        self.record.clear()
        self._pings.clear()
        self._reactions.clear()
        self._ephemerals.clear()
        self._refusals.clear()

    # People

    def change_user(self, user: User) -> None:
        """Somebody is deactivated, is back, is called otherwise or lives elsewhere; the app hears
        of it, and their own page starts anew."""
        self.store.put_user(user)
        self.hub.tell([user.id], {"type": "reset"})
        others = [each.id for each in self.store.users() if each.id != user.id]
        news = {"type": "user", "user": shapes.listed_user(user)}
        self.hub.tell(self.hub.watching(others), news)
        self.link.event(events.envelope(events.user_change(user)))

    def refuse_messages_to(self, user_id: str, code: str | None) -> None:
        """From now on the app can't write to them, and is told so by this code; None ends it."""
        if code is None:
            self._refusals.pop(user_id, None)
        else:
            self._refusals[user_id] = code

    def refusal_of(self, user_id: str) -> str | None:
        return self._refusals.get(user_id)

    # Conversations

    def open_among(self, people: Iterable[str], creator: str) -> tuple[Conversation, bool]:
        """The one im or mpim of exactly these people; True if it is new."""
        members = tuple(sorted(set(people)))
        found = self.store.conversation_among(members)
        if found:
            return found, False
        kind: Kind = "im" if len(members) <= 2 else "mpim"
        name = ""
        if kind == "mpim":
            handles = [user.handle for user in map(self.store.user, members) if user]
            name = f"mpdm-{'--'.join(handles)}-1"
        made = Conversation(
            id=events.fresh_id("D" if kind == "im" else "C"),
            kind=kind,
            name=name,
            topic="",
            creator=creator,
            created=int(time.time()),
            people=members,
        )
        self.store.put_conversation(made, members)
        self.announce(made)
        return made, True

    def create_channel(self, name: str, *, private: bool, creator: str) -> Conversation:
        made = Conversation(
            id=events.fresh_id("C"),
            kind="private" if private else "channel",
            name=name,
            topic="",
            creator=creator,
            created=int(time.time()),
        )
        self.store.put_conversation(made, [creator])
        self.announce(made)
        return made

    def add_member(self, conversation: Conversation, user_id: str) -> bool:
        """False if they were in already."""
        added = self.store.add_member(conversation.id, user_id)
        if added:
            newest = self.store.latest_ts(conversation.id)
            if newest:
                self.store.mark_read(conversation.id, user_id, newest)
            self.announce(conversation)
        return added

    def announce(self, conversation: Conversation) -> None:
        """A new or changed conversation, to the pages of those in it."""
        for user_id in self.hub.watching(self.store.members(conversation.id)):
            shape = self.conversation_for(conversation, user_id)
            self.hub.tell([user_id], {"type": "conversation", "conversation": shape})

    def conversation_for(self, conversation: Conversation, user_id: str) -> JSON:
        """A conversation as one person's page lists it."""
        members = self.store.members(conversation.id)
        name = conversation.name
        if conversation.kind in {"im", "mpim"}:
            others = [member for member in members if member != user_id] or [user_id]
            people = [user.real_name for user in map(self.store.user, others) if user]
            name = ", ".join(people)
        return {
            "id": conversation.id,
            "type": conversation.kind,
            "name": name,
            "topic": conversation.topic,
            "members": members,
            "is_member": user_id in members,
            "unread": self.store.unread(conversation.id, user_id) if user_id in members else 0,
            "mentions": self._pings.count(conversation.id, user_id),
            "last_read": self.store.last_read(conversation.id, user_id),
            "latest": self.store.latest_ts(conversation.id),
        }

    def mark_read(
        self, conversation: Conversation, user_id: str, ts: str, thread_ts: str = ""
    ) -> int:
        """Move the read mark, or say how far a thread was read; returns what is left unread."""
        if not thread_ts:
            self.store.mark_read(conversation.id, user_id, ts)
        self._pings.read(conversation.id, user_id, ts, thread_ts)
        return self._tell_unread(conversation, user_id)

    # Messages

    def post(
        self,
        conversation: Conversation,
        author: str,
        content: Content,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
    ) -> JSON:
        """Post a message; everybody in the conversation is told, and the app if it is in it."""
        message = self._compose(author, content) | {"ts": self.store.next_ts()}
        if thread_ts:
            message["thread_ts"] = thread_ts
            parent = self.store.message(conversation.id, thread_ts)
            if parent:
                message["parent_user_id"] = parent["user"]
            if broadcast:
                message["subtype"] = "thread_broadcast"
        members = self.store.members(conversation.id)
        called = pinged(message, members)
        with self.store.transaction():
            self.store.put_message(conversation.id, message)
            self.record.shown(conversation.id, message)
            self._pings.add(conversation.id, called, message["ts"], thread_ts or "")
            if not thread_ts and author in members:
                self.store.mark_read(conversation.id, author, message["ts"])
                self._pings.read(conversation.id, author, message["ts"], "")
        self._tell(conversation, "message", message)
        if thread_ts:
            self._tell_parent(conversation, thread_ts)
        for user_id in self.hub.watching(called if thread_ts else members):
            self._tell_unread(conversation, user_id)
        if BOT_USER_ID in members:
            self.link.event(events.envelope(events.message(conversation, _public(message))))
        return message

    def edit(self, conversation: Conversation, message: JSON, content: Content) -> JSON:
        """Put other content into a message; metadata is kept if none is given."""
        changed = {key: value for key, value in message.items() if key != "blocks"}
        changed["text"] = content.text
        changed["edited"] = {"user": message["user"], "ts": self.store.next_ts()}
        if content.blocks:
            changed["blocks"] = list(content.blocks)
        if content.metadata is not None:
            changed["metadata"] = content.metadata
        with self.store.transaction():
            if message.get("blocks"):
                self.store.remember_blocks(conversation.id, message["ts"], message["blocks"])
            self.store.put_message(conversation.id, changed)
            self.record.shown(conversation.id, changed, at=changed["edited"]["ts"])
        self._tell(conversation, "message_changed", self._listed(conversation, changed))
        return changed

    def delete(self, conversation: Conversation, message: JSON) -> None:
        """Take a message away; one with replies leaves a tombstone, as in Slack."""
        ts = message["ts"]
        self.record.removed(conversation.id, message, at=self.store.next_ts())
        self._pings.forget(conversation.id, ts)
        self._reactions.forget(conversation.id, ts)
        if ts in self.store.threads(conversation.id, [ts]):
            tombstone = {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": SLACKBOT_ID,
                "hidden": True,
                "ts": ts,
                "thread_ts": ts,
            }
            self.store.put_message(conversation.id, tombstone)
            self._tell(conversation, "message_changed", self._listed(conversation, tombstone))
            return
        self.store.delete_message(conversation.id, ts)
        self.hub.tell(
            self.store.members(conversation.id),
            {"type": "message_deleted", "channel": conversation.id, "ts": ts},
        )
        if message.get("thread_ts"):
            self._tell_parent(conversation, message["thread_ts"])

    def react(
        self, conversation: Conversation, message: JSON, user_id: str, name: str, *, on: bool
    ) -> None:
        """Put an emoji on a message, or take it back; once more changes nothing."""
        change = self._reactions.add if on else self._reactions.remove
        if not change(conversation.id, message["ts"], name, user_id):
            return
        self._tell(conversation, "message_changed", self._listed(conversation, message))
        if self.store.is_member(conversation.id, BOT_USER_ID):
            event = events.reaction(conversation, message, user_id, name, on=on)
            self.link.event(events.envelope(event))

    def listed(self, conversation: Conversation, messages: Sequence[JSON]) -> list[JSON]:
        """Messages as lists show them: with what is known of their replies and reactions."""
        every_ts = [message["ts"] for message in messages]
        threads = self.store.threads(conversation.id, every_ts)
        reactions = self._reactions.on(conversation.id, every_ts)
        return [
            shapes.with_reactions(
                shapes.with_thread(message, threads.get(message["ts"])),
                reactions.get(message["ts"]),
            )
            for message in messages
        ]

    def messages_for(
        self,
        conversation: Conversation,
        user_id: str,
        *,
        thread_ts: str | None = None,
        before: str = LATEST,
        limit: int = 100,
    ) -> tuple[list[JSON], bool]:
        """What a person's page shows, oldest first, and whether there is more before it."""
        if thread_ts:
            found = self.store.replies(conversation.id, thread_ts, before=before, limit=limit)
            parent = self.store.message(conversation.id, thread_ts)
            messages, more = ([parent] if parent else []) + found, False
        else:
            found = self.store.history(conversation.id, before=before, limit=limit + 1)
            messages, more = found[:limit][::-1], len(found) > limit
        shown = [_public(message) for message in self.listed(conversation, messages)]
        if before == LATEST:
            notes = self._ephemerals.get((conversation.id, user_id), [])
            shown += [note for note in notes if note.get("thread_ts") == thread_ts]
            shown.sort(key=lambda message: str(message["ts"]))
        return shown, more

    # Notes that only one person sees

    def post_ephemeral(
        self,
        conversation: Conversation,
        user_id: str,
        content: Content,
        *,
        author: str = BOT_USER_ID,
        thread_ts: str | None = None,
    ) -> JSON:
        note = self._compose(author, content) | {
            "ts": self.store.next_ts(),
            "is_ephemeral": True,
            "ephemeral": True,
        }
        if thread_ts:
            note["thread_ts"] = thread_ts
        self.record.shown(conversation.id, note, reader=user_id)
        note.pop("metadata", None)
        self._ephemerals[conversation.id, user_id].append(note)
        self.hub.tell([user_id], {"type": "ephemeral", "channel": conversation.id, "message": note})
        return note

    def ephemeral(self, conversation_id: str, user_id: str, ts: str) -> JSON | None:
        notes = self._ephemerals.get((conversation_id, user_id), [])
        return next((note for note in notes if note["ts"] == ts), None)

    def replace_ephemeral(
        self, conversation_id: str, user_id: str, ts: str, content: Content | None
    ) -> bool:
        """Put other content into a note, or (None) take it away; False if it is gone."""
        notes = self._ephemerals[conversation_id, user_id]
        old = self.ephemeral(conversation_id, user_id, ts)
        if old is None:
            return False
        news: JSON = {"channel": conversation_id, "ts": ts}
        if content is None:
            notes.remove(old)
            self.record.removed(conversation_id, old, at=self.store.next_ts(), reader=user_id)
            news["type"] = "ephemeral_removed"
        else:
            kept = {key: value for key, value in old.items() if key != "blocks"}
            changed = kept | {"text": content.text}
            if content.blocks:
                changed["blocks"] = list(content.blocks)
            notes[notes.index(old)] = changed
            at = self.store.next_ts()
            self.record.shown(conversation_id, changed, at=at, reader=user_id)
            news |= {"type": "ephemeral_changed", "message": changed}
        self.hub.tell([user_id], news)
        return True

    def toast(self, user_id: str, text: str) -> None:
        self.hub.tell([user_id], {"type": "toast", "text": text})

    def _compose(self, author: str, content: Content) -> JSON:
        message: JSON = {
            "type": "message",
            "user": author,
            "text": content.text,
            "team": TEAM_ID,
        }
        if author == BOT_USER_ID:
            message |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": shapes.BOT_PROFILE}
        else:
            message["client_msg_id"] = str(uuid.uuid4())
        if content.blocks:
            message["blocks"] = list(content.blocks)
        if content.metadata is not None:
            message["metadata"] = content.metadata
        return message

    def _listed(self, conversation: Conversation, message: JSON) -> JSON:
        return self.listed(conversation, [message])[0]

    def _tell(self, conversation: Conversation, kind: str, message: JSON) -> None:
        self.hub.tell(
            self.store.members(conversation.id),
            {"type": kind, "channel": conversation.id, "message": _public(message)},
        )

    def _tell_parent(self, conversation: Conversation, thread_ts: str) -> None:
        parent = self.store.message(conversation.id, thread_ts)
        if parent:
            self._tell(conversation, "message_changed", self._listed(conversation, parent))

    def _tell_unread(self, conversation: Conversation, user_id: str) -> int:
        unread = self.store.unread(conversation.id, user_id)
        mentions = self._pings.count(conversation.id, user_id)
        news = {
            "type": "unread",
            "channel": conversation.id,
            "unread": unread,
            "mentions": mentions,
        }
        self.hub.tell([user_id], news)
        return unread


def _public(message: JSON) -> JSON:
    """Without metadata, which is given only to those who ask for it."""
    return {key: value for key, value in message.items() if key != "metadata"}
