"""The file that coordinators open in a spreadsheet: readable there, and harmless."""

from __future__ import annotations

import csv
import io

import pytest

from starter.spreadsheet import as_csv


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.example")', "＝1+1"],
)
def test_text_that_looks_like_a_formula_stays_text(cell: str) -> None:
    [[read]] = csv.reader(io.StringIO(as_csv([[cell]]).decode("utf-8-sig"), newline=""))
    assert read == f"'{cell}"


def test_everything_else_arrives_as_it_is() -> None:
    line = ["Zoë O'Brien", 'says "hi"', "a, b", "two\nlines", "C++", "日本", ""]
    [read] = csv.reader(io.StringIO(as_csv([line]).decode("utf-8-sig"), newline=""))
    assert read == line
    assert as_csv([["n", -1]]).endswith(b"n,-1\r\n"), "a number can't be a formula"


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert as_csv([["Zoë"]]).startswith(b"\xef\xbb\xbf")
