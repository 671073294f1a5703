"""How Airtable's errors arrive: by type, and without secrets or personal data."""

from __future__ import annotations

import pytest

from clients import airtable as client
from clients.airtable import (
    NO_SUCH_ROW,
    Airtable,
    AirtableAwayError,
    AirtableError,
    AirtableLacksFieldError,
    AirtableMissingError,
    AirtablePayloadError,
    AirtableRateLimitError,
    AirtableSystemError,
)
from tests.records.airtable_fake import RATE_LIMITED, TOKEN, FakeAirtable, Refusal, error

BAD_CELL = "INVALID_VALUE_FOR_COLUMN"
BAD_OPTION = "INVALID_MULTIPLE_CHOICE_OPTIONS"
NO_NEW_OPTION = "Insufficient permissions to create new select option"
QUOTA: Refusal = (429, {"errors": [{"error": "PUBLIC_API_BILLING_LIMIT_EXCEEDED", "message": ""}]})


async def upsert(airtable: Airtable, **cells: object) -> None:
    await airtable.upsert("appX", "T", "Key", [{"Key": "k", **cells}])


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (error(401, "AUTHENTICATION_REQUIRED"), AirtableSystemError),
        (error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"), AirtableMissingError),
        ((404, {"error": "NOT_FOUND"}), AirtableMissingError),
        (QUOTA, AirtableSystemError),
        (RATE_LIMITED, AirtableRateLimitError),
        (error(422, "INVALID_REQUEST_UNKNOWN", "Check your data."), AirtablePayloadError),
        (error(413, "REQUEST_TOO_LARGE"), AirtablePayloadError),
        ((500, {"error": "SERVER_ERROR"}), AirtableAwayError),
        ((503, "<html>"), AirtableAwayError),
        ((200, "<html>a captive portal</html>"), AirtableAwayError),
    ],
)
async def test_each_answer_has_its_type(
    airtable: Airtable, fake: FakeAirtable, refusal: Refusal, expected: type[AirtableError]
) -> None:
    fake.refuse = lambda call: refusal
    with pytest.raises(AirtableError) as caught:
        await upsert(airtable)
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("told", "field", "value"),
    [
        (("UNKNOWN_FIELD_NAME", 'Unknown field name: "Gaol"'), "Gaol", ""),
        ((BAD_CELL, 'Field "Goal" cannot accept the provided value'), "Goal", ""),
        ((BAD_CELL, "Cannot parse date value for field Created At."), "Created At", ""),
        ((BAD_OPTION, f'{NO_NEW_OPTION} ""On hold""'), "", "On hold"),
        ((BAD_OPTION, f'{NO_NEW_OPTION} ""Ren\\u00e9""'), "", "René"),
        (
            ("ROW_DOES_NOT_EXIST", "Record ID recGone123 does not exist in this table"),
            "",
            "recGone123",
        ),
        (("INVALID_RECORD_ID", 'Value "nobody" is not a valid record ID.'), "", "nobody"),
        (("INVALID_REQUEST_UNKNOWN", "Invalid request. Check your request data."), "", ""),
    ],
)
async def test_what_airtable_names_is_understood(
    airtable: Airtable, fake: FakeAirtable, told: tuple[str, str], field: str, value: str
) -> None:
    kind, message = told
    fake.refuse = lambda call: error(422, kind, message)
    with pytest.raises(AirtablePayloadError) as caught:
        await upsert(airtable)
    assert (caught.value.kind, caught.value.field, caught.value.value) == (kind, field, value)
    assert not value or value not in str(caught.value)


async def test_a_lost_answer_is_away_and_not_sent_again_by_itself(
    airtable: Airtable, fake: FakeAirtable
) -> None:
    fake.drop_after = 1
    with pytest.raises(AirtableAwayError):
        await upsert(airtable)
    assert len(fake.calls) == 1


async def test_a_server_that_does_not_answer_in_time_is_away(
    airtable: Airtable, fake: FakeAirtable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIMEOUT", (0.2, 0.2))
    fake.gate.clear()
    with pytest.raises(AirtableAwayError):
        await upsert(airtable)


async def test_a_server_that_is_not_there_is_away(unused_tcp_port: int) -> None:
    airtable = Airtable(TOKEN, endpoint_url=f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(AirtableAwayError):
        await upsert(airtable)
    await airtable.close()


async def test_neither_token_nor_values_show_in_an_error(
    fake: FakeAirtable, airtable: Airtable
) -> None:
    fake.refuse = lambda call: error(422, "X", 'Field "Email" cannot accept sam@example.org')
    with pytest.raises(AirtableError) as caught:
        await upsert(airtable, Email="sam@example.org")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    told = f"{caught.value!r} {caught.value} {airtable!r}"
    assert TOKEN not in told
    assert "sam@example.org" not in told


async def test_a_table_is_read_page_by_page_with_the_wanted_fields_only(
    airtable: Airtable, fake: FakeAirtable
) -> None:
    fake.page_size = 2
    fake.lists["Skillsets"] = [{"id": f"rec{n}", "fields": {"Name": str(n)}} for n in range(5)]
    rows = await airtable.read("appX", "Skillsets", ["Name", "Aliases"])
    assert [row["id"] for row in rows] == [f"rec{n}" for n in range(5)]
    assert len(fake.calls) == 3
    assert all(call.fields == ["Name", "Aliases"] for call in fake.calls)


async def test_a_base_that_lacks_a_field_must_be_mended_by_somebody(
    airtable: Airtable, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: error(422, "UNKNOWN_FIELD_NAME", 'Unknown field name: "Aliases"')
    with pytest.raises(AirtableLacksFieldError, match=r"Skillsets.*Aliases") as lacks:
        await airtable.read("appX", "Skillsets", ["Name", "Aliases"])
    assert isinstance(lacks.value, AirtableSystemError)
    assert lacks.value.field == "Aliases"


async def test_a_reading_that_is_refused_for_another_reason_lacks_no_field(
    airtable: Airtable, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: error(422, "INVALID_REQUEST_UNKNOWN", "Invalid request.")
    with pytest.raises(AirtableSystemError) as refused:
        await airtable.read("appX", "Skillsets", ["Name", "Aliases"])
    assert type(refused.value) is AirtableSystemError


async def test_a_look_at_one_row_takes_one_call(airtable: Airtable, fake: FakeAirtable) -> None:
    fake.page_size = 2
    fake.lists["Skillsets"] = [{"id": f"rec{n}", "fields": {"Name": str(n)}} for n in range(5)]
    rows = await airtable.read("appX", "Skillsets", ["Name"], most=1)
    assert [row["id"] for row in rows] == ["rec0"]
    assert len(fake.calls) == 1


async def test_cells_are_changed_by_record_id(airtable: Airtable, fake: FakeAirtable) -> None:
    fake.lists["Mentors"] = [
        {"id": "recSam", "fields": {"Full Name": "Sam", "Status": "Available"}}
    ]
    await airtable.update("appX", "Mentors", {"recSam": {"Status": "Snoozed"}})
    assert fake.lists["Mentors"][0]["fields"] == {"Full Name": "Sam", "Status": "Snoozed"}


async def test_a_row_that_is_gone_is_not_created(airtable: Airtable, fake: FakeAirtable) -> None:
    with pytest.raises(AirtablePayloadError) as gone:
        await airtable.update("appX", "Mentors", {"recGone": {"Status": "Snoozed"}})
    assert (gone.value.kind, gone.value.value) == (NO_SUCH_ROW, "recGone")


async def test_after_too_many_calls_nothing_is_sent_for_half_a_minute(
    airtable: Airtable, fake: FakeAirtable
) -> None:
    fake.refuse = lambda call: RATE_LIMITED
    with pytest.raises(AirtableRateLimitError):
        await airtable.read("appX", "Services", ["Name"])
    fake.refuse = lambda call: None
    with pytest.raises(AirtableRateLimitError) as still:
        await airtable.read("appX", "Services", ["Name"])
    assert still.value.retry_after == 30
    await airtable.read("appOther", "Services", ["Name"])
    fake.clock.now += 30
    await airtable.read("appX", "Services", ["Name"])
    assert len(fake.calls) == 3
