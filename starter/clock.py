"""Moments in words: 24 hours, in the reader's own zone, and the zone is always named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup


def moment(at: datetime, zone: str) -> Markup:
    """E.g. ``<time …>Thursday 12 March, 19:00 (New York time)</time>``; UTC for no known zone."""
    there, name = _local(at, zone)
    return Markup('<time datetime="{}">{}</time>').format(
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"), f"{_day(there)}, {there:%H:%M} ({name})"
    )


def day(at: datetime, zone: str) -> Markup:
    """E.g. ``<time …>Thursday 12 March</time>``."""
    there, _ = _local(at, zone)
    return Markup('<time datetime="{}">{}</time>').format(f"{there:%Y-%m-%d}", _day(there))


def span(length: timedelta) -> str:
    """E.g. "7 days", "48 hours" or "90 minutes": whole units, the largest that has no remainder."""
    minutes = round(length.total_seconds() / 60)
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        # Up to two days people say hours: "within 48 hours".
        if minutes % size == 0 and minutes >= size and (unit != "day" or minutes > 2 * size):
            return _counted(minutes // size, unit)
    return _counted(minutes, "minute")


def local(at: datetime, zone: str) -> datetime | None:
    """The moment on a wall clock there; None for no zone or one that this machine doesn't know."""
    try:
        return at.astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _local(at: datetime, zone: str) -> tuple[datetime, str]:
    there = None if zone in ("UTC", "Etc/UTC") else local(at, zone)
    return (there, _zone_name(zone, there)) if there else (at.astimezone(UTC), "UTC")


def _zone_name(zone: str, there: datetime) -> str:
    area, _, place = zone.rpartition("/")
    if not area or area == "Etc":
        return there.tzname() or zone
    return place.replace("_", " ") + " time"


def _day(there: datetime) -> str:
    return f"{there:%A} {there.day} {there:%B}"
