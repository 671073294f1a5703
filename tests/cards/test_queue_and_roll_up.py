"""The coordinators' queue, by risk, in the daily roll-up and in App Home."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cards import home
from cards.ids import Action
from cards.roll_up import roll_up
from cards.values import RequestRef, TalkContext
from domain.ids import request_id_for
from domain.models import Person, Status
from domain.queue import STANDS_STILL, QueueEntry, by_risk
from domain.roll_up import NewMentor, stands_in
from sandbox.slack.blocks import checked_blocks, checked_view
from tests.cards.card_sketch import sketch, sketch_view, strings
from tests.cards.card_stories import ALEX, STATES
from tests.cards.snapshots_on_disk import check, told

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(number: int = 1, **facts: Any) -> QueueEntry:
    """A request of ten hours ago, promised in 38."""
    usual: dict[str, Any] = {
        "request_id": f"MR-AAAAAAAAA{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[number % 32]}",
        "service": "Pair Programming",
        "skills": ["Python", "SQL"],
        "status": Status.OPEN,
        "step": "remind",
        "owner": ALEX,
        "submitted_at": NOW - 10 * HOUR,
        "respond_by": NOW + 38 * HOUR,
        "next_deadline": NOW + 2 * HOUR,
        "goal": "Get my first Flask app to talk to a database",
    }
    return QueueEntry(**usual | facts)


def late(number: int, by: timedelta) -> QueueEntry:
    return entry(
        number, submitted_at=NOW - by - 48 * HOUR, respond_by=NOW - by, breached=True, step="breach"
    )


def parked(number: int, **facts: Any) -> QueueEntry:
    wait = {"submitted_at": NOW - 200 * HOUR, "respond_by": NOW - 152 * HOUR}
    return entry(number, **wait, breached=True, parked=True, step="parked", **facts)


def with_mentor(number: int, **facts: Any) -> QueueEntry:
    has_one = {"status": Status.CLAIMED, "mentor": "U0SAM", "respond_by": None}
    return entry(number, **has_one | facts)


def standing_still(number: int) -> QueueEntry:
    return with_mentor(number, next_deadline=None, waiting_for=STANDS_STILL)


QUEUE = [
    with_mentor(1, next_deadline=NOW + 9 * HOUR, waiting_for="the mentor's first word"),
    parked(2),
    entry(3, respond_by=NOW + 3 * HOUR, step="warn owner", skills=[]),
    late(4, by=2 * HOUR),
    entry(5),
    late(6, by=30 * HOUR),
    with_mentor(7, next_deadline=NOW + HOUR),
    entry(8, respond_by=NOW + 20 * HOUR, owner=None),
    with_mentor(9, next_deadline=None),
]


def numbers(entries: list[QueueEntry]) -> list[int]:
    places = {one.request_id: place for place, one in enumerate(QUEUE, start=1)}
    return [places[one.request_id] for one in entries]


def test_the_longest_late_come_first_then_the_least_time_left_then_parked_then_the_rest() -> None:
    assert numbers(by_risk(QUEUE, NOW)) == [6, 4, 3, 8, 5, 2, 7, 1, 9]
    assert numbers(by_risk(reversed(QUEUE), NOW)) == [6, 4, 3, 8, 5, 2, 7, 1, 9]


def test_late_is_what_the_clock_or_the_request_itself_says() -> None:
    assert entry(respond_by=NOW).is_late(NOW)
    assert entry(breached=True).is_late(NOW), "its own clock may run ahead of ours"
    assert not entry(respond_by=NOW + HOUR).is_late(NOW)
    assert not with_mentor(1, breached=True).is_late(NOW), "it was answered, if late"
    assert not parked(1).is_late(NOW)


def test_the_roll_up_reads_like_this() -> None:
    card = roll_up(QUEUE, NOW)
    assert card is not None
    checked_blocks(card.blocks)
    calm = roll_up([entry(), entry(2)], NOW, more=3)
    assert calm is not None
    pair = roll_up([standing_still(1)], NOW)
    assert pair is not None
    days = {"a day": card, "a calm day": calm, "nobody waits, but a pair stands still": pair}
    check("roll-up", told({day: sketch(drawn) for day, drawn in days.items()}))


@pytest.mark.parametrize(
    ("entries", "spoken"),
    [
        ([late(1, HOUR)], "1 past the promised time"),
        ([entry(1, respond_by=NOW + HOUR), parked(2)], "1 due today and 1 parked"),
        ([standing_still(1)], "1 with a mentor but standing still"),
        ([late(1, HOUR), parked(2), standing_still(3), standing_still(4)], "2 with a mentor"),
        ([entry(1)], "nothing is late"),
    ],
)
def test_a_notification_of_the_roll_up_counts_what_there_is_and_nothing_else(
    entries: list[QueueEntry], spoken: str
) -> None:
    message = roll_up(entries, NOW)
    assert message is not None
    assert spoken in message.text
    assert not re.search(r"\b0 ", message.text)


def test_with_nobody_waiting_and_no_pair_standing_still_there_is_no_roll_up() -> None:
    assert roll_up([], NOW) is None
    assert roll_up([with_mentor(1), with_mentor(7)], NOW) is None


def test_the_roll_up_pings_nobody() -> None:
    nameless = Person(slack_id="U0ALEX")
    card = roll_up([late(1, HOUR).model_copy(update={"owner": nameless}), *QUEUE], NOW)
    assert card is not None
    assert not any("<@" in said or "<!" in said for said in strings(card))


def test_a_queue_of_thousands_still_fits_into_one_message() -> None:
    long = {"service": "&" * 300, "skills": ["<" * 100] * 20, "goal": "<" * 150, "step": "&" * 200}
    crowd = [late(number, by=number * HOUR) for number in range(500)]
    crowd += [entry(number, respond_by=NOW + HOUR) for number in range(500)]
    crowd += [parked(number) for number in range(500)]
    card = roll_up([one.model_copy(update=long) for one in crowd], NOW)
    assert card is not None
    checked_blocks(card.blocks)
    assert sum("460 more" in said for said in strings(card.blocks)) == 3


# ---- App Home -----------------------------------------------------------------------------------


def _home(**more: Any) -> dict[str, Any]:
    view = home.home("Operation Code", "https://mentors.example.org/", "In crisis? 988.", **more)
    checked_view(view, "home")
    return view


def _actions(view: dict[str, Any]) -> list[str]:
    found = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    found += [element for block in view["blocks"] for element in block.get("elements", [])]
    return [element["action_id"] for element in found if "action_id" in element]


def test_app_home_by_role_looks_like_this() -> None:
    drawn = {
        "everybody": _home(),
        "a mentee who waits": _home(mine=STATES["claimed by Sam, who can undo it"]),
        "a mentee with a mentor": _home(mine=STATES["introduced"]),
        "a mentee with a session": _home(mine=STATES["scheduled"]),
        "a mentee who is asked how it went": _home(mine=STATES["awaiting feedback"]),
        "a coordinator": _home(desk=home.Desk(queue=QUEUE, now=NOW)),
        "a coordinator with a roster": _home(
            desk=home.Desk(
                queue=[],
                now=NOW,
                mentors={"Available": 31, "At capacity": 4, "Dormant": 9, "Moved on": 1},
                roster_url="https://mentors.example.org/roster/TOKEN",
            )
        ),
        "a coordinator, all sending paused": _home(
            desk=home.Desk(
                queue=[], now=NOW, paused=True, paused_by="U0ALEX", paused_since=NOW - HOUR
            )
        ),
        "a coordinator during an outage": _home(desk=home.Desk(queue=None, now=NOW, paused=None)),
    }
    check("app home", told({who: sketch_view(view) for who, view in drawn.items()}))


def test_everybody_can_talk_to_a_coordinator_and_only_coordinators_see_the_queue() -> None:
    assert _actions(_home()) == [Action.TALK_TO_COORDINATOR]
    coordinators = _actions(_home(desk=home.Desk(queue=QUEUE, now=NOW)))
    assert coordinators.count(Action.OPEN_REQUEST) == len(QUEUE)
    assert coordinators[0] == Action.PAUSE_SENDING
    assert coordinators[-1] == Action.TALK_TO_COORDINATOR


def test_the_queue_opens_requests_in_the_order_of_their_risk() -> None:
    view = _home(desk=home.Desk(queue=QUEUE, now=NOW))
    opened = [
        RequestRef.read(block["accessory"]["value"]).request_id
        for block in view["blocks"]
        if block.get("accessory", {}).get("action_id") == Action.OPEN_REQUEST
    ]
    assert opened == [one.request_id for one in by_risk(QUEUE, NOW)]


@pytest.mark.parametrize(("paused", "offered"), [(True, "resume_sending"), (None, None)])
def test_the_switch_offers_what_can_be_done(paused: bool | None, offered: str | None) -> None:
    actions = _actions(_home(desk=home.Desk(queue=[], now=NOW, paused=paused)))
    assert [action for action in actions if action.endswith("_sending")] == (
        [offered] if offered else []
    )


def test_a_long_queue_fits_and_says_how_many_more_there_are() -> None:
    crowd = [
        entry(
            number,
            request_id=request_id_for(str(number), "U0RILEY"),
            service="&" * 300,
            goal="<" * 150,
        )
        for number in range(500)
    ]
    view = _home(mine=STATES["scheduled"], desk=home.Desk(queue=crowd, now=NOW, more=25))
    assert any("Open requests: 525" in said for said in strings(view))
    assert any("and 485 more" in said for said in strings(view))


def test_what_a_mentee_says_from_home_is_about_their_open_request() -> None:
    for state, expected in (("introduced", "MR-4F6T2QXK5A"), ("completed", "")):
        view = _home(mine=STATES[state])
        talk = next(block for block in view["blocks"] if block["type"] == "actions")
        value = talk["elements"][0]["value"]
        assert TalkContext.read(value).request_id == expected


def test_time_left_is_told_by_the_requests_own_clock() -> None:
    ahead = entry(respond_by=NOW + 38 * HOUR, asked_at=NOW + 30 * HOUR)
    behind = entry(respond_by=NOW + 38 * HOUR, asked_at=NOW - HOUR)
    over = entry(respond_by=NOW + 38 * HOUR, asked_at=NOW + 40 * HOUR)
    for one, words in (
        (ahead, "8 hours left"),
        (behind, "38 hours left"),
        (over, "past the promised time by 2 hours"),
    ):
        page = home.home("A", None, "", desk=home.Desk(queue=[one], now=NOW))
        assert words in " ".join(strings(page))
    assert over.is_late(NOW)


def test_a_pair_that_stands_still_comes_before_other_pairs_and_stands_in_the_roll_up() -> None:
    still = standing_still(3)
    other = with_mentor(2)
    assert by_risk([other, still], NOW) == [still, other]
    assert stands_in(still, NOW)
    assert not stands_in(other, NOW)
    message = roll_up([other, still], NOW)
    assert message is not None
    assert "nothing moves" in sketch(message)


def test_who_has_signed_up_stands_in_the_roll_up_also_on_a_day_without_requests() -> None:
    new = [
        NewMentor(slack_id="U0NEW"),
        NewMentor(slack_id="U0TWO", in_review=True),
    ]
    alone = roll_up([], NOW, new_mentors=new)
    assert alone
    words = str(alone.blocks)
    assert "<@U0NEW> can be asked from now on." in words
    assert "<@U0TWO> waits for you: tick Active" in words
    assert alone.text == "2 new mentors since yesterday, and no request needs you today."
    beside = roll_up(QUEUE, NOW, new_mentors=new[:1])
    assert beside
    assert "New mentors" in str(beside.blocks)
