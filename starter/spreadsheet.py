"""CSV that spreadsheets open as it is meant, and that can do nothing there. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_BOM = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What spreadsheets calculate (OWASP: CSV injection), also in its full-width forms."""


def as_csv(lines: Iterable[Sequence[str | int]]) -> bytes:
    """Comma-separated lines in UTF-8 (RFC 4180); text that looks like a formula stays text."""
    text = io.StringIO(newline="")
    text.write(_BOM)
    csv.writer(text).writerows([[_harmless(cell) for cell in line] for line in lines])
    return text.getvalue().encode("utf-8", "replace")


def _harmless(cell: str | int) -> str | int:
    """An apostrophe before what would be a formula; numbers are numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell
