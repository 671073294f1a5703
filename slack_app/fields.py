"""What is looked at in several forms; what is wrong is said at its field."""

from __future__ import annotations

from cards.ids import Field
from slack_app.payloads import Submission
from slack_app.refusals import FormError


def required(sent: Submission, field: Field, longest: int, *, empty: str) -> str:
    """Typed words. Raises: FormError."""
    if not (text := sent.text(field)):
        raise FormError({field: empty})
    check_length(text, field, longest)
    return text


def optional(sent: Submission, field: Field, longest: int) -> str:
    """Typed words, "" for none. Raises: FormError."""
    text = sent.text(field)
    check_length(text, field, longest)
    return text


def check_length(text: str, field: Field, longest: int) -> None:
    if len(text) > longest:
        raise FormError(
            {field: f"Please shorten this to {longest} characters; it has {len(text)} now."}
        )
