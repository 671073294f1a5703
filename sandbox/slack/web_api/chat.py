"""chat.*"""

import re
from collections.abc import Mapping

from sandbox.slack.arguments import Arguments
from sandbox.slack.content import read_content
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.identity import BOT_USER_ID
from sandbox.slack.store import Conversation
from sandbox.slack.web_api.context import Context, Method

_CONVERSATION_ID = re.compile(r"[CDG][A-Z0-9]{2,}")


def post_message(context: Context, arguments: Arguments) -> JSON:
    found = _destination(context, arguments.one("channel"))
    content = read_content(arguments)
    thread_ts = _thread(context, found, arguments.text("thread_ts"))
    message = context.workspace.post(
        found,
        BOT_USER_ID,
        content,
        thread_ts=thread_ts,
        broadcast=bool(thread_ts) and arguments.flag("reply_broadcast"),
    )
    return {"channel": found.id, "ts": message["ts"], "message": message}


def update(context: Context, arguments: Arguments) -> JSON:
    channel, ts = arguments.required("channel", "ts")
    found, message = _own_message(context, channel, ts, "cant_update_message")
    changed = context.workspace.edit(found, message, read_content(arguments))
    return {"channel": found.id, "ts": ts, "text": changed["text"], "message": changed}


def delete(context: Context, arguments: Arguments) -> JSON:
    channel, ts = arguments.required("channel", "ts")
    found, message = _own_message(context, channel, ts, "cant_delete_message")
    context.workspace.delete(found, message)
    return {"channel": found.id, "ts": ts}


def post_ephemeral(context: Context, arguments: Arguments) -> JSON:
    channel, user_id = arguments.required("channel", "user")
    found = context.joined_conversation(channel)
    content = read_content(arguments)
    if context.store.user(user_id) is None:
        raise SlackError("user_not_found")
    if not context.store.is_member(found.id, user_id):
        raise SlackError("user_not_in_channel")
    note = context.workspace.post_ephemeral(
        found, user_id, content, thread_ts=arguments.text("thread_ts") or None
    )
    return {"message_ts": note["ts"]}


def get_permalink(context: Context, arguments: Arguments) -> JSON:
    channel, ts = arguments.required("channel", "message_ts")
    found = context.conversation(channel)
    message = context.store.message(found.id, ts)
    if message is None:
        raise SlackError("message_not_found")
    link = f"{context.origin}/archives/{found.id}/p{ts.replace('.', '')}"
    if message.get("thread_ts") not in {None, ts}:
        link += f"?thread_ts={message['thread_ts']}&cid={found.id}"
    return {"channel": found.id, "permalink": link}


def _destination(context: Context, name: str) -> Conversation:
    """Where to post: an id, a person's id (their DM with the bot is opened), or a channel's name.

    As in Slack, writing to a deactivated person works (slackapi/python-slack-sdk#1156); tests can
    have the message refused.
    """
    store = context.store
    if store.user(name) is not None:
        if not context.can_be_written_to(name):
            raise SlackError("cannot_dm_bot")
        context.refuse_for([name])
        found, _ = context.workspace.open_among({name, BOT_USER_ID}, creator=BOT_USER_ID)
        return found
    named = store.channel_named(name.removeprefix("#"))
    found = context.joined_conversation(named.id if named else name)
    if found.archived:
        raise SlackError("is_archived")
    if found.kind == "im":
        context.refuse_for(found.people)
    return found


def _thread(context: Context, found: Conversation, ts: str) -> str | None:
    """The parent of the thread that a message is in; replies have no replies of their own."""
    if not ts:
        return None
    message = context.store.message(found.id, ts)
    if message is None:
        raise SlackError("thread_not_found")
    return message.get("thread_ts") or ts


def _own_message(
    context: Context, channel: str, ts: str, refusal: str
) -> tuple[Conversation, JSON]:
    if not _CONVERSATION_ID.fullmatch(channel):
        raise SlackError("channel_not_found")
    found = context.conversation(channel)
    message = context.store.message(found.id, ts)
    if message is None:
        raise SlackError("message_not_found")
    if message["user"] != BOT_USER_ID:
        raise SlackError(refusal)
    return found, message


METHODS: Mapping[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
