"""Typed text made fit to keep: nothing visible is changed, nothing invisible does harm."""

from __future__ import annotations

import re
import unicodedata

# Embeddings, overrides and isolates can turn round the text that follows them on somebody else's
# screen; right-to-left scripts read well without them (dir="auto").
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def paragraphs(text: str) -> str:
    """Several lines: line breaks become ``\\n``, control characters go, ends are trimmed.

    So do halves of surrogate pairs: JSON can carry them, UTF-8 can't.
    """
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        character
        for character in unified.replace("\t", " ")
        if character == "\n"
        or (unicodedata.category(character) not in ("Cc", "Cs") and character not in _BIDI_CONTROLS)
    )
    return kept.strip() if _has_ink(kept) else ""


def one_line(text: str) -> str:
    """A single line: any run of white space becomes one space."""
    return re.sub(r"\s+", " ", paragraphs(text))


def shortened(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _has_ink(text: str) -> bool:
    """Whether anything can be seen: zero-width characters alone are as good as nothing."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)
