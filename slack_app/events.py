"""Things that happen in Slack without a button: somebody writes to the bot."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from cards.home import typed_reply
from slack_app.office import Office


def register(app: AsyncApp, office: Office) -> None:
    async def answer_typed_words(event: dict[str, Any]) -> None:
        text = typed_reply(office.form_url, office.crisis_line)
        await office.slack.chat_postMessage(
            channel=event["channel"], text=text, unfurl_links=False, unfurl_media=False
        )

    app.event("message", matchers=[first_delivery, _typed_to_the_bot])(answer_typed_words)


async def first_delivery(request: AsyncBoltRequest) -> bool:
    """Slack delivers an event up to three times more when it was not answered in time."""
    return not any(int(number or 0) for number in request.headers.get("x-slack-retry-num", []))


async def _typed_to_the_bot(event: dict[str, Any]) -> bool:
    """A person's own words in a DM; not an edit, a join, or what a bot wrote."""
    return (
        event.get("channel_type") == "im"
        and "subtype" not in event
        and "bot_id" not in event
        and bool(event.get("user"))
    )
