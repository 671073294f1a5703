"""Moments in words: 24 hours, in the reader's own zone, and the zone is always named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup


def moment(at: datetime, zone: str) -> Markup:
    """E.g. ``<time …>Thursday 12 March, 19:00 (New York time)</time>``; UTC for no known zone."""
    local, name = _local(at, zone)
    return Markup('<time datetime="{}">{}</time>').format(
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"), f"{_day(local)}, {local:%H:%M} ({name})"
    )


def day(at: datetime, zone: str) -> Markup:
    """E.g. ``<time …>Thursday 12 March</time>``."""
    local, _ = _local(at, zone)
    return Markup('<time datetime="{}">{}</time>').format(f"{local:%Y-%m-%d}", _day(local))


def span(length: timedelta) -> str:
    """E.g. "7 days", "48 hours" or "90 minutes": whole units, the largest that has no remainder."""
    minutes = round(length.total_seconds() / 60)
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        # Up to two days people say hours: "within 48 hours".
        if minutes % size == 0 and minutes >= size and (unit != "day" or minutes > 2 * size):
            return _counted(minutes // size, unit)
    return _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _local(at: datetime, zone: str) -> tuple[datetime, str]:
    if zone and zone not in ("UTC", "Etc/UTC"):
        try:
            local = at.astimezone(ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a zone this machine does not know
            pass
        else:
            return local, _zone_name(zone, local)
    return at.astimezone(UTC), "UTC"


def _zone_name(zone: str, local: datetime) -> str:
    area, _, place = zone.rpartition("/")
    if not area or area == "Etc":
        return local.tzname() or zone
    return place.replace("_", " ") + " time"


def _day(local: datetime) -> str:
    return f"{local:%A} {local.day} {local:%B}"
