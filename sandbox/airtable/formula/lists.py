"""Functions on lists: links, lookups, several choices."""

from sandbox.airtable.formula.registry import function
from sandbox.airtable.formula.values import Scalar, Value, members, to_text, to_whole


@function("ARRAYJOIN")
def arrayjoin(values: Value, separator: Value = None) -> str:
    between = ", " if separator is None else to_text(separator)
    return between.join(to_text(member) for member in members(values))


@function("ARRAYUNIQUE")
def arrayunique(values: Value) -> list[Scalar]:
    return list(dict.fromkeys(members(values)))


@function("ARRAYCOMPACT")
def arraycompact(values: Value) -> list[Scalar]:
    return [member for member in members(values) if member not in (None, "")]


@function("ARRAYFLATTEN")
def arrayflatten(*values: Value) -> list[Scalar]:
    return [member for value in values for member in members(value)]


@function("ARRAYSLICE")
def arrayslice(values: Value, start: Value, end: Value = None) -> list[Scalar]:
    """From position `start` to position `end`, both counted from 1; negative from the back."""
    whole = members(values)
    first = to_whole(start)
    first = first - 1 if first > 0 else max(0, len(whole) + first)
    last = len(whole) if end is None else to_whole(end)
    return whole[first : last if last > 0 else len(whole) + last + 1]
