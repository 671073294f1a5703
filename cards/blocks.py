"""Block Kit's pieces, as few as we use. Texts come in escaped (see ``cards.text``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from cards.ids import INPUT, Action, Field
from cards.text import spoken

Block = dict[str, Any]
View = dict[str, Any]


class Written(Protocol):
    """What a button or a modal carries with it (``cards.values``)."""

    def write(self) -> str: ...


@dataclass(frozen=True)
class Card:
    """A message: ``text`` is what notifications and screen readers say, ``blocks`` what is seen."""

    text: str
    blocks: list[Block]


def mrkdwn(text: str) -> Block:
    # verbatim: Slack adds no links or mentions of its own to what people typed.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str, *, block_id: str = "", accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if block_id:
        block["block_id"] = block_id
    if accessory:
        block["accessory"] = accessory
    return block


def literal(text: str) -> Block:
    """Somebody's words with no formatting at all."""
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def actions(*buttons: Block, block_id: str = "actions") -> Block:
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def button(
    action: Action,
    label: str,
    value: Written | None = None,
    *,
    style: str = "",
    spoken: str = "",
    confirm: Block | None = None,
) -> Block:
    """``spoken`` is what a screen reader says instead of ``label`` (75 characters)."""
    block: Block = {
        "type": "button",
        "action_id": action.value,
        "text": plain(label),
    }
    if value:
        block["value"] = value.write()
    if style:
        block["style"] = style
    if spoken:
        block["accessibility_label"] = spoken
    if confirm:
        block["confirm"] = confirm
    return block


def confirm(title: str, text: str, *, yes: str, no: str) -> Block:
    """A question before what can't be taken back; the text may have 300 characters (Slack)."""
    return {
        "title": plain(title),
        "text": plain(text),
        "confirm": plain(yes),
        "deny": plain(no),
        "style": "danger",
    }


def divider() -> Block:
    return {"type": "divider"}


def field(
    block_id: Field, label: str, element: Block, *, hint: str = "", optional: bool = False
) -> Block:
    """An input block of a modal; errors are shown at it by ``block_id``."""
    block: Block = {
        "type": "input",
        "block_id": block_id.value,
        "label": plain(label),
        "element": {**element, "action_id": INPUT},
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    return block


def option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}


def card(text: str, *blocks: Block) -> Card:
    return Card(text, list(blocks))


def word(text: str) -> Card:
    """A message that is one sentence or two, and no more."""
    return Card(spoken(text), [section(text)])
