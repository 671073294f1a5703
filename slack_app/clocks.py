"""What time it is for a request: its own clock may run ahead of ours, never behind."""

from __future__ import annotations

from datetime import UTC, datetime

from cards.values import FormContext
from domain.view import RequestView


def present(view: RequestView) -> datetime:
    return max(datetime.now(UTC), view.now)


def since_opened(form: FormContext) -> datetime:
    """Now, for a form: no earlier than when it was opened."""
    now = datetime.now(UTC)
    return max(now, form.opened_at or now)
