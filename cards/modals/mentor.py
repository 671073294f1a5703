"""Forms for a mentor who was asked, or has the request: why not, on which day, by when."""

from __future__ import annotations

from datetime import datetime, timedelta

from cards.blocks import Block, View, field, option, section
from cards.ids import Callback, Field
from cards.modals.frame import modal, written
from cards.modals.pair import tomorrow_evening
from cards.summary import answer_due, latest_hold, request
from cards.text import moment, name, zone
from cards.values import FormContext
from domain.models import MAX_NOTE
from domain.view import RequestView

REASONS = {
    "no time": "No time this week",
    "other skills": "It needs skills that I don't have",
    "other service": "I'd rather help in another way",
    "know them": "I know this person and would rather not",
    "something else": "Something else",
}
"""Why mentors decline: the option's value, and its words."""

SUNDAY = 6
SENSIBLE_HOURS = range(9, 21)
"""Hours of the day that are suggested to somebody who names a moment."""

_REASON_ROOM = max(len(words) for words in REASONS.values()) + len(": ")


def say_why(form: FormContext) -> View:
    """The choice (``Field.REASON``) and words (``Field.NOTE``), which fit into one reason."""
    choice: Block = {
        "type": "radio_buttons",
        "options": [option(words, value) for value, words in REASONS.items()],
    }
    return modal(
        Callback.SAY_WHY,
        "Say why",
        [
            section("Only coordinators read this, and no reason is a bad one."),
            field(Field.REASON, "What is the reason?", choice),
            field(
                Field.NOTE,
                "Anything you would like to add",
                written(MAX_NOTE - _REASON_ROOM),
                optional=True,
            ),
        ],
        submit="Send",
        form=form,
    )


def hold(view: RequestView, form: FormContext, now: datetime, time_zone: str) -> View:
    """On which day they will do it: before the promised time, by their own clock."""
    picker: Block = {"type": "datetimepicker"}
    if suggested := suggested_hold(now, latest_hold(view), time_zone):
        picker["initial_date_time"] = int(suggested.timestamp())
    return modal(
        Callback.HOLD,
        "I'll do it on a day",
        [
            request(view),
            section(
                "We keep it in mind for you, and come back to you then. Until you claim it, others "
                f"still can. An answer is promised by {moment(answer_due(view))}, so please choose "
                "a time at least an hour before that."
            ),
            field(Field.UNTIL, "When will you take it?", picker),
        ],
        submit="Keep it for me",
        form=form,
    )


def suggested_hold(now: datetime, latest: datetime, time_zone: str) -> datetime | None:
    """Sunday at 18:00 on their clock if that is before ``latest``; else the last sensible hour.

    None when no whole hour is left.
    """
    local = now.astimezone(zone(time_zone) or zone("UTC"))
    days = (SUNDAY - local.weekday()) % 7
    sunday = (local + timedelta(days=days)).replace(hour=18, minute=0, second=0, microsecond=0)
    if now < sunday <= latest:
        return sunday
    last = latest.astimezone(local.tzinfo).replace(minute=0, second=0, microsecond=0)
    hours = [last - timedelta(hours=back) for back in range(24)]
    possible = [at for at in hours if at > now]
    sensible = [at for at in possible if at.hour in SENSIBLE_HOURS]
    return next(iter([*sensible, *possible]), None)


def write_by(view: RequestView, form: FormContext, now: datetime, time_zone: str) -> View:
    """By when they will write (more); tomorrow evening is suggested."""
    picker: Block = {
        "type": "datetimepicker",
        "initial_date_time": int(tomorrow_evening(now, time_zone).timestamp()),
    }
    return modal(
        Callback.WRITE_BY,
        "When will you write?",
        [
            section(
                f"A line to {name(view.mentee)} by then is plenty. We remind you if it slips your "
                "mind."
            ),
            field(Field.UNTIL, "I'll write by", picker),
        ],
        submit="Save",
        form=form,
    )
