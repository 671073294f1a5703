"""Slack's interaction payloads, read once into the few things that listeners need."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self, TypeVar

from pydantic import ValidationError

from cards.ids import INPUT, Field
from cards.values import FormContext
from domain.text import paragraphs
from slack_app.refusals import MalformedError, OutdatedError

Body = dict[str, Any]

_WHOLE = re.compile(r"-?[0-9]{1,4}")


class _Readable(Protocol):
    """What a button or a form carries (``cards.values``)."""

    @classmethod
    def read(cls, text: str) -> Self: ...


_Ref = TypeVar("_Ref", bound=_Readable)


@dataclass(frozen=True)
class Actor:
    """Who acts, and the act: known again when Slack sends it twice."""

    user: str
    handle: str
    """Slack's user name, for when nothing better is known."""
    trigger_id: str
    channel: str
    """Conversation id; "" for what is done in a modal or App Home."""
    view: Body
    """The modal or App Home in which it is done, {} for a message."""

    @classmethod
    def read(cls, body: Body) -> Actor:
        """Raises: MalformedError."""
        with _expected_shape():
            user = body["user"]
            return cls(
                user=str(user["id"]),
                handle=str(user.get("name") or user.get("username") or ""),
                trigger_id=str(body.get("trigger_id") or ""),
                channel=conversation(body),
                view=dict(body.get("view") or {}),
            )

    @property
    def act(self) -> str:
        """The same for each delivery of one click, another for the next click."""
        return hashlib.sha256(f"{self.user}/{self.trigger_id}".encode()).hexdigest()[:24]

    @property
    def in_modal(self) -> bool:
        return self.view.get("type") == "modal"

    @property
    def at_home(self) -> bool:
        return self.view.get("type") == "home"


@dataclass(frozen=True)
class Click:
    """A pressed button (``block_actions``)."""

    action: str
    value: str
    by: Actor

    @classmethod
    def read(cls, body: Body) -> Click:
        """Raises: MalformedError."""
        with _expected_shape():
            action = body["actions"][0]
            return cls(
                action=str(action["action_id"]),
                value=action.get("value") or "",
                by=Actor.read(body),
            )

    @property
    def user(self) -> str:
        return self.by.user

    @property
    def channel(self) -> str:
        return self.by.channel

    def about(self, ref: type[_Ref]) -> _Ref:
        """What the button carries. Raises: OutdatedError."""
        return _read(ref, self.value)


@dataclass(frozen=True)
class Submission:
    """A modal that was sent (``view_submission``)."""

    by: Actor
    values: dict[str, Any]
    memory: str
    """What the modal remembers, as it was written."""

    @classmethod
    def read(cls, body: Body) -> Submission:
        """Raises: MalformedError."""
        with _expected_shape():
            view = body["view"]
            return cls(
                by=Actor.read(body),
                values=dict(view["state"]["values"]),
                memory=view.get("private_metadata") or "",
            )

    @property
    def user(self) -> str:
        return self.by.user

    @property
    def form(self) -> FormContext:
        """Raises: OutdatedError."""
        return self.about(FormContext)

    def about(self, ref: type[_Ref]) -> _Ref:
        """What the modal remembers. Raises: OutdatedError."""
        return _read(ref, self.memory)

    def text(self, field: Field) -> str:
        """What was typed, as the request form keeps it: "" when nothing in it can be seen."""
        with _expected_shape():
            return paragraphs(self._element(field).get("value") or "")

    def choice(self, field: Field, element: str = INPUT) -> str:
        """The value of the chosen option, "" for none."""
        with _expected_shape():
            chosen = self._element(field, element).get("selected_option") or {}
            return str(chosen.get("value") or "")

    def choices(self, field: Field, element: str = INPUT) -> list[str]:
        """The values of all chosen options."""
        with _expected_shape():
            chosen = self._element(field, element).get("selected_options") or []
            return [str(one["value"]) for one in chosen]

    def number(self, field: Field) -> int | None:
        """A whole number, None for anything else."""
        with _expected_shape():
            typed = str(self._element(field).get("value") or "").strip()
        return int(typed) if _WHOLE.fullmatch(typed) else None

    def date(self, field: Field) -> dt.date | None:
        with _expected_shape():
            day = self._element(field).get("selected_date")
            return dt.date.fromisoformat(day) if day else None

    def time(self, field: Field) -> dt.time | None:
        """A time of day, on nobody's clock in particular."""
        with _expected_shape():
            clock = self._element(field).get("selected_time")
            return dt.time.fromisoformat(clock) if clock else None

    def moment(self, field: Field) -> datetime | None:
        with _expected_shape():
            seconds = self._element(field).get("selected_date_time")
            return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def _element(self, field: Field, element: str = INPUT) -> dict[str, Any]:
        return dict(self.values.get(field, {}).get(element) or {})


@dataclass(frozen=True)
class Search:
    """What was typed into a searchable list (``block_suggestion``) of a form."""

    by: Actor
    typed: str

    @classmethod
    def read(cls, body: Body) -> Search:
        """Raises: MalformedError."""
        return cls(by=Actor.read(body), typed=str(body.get("value") or ""))

    @property
    def form(self) -> FormContext:
        """Raises: OutdatedError."""
        return _read(FormContext, self.by.view.get("private_metadata") or "")


_OBJECTS = ("user", "team", "channel", "container", "message", "view", "event")
_KNOWN = ("event_callback", "block_actions", "view_submission", "view_closed", "block_suggestion")


def check_shape(body: object) -> None:
    """What Bolt takes for granted of everything that Slack signs.

    Raises: MalformedError.
    """
    if not isinstance(body, dict):
        raise MalformedError
    if any(not isinstance(body[key] or {}, dict) for key in _OBJECTS if key in body):
        raise MalformedError
    match body:
        case {"type": "event_callback", "event": {"type": str()}}:
            pass
        case {
            "type": "block_actions",
            "user": {"id": str()},
            "actions": [{"action_id": str()}, *_],
        }:
            pass
        case {
            "type": "view_submission" | "view_closed",
            "user": {"id": str()},
            "view": {"type": str(), "callback_id": str()},
        }:
            pass
        case {"type": "block_suggestion", "user": {"id": str()}, "action_id": str()}:
            pass
        case {"type": kind} if kind in _KNOWN:
            raise MalformedError


def conversation(body: Body) -> str:
    """Where something was pressed, "" where that is no conversation."""
    channel, container = body.get("channel") or {}, body.get("container") or {}
    return str(channel.get("id") or container.get("channel_id") or "")


def first_input(body: Body) -> str | None:
    """The block at which a modal can show a word about the whole of it."""
    blocks = (body.get("view") or {}).get("blocks") or []
    return next((block["block_id"] for block in blocks if block.get("type") == "input"), None)


def what(body: Body) -> str:
    """What was being done, by the names in the code; never what somebody wrote."""
    match body:
        case {"type": "block_actions", "actions": [{"action_id": action_id}, *_]}:
            return f"action {action_id}"
        case {"type": "view_submission", "view": {"callback_id": callback_id}}:
            return f"form {callback_id}"
        case {"type": "block_suggestion", "action_id": action_id}:
            return f"search {action_id}"
        case {"type": "event_callback", "event": {"type": event_type}}:
            return f"event {event_type}"
        case {"command": command}:
            return f"command {command}"
    return "a request from Slack"


@contextmanager
def _expected_shape() -> Iterator[None]:
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise MalformedError from error


def _read(ref: type[_Ref], text: str) -> _Ref:
    try:
        return ref.read(text)
    except ValidationError:
        raise OutdatedError from None
