"""Words typed to the bot: passed on to the coordinators, with a word to the writer at once."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from cards import Card, talk
from domain.text import paragraphs
from slack_app.events import from_a_person
from slack_app.lately import Lately
from slack_app.office import Office
from slack_app.passing_on import Words, pass_on, request_of
from slack_app.refusals import RefusalError
from slack_app.slack_errors import UNANSWERED

REMEMBERED = 900.0
"""Seconds: Slack's last redelivery comes after about five minutes."""


def register(app: AsyncApp, office: Office) -> None:
    heard = Lately(REMEMBERED, office.clock)

    async def pass_on_typed_words(event: dict[str, Any]) -> None:
        channel, message = event["channel"], event["ts"]
        if (channel, message) in heard:
            return
        heard.add((channel, message))
        try:
            card = await _answer_to(event)
        except BaseException:
            heard.discard((channel, message))  # Slack delivers it again
            raise
        await _say(event, card)

    async def _answer_to(event: dict[str, Any]) -> Card:
        text = plain_words(str(event.get("text") or ""))
        if not text:
            return talk.nothing_to_pass_on()
        words = Words(
            writer=event["user"],
            text=text,
            channel=event["channel"],
            message=event["ts"],
            request_id=await _request_of_thread(event),
        )
        try:
            await pass_on(office, words)
        except RefusalError:
            return talk.not_passed_on()
        return talk.passed_on(office.crisis_line, office.wording())

    async def _request_of_thread(event: dict[str, Any]) -> str:
        """Of words under one of our cards; "" for others, and when Slack does not say."""
        if event.get("thread_ts") in (None, event["ts"]):
            return ""
        try:
            answer = await office.slack.conversations_replies(
                channel=event["channel"],
                ts=event["thread_ts"],
                limit=1,
                include_all_metadata=True,
            )
            return request_of(answer["messages"][0])
        except (*UNANSWERED, LookupError):
            return ""

    async def _say(event: dict[str, Any], card: Card) -> None:
        where = {"thread_ts": event["thread_ts"]} if event.get("thread_ts") else {}
        await office.slack.chat_postMessage(
            channel=event["channel"],
            text=card.text,
            blocks=card.blocks,
            unfurl_links=False,
            unfurl_media=False,
            **where,
        )

    app.event("message", matchers=[_typed_to_the_bot])(pass_on_typed_words)


_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain_words(text: str) -> str:
    """What somebody typed, from Slack's markup: links as addresses, mentions as @names or ids."""
    shown = _LINK.sub(_plain_link, text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(entity, character)
    return paragraphs(shown)


def _plain_link(link: re.Match[str]) -> str:
    target, label = link[1], link[2] or ""
    match target[:1]:
        case "@" | "#":
            return target[:1] + (label.lstrip("@#") or target[1:])
        case "!":
            return label or "@" + target[1:].split("^", 1)[0]
    return target if label in ("", target) else f"{label} ({target})"


async def _typed_to_the_bot(event: dict[str, Any]) -> bool:
    return event.get("channel_type") == "im" and from_a_person(event)
