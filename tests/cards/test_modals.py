"""The forms and lists of mentors and coordinators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards import modals
from cards.ids import Action, Callback, Field
from cards.values import FormContext, TalkContext
from domain.models import HOLD_MARGIN, MAX_NOTE, Mentor
from domain.policy import Scope
from domain.view import CaseFile, TimelineEntry
from sandbox.slack.blocks import checked_options, checked_view
from tests.cards.card_sketch import sketch_view, strings
from tests.cards.card_stories import ALEX, RILEY, STATES, SUBMITTED, asked
from tests.cards.snapshots_on_disk import check, told

FORM = FormContext(request_id="MR-4F6T2QXK5A", channel="D0SAM", number=1, to="U0RILEY")
HOUR = timedelta(hours=1)
CASE = CaseFile(
    request_id="MR-4F6T2QXK5A",
    now=SUBMITTED + 24 * HOUR,
    service="Pair Programming",
    skills=["Python", "SQL"],
    mentee="U0RILEY",
    scope=Scope.ALL,
    timeline=[
        TimelineEntry(at=SUBMITTED, what="submitted", by="U0RILEY"),
        TimelineEntry(at=SUBMITTED + 8 * HOUR, what="step: remind"),
        TimelineEntry(at=SUBMITTED + 20 * HOUR, what="closed: <b>no</b> *luck*", by="U0ALEX"),
    ],
)
LINES = [
    modals.MentorLine("Sam Okafor", "asked 3 hours ago, no answer yet", "1 of 2 mentees"),
    modals.MentorLine("Dana <Whitfield>", "not asked: on a break until Mon 7 Dec"),
]


def _form_fields(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"
    }


def test_the_forms_of_part_two_look_like_this() -> None:
    view = STATES["open, words of Riley's"]
    names = {"U0ALEX": ALEX.name}
    drawn = {
        "say why": modals.say_why(FORM),
        "hold": modals.hold(asked(), FORM, SUBMITTED, "America/New_York"),
        "write by": modals.write_by(STATES["introduced"], FORM, SUBMITTED, "America/New_York"),
        "talk": modals.talk(TalkContext(request_id="MR-4F6T2QXK5A", channel="D0SAM")),
        "assign": modals.assign(view, FORM),
        "reassign": modals.assign(STATES["introduced"], FORM),
        "close": modals.close_request(view, FORM),
        "answer": modals.answer_person(view, FORM),
        "who was asked": modals.who_was_asked(CASE, LINES),
        "who was asked, an empty roster": modals.who_was_asked(CASE, []),
        "timeline": modals.timeline(CASE, names),
        "request": modals.request_card(STATES["open, Alex looks after it"]),
    }
    for modal in drawn.values():
        checked_view(modal, "modal")
    check("modals of part two", told({name: sketch_view(view) for name, view in drawn.items()}))


def test_what_a_form_is_about_travels_with_it() -> None:
    for modal in (modals.say_why(FORM), modals.close_request(asked(), FORM)):
        assert FormContext.read(modal["private_metadata"]) == FORM
    about = TalkContext(channel="D0SAM")
    assert TalkContext.read(modals.talk(about)["private_metadata"]) == about
    shown = modals.request_card(asked())
    assert shown["callback_id"] == Callback.REQUEST
    assert FormContext.read(shown["private_metadata"]).request_id == "MR-4F6T2QXK5A"


def test_reason_and_words_together_fit_into_one_note() -> None:
    element = _form_fields(modals.say_why(FORM))[Field.NOTE]
    longest = max(modals.REASONS.values(), key=len)
    assert len(f"{longest}: ") + element["max_length"] <= MAX_NOTE


CHICAGO = ZoneInfo("America/Chicago")


def _clock(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026 in Chicago; the 22nd and the 29th are Sundays."""
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("now", "latest", "suggested"),
    [
        (_clock(27, 10), _clock(30, 9), _clock(29, 18)),  # Sunday evening is in time
        (_clock(29, 10), _clock(30, 9), _clock(29, 18)),  # today is Sunday
        (_clock(29, 18), _clock(30, 14, 30), _clock(30, 14)),  # that evening is now
        (_clock(23, 9), _clock(25, 8), _clock(24, 20)),  # the last hour of the evening before
        (_clock(23, 9), _clock(25, 15, 30), _clock(25, 15)),
        (_clock(23, 22), _clock(24, 4), _clock(24, 4)),  # only night is left
        (_clock(23, 9, 10), _clock(23, 9, 50), None),  # no whole hour is left
        (_clock(23, 9), _clock(22, 9), None),
    ],
)
def test_a_hold_is_suggested_for_sunday_evening_or_the_last_sensible_hour(
    now: datetime, latest: datetime, suggested: datetime | None
) -> None:
    found = modals.suggested_hold(now.astimezone(UTC), latest.astimezone(UTC), "America/Chicago")
    assert found == suggested


def test_the_hold_form_suggests_a_time_that_will_be_taken() -> None:
    view = asked()
    element = _form_fields(modals.hold(view, FORM, view.now, "America/Chicago"))[Field.UNTIL]
    until = datetime.fromtimestamp(element["initial_date_time"], UTC)
    assert view.now < until <= view.respond_by - HOLD_MARGIN
    over = _form_fields(modals.hold(view, FORM, view.respond_by, "America/Chicago"))[Field.UNTIL]
    assert "initial_date_time" not in over


# ---- coordinators -------------------------------------------------------------------------------


def _mentor(**facts: Any) -> Mentor:
    usual: dict[str, Any] = {
        "slack_id": "U0SAM",
        "name": "Sam Ortiz",
        "skills": ["Python", "SQL"],
        "max_mentees": 2,
        "load": 1,
    }
    return Mentor(**usual | facts)


def test_the_list_of_mentors_is_searched_as_soon_as_it_opens() -> None:
    chooser = _form_fields(modals.assign(asked(), FORM))[Field.MENTOR]
    assert chooser["type"] == "external_select"
    assert chooser["action_id"] == Action.FIND_MENTOR
    assert chooser["min_query_length"] == 0


def test_mentors_stand_in_the_list_with_their_load_and_skills_in_the_order_given() -> None:
    found = [_mentor(), _mentor(slack_id="U0DANA", name="Dana", skills=[], load=0)]
    assert [(one["text"]["text"], one["value"]) for one in modals.mentor_options(found)] == [
        ("Sam Ortiz · 1 of 2 mentees · Python, SQL", "U0SAM"),
        ("Dana · 0 of 2 mentees", "U0DANA"),
    ]


def test_the_list_of_mentors_keeps_slacks_limits() -> None:
    found = [
        _mentor(slack_id=f"U{number:04}", name="N" * 200, skills=["S" * 90] * 40)
        for number in range(300)
    ]
    options = modals.mentor_options([*found, _mentor(name=" ")])
    checked_options({"options": options})
    assert len(options) == 100
    assert modals.mentor_options([_mentor(name=" ")])[0]["text"]["text"].startswith("U0SAM · ")


def test_a_long_roster_and_a_long_history_fit_into_a_modal() -> None:
    lines = [modals.MentorLine("<" * 200, "&" * 900, "x" * 200)] * 500
    who = modals.who_was_asked(CASE, lines)
    checked_view(who, "modal")
    assert any("and 460 more" in said for said in strings(who))
    entry = TimelineEntry(at=SUBMITTED, what="&" * 900, by="U0RILEY")
    busy = CASE.model_copy(update={"timeline": [entry] * 500, "service": "<" * 500})
    history = modals.timeline(busy, {"U0RILEY": RILEY.name * 20})
    checked_view(history, "modal")
    assert any("400 earlier entries" in said for said in strings(history))


def test_words_to_be_answered_are_shown_as_they_were_written() -> None:
    modal = modals.answer_person(STATES["open, words of Riley's"], FORM)
    text = "Is <this> still *going*?\nI would rather not say why."
    shown = [block["text"] for block in modal["blocks"] if "text" in block]
    assert {"type": "plain_text", "text": text, "emoji": False} in shown
