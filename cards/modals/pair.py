"""What mentors may read, and the forms of the pair: hello, times, feedback, a word to us."""

from __future__ import annotations

from datetime import datetime, timedelta

from cards.blocks import Block, View, context, field, literal, option, plain, section
from cards.control import hello as hello_of
from cards.ids import TIME_FIELDS, Callback, Field
from cards.modals.frame import modal, written
from cards.summary import mentor_name, request
from cards.text import MAX_SECTION, clean, escape, inline, listed, name, quote, zone
from cards.values import FormContext, TalkContext
from cards.wording import DEFAULT, Wording
from domain.models import MAX_HELLO, MAX_NOTE, MAX_TEXT, Level, Role
from domain.view import RequestDetails, RequestView

YES, NO = "yes", "no"
RATINGS = ("1 – poor", "2", "3 – fine", "4", "5 – great")


def details(found: RequestDetails) -> View:
    """Everything that a mentor who was asked may read."""
    facts = [f"*{inline(found.service, 100)}*", f"From: {name(found.mentee)}"]
    if found.skills:
        facts.append(f"Skills: {listed(inline(skill, 60) for skill in found.skills[:15])}")
    if found.level and found.level is not Level.UNKNOWN:
        facts.append(f"Level now: {found.level.value}")
    if found.affiliation:
        facts.append(f"Affiliation: {inline(found.affiliation, 100)}")
    return modal(
        Callback.DETAILS,
        "Request",
        [
            section("\n".join(facts)),
            section(quote(" ".join(found.goal.split()) or "No goal given.")),
            literal(clean(found.details)[:MAX_SECTION] or "No further details were given."),
            context(f"Shared with mentors only. Request {escape(found.request_id)}"),
        ],
    )


def hello(view: RequestView, form: FormContext, wording: Wording = DEFAULT) -> View:
    element = written(MAX_HELLO, initial=hello_of(view, wording.say))
    hint = "It opens your group message. A warm line or two is plenty."
    return modal(
        Callback.HELLO,
        "Your hello",
        [request(view), field(Field.HELLO, "Your hello", element, hint=hint)],
        submit="Save",
        form=form,
    )


def times(view: RequestView, form: FormContext, *, now: datetime, time_zone: str) -> View:
    """Up to three times; the first is set to tomorrow evening in ``time_zone``."""
    suggested = {Field.TIME_1: int(tomorrow_evening(now, time_zone).timestamp())}
    labels = ("First choice", "Second choice", "Third choice")
    pickers = []
    for block_id, label in zip(TIME_FIELDS, labels, strict=True):
        element: Block = {"type": "datetimepicker"}
        if block_id in suggested:
            element["initial_date_time"] = suggested[block_id]
        pickers.append(field(block_id, label, element, optional=block_id is not Field.TIME_1))
    return modal(
        Callback.TIMES,
        "Propose a time",
        [
            section(
                "Up to three times that suit you, on your own clock. The other side sees theirs "
                "and accepts one, or suggests others. Half an hour to an hour is a good length."
            ),
            *pickers,
        ],
        submit="Propose",
        form=form,
    )


def tomorrow_evening(now: datetime, time_zone: str) -> datetime:
    """18:00 on the next day in this IANA zone (UTC when it is not known)."""
    local = now.astimezone(zone(time_zone) or zone("UTC"))
    return (local + timedelta(days=1)).replace(hour=18, minute=0, second=0, microsecond=0)


def feedback(view: RequestView, form: FormContext, role: Role) -> View:
    who = mentor_name(view) if role is Role.MENTEE else name(view.mentee)
    met = "Did you meet?" if view.needs_session else "Did you get to work on it together?"
    happened: Block = {
        "type": "radio_buttons",
        "options": [option("Yes", YES), option("No", NO)],
    }
    rating: Block = {
        "type": "static_select",
        "placeholder": plain("Choose one"),
        "options": [option(label, str(stars)) for stars, label in enumerate(RATINGS, start=1)],
    }
    blocks = [
        section(f"With {who}. Only coordinators read your rating and note."),
        field(Field.HAPPENED, met, happened),
        field(Field.RATING, "How was it?", rating, optional=True),
        field(Field.NOTE, "Anything you would like to tell us", written(MAX_NOTE), optional=True),
    ]
    if role is Role.MENTEE:
        level: Block = {
            "type": "static_select",
            "placeholder": plain("Choose one"),
            "options": [option(level.value, level.value) for level in Level.choices()],
        }
        blocks.append(
            field(
                Field.LEVEL,
                "Where do you stand now?",
                level,
                hint="It tells us whether mentoring helps people on.",
                optional=True,
            )
        )
    return modal(Callback.FEEDBACK, "How did it go?", blocks, submit="Send", form=form)


def talk(context: TalkContext) -> View:
    """A word to the coordinators, about a request or about nothing in particular."""
    return modal(
        Callback.TALK,
        "Talk to a coordinator",
        [
            section(
                "Only the coordinators of the mentorship programme read this. One of them answers "
                "you here, by direct message."
            ),
            field(Field.TEXT, "What is on your mind?", written(MAX_TEXT)),
        ],
        submit="Send",
        form=context,
    )


def word(text: str) -> View:
    """A modal that says one thing."""
    return modal(Callback.WORD, "Muster", [section(text)])
