"""The invented community that both stand-ins are seeded from."""

import re
import subprocess
import sys
from collections import Counter
from zoneinfo import ZoneInfo

from sandbox import people
from sandbox.people import NEVER_PAIR, PEOPLE, SERVICES, SKILLS, by_name
from sandbox.skills import NEAR_DUPLICATES

CAST = ("Sam Okafor", "Dana Whitfield", "Kenji Mori", "Priya Raman")


def test_there_are_82_mentors_40_members_and_five_coordinators() -> None:
    mentors = [person for person in PEOPLE if person.is_mentor]
    assert (len(PEOPLE), len(mentors)) == (122, 82)
    assert all(person.mentor for person in mentors)
    assert all(person.member for person in PEOPLE if not person.is_mentor)
    coordinators = [person for person in PEOPLE if person.is_coordinator]
    assert Counter(person.is_mentor for person in coordinators) == {True: 4, False: 1}


def test_nobody_shares_an_id_a_handle_an_address_or_a_name() -> None:
    for attribute in ("slack_id", "handle", "email", "real_name"):
        assert len({getattr(person, attribute) for person in PEOPLE}) == len(PEOPLE), attribute


def test_ids_and_addresses_have_the_shape_that_slack_gives_them() -> None:
    for person in PEOPLE:
        assert len(person.slack_id) == 10
        assert person.slack_id.startswith("U0")
        assert person.slack_id.isalnum()
        assert person.slack_id.upper() == person.slack_id
        assert person.email.isascii()
        assert person.email.endswith(("@example.org", "@example.com"))
        assert person.handle.isascii()
        ZoneInfo(person.tz)


def test_the_same_people_appear_in_every_process() -> None:
    script = "from sandbox.people import PEOPLE; print(PEOPLE)"
    again = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script], capture_output=True, text=True, check=True
    )
    assert again.stdout.strip() == str(PEOPLE)


def test_the_cast_can_all_take_a_python_pair_programming_request() -> None:
    for name in CAST:
        profile = by_name(name).mentor
        assert profile is not None
        assert profile.active
        assert profile.status == "Available"
        assert profile.max_mentees >= 2
        assert {"Python", "JavaScript"} <= set(profile.skills)
        assert {"Pair Programming", "General Guidance – Slack Chat"} <= set(profile.services)
    assert by_name("Dana Whitfield").is_coordinator
    riley = by_name("Riley Santos")
    assert (riley.handle, riley.is_mentor) == ("riley", False)
    assert riley.member is not None
    assert riley.member.verified


def test_every_skill_and_service_is_known_and_offered_by_somebody() -> None:
    profiles = [person.mentor for person in PEOPLE if person.mentor]
    skills = Counter(skill for profile in profiles for skill in profile.skills)
    services = Counter(service for profile in profiles for service in profile.services)
    assert set(skills) == {skill.name for skill in SKILLS}
    assert set(services) == {service.name for service in SERVICES}
    assert all(profile.skills and profile.services for profile in profiles)


def test_no_alias_stands_for_two_skills() -> None:
    words = [
        word.casefold()
        for skill in SKILLS
        for word in {name.casefold() for name in (skill.name, *skill.aliases)}
    ]
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_the_list_is_longer_than_a_menu_and_has_rows_that_nobody_should_have_added() -> None:
    assert len(SKILLS) > 100, "Slack's static menus hold 100 options"
    tidy = {skill.name for skill in SKILLS}
    known = {word.casefold() for skill in SKILLS for word in skill.aliases}
    for row in NEAR_DUPLICATES:
        assert row.meant in tidy
        assert row.name not in tidy
        assert row.name.casefold() not in known, "a tool that adds aliases would find nothing"
        for name in row.chosen_by:
            mentor = by_name(name).mentor
            assert mentor is not None
            assert row.meant in mentor.skills
            assert name not in CAST
    assert any(row.name != row.name.strip() for row in NEAR_DUPLICATES)


def test_some_mentors_say_how_they_want_to_be_shown_and_when_to_be_asked() -> None:
    named = {person.real_name: person.mentor for person in PEOPLE if person.mentor}
    shown = {name: profile.shown_name for name, profile in named.items() if profile.shown_name}
    assert all(words != name for name, words in shown.items())
    assert any(words == name.split()[0] for name, words in shown.items())
    assert {profile.asks_a_week for profile in named.values()} >= {None, 1, 5}
    quiet = [profile.quiet_hours for profile in named.values() if profile.quiet_hours]
    clock = r"([01]\d|2[0-3]):[0-5]\d"
    assert len(quiet) >= 3
    assert all(re.fullmatch(f"{clock}–{clock}", hours) for hours in quiet)
    for name in CAST:
        profile = named[name]
        assert (profile.shown_name, profile.quiet_hours) == ("", "")
        assert profile.asks_a_week == 20, "the demo may be played often"


def test_some_mentors_are_away_and_capacities_differ() -> None:
    profiles = [person.mentor for person in PEOPLE if person.mentor]
    assert set(Counter(profile.status for profile in profiles)) == {
        "Available",
        "Snoozed",
        "Opted out",
        "Dormant",
    }
    assert {profile.max_mentees for profile in profiles} == {1, 2, 3, 4}
    assert all((p.status == "Snoozed") == (p.snoozed_until is not None) for p in profiles)
    assert any(not p.active and p.status == "Available" for p in profiles)


def test_most_live_in_the_united_states_and_some_are_posted_abroad() -> None:
    for people_ in ([p for p in PEOPLE if p.is_mentor], [p for p in PEOPLE if not p.is_mentor]):
        regions = Counter(person.tz.split("/")[0] for person in people_)
        assert regions["America"] + regions["Pacific"] > 0.8 * len(people_)
        assert regions["Europe"] >= 2
        assert regions["Asia"] >= 2


def test_some_mentors_leave_their_time_zone_to_slack_and_one_says_another() -> None:
    mentors = [(person, person.mentor) for person in PEOPLE if person.mentor]
    assert all(person.tz for person, _ in mentors)
    empty = [person for person, profile in mentors if not profile.time_zone]
    assert len(empty) == 6
    assert len({person.tz.split("/")[0] for person in empty}) == 3
    other = [p.real_name for p, profile in mentors if profile.time_zone not in ("", p.tz)]
    assert other == ["Patrick Faleolo"]
    assert not {person.real_name for person in empty} & set(CAST)


def test_those_who_are_never_paired_could_otherwise_have_met() -> None:
    assert len(NEVER_PAIR) == 2
    for member, mentor in NEVER_PAIR:
        assert member.member is not None
        assert mentor.mentor is not None
        assert (mentor.mentor.active, mentor.mentor.status) == (True, "Available")
        assert {"Python", "Pair Programming"} <= {*mentor.mentor.skills, *mentor.mentor.services}


def test_six_services_say_whether_they_need_a_session() -> None:
    assert {s.name for s in SERVICES if s.needs_session} == {
        "General Guidance – Voice Chat",
        "Pair Programming",
        "Mock Interview",
    }
    assert len(SERVICES) == 6
    assert len(people.AFFILIATIONS) == 5
