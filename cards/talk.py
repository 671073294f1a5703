"""Words to the bot and to coordinators outside a request, and what the writer is told at once."""

from __future__ import annotations

from cards.blocks import Card, card, context, literal, section, word
from cards.text import clean, escape, mention, name_only
from cards.wording import DEFAULT, Wording
from domain.models import MAX_TEXT, Person

NOT_PASSED_ON = (
    "Thank you for writing. Your words could not be passed on just now, and nobody has read them. "
    "Please send them again in a few minutes, or write to a coordinator directly."
)
"""Said when neither the request nor the coordinators' channel could be reached."""


def passed_on(crisis_line: str = "", wording: Wording = DEFAULT) -> Card:
    """To the writer: their words have reached the coordinators."""
    text = wording.say("talk.passed-on")
    return card(text, section(text), *([context(escape(crisis_line))] if crisis_line else []))


def not_passed_on() -> Card:
    return word(NOT_PASSED_ON)


def nothing_to_pass_on() -> Card:
    """To somebody who sent a picture, a file or nothing that can be read."""
    return word(
        "Thank you. I can pass on words only, and found none in this, so nobody has seen it. "
        "Please put it in a sentence or two, or write to a coordinator directly."
    )


def to_coordinators(writer: Person, text: str) -> Card:
    """Into the coordinators' channel: words that belong to no request, as they were written."""
    return card(
        f"{name_only(writer)} writes to the coordinators.",
        section(f"{mention(writer)} writes, and has no open request:"),
        literal(clean(text)[:MAX_TEXT] or "(nothing that can be shown)"),
        context("To answer, please write to them directly."),
    )
