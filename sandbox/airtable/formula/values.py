"""The kinds of values in a formula and how they mix.

A blank is None; it equals 0, an empty text and an unchecked box. A checked box is 1. Texts and
numbers are never equal to each other. A date in a text is its ISO form in UTC. A list (links,
several choices) in a text is its members between commas.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeAlias, cast

Scalar: TypeAlias = str | int | float | bool | datetime | None
Value: TypeAlias = Scalar | Sequence[Scalar]


class FormulaError(ValueError):
    """#ERROR! in a cell; a record with it doesn't match."""


def is_list(value: Value) -> bool:
    return isinstance(value, (list, tuple))


def members(value: Value) -> list[Scalar]:
    """The value's members if it is a list, else itself alone; a blank has none."""
    if isinstance(value, (list, tuple)):
        return list(value)
    return [] if value is None else [cast(Scalar, value)]


def flatten(values: Iterable[Value]) -> Iterator[Scalar]:
    for value in values:
        if is_list(value):
            yield from members(value)
        else:
            yield cast(Scalar, value)


def is_blank(value: Value) -> bool:
    return value is None or value == "" or (is_list(value) and not members(value))


def truthy(value: Value) -> bool:
    """Whether a record with this result is kept: not 0, false, blank, NaN or an empty list."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def to_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(quote_member(to_text(member)) for member in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return iso(value)
    return str(value)


def quote_member(text: str) -> str:
    """A member of a list as a text shows it: in quotes where it has a comma in it."""
    return '"' + text.replace('"', '""') + '"' if "," in text else text


def iso(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def to_number(value: Value) -> float | int:
    """The value as a number.

    Raises:
        FormulaError: it isn't one.
    """
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return to_number(value[0])
    raise FormulaError("#ERROR!")


def to_whole(value: Value) -> int:
    number = to_number(value)
    if math.isnan(number) or math.isinf(number):
        raise FormulaError("#ERROR!")
    return int(number)


def to_moment(value: Value) -> datetime:
    """The value as a moment; texts in ISO 8601 are read as UTC where they name no zone.

    Raises:
        FormulaError: it isn't one.
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            raise FormulaError("#ERROR!") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return to_moment(value[0])
    raise FormulaError("#ERROR!")


def equal(left: Value, right: Value) -> bool:
    if is_list(left):
        left = to_text(left)
    if is_list(right):
        right = to_text(right)
    if left is None or right is None:
        return not truthy(right if left is None else left)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left == right
    if isinstance(left, datetime) or isinstance(right, datetime):
        return to_text(left) == to_text(right)
    if isinstance(left, str) != isinstance(right, str):
        return False
    return left == right


def less(left: Value, right: Value) -> bool:
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left < right
    if left is None and isinstance(right, datetime):
        return True
    if right is None and isinstance(left, datetime):
        return False
    if isinstance(left, (str, datetime)) or isinstance(right, (str, datetime)):
        return to_text(left) < to_text(right)
    return to_number(left) < to_number(right)


def tidy(number: float) -> float | int:
    """A whole number as an int, so that it prints without a decimal point."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
