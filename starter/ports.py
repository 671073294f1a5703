"""What the pages need from the rest of the house."""

from __future__ import annotations

from typing import Protocol

from domain.base import Decision
from domain.models import Affiliation, Mentor, Person, RequestStart, Service, Skill
from domain.view import RequestDetails, RequestView


class Requests(Protocol):
    """Starts requests, decides about them and looks at them; see ``clients.requests``."""

    async def start(self, start: RequestStart) -> bool: ...

    async def decide(self, request_id: str, decision: Decision) -> None: ...

    async def view(self, request_id: str) -> RequestView: ...

    async def details(self, request_id: str) -> RequestDetails: ...


class Catalog(Protocol):
    """What the records offer; every reader may raise ``records.errors.RecordsAwayError``."""

    async def services(self) -> list[Service]: ...

    async def skills(self) -> list[Skill]: ...

    async def affiliations(self) -> list[Affiliation]: ...

    async def mentors(self) -> list[Mentor]: ...


class Directory(Protocol):
    """Knows who in the Slack workspace has which e-mail address."""

    async def person_by_email(self, email: str) -> Person:
        """Raises: NotAMemberError, DirectoryAwayError (both in ``starter.directory``)."""
        ...


class Sending(Protocol):
    """The sending switch; see ``starter.sending``."""

    async def is_paused(self) -> bool: ...
