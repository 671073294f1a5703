"""What all modals have in common."""

from __future__ import annotations

from cards.blocks import Block, View, Written, plain
from cards.ids import Callback


def modal(
    callback: Callback,
    title: str,
    blocks: list[Block],
    *,
    submit: str = "",
    form: Written | None = None,
) -> View:
    """One modal; ``title`` and ``submit`` may have 24 characters (Slack)."""
    view: View = {
        "type": "modal",
        "callback_id": callback.value,
        "title": plain(title),
        "close": plain("Cancel" if submit else "Close"),
        "blocks": blocks,
    }
    if submit:
        view["submit"] = plain(submit)
    if form:
        view["private_metadata"] = form.write()
    return view


def written(most: int, *, initial: str = "", hint: str = "") -> Block:
    """A field for several lines of text."""
    element: Block = {"type": "plain_text_input", "multiline": True, "max_length": most}
    if initial:
        element["initial_value"] = initial[:most]
    if hint:
        element["placeholder"] = plain(hint)
    return element
