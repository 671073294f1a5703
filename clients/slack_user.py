"""A user as Slack's Web API describes them, read into a person, or into an account with more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.models import Person
from domain.text import one_line


def read_person(user: dict[str, Any]) -> Person:
    """By the name they chose to show, else their real one, else their handle.

    Raises: KeyError for what is no user.
    """
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    name = next((one_line(name) for name in names if name and one_line(name)), "")
    return Person(
        slack_id=str(user["id"]),
        name=name or str(user.get("name") or ""),
        time_zone=str(user.get("tz") or ""),
    )


@dataclass(frozen=True)
class Account:
    """Somebody's account: what a mentor's row keeps of it. "" for what Slack does not say."""

    person: Person
    full_name: str = ""
    handle: str = ""
    email: str = ""
    """Only with the scope ``users:read.email``."""


def read_account(user: dict[str, Any]) -> Account:
    """Raises: KeyError for what is no user."""
    profile = user.get("profile") or {}
    return Account(
        person=read_person(user),
        full_name=one_line(str(profile.get("real_name") or user.get("real_name") or "")),
        handle=str(user.get("name") or ""),
        email=str(profile.get("email") or ""),
    )
