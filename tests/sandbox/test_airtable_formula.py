"""Airtable's formula language: what pyairtable writes is understood as Airtable understands it."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from pyairtable import formulas as f

from sandbox.airtable.formula import FUNCTIONS, Context, FormulaSyntaxError, compile_formula

RECORD = Context(
    fields={
        "Name": "Zoë 'Ace' Castellanos",
        "Quote": 'He said "yes", she said \\no/ 🎉',
        "Braces {odd}": "kept",
        "Age": 21,
        "Score": 2.5,
        "Zero": 0,
        "Active": True,
        "Blocked": None,
        "Nothing": None,
        "Born": datetime(2004, 2, 29, tzinfo=UTC),
        "Seen": datetime(2026, 3, 8, 9, 30, 15, 250_000, tzinfo=UTC),
        "Skills": ["JavaScript", "Python"],
        "Places": ["Bath, Maine", "Rome"],
        "Single": "word",
    },
    record_id="recAAAAAAAAAAAAAA",
    created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    modified=datetime(2026, 2, 2, 2, 2, 2, tzinfo=UTC),
    now=datetime(2026, 3, 10, 12, 0, 0, tzinfo=UTC),
)


def resolve(name: str) -> str | None:
    return name if name in RECORD.fields else None


def value(source: object) -> Any:
    return compile_formula(str(source), resolve).value(RECORD)


def matches(source: object) -> bool:
    return compile_formula(str(source), resolve).matches(RECORD)


def test_every_function_that_pyairtable_can_write_is_known() -> None:
    writable = {name for name in dir(f) if re.fullmatch(r"[A-Z_]{1,}", name)}
    comparisons = {"EQ", "NE", "GT", "GTE", "LT", "LTE", "TYPE_CHECKING"}
    comparisons |= {"COMPARISONS_BY_OPERATOR"}
    assert writable - comparisons - set(FUNCTIONS) == set()


@pytest.mark.parametrize(
    "formula",
    [
        f.match({"Name": "Zoë 'Ace' Castellanos"}),
        f.match({"Quote": 'He said "yes", she said \\no/ 🎉'}),
        f.match({"Braces {odd}": "kept"}),
        f.match({"Age": 21, "Active": True}),
        f.match({"Age": (">=", 21), "Score": ("<", 3)}),
        f.match({"Name": "nobody", "Age": 21}, match_any=True),
        f.match({"Born": date(2004, 2, 29)}),
        f.match({"Seen": datetime(2026, 3, 8, 9, 30, 15, 250_000, tzinfo=UTC)}),
        f.match({"Seen": (">", date(2026, 3, 8))}),
        f.match({"Nothing": ""}),
        f.match({"Blocked": False}),
        f.match({"Skills": "JavaScript, Python"}),
        f.match({"Score": Fraction(5, 2)}),
        f.AND(f.EQ(f.Field("Age"), 21), f.NOT(f.EQ(f.Field("Single"), "other"))),
        f.OR(f.EQ(f.Field("Age"), 1), f.GT(f.Field("Score"), 2)),
        f.XOR(f.TRUE(), f.FALSE(), f.FALSE()),
        f.FIND("Python", f.FunctionCall("ARRAYJOIN", f.Field("Skills"))),
        f.EQ(f.RECORD_ID(), "recAAAAAAAAAAAAAA"),
        f.IS_BEFORE(f.CREATED_TIME(), f.NOW()),
        f.IS_SAME(f.Field("Seen"), date(2026, 3, 8), "day"),
        f.REGEX_MATCH(f.LOWER(f.Field("Name")), "^zo.*'ace'"),
        f.EQ(f.IF(f.Field("Active"), "yes", "no"), "yes"),
        f.EQ(f.SWITCH(f.Field("Age"), 20, "a", 21, "b"), "b"),
    ],
    ids=str,
)
def test_formula_as_pyairtable_writes_it_finds_the_record(formula: f.Formula) -> None:
    assert matches(formula)


@pytest.mark.parametrize(
    "formula",
    [
        f.match({"Name": "Zoë"}),
        f.match({"Name": "zoë 'ace' castellanos"}),
        f.match({"Age": "21"}),
        f.match({"Blocked": True}),
        f.match({"Age": ("<", 21)}),
        f.match({"Age": ("!=", 21)}),
        f.match({"Skills": "Python"}),
    ],
    ids=str,
)
def test_formula_that_does_not_fit_leaves_the_record_out(formula: f.Formula) -> None:
    assert not matches(formula)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2 * -3", 6),
        ("7 - 2 - 1", 4),
        ("9 / 2", 4.5),
        ("8 / 2", 4),
        ("1e3", 1000.0),
        (".5 + 1.5", 2.0),
        ("'a' & 1 & 2.5 & 3.0", "a12.53"),
        ("'a' + 'b'", "ab"),
        ("1 & 2 = '12'", True),
        ("1 < 2", True),
        ("'b' > 'a'", True),
        ("2 >= 2", True),
        ("'it\\'s' & \"\\\"\"", "it's\""),
        ("Single & Age", "word21"),
        ("and(true(), True())", True),
        ("\n  Age\t=\n21 ", True),
    ],
)
def test_operators_and_literals(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{Nothing} = BLANK()",
        "{Nothing} = ''",
        "{Nothing} = 0",
        "{Zero} = BLANK()",
        "NOT({Nothing})",
        "{Nothing} + 1 = 1",
        "{Nothing} & 'x' = 'x'",
        "{Blocked} = FALSE()",
        "{Active} = 1",
        "{Active} = TRUE()",
        "{Name} != BLANK()",
        "'0' != 0",
    ],
)
def test_blank_equals_zero_empty_text_and_an_unchecked_box(source: str) -> None:
    assert matches(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("FIND('c', 'abcabc')", 3),
        ("FIND('c', 'abcabc', 4)", 6),
        ("FIND('z', 'abc')", 0),
        ("SEARCH('z', 'abc')", None),
        ("UPPER('straße')", "STRASSE"),
        ("LEN(TRIM('  hi '))", 2),
        ("LEFT('mentor', 3) & RIGHT('mentor', 2)", "menor"),
        ("RIGHT('abc', 0)", ""),
        ("MID('mentor', 2, 3)", "ent"),
        ("REPLACE('mentor', 1, 3, 'doc')", "doctor"),
        ("SUBSTITUTE('a-b-c', '-', '+')", "a+b+c"),
        ("SUBSTITUTE('a-b-c', '-', '+', 2)", "a-b+c"),
        ("REPT('ab', 3)", "ababab"),
        ("CONCATENATE('a', 1, BLANK(), TRUE())", "a11"),
        ("VALUE('$1,234.50')", 1234.5),
        ("T(5)", None),
        ("T('x')", "x"),
        ("ENCODE_URL_COMPONENT('a b&c')", "a%20b%26c"),
        ("REGEX_EXTRACT('call 555-1234', '[0-9]{3}-([0-9]+)')", "1234"),
        ("REGEX_REPLACE('John Smith', '(\\\\w+) (\\\\w+)', '$2 $1')", "Smith John"),
        ("ARRAYJOIN({Skills}, '; ')", "JavaScript; Python"),
        ("{Places} & ''", '"Bath, Maine", Rome'),
        ("ARRAYJOIN(ARRAYUNIQUE(ARRAYFLATTEN({Skills}, {Skills})))", "JavaScript, Python"),
        ("ARRAYJOIN(ARRAYSLICE({Skills}, 2))", "Python"),
        ("COUNTA({Skills}, {Nothing}, '', 1)", 3),
        ("COUNTALL({Skills}, '')", 3),
    ],
)
def test_texts_and_lists(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ABS(-3)", 3),
        ("SUM(1, 2.5, 'x')", 3.5),
        ("AVERAGE(1, 2, 3)", 2),
        ("MAX(1, 5, 3) - MIN(4, 2)", 3),
        ("COUNT(1, 'a', 2)", 2),
        ("INT(-1.5)", -2),
        ("CEILING(1.2)", 2),
        ("CEILING(7, 5)", 10),
        ("FLOOR(7, 5)", 5),
        ("ROUND(2.345, 2)", 2.35),
        ("ROUND(-2.5, 0)", -2),
        ("ROUNDDOWN(-2.7, 0)", -2),
        ("ROUNDUP(2.1, 0)", 3),
        ("EVEN(3)", 4),
        ("EVEN(-1)", -2),
        ("ODD(2)", 3),
        ("ODD(3)", 3),
        ("MOD(-1, 3)", 2),
        ("POWER(2, 10)", 1024),
        ("LOG(1000)", 3),
        ("LOG(8, 2)", 3),
        ("SQRT(16)", 4),
        ("EXP(0)", 1),
    ],
)
def test_numbers(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("DATESTR(TODAY())", "2026-03-10"),
        ("TIMESTR({Seen})", "09:30:15"),
        ("{Seen} & ''", "2026-03-08T09:30:15.250Z"),
        ("DATESTR(DATEADD('2026-01-31', 1, 'month'))", "2026-02-28"),
        ("DATESTR(DATEADD({Born}, -1, 'years'))", "2003-02-28"),
        ("DATESTR(DATEADD('2026-03-08', 2, 'w'))", "2026-03-22"),
        ("DATETIME_DIFF(NOW(), {Seen})", 181_784),
        ("DATETIME_DIFF(NOW(), {Seen}, 'hours')", 50),
        ("DATETIME_DIFF({Seen}, NOW(), 'days')", -2),
        ("DATETIME_DIFF('2026-03-31', '2026-02-28', 'months')", 1),
        ("DATETIME_DIFF('2026-02-28', '2024-03-01', 'years')", 1),
        ("IS_SAME({Seen}, '2026-03-08')", False),
        ("IS_SAME({Seen}, '2026-03-30', 'month')", True),
        ("IS_SAME({Seen}, '2026-03-14', 'week')", True),
        ("IS_AFTER({Seen}, '2026-03-08')", True),
        ("YEAR({Seen}) & '.' & MONTH({Seen}) & '.' & DAY({Seen})", "2026.3.8"),
        ("HOUR({Seen}) & ':' & MINUTE({Seen}) & ':' & SECOND({Seen})", "9:30:15"),
        ("WEEKDAY('2026-03-08')", 0),
        ("WEEKDAY('2026-03-08', 'Monday')", 6),
        ("WEEKNUM('2026-01-04')", 2),
        ("DATETIME_FORMAT({Seen}, 'dddd, MMMM Do YYYY [at] h:mm A')",
         "Sunday, March 8th 2026 at 9:30 AM"),
        ("DATETIME_FORMAT(SET_TIMEZONE({Seen}, 'Asia/Tokyo'), 'YYYY-MM-DD HH:mm Z')",
         "2026-03-08 18:30 +09:00"),
        ("DATETIME_FORMAT({Seen}, 'L')", "03/08/2026"),
        ("DATETIME_PARSE('8 Mar 2026 09:30', 'D MMM YYYY HH:mm') = DATEADD({Seen}, -15.25, 's')",
         True),
        ("DATESTR(WORKDAY('2026-03-06', 1))", "2026-03-09"),
        ("DATESTR(WORKDAY('2026-03-06', 1, '2026-03-09'))", "2026-03-10"),
        ("WORKDAY_DIFF('2026-03-06', '2026-03-09')", 2),
        ("FROMNOW({Seen})", "2 days"),
        ("TONOW('2026-03-10T13:00:00Z')", "an hour"),
        ("LAST_MODIFIED_TIME({Age}) > CREATED_TIME()", True),
    ],
)  # fmt: skip
def test_dates(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    ["1/0", "SQRT(-1)", "'a' * 2", "ERROR()", "DATEADD('soon', 1, 'day')", "REGEX_MATCH('a', '(')",
     "DATEADD({Seen}, 1, 'fortnight')", "IS_AFTER({Nothing}, NOW())", "EXP(100000)",
     "INT(1e999 - 1e999)", "1" + "0" * 400 + " * 1.5", "DATEADD({Seen}, 99999, 'years')"],
)  # fmt: skip
def test_error_in_a_cell_leaves_the_record_out_and_can_be_asked_for(source: str) -> None:
    assert not matches(source)
    assert matches(f"ISERROR({source})")


def test_lazy_functions_do_not_work_out_what_they_do_not_need() -> None:
    assert value("IF(TRUE(), 1, 1/0)") == 1
    assert value("OR(1, 1/0)") is True
    assert value("SWITCH(1, 1, 'a', 2, 1/0)") == "a"
    assert value("SWITCH(9, 1, 'a', 'else')") == "else"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{Missing}=1", "Unknown field names: missing"),
        ("AND({Nope}=1, Gone)", "Unknown field names: nope, gone"),
        ("FROBNICATE(1)", "Unknown function names: FROBNICATE"),
        ("LEFT('a')", "Invalid number of arguments"),
        ("1 +", "Please check your formula text"),
        ("'unclosed", "Please check your formula text"),
        ("{Age} = 1 2", "Please check your formula text"),
        ("AND(1, 2", "Please check your formula text"),
        ("a ; b", "Please check your formula text"),
        ("", "Please check your formula text"),
        ("(" * 500 + "1" + ")" * 500, "Please check your formula text"),
    ],
)
def test_text_that_is_no_formula_is_refused_with_airtables_words(source: str, reason: str) -> None:
    with pytest.raises(FormulaSyntaxError, match=re.escape(reason)):
        compile_formula(source, resolve)


def test_formula_of_a_thousand_terms_is_an_error_and_not_a_crash() -> None:
    long = " + ".join(["1"] * 5000)
    with pytest.raises(FormulaSyntaxError):
        compile_formula(long, resolve)
    nested = "NOT(" * 80 + "1" + ")" * 80
    assert matches(nested)


def test_text_from_people_cannot_break_out_of_a_formula() -> None:
    for text in ("' OR 1=1 OR '", "\\' OR TRUE() OR \\'", "x') , TRUE()", "\\", "'"):
        assert not matches(f.match({"Name": text}))
