"""The mentors as they are now, best placed first, and why the others can't be asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clients.airtable import Airtable
from domain.matching import Reason
from domain.policy import Scope
from records.catalog import Catalog
from records.errors import RecordsAwayError
from records.roster import Roster
from tests.records.airtable_fake import FakeAirtable

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PAIR = "Pair Programming"


class Counted:
    """A workload as tests set it."""

    def __init__(self) -> None:
        self.mentees: dict[str, int] = {}

    async def open_mentees(self) -> dict[str, int]:
        return self.mentees


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
def workload() -> Counted:
    return Counted()


@pytest.fixture
def roster(airtable: Airtable, fake: FakeAirtable, workload: Counted) -> Roster:
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
    return Roster(Catalog(airtable, "appTest", clock=fake.clock), workload)


async def test_the_higher_count_of_mentees_is_the_load(roster: Roster, workload: Counted) -> None:
    workload.mentees = {"FREE": 2, "BUSY": 0}
    loads = {mentor.slack_id: mentor.load for mentor in await roster.mentors()}
    assert (loads["FREE"], loads["BUSY"], loads["OTHER"]) == (2, 1, 0)


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


async def test_the_appraisal_knows_mentees_of_whom_airtable_does_not_know_yet(
    roster: Roster, workload: Counted
) -> None:
    workload.mentees = {"FREE": 2}
    found = await roster.appraise(PAIR, ["Python"], "MENTEE", ["BUSY"], NOW)
    reasons = {one.slack_id: appraisal.reason for one, appraisal in found}
    assert reasons["FREE"] is Reason.FULL
    assert reasons["BUSY"] is Reason.GAVE_IT_BACK


async def test_candidates_are_those_who_can_be_asked(roster: Roster) -> None:
    found = await roster.candidates(PAIR, ["Python"], "MENTEE", ["BUSY"], NOW)
    assert [one.slack_id for one in found] == ["FREE", "OTHER"]


async def test_without_a_never_pair_list_nobody_is_proposed(
    roster: Roster, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (503, {}) if call.table == "Never Pair" else None
    with pytest.raises(RecordsAwayError):
        await roster.candidates(PAIR, [], "MENTEE", [], NOW)
    with pytest.raises(RecordsAwayError):
        await roster.appraise(PAIR, [], "MENTEE", [], NOW)
