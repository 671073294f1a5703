"""Coordinators may reword what Muster says; what is broken falls back to the bundled sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Protocol

from cards.sentences import SENTENCES, Sentence
from cards.text import MAX_SECTION, clean

MAX_TEXT = 1500
"""Characters of one reworded message."""
MAX_SAID = MAX_SECTION - 200
"""With everything filled in; a line of ours may follow in the same section."""

_EVERYBODY = re.compile(r"@(channel|here|everyone)\b", re.IGNORECASE)
_SPECIAL = re.compile(r"<!(?!date\^\d)")
"""``<!channel>``, ``<!here>``, ``<!everyone>``, ``<!subteam^…>``: all but a written date."""


class Say(Protocol):
    """Says one message. Values are mrkdwn: escaped by the caller."""

    def __call__(self, key: str, /, **values: str) -> str: ...


class Wording:
    """All messages: the bundled ones, and in their place what coordinators have reworded."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        """Args: overrides: rows of the Message Text table, key to text."""
        self.problems: dict[str, str] = {}
        """By key, why a row is not used: for one alert."""
        self._own: dict[str, str] = {}
        for key, text in overrides.items():
            if why := problem(key.strip(), text):
                self.problems[key] = why
            else:
                self._own[key.strip()] = clean(text)

    def say(self, key: str, /, **values: str) -> str:
        """The message with its placeholders filled in."""
        said = self._own.get(key, "").format_map(values)
        if said and len(said) <= MAX_SAID:
            return said
        return SENTENCES[key].text.format_map(values)


def problem(key: str, text: str) -> str | None:
    """Why this row can't be used; None when it can."""
    sentence = SENTENCES.get(key)
    if sentence is None:
        return "no message has this key"
    if not clean(text):
        return "it is empty"
    if len(text) > MAX_TEXT:
        return f"it has {len(text)} characters, and {MAX_TEXT} are the most"
    if _EVERYBODY.search(text) or _SPECIAL.search(text):
        return "it would call everybody in the channel"
    return _misused_placeholder(text, sentence)


def _misused_placeholder(text: str, sentence: Sentence) -> str | None:
    try:
        fields = [field for field in Formatter().parse(text) if field[1] is not None]
    except ValueError:
        return "a { or } stands alone; write {{ or }} for a brace in the text"
    for _, name, spec, conversion in fields:
        if name not in sentence.placeholders or spec or conversion:
            whole = f"{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}"
            known = ", ".join(f"{{{one}}}" for one in sentence.placeholders) or "none"
            return f"{{{whole}}} can't be filled in here; what can: {known}"
    used = {name for _, name, _, _ in fields}
    if missing := [name for name in sentence.needs if name not in used]:
        return f"{{{missing[0]}}} is missing, so readers would miss a fact"
    return None


DEFAULT = Wording({})
"""The bundled sentences."""


class Reworded:
    """The messages as coordinators have them now; read anew whenever something is to be said."""

    def __init__(
        self, texts: Callable[[], Mapping[str, str]], alert: Callable[[str, str], None]
    ) -> None:
        """Args:
        texts: the rows of the Message Text table as far as they are known.
        alert: is told of a row that can't be used: its key, and the line for the log.
        """
        self._texts = texts
        self._alert = alert
        self._known: Mapping[str, str] = {}
        self._wording = DEFAULT

    def __call__(self) -> Wording:
        texts = self._texts()
        if texts != self._known:
            self._known, self._wording = texts, Wording(texts)
        for key, why in self._wording.problems.items():
            line = f"Message Text: the row {key!r} is not used: {why}. Its bundled text is said."
            self._alert(key, line)
        return self._wording
