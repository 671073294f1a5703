"""What coordinators look up: whom they can assign, who was asked and why not, what happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cards.ids import Action
from clients.airtable import AirtableError
from clients.requests import TemporalAwayError
from domain.matching import Wish, appraise_all
from domain.models import Mentor, Person
from domain.policy import Scope
from domain.skills import SkillIndex
from domain.view import AskView, CaseFile, TimelineEntry
from records.errors import RecordsAwayError
from slack_app.mentor_lines import mentor_lines
from tests.sandbox.slack_harness import JSON
from tests.slack_app.slack_app_harness import (
    DANA,
    KENJI,
    REQUEST_ID,
    RILEY,
    SAM,
    THIS_REQUEST,
    World,
    asked,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # still the 23rd in America
HOUR = timedelta(hours=1)
PAIR = "Pair Programming"


def mentor(person: Person, *skills: str, **more: Any) -> Mentor:
    facts: dict[str, Any] = {
        "slack_id": person.slack_id,
        "name": person.name,
        "skills": list(skills or ("Python",)),
        "services": [PAIR],
        "max_mentees": 2,
    }
    return Mentor(**facts | more)


ROSTER = [
    mentor(SAM, "Python", load=1),
    mentor(KENJI, "Python", "SQL"),
    mentor(DANA, "Cobol"),
    mentor(Person(slack_id="U0FULL", name="Fatima Full"), load=2),
    mentor(Person(slack_id="U0AWAY", name="Ana Away"), snoozed_until=NOW + 48 * HOUR),
]


def case(**more: Any) -> CaseFile:
    facts: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "now": NOW,
        "service": PAIR,
        "skills": ["Python"],
        "mentee": RILEY.slack_id,
    }
    return CaseFile(**facts | more)


@pytest.fixture
def desk(world: World) -> World:
    world.roster.people = list(ROSTER)
    world.requests.views[REQUEST_ID] = asked()
    world.requests.cases[REQUEST_ID] = case()
    return world


async def press(world: World, action: Action, who: Person = DANA) -> JSON:
    message = await world.offer(action, THIS_REQUEST)
    return await world.press(who, message, "Press")


# ---- the list of mentors in Assign --------------------------------------------------------------


async def test_mentors_are_offered_best_placed_first_with_their_load(desk: World) -> None:
    await press(desk, Action.ASSIGN)
    offered = await desk.search(DANA, "")
    assert [option.split(" · ")[:2] for option in offered] == [
        [KENJI.name, "0 of 2 mentees"],
        [SAM.name, "1 of 2 mentees"],
        [DANA.name, "0 of 2 mentees"],
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kenji", [KENJI]),
        ("OKAFOR", [SAM]),
        ("python", [KENJI, SAM]),
        ("sql", [KENJI]),
        ("cob", [DANA]),
        ("fatima", []),
        ("...", []),
        ("nobody", []),
    ],
)
async def test_mentors_are_found_by_name_and_by_skill(
    desk: World, typed: str, found: list[Person]
) -> None:
    await press(desk, Action.ASSIGN)
    offered = await desk.search(DANA, typed)
    assert [option.split(" · ")[0] for option in offered] == [person.name for person in found]


async def test_who_gave_it_back_and_who_has_it_are_not_offered(desk: World) -> None:
    desk.requests.cases[REQUEST_ID] = case(excluded=[SAM.slack_id], mentor=KENJI.slack_id)
    await press(desk, Action.ASSIGN)
    assert [option.split(" · ")[0] for option in await desk.search(DANA, "")] == [DANA.name]


async def test_only_coordinators_can_search(desk: World) -> None:
    await press(desk, Action.ASSIGN)
    members = {"ok": True, "members": []}
    await desk.break_slack("conversations.members", kind="status", status=200, body=members)
    desk.clock.advance(61)
    assert await desk.search(DANA, "") == []


@pytest.mark.parametrize(
    "away", [RecordsAwayError(AirtableError("Airtable is down")), TimeoutError()]
)
async def test_the_list_stays_empty_while_the_roster_is_away(desk: World, away: Exception) -> None:
    await press(desk, Action.ASSIGN)
    desk.roster.failure = away
    assert await desk.search(DANA, "sam") == []
    desk.roster.failure = None
    assert len(await desk.search(DANA, "sam")) == 1


async def test_the_list_stays_empty_while_temporal_is_away(desk: World) -> None:
    await press(desk, Action.ASSIGN)
    desk.requests.failure = TemporalAwayError("no answer")
    assert await desk.search(DANA, "sam") == []


# ---- who was asked? -----------------------------------------------------------------------------


def told(found: CaseFile, *roster: Mentor, zone: str = "America/Chicago") -> dict[str, str]:
    wish = Wish(
        service=found.service,
        skills=found.skills,
        index=SkillIndex([]),
        mentee=found.mentee,
        excluded=found.excluded,
        now=found.now,
    )
    lines = mentor_lines(found, appraise_all(roster or ROSTER, wish), zone)
    return {line.name: line.words for line in lines}


def ask(person: Person, **more: Any) -> AskView:
    return AskView(**{"mentor": person, "at": NOW - 2 * HOUR, "answer": "waiting"} | more)


def test_those_who_were_asked_come_first_with_what_they_answered() -> None:
    words = told(
        case(
            asks=[
                ask(SAM, reminded=True),
                ask(KENJI, answer="declined", reason="No time this week"),
                ask(DANA, at=NOW - 30 * HOUR, answer="unreachable"),
            ]
        )
    )
    assert list(words)[:3] == [KENJI.name, SAM.name, DANA.name]
    assert words[SAM.name] == "asked 19:00, reminded, no answer yet"
    assert words[KENJI.name] == "asked 19:00, declined – No time this week"
    assert words[DANA.name] == "could not be reached in Slack"


def test_who_wants_no_requests_since_they_were_asked_is_not_waited_for() -> None:
    words = told(case(asks=[ask(SAM, away="on a break"), ask(KENJI, away="opted out")]))
    assert words[SAM.name] == "asked 19:00, on a break"
    assert words[KENJI.name] == "asked 19:00, opted out"


def test_those_who_cannot_be_asked_say_why() -> None:
    words = told(case())
    assert words["Fatima Full"] == "not asked: full: 2 of 2 mentees"
    assert words["Ana Away"] == "not asked: on a break until 26 Nov"
    assert list(words)[-2:] == ["Fatima Full", "Ana Away"]


def test_those_who_come_later_say_when() -> None:
    words = told(
        case(
            planned={SAM.slack_id: NOW + 11 * HOUR},
            queued=[KENJI.slack_id],
            next_wave_at=NOW + HOUR,
        )
    )
    assert words[SAM.name].startswith("asleep until Tue 24 Nov, 08:00, will be asked then")
    assert words[KENJI.name].startswith("comes with the next wave at 22:00")
    assert words[DANA.name].startswith("wider scope: asked when all mentors with room are")


def test_the_hours_are_said_in_utc_to_a_reader_whose_zone_is_unknown() -> None:
    assert "asked 01:00 UTC" in told(case(asks=[ask(SAM)]), zone="")[SAM.name]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (case(mentor=SAM.slack_id, asks=[ask(SAM)]), "has this request"),
        (
            case(excluded=[SAM.slack_id], asks=[ask(SAM)]),
            "asked 19:00, had it and does not have it any more",
        ),
        (case(excluded=[SAM.slack_id]), "not asked: gave it back before"),
        (
            case(preferred=SAM.slack_id, in_preferred_window=True, asks=[ask(SAM)]),
            "asked 19:00 (they were named), no answer yet",
        ),
        (
            case(preferred=KENJI.slack_id, in_preferred_window=True, asks=[ask(KENJI)]),
            "waits while the mentor whom they named is asked; fits in full",
        ),
        (case(mentor=KENJI.slack_id), "not asked before somebody had it; fits in full"),
        (case(scope=Scope.ALL), "can be asked with the next step; fits in full"),
    ],
)
def test_beside_every_mentor_stands_why(found: CaseFile, words: str) -> None:
    assert told(found)[SAM.name] == words


def test_a_mentor_who_left_the_roster_is_still_told_of() -> None:
    gone = Person(slack_id="U0GONE", name="Gil Gone")
    assert told(case(asks=[ask(gone)]))["Gil Gone"] == "asked 19:00, no answer yet"


async def test_the_list_opens_with_names_and_reasons(desk: World) -> None:
    desk.requests.cases[REQUEST_ID] = case(
        asks=[ask(SAM, answer="declined", reason="*bold* <!here>")]
    )
    await press(desk, Action.WHO_WAS_ASKED)
    shown = str(await desk.modal(DANA))
    assert SAM.name in shown
    assert "&lt;!here&gt;" in shown
    assert "Fatima Full" in shown


async def test_without_the_roster_the_asked_are_shown_and_the_rest_is_explained(
    desk: World,
) -> None:
    desk.requests.cases[REQUEST_ID] = case(asks=[ask(SAM)])
    desk.roster.failure = RecordsAwayError(AirtableError("Airtable is down"))
    await press(desk, Action.WHO_WAS_ASKED)
    shown = str(await desk.modal(DANA))
    assert SAM.name in shown
    assert "can't be read just now" in shown


# ---- what happened ------------------------------------------------------------------------------


async def test_the_timeline_names_who_did_what(desk: World) -> None:
    desk.requests.cases[REQUEST_ID] = case(
        asks=[ask(SAM)],
        timeline=[
            TimelineEntry(at=NOW - 3 * HOUR, what="submitted", by=RILEY.slack_id),
            TimelineEntry(at=NOW - 2 * HOUR, what="declined", by=SAM.slack_id),
            TimelineEntry(at=NOW, what="target missed"),
        ],
    )
    await press(desk, Action.TIMELINE)
    shown = str(await desk.modal(DANA))
    assert f"submitted ({RILEY.name})" in shown
    assert f"declined ({SAM.name})" in shown
    assert "<!date^" in shown, "on each reader's own clock"


async def test_somebody_unknown_in_the_timeline_is_mentioned_by_id(desk: World) -> None:
    desk.requests.cases[REQUEST_ID] = case(
        timeline=[TimelineEntry(at=NOW, what="cancelled", by="U0NOBODY")]
    )
    await press(desk, Action.TIMELINE)
    assert "<@U0NOBODY>" in str(await desk.modal(DANA))
