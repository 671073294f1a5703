"""What can be chosen in the roster's filters: what the mentors have, and what is set now. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.models import Service
from domain.queue import QueueEntry
from starter.roster_filters import AWAKE, NO_ZONE, PLACED, ROOM, SEEN, SORTS, Filters
from starter.roster_words import STATES, Entry

Option = tuple[str, str]
"""What stands in the address, and what people read."""


@dataclass(frozen=True)
class Choices:
    services: list[Option]
    statuses: list[Option]
    room: list[Option]
    seen: list[Option]
    areas: list[Option]
    zones: list[Option]
    requests: list[Option]
    sorts: list[Option]


def choices(
    entries: Sequence[Entry],
    services: Iterable[Service],
    queue: Iterable[QueueEntry] | None,
    filters: Filters,
) -> Choices:
    """The lists, each with what is set now, also where nobody has it (any more)."""
    states = Counter(entry.state for entry in entries)
    zones = Counter(entry.mentor.time_zone for entry in entries if entry.mentor.time_zone)
    areas: Counter[str] = Counter()
    for zone, number in zones.items():
        if "/" in zone:
            areas[zone.partition("/")[0] + "/"] += number
    without = sum(not entry.mentor.time_zone for entry in entries)
    where = [
        (AWAKE, "Awake now"),
        *((area, f"{area.rstrip('/')} ({number})") for area, number in sorted(areas.items())),
        *([(NO_ZONE, f"Not known ({without})")] if without else []),
    ]
    by_zone = [
        (zone, f"{zone.replace('_', ' ')} ({number})") for zone, number in sorted(zones.items())
    ]
    is_zone = "/" in filters.zone.rstrip("/")
    others = sorted(states.keys() - set(STATES))
    return Choices(
        services=_with(filters.service, [(one.name, one.name) for one in services]),
        statuses=_with(
            filters.status, [(state, f"{state} ({states[state]})") for state in (*STATES, *others)]
        ),
        room=list(ROOM.items()),
        seen=list(SEEN.items()),
        areas=where if is_zone else _with(filters.zone, where, but=zones.keys()),
        zones=_with(filters.zone, by_zone) if is_zone else by_zone,
        requests=_with(filters.request, [(one.request_id, _named(one)) for one in queue or ()]),
        sorts=[option for option in SORTS.items() if option[0] != PLACED or filters.request],
    )


def _named(entry: QueueEntry) -> str:
    """Never by what its mentee wrote."""
    return f"{entry.request_id} · {entry.service} · {entry.status.value}"


def _with(chosen: str, options: list[Option], *, but: Iterable[str] = ()) -> list[Option]:
    known = {value for value, _ in options} | set(but)
    return options if not chosen or chosen in known else [*options, (chosen, chosen)]
