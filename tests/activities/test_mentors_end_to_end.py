"""A mentor from row to workflow and back: real activities, real workflows, Airtable's stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import Worker

from activities.mentors import MentorActivities
from activities.sightings import SightingActivities
from clients.airtable import Airtable
from clients.mentees import Mentees
from clients.mentors import Mentors
from clients.workload import Workload
from domain import task_queues
from domain.mentor_messages import (
    ComeBack,
    MentorProfile,
    OptOut,
    Reserve,
    SaveProfile,
    Snooze,
)
from domain.models import Person
from domain.sightings import PassOnSightings
from domain.standing import MentorRules
from domain.view import Notice
from domain.work import CheckMentor, LookUpPeople, MentorCheck, People
from records.catalog import Catalog
from records.mentor_rows import MentorRows
from records.roster import Roster
from records.writer import Writer
from sandbox.airtable import create_app
from sandbox.airtable.bases import MENTORS
from sandbox.config import AIRTABLE_BASE_ID, AIRTABLE_COORDINATORS_BASE_ID, AirtableStandInConfig
from sandbox.people import by_name
from tests.temporal import end_all
from workflows.mentor_availability import MentorAvailability

SAM = by_name("Sam Okafor").slack_id
RILEY = by_name("Riley Santos").slack_id
KIM = "U0KIMTRAN1"
PATIENCE = 60


@activity.defn(name="look_up_people")
async def everybody_is_in_slack(order: LookUpPeople) -> People:
    return People(found=[Person(slack_id=one) for one in order.slack_ids])


class Town:
    """All that has to do with mentors, served as in one process."""

    def __init__(self, client: Client, airtable: Airtable) -> None:
        self.client = client
        self.airtable = airtable
        self.mentors = Mentors(client)
        self.catalog = Catalog(
            airtable, AIRTABLE_BASE_ID, private_base_id=AIRTABLE_COORDINATORS_BASE_ID
        )
        self.writer = Writer(airtable, rest=0.1)
        self.activities = MentorActivities(
            self.mentors,
            Workload(client),
            Roster(self.catalog, self.mentors),
            MentorRows(self.catalog, self.writer, AIRTABLE_BASE_ID),
            MentorRules(),
        )
        self.sightings = SightingActivities(
            self.mentors, Mentees(client), self.catalog, self.writer, AIRTABLE_BASE_ID
        )

    async def claim(self, slack_id: str, request: str = "MR-AAAAAAAAAA") -> MentorCheck:
        now = datetime.now(UTC)
        wish = Reserve(at=now, request_id=request, turn=1)
        check = CheckMentor(slack_id=slack_id, now=now, mentee=RILEY, wish=wish)
        answer: MentorCheck = await self._run(self.activities.check_mentor, check)
        return answer

    async def pass_on(self, **seen: datetime) -> None:
        await self._run(self.sightings.pass_on_sightings, PassOnSightings(seen=seen))

    async def row(self, slack_id: str) -> dict[str, Any]:
        fields = [field.name for field in MENTORS.fields]
        found = await self.airtable.read(AIRTABLE_BASE_ID, MENTORS.name, fields)
        rows = [row["fields"] for row in found if row["fields"].get("Slack ID") == slack_id]
        return dict(rows[0]) if rows else {}

    async def until_row(self, slack_id: str, **cells: object) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                row = await self.row(slack_id)
                if all(row.get(name.replace("_", " ")) == cell for name, cell in cells.items()):
                    return row
                await asyncio.sleep(0.2)

    async def opted_out_by_hand(self, slack_id: str) -> None:
        """As coordinators noted it before there was Muster."""
        found = await self.airtable.read(AIRTABLE_BASE_ID, MENTORS.name, ["Slack ID"])
        [record] = [one["id"] for one in found if one["fields"].get("Slack ID") == slack_id]
        change = {record: {"Status": "Opted out"}}
        await self.airtable.update(AIRTABLE_BASE_ID, MENTORS.name, change)

    async def _run(self, work: Any, order: Any) -> Any:
        return await ActivityEnvironment().run(work, order)


@pytest.fixture
async def town(temporal: WorkflowEnvironment) -> AsyncIterator[Town]:
    client = temporal.client
    app = create_app(AirtableStandInConfig(rate_limits=False))
    async with TestServer(app) as server:
        endpoint = str(server.make_url("")).rstrip("/")
        airtable = Airtable(AirtableStandInConfig.token, endpoint_url=endpoint)
        town = Town(client, airtable)
        async with (
            Worker(client, task_queue=task_queues.WORKFLOWS, workflows=[MentorAvailability]),
            Worker(client, task_queue=task_queues.AIRTABLE, activities=town.activities.all()),
            Worker(client, task_queue=task_queues.SLACK, activities=[everybody_is_in_slack]),
        ):
            try:
                yield town
            finally:
                await end_all(client)
                await town.writer.close()
                await airtable.close()


async def test_rest_and_return_of_a_mentor_are_in_their_row_and_decide_at_once(town: Town) -> None:
    assert (await town.claim(SAM)).refusal is None
    row = await town.until_row(SAM, Mentees_Now=1)
    until = datetime.now(UTC) + timedelta(days=7)
    await town.mentors.tell(SAM, Snooze(at=datetime.now(UTC), until=until))
    assert (await town.claim(SAM, "MR-BBBBBBBBBB")).refusal is Notice.NO_ROOM
    await town.until_row(SAM, Status="Snoozed", Mentees_Now=1)
    await town.mentors.tell(SAM, OptOut(at=datetime.now(UTC)))
    out = await town.until_row(SAM, Status="Opted out", Snoozed_Until=None)
    assert "Opted Out At" in out
    await town.mentors.tell(SAM, ComeBack(at=datetime.now(UTC)))
    assert (await town.claim(SAM, "MR-BBBBBBBBBB")).refusal is None, "whatever visibility says yet"
    back = await town.until_row(SAM, Mentees_Now=2, Opted_Out_At=None)
    assert back["Full Name"] == row["Full Name"]


async def test_who_opted_out_by_their_row_is_met_by_the_next_sightings_and_stays_out(
    town: Town,
) -> None:
    await town.opted_out_by_hand(SAM)
    assert await town.mentors.overview(SAM) is None
    await town.pass_on()
    async with asyncio.timeout(PATIENCE):
        while (overview := await town.mentors.overview(SAM)) is None or (
            not overview.standing.opted_out
        ):
            await asyncio.sleep(0.05)
    assert (await town.claim(SAM)).refusal is Notice.NO_ROOM


async def test_who_opted_out_by_their_row_cannot_claim_although_they_were_never_met(
    town: Town,
) -> None:
    await town.opted_out_by_hand(SAM)
    assert (await town.claim(SAM)).refusal is Notice.NO_ROOM
    overview = await town.mentors.overview(SAM)
    assert overview is not None
    assert overview.standing.opted_out
    assert overview.mentees == []


async def test_whoever_signs_up_can_claim_as_soon_as_their_row_stands(town: Town) -> None:
    assert (await town.claim(KIM)).refusal is Notice.NOT_A_MENTOR
    profile = MentorProfile(shown_name="Kim", max_mentees=1, code_of_conduct=True)
    joins = SaveProfile(at=datetime.now(UTC), profile=profile, signs_up=True)
    await town.mentors.tell(KIM, joins)
    await town.until_row(KIM, Shown_Name="Kim", Active=True)
    assert (await town.claim(KIM)).refusal is None
    assert (await town.claim(KIM, "MR-BBBBBBBBBB")).refusal is Notice.NO_ROOM
    row = await town.until_row(KIM, Status="At capacity", Mentees_Now=1)
    assert row["Shown Name"] == "Kim"
    rows = await Catalog(town.airtable, AIRTABLE_BASE_ID).mentors()
    assert [one.slack_id for one in rows].count(KIM) == 1
