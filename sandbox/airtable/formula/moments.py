"""Arithmetic and formats for dates, in the vocabulary of moment.js that Airtable uses."""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sandbox.airtable.formula.values import FormulaError

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SHORT = {
    "ms": "millisecond",
    "s": "second",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "M": "month",
    "Q": "quarter",
    "y": "year",
}


def unit(name: str) -> str:
    """The singular of a unit's name or abbreviation ("days", "d", "M" …).

    Raises:
        FormulaError: there is no such unit.
    """
    found = _SHORT.get(name, name.lower().removesuffix("s"))
    if found not in _SHORT.values():
        raise FormulaError("#ERROR!")
    return found


def add(moment: datetime, amount: float, of: str) -> datetime:
    """Months keep the day where the month has it, else its last day."""
    if of in _MONTHS:
        months = moment.month - 1 + int(amount) * _MONTHS[of]
        year, month = moment.year + months // 12, months % 12 + 1
        day = min(moment.day, calendar.monthrange(year, month)[1])
        return moment.replace(year=year, month=month, day=day)
    if of == "millisecond":
        return moment + timedelta(milliseconds=amount)
    return moment + timedelta(seconds=amount * _SECONDS[of])


def difference(later: datetime, earlier: datetime, of: str) -> int:
    """Whole units from `earlier` to `later`, cut toward zero."""
    if of in _MONTHS:
        months = (later.year - earlier.year) * 12 + later.month - earlier.month
        if months > 0 and add(earlier, months, "month") > later:
            months -= 1
        elif months < 0 and add(earlier, months, "month") < later:
            months += 1
        return int(months / _MONTHS[of])
    milliseconds = (later - earlier) / timedelta(milliseconds=1)
    return int(milliseconds if of == "millisecond" else milliseconds / 1000 / _SECONDS[of])


def start_of(moment: datetime, of: str) -> datetime:
    """The beginning of the unit that the moment is in; weeks begin on Sunday."""
    if of == "millisecond":
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    kept = {"second": 0, "minute": 1, "hour": 2}.get(of, 3)
    names = ("microsecond", "second", "minute", "hour")
    cut = moment.replace(**dict.fromkeys(names[: kept + 1], 0))  # type: ignore[arg-type]
    if of == "week":
        return cut - timedelta(days=cut.isoweekday() % 7)
    if of in _MONTHS:
        month = {"month": cut.month, "quarter": (cut.month - 1) // 3 * 3 + 1, "year": 1}[of]
        return cut.replace(month=month, day=1)
    return cut


def week_number(day: date, first_weekday: int) -> int:
    """The week of the year; week 1 has January 1 in it.

    Args:
        day: the day.
        first_weekday: 0 for Sunday, 1 for Monday.
    """
    new_year = day.replace(month=1, day=1)
    offset = (new_year.isoweekday() - first_weekday) % 7
    return (day.timetuple().tm_yday - 1 + offset) // 7 + 1


def in_words(span: timedelta) -> str:
    """A length of time as moment.js says it: "a day", "3 hours"."""
    seconds = abs(span.total_seconds())
    for limit, size, name in (
        (45, 1, ""),
        (45 * 60, 60, "minute"),
        (22 * 3600, 3600, "hour"),
        (26 * 86400, 86400, "day"),
        (320 * 86400, 30.4 * 86400, "month"),
        (float("inf"), 365 * 86400, "year"),
    ):
        if seconds < limit:
            if not name:
                return "a few seconds"
            count = max(1, round(seconds / size))
            article = "an" if name == "hour" else "a"
            return f"{article} {name}" if count == 1 else f"{count} {name}s"
    raise AssertionError("the last limit is infinite")


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 11 <= number % 100 <= 13 else ending}"


def _offset(moment: datetime, colon: str) -> str:
    text = moment.strftime("%z")
    return f"{text[:3]}{colon}{text[3:5]}"


_FORMATS: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda t: f"{t.year:04}",
    "YY": lambda t: f"{t.year % 100:02}",
    "Q": lambda t: str((t.month - 1) // 3 + 1),
    "MMMM": lambda t: calendar.month_name[t.month],
    "MMM": lambda t: calendar.month_abbr[t.month],
    "MM": lambda t: f"{t.month:02}",
    "M": lambda t: str(t.month),
    "DDDD": lambda t: f"{t.timetuple().tm_yday:03}",
    "DDD": lambda t: str(t.timetuple().tm_yday),
    "DD": lambda t: f"{t.day:02}",
    "Do": lambda t: _ordinal(t.day),
    "D": lambda t: str(t.day),
    "dddd": lambda t: calendar.day_name[t.weekday()],
    "ddd": lambda t: calendar.day_abbr[t.weekday()],
    "d": lambda t: str(t.isoweekday() % 7),
    "E": lambda t: str(t.isoweekday()),
    "WW": lambda t: f"{t.isocalendar().week:02}",
    "W": lambda t: str(t.isocalendar().week),
    "ww": lambda t: f"{week_number(t.date(), 0):02}",
    "w": lambda t: str(week_number(t.date(), 0)),
    "HH": lambda t: f"{t.hour:02}",
    "H": lambda t: str(t.hour),
    "hh": lambda t: f"{t.hour % 12 or 12:02}",
    "h": lambda t: str(t.hour % 12 or 12),
    "mm": lambda t: f"{t.minute:02}",
    "m": lambda t: str(t.minute),
    "ss": lambda t: f"{t.second:02}",
    "s": lambda t: str(t.second),
    "SSS": lambda t: f"{t.microsecond // 1000:03}",
    "A": lambda t: "AM" if t.hour < 12 else "PM",
    "a": lambda t: "am" if t.hour < 12 else "pm",
    "ZZ": lambda t: _offset(t, ""),
    "Z": lambda t: _offset(t, ":"),
    "X": lambda t: str(int(t.timestamp())),
    "x": lambda t: str(int(t.timestamp() * 1000)),
}
_LONG_FORMATS = {
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "LLL": "MMMM D, YYYY h:mm A",
    "LL": "MMMM D, YYYY",
    "LT": "h:mm A",
    "L": "MM/DD/YYYY",
}
_TOKEN = re.compile(
    r"\[([^\]]*)\]|" + "|".join(sorted((*_FORMATS, *_LONG_FORMATS), key=len, reverse=True))
)


def formatted(moment: datetime, pattern: str) -> str:
    def one(token: re.Match[str]) -> str:
        if token.group(1) is not None:
            return token.group(1)
        if token.group() in _LONG_FORMATS:
            return formatted(moment, _LONG_FORMATS[token.group()])
        return _FORMATS[token.group()](moment)

    return _TOKEN.sub(one, pattern)


_PARSED = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%m",
    "DD": "%d",
    "D": "%d",
    "dddd": "%A",
    "ddd": "%a",
    "HH": "%H",
    "H": "%H",
    "hh": "%I",
    "h": "%I",
    "mm": "%M",
    "m": "%M",
    "ss": "%S",
    "s": "%S",
    "A": "%p",
    "a": "%p",
    "Z": "%z",
    "ZZ": "%z",
}


def parsed(text: str, pattern: str) -> datetime:
    """The moment that a text says in a given format.

    Raises:
        FormulaError: the text or the format can't be read.
    """

    def one(token: re.Match[str]) -> str:
        if token.group(1) is not None:
            return token.group(1)
        if token.group() not in _PARSED:
            raise FormulaError("#ERROR!")
        return _PARSED[token.group()]

    try:
        moment = datetime.strptime(text.strip(), _TOKEN.sub(one, pattern))  # noqa: DTZ007
    except (ValueError, re.error):  # a part that is named twice is an error of `re`
        raise FormulaError("#ERROR!") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
