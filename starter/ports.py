"""What the pages need from the rest of the house."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from clients.queue import Listing
from domain.base import Decision
from domain.matching import Appraisal
from domain.models import Affiliation, Mentor, Person, RequestStart, Service, Skill
from domain.view import CaseFile, RequestDetails, RequestView


class Requests(Protocol):
    """Starts requests, decides about them and looks at them; see ``clients.requests``."""

    async def start(self, start: RequestStart) -> bool: ...

    async def decide(self, request_id: str, decision: Decision) -> None: ...

    async def view(self, request_id: str) -> RequestView: ...

    async def details(self, request_id: str) -> RequestDetails: ...

    async def case(self, request_id: str) -> CaseFile: ...


class Catalog(Protocol):
    """What the records offer; every reader may raise ``records.errors.RecordsAwayError``."""

    async def services(self) -> list[Service]: ...

    async def skills(self) -> list[Skill]: ...

    async def affiliations(self) -> list[Affiliation]: ...

    async def mentors(self) -> list[Mentor]: ...


class Roster(Protocol):
    """The mentors as they stand, and why each (not) for a request; see ``records.roster``."""

    async def mentors(self, now: datetime) -> list[Mentor]: ...

    async def appraise(
        self,
        service: str,
        skills: Sequence[str],
        mentee: str,
        excluded: Collection[str],
        now: datetime,
        *,
        cap_lifted: bool = False,
    ) -> list[tuple[Mentor, Appraisal]]: ...


class Queue(Protocol):
    """The open requests; see ``clients.queue``."""

    async def listed(self, *, now: datetime | None = None) -> Listing: ...


class Coordinators(Protocol):
    """Who is in the coordinators' channel; see ``clients.coordinators``."""

    async def include(self, slack_id: str) -> bool: ...


class Directory(Protocol):
    """Knows who in the Slack workspace has which e-mail address."""

    async def person_by_email(self, email: str) -> Person:
        """Raises: NotAMemberError, DirectoryAwayError (both in ``starter.directory``)."""
        ...


class Sending(Protocol):
    """The sending switch; see ``starter.sending``."""

    async def is_paused(self) -> bool: ...
