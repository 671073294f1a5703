"""The catalogue: shared readings, a quarter of an hour's life, and memory through an outage."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from clients.airtable import Airtable, AirtableAwayError, AirtableSystemError
from clients.hourly import HOUR
from records.amendments import UNWRITTEN_LIFE
from records.catalog import Catalog
from records.errors import RecordsAwayError
from records.remembered import LIFE, PAUSE_AFTER_FAILURE
from records.tables import MENTOR_FIELDS, NEW_MENTOR_FIELDS, SKILL_FIELDS
from tests.records.airtable_fake import Call, FakeAirtable, Refusal, error

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
        {"id": "recBlank", "fields": {"Bio": "of nobody"}},
    ],
    "Never Pair": [
        {"id": "recPair", "fields": {"A": "U0SAM", "B": "U0RILEY"}},
        {"id": "recHalf", "fields": {"A": "U0DANA"}},
    ],
    "Message Text": [
        {"id": "recAsk", "fields": {"Key": "ask.intro", "Text": "Somebody would like your help."}},
        {"id": "recEmpty", "fields": {"Key": "ask.thanks"}},
    ],
}
MISSING = error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")


@pytest.fixture
def catalog(airtable: Airtable, fake: FakeAirtable) -> Catalog:
    fake.lists.update(LISTS)
    return Catalog(airtable, "appTest", clock=fake.clock)


@pytest.fixture
def with_private_base(airtable: Airtable, fake: FakeAirtable) -> Catalog:
    fake.lists.update(LISTS)
    return Catalog(airtable, "appTest", private_base_id="appPrivate", clock=fake.clock)


def alerts(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "muster.alerts"]


def reads(fake: FakeAirtable) -> list[str]:
    return [call.table for call in fake.calls]


async def test_mentors_are_read_with_names_for_their_links(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    [sam, _] = await catalog.mentors()
    assert (sam.name, sam.record_id) == ("Sam Okafor", "recSam")
    assert sam.skills == ["JavaScript", "Python"]
    assert sam.services == ["Pair Programming"]
    asked = {call.table: tuple(call.fields) for call in fake.calls}
    assert asked["Mentors"] == MENTOR_FIELDS
    assert asked["Skillsets"] == SKILL_FIELDS


async def test_rows_without_a_name_are_not_offered(catalog: Catalog) -> None:
    assert [service.name for service in await catalog.services()] == ["Pair Programming"]


async def test_a_mentor_without_a_slack_id_is_on_the_roster_so_that_somebody_can_add_it(
    catalog: Catalog,
) -> None:
    assert [(one.slack_id, one.name) for one in await catalog.mentors()] == [
        ("U0SAM", "Sam Okafor"),
        ("", "Not in Slack"),
    ]


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
        assert [one.slack_id for one in await catalog.mentors()] == ["U0SAM", ""]
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
    assert len(await catalog.mentors()) == 2


# ---- people who are never paired ------------------------------------------------------------


async def test_the_never_pair_list_is_read_from_the_coordinators_base(
    with_private_base: Catalog, fake: FakeAirtable
) -> None:
    assert await with_private_base.never_pairs() == [{"U0SAM", "U0RILEY"}]
    assert [(call.base, call.table) for call in fake.calls] == [("appPrivate", "Never Pair")]
    await with_private_base.never_pairs()
    assert len(fake.calls) == 1


async def test_with_one_base_only_the_list_is_read_from_it(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    assert len(await catalog.never_pairs()) == 1
    assert [call.base for call in fake.calls] == ["appTest"]


async def test_a_base_without_the_table_counts_as_an_empty_list_with_one_alert_an_hour(
    with_private_base: Catalog, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse = lambda call: MISSING if call.table == "Never Pair" else None
    for _ in range(4):  # within the hour
        assert await with_private_base.never_pairs() == []
        assert await with_private_base.never_pairs() == []
        fake.clock.now += LIFE
    [alert] = alerts(caplog)
    assert "Never Pair" in alert
    assert len(fake.calls) == 4 * 2, "once a quarter of an hour: the table, and a look at the base"
    await with_private_base.never_pairs()
    assert len(alerts(caplog)) == 2


async def test_the_list_counts_on_while_its_table_is_gone(
    with_private_base: Catalog, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    await with_private_base.never_pairs()
    fake.refuse = lambda call: MISSING if call.table == "Never Pair" else None
    fake.clock.now += LIFE
    assert len(await with_private_base.never_pairs()) == 1
    assert alerts(caplog)


async def test_a_base_that_must_not_be_read_is_not_mistaken_for_an_empty_list(
    with_private_base: Catalog, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: MISSING
    with pytest.raises(RecordsAwayError, match="AIRTABLE_PRIVATE_BASE_ID") as away:
        await with_private_base.never_pairs()
    assert isinstance(away.value.reason, AirtableSystemError)


async def test_columns_of_other_names_are_not_mistaken_for_an_empty_list(
    with_private_base: Catalog, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: error(422, "UNKNOWN_FIELD_NAME", 'Unknown field name: "A"')
    with pytest.raises(RecordsAwayError, match="Never Pair"):
        await with_private_base.never_pairs()


async def test_while_airtable_is_away_the_last_list_counts_and_without_one_nobody_is_matched(
    with_private_base: Catalog, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (503, {})
    with pytest.raises(RecordsAwayError):
        await with_private_base.never_pairs()
    fake.refuse = lambda call: None
    await with_private_base.never_pairs()
    fake.refuse = lambda call: (503, {})
    fake.clock.now += LIFE
    assert len(await with_private_base.never_pairs()) == 1


# ---- words that coordinators changed --------------------------------------------------------


async def until_read(catalog: Catalog, expected: dict[str, str]) -> None:
    async with asyncio.timeout(60):
        while catalog.message_texts_known_now() != expected:
            await asyncio.sleep(0.01)


async def test_nobody_waits_for_message_texts(catalog: Catalog, fake: FakeAirtable) -> None:
    fake.gate.clear()
    assert catalog.message_texts_known_now() == {}
    await fake.arrived.wait()
    assert catalog.message_texts_known_now() == {}
    fake.gate.set()
    await until_read(catalog, {"ask.intro": "Somebody would like your help."})
    assert reads(fake) == ["Message Text"]


async def test_old_message_texts_serve_while_new_ones_are_read(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    catalog.message_texts_known_now()
    known = {"ask.intro": "Somebody would like your help."}
    await until_read(catalog, known)
    fake.lists["Message Text"] = [{"id": "recX", "fields": {"Key": "ask.intro", "Text": "Hi"}}]
    fake.clock.now += LIFE - 1
    assert catalog.message_texts_known_now() == known
    fake.clock.now += 1
    assert catalog.message_texts_known_now() == known
    await until_read(catalog, {"ask.intro": "Hi"})
    assert len(reads(fake)) == 2


async def test_message_texts_never_raise_and_an_outage_is_not_asked_about_all_the_time(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (503, {})
    assert catalog.message_texts_known_now() == {}
    await fake.arrived.wait()
    for _ in range(50):
        assert catalog.message_texts_known_now() == {}
        await asyncio.sleep(0.002)
    assert len(reads(fake)) == 1
    fake.refuse = lambda call: None
    fake.clock.now += PAUSE_AFTER_FAILURE
    await until_read(catalog, {"ask.intro": "Somebody would like your help."})


async def test_a_base_without_message_texts_keeps_the_bundled_words_and_says_so_once(
    catalog: Catalog, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse = lambda call: MISSING
    for quarter in range(3):
        assert catalog.message_texts_known_now() == {}
        async with asyncio.timeout(60):
            while len(reads(fake)) <= quarter or catalog._message_texts.reading is None:
                await asyncio.sleep(0.01)
        fake.clock.now += LIFE
    [alert] = alerts(caplog)
    assert "Message Text" in alert


async def test_a_key_with_two_texts_is_left_out_and_reported(
    catalog: Catalog, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    fake.lists["Message Text"] = [
        {"id": "rec1", "fields": {"Key": "ask.intro", "Text": "One"}},
        {"id": "rec2", "fields": {"Key": " ask.intro ", "Text": "Two"}},
        {"id": "rec3", "fields": {"Key": "same", "Text": "Words"}},
        {"id": "rec4", "fields": {"Key": "same", "Text": "Words"}},
        {"id": "rec5", "fields": {"Text": "of no key"}},
    ]
    catalog.message_texts_known_now()
    await until_read(catalog, {"same": "Words"})
    [alert] = alerts(caplog)
    assert '"ask.intro"' in alert
    assert "One" not in alert


# ---- bases of earlier releases --------------------------------------------------------------


def older(*lacking: str) -> Callable[[Call], Refusal | None]:
    """A table of mentors without these columns: Airtable names one of them at a time."""

    def refuse(call: Call) -> Refusal | None:
        unknown = [name for name in lacking if call.table == "Mentors" and name in call.fields]
        told = f'Unknown field name: "{unknown[0]}"' if unknown else ""
        return error(422, "UNKNOWN_FIELD_NAME", told) if unknown else None

    return refuse


async def test_an_older_base_is_read_without_the_columns_that_it_lacks(
    catalog: Catalog, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse = older(*NEW_MENTOR_FIELDS)
    sam = (await catalog.mentors())[0]
    assert (sam.name, sam.skills, sam.weekly_asks) == ("Sam Okafor", ["JavaScript", "Python"], 3)
    told = alerts(caplog)
    assert len(told) == len(NEW_MENTOR_FIELDS)
    assert all(any(f'"{name}"' in line for line in told) for name in NEW_MENTOR_FIELDS)


async def test_columns_that_are_known_to_lack_cost_no_call_for_an_hour(
    catalog: Catalog, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse = older("Quiet Hours", "Asks A Week")

    async def calls_of_a_reading() -> int:
        before = reads(fake).count("Mentors")
        await catalog.mentors()
        return reads(fake).count("Mentors") - before

    assert await calls_of_a_reading() == 3
    for _ in range(3):
        fake.clock.now += LIFE
        assert await calls_of_a_reading() == 1
    assert len(alerts(caplog)) == 2
    fake.clock.now += LIFE
    assert await calls_of_a_reading() == 3, "by now somebody may have added them"
    assert len(alerts(caplog)) == 4


async def test_a_column_that_was_added_is_read_after_an_hour(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    fake.refuse = older("Shown Name")
    await catalog.mentors()
    fake.refuse = lambda call: None
    fake.clock.now += HOUR
    await catalog.mentors()
    assert "Shown Name" in fake.calls[-1].fields


async def test_a_column_that_no_release_lacked_must_be_mended(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    fake.refuse = older("Active")
    with pytest.raises(RecordsAwayError, match="Active"):
        await catalog.mentors()


# ---- who was added --------------------------------------------------------------------------


async def test_whoever_was_added_is_there_when_somebody_asks_next(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    before = await catalog.mentors()
    fake.lists["Mentors"] = [
        *LISTS["Mentors"],
        {"id": "recKim", "fields": {"Slack ID": "U0KIM", "Full Name": "Kim Tran"}},
    ]
    assert await catalog.mentors() == before
    catalog.read_mentors_again()
    assert [one.name for one in await catalog.mentors()] == [*(m.name for m in before), "Kim Tran"]


async def test_a_reading_on_its_way_when_somebody_is_added_is_not_good_for_long(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    await asyncio.gather(catalog.skills(), catalog.services())
    fake.gate.clear()
    fake.arrived.clear()
    reading = asyncio.create_task(catalog.mentors())
    await fake.arrived.wait()
    catalog.read_mentors_again()
    fake.gate.set()
    await reading
    calls = len(fake.calls)
    await catalog.mentors()
    assert reads(fake)[calls:] == ["Mentors"]
    await catalog.mentors()
    assert len(fake.calls) == calls + 1


# ---- what this process has changed itself ---------------------------------------------------


async def test_a_change_goes_before_readings_that_cannot_know_it(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    assert (await catalog.mentors())[0].status == ""
    amendment = catalog.amendments.add("U0SAM", status="Snoozed")
    assert (await catalog.mentors())[0].status == "Snoozed"
    fake.clock.now += LIFE
    assert (await catalog.mentors())[0].status == "Snoozed", "not in the row yet"
    fake.clock.now += 1
    catalog.amendments.written(amendment)
    assert (await catalog.mentors())[0].status == "Snoozed", "the reading is older"
    fake.clock.now += LIFE
    assert (await catalog.mentors())[0].status == "", "somebody has changed the row meanwhile"


async def test_a_change_that_never_comes_into_the_row_is_forgotten(catalog: Catalog) -> None:
    first = catalog.amendments.add("U0SAM", status="Snoozed")
    second = catalog.amendments.add("U0SAM", status="Available")
    catalog.amendments.withdraw(first)
    assert (await catalog.mentors())[0].status == "Available", "the later one stays"
    catalog.amendments.withdraw(second)
    assert (await catalog.mentors())[0].status == ""


async def test_a_change_whose_writer_is_gone_does_not_count_for_ever(
    catalog: Catalog, fake: FakeAirtable
) -> None:
    catalog.amendments.add("U0SAM", status="Snoozed")
    fake.clock.now += UNWRITTEN_LIFE
    assert (await catalog.mentors())[0].status == ""
