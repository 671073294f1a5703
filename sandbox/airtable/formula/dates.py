"""Functions on dates. Everything is in UTC unless SET_TIMEZONE says otherwise."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.airtable.formula import moments
from sandbox.airtable.formula.evaluate import Context
from sandbox.airtable.formula.registry import function
from sandbox.airtable.formula.values import (
    FormulaError,
    Value,
    to_moment,
    to_number,
    to_text,
    to_whole,
)

MAX_WORKDAYS = 10_000


@function("NOW", contextual=True)
def now(context: Context) -> datetime:
    return context.now


@function("TODAY", contextual=True)
def today(context: Context) -> datetime:
    return moments.start_of(context.now.astimezone(UTC), "day")


@function("IS_BEFORE")
def is_before(first: Value, second: Value) -> bool:
    return to_moment(first) < to_moment(second)


@function("IS_AFTER")
def is_after(first: Value, second: Value) -> bool:
    return to_moment(first) > to_moment(second)


@function("IS_SAME")
def is_same(first: Value, second: Value, unit: Value = None) -> bool:
    of = moments.unit("ms" if unit is None else to_text(unit))
    return moments.start_of(to_moment(first), of) == moments.start_of(to_moment(second), of)


@function("DATEADD")
def dateadd(moment: Value, amount: Value, unit: Value) -> datetime:
    return moments.add(to_moment(moment), to_number(amount), moments.unit(to_text(unit)))


@function("DATETIME_DIFF")
def datetime_diff(first: Value, second: Value, unit: Value = None) -> int:
    """How much later the first is; in seconds unless a unit is given."""
    of = moments.unit("s" if unit is None else to_text(unit))
    return moments.difference(to_moment(first), to_moment(second), of)


@function("DATETIME_FORMAT")
def datetime_format(moment: Value, pattern: Value = None) -> str:
    wanted = "YYYY-MM-DD[T]HH:mm:ssZ" if pattern is None else to_text(pattern)
    return moments.formatted(to_moment(moment), wanted)


@function("DATETIME_PARSE")
def datetime_parse(text: Value, pattern: Value = None, locale: Value = None) -> datetime:
    if pattern is None or isinstance(text, datetime):
        return to_moment(text)
    return moments.parsed(to_text(text), to_text(pattern))


@function("DATESTR")
def datestr(moment: Value) -> str:
    return moments.formatted(to_moment(moment), "YYYY-MM-DD")


@function("TIMESTR")
def timestr(moment: Value) -> str:
    return moments.formatted(to_moment(moment), "HH:mm:ss")


@function("SET_TIMEZONE")
def set_timezone(moment: Value, zone: Value) -> datetime:
    try:
        return to_moment(moment).astimezone(ZoneInfo(to_text(zone)))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FormulaError("#ERROR!") from None


@function("SET_LOCALE")
def set_locale(moment: Value, locale: Value) -> datetime:
    """Names of days and months stay English here."""
    return to_moment(moment)


@function("YEAR")
def year(moment: Value) -> int:
    return to_moment(moment).year


@function("MONTH")
def month(moment: Value) -> int:
    return to_moment(moment).month


@function("DAY")
def day(moment: Value) -> int:
    return to_moment(moment).day


@function("HOUR")
def hour(moment: Value) -> int:
    return to_moment(moment).hour


@function("MINUTE")
def minute(moment: Value) -> int:
    return to_moment(moment).minute


@function("SECOND")
def second(moment: Value) -> int:
    return to_moment(moment).second


def _first_weekday(name: Value) -> int:
    return 1 if name is not None and to_text(name).lower() == "monday" else 0


@function("WEEKDAY")
def weekday(moment: Value, start: Value = None) -> int:
    return (to_moment(moment).isoweekday() - _first_weekday(start)) % 7


@function("WEEKNUM")
def weeknum(moment: Value, start: Value = None) -> int:
    return moments.week_number(to_moment(moment).date(), _first_weekday(start))


@function("FROMNOW", contextual=True)
def fromnow(context: Context, moment: Value) -> str:
    return moments.in_words(context.now - to_moment(moment))


@function("TONOW", contextual=True)
def tonow(context: Context, moment: Value) -> str:
    return moments.in_words(context.now - to_moment(moment))


def _holidays(listed: Value) -> set[date]:
    texts = [part for part in to_text(listed).split(",") if part.strip()]
    return {to_moment(text).date() for text in texts}


def _is_workday(moment: datetime, holidays: set[date]) -> bool:
    return moment.isoweekday() <= 5 and moment.date() not in holidays


@function("WORKDAY")
def workday(start: Value, days: Value, holidays: Value = None) -> datetime:
    moment, left, off = to_moment(start), to_whole(days), _holidays(holidays)
    if abs(left) > MAX_WORKDAYS:
        raise FormulaError("#ERROR!")
    step = timedelta(days=1 if left > 0 else -1)
    while left:
        moment += step
        if _is_workday(moment, off):
            left -= 1 if left > 0 else -1
    return moment


@function("WORKDAY_DIFF")
def workday_diff(start: Value, end: Value, holidays: Value = None) -> int:
    """Working days from start to end, both included."""
    first, last, off = to_moment(start), to_moment(end), _holidays(holidays)
    sign = 1
    if first > last:
        first, last, sign = last, first, -1
    days = (last.date() - first.date()).days
    if days > MAX_WORKDAYS:
        raise FormulaError("#ERROR!")
    return sign * sum(_is_workday(first + timedelta(days=n), off) for n in range(days + 1))
