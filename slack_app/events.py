"""What Slack's events have in common."""

from __future__ import annotations

from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

_FROM_PEOPLE = (None, "file_share", "thread_broadcast")
"""Kinds of message that a person has just written; others are edits, joins and the like."""


async def first_delivery(request: AsyncBoltRequest) -> bool:
    """Slack delivers an event up to three times more when it was not answered in time."""
    return not any(int(number or 0) for number in request.headers.get("x-slack-retry-num", []))


def from_a_person(event: dict[str, Any]) -> bool:
    """A person's own new words; not an edit, a join, or what a bot wrote."""
    return (
        event.get("subtype") in _FROM_PEOPLE
        and "bot_id" not in event
        and isinstance(event.get("user"), str)
        and isinstance(event.get("channel"), str)
        and isinstance(event.get("ts"), str)
    )
