"""Coordinators' forms and lists: whom to assign, why to close, who was asked, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cards import coordinators, passed_on
from cards.blocks import Block, View, context, field, option, plain, section
from cards.ids import Action, Callback, Field
from cards.modals.frame import modal, written
from cards.steps import happened
from cards.summary import request
from cards.text import MAX_SECTION, inline, listed, moment
from cards.values import FormContext
from domain.models import MAX_NOTE, MAX_TEXT, Mentor
from domain.text import shortened
from domain.view import CaseFile, RequestView, TimelineEntry

MENTORS_SHOWN = 40
"""Mentors in one list: more than anybody reads to the end."""
ENTRIES_SHOWN = 100
"""Entries of the timeline in one modal, the latest."""
MAX_OPTION = 75
"""Characters in an option's text (Slack)."""
MAX_OPTIONS = 100


@dataclass(frozen=True)
class MentorLine:
    """One mentor in "Who was asked?": the name, why they were asked or not, and their load."""

    name: str
    words: str
    load: str = ""
    """E.g. "1 of 2 mentees"; "" where the roster doesn't say."""


def assign(view: RequestView, form: FormContext) -> View:
    """The list is searched with ``Action.FIND_MENTOR``; see ``mentor_options``."""
    element: Block = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain("Search by name or skill"),
    }
    chooser = field(Field.MENTOR, "Mentor", element)
    chooser["element"]["action_id"] = Action.FIND_MENTOR.value
    instead = " instead of the mentor who has it now" if view.claim else ""
    return modal(
        Callback.ASSIGN,
        "Assign a mentor",
        [
            request(view),
            section(
                f"The mentor you choose gets this request{instead}. Best ask them first: they are "
                "told at once and can undo it for a moment; then the two are introduced."
            ),
            chooser,
        ],
        submit="Assign",
        form=form,
    )


def mentor_options(found: Iterable[Mentor]) -> list[Block]:
    """Options for the list of mentors, in this order: "Sam Ortiz · 1 of 2 mentees · Python"."""
    return [option(_option_text(mentor), mentor.slack_id) for mentor in list(found)[:MAX_OPTIONS]]


def _option_text(mentor: Mentor) -> str:
    who = shortened(" ".join(mentor.name.split()) or mentor.slack_id, 30)
    text = f"{who} · {mentor.load} of {mentor.max_mentees} mentees"
    if mentor.skills:
        text += f" · {', '.join(mentor.skills)}"
    return shortened(text, MAX_OPTION)


def close_request(view: RequestView, form: FormContext) -> View:
    return modal(
        Callback.CLOSE_REQUEST,
        "Close this request",
        [
            request(view),
            section(
                "It ends without a mentor. The mentee is told kindly, in our words and in yours; "
                "everybody who was asked sees that there is nothing left to do."
            ),
            field(
                Field.REASON,
                "Why is it closed?",
                written(MAX_NOTE),
                hint="Only coordinators read this.",
            ),
            field(
                Field.WORD,
                "A personal word to the mentee",
                written(MAX_TEXT),
                hint="It is sent as you write it.",
                optional=True,
            ),
        ],
        submit="Close request",
        form=form,
    )


def answer_person(view: RequestView, form: FormContext) -> View:
    """``form.number`` says which words are answered, ``form.to`` who wrote them."""
    asked = next((word for word in view.words if word.number == form.number), None)
    blocks = passed_on.quoted(asked) if asked else []
    return modal(
        Callback.ANSWER_PERSON,
        "Answer",
        [
            *blocks,
            field(
                Field.TEXT,
                "Your answer",
                written(MAX_TEXT),
                hint="It reaches them by direct message, with your name.",
            ),
        ],
        submit="Send",
        form=form,
    )


def who_was_asked(case: CaseFile, lines: Sequence[MentorLine]) -> View:
    """Beside every mentor why they were asked, or not; ``lines`` come in the order shown."""
    shown = [_mentor_line(line) for line in lines[:MENTORS_SHOWN]]
    blocks = [section(f"*{_about(case)}*"), *_sections(shown or ["No mentors are on the roster."])]
    if more := len(lines) - len(shown):
        blocks.append(context(f"and {more} more."))
    return modal(Callback.WHO_WAS_ASKED, "Who was asked?", blocks)


def _mentor_line(line: MentorLine) -> str:
    load = f" ({inline(line.load, 60)})" if line.load else ""
    return f"*{inline(line.name, 80)}*{load}: {inline(line.words, 300)}"


def timeline(case: CaseFile, names: Mapping[str, str]) -> View:
    """What happened and who did it, in order; ``names`` by Slack id."""
    entries = case.timeline[-ENTRIES_SHOWN:]
    told = (f"{moment(entry.at)}: {_what(entry)}{_by(entry.by, names)}" for entry in entries)
    lines = list(dict.fromkeys(told))  # a step and its effect may read the same
    blocks = [section(f"*{_about(case)}*"), *_sections(lines or ["Nothing has happened yet."])]
    if earlier := len(case.timeline) - len(entries):
        blocks.append(context(f"{earlier} earlier entries are in Temporal's Web UI."))
    return modal(Callback.TIMELINE, "Timeline", blocks)


def _what(entry: TimelineEntry) -> str:
    said = f" “{inline(entry.why, 300)}”" if entry.why else ""
    return happened(entry.what) + said


def _by(who: str, names: Mapping[str, str]) -> str:
    if not who:
        return ""
    return f" ({inline(names[who], 80)})" if names.get(who, "").strip() else f" (<@{inline(who)}>)"


def request_card(view: RequestView) -> View:
    """The coordinators' card with its buttons; forms opened from it are pushed on top."""
    return modal(
        Callback.REQUEST,
        "Request",
        coordinators.coordinators(view).blocks,
        form=FormContext(request_id=view.request_id),
    )


def _about(case: CaseFile) -> str:
    skills = listed(inline(skill, 60) for skill in case.skills[:15]) if case.skills else ""
    return " · ".join(part for part in (inline(case.service, 100), skills) if part)


def _sections(lines: Iterable[str]) -> list[Block]:
    """As few sections as the lines fit into."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(line) + 1 <= MAX_SECTION:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [section(text) for text in texts]
