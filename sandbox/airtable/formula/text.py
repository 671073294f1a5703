"""Functions on texts. Positions count from 1."""

import re
from urllib.parse import quote

from sandbox.airtable.formula.registry import function
from sandbox.airtable.formula.values import FormulaError, Value, tidy, to_text, to_whole


@function("CONCATENATE")
def concatenate(*values: Value) -> str:
    return "".join(to_text(value) for value in values)


@function("FIND")
def find(sought: Value, text: Value, start: Value = None) -> int:
    """The position, or 0 where it isn't found."""
    return to_text(text).find(to_text(sought), max(0, to_whole(start) - 1)) + 1


@function("SEARCH")
def search(sought: Value, text: Value, start: Value = None) -> int | None:
    """The position, or blank where it isn't found; like FIND, minds upper and lower case."""
    return find(sought, text, start) or None


@function("LOWER")
def lower(text: Value) -> str:
    return to_text(text).lower()


@function("UPPER")
def upper(text: Value) -> str:
    return to_text(text).upper()


@function("TRIM")
def trim(text: Value) -> str:
    return to_text(text).strip()


@function("LEN")
def length(text: Value) -> int:
    return len(to_text(text))


@function("LEFT")
def left(text: Value, count: Value) -> str:
    return to_text(text)[: max(0, to_whole(count))]


@function("RIGHT")
def right(text: Value, count: Value) -> str:
    whole = to_text(text)
    return whole[max(0, len(whole) - max(0, to_whole(count))) :]


@function("MID")
def mid(text: Value, start: Value, count: Value) -> str:
    first = max(0, to_whole(start) - 1)
    return to_text(text)[first : first + max(0, to_whole(count))]


@function("REPLACE")
def replace(text: Value, start: Value, count: Value, replacement: Value) -> str:
    whole, first = to_text(text), max(0, to_whole(start) - 1)
    return whole[:first] + to_text(replacement) + whole[first + max(0, to_whole(count)) :]


@function("REPT")
def rept(text: Value, times: Value) -> str:
    whole, count = to_text(text), max(0, to_whole(times))
    if len(whole) * count > 100_000:
        raise FormulaError("#ERROR!")
    return whole * count


@function("SUBSTITUTE")
def substitute(text: Value, old: Value, new: Value, index: Value = None) -> str:
    whole, sought, replacement = to_text(text), to_text(old), to_text(new)
    if not sought:
        return whole
    if index is None:
        return whole.replace(sought, replacement)
    parts = whole.split(sought)
    wanted = to_whole(index)
    if not 1 <= wanted < len(parts):
        return whole
    return sought.join(parts[:wanted]) + replacement + sought.join(parts[wanted:])


@function("T")
def text_only(value: Value) -> str | None:
    return value if isinstance(value, str) else None


@function("VALUE")
def value_of(text: Value) -> float | int:
    """The number in a text, without currency signs and thousands separators."""
    digits = re.sub(r"[^\d.\-]", "", to_text(text))
    try:
        return tidy(float(digits))
    except ValueError:
        raise FormulaError("#ERROR!") from None


@function("ENCODE_URL_COMPONENT")
def encode_url_component(text: Value) -> str:
    return quote(to_text(text), safe="!'()*-._~")


def _pattern(regex: Value) -> re.Pattern[str]:
    try:
        return re.compile(to_text(regex))
    except re.error:
        raise FormulaError("#ERROR!") from None


@function("REGEX_MATCH")
def regex_match(text: Value, regex: Value) -> bool:
    return _pattern(regex).search(to_text(text)) is not None


@function("REGEX_EXTRACT")
def regex_extract(text: Value, regex: Value) -> str:
    found = _pattern(regex).search(to_text(text))
    if found is None:
        raise FormulaError("#ERROR!")
    return str(found.group(1) if found.groups() else found.group())


@function("REGEX_REPLACE")
def regex_replace(text: Value, regex: Value, replacement: Value) -> str:
    template = re.sub(r"\$(\d+)", r"\\g<\1>", to_text(replacement).replace("\\", "\\\\"))
    try:
        return _pattern(regex).sub(template, to_text(text))
    except re.error:
        raise FormulaError("#ERROR!") from None
