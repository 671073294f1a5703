"""The ground that every payload stands on."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("must say its time zone")
    try:
        return value if value.tzinfo is UTC else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must lie between the years 1 and 9999 in UTC") from None


Instant = Annotated[datetime, AfterValidator(_in_utc)]
"""A moment that was said with its time zone, kept in UTC; all with one zone object, which makes
comparing them fast."""


class Payload(BaseModel):
    """A model that travels through Temporal and may lie in a history for months.

    New fields need a default and unknown fields are ignored, so that a worker of any release can
    read what another release wrote.
    """

    model_config = ConfigDict(extra="ignore")


class TolerantEnum(StrEnum):
    """A StrEnum that reads a value it does not know as ``UNKNOWN`` instead of failing."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get("UNKNOWN")


class Decision(Payload):
    """Something somebody decided. ``by`` is their Slack id."""

    signal: ClassVar[str]
    """The name of the signal, or for a coordinator's order of the update, that brings it."""
    by: str
    channel: str = ""
    """The conversation they acted in, so that they can be answered privately there."""
