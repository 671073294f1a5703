"""Somebody's words in the thread of the coordinators' card, and the answer that they get."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, Card, actions, card, context, literal, section, word
from cards.text import clean, inline, mention, name, name_only, spoken
from domain.models import MAX_TEXT, Role
from domain.view import RequestView, WordView


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
    return [section(f"{mention(words.by)}{_side(words.role)} writes:"), _literal(words.text)]


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


def _side(role: Role | None) -> str:
    return f" ({inline(role.value)})" if role in (Role.MENTEE, Role.MENTOR) else ""


def _literal(text: str) -> Block:
    return literal(clean(text)[:MAX_TEXT] or "(nothing that can be shown)")


def _words(view: RequestView, number: int) -> WordView | None:
    return next((words for words in view.words if words.number == number), None)
