"""Slack's interaction payloads, read once into the few things that listeners need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from cards.ids import INPUT, Field
from cards.values import FormContext, RequestRef
from domain.text import paragraphs
from slack_app.refusals import OutdatedError

Body = dict[str, Any]

_Ref = TypeVar("_Ref", bound=RequestRef)


@dataclass(frozen=True)
class Click:
    """A pressed button (``block_actions``)."""

    action: str
    user: str
    channel: str
    """Conversation id; "" for a button in a modal or App Home."""
    trigger_id: str
    value: str

    @classmethod
    def read(cls, body: Body) -> Click:
        action = body["actions"][0]
        return cls(
            action=action["action_id"],
            user=body["user"]["id"],
            channel=conversation(body),
            trigger_id=body.get("trigger_id", ""),
            value=action.get("value") or "",
        )

    def about(self, ref: type[_Ref]) -> _Ref:
        """What the button carries. Raises: OutdatedError."""
        return _read(ref, self.value)


@dataclass(frozen=True)
class Submission:
    """A modal that was sent (``view_submission``)."""

    user: str
    form: FormContext
    values: dict[str, Any]

    @classmethod
    def read(cls, body: Body) -> Submission:
        """Raises: OutdatedError."""
        return cls(
            user=body["user"]["id"],
            form=_read(FormContext, body["view"].get("private_metadata") or ""),
            values=body["view"]["state"]["values"],
        )

    def text(self, field: Field) -> str:
        """What was typed, as the request form keeps it: "" when nothing in it can be seen."""
        return paragraphs(self._element(field).get("value") or "")

    def choice(self, field: Field) -> str:
        """The value of the chosen option, "" for none."""
        return (self._element(field).get("selected_option") or {}).get("value") or ""

    def moment(self, field: Field) -> datetime | None:
        seconds = self._element(field).get("selected_date_time")
        return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def _element(self, field: Field) -> dict[str, Any]:
        element: dict[str, Any] = self.values.get(field, {}).get(INPUT, {})
        return element


def conversation(body: Body) -> str:
    """Where a button was pressed, "" where that is no conversation."""
    channel = body.get("channel") or {}
    return str(channel.get("id") or (body.get("container") or {}).get("channel_id") or "")


def first_input(body: Body) -> str | None:
    """The block at which a modal can show a word about the whole of it."""
    blocks = (body.get("view") or {}).get("blocks") or []
    return next((block["block_id"] for block in blocks if block.get("type") == "input"), None)


def _read(ref: type[_Ref], text: str) -> _Ref:
    try:
        return ref.read(text)
    except ValidationError:
        raise OutdatedError from None
