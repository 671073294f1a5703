"""Rows of many requests: gathered, paced, and right in the end whatever Airtable says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from clients.airtable import (
    Airtable,
    AirtableAwayError,
    AirtablePayloadError,
    AirtableRateLimitError,
    AirtableSystemError,
)
from records import writer as writer_module
from records.tables import MENTOR_ROWS, NEW_MENTORS, REQUESTS
from records.writer import UNKNOWN_FIELD_LIFE, Writer
from tests.records.airtable_fake import RATE_LIMITED, Call, FakeAirtable, Refusal, error

BASE = "appTest"


@pytest.fixture
async def writer(airtable: Airtable, fake: FakeAirtable) -> AsyncIterator[Writer]:
    writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
    yield writer
    fake.gate.set()
    await writer.close()


async def write(writer: Writer, key: str, revision: int = 1, **cells: object) -> None:
    await writer.write(BASE, REQUESTS, key, revision, {"Request ID": key, **cells})


def start(writer: Writer, key: str, revision: int = 1, **cells: object) -> asyncio.Task[None]:
    return asyncio.create_task(write(writer, key, revision, **cells))


async def on_its_way(fake: FakeAirtable) -> None:
    """Until a call has reached Airtable and waits there."""
    await fake.arrived.wait()
    fake.arrived.clear()


# ---- gathering ------------------------------------------------------------------------------


async def test_rows_that_change_together_share_calls_of_ten(
    writer: Writer, fake: FakeAirtable
) -> None:
    await asyncio.gather(*(write(writer, f"MR-{n}", Goal="x") for n in range(23)))
    assert sorted(len(call.rows) for call in fake.calls) == [3, 10, 10]
    assert len(fake.rows["Mentor Request"]) == 23


async def test_a_burst_of_500_rows_stays_within_calls_and_pace(
    writer: Writer, fake: FakeAirtable
) -> None:
    await asyncio.gather(*(write(writer, f"MR-{n}") for n in range(500)))
    assert len(fake.rows["Mentor Request"]) == 500
    assert len(fake.calls) <= 0.15 * 500
    assert 500 / fake.clock.now >= 45
    assert fake.clock.now >= (len(fake.calls) - 5) / 5


async def test_what_arrives_during_a_call_goes_with_the_next(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.gate.clear()
    first = start(writer, "MR-1")
    await on_its_way(fake)
    others = [start(writer, f"MR-{n}") for n in range(2, 6)]
    await on_its_way(fake)
    fake.gate.set()
    await asyncio.gather(first, *others)
    assert fake.keys_sent == [["MR-1"], ["MR-2", "MR-3", "MR-4", "MR-5"]]


async def test_quick_transitions_of_one_request_become_one_write_a_second(
    writer: Writer, fake: FakeAirtable
) -> None:
    await write(writer, "MR-1", 1, Status="Open")
    first = fake.clock.now
    await asyncio.gather(
        write(writer, "MR-1", 2, Status="Claimed"), write(writer, "MR-1", 3, Status="Scheduled")
    )
    assert len(fake.calls) == 2
    assert fake.clock.now - first >= 0.9
    assert fake.row("MR-1")["Status"] == "Scheduled"


async def test_a_full_call_does_not_wait(writer: Writer, fake: FakeAirtable) -> None:
    await write(writer, "MR-1")
    first = fake.clock.now
    await asyncio.gather(*(write(writer, f"MR-{n}") for n in range(10, 20)))
    assert [len(call.rows) for call in fake.calls] == [1, 10]
    assert fake.clock.now == first


async def test_an_idle_writer_does_not_call(writer: Writer, fake: FakeAirtable) -> None:
    await write(writer, "MR-1")
    fake.clock.now += 3600
    await asyncio.sleep(0.1)
    assert len(fake.calls) == 1


# ---- revisions ------------------------------------------------------------------------------


async def test_of_waiting_revisions_only_the_highest_is_written(
    writer: Writer, fake: FakeAirtable
) -> None:
    await asyncio.gather(
        write(writer, "MR-1", 2, Status="Claimed"),
        write(writer, "MR-1", 3, Status="Scheduled"),
        write(writer, "MR-1", 1, Status="Open"),
    )
    assert len(fake.calls) == 1
    assert fake.row("MR-1")["Status"] == "Scheduled"


async def test_an_attempt_that_arrives_late_changes_nothing(
    writer: Writer, fake: FakeAirtable
) -> None:
    await write(writer, "MR-1", 3, Status="Scheduled")
    await write(writer, "MR-1", 2, Status="Claimed")
    await write(writer, "MR-1", 3, Status="Scheduled")
    assert len(fake.calls) == 1
    assert fake.row("MR-1")["Status"] == "Scheduled"


async def test_a_row_has_one_write_on_its_way_and_the_next_revision_follows(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.gate.clear()
    first = start(writer, "MR-1", 1, Status="Open")
    await on_its_way(fake)
    second = start(writer, "MR-1", 2, Status="Claimed")
    other = start(writer, "MR-2", 1, Status="Open")
    await on_its_way(fake)
    assert fake.keys_sent == [["MR-1"], ["MR-2"]]
    assert not second.done()
    fake.gate.set()
    await asyncio.gather(first, second, other)
    assert fake.keys_sent == [["MR-1"], ["MR-2"], ["MR-1"]]
    assert fake.row("MR-1")["Status"] == "Claimed"


async def test_a_lower_revision_waits_for_the_higher_one_on_its_way(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.gate.clear()
    higher = start(writer, "MR-1", 5, Status="Claimed")
    await on_its_way(fake)
    lower = start(writer, "MR-1", 4, Status="Open")
    await asyncio.sleep(0)
    assert not lower.done()
    fake.gate.set()
    await asyncio.gather(higher, lower)
    assert len(fake.calls) == 1


async def test_what_is_remembered_of_written_rows_is_bounded(
    writer: Writer, fake: FakeAirtable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "REMEMBERED", 2)
    for key in ("MR-1", "MR-2", "MR-3"):
        await write(writer, key)
    await write(writer, "MR-3")
    assert len(fake.calls) == 3
    await write(writer, "MR-1")
    assert fake.keys_sent[-1] == ["MR-1"]


# ---- rows that Airtable refuses -------------------------------------------------------------


def refuses_option(option: str) -> Refusal:
    return error(
        422,
        "INVALID_MULTIPLE_CHOICE_OPTIONS",
        f'Insufficient permissions to create new select option ""{option}""',
    )


async def test_an_unknown_option_costs_its_field_only_and_nobody_else_anything(
    writer: Writer, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse = lambda call: (
        refuses_option("Paused") if any(r.get("Status") == "Paused" for r in call.rows) else None
    )
    await asyncio.gather(
        write(writer, "MR-1", Status="Open", Goal="Paused"),
        write(writer, "MR-2", Status="Paused", Goal="Learn"),
    )
    assert fake.row("MR-1") == {"Request ID": "MR-1", "Status": "Open", "Goal": "Paused"}
    assert fake.row("MR-2") == {"Request ID": "MR-2", "Goal": "Learn"}
    assert len(fake.calls) == 2
    [alert] = [r for r in caplog.records if r.name == "muster.alerts"]
    assert alert.levelno == logging.ERROR
    assert "MR-2" in alert.getMessage()
    assert '"Status"' in alert.getMessage()
    assert "Paused" not in alert.getMessage()


async def test_a_link_to_a_deleted_row_is_taken_out_and_the_other_links_stay(
    writer: Writer, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(call: Call) -> Refusal | None:
        links = [
            link
            for row in call.rows
            for cell in row.values()
            if isinstance(cell, list)
            for link in cell
        ]
        for gone in ("recGoneSkill", "recGoneService"):
            if gone in links:
                return error(
                    422, "ROW_DOES_NOT_EXIST", f"Record ID {gone} does not exist in this table"
                )
        return None

    fake.refuse = refuse
    await write(
        writer, "MR-1", Skillsets=["recPython", "recGoneSkill", "recGo"], Service=["recGoneService"]
    )
    assert fake.row("MR-1") == {
        "Request ID": "MR-1",
        "Skillsets": ["recPython", "recGo"],
        "Service": [],
    }
    assert len([r for r in caplog.records if r.name == "muster.alerts"]) == 2


async def test_a_field_that_the_table_lacks_is_left_out_of_every_row_at_once(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (
        error(422, "UNKNOWN_FIELD_NAME", 'Unknown field name: "Goal"')
        if any("Goal" in row for row in call.rows)
        else None
    )
    await asyncio.gather(*(write(writer, f"MR-{n}", Goal=str(n), Declines=n) for n in range(10)))
    assert [fake.row(f"MR-{n}")["Declines"] for n in range(10)] == list(range(10))
    assert len(fake.calls) == 2


def lacks(*fields: str) -> Callable[[Call], Refusal | None]:
    """A table without these fields: Airtable names one of them at a time."""

    def refuse(call: Call) -> Refusal | None:
        unknown = [name for name in fields if any(name in row for row in call.rows)]
        if not unknown:
            return None
        return error(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{unknown[0]}"')

    return refuse


async def test_a_base_without_newer_columns_costs_no_call_more_once_that_is_known(
    writer: Writer, fake: FakeAirtable, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse = lacks("Owner", "Rematch Wait (h)")
    cells: dict[str, Any] = {"Status": "Open", "Owner": "Robin", "Rematch Wait (h)": 1.5}
    await asyncio.gather(*(write(writer, f"MR-{n}", **cells) for n in range(10)))
    assert len(fake.calls) == 3
    for revision in range(2, 7):
        await write(writer, "MR-1", revision, **cells)
    assert len(fake.calls) == 3 + 5
    assert fake.row("MR-1") == {"Request ID": "MR-1", "Status": "Open"}
    alerts = [r.getMessage() for r in caplog.records if r.name == "muster.alerts"]
    assert len(alerts) == 2
    assert all("add the field" in alert for alert in alerts)
    assert not any("MR-" in alert for alert in alerts)


async def test_a_column_that_was_added_is_written_after_an_hour(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.refuse = lacks("Owner")
    await write(writer, "MR-1", 1, Owner="Robin")
    fake.refuse = lambda call: None
    await write(writer, "MR-1", 2, Owner="Robin")
    assert "Owner" not in fake.row("MR-1")
    fake.clock.now += UNKNOWN_FIELD_LIFE
    await write(writer, "MR-1", 3, Owner="Robin")
    assert fake.row("MR-1")["Owner"] == "Robin"


async def test_rows_that_are_found_by_record_id_are_changed_and_never_created(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.lists["Mentors"] = [
        {"id": f"rec{n}", "fields": {"Full Name": f"Mentor {n}", "Status": "Available"}}
        for n in range(3)
    ]
    outcomes = await asyncio.gather(
        *(
            writer.write(BASE, MENTOR_ROWS, record, 1, {"Status": "Snoozed"})
            for record in ("rec0", "recGone", "rec2")
        ),
        return_exceptions=True,
    )
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], AirtablePayloadError)
    assert [row["fields"]["Status"] for row in fake.lists["Mentors"]] == [
        "Snoozed",
        "Available",
        "Snoozed",
    ]
    assert len(fake.lists["Mentors"]) == 3


async def test_rows_by_key_and_rows_by_record_id_of_one_table_share_no_call(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.lists["Mentors"] = [{"id": "recSam", "fields": {"Slack ID": "SAM"}}]
    await asyncio.gather(
        writer.write(BASE, MENTOR_ROWS, "recSam", 1, {"Status": "Snoozed"}),
        writer.write(BASE, NEW_MENTORS, "KIM", 1, {"Slack ID": "KIM", "Status": "Available"}),
    )
    assert [row["fields"] for row in fake.lists["Mentors"]] == [
        {"Slack ID": "SAM", "Status": "Snoozed"},
        {"Slack ID": "KIM", "Status": "Available"},
    ]
    assert [len(call.rows) for call in fake.calls] == [1, 1]


async def test_of_ten_rows_the_one_with_the_bad_value_is_found_and_mended(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (
        error(422, "INVALID_VALUE_FOR_COLUMN", 'Field "Email" cannot accept the provided value')
        if any(row.get("Email") == "not an address" for row in call.rows)
        else None
    )
    emails = {f"MR-{n}": f"m{n}@example.org" for n in range(10)}
    emails["MR-6"] = "not an address"
    await asyncio.gather(*(write(writer, key, Email=email) for key, email in emails.items()))
    assert fake.row("MR-6") == {"Request ID": "MR-6"}
    assert all(fake.row(key)["Email"] == emails[key] for key in emails if key != "MR-6")


async def test_a_row_that_is_refused_without_a_reason_fails_alone(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (
        error(422, "INVALID_REQUEST_UNKNOWN", "Invalid request. Check your request data.")
        if any(row["Request ID"] == "MR-7" for row in call.rows)
        else None
    )
    outcomes = await asyncio.gather(
        *(write(writer, f"MR-{n}") for n in range(10)), return_exceptions=True
    )
    assert isinstance(outcomes.pop(7), AirtablePayloadError)
    assert outcomes == [None] * 9
    assert len(fake.rows["Mentor Request"]) == 9


async def test_the_key_is_never_left_out(writer: Writer, fake: FakeAirtable) -> None:
    fake.refuse = lambda call: error(
        422, "INVALID_VALUE_FOR_COLUMN", 'Field "Request ID" cannot accept the provided value'
    )
    with pytest.raises(AirtablePayloadError):
        await write(writer, "MR-1")


# ---- when Airtable can't --------------------------------------------------------------------


async def test_after_a_429_everybody_is_told_when_to_come_back_and_nothing_is_sent(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: RATE_LIMITED
    outcomes = await asyncio.gather(
        *(write(writer, f"MR-{n}") for n in range(30)), return_exceptions=True
    )
    assert all(isinstance(outcome, AirtableRateLimitError) for outcome in outcomes)
    sent = len(fake.calls)
    assert sent <= 3
    fake.refuse = lambda call: None
    fake.clock.now += 10
    with pytest.raises(AirtableRateLimitError) as limited:
        await write(writer, "MR-0")
    assert 19 <= limited.value.retry_after <= 20
    assert len(fake.calls) == sent
    fake.clock.now += 20
    await write(writer, "MR-0")
    assert fake.row("MR-0")


async def test_a_used_up_quota_is_a_system_error(writer: Writer, fake: FakeAirtable) -> None:
    fake.refuse = lambda call: (
        429,
        {"errors": [{"error": "PUBLIC_API_BILLING_LIMIT_EXCEEDED", "message": "used up"}]},
    )
    with pytest.raises(AirtableSystemError):
        await write(writer, "MR-1")


async def test_an_answer_lost_after_the_work_was_done_leaves_one_row(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.drop_after = 1
    with pytest.raises(AirtableAwayError):
        await write(writer, "MR-1", Status="Open")
    await write(writer, "MR-1", Status="Open")
    assert len(fake.calls) == 2
    assert fake.created == 1


async def test_an_outage_fails_the_rows_in_it_and_the_next_try_writes_them(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: (503, {})
    with pytest.raises(AirtableAwayError):
        await write(writer, "MR-1", 1, Status="Open")
    fake.refuse = lambda call: None
    await write(writer, "MR-1", 4, Status="Scheduled")
    assert fake.row("MR-1")["Status"] == "Scheduled"


async def test_a_caller_who_gives_up_does_not_stop_the_write(
    writer: Writer, fake: FakeAirtable
) -> None:
    fake.gate.clear()
    impatient = start(writer, "MR-1", Status="Open")
    await on_its_way(fake)
    impatient.cancel()
    patient = start(writer, "MR-1", Status="Open")
    await asyncio.sleep(0)
    fake.gate.set()
    await patient
    assert len(fake.calls) == 1
    assert fake.row("MR-1")["Status"] == "Open"


# ---- the end --------------------------------------------------------------------------------


async def test_closing_writes_what_waits_and_takes_nothing_new(
    airtable: Airtable, fake: FakeAirtable
) -> None:
    writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
    waiting = [start(writer, f"MR-{n}") for n in range(25)]
    await asyncio.sleep(0)
    await writer.close()
    await asyncio.gather(*waiting)
    assert len(fake.rows["Mentor Request"]) == 25
    with pytest.raises(AirtableAwayError):
        await write(writer, "MR-99")


async def test_closing_does_not_wait_for_ever(airtable: Airtable, fake: FakeAirtable) -> None:
    writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
    fake.gate.clear()
    stuck = start(writer, "MR-1")
    await on_its_way(fake)
    await writer.close(seconds=0.05)
    with pytest.raises(AirtableAwayError):
        await stuck
