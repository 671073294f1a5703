"""Nobody is pinged at night, on their own clock, on the two odd nights of the year as well."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.policy_rules import LEAST_AWAKE
from domain.quiet import QuietHours

NIGHT = QuietHours()
NEW_YORK, BERLIN, KIRITIMATI = "America/New_York", "Europe/Berlin", "Pacific/Kiritimati"
DAY = timedelta(days=1)
ODD_NIGHTS = [
    (NEW_YORK, date(2026, 3, 8)),  # 02:00 becomes 03:00
    (NEW_YORK, date(2026, 11, 1)),  # 02:00 becomes 01:00
    ("Europe/London", date(2026, 10, 25)),
    ("America/Havana", date(2026, 11, 1)),  # 01:00 becomes midnight
    ("America/Santiago", date(2026, 9, 6)),  # midnight becomes 01:00
    ("Asia/Beirut", date(2026, 10, 25)),  # midnight becomes 23:00 of the day before
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Antarctica/Troll", date(2026, 3, 29)),  # two hours
    ("Pacific/Apia", date(2011, 12, 30)),  # a whole day is left out
]
OTHER_ZONES = ["UTC", BERLIN, KIRITIMATI, "Asia/Kolkata", "Pacific/Chatham", "Etc/GMT+12", "", "?"]


def local(day: str, clock: str, zone: str = NEW_YORK, *, again: bool = False) -> datetime:
    """What the wall clock says; ``again`` for the second time in a repeated hour."""
    wall = datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(zone), fold=again)
    return wall.astimezone(UTC)


# ---- ordinary nights ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "reaches"),
    [
        ("2026-06-09 20:59", "2026-06-09 20:59"),
        ("2026-06-09 21:00", "2026-06-10 08:00"),
        ("2026-06-09 23:59", "2026-06-10 08:00"),
        ("2026-06-10 00:00", "2026-06-10 08:00"),
        ("2026-06-10 07:59", "2026-06-10 08:00"),
        ("2026-06-10 08:00", "2026-06-10 08:00"),
    ],
)
@pytest.mark.parametrize("zone", [NEW_YORK, BERLIN, KIRITIMATI, "Asia/Kathmandu"])
def test_a_ping_at_night_waits_for_the_morning_of_whoever_gets_it(
    asked: str, reaches: str, zone: str
) -> None:
    (day, clock), (next_day, bell) = asked.split(), reaches.split()
    at, morning = local(day, clock, zone), local(next_day, bell, zone)
    assert NIGHT.delivery(at, zone) == morning
    assert NIGHT.hold(at, zone) is (at != morning)


def test_quiet_hours_may_lie_within_a_day() -> None:
    siesta = QuietHours(start=time(13), end=time(15, 30))
    assert not siesta.hold(local("2026-06-09", "12:59"), NEW_YORK)
    assert siesta.delivery(local("2026-06-09", "13:00"), NEW_YORK) == local("2026-06-09", "15:30")
    assert not siesta.hold(local("2026-06-09", "23:00"), NEW_YORK)


def test_quiet_hours_may_begin_or_end_at_midnight() -> None:
    from_midnight = QuietHours(start=time(0), end=time(7))
    assert not from_midnight.hold(local("2026-06-09", "23:59"), NEW_YORK)
    assert from_midnight.hold(local("2026-06-10", "00:00"), NEW_YORK)
    to_midnight = QuietHours(start=time(20), end=time(0))
    assert to_midnight.delivery(local("2026-06-09", "20:00"), NEW_YORK) == local(
        "2026-06-10", "00:00"
    )


def test_start_and_end_alike_mean_that_no_hour_is_quiet() -> None:
    never = QuietHours(start=time(9), end=time(9))
    at = local("2026-06-09", "09:00")
    assert not never.hold(at, NEW_YORK)
    assert never.after_waking(at, timedelta(hours=30), NEW_YORK) == at + timedelta(hours=30)


@pytest.mark.parametrize("zone", ["", "  ", "Mars/Olympus", "../../etc/passwd", "America", "\0"])
def test_where_nobody_knows_a_persons_zone_the_policys_counts(zone: str) -> None:
    hours = QuietHours(time_zone="America/New_York")
    evening = local("2026-06-09", "22:00")
    assert hours.delivery(evening, zone) == hours.delivery(evening, NEW_YORK) > evening


def test_a_zone_that_nobody_knows_any_more_reads_as_utc() -> None:
    hours = QuietHours(time_zone="Mars/Olympus")
    at = datetime(2026, 6, 9, 22, tzinfo=UTC)
    assert hours.delivery(at, "") == datetime(2026, 6, 10, 8, tzinfo=UTC)


# ---- the two odd nights ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("evening", "hours"), [("2026-03-07", 10), ("2026-10-31", 12), ("2026-06-09", 11)]
)
def test_a_night_ends_by_the_clock_however_long_it_was(evening: str, hours: int) -> None:
    begins = local(evening, "21:00")
    assert NIGHT.delivery(begins, NEW_YORK) == begins + timedelta(hours=hours)


def test_in_a_repeated_hour_a_ping_is_never_sent_before_it_was_due() -> None:
    hours = QuietHours(start=time(21), end=time(1, 30))
    due = local("2026-11-01", "01:15", again=True)
    assert hours.delivery(due, NEW_YORK) == local("2026-11-01", "01:30", again=True)


def test_a_night_that_ends_in_a_repeated_hour_ends_the_second_time() -> None:
    hours = QuietHours(start=time(21), end=time(1, 30))
    second = local("2026-11-01", "01:30", again=True)
    assert hours.delivery(local("2026-11-01", "01:15"), NEW_YORK) == second
    assert hours.delivery(local("2026-11-01", "01:45"), NEW_YORK) == second


def test_a_night_that_begins_in_a_repeated_hour_begins_the_first_time() -> None:
    hours = QuietHours(start=time(1, 30), end=time(8))
    assert not hours.hold(local("2026-11-01", "01:29"), NEW_YORK)
    assert hours.hold(local("2026-11-01", "01:30"), NEW_YORK)
    assert hours.hold(local("2026-11-01", "01:15", again=True), NEW_YORK)


def test_a_night_that_ends_in_a_skipped_hour_ends_after_it() -> None:
    hours = QuietHours(start=time(21), end=time(2, 30))
    assert hours.delivery(local("2026-03-08", "01:50"), NEW_YORK) == local("2026-03-08", "03:30")


def test_a_night_that_begins_in_a_skipped_hour_begins_before_it() -> None:
    hours = QuietHours(start=time(2, 30), end=time(10))
    assert not hours.hold(local("2026-03-08", "01:29"), NEW_YORK)
    assert hours.hold(local("2026-03-08", "01:30"), NEW_YORK)
    assert hours.hold(local("2026-03-08", "03:00"), NEW_YORK)


# ---- waking hours ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "over"),
    [
        ("2026-06-09 09:00", "2026-06-09 17:00"),
        ("2026-06-09 13:00", "2026-06-09 21:00"),
        ("2026-06-09 20:00", "2026-06-10 15:00"),
        ("2026-06-09 23:00", "2026-06-10 16:00"),
        ("2026-06-10 03:00", "2026-06-10 16:00"),
        ("2026-03-07 20:00", "2026-03-08 15:00"),  # the shorter night
        ("2026-10-31 20:00", "2026-11-01 15:00"),  # the longer one
    ],
)
def test_eight_waking_hours_leave_the_night_out(asked: str, over: str) -> None:
    start = local(*asked.split())
    assert NIGHT.after_waking(start, timedelta(hours=8), NEW_YORK) == local(*over.split())


def test_many_waking_hours_span_many_nights() -> None:
    start = local("2026-06-01", "08:00")
    assert NIGHT.after_waking(start, timedelta(hours=13 * 30), NEW_YORK) == local(
        "2026-06-30", "21:00"
    )


def test_a_day_is_awake_outside_quiet_hours() -> None:
    assert NIGHT.awake == timedelta(hours=13)
    assert QuietHours(start=time(13), end=time(15)).awake == timedelta(hours=22)
    assert QuietHours(start=time(9), end=time(9)).awake == DAY


# ---- whatever the hours, zone and moment ----------------------------------------------------

clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
quiet_hours = st.builds(
    QuietHours, start=clocks, end=clocks, time_zone=st.sampled_from(["UTC", NEW_YORK])
).filter(lambda hours: hours.awake >= LEAST_AWAKE)


@st.composite
def moments(draw: st.DrawFn) -> tuple[datetime, str]:
    """A moment and a zone, mostly close to a change of the clocks there."""
    near = timedelta(minutes=draw(st.integers(-40 * 60, 40 * 60)))
    if draw(st.integers(0, 3)):
        zone, day = draw(st.sampled_from(ODD_NIGHTS))
        return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC) + near, zone
    day = draw(st.dates(date(2024, 1, 1), date(2030, 1, 1)))
    zones = [zone for zone, _ in ODD_NIGHTS] + OTHER_ZONES
    return datetime.combine(day, time(0), UTC) + near, draw(st.sampled_from(zones))


def shown(hours: QuietHours, at: datetime, zone: str) -> time:
    known = zone if zone not in ("", "?") else hours.time_zone
    return at.astimezone(ZoneInfo(known)).time()


def says_quiet(hours: QuietHours, clock: time) -> bool:
    if hours.start <= hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


@settings(max_examples=600, derandomize=True)
@given(quiet_hours, moments(), st.timedeltas(timedelta(0), DAY))
def test_delivery_is_awake_in_time_and_final(
    hours: QuietHours, when: tuple[datetime, str], later: timedelta
) -> None:
    at, zone = when
    sent = hours.delivery(at, zone)
    assert at <= sent <= at + DAY
    assert not says_quiet(hours, shown(hours, sent, zone))
    assert hours.delivery(sent, zone) == sent
    assert not hours.hold(sent, zone)
    assert sent <= hours.delivery(at + later, zone)


@settings(max_examples=300, derandomize=True)
@given(quiet_hours, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_without_a_change_of_clocks_only_quiet_readings_are_held(
    hours: QuietHours, later: timedelta
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + later
    sent = hours.delivery(at, KIRITIMATI)
    assert (sent > at) == says_quiet(hours, shown(hours, at, KIRITIMATI))
    assert sent == at or shown(hours, sent, KIRITIMATI) == hours.end


@settings(max_examples=400, derandomize=True)
@given(
    quiet_hours,
    moments(),
    st.timedeltas(timedelta(minutes=1), timedelta(hours=40)),
    st.timedeltas(timedelta(0), timedelta(hours=40)),
)
def test_waking_hours_add_up_and_end_awake(
    hours: QuietHours, when: tuple[datetime, str], first: timedelta, second: timedelta
) -> None:
    at, zone = when
    over = hours.after_waking(at, first, zone)
    assert over >= hours.delivery(at, zone) + first
    just_before = over - timedelta(microseconds=1)
    assert hours.delivery(just_before, zone) == just_before
    assert hours.after_waking(over, second, zone) == hours.after_waking(at, first + second, zone)
