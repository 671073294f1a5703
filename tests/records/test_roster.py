"""The mentors as they are now, best placed first, and why the others can't be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.service import RPCError, RPCStatusCode

from clients.airtable import Airtable
from domain.matching import Reason
from domain.models import Mentor
from domain.policy import Scope
from domain.standing import Standing
from records.catalog import Catalog
from records.errors import RecordsAwayError
from records.remembered import LIFE
from records.roster import Roster
from tests.records.airtable_fake import FakeAirtable

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PAIR = "Pair Programming"
UNTIL = NOW + timedelta(days=7)


class Met:
    """How mentors stand whom Muster has met, as tests set it."""

    def __init__(self) -> None:
        self.known: dict[str, Standing] = {}
        self.fails: Exception | None = None
        self.looks = 0

    def stands(self, slack_id: str, **facts: object) -> None:
        self.known[slack_id] = Standing.model_validate({"slack_id": slack_id, **facts})

    async def standings(self) -> dict[str, Standing]:
        self.looks += 1
        if self.fails:
            raise self.fails
        return self.known


def row(slack_id: str, **cells: object) -> dict[str, object]:
    return {
        "id": f"rec{slack_id}",
        "fields": {
            "Slack ID": slack_id,
            "Full Name": f"Mentor {slack_id}",
            "Active": True,
            "Max Mentees": 2,
            "Services": ["recPair"],
            **cells,
        },
    }


@pytest.fixture
def met() -> Met:
    return Met()


@pytest.fixture
def roster(airtable: Airtable, fake: FakeAirtable, met: Met) -> Roster:
    python = {"Skillsets": ["recPython"]}
    fake.lists = {
        "Skillsets": [{"id": "recPython", "fields": {"Name": "Python", "Aliases": "Py"}}],
        "Services": [{"id": "recPair", "fields": {"Name": PAIR}}],
        "Never Pair": [{"id": "recNever", "fields": {"A": "MENTEE", "B": "foe"}}],
        "Mentors": [
            row("OTHER"),
            row("BUSY", **python, **{"Mentees Now": 1}),
            row("FREE", **python),
            row("FOE", **python),
            row("", **python),
            row("AWAY", **python, Status="Snoozed", **{"Snoozed Until": "2026-12-03"}),
            row("MENTEE", **python),
        ],
    }
    return Roster(Catalog(airtable, "appTest", clock=fake.clock), met)


async def by_id(roster: Roster) -> dict[str, Mentor]:
    return {mentor.slack_id: mentor for mentor in await roster.mentors(NOW)}


# ---- how they stand -------------------------------------------------------------------------


async def test_of_mentors_never_met_the_row_says_how_they_stand(roster: Roster) -> None:
    found = await by_id(roster)
    assert (found["BUSY"].load, found["FREE"].load) == (1, 0)
    assert found["AWAY"].status == "Snoozed"


async def test_what_a_mentors_workflow_owns_it_says_and_the_profile_stays_the_rows(
    roster: Roster, met: Met
) -> None:
    seen, asked = NOW - timedelta(days=2), NOW - timedelta(days=1)
    met.stands("BUSY", load=2, asked=[asked], last_asked=asked, last_seen=seen)
    busy = (await by_id(roster))["BUSY"]
    assert (busy.load, busy.status) == (2, "At capacity")
    assert (busy.asked_this_week, busy.last_asked, busy.last_seen) == (1, asked, seen)
    assert (busy.name, busy.skills, busy.max_mentees) == ("Mentor BUSY", ["Python"], 2)


async def test_a_mentor_without_mentees_is_free_whatever_the_row_still_says(
    roster: Roster, met: Met
) -> None:
    met.stands("BUSY", load=0)
    assert (await by_id(roster))["BUSY"].load == 0


@pytest.mark.parametrize(
    ("facts", "status", "until"),
    [
        ({"resting": True, "rest_until": UNTIL}, "Snoozed", UNTIL),
        ({"resting": True, "rest_until": NOW}, "Available", None),
        ({"resting": True}, "Snoozed", None),
        ({"opted_out": True, "resting": True, "rest_until": UNTIL}, "Opted out", None),
        ({"dormant_at": NOW}, "Dormant", None),
        ({"dormant_at": NOW + timedelta(seconds=1)}, "Available", None),
    ],
)
async def test_rest_and_return_count_by_the_moment_that_is_asked_about(
    roster: Roster,
    met: Met,
    facts: dict[str, object],
    status: str,
    until: datetime | None,
) -> None:
    met.stands("AWAY", **facts)
    away = (await by_id(roster))["AWAY"]
    assert (away.status, away.snoozed_until) == (status, until)


async def test_a_closed_account_makes_a_mentor_inactive(roster: Roster, met: Met) -> None:
    met.stands("FREE", account_closed=True)
    assert not (await by_id(roster))["FREE"].active


async def test_a_last_sight_in_the_row_counts_until_there_is_a_later_one(
    roster: Roster, met: Met, fake: FakeAirtable
) -> None:
    fake.lists["Mentors"] = [row("FREE", **{"Last Seen": "2026-04-01T00:00:00.000Z"})]
    met.stands("FREE")
    assert (await by_id(roster))["FREE"].last_seen == datetime(2026, 4, 1, tzinfo=UTC)


async def test_one_mentor_is_found_as_they_stand_and_as_their_row_has_them(
    roster: Roster, met: Met
) -> None:
    met.stands("FREE", opted_out=True)
    found, in_row = await roster.find("FREE", NOW), await roster.in_row("FREE")
    assert found is not None
    assert in_row is not None
    assert (found.status, in_row.status) == ("Opted out", "")
    busy = await roster.find("BUSY", NOW)
    assert busy is not None
    assert busy.load == 1


async def test_somebody_met_who_has_no_row_is_no_mentor(roster: Roster, met: Met) -> None:
    met.stands("STRANGER")
    assert await roster.find("STRANGER", NOW) is None
    assert await roster.in_row("STRANGER") is None
    assert "STRANGER" not in await by_id(roster)


async def test_a_wave_takes_one_look_at_how_everybody_stands(roster: Roster, met: Met) -> None:
    await roster.candidates(PAIR, ["Python"], "MENTEE", [], NOW)
    assert met.looks == 1


async def test_without_temporal_only_rows_can_be_had(roster: Roster, met: Met) -> None:
    met.fails = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")
    with pytest.raises(RPCError):
        await roster.mentors(NOW)
    with pytest.raises(RPCError):
        await roster.find("FREE", NOW)
    assert await roster.in_row("FREE") is not None


# ---- who is best placed ---------------------------------------------------------------------


async def test_everybody_is_appraised_best_placed_first(roster: Roster) -> None:
    found = await roster.appraise(PAIR, ["Py"], "MENTEE", [], NOW)
    assert [(one.slack_id, appraisal.scope or appraisal.reason) for one, appraisal in found] == [
        ("FREE", Scope.FULL),
        ("BUSY", Scope.FULL),
        ("OTHER", Scope.ALL),
        ("AWAY", Reason.ON_A_BREAK),
        ("FOE", Reason.NEVER_PAIRED),
        ("MENTEE", Reason.ASKS_THEMSELVES),
        ("", Reason.NO_SLACK_ID),
    ]
    words = {one.slack_id: appraisal.words for one, appraisal in found}
    assert words["AWAY"] == "on a break until 3 Dec"


async def test_the_appraisal_knows_what_airtable_does_not_know_yet(
    roster: Roster, met: Met
) -> None:
    met.stands("FREE", load=2)
    met.stands("OTHER", asked=[NOW - timedelta(days=days) for days in (1, 2, 3)])
    found = await roster.appraise(PAIR, ["Python"], "MENTEE", ["BUSY"], NOW)
    reasons = {one.slack_id: appraisal.reason for one, appraisal in found}
    assert reasons["FREE"] is Reason.FULL
    assert reasons["BUSY"] is Reason.GAVE_IT_BACK
    assert reasons["OTHER"] is Reason.ASKED_ENOUGH
    lifted = await roster.appraise(PAIR, ["Python"], "MENTEE", [], NOW, cap_lifted=True)
    assert {one.slack_id: appraisal.reason for one, appraisal in lifted}["OTHER"] is None


async def test_candidates_are_those_who_can_be_asked(roster: Roster) -> None:
    found = await roster.candidates(PAIR, ["Python"], "MENTEE", ["BUSY"], NOW)
    assert [one.slack_id for one in found] == ["FREE", "OTHER"]
    best = await roster.candidates(PAIR, ["Python"], "MENTEE", ["BUSY"], NOW, most=1)
    assert [one.slack_id for one in best] == ["FREE"]


async def test_without_a_never_pair_list_nobody_is_proposed(
    roster: Roster, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (503, {}) if call.table == "Never Pair" else None
    with pytest.raises(RecordsAwayError):
        await roster.candidates(PAIR, [], "MENTEE", [], NOW)
    with pytest.raises(RecordsAwayError):
        await roster.appraise(PAIR, [], "MENTEE", [], NOW)


async def test_skills_that_changed_meanwhile_are_matched_by_their_new_words(
    roster: Roster, fake: FakeAirtable
) -> None:
    async def full_matches() -> list[str]:
        found = await roster.candidates(PAIR, ["Snake"], "MENTEE", [], NOW)
        return [one.slack_id for one in found if one.scope is Scope.FULL]

    assert await full_matches() == []
    fake.lists["Skillsets"] = [
        {"id": "recPython", "fields": {"Name": "Python", "Aliases": "snake"}}
    ]
    fake.clock.now += LIFE
    assert await full_matches() == ["FREE", "BUSY"]
