"""Writes docs/messages.md: ``python -m cards.messages_page > docs/messages.md``."""

from __future__ import annotations

import sys

from cards.sentences import SENTENCES, Sentence
from cards.wording import MAX_TEXT

ABOUT = f"""\
# What Muster says, and how to reword it

Coordinators may reword the messages below. In Airtable's table **Message Text** add a row: its
*Key* as it stands here, its *Text* as you want it. It is used within a quarter of an hour, in new
messages and wherever a card is drawn anew.

- Names in braces are filled in. You may use those of the message in any order; those printed
  **bold** must stay, because the reader would miss a fact without them.
- Slack's formatting works: `*bold*`, `_italic_`, links as `<https://example.org|words>`.
- A row can't be used when it is empty, longer than {MAX_TEXT:,} characters, would call everybody
  (`@channel`, `@here`, `@everyone`), or has a name in braces that the message doesn't know. Then,
  and where there is no row, the sentence below is used; the log says which row is broken, and why.
- Buttons, forms, coordinators' own cards and most private answers to a click stay as they are.

This page is generated: `python -m cards.messages_page > docs/messages.md`

| Key | When it is read | Text | To fill in |
|---|---|---|---|
"""


def page() -> str:
    return ABOUT + "".join(_row(key, sentence) for key, sentence in SENTENCES.items())


def _row(key: str, sentence: Sentence) -> str:
    text = "<br>".join(f"`{line}`" for line in sentence.text.split("\n"))
    names = ", ".join(
        f"**{{{name}}}**" if name in sentence.needs else f"{{{name}}}"
        for name in sentence.placeholders
    )
    return f"| `{key}` | {sentence.where} | {text} | {names} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())
