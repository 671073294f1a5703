"""The catalogue: shared readings, a quarter of an hour's life, and memory through an outage."""

from __future__ import annotations

import asyncio
import logging

import pytest

from clients.airtable import Airtable, AirtableAwayError, AirtableSystemError
from records.catalog import LIFE, PAUSE_AFTER_FAILURE, Catalog
from records.errors import RecordsAwayError
from records.tables import MENTOR_FIELDS, SKILL_FIELDS
from tests.records.airtable_fake import FakeAirtable, error

LISTS = {
    "Services": [
        {"id": "recPair", "fields": {"Name": "Pair Programming", "Needs Session": True}},
        {"id": "recBlank", "fields": {}},
    ],
    "Skillsets": [
        {"id": "recPy", "fields": {"Name": "Python"}},
        {"id": "recJs", "fields": {"Name": "JavaScript", "Aliases": "JS"}},
    ],
    "Affiliations": [
        {"id": "recOther", "fields": {"Name": "Other", "Priority": 2}},
        {"id": "recVeteran", "fields": {"Name": "Veteran", "Priority": 1}},
    ],
    "Mentors": [
        {
            "id": "recSam",
            "fields": {
                "Slack ID": "U0SAM",
                "Full Name": "Sam Okafor",
                "Active": True,
                "Skillsets": ["recJs", "recPy"],
                "Services": ["recPair"],
            },
        },
        {"id": "recNoSlack", "fields": {"Full Name": "Not in Slack"}},
    ],
}


@pytest.fixture
def catalog(airtable: Airtable, fake: FakeAirtable) -> Catalog:
    fake.lists.update(LISTS)
    return Catalog(airtable, "appTest", clock=fake.clock)


def reads(fake: FakeAirtable) -> list[str]:
    return [call.table for call in fake.calls]


async def test_mentors_are_read_with_names_for_their_links(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    [sam] = await catalog.mentors()
    assert (sam.name, sam.record_id) == ("Sam Okafor", "recSam")
    assert sam.skills == ["JavaScript", "Python"]
    assert sam.services == ["Pair Programming"]
    asked = {call.table: tuple(call.fields) for call in fake.calls}
    assert asked["Mentors"] == MENTOR_FIELDS
    assert asked["Skillsets"] == SKILL_FIELDS


async def test_rows_without_a_name_are_not_offered(catalog: Catalog) -> None:
    assert [service.name for service in await catalog.services()] == ["Pair Programming"]


async def test_affiliations_come_by_priority(catalog: Catalog) -> None:
    assert [one.name for one in await catalog.affiliations()] == ["Veteran", "Other"]


async def test_nothing_is_read_before_somebody_asks(catalog: Catalog, fake: FakeAirtable) -> None:
    await asyncio.sleep(0)
    assert reads(fake) == []


async def test_twenty_callers_share_one_reading(catalog: Catalog, fake: FakeAirtable) -> None:
    readings = await asyncio.gather(*(catalog.mentors() for _ in range(20)))
    assert all(reading == readings[0] for reading in readings)
    assert sorted(reads(fake)) == ["Mentors", "Services", "Skillsets"]


async def test_a_caller_who_leaves_does_not_end_the_others_reading(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    fake.gate.clear()
    first = asyncio.create_task(catalog.skills())
    second = asyncio.create_task(catalog.skills())
    await fake.arrived.wait()
    first.cancel()
    fake.gate.set()
    assert len(await second) == 2
    assert reads(fake) == ["Skillsets"]


async def test_a_reading_is_good_for_a_quarter_of_an_hour(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    await catalog.skills()
    fake.clock.now += LIFE - 1
    await catalog.skills()
    assert len(reads(fake)) == 1
    fake.lists["Skillsets"] = [{"id": "recGo", "fields": {"Name": "Go"}}]
    fake.clock.now += 1
    assert [skill.name for skill in await catalog.skills()] == ["Go"]


async def test_a_caller_can_change_its_list_without_harm(catalog: Catalog) -> None:
    (await catalog.skills()).clear()
    assert len(await catalog.skills()) == 2


async def test_while_airtable_is_away_the_last_reading_serves_and_the_log_says_so_once(
    catalog: Catalog, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    await catalog.mentors()
    fake.refuse = lambda call: (503, {})
    for _ in range(4):
        fake.clock.now += LIFE
        assert [one.name for one in await catalog.mentors()] == ["Sam Okafor"]
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len([one for one in warnings if "mentors" in one.getMessage()]) == 1
    fake.refuse = lambda call: None
    fake.clock.now += PAUSE_AFTER_FAILURE
    fake.lists["Mentors"] = []
    assert await catalog.mentors() == []


async def test_during_an_outage_not_every_caller_tries_again(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    await catalog.skills()
    fake.refuse = lambda call: (503, {})
    fake.clock.now += LIFE
    for _ in range(10):
        await catalog.skills()
    assert len(reads(fake)) == 2


async def test_nobody_waits_long_for_a_slow_airtable_while_there_is_an_old_reading(
    airtable: Airtable, fake: FakeAirtable
) -> None:
    fake.lists.update(LISTS)
    catalog = Catalog(airtable, "appTest", clock=fake.clock, patience=0.01)
    await catalog.skills()
    fake.gate.clear()
    fake.lists["Skillsets"] = []
    fake.clock.now += LIFE
    assert len(await catalog.skills()) == 2
    fake.gate.set()
    while await catalog.skills():
        await asyncio.sleep(0.01)
    assert len(reads(fake)) == 2


async def test_with_nothing_remembered_the_reason_is_told_and_the_next_caller_tries_again(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (503, {})
    with pytest.raises(RecordsAwayError) as away:
        await catalog.mentors()
    assert isinstance(away.value.reason, AirtableAwayError)
    fake.refuse = lambda call: error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")
    with pytest.raises(RecordsAwayError) as away:
        await catalog.mentors()
    assert isinstance(away.value.reason, AirtableSystemError)
    fake.refuse = lambda call: None
    assert len(await catalog.mentors()) == 1
