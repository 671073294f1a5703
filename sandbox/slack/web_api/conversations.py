"""conversations.*"""

import re
from collections.abc import Mapping

from sandbox.slack import shapes
from sandbox.slack.arguments import Arguments, cursor, paged, read_cursor
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.identity import BOT_USER_ID
from sandbox.slack.store import LATEST, Conversation, Kind, microseconds, ts_from
from sandbox.slack.web_api.context import Context, Method

_KINDS: Mapping[str, Kind] = {
    "public_channel": "channel",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
_TS = re.compile(r"\d{1,10}(\.\d{1,6})?")
MOST_PEOPLE = 8
"""How many others a group conversation may have."""


def open_(context: Context, arguments: Arguments) -> JSON:
    made = False
    if arguments.text("channel"):
        found = context.conversation(arguments.text("channel"))
        if found.kind not in {"im", "mpim"}:
            raise SlackError("method_not_supported_for_channel_type")
    else:
        users = _people(context, arguments)
        if arguments.flag("prevent_creation") and not context.store.conversation_among(users):
            raise SlackError("channel_not_found")
        found, made = context.workspace.open_among(users, creator=BOT_USER_ID)
    answer: JSON = {} if made else {"no_op": True, "already_open": True}
    full = arguments.flag("return_im") or found.kind == "mpim"
    return {**answer, "channel": _shape(context, found) if full else {"id": found.id}}


def _people(context: Context, arguments: Arguments) -> set[str]:
    """Who is to be in the conversation, the bot included."""
    names = [name.strip() for name in arguments.text("users").split(",") if name.strip()]
    if not names:
        raise SlackError("users_list_not_supplied")
    if len(set(names) - {BOT_USER_ID}) > MOST_PEOPLE:
        raise SlackError("too_many_users")
    for name in names:
        user = context.store.user(name)
        if user is None:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        if not context.can_be_written_to(name):
            raise SlackError("cannot_dm_bot")
    context.refuse_for(names)
    return {*names, BOT_USER_ID}


def info(context: Context, arguments: Arguments) -> JSON:
    found = context.conversation(arguments.one("channel"))
    return {"channel": _shape(context, found, counted=arguments.flag("include_num_members"))}


def list_(context: Context, arguments: Arguments) -> JSON:
    names = arguments.text("types", "public_channel").split(",")
    unknown = [name for name in names if name.strip() not in _KINDS]
    if unknown:
        raise SlackError("invalid_types")
    limit = arguments.count("limit", default=100, most=1000)
    kinds = [_KINDS[name.strip()] for name in names]
    visible = [
        record
        for record in context.store.conversations(kinds, read_cursor(arguments, "channel"))
        if record.kind == "channel" or context.store.is_member(record.id, BOT_USER_ID)
        if not (record.archived and arguments.flag("exclude_archived"))
    ]
    page = visible[:limit]
    more = len(visible) > limit
    return {
        "channels": [_shape(context, record, counted=True) for record in page],
        **paged(cursor("channel", page[-1].id) if more else ""),
    }


def members(context: Context, arguments: Arguments) -> JSON:
    found = context.conversation(arguments.one("channel"))
    limit = arguments.count("limit", default=100, most=1000)
    after = read_cursor(arguments, "member")
    everybody = [user_id for user_id in context.store.members(found.id) if user_id > after]
    page = everybody[:limit]
    more = len(everybody) > limit
    return {"members": page, **paged(cursor("member", page[-1]) if more else "")}


def history(context: Context, arguments: Arguments) -> JSON:
    found = context.joined_conversation(arguments.one("channel"))
    limit = arguments.count("limit", default=100, most=1000)
    after, before = _span(arguments)
    before = read_cursor(arguments, "next_ts") or before
    messages = context.store.history(found.id, after=after, before=before, limit=limit + 1)
    more = len(messages) > limit
    page = messages[:limit]
    return {
        "messages": _shown(context, found, page, arguments),
        "has_more": more,
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **(paged(cursor("next_ts", page[-1]["ts"])) if more else {}),
    }


def replies(context: Context, arguments: Arguments) -> JSON:
    found = context.joined_conversation(arguments.one("channel"))
    parent = context.store.message(found.id, arguments.one("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    limit = arguments.count("limit", default=1000, most=1000)
    after, before = _span(arguments)
    thread = parent.get("thread_ts") or parent["ts"]
    after = max(read_cursor(arguments, "next_ts"), after)
    messages = context.store.replies(found.id, thread, after=after, before=before, limit=limit + 1)
    more = len(messages) > limit
    page = messages[:limit]
    head = context.store.message(found.id, thread)
    return {
        "messages": _shown(context, found, ([head] if head else []) + page, arguments),
        "has_more": more,
        **(paged(cursor("next_ts", page[-1]["ts"])) if more else {}),
    }


def join(context: Context, arguments: Arguments) -> JSON:
    found = context.conversation(arguments.one("channel"))
    if found.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if found.archived:
        raise SlackError("is_archived")
    if context.workspace.add_member(found, BOT_USER_ID):
        return {"channel": _shape(context, found)}
    return {
        "channel": _shape(context, found),
        "warning": "already_in_channel",
        "response_metadata": {"warnings": ["already_in_channel"]},
    }


def invite(context: Context, arguments: Arguments) -> JSON:
    found = context.joined_conversation(arguments.one("channel"))
    if found.kind in {"im", "mpim"}:
        raise SlackError("method_not_supported_for_channel_type")
    names = [name.strip() for name in arguments.one("users").split(",") if name.strip()]
    for name in names:
        if context.store.user(name) is None:
            raise SlackError("user_not_found")
        if name == BOT_USER_ID:
            raise SlackError("cant_invite_self")
        if context.store.is_member(found.id, name):
            raise SlackError("already_in_channel")
    for name in names:
        context.workspace.add_member(found, name)
    return {"channel": _shape(context, found)}


def create(context: Context, arguments: Arguments) -> JSON:
    name = arguments.text("name").removeprefix("#")
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if name != name.lower() or not re.fullmatch(r"[^\s.!@#$%^&*()+=\[\]{};:'\"\\|,<>/?`~]+", name):
        raise SlackError("invalid_name_specials")
    if context.store.channel_named(name):
        raise SlackError("name_taken")
    made = context.workspace.create_channel(
        name, private=arguments.flag("is_private"), creator=BOT_USER_ID
    )
    return {"channel": _shape(context, made)}


def _shape(context: Context, record: Conversation, *, counted: bool = False) -> JSON:
    return shapes.conversation(record, context.store.members(record.id), counted=counted)


def _span(arguments: Arguments) -> tuple[str, str]:
    """oldest and latest as exclusive bounds.

    Raises:
        SlackError: `invalid_ts_oldest`, `invalid_ts_latest`.
    """
    nudge = 1 if arguments.flag("inclusive") else 0
    oldest, latest = _moment(arguments, "oldest"), _moment(arguments, "latest")
    return (
        ts_from(oldest - nudge) if oldest else "",
        ts_from(latest + nudge) if latest else LATEST,
    )


def _moment(arguments: Arguments, name: str) -> int:
    value = arguments.text(name)
    if not value:
        return 0
    if not _TS.fullmatch(value):
        raise SlackError(f"invalid_ts_{name}")
    return microseconds(value)


def _shown(
    context: Context, record: Conversation, messages: list[JSON], arguments: Arguments
) -> list[JSON]:
    shown = context.workspace.listed(record, messages)
    if arguments.flag("include_all_metadata"):
        return shown
    return [
        {key: value for key, value in message.items() if key != "metadata"} for message in shown
    ]


METHODS: Mapping[str, Method] = {
    "conversations.open": open_,
    "conversations.info": info,
    "conversations.list": list_,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.join": join,
    "conversations.invite": invite,
    "conversations.create": create,
}
