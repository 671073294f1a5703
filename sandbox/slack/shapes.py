"""Records in Slack's own shapes; pure."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sandbox.slack.errors import JSON
from sandbox.slack.identity import (
    APP_ID,
    APP_NAME,
    BOT_ID,
    BOT_USER_ID,
    GENERAL_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
)
from sandbox.slack.store import Conversation, Thread, User

_COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "5a4592")

BOT_PROFILE: JSON = {
    "id": BOT_ID,
    "app_id": APP_ID,
    "name": APP_NAME,
    "icons": {"image_48": f"/avatar/{BOT_USER_ID}.svg"},
    "deleted": False,
    "updated": 0,
    "team_id": TEAM_ID,
}


def colour(user_id: str) -> str:
    """Six hex digits, always the same for a person."""
    return _COLOURS[hashlib.sha256(user_id.encode()).digest()[0] % len(_COLOURS)]


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def user(person: User) -> JSON:
    """As `users.info` gives it."""
    now = datetime.now(UTC).astimezone(_zone(person.tz))
    offset = now.utcoffset()
    profile: JSON = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.real_name,
        "display_name_normalized": person.real_name,
        "title": person.title,
        "image_48": f"/avatar/{person.id}.svg",
        "team": TEAM_ID,
    }
    if person.email:
        profile["email"] = person.email
    if person.id == BOT_USER_ID:
        profile |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
    shape: JSON = {
        "id": person.id,
        "team_id": TEAM_ID,
        "name": person.handle,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if person.deleted:
        return shape
    return shape | {
        "color": colour(person.id),
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": now.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
    }


def listed_user(person: User) -> JSON:
    """As people's pages know each other."""
    return {
        "id": person.id,
        "name": person.handle,
        "real_name": person.real_name,
        "tz": person.tz,
        "title": person.title,
        "color": colour(person.id),
        "is_bot": person.is_bot,
        "deleted": person.deleted,
        "is_mentor": person.is_mentor,
        "is_coordinator": person.is_coordinator,
    }


def team() -> JSON:
    return {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": "", "icon": {}}


def conversation(
    record: Conversation, members: Sequence[str], *, counted: bool = False, viewer: str = ""
) -> JSON:
    """As `conversations.info` gives it to `viewer` (the bot, unless told otherwise)."""
    viewer = viewer or BOT_USER_ID
    if record.kind == "im":
        others = [user_id for user_id in record.people if user_id != viewer]
        return {
            "id": record.id,
            "created": record.created,
            "is_archived": record.archived,
            "is_im": True,
            "is_org_shared": False,
            "user": others[0] if others else viewer,
            "is_user_deleted": False,
            "priority": 0,
        }
    topic = {"value": record.topic, "creator": record.creator, "last_set": record.created}
    shape: JSON = {
        "id": record.id,
        "name": record.name,
        "name_normalized": record.name,
        "is_channel": record.kind == "channel",
        "is_group": record.kind in {"private", "mpim"},
        "is_im": False,
        "is_mpim": record.kind == "mpim",
        "is_private": record.kind in {"private", "mpim"},
        "created": record.created,
        "updated": record.created * 1000,
        "is_archived": record.archived,
        "is_general": record.id == GENERAL_ID,
        "unlinked": 0,
        "is_shared": False,
        "is_org_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": TEAM_ID,
        "parent_conversation": None,
        "creator": record.creator,
        "shared_team_ids": [TEAM_ID],
        "pending_connected_team_ids": [],
        "is_member": viewer in members,
        "topic": topic,
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }
    if counted:
        shape["num_members"] = len(members)
    return shape


def payload_channel_name(record: Conversation) -> str:
    """What payloads of clicks and commands call a conversation."""
    return {"im": "directmessage", "private": "privategroup"}.get(record.kind, record.name)


def channel_type(record: Conversation) -> str:
    """What message events call a conversation's kind."""
    return {"channel": "channel", "private": "group"}.get(record.kind, record.kind)


def with_reactions(message: JSON, reactions: Sequence[JSON] | None) -> JSON:
    """A message as lists show it, with the emoji on it."""
    return message | {"reactions": list(reactions)} if reactions else message


def with_thread(message: JSON, thread: Thread | None) -> JSON:
    """A message as lists show it: a parent tells of its replies."""
    if thread is None:
        return message
    return message | {
        "thread_ts": message["ts"],
        "reply_count": thread.reply_count,
        "reply_users_count": len(thread.reply_users),
        "latest_reply": thread.latest_reply,
        "reply_users": list(thread.reply_users),
        "is_locked": False,
        "subscribed": False,
    }
