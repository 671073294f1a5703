"""The message budget (DESIGN §3): how much anybody is written to. Edits of cards don't count. Pure.

What people need to act (an introduction, times, the question how it went) is always sent; what is
only kind to know or a nudge has to leave room for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.models import Role
from domain.view import CardKind

AT_WORST = {Role.MENTEE: 12, Role.MENTOR: 9}
"""Messages in one request; a mentor who was only asked gets the ask and one reminder."""

ONCE_A_DAY = timedelta(days=1)
APART_IN_A_DAY = timedelta(hours=14)
"""Messages so far apart can't fall on one day of a person who sleeps at night."""
UNPROMPTED = frozenset({CardKind.UPDATE, CardKind.FEEDBACK, CardKind.FEEDBACK_REMINDER})
"""Messages to the mentee that no decision of anybody's brings about: one a day."""

_STILL_TO_COME = {
    CardKind.UPDATE: 4,  # introduction, times, session set, how did it go
    CardKind.OPENED_WIDER: 4,
    CardKind.RELEASED: 4,
    CardKind.REMINDER: 4,
    CardKind.HOLD_DUE: 4,
    CardKind.NUDGE: 3,
    CardKind.CHECK_IN: 3,
    CardKind.FEEDBACK_REMINDER: 0,
}
"""Messages that can be left out, and how many must still fit after them."""


def has_room(kind: CardKind, role: Role, sent: int) -> bool:
    """Whether one more message of this kind fits the budget of somebody who had ``sent``."""
    if kind not in _STILL_TO_COME or role not in AT_WORST:
        return True
    return sent + 1 + _STILL_TO_COME[kind] <= AT_WORST[role]


def earliest(
    kind: CardKind, to: str, now: datetime, unprompted: Mapping[str, datetime]
) -> datetime:
    """When an unprompted message to the mentee may go, a day after the one before (UTC)."""
    last = unprompted.get(to)
    if kind not in UNPROMPTED or last is None:
        return now
    return max(now, last + ONCE_A_DAY)
