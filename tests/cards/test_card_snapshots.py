"""Every card in every state, as text that people can review.

After a wanted change: ``UPDATE_SNAPSHOTS=1 pytest tests/cards``, then read the difference.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cards import home, modals, notice, talk
from cards.values import FormContext
from domain.models import Level, Person, Role
from domain.view import Notice, RequestDetails
from tests.cards.card_sketch import sketch, sketch_view
from tests.cards.card_stories import (
    LIVING,
    RILEY,
    SAID_ONCE,
    SAM,
    STATES,
    SUBMITTED,
    asked,
    draw,
    matched,
)
from tests.cards.snapshots_on_disk import check, told


@pytest.mark.parametrize("reader", LIVING)
def test_living_cards_look_like_this_in_every_state(reader: str) -> None:
    check(reader, told({name: sketch(draw(reader, view)) for name, view in STATES.items()}))


@pytest.mark.parametrize("reader", SAID_ONCE)
def test_words_said_once_read_like_this(reader: str) -> None:
    states = SAID_ONCE[reader][3]
    check(reader, told({state: sketch(draw(reader, STATES[state])) for state in states}))


def test_private_answers_read_like_this() -> None:
    view = asked()
    drawn = {what.value: sketch(notice(what, view, SAM.slack_id)) for what in Notice}
    undoable = STATES["claimed by Sam, who can undo it"]
    drawn["taken, by themselves"] = sketch(notice(Notice.TAKEN, undoable, SAM.slack_id))
    drawn["closed, by the mentee"] = sketch(
        notice(Notice.CLOSED, STATES["cancelled before a claim"], SAM.slack_id)
    )
    check("notices", told(drawn))


def test_modals_look_like_this() -> None:
    form = FormContext(request_id="MR-4F6T2QXK5A", channel="D0SAM")
    details = RequestDetails(
        request_id="MR-4F6T2QXK5A",
        mentee=matched().mentee,
        service="Pair Programming",
        goal="Get my first Flask app to talk to a database",
        details="I followed the tutorial\nand <got> *stuck* at SQLAlchemy.",
        skills=["Python", "SQL"],
        affiliation="Veteran",
        level=Level.BEGINNER,
    )
    times = modals.times(matched(), form, now=SUBMITTED, time_zone="America/Chicago")
    drawn = {
        "details": sketch_view(modals.details(details)),
        "details, little said": sketch_view(
            modals.details(details.model_copy(update={"details": "", "skills": [], "level": None}))
        ),
        "hello": sketch_view(modals.hello(STATES["claimed by Sam, who can undo it"], form)),
        "times": sketch_view(times),
        "feedback, Riley": sketch_view(modals.feedback(matched(), form, Role.MENTEE)),
        "feedback, Sam, no session needed": sketch_view(
            modals.feedback(STATES["introduced, no session needed"], form, Role.MENTOR)
        ),
    }
    check("modals", told(drawn))


def test_what_is_said_without_a_request_reads_like_this() -> None:
    crisis = "If you are in crisis, call or text 988 and press 1."
    drawn = {
        "home, no public address": sketch_view(home.home("Operation Code", None, "")),
        "command": home.where_to_ask("https://mentors.example.org/"),
        "command, no public address": home.where_to_ask(None),
        "words passed on": sketch(talk.passed_on(crisis)),
        "words not passed on": sketch(talk.not_passed_on()),
        "a picture": sketch(talk.nothing_to_pass_on()),
        "to the coordinators": sketch(talk.to_coordinators(RILEY, "<Hello>\n*you*")),
        "to the coordinators, without a name": sketch(
            talk.to_coordinators(Person(slack_id="U0RILEY"), "\u202e")
        ),
    }
    check("without a request", told(drawn))


def test_the_times_modal_suggests_tomorrow_at_six_in_the_evening_of_the_proposer() -> None:
    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # still the 23rd in Chicago
    form = FormContext(request_id="MR-4F6T2QXK5A")
    for zone, expected in (
        ("America/Chicago", datetime(2026, 11, 25, 0, 0, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 25, 9, 0, tzinfo=UTC)),
        ("Nowhere/Land", datetime(2026, 11, 25, 18, 0, tzinfo=UTC)),
    ):
        view = modals.times(matched(), form, now=now, time_zone=zone)
        pickers = [block["element"] for block in view["blocks"] if block["type"] == "input"]
        assert [picker.get("initial_date_time") for picker in pickers] == [
            int(expected.timestamp()),
            None,
            None,
        ]
