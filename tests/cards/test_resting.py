"""The forms of a mentor's rest and profile, as they are read."""

from __future__ import annotations

from datetime import time

from cards import modals
from cards.modals import profiles, resting
from cards.values import ProfileContext, RestContext
from domain.mentor_messages import MentorProfile
from domain.models import Service, Skill
from domain.quiet import QuietHours
from sandbox.slack.blocks import checked_view
from tests.cards.card_sketch import sketch_view
from tests.cards.card_stories import SUBMITTED
from tests.cards.snapshots_on_disk import check, told

SERVICES = [
    Service(name="Pair Programming", record_id="rec1"),
    Service(name="Code Review", record_id="rec2"),
]


def test_the_forms_of_a_mentors_rest_and_profile_look_like_this() -> None:
    known = MentorProfile(
        shown_name="Sam",
        bio="I like Flask.",
        skills=[Skill(name="Python", record_id="rec3")],
        services=SERVICES[1:],
        max_mentees=2,
        time_zone="America/New_York",
        quiet_hours=QuietHours(start=time(22), end=time(7)),
    )
    new = MentorProfile(shown_name="Riley Santos", time_zone="America/Chicago")
    link = {"code_of_conduct_url": "https://example.org/coc"}
    drawn = {
        "pause or stop": modals.rest(RestContext()),
        "stopped already": resting.stopped_already(),
        "one moment": modals.one_moment(),
        "sign-up": modals.profile(
            new, SERVICES, ProfileContext(opened_at=SUBMITTED, signs_up=True), **link
        ),
        "profile": modals.profile(known, SERVICES, ProfileContext(opened_at=SUBMITTED)),
    }
    for view in drawn.values():
        checked_view(view, "modal")
    said = [
        resting.pausing_until(SUBMITTED),
        resting.STOPPED,
        resting.STOPPED_STAYS,
        resting.BACK,
        *(
            profiles.saved(signed_up=signed_up, active=active)
            for signed_up, active in ((True, True), (True, False), (False, True))
        ),
    ]
    sketches = {name: sketch_view(view) for name, view in drawn.items()}
    check("forms of mentors", told(sketches | {"said afterwards": "\n".join(said)}))


def test_a_button_outside_any_request_carries_nothing_and_means_no_request() -> None:
    assert RestContext.read("") == RestContext()
