"""Words between people and coordinators: passed on, answered, and what the writer is told."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, Card, actions, card, context, literal, section, word
from cards.text import clean, escape, inline, mention, name, name_only, spoken
from domain.models import MAX_TEXT, Person, Role
from domain.view import RequestView, WordView

NOT_PASSED_ON = (
    "Thank you for writing. Your words could not be passed on just now, and nobody has read them. "
    "Please send them again in a few minutes, or write to a coordinator directly."
)
"""Said when neither the request nor the coordinators' channel could be reached."""


def passed_on(view: RequestView, to: str, number: int) -> Card:
    """To coordinators: somebody's words, with Answer until somebody has answered."""
    words = _words(view, number)
    if words is None or (to and words.by.slack_id != to):
        return word("Words that stood here can no longer be shown.")
    text = f"{name_only(words.by)} writes to the coordinators."
    if words.answered_by:
        return card(
            text, *quoted(words), context(f"Answered by {name_only(words.answered_by)}. Thank you.")
        )
    if view.status.is_final:
        return card(
            text,
            *quoted(words),
            context("The request is over; to answer, please write to them directly."),
        )
    answer_it = buttons.answer_person(view, number, words.by.slack_id)
    return card(text, *quoted(words), actions(answer_it))


def quoted(words: WordView) -> list[Block]:
    """Who writes, and what, exactly as they wrote it."""
    return [section(f"*{name_only(words.by)}*{_side(words.role)} writes:"), _literal(words.text)]


def answer(view: RequestView, to: str, number: int) -> Card:
    """To whoever wrote: a coordinator's answer."""
    words = _words(view, number)
    if words is None or words.to != to:
        return word("A coordinator has answered you. Please write here if you can't see it.")
    line = f"*{name(words.by)}*, a coordinator, writes:"
    return card(
        spoken(line),
        section(line),
        _literal(words.text),
        context("You can answer by writing here."),
    )


def without_request(writer: Person, text: str) -> Card:
    """To coordinators: words that belong to no request, as they were written."""
    return card(
        f"{name_only(writer)} writes to the coordinators.",
        section(f"{mention(writer)} writes, and has no open request:"),
        _literal(text),
        context("To answer, please write to them directly."),
    )


def thanks(crisis_line: str = "") -> Card:
    """To somebody without a request, whose words have reached the coordinators."""
    text = (
        "Thank you for writing. I am a bot, so I have passed your words on to the coordinators; "
        "one of them answers you here in Slack."
    )
    return card(text, section(text), *([context(escape(crisis_line))] if crisis_line else []))


def not_passed_on() -> Card:
    return word(NOT_PASSED_ON)


def _side(role: Role | None) -> str:
    return f" ({inline(role.value)})" if role in (Role.MENTEE, Role.MENTOR) else ""


def _literal(text: str) -> Block:
    return literal(clean(text)[:MAX_TEXT] or "(nothing that can be shown)")


def _words(view: RequestView, number: int) -> WordView | None:
    return next((words for words in view.words if words.number == number), None)
