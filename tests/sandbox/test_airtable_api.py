"""The official pyairtable client against the Airtable stand-in, over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from pyairtable import formulas as f

from sandbox.airtable.bases import BASES
from sandbox.airtable.schema import Base, Field, Table
from sandbox.config import (
    AIRTABLE_BASE_ID,
    AIRTABLE_COORDINATORS_BASE_ID,
    AirtableStandInConfig,
)
from sandbox.people import NEVER_PAIR, PEOPLE, SERVICES, SKILLS, by_name
from sandbox.skills import NEAR_DUPLICATES
from tests.sandbox.airtable_standin import StandIn, running

UNLIMITED = AirtableStandInConfig(rate_limits=False)

WORKSHOP = Base(
    "appWorkshop000001",
    "Workshop",
    (
        Table(
            "Things",
            (
                Field("Name"),
                Field("Notes", "multilineText"),
                Field("Number", "number", precision=2),
                Field("Whole", "number"),
                Field("Done", "checkbox"),
                Field("Kind", "singleSelect", choices=("Small", "Large")),
                Field("Tags", "multipleSelects", choices=("red", "blue")),
                Field("Day", "date"),
                Field("At", "dateTime"),
                Field("Stars", "rating", maximum=3),
                Field("Mail", "email"),
                Field("Owner", "multipleRecordLinks", links_to="Owners", inverse="Things"),
                Field("Friends", "multipleRecordLinks", links_to="Owners"),
                Field("Created", "createdTime"),
                Field("Changed", "lastModifiedTime"),
                Field("No", "autoNumber"),
            ),
        ),
        Table(
            "Owners",
            (
                Field("Name"),
                Field("Things", "multipleRecordLinks", links_to="Things", inverse="Owner"),
            ),
        ),
    ),
)


@pytest.fixture(scope="module")
def airtable() -> Iterator[StandIn]:
    with running(UNLIMITED, bases=(*BASES, WORKSHOP)) as standin:
        yield standin


@pytest.fixture(autouse=True)
def fresh(airtable: StandIn) -> None:
    airtable.control("reset")


@pytest.fixture
def things(airtable: StandIn) -> Any:
    return airtable.table("Things", WORKSHOP.id)


@pytest.fixture
def owners(airtable: StandIn) -> Any:
    return airtable.table("Owners", WORKSHOP.id)


def refusal(error: pytest.ExceptionInfo[requests.HTTPError]) -> tuple[int, str, str]:
    """Status, type and message of the answer that pyairtable raised."""
    body = error.value.response.json()["error"]
    if isinstance(body, str):
        return error.value.response.status_code, body, ""
    return error.value.response.status_code, body["type"], body["message"]


# Seed


def test_base_is_seeded_with_the_invented_community(airtable: StandIn) -> None:
    counts = {
        name: len(airtable.table(name).all())
        for name in ("Mentors", "Members", "Services", "Skillsets", "Mentor Request")
    }
    assert counts == {
        "Mentors": 82,
        "Members": 40,
        "Services": len(SERVICES),
        "Skillsets": len(SKILLS) + len(NEAR_DUPLICATES),
        "Mentor Request": 0,
    }
    dana = by_name("Dana Whitfield")
    row = airtable.table("Mentors").first(formula=f.match({"Slack ID": dana.slack_id}))
    assert row is not None
    assert row["fields"]["Email"] == dana.email
    assert row["fields"]["Full Name"] == "Dana Whitfield"
    skill = airtable.table("Skillsets").get(row["fields"]["Skillsets"][0])
    assert dana.mentor is not None
    assert skill["fields"]["Name"] in dana.mentor.skills
    assert row["id"] in skill["fields"]["Mentors"]


def test_time_zone_that_a_mentor_left_empty_is_not_in_the_row(airtable: StandIn) -> None:
    rows = [row["fields"] for row in airtable.table("Mentors").all()]
    silent = {row["Full Name"] for row in rows if "Time Zone" not in row}
    assert len(silent) == 6
    assert "Keiko Hanabusa" in silent


def test_what_a_mentor_wishes_stands_in_their_row_and_is_empty_for_most(airtable: StandIn) -> None:
    rows = {row["fields"]["Full Name"]: row["fields"] for row in airtable.table("Mentors").all()}
    assert rows["Colleen O'Rafferty"]["Shown Name"] == "Colleen"
    assert rows["Tobias Lindgren"]["Asks A Week"] == 1
    assert rows["Marisol Quintero"]["Asks A Week"] == 5
    assert rows["Delroy Campion"]["Quiet Hours"] == "22:30–06:30"
    assert not {"Shown Name", "Quiet Hours"} & set(rows["Sam Okafor"])
    assert all("2022-03-01" < row["Signed Up At"] < "2026" for row in rows.values())
    sam = airtable.table("Mentors").first(formula=f.match({"Full Name": "Sam Okafor"}))
    assert sam is not None
    seen: dict[str, Any] = {
        "Last Seen": "2026-05-01T09:00:00.000Z",
        "Asks A Week": 2,
        "Quiet Hours": "22:00–07:00",
    }
    changed = airtable.table("Mentors").update(sam["id"], seen)["fields"]
    assert {name: changed[name] for name in seen} == seen


def test_a_neglected_row_means_a_skill_that_has_a_row_already(airtable: StandIn) -> None:
    skills = {row["fields"]["Name"]: row for row in airtable.table("Skillsets").all()}
    mentors = {row["id"]: row["fields"]["Full Name"] for row in airtable.table("Mentors").all()}
    for row in NEAR_DUPLICATES:
        linked = {mentors[link] for link in skills[row.name]["fields"]["Mentors"]}
        assert linked == set(row.chosen_by)
        tidy = {mentors[link] for link in skills[row.meant]["fields"].get("Mentors", ())}
        assert not linked & tidy
    assert "Python " in skills, "blanks at the end are kept, as Airtable keeps them"


def test_coordinators_start_with_two_pairs_to_keep_apart_and_no_changed_words(
    airtable: StandIn,
) -> None:
    pairs = airtable.table("Never Pair", AIRTABLE_COORDINATORS_BASE_ID).all()
    assert [(row["fields"]["A"], row["fields"]["B"]) for row in pairs] == [
        (one.slack_id, other.slack_id) for one, other in NEVER_PAIR
    ]
    assert airtable.table("Message Text").all() == []


def test_seeding_again_adds_only_what_is_missing(airtable: StandIn) -> None:
    mentors = airtable.table("Mentors")
    sam = mentors.first(formula=f.match({"Full Name": "Sam Okafor"}))
    kenji = mentors.first(formula=f.match({"Full Name": "Kenji Mori"}))
    assert sam is not None
    assert kenji is not None
    mentors.update(sam["id"], {"Max Mentees": 9})
    mentors.delete(kenji["id"])
    airtable.control("seed")
    assert mentors.get(sam["id"])["fields"]["Max Mentees"] == 9
    assert mentors.get(kenji["id"])["fields"]["Full Name"] == "Kenji Mori"
    assert len(mentors.all()) == 82


# Listing


def test_listing_pages_through_a_hundred_at_a_time(things: Any) -> None:
    things.batch_create([{"Name": f"thing {n}"} for n in range(205)])
    assert [len(page) for page in things.iterate()] == [100, 100, 5]
    assert [len(page) for page in things.iterate(page_size=90, max_records=100)] == [90, 10]
    names = [row["fields"]["Name"] for row in things.all()]
    assert names == [f"thing {n}" for n in range(205)]


def test_rows_that_appear_between_pages_do_not_shift_the_pages(things: Any) -> None:
    things.batch_create([{"Name": str(n)} for n in range(4)])
    pages = things.iterate(page_size=2, sort=["-Name"])
    assert [row["fields"]["Name"] for row in next(pages)] == ["3", "2"]
    things.create({"Name": "9"})
    assert [row["fields"]["Name"] for row in next(pages)] == ["1", "0"]


def test_offset_expires_and_a_foreign_one_is_refused(airtable: StandIn, things: Any) -> None:
    things.batch_create([{"Name": str(n)} for n in range(4)])
    pages = things.iterate(page_size=2)
    next(pages)
    airtable.clock.advance(301)
    with pytest.raises(requests.HTTPError) as error:
        next(pages)
    assert refusal(error)[:2] == (422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")
    with pytest.raises(requests.HTTPError) as error:
        things.all(offset="whatever")
    assert refusal(error)[:2] == (422, "INVALID_OFFSET_VALUE")


def test_formula_finds_a_row_by_text_with_quotes_and_emoji(things: Any) -> None:
    for name in ('O\'Rafferty "the" \\ 🎉', "a' OR TRUE() OR '", "שלום", "plain"):
        things.create({"Name": name})
        found = things.all(formula=f.match({"Name": name}))
        assert [row["fields"]["Name"] for row in found] == [name]


def test_formula_sees_links_by_name_and_dates_as_dates(things: Any, owners: Any) -> None:
    riley, sam = owners.batch_create([{"Name": "Riley"}, {"Name": "Sam, Jr"}])
    things.create(
        {"Name": "linked", "Owner": [riley["id"], sam["id"]], "Day": "2026-03-08", "Done": True}
    )
    things.create({"Name": "bare"})

    def found(formula: object) -> list[str]:
        return [row["fields"]["Name"] for row in things.all(formula=str(formula))]

    assert found("FIND('Riley', ARRAYJOIN({Owner}))") == ["linked"]
    assert found("{Owner}='Riley, \"Sam, Jr\"'") == ["linked"]
    assert found("IS_BEFORE({Day}, '2026-03-09')") == ["linked"]
    assert found(f.match({"Done": False})) == ["bare"]
    assert found("{Day}=BLANK()") == ["bare"]
    assert found("{No}>1") == ["bare"]


def test_formula_that_is_wrong_is_refused_in_airtables_words(things: Any) -> None:
    for formula, words in (
        ("{Nonsense}=1", "Unknown field names: nonsense"),
        ("NONSENSE(1)", "Unknown function names: NONSENSE"),
        ("AND(1", "Invalid formula. Please check your formula text."),
    ):
        with pytest.raises(requests.HTTPError) as error:
            things.all(formula=formula)
        assert refusal(error) == (
            422,
            "INVALID_FILTER_BY_FORMULA",
            f"The formula for filtering records is invalid: {words}",
        )


def test_sorting_follows_the_field_type_with_empty_cells_first(things: Any) -> None:
    things.batch_create(
        [
            {"Name": "b", "Kind": "Large", "Number": 10},
            {"Name": "A", "Kind": "Small", "Number": 9},
            {"Name": "c"},
        ]
    )

    def names(*order: str) -> list[str]:
        return [row["fields"]["Name"] for row in things.all(sort=list(order))]

    assert names("Name") == ["A", "b", "c"]
    assert names("Kind") == ["c", "A", "b"]
    assert names("-Number") == ["b", "A", "c"]
    things.create({"Name": "z", "Number": 10})
    assert names("-Number", "-Name")[:2] == ["z", "b"]


def test_listing_can_be_cut_to_fields_and_counted_by_field_id(airtable: StandIn) -> None:
    table = airtable.table("Mentors")
    row = table.all(fields=["Full Name"], max_records=1)[0]
    assert list(row["fields"]) == ["Full Name"]
    by_id = table.all(fields=["Full Name"], max_records=1, use_field_ids=True)[0]
    field_id = table.schema().field("Full Name").id
    assert by_id["fields"] == {field_id: row["fields"]["Full Name"]}
    assert table.all(fields=[field_id], max_records=1)[0]["fields"] == row["fields"]


def test_long_formula_goes_by_post_and_finds_the_same(airtable: StandIn) -> None:
    ids = [person.slack_id for person in PEOPLE]
    formula = f.OR(*[f.EQ(f.Field("Slack ID"), slack_id) for slack_id in ids * 6])
    assert len(str(formula)) > 16_000
    found = airtable.table("Mentors").all(formula=formula, sort=["Full Name"], fields=["Slack ID"])
    assert len(found) == 82
    assert airtable.log()["requests"][-1]["method"] == "GET records"


def test_cells_can_be_asked_for_as_texts(things: Any, owners: Any) -> None:
    owner = owners.create({"Name": "Riley"})
    things.create({"Name": "n", "Number": 2, "Owner": [owner["id"]], "Tags": ["red", "blue"]})
    row = things.all(cell_format="string", time_zone="UTC", user_locale="en-gb")[0]
    assert row["fields"]["Number"] == "2"
    assert row["fields"]["Owner"] == "Riley"
    assert row["fields"]["Tags"] == "red, blue"
    with pytest.raises(requests.HTTPError) as error:
        things.all(cell_format="string")
    assert refusal(error)[0] == 422


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"fields": ["Nope"]}, "UNKNOWN_FIELD_NAME"),
        ({"sort": ["Nope"]}, "UNKNOWN_FIELD_NAME"),
        ({"view": "My view"}, "VIEW_NAME_NOT_FOUND"),
        ({"page_size": 101}, "INVALID_REQUEST_UNKNOWN"),
        ({"page_size": 0}, "INVALID_REQUEST_UNKNOWN"),
        ({"max_records": "many"}, "INVALID_REQUEST_UNKNOWN"),
    ],
)
def test_list_parameter_that_is_wrong_is_refused(
    things: Any, options: dict[str, Any], kind: str
) -> None:
    with pytest.raises(requests.HTTPError) as error:
        things.all(**options)
    assert refusal(error)[:2] == (422, kind)


# Writing


def test_row_comes_back_as_written_without_its_empty_cells(things: Any) -> None:
    written = {
        "Name": "<script>alert(1)</script> <!channel> مرحبا 🎉",
        "Notes": "two\nlines",
        "Number": 1.25,
        "Whole": 3,
        "Done": True,
        "Kind": "Large",
        "Tags": ["blue", "red"],
        "Day": "2026-03-08",
        "At": "2026-03-08T09:30:00.000Z",
        "Stars": 2,
        "Mail": "a@example.org",
    }
    row = things.create(written)
    computed = {"Created", "Changed", "No"}
    assert {k: v for k, v in row["fields"].items() if k not in computed} == written
    assert set(row["fields"]) - set(written) == computed
    assert things.get(row["id"]) == row
    empty = things.create({"Name": "", "Done": False, "Tags": [], "Number": None, "Owner": []})
    assert set(empty["fields"]) == computed


def test_patch_keeps_what_it_does_not_name_and_put_clears_it(things: Any) -> None:
    row = things.create({"Name": "a", "Number": 1, "Done": True})
    patched = things.update(row["id"], {"Number": 2, "Done": False})
    assert patched["fields"]["Name"] == "a"
    assert patched["fields"]["Number"] == 2
    assert "Done" not in patched["fields"]
    put = things.update(row["id"], {"Notes": "only this"}, replace=True)
    assert set(put["fields"]) == {"Notes", "Created", "Changed", "No"}


def test_moments_are_kept_in_utc_and_numbers_in_their_precision(things: Any) -> None:
    row = things.create(
        {"At": "2026-03-08T09:30:00+09:00", "Day": "2026-03-08T23:00:00Z", "Number": 1.239}
    )
    assert row["fields"]["At"] == "2026-03-08T00:30:00.000Z"
    assert row["fields"]["Day"] == "2026-03-08"
    assert row["fields"]["Number"] == 1.24


def test_batches_create_update_and_delete_more_than_ten(things: Any, airtable: StandIn) -> None:
    rows = things.batch_create([{"Name": str(n)} for n in range(23)])
    changed = things.batch_update([{"id": r["id"], "fields": {"Number": 1}} for r in rows])
    assert [row["fields"]["Number"] for row in changed] == [1] * 23
    deleted = things.batch_delete([row["id"] for row in rows])
    assert [entry["deleted"] for entry in deleted] == [True] * 23
    assert things.all() == []
    assert airtable.log()["counts"] == {
        "POST records": 3,
        "PATCH records": 3,
        "DELETE records": 3,
        "GET records": 1,
    }


def test_eleven_records_in_one_call_are_refused(airtable: StandIn) -> None:
    path = f"/v0/{WORKSHOP.id}/Things"
    eleven = [{"fields": {"Name": str(n)}} for n in range(11)]
    answer = airtable.request("POST", path, json={"records": eleven})
    assert (answer.status_code, answer.json()["error"]["type"]) == (422, "INVALID_RECORDS")
    answer = airtable.request("POST", path, json={"records": []})
    assert answer.status_code == 422


def test_one_bad_record_leaves_the_whole_batch_undone(things: Any) -> None:
    with pytest.raises(requests.HTTPError):
        things.batch_create([{"Name": "fine"}, {"Name": "bad", "Kind": "Huge"}])
    assert things.all() == []
    row = things.create({"Name": "kept"})
    with pytest.raises(requests.HTTPError) as error:
        things.batch_update(
            [
                {"id": row["id"], "fields": {"Name": "changed"}},
                {"id": "recAAAAAAAAAAAAAA", "fields": {"Name": "nobody"}},
            ]
        )
    assert refusal(error)[:2] == (422, "ROW_DOES_NOT_EXIST")
    assert things.get(row["id"])["fields"]["Name"] == "kept"


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"Nope": 1}, "UNKNOWN_FIELD_NAME", 'Unknown field name: "Nope"'),
        (
            {"Kind": "Huge"},
            "INVALID_MULTIPLE_CHOICE_OPTIONS",
            'Insufficient permissions to create new select option ""Huge""',
        ),
        (
            {"Kind": ""},
            "INVALID_MULTIPLE_CHOICE_OPTIONS",
            'Insufficient permissions to create new select option """"',
        ),
        (
            {"Tags": ["red", "green"]},
            "INVALID_MULTIPLE_CHOICE_OPTIONS",
            'Insufficient permissions to create new select option ""green""',
        ),
        (
            {"Number": "12"},
            "INVALID_VALUE_FOR_COLUMN",
            'Field "Number" cannot accept the provided value',
        ),
        (
            {"Name": 12},
            "INVALID_VALUE_FOR_COLUMN",
            'Field "Name" cannot accept the provided value',
        ),
        (
            {"Done": "yes"},
            "INVALID_VALUE_FOR_COLUMN",
            'Field "Done" cannot accept the provided value',
        ),
        (
            {"At": "soon"},
            "INVALID_VALUE_FOR_COLUMN",
            'Field "At" cannot accept the provided value',
        ),
        ({"Day": ""}, "INVALID_VALUE_FOR_COLUMN", 'Field "Day" cannot accept the provided value'),
        ({"Stars": 4}, "INVALID_VALUE_FOR_COLUMN", 'Field "Stars" cannot accept'),
        (
            {"Notes": "x" * 100_001},
            "INVALID_VALUE_FOR_COLUMN",
            'Field "Notes" cannot accept the provided value',
        ),
        (
            {"Created": "2026-01-01T00:00:00.000Z"},
            "INVALID_VALUE_FOR_COLUMN",
            'Field "Created" cannot accept a value because the field is computed',
        ),
        ({"Owner": "Riley"}, "INVALID_RECORD_ID", "Value is not an array of record IDs."),
        ({"Owner": ["Riley"]}, "INVALID_RECORD_ID", "Value is not an array of record IDs."),
        (
            {"Owner": ["recAAAAAAAAAAAAAA"]},
            "ROW_DOES_NOT_EXIST",
            "Record ID recAAAAAAAAAAAAAA does not exist",
        ),
    ],
)
def test_value_that_does_not_fit_is_refused_in_airtables_words(
    things: Any, fields: dict[str, Any], kind: str, message: str
) -> None:
    with pytest.raises(requests.HTTPError) as error:
        things.create(fields)
    status, got_kind, got_message = refusal(error)
    assert (status, got_kind) == (422, kind)
    assert got_message.startswith(message)
    assert things.all() == []


def test_typecast_reads_texts_and_makes_options_and_linked_rows(things: Any, owners: Any) -> None:
    riley = owners.create({"Name": "Riley"})
    row = things.create(
        {
            "Name": 12,
            "Number": "1,200.5",
            "Done": "yes",
            "Kind": "Huge",
            "Tags": "red, green",
            "Owner": ["Riley", "Sam"],
        },
        typecast=True,
    )
    fields = row["fields"]
    assert (fields["Name"], fields["Number"], fields["Done"]) == ("12", 1200.5, True)
    assert (fields["Kind"], fields["Tags"]) == ("Huge", ["red", "green"])
    assert fields["Owner"][0] == riley["id"]
    assert owners.get(fields["Owner"][1])["fields"]["Name"] == "Sam"
    choices = things.schema().field("Kind").options.choices
    assert [choice.name for choice in choices] == ["Small", "Large", "Huge"]
    again = things.create({"Kind": "Huge", "Tags": ["green"]})
    assert again["fields"]["Kind"] == "Huge"


def test_links_show_on_both_sides_and_go_with_the_row(things: Any, owners: Any) -> None:
    riley, sam = owners.batch_create([{"Name": "Riley"}, {"Name": "Sam"}])
    thing = things.create({"Name": "t", "Owner": [riley["id"]], "Friends": [sam["id"]]})
    assert owners.get(riley["id"])["fields"]["Things"] == [thing["id"]]
    things.update(thing["id"], {"Owner": [sam["id"]]})
    assert "Things" not in owners.get(riley["id"])["fields"]
    assert owners.get(sam["id"])["fields"]["Things"] == [thing["id"]]
    owners.update(riley["id"], {"Things": [thing["id"]]})
    assert things.get(thing["id"])["fields"]["Owner"] == [sam["id"], riley["id"]]
    owners.delete(sam["id"])
    after = things.get(thing["id"])["fields"]
    assert after["Owner"] == [riley["id"]]
    assert "Friends" not in after
    things.delete(thing["id"])
    assert "Things" not in owners.get(riley["id"])["fields"]


# Upsert


def test_upsert_creates_then_updates_the_row_with_the_same_key(airtable: StandIn) -> None:
    table = airtable.table("Mentor Request")
    first = table.batch_upsert(
        [{"fields": {"Request ID": "req-1", "Status": "Open", "Goal": "learn"}}], ["Request ID"]
    )
    assert (len(first["createdRecords"]), first["updatedRecords"]) == (1, [])
    second = table.batch_upsert(
        [
            {"fields": {"Request ID": "req-1", "Status": "Claimed"}},
            {"fields": {"Request ID": "req-2", "Status": "Open"}},
        ],
        ["Request ID"],
    )
    assert second["updatedRecords"] == first["createdRecords"]
    assert len(second["createdRecords"]) == 1
    rows = {row["fields"]["Request ID"]: row["fields"] for row in table.all()}
    assert rows["req-1"] == {"Request ID": "req-1", "Status": "Claimed", "Goal": "learn"}
    assert rows["req-2"]["Status"] == "Open"


def test_upsert_merges_on_up_to_three_fields_of_the_allowed_types(things: Any) -> None:
    fields = {"Name": "a", "Number": 2.0, "Kind": "Small"}
    first = things.batch_upsert([{"fields": fields}], ["Name", "Number", "Kind"])
    second = things.batch_upsert(
        [{"fields": {**fields, "Number": 2, "Done": True}}], ["Name", "Number", "Kind"]
    )
    assert second["updatedRecords"] == first["createdRecords"]
    for merge_on, kind in (
        (["Mail"], "INVALID_REQUEST_UNKNOWN"),
        (["Owner"], "INVALID_REQUEST_UNKNOWN"),
        (["At"], "INVALID_REQUEST_UNKNOWN"),
        (["Nope"], "UNKNOWN_FIELD_NAME"),
        (["Name", "Number", "Kind", "Day"], "INVALID_REQUEST_UNKNOWN"),
    ):
        with pytest.raises(requests.HTTPError) as error:
            things.batch_upsert([{"fields": dict.fromkeys(merge_on)}], merge_on)
        assert refusal(error)[:2] == (422, kind), merge_on


def test_upsert_with_an_empty_key_or_two_matching_rows_is_refused(things: Any) -> None:
    with pytest.raises(requests.HTTPError) as error:
        things.batch_upsert([{"fields": {"Name": "", "Number": 1}}], ["Name"])
    assert refusal(error)[0] == 422
    things.batch_create([{"Name": "twin"}, {"Name": "twin"}])
    with pytest.raises(requests.HTTPError) as error:
        things.batch_upsert([{"fields": {"Name": "twin", "Number": 1}}], ["Name"])
    assert refusal(error)[:2] == (422, "INVALID_REQUEST_UNKNOWN")
    assert all("Number" not in row["fields"] for row in things.all())


def test_upsert_by_record_id_and_replace_clears_the_rest(things: Any) -> None:
    row = things.create({"Name": "a", "Number": 1})
    done = things.batch_upsert([{"id": row["id"], "fields": {"Name": "b"}}], ["Name"], replace=True)
    assert done["updatedRecords"] == [row["id"]]
    assert "Number" not in things.get(row["id"])["fields"]


def test_upsert_whose_answer_is_lost_leaves_one_row_when_it_is_sent_again(
    airtable: StandIn,
) -> None:
    table = airtable.table("Mentor Request")
    wish = [{"fields": {"Request ID": "req-7", "Status": "Open"}}]
    airtable.control(
        "faults",
        {
            "method": "PATCH records (upsert)",
            "kind": "drop_after",
            "count": 1,
            "match": {"table": "Mentor Request"},
        },
    )
    with pytest.raises(requests.ConnectionError):
        table.batch_upsert(wish, ["Request ID"])
    again = table.batch_upsert(wish, ["Request ID"])
    assert (again["createdRecords"], len(again["updatedRecords"])) == ([], 1)
    assert len(table.all()) == 1
    writes = [r for r in airtable.log()["requests"] if r["method"] == "PATCH records (upsert)"]
    assert [(w.get("fault"), w["params"]["keys"]) for w in writes] == [
        ("drop_after", ["req-7"]),
        (None, ["req-7"]),
    ]


# Errors


def test_wrong_token_unknown_base_table_and_record_are_told_apart(airtable: StandIn) -> None:
    for token, base, table, expected in (
        ("patWrong", AIRTABLE_BASE_ID, "Mentors", (401, "AUTHENTICATION_REQUIRED")),
        (
            None,
            "appNowhere0000000",
            "Mentors",
            (403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"),
        ),
        (None, AIRTABLE_BASE_ID, "Nope", (403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")),
    ):
        with pytest.raises(requests.HTTPError) as error:
            airtable.api(token).table(base, table).all()
        assert refusal(error)[:2] == expected
    with pytest.raises(requests.HTTPError) as error:
        airtable.table("Mentors").get("recAAAAAAAAAAAAAA")
    assert refusal(error)[:2] == (404, "MODEL_ID_NOT_FOUND")
    with pytest.raises(requests.HTTPError) as error:
        airtable.table("Mentors").delete("recAAAAAAAAAAAAAA")
    assert refusal(error)[0] == 404
    answer = airtable.request("GET", "/v0/some/where/quite/else")
    assert (answer.status_code, answer.json()) == (404, {"error": "NOT_FOUND"})
    answer = airtable.request(
        "GET", f"/v0/{AIRTABLE_BASE_ID}/Mentors", headers={"Authorization": ""}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"{not json", 400, "INVALID_REQUEST_BODY"),
        (b"[]", 400, "INVALID_REQUEST_BODY"),
        (b"\xff\xfe", 400, "INVALID_REQUEST_BODY"),
        (b"{}", 422, "INVALID_REQUEST_MISSING_FIELDS"),
        (b'{"fields": []}', 422, "INVALID_REQUEST_UNKNOWN"),
        (b'{"records": [{}]}', 422, "INVALID_RECORDS"),
        (b'{"fields": {}, "typecast": "yes"}', 422, "INVALID_REQUEST_UNKNOWN"),
        (b'{"fields": {"Number": 1' + b"0" * 400 + b"}}", 422, "INVALID_VALUE_FOR_COLUMN"),
        (b'{"fields": {"Number": 1e999}}', 422, "INVALID_VALUE_FOR_COLUMN"),
        (b'{"fields": {"Name": "' + b"x" * 5_000_000 + b'"}}', 413, "REQUEST_TOO_LARGE"),
    ],
    ids=[
        "broken",
        "list",
        "not utf-8",
        "empty",
        "fields",
        "records",
        "typecast",
        "huge",
        "infinite",
        "too large",
    ],
)
def test_body_that_is_no_request_is_refused(
    airtable: StandIn, body: bytes, status: int, kind: str
) -> None:
    answer = airtable.request("POST", f"/v0/{WORKSHOP.id}/Things", data=body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (status, kind)


def test_text_that_is_half_a_character_is_kept_and_not_a_crash(airtable: StandIn) -> None:
    path = f"/v0/{WORKSHOP.id}/Things"
    answer = airtable.request("POST", path, data=b'{"fields": {"Name": "\\ud83d"}}')
    assert answer.status_code == 200
    assert airtable.request("GET", path).json()["records"][0]["fields"]["Name"] == "\ud83d"


def test_faults_answer_for_one_table_and_operation_only(airtable: StandIn, things: Any) -> None:
    airtable.control(
        "faults",
        {"method": "GET records", "kind": "status", "status": 503, "match": {"table": "Things"}},
    )
    with pytest.raises(requests.HTTPError) as error:
        things.all()
    assert error.value.response.status_code == 503
    assert airtable.table("Services").all()
    airtable.control("faults", {"method": "POST records", "kind": "error", "error": "OOPS"})
    with pytest.raises(requests.HTTPError) as error:
        things.create({})
    assert refusal(error)[:2] == (422, "OOPS")


# Metadata


def test_schema_has_the_tables_and_fields_of_both_bases(airtable: StandIn) -> None:
    api = airtable.api()
    assert {base.id for base in api.bases()} >= {AIRTABLE_BASE_ID, AIRTABLE_COORDINATORS_BASE_ID}
    schema = api.base(AIRTABLE_BASE_ID).schema()
    assert [table.name for table in schema.tables] == [
        "Mentor Request",
        "Mentors",
        "Members",
        "Services",
        "Skillsets",
        "Affiliations",
        "Message Text",
    ]
    request = schema.table("Mentor Request")
    assert request.primary_field_id == request.field("Request ID").id
    status: Any = request.field("Status")
    assert [choice.name for choice in status.options.choices] == [
        "In review",
        "Open",
        "Claimed",
        "Scheduled",
        "Awaiting feedback",
        "Completed",
        "Cancelled",
        "Not eligible",
        "Closed unfulfilled",
    ]
    assigned: Any = request.field("Mentor Assigned")
    assert assigned.options.linked_table_id == schema.table("Mentors").id
    inverse = assigned.options.inverse_link_field_id
    assert schema.table("Mentors").field(inverse).name == "Requests Assigned"
    hours: Any = request.field("Time To Response (h)")
    assert hours.options.precision == 2
    wait: Any = request.field("Rematch Wait (h)")
    assert (wait.type, wait.options.precision) == ("number", 1)
    names = [field.name for field in request.fields]
    after = names.index("SLA Breached")
    assert names[after + 1 : after + 3] == ["Rematch Wait (h)", "Rematch Breached"]
    assert request.field("Rematch Breached").type == "checkbox"
    assert request.field("Owner").type == "singleLineText"
    private = api.base(AIRTABLE_COORDINATORS_BASE_ID).schema()
    assert [table.name for table in private.tables] == ["Session Notes", "Never Pair"]
    for table, fields in ((schema.table("Message Text"), 2), (private.table("Never Pair"), 2)):
        assert len(table.fields) == fields
        assert table.fields[0].type == "singleLineText"


def test_ids_are_those_of_the_schema_and_work_in_addresses(airtable: StandIn) -> None:
    api = airtable.api()
    table_id = api.base(WORKSHOP.id).schema().table("Things").id
    by_id = api.table(WORKSHOP.id, table_id)
    row = by_id.create({by_id.schema().field("Name").id: "by id"})
    assert row["fields"]["Name"] == "by id"
    assert api.whoami()["id"].startswith("usr")


# Rate limits


@pytest.fixture
def limited() -> Iterator[StandIn]:
    with running(AirtableStandInConfig()) as standin:
        yield standin


def test_sixth_request_in_a_second_is_refused_for_thirty_seconds(limited: StandIn) -> None:
    services = limited.table("Services")
    for _ in range(5):
        services.all()
    with pytest.raises(requests.HTTPError) as error:
        services.all()
    assert error.value.response.status_code == 429
    assert error.value.response.json() == {
        "errors": [
            {
                "error": "RATE_LIMIT_REACHED",
                "message": "Rate limit exceeded. Please try again later",
            }
        ]
    }
    limited.clock.advance(29.9)
    with pytest.raises(requests.HTTPError):
        services.all()
    assert limited.table("Session Notes", AIRTABLE_COORDINATORS_BASE_ID).all() == []
    limited.clock.advance(0.2)
    assert len(services.all()) == 6


def test_five_requests_a_second_go_on_for_ever(limited: StandIn) -> None:
    services = limited.table("Services")
    for _ in range(20):
        services.all()
        limited.clock.advance(0.2)


def test_rate_limits_can_be_switched_off_and_on(limited: StandIn) -> None:
    services = limited.table("Services")
    limited.control("limits", {"enabled": False})
    for _ in range(12):
        services.all()
    limited.control("limits", {"enabled": True})
    for _ in range(5):
        services.all()
    with pytest.raises(requests.HTTPError):
        services.all()


# Persistence


def test_rows_options_and_links_are_found_again_after_a_restart(tmp_path: Path) -> None:
    config = AirtableStandInConfig(database=tmp_path / "state" / "airtable.sqlite3")
    with running(config) as first:
        sam = first.table("Mentors").first(formula=f.match({"Full Name": "Sam Okafor"}))
        assert sam is not None
        row = first.table("Mentor Request").create(
            {"Request ID": "r", "Mentor Assigned": [sam["id"]], "Status": "Paused"}, typecast=True
        )
        first.table("Members").batch_delete([first.table("Members").all()[0]["id"]])
    with running(config) as second:
        assert second.table("Mentor Request").all() == [row]
        mentor = second.table("Mentors").get(sam["id"])
        assert mentor["fields"]["Requests Assigned"] == [row["id"]]
        assert len(second.table("Members").all()) == 39
        other = second.table("Mentor Request").create({"Request ID": "s", "Status": "Paused"})
        assert other["fields"]["Status"] == "Paused"


def test_state_of_an_earlier_version_starts_with_the_new_fields_and_tables(tmp_path: Path) -> None:
    config = AirtableStandInConfig(database=tmp_path / "airtable.sqlite3")
    since = {"Rematch Wait (h)", "Rematch Breached", "Never Pair", "Message Text"}
    earlier = tuple(
        Base(
            base.id,
            base.name,
            tuple(
                replace(table, fields=tuple(f for f in table.fields if f.name not in since))
                for table in base.tables
                if table.name not in since
            ),
        )
        for base in BASES
    )
    with running(config, bases=earlier) as old:
        row = old.table("Mentor Request").create({"Request ID": "r", "SLA Breached": True})
        with pytest.raises(requests.HTTPError, match="Rematch Breached"):
            old.table("Mentor Request").update(row["id"], {"Rematch Breached": True})
    with running(config) as new:
        requests_ = new.table("Mentor Request")
        assert requests_.all() == [row]
        changed = requests_.update(row["id"], {"Rematch Wait (h)": 7.3, "Rematch Breached": True})
        assert changed["fields"] == {
            **row["fields"],
            "Rematch Wait (h)": 7.3,
            "Rematch Breached": True,
        }
        new.table("Message Text").create({"Key": "mentee.received", "Text": "We have it."})
        new.control("seed")
        assert len(new.table("Never Pair", AIRTABLE_COORDINATORS_BASE_ID).all()) == 2
        assert len(new.table("Mentors").all()) == 82
