"""Whom a message mentions; pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.slack.errors import JSON

_MENTION = re.compile(r"<(?:@([UW][A-Z0-9]+)|(!(?:channel|here|everyone)))(?:\|[^<>]*)?>")


def mentioned(message: JSON) -> list[str]:
    """User ids, and `!channel`, `!here` or `!everyone`, in the order of their first appearance.

    What is shown counts: the mrkdwn in the blocks, or the text of a message that has none.
    """
    shown = _mrkdwn(message.get("blocks") or []) if message.get("blocks") else [message["text"]]
    found = [user or everybody for text in shown for user, everybody in _MENTION.findall(text)]
    return list(dict.fromkeys(found))


def pinged(message: JSON, members: Sequence[str]) -> list[str]:
    """Who of the members is notified: those mentioned, or all by `!channel` outside threads."""
    names = mentioned(message)
    in_thread = message.get("thread_ts") not in {None, message["ts"]}
    everybody = not in_thread and any(name.startswith("!") for name in names)
    return [
        member for member in members if member != message["user"] and (everybody or member in names)
    ]


def _mrkdwn(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for member in value:
            yield from _mrkdwn(member)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        else:
            yield from _mrkdwn(list(value.values()))
