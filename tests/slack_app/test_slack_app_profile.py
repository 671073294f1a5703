"""Sign-up and profile: the form, its searches, what is wrong at its field, what is sent."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from cards.modals import profiles
from cards.values import ProfileContext
from clients.airtable import AirtableError
from clients.requests import TemporalAwayError
from domain.mentor_messages import MentorProfile, SaveProfile
from domain.models import Mentor, Service, Skill
from domain.quiet import QuietHours
from domain.standing import MentorOverview, Standing
from records.errors import RecordsAwayError
from sandbox.people import by_name
from sandbox.slack.blocks import checked_options, checked_view
from slack_app.profile_search import is_time_zone, matching_skills, matching_time_zones
from tests.sandbox.slack_harness import JSON
from tests.slack_app.slack_app_harness import KENJI, RILEY, SAM, World

RILEY_IN_SLACK = by_name("Riley Santos")


def text(words: str) -> JSON:
    return {"type": "plain_text_input", "value": words}


def number(value: str) -> JSON:
    return {"type": "number_input", "value": value}


def several(kind: str, *values: str) -> JSON:
    return {"type": kind, "selected_options": [{"value": value} for value in values]}


def clock(at: str | None) -> JSON:
    return {"type": "timepicker", "selected_time": at}


def filled(**more: JSON) -> dict[str, JSON]:
    values = {
        "shown_name": text("Riley"),
        "skills": several("multi_external_select", "recSkillJs0000001", "recSkillSql000001"),
        "services": several("checkboxes", "recServicePair001"),
        "max_mentees": number("2"),
        "weekly_asks": number("4"),
        "time_zone": {
            "type": "external_select",
            "selected_option": {"value": "Europe/Berlin"},
        },
        "bio": text("I like Flask."),
        "code_of_conduct": several("checkboxes", "accepted"),
    }
    return values | more


def blocks_of(view: JSON) -> dict[str, JSON]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


async def sign_up_form(world: World) -> JSON:
    home = await world.home(RILEY)
    assert (await world.press_in_view(RILEY, home, "Become a mentor"))["ok"]
    await world.settle()
    return await world.modal(RILEY)


async def edit_form(world: World, **row: Any) -> JSON:
    facts: dict[str, Any] = {
        "slack_id": SAM.slack_id,
        "name": "Sam O.",
        "skills": ["JS", "Python"],
        "services": ["Code Review", "Something of old"],
        "max_mentees": 3,
        "weekly_asks": 2,
        "time_zone": "Asia/Tokyo",
        "bio": "Hello.",
        "quiet_hours": QuietHours(start=time(22), end=time(7)),
    }
    world.roster.people = [Mentor(**facts | row)]
    home = await world.home(SAM)
    assert (await world.press_in_view(SAM, home, "Edit profile"))["ok"]
    await world.settle()
    return await world.modal(SAM)


def saved(world: World) -> SaveProfile:
    ((_, told),) = world.mentors.told
    assert isinstance(told, SaveProfile)
    return told


# ---- signing up ---------------------------------------------------------------------------------


async def test_sign_up_begins_with_what_slack_knows(world: World) -> None:
    blocks = blocks_of(await sign_up_form(world))
    assert blocks["shown_name"]["element"]["initial_value"] == RILEY.name
    zone = blocks["time_zone"]["element"]["initial_option"]
    assert zone["value"] == RILEY.time_zone
    assert "initial_options" not in blocks["services"]["element"]
    assert "code_of_conduct" in blocks


async def test_signing_up_sends_the_profile_with_the_account(world: World) -> None:
    await sign_up_form(world)
    before = datetime.now(UTC)
    await world.submit(RILEY, **filled(quiet_from=clock("22:30"), quiet_until=clock("07:00")))
    told = saved(world)
    assert before <= told.at <= datetime.now(UTC)
    assert (told.signs_up, told.active) == (True, True)
    assert told.profile == MentorProfile(
        shown_name="Riley",
        full_name=RILEY_IN_SLACK.real_name,
        slack_name=RILEY_IN_SLACK.handle,
        email=RILEY_IN_SLACK.email,
        bio="I like Flask.",
        skills=[world.catalog.known_skills[0], world.catalog.known_skills[2]],
        services=[world.catalog.known_services[0]],
        max_mentees=2,
        weekly_asks=4,
        time_zone="Europe/Berlin",
        quiet_hours=QuietHours(start=time(22, 30), end=time(7), time_zone="Europe/Berlin"),
        code_of_conduct=True,
    )
    assert "Welcome, and thank you" in str(await world.modal(RILEY))


async def test_where_coordinators_look_first_a_new_mentor_is_not_active_yet(world: World) -> None:
    object.__setattr__(world.office, "review_new_mentors", True)
    await sign_up_form(world)
    await world.submit(RILEY, **filled())
    assert not saved(world).active
    assert "A coordinator looks at your profile first" in str(await world.modal(RILEY))


async def test_the_code_of_conduct_is_linked_when_there_is_an_address(world: World) -> None:
    object.__setattr__(world.office, "code_of_conduct_url", "https://example.org/coc")
    assert "<https://example.org/coc|code of conduct>" in str(await sign_up_form(world))


# ---- what is wrong is said at its field ---------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field", "word"),
    [
        ({"shown_name": text(" \u200b ")}, "shown_name", "by which name"),
        ({"services": several("checkboxes")}, "services", "required"),
        ({"code_of_conduct": several("checkboxes")}, "code_of_conduct", "required"),
        ({"quiet_from": clock("22:00")}, "quiet_until", "both times"),
        ({"quiet_until": clock("07:00")}, "quiet_from", "both times"),
        ({"max_mentees": number("11")}, "max_mentees", "at most 10"),
        (
            {
                "time_zone": {
                    "type": "external_select",
                    "selected_option": {"value": "Mars/Olympus"},
                }
            },
            "time_zone",
            "choose one from the list",
        ),
        (
            {"skills": several("multi_external_select", "recGone")},
            "skills",
            "not offered any more",
        ),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(
    world: World, wrong: dict[str, JSON], field: str, word: str
) -> None:
    await sign_up_form(world)
    answer = await world.submit(RILEY, **filled(**wrong))
    assert word in answer["errors"][field]
    assert world.mentors.told == []
    await world.submit(RILEY, **filled(quiet_from=clock(None), quiet_until=clock(None)))
    assert saved(world).profile.shown_name == "Riley", "the form was still there"


async def test_equal_times_mean_no_quiet_hours_and_none_mean_the_communitys(world: World) -> None:
    await sign_up_form(world)
    await world.submit(RILEY, **filled(quiet_from=clock("00:00"), quiet_until=clock("00:00")))
    quiet = saved(world).profile.quiet_hours
    assert quiet is not None
    assert quiet.start == quiet.end
    world.mentors.told.clear()
    await sign_up_form(world)
    await world.submit(RILEY, **filled())
    assert saved(world).profile.quiet_hours is None


async def test_with_temporal_away_the_form_stays_as_it_is(world: World) -> None:
    await sign_up_form(world)
    world.mentors.failure = TemporalAwayError("no answer")
    answer = await world.submit(RILEY, **filled())
    assert "try again" in answer["errors"]["shown_name"]


async def test_with_airtable_away_the_form_stays_as_it_is(world: World) -> None:
    await sign_up_form(world)
    world.catalog.failure = RecordsAwayError(AirtableError("down"))
    answer = await world.submit(RILEY, **filled())
    assert "once more" in answer["errors"]["skills"]
    assert world.mentors.told == []


# ---- changing it --------------------------------------------------------------------------------


async def test_a_profile_opens_as_the_row_has_it(world: World) -> None:
    blocks = blocks_of(await edit_form(world))
    assert blocks["shown_name"]["element"]["initial_value"] == "Sam O."
    skills = [one["text"]["text"] for one in blocks["skills"]["element"]["initial_options"]]
    assert skills == ["JavaScript", "Python"], "the alias in the row is the skill that has it"
    services = blocks["services"]["element"]["initial_options"]
    assert [one["text"]["text"] for one in services] == ["Code Review"]
    assert blocks["max_mentees"]["element"]["initial_value"] == "3"
    assert blocks["quiet_from"]["element"]["initial_time"] == "22:00"
    assert "code_of_conduct" not in blocks


async def test_a_change_that_airtable_does_not_show_yet_is_in_the_form(world: World) -> None:
    world.mentors.overviews[SAM.slack_id] = MentorOverview(
        now=datetime.now(UTC) + timedelta(days=3),
        standing=Standing(slack_id=SAM.slack_id),
        profile=MentorProfile(shown_name="Samuel", time_zone="Europe/Paris"),
    )
    blocks = blocks_of(await edit_form(world))
    assert blocks["shown_name"]["element"]["initial_value"] == "Samuel"
    world.mentors.overviews[SAM.slack_id].profile = None
    await world.submit(SAM, **{k: v for k, v in filled().items() if k != "code_of_conduct"})
    told = saved(world)
    assert not told.signs_up
    assert told.at > datetime.now(UTC) + timedelta(days=2), "on the mentor's own clock"
    assert "Your profile is saved" in str(await world.modal(SAM))


async def test_numbers_beyond_ours_that_stand_in_the_row_can_stay(world: World) -> None:
    blocks = blocks_of(await edit_form(world, max_mentees=15, weekly_asks=0))
    assert blocks["max_mentees"]["element"]["max_value"] == "15"
    assert blocks["weekly_asks"]["element"]["min_value"] == "0"


async def test_without_the_records_the_form_says_so_in_place_of_one_moment(world: World) -> None:
    home = await world.home(RILEY)
    world.catalog.failure = RecordsAwayError(AirtableError("down"))
    await world.press_in_view(RILEY, home, "Become a mentor")
    await world.settle()
    assert "can't be shown just now" in str(await world.modal(RILEY))


async def test_nobody_is_invited_to_sign_up_whose_row_cannot_be_read(world: World) -> None:
    world.roster.failure = RecordsAwayError(AirtableError("down"))
    assert "Become a mentor" not in str(await world.home(KENJI))


# ---- the searches -------------------------------------------------------------------------------

SKILLS = [
    Skill(name="JavaScript", aliases=["js", "ECMAScript"], record_id="rec1"),
    Skill(name="Node.js", record_id="rec2"),
    Skill(name="Java", record_id="rec3"),
    Skill(name="Go", aliases=["Golang"], record_id="rec4"),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("js", [("JavaScript", "js"), ("Node.js", "")]),
        ("java", [("Java", ""), ("JavaScript", "")]),
        ("GOLANG", [("Go", "Golang")]),
        ("node js", [("Node.js", "")]),
        ("cobol", []),
        ("", [("Go", ""), ("Java", ""), ("JavaScript", ""), ("Node.js", "")]),
    ],
)
def test_skills_are_found_by_any_of_their_names_best_first(
    typed: str, found: list[tuple[str, str]]
) -> None:
    assert [(one.name, alias) for one, alias in matching_skills(typed, SKILLS)] == found


async def test_an_alias_that_matched_is_said(world: World) -> None:
    await sign_up_form(world)
    assert await world.search(RILEY, "js", "skills", "find_skill") == ["JavaScript (js)"]


async def test_more_than_a_hundred_skills_are_cut_to_a_hundred(world: World) -> None:
    world.catalog.known_skills = [
        Skill(name=f"{n:03}" + "x" * 200, record_id=f"rec{n}") for n in range(250)
    ]
    await sign_up_form(world)
    offered = await world.options(RILEY, "", "skills", "find_skill")
    assert len(offered) == 100
    checked_options({"options": offered})
    assert len(await world.search(RILEY, "249", "skills", "find_skill")) == 1


async def test_while_airtable_is_away_the_search_is_empty_and_can_be_tried_again(
    world: World,
) -> None:
    await sign_up_form(world)
    world.catalog.failure = RecordsAwayError(AirtableError("down"))
    assert await world.search(RILEY, "js", "skills", "find_skill") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Chicago", "America/Chicago"),
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Eastern", "America/New_York"),
        ("europe", "Europe/Amsterdam"),
        ("UTC", "UTC"),
    ],
)
def test_time_zones_are_found_by_city(typed: str, first: str) -> None:
    assert matching_time_zones(typed)[0] == first


def test_a_machines_own_zone_is_nobodys() -> None:
    assert not is_time_zone("localtime")


def test_an_empty_search_offers_ones_own_zone_first_and_only_names_that_exist() -> None:
    offered = matching_time_zones("", first="Asia/Tokyo")
    assert offered[:2] == ["Asia/Tokyo", "America/New_York"]
    assert len(offered) == len(set(offered))
    assert all(map(is_time_zone, offered))
    assert matching_time_zones("", first="Mars/Olympus")[0] == "America/New_York"
    assert matching_time_zones("atlantis") == []


async def test_the_list_of_time_zones_keeps_slacks_limits(world: World) -> None:
    await sign_up_form(world)
    offered = await world.options(RILEY, "", "time_zone", "find_time_zone")
    checked_options({"options": offered})
    assert len(offered) == 100
    assert offered[0]["value"] == RILEY.time_zone
    chicago = await world.search(RILEY, "chicago", "time_zone", "find_time_zone")
    assert chicago == ["Chicago (America/Chicago)"]


def test_more_services_than_checkboxes_hold_become_a_list() -> None:
    services = [Service(name=f"Service {n}" + "x" * 99, record_id=f"rec{n}") for n in range(14)]
    known = MentorProfile(shown_name="&" * 300, bio="<" * 3000, services=services[:2])
    form = ProfileContext(opened_at=datetime.now(UTC), signs_up=True)
    view = profiles.profile(known, services, form, code_of_conduct_url="https://example.org/?a&b")
    checked_view(view, "modal")
    assert blocks_of(view)["services"]["element"]["type"] == "multi_static_select"
