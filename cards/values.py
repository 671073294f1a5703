"""What a button or a modal carries with it; written by cards, parsed once by the listeners.

A button's ``value`` may have 2000 characters, a modal's ``private_metadata`` 3000 (Slack).
"""

from datetime import datetime
from typing import Self

from pydantic import Field, field_validator

from domain.base import Instant, Payload
from domain.ids import is_request_id
from domain.models import Role


class _Memory(Payload):
    @classmethod
    def read(cls, text: str) -> Self:
        """Raises: pydantic.ValidationError (a ValueError) for anything that ``write`` didn't."""
        return cls.model_validate_json(text)

    def write(self) -> str:
        return self.model_dump_json()


class RequestRef(_Memory):
    """Which request a button is about."""

    request_id: str

    @field_validator("request_id")
    @classmethod
    def _well_formed(cls, value: str) -> str:
        if not is_request_id(value):
            raise ValueError("not a request id")
        return value


class TimeRef(RequestRef):
    """One time of one proposal."""

    proposal: int = Field(ge=1)
    time: Instant


class WordRef(RequestRef):
    """Somebody's words that were passed on, by number."""

    number: int = Field(ge=1)
    to: str
    """Slack id of the writer."""


class _PerhapsOfRequest(_Memory):
    request_id: str = ""

    @field_validator("request_id")
    @classmethod
    def _well_formed(cls, value: str) -> str:
        if value and not is_request_id(value):
            raise ValueError("not a request id")
        return value


class TalkContext(_PerhapsOfRequest):
    """What the "talk to a coordinator" form remembers; "" for people without a request."""

    channel: str = ""


class RestContext(_PerhapsOfRequest):
    """What a mentor's button for their rest carries, and its form remembers."""

    opened_at: Instant | None = None
    """The mentor's present at that moment; see ``slack_app.clocks``."""
    time_zone: str = ""
    """The clock on which they choose a date (IANA name)."""
    at_home: bool = False
    """Opened from App Home, which is drawn anew afterwards."""

    @classmethod
    def read(cls, text: str) -> Self:
        """A button outside any request carries nothing."""
        return super().read(text or "{}")


class ProfileContext(_Memory):
    """What a mentor's profile remembers while it is open."""

    opened_at: Instant
    signs_up: bool = False
    """They are no mentor yet."""


class FormContext(RequestRef):
    """What an open modal remembers until it is sent."""

    channel: str = ""
    """The conversation that the modal was opened from."""
    opened_at: datetime | None = None
    """The request's own clock at that moment; it may run ahead of the wall clock."""
    role: Role | None = None
    number: int = 0
    """Which of the words that were passed on is being answered."""
    to: str = ""
    """Slack id of whom the form is about: who is answered."""
