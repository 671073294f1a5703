"""The request form: what was typed, and whether it is a request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from domain import ids
from domain.models import MAX_DETAILS, MAX_GOAL, Affiliation, Level, Mentor, Service, Skill
from domain.text import one_line, paragraphs, shortened
from starter.offer import Offer

NOT_SURE = "not-sure"
"""What the skills field carries for "not sure yet"."""
MAX_EMAIL = 254
"""Characters in an e-mail address (RFC 5321 by way of RFC 3696's erratum 1690)."""

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


@dataclass(frozen=True)
class Typed:
    """The fields as somebody left them, cleaned but not judged; a form can be drawn from it."""

    submission: str
    email: str = ""
    service: str = ""
    goal: str = ""
    details: str = ""
    skills: tuple[str, ...] = ()
    not_sure: bool = False
    mentor: str = ""
    affiliation: str = ""
    level: str = ""

    @classmethod
    def blank(cls) -> Typed:
        return cls(submission=ids.new_submission())

    @classmethod
    def read(cls, fields: Iterable[tuple[str, str]]) -> Typed:
        """Of a field that came several times the last counts; skills are gathered."""
        pairs = [(name, value) for name, value in fields]
        last = dict(pairs)
        chosen = dict.fromkeys(one_line(value) for name, value in pairs if name == "skills")
        lines = {
            name: one_line(last.get(name, ""))
            for name in ("email", "service", "goal", "mentor", "affiliation", "level")
        }
        return cls(
            submission=last.get("submission", ""),
            details=paragraphs(last.get("details", "")),
            skills=tuple(name for name in chosen if name and name != NOT_SURE),
            not_sure=NOT_SURE in chosen,
            **lines,
        )

    def renewed(self) -> Typed:
        """The same words as a new submission."""
        return replace(self, submission=ids.new_submission())


class Answers(BaseModel):
    """A form that holds a request. Validated with the ``Offer`` as context."""

    email: str
    service: Service
    goal: str
    details: str
    skills: list[Skill]
    """Empty means "not sure yet"."""
    mentor: Mentor | None = Field(description="the one the mentee would like, if any")
    affiliation: Affiliation | None
    level: Level | None

    @field_validator("email")
    @classmethod
    def _address(cls, typed: str) -> str:
        if not typed:
            raise _wrong("Enter the e-mail that you sign in to Slack with.")
        if len(typed) > MAX_EMAIL or not _EMAIL.fullmatch(typed):
            raise _wrong("Enter a whole e-mail address, like name@example.com.")
        return typed

    @field_validator("service", mode="plain")
    @classmethod
    def _offered(cls, typed: str, info: ValidationInfo) -> Service:
        if not typed:
            raise _wrong("Choose what would help you.")
        if service := _offer(info).service(typed):
            return service
        raise _wrong(f"“{shortened(typed)}” is not offered. Choose one of these.")

    @field_validator("goal")
    @classmethod
    def _short(cls, typed: str) -> str:
        if not typed:
            raise _wrong("Write your goal in one line.")
        return _at_most(MAX_GOAL, typed, "Put the rest into the details.")

    @field_validator("details")
    @classmethod
    def _told(cls, typed: str) -> str:
        if not typed:
            raise _wrong("Tell your mentor a little more: two sentences are enough.")
        return _at_most(MAX_DETAILS, typed, "Shorten it; you can say the rest in Slack.")

    @field_validator("skills", mode="plain")
    @classmethod
    def _known(cls, typed: Iterable[str], info: ValidationInfo) -> list[Skill]:
        found: dict[str, Skill] = {}
        for name in typed:
            skill = _offer(info).skill(name)
            if skill is None:
                raise _wrong(
                    f"We don’t have a skill called “{shortened(name)}”. "
                    "Choose from the list, or “Not sure yet”."
                )
            found[skill.name] = skill
        return list(found.values())

    @field_validator("mentor", mode="plain")
    @classmethod
    def _with_room(cls, typed: str, info: ValidationInfo) -> Mentor | None:
        if not typed:
            return None
        if mentor := _offer(info).mentor(typed):
            return mentor
        if mentor := _offer(info).known_mentor(typed):
            raise _wrong(
                f"{mentor.name} can’t take anyone new right now. "
                "Choose someone else, or “Anyone who fits”."
            )
        raise _wrong("We don’t know this mentor. Choose one from the list, or “Anyone who fits”.")

    @field_validator("affiliation", mode="plain")
    @classmethod
    def _listed(cls, typed: str, info: ValidationInfo) -> Affiliation | None:
        affiliation = _offer(info).affiliation(typed)
        if typed and affiliation is None:
            raise _wrong(f"“{shortened(typed)}” is not in our list. Choose one of these.")
        return affiliation

    @field_validator("level", mode="plain")
    @classmethod
    def _reached(cls, typed: str) -> Level | None:
        level = Level(typed) if typed else None
        if level is Level.UNKNOWN:
            raise _wrong(f"“{shortened(typed)}” is not in our list. Choose one of these.")
        return level


def check(typed: Typed, offer: Offer) -> tuple[Answers | None, dict[str, str]]:
    """The answers, or what is wrong by field; fields in the order of the form."""
    fields: Mapping[str, object] = {name: getattr(typed, name) for name in Answers.model_fields}
    try:
        return Answers.model_validate(fields, context=offer), {}
    except ValidationError as error:
        return None, {str(issue["loc"][0]): issue["msg"] for issue in error.errors()}


def _offer(info: ValidationInfo) -> Offer:
    return cast(Offer, info.context)


def _at_most(limit: int, typed: str, advice: str) -> str:
    if len(typed) > limit:
        raise _wrong(f"This has {len(typed):,} characters; {limit:,} is the most. {advice}")
    return typed


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("typed", "{message}", {"message": message})
