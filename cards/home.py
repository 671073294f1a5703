"""App Home and the other places where Muster says what it is."""

from __future__ import annotations

from cards.blocks import Block, View, context, section
from cards.ids import COMMAND
from cards.text import escape


def home(community: str, form_url: str | None, crisis_line: str) -> View:
    blocks: list[Block] = [
        section(f"*Muster finds you a mentor at {escape(community)}.*"),
        section(
            "Say what you are working on. We ask mentors who know it, and you should hear from one "
            "within a day or two. Then the two of you talk here in Slack."
        ),
        section(where_to_ask(form_url)),
        section(
            "*For mentors:* requests come to you by direct message, each with Claim and “Not this "
            "one”. Both answers help."
        ),
    ]
    if crisis_line:
        blocks.append(context(escape(crisis_line)))
    return {"type": "home", "blocks": blocks}


def where_to_ask(form_url: str | None) -> str:
    """How to ask for a mentor, with the form's address if there is a public one."""
    if form_url:
        return f"<{form_url}|Ask for a mentor>: one short form, about three minutes."
    return "To ask for a mentor, fill in your community's mentor request form on the web."


def typed_reply(form_url: str | None, crisis_line: str) -> str:
    """The answer to somebody who writes to the bot as if it were a person."""
    lines = [
        "Thank you for writing. I am a bot and nobody reads along here, so please use the buttons "
        "on my messages, or write to a coordinator.",
        f"{where_to_ask(form_url)} {COMMAND} shows this, too.",
    ]
    if crisis_line:
        lines.append(escape(crisis_line))
    return "\n".join(lines)
