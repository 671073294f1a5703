"""What somebody is told whose click comes at the wrong time, or is not theirs to make."""

from __future__ import annotations

from domain.base import Decision
from domain.messages import (
    AcceptTime,
    AnotherMentor,
    AskMore,
    Cancel,
    Claim,
    Decline,
    EditHello,
    GiveFeedback,
    Hold,
    KeepWaiting,
    NotDoneYet,
    ProposeTimes,
    Release,
    UndoClaim,
)
from domain.models import Role
from domain.state import RequestState
from domain.view import Notice


def refusal(decision: Decision, state: RequestState) -> Notice | None:
    """The private answer to a decision that no step wanted; None for a harmless repetition."""
    role = state.role_of(decision.by)
    match decision:
        case Claim() | Decline() | Hold():
            return _about_claim(decision, state, role)
        case UndoClaim():
            if role is Role.MENTOR:
                return Notice.TOO_LATE_TO_UNDO
            return None if not state.claim else Notice.NOT_YOURS
        case (
            EditHello()
            | ProposeTimes()
            | AcceptTime()
            | GiveFeedback()
            | NotDoneYet()
            | Release()
            | AnotherMentor()
            | KeepWaiting()
            | AskMore()
            | Cancel()
        ):
            if state.status.is_final:
                return None if isinstance(decision, Cancel) else Notice.CLOSED
            return Notice.NOT_NOW if role else Notice.NOT_YOURS
        case _:
            return Notice.NOT_NOW


def _about_claim(decision: Decision, state: RequestState, role: Role | None) -> Notice | None:
    if role is Role.MENTOR and not state.status.is_final:
        return None if isinstance(decision, Claim) else Notice.NOT_NOW
    if state.status.is_final:
        return Notice.CLOSED
    if isinstance(decision, Decline) and not state.claim:
        return None
    return Notice.TAKEN if state.claim else Notice.NOT_NOW
