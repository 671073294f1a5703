"""What a message says, and how it is read from what an app sent."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.slack.arguments import Arguments
from sandbox.slack.blocks import checked_blocks
from sandbox.slack.errors import JSON, SlackError

LONGEST_TEXT = 40_000
MOST_METADATA = 16_384
"""Characters of metadata, written as JSON."""


@dataclass(frozen=True)
class Content:
    """What a message says; blocks are checked and have their ids."""

    text: str
    blocks: tuple[JSON, ...] = ()
    metadata: JSON | None = None


def read_content(arguments: Arguments) -> Content:
    """What a message is to say.

    Raises:
        SlackError: `no_text`, `msg_too_long`, `invalid_blocks`, `invalid_metadata_format` …
    """
    text = arguments.text("text")
    blocks = checked_blocks(arguments.object("blocks", "invalid_blocks_format") or [])
    metadata = _checked_metadata(arguments.object("metadata", "invalid_metadata_format"))
    if not text.strip() and not blocks:
        raise SlackError("no_text")
    if len(text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    # Slack's own stand-in for a message that has blocks and no text for notifications.
    return Content(text or "This content can't be displayed.", blocks, metadata)


def _checked_metadata(value: Any) -> JSON | None:
    if value is None:
        return None
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("event_type"), str)
        or not isinstance(value.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(value)) > MOST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": value["event_type"], "event_payload": value["event_payload"]}
