"""Messages told apart by the key in their metadata: what stands already is not written again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from domain.view import MessageRef

EVENT_TYPE = "muster_card"
LOOK_BACK_PAGES = 3
"""Pages of 100 messages in which an interrupted post is looked for."""

Call = Callable[..., Awaitable[dict[str, Any]]]
"""Calls a method of Slack's Web API: its name, and its arguments by name."""


def metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


async def find(
    call: Call, key: str, channel: str, thread: MessageRef | None = None
) -> MessageRef | None:
    """Where the message with this key stands, if an earlier attempt has written it.

    Args:
        channel: a conversation, or a person for their DM.
        thread: the message under which it would stand.
    """
    if channel.startswith(("U", "W")):
        opened = await call("conversations.open", users=channel)
        channel = str(opened["channel"]["id"])
    method, params = "conversations.history", {"channel": channel, "limit": 100}
    if thread:
        method, params = "conversations.replies", {**params, "ts": thread.ts}
    cursor = ""
    for _ in range(LOOK_BACK_PAGES):
        page = await call(method, **params, include_all_metadata=True, cursor=cursor)
        for message in page.get("messages", []):
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == key:
                return MessageRef(channel=channel, ts=str(message["ts"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return None
