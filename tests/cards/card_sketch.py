"""A card or a modal as plain text, for people who review snapshots."""

from __future__ import annotations

import json
import re
from typing import Any

from cards import Card

Block = dict[str, Any]


def sketch(card: Card) -> str:
    return "\n".join([f"spoken: {card.text}", *_lines(card.blocks)])


def sketch_view(view: Block) -> str:
    buttons = [view[key]["text"] for key in ("submit", "close") if key in view]
    title = view["title"]["text"] if "title" in view else view["type"]
    return "\n".join([f"== {title} ==", *_lines(view["blocks"]), f"== {' | '.join(buttons)} =="])


def strings(value: Any) -> list[str]:
    """Every string anywhere in a card."""
    if isinstance(value, Card):
        return [value.text, *strings(value.blocks)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def buttons(card: Card) -> list[Block]:
    found = []
    for block in card.blocks:
        found += [e for e in block.get("elements", []) if e["type"] == "button"]
        found += [block["accessory"]] if "accessory" in block else []
    return found


def labels(card: Card) -> list[str]:
    return [button["text"]["text"] for button in buttons(card)]


def _lines(blocks: list[Block]) -> list[str]:
    return [line for block in blocks for line in _block(block)]


def _block(block: Block) -> list[str]:
    match block["type"]:
        case "section":
            accessory = f"  {_button(block['accessory'])}" if "accessory" in block else ""
            return [f"{_stable(block['text']['text'])}{accessory}"]
        case "context":
            return [f"({_stable(element['text'])})" for element in block["elements"]]
        case "actions":
            return ["  ".join(_button(button) for button in block["elements"])]
        case "input":
            return [_input(block)]
        case "divider":
            return ["---"]
    raise AssertionError(f"nobody has drawn a {block['type']} yet")


def _button(button: Block) -> str:
    marks = "!" if "confirm" in button else ""
    spoken = f" ({button['accessibility_label']})" if "accessibility_label" in button else ""
    return f"[{button['text']['text']}{marks}]{spoken}"


def _input(block: Block) -> str:
    element = block["element"]
    optional = ", optional" if block["optional"] else ""
    initial = next((f" = {v}" for k, v in element.items() if k.startswith("initial")), "")
    options = [option["text"]["text"] for option in element.get("options", [])]
    choice = f" {json.dumps(options, ensure_ascii=False)}" if options else ""
    hint = f"  ({block['hint']['text']})" if "hint" in block else ""
    return f"{block['label']['text']}: <{element['type']}{optional}>{choice}{initial}{hint}"


def _stable(text: str) -> str:
    """Without the signature of links."""
    return re.sub(r"/requests/[\w.-]+", "/requests/TOKEN", text)
