"""App Home as mentors see it: how they stand, who waits for them, whom they mentor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cards import home
from cards.home_mentor import Mentoring, next_action
from cards.ids import Action
from domain.mentor_messages import MentorProfile
from domain.models import Mentor, Role, Status
from domain.standing import MentorOverview, Standing
from domain.view import RequestView
from sandbox.slack.blocks import checked_view
from tests.cards.card_sketch import sketch_view, strings
from tests.cards.card_stories import RILEY, SAM, STATES, SUBMITTED, asked, matched
from tests.cards.snapshots_on_disk import check, told

NOW = SUBMITTED + timedelta(hours=1)
DAY = timedelta(days=1)
ROW = Mentor(slack_id=SAM.slack_id, name=SAM.name, max_mentees=2, weekly_asks=3, load=1)


def overview(*, profile: MentorProfile | None = None, never: bool = False, **more: Any) -> Any:
    facts: dict[str, Any] = {"load": 1, "asked": [NOW - DAY, NOW - 2 * DAY]}
    standing = Standing(slack_id=SAM.slack_id, **facts | more)
    return MentorOverview(now=NOW, standing=standing, profile=profile, never_ask_again=never)


def sam(**more: Any) -> Mentoring:
    facts: dict[str, Any] = {"slack_id": SAM.slack_id, "row": ROW, "overview": overview()}
    return Mentoring(**facts | more)


def page(mentor: Mentoring, **more: Any) -> dict[str, Any]:
    view = home.home("Operation Code", None, "", mentor=mentor, **more)
    checked_view(view, "home")
    return view


def said(mentor: Mentoring) -> str:
    return " ".join(strings(page(mentor)))


def offered(mentor: Mentoring) -> list[str]:
    rows = [block for block in page(mentor)["blocks"] if block.get("block_id") == "mentor"]
    return [element["action_id"] for element in rows[0]["elements"]]


OPTED_OUT = ROW.model_copy(update={"opted_out_at": datetime(2026, 5, 1, tzinfo=UTC)})


def test_mentors_homes_look_like_this() -> None:
    offers = [asked(), STATES["open, Sam asked by name first"]]
    mentees = [
        STATES["introduced, Sam has said when"],
        STATES["introduced, times proposed by Riley"],
        STATES["scheduled"],
        STATES["awaiting feedback"],
    ]
    drawn = {
        "available": sam(offers=offers, mentees=mentees, more_mentees=2),
        "full": sam(overview=overview(load=2), offers=offers[:1]),
        "full by their own wish": sam(overview=overview(profile=_profile(max_mentees=0), load=0)),
        "on a break": sam(overview=overview(resting=True, rest_until=NOW + 6 * DAY)),
        "paused": sam(overview=overview(resting=True)),
        "opted out": sam(row=OPTED_OUT, overview=overview(opted_out=True)),
        "opted out for good": sam(overview=overview(opted_out=True, never=True)),
        "seen again": sam(overview=overview(dormant_at=NOW - DAY)),
        "not looked at yet": sam(row=ROW.model_copy(update={"active": False})),
        "just signed up": sam(row=None, overview=overview(profile=_profile(), load=0)),
        "not met yet": sam(overview=None),
        "Airtable away": sam(row=None, incomplete=True),
        "Temporal away": sam(overview=None, incomplete=True),
    }
    check("app home of mentors", told({who: sketch_view(page(one)) for who, one in drawn.items()}))
    everything = page(
        drawn["available"], mine=STATES["introduced"], desk=home.Desk(queue=[], now=NOW)
    )
    check("app home of one in every role", sketch_view(everything))


def _profile(**more: Any) -> MentorProfile:
    return MentorProfile(shown_name=SAM.name, **more)


@pytest.mark.parametrize(
    ("how", "buttons"),
    [
        ({}, [Action.NOT_THIS_WEEK, Action.REST]),
        ({"resting": True, "rest_until": NOW + DAY}, [Action.COME_BACK, Action.REST]),
        ({"resting": True}, [Action.COME_BACK, Action.REST]),
        ({"opted_out": True}, [Action.COME_BACK]),
    ],
)
def test_what_can_be_pressed_goes_with_how_they_stand(
    how: dict[str, Any], buttons: list[Action]
) -> None:
    assert offered(sam(overview=overview(**how))) == [*buttons, Action.EDIT_PROFILE]


def test_a_status_of_the_coordinators_own_counts_until_they_take_it_back() -> None:
    marked = overview(marked=True)
    moved_on = ROW.model_copy(update={"status": "Moved on"})
    assert "Nobody asks you anything just now" in said(sam(row=moved_on, overview=marked))
    assert "You are available" in said(sam(overview=marked))


def test_a_break_that_is_over_is_not_told_any_more() -> None:
    over = overview(resting=True, rest_until=NOW - DAY)
    assert "You are available" in said(sam(overview=over))


def test_a_profile_saved_a_moment_ago_counts_before_the_row_does() -> None:
    mentor = sam(overview=overview(profile=_profile(max_mentees=5, weekly_asks=1)))
    assert "1 of 5 mentees · asked 2 of at most 1 times this week" in said(mentor)


def test_who_is_full_can_say_no_but_not_yes() -> None:
    buttons = [
        element["action_id"]
        for block in page(sam(overview=overview(load=2), offers=[asked()]))["blocks"]
        if str(block.get("block_id")).startswith("offer_")
        for element in block["elements"]
    ]
    assert buttons == [Action.DECLINE, Action.DETAILS]


def test_every_button_of_an_offer_says_aloud_which_request_it_is_about() -> None:
    for block in page(sam(offers=[asked()]))["blocks"]:
        if str(block.get("block_id")).startswith("offer_"):
            for element in block["elements"]:
                assert element["accessibility_label"].startswith(element["text"]["text"])
                assert "Pair Programming" in element["accessibility_label"]


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (STATES["claimed by Sam, who can undo it"], "you can undo it in Messages"),
        (STATES["introduced"], "write to Riley Santos."),
        (STATES["introduced, Sam has said when"], "write to Riley Santos by"),
        (STATES["introduced, times proposed by Sam"], "looks at your times"),
        (STATES["introduced, times proposed by Riley"], "accept one of Riley Santos's times"),
        (STATES["introduced, Sam has written"], "agree on a time"),
        (STATES["introduced, Sam is silent"], "tell us whether you go on"),
        (matched(needs_session=False, mentor_has_written=True), "in your own time"),
        (STATES["scheduled"], "your session, <!date"),
        (STATES["awaiting feedback"], "say how it went"),
        (
            matched(Status.AWAITING_FEEDBACK, feedback_from=[Role.MENTOR]),
            "nothing; Riley Santos is asked",
        ),
    ],
)
def test_the_next_step_with_each_mentee_is_said_in_words(view: RequestView, words: str) -> None:
    assert words in next_action(view)


def test_one_person_in_every_role_reads_the_queue_last_and_fits_into_slacks_limits() -> None:
    crowd = [
        asked(
            request_id=f"MR-AAAAAAAA{n // 10 + 2}{n % 10 + 2 if n % 10 < 6 else 'A'}",
            goal="<" * 150,
            service="&" * 300,
        )
        for n in range(10)
    ]
    view = page(
        sam(offers=crowd, mentees=[matched(mentee=RILEY, service="<" * 200)]),
        mine=STATES["introduced"].model_copy(update={"request_id": "MR-BBBBBBBBBB"}),
        desk=home.Desk(queue=[], now=NOW, mentors={}),
    )
    order = " ".join(strings(view))
    assert order.index("Your request") < order.index("You are available") < order.index("The queue")


def test_only_who_is_no_mentor_is_invited_to_become_one() -> None:
    def invited(view: dict[str, Any]) -> bool:
        return "Become a mentor" in strings(view)

    assert invited(home.home("A", None, "", may_sign_up=True))
    assert not invited(home.home("A", None, "", may_sign_up=False))
    assert not invited(page(sam()))
