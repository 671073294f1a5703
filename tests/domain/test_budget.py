"""How much anybody is written to in one request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import budget
from domain.models import Role
from domain.view import CardKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RILEY = "U0RILEY"


def test_at_worst_the_mentee_gets_twelve_messages_and_the_mentor_nine() -> None:
    assert budget.AT_WORST == {Role.MENTEE: 12, Role.MENTOR: 9}


@pytest.mark.parametrize("kind", [CardKind.RELEASED, CardKind.UPDATE, CardKind.OPENED_WIDER])
def test_what_is_kind_to_know_leaves_the_mentee_room_for_a_whole_match(kind: CardKind) -> None:
    """Introduction, times, session, how did it go: four must still fit."""
    fits = [sent for sent in range(13) if budget.has_room(kind, Role.MENTEE, sent)]
    assert max(fits) + 1 + 4 == budget.AT_WORST[Role.MENTEE]


@pytest.mark.parametrize(("kind", "more"), [(CardKind.NUDGE, 3), (CardKind.CHECK_IN, 3)])
def test_a_nudge_leaves_the_mentor_room_for_times_session_and_feedback(
    kind: CardKind, more: int
) -> None:
    fits = [sent for sent in range(13) if budget.has_room(kind, Role.MENTOR, sent)]
    assert max(fits) + 1 + more == budget.AT_WORST[Role.MENTOR]


@pytest.mark.parametrize(
    "kind",
    [CardKind.INTRODUCTION, CardKind.SESSION_SET, CardKind.FEEDBACK, CardKind.ANSWER],
)
def test_what_people_need_to_act_is_always_sent(kind: CardKind) -> None:
    assert budget.has_room(kind, Role.MENTEE, 100)
    assert budget.has_room(kind, Role.MENTOR, 100)


def test_a_reminder_of_feedback_is_the_last_thing_that_may_fill_the_budget() -> None:
    reminder = CardKind.FEEDBACK_REMINDER
    assert budget.has_room(reminder, Role.MENTEE, 11)
    assert not budget.has_room(reminder, Role.MENTEE, 12)


def test_the_mentee_is_written_to_unprompted_once_a_day() -> None:
    before = {RILEY: NOON - timedelta(hours=6)}
    assert budget.earliest(CardKind.UPDATE, RILEY, NOON, before) == NOON + timedelta(hours=18)
    assert budget.earliest(CardKind.UPDATE, RILEY, NOON, {}) == NOON
    long_ago = {RILEY: NOON - timedelta(days=3)}
    assert budget.earliest(CardKind.FEEDBACK, RILEY, NOON, long_ago) == NOON
    assert budget.earliest(CardKind.UPDATE, "U0SAM", NOON, before) == NOON, "each their own day"


@pytest.mark.parametrize("kind", [CardKind.INTRODUCTION, CardKind.ANSWER, CardKind.RELEASED])
def test_what_somebodys_decision_brings_about_does_not_wait_a_day(kind: CardKind) -> None:
    assert budget.earliest(kind, RILEY, NOON, {RILEY: NOON}) == NOON
