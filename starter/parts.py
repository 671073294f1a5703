"""What the handlers work with, found in the application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from domain.links import Links
from domain.models import Person
from domain.policy import EscalationPolicy
from starter.ports import Catalog, Coordinators, Directory, Queue, Requests, Roster, Sending


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    requests: Requests
    directory: Directory
    catalog: Catalog
    roster: Roster
    queue: Queue
    coordinators: Coordinators
    links: Links
    policy: EscalationPolicy
    sending: Sending
    rota: Sequence[Person] = ()
    now: Callable[[], datetime] = utc_now


PARTS = web.AppKey("PARTS", Parts)
