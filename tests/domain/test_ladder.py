"""The ladder clock counts the time in Open, and each step is taken once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain import ladder
from domain.ladder import LadderProgress
from domain.policy import EscalationPolicy, Scope, Step, StepKind

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
POLICY = EscalationPolicy(
    steps=[
        Step(after=timedelta(hours=8), do=StepKind.REMIND),
        Step(after=timedelta(hours=8), do=StepKind.WIDEN, scope=Scope.PARTIAL),
        Step(after=timedelta(hours=20), do=StepKind.WIDEN, scope=Scope.ALL),
        Step(after=timedelta(hours=24), do=StepKind.COORDINATORS),
    ]
)


def _opened() -> LadderProgress:
    progress = LadderProgress()
    progress.resume(START)
    return progress


def _taken(progress: LadderProgress, **since_start: float) -> list[str]:
    now = START + timedelta(**since_start)
    return [step.label for step in ladder.take_due(POLICY, progress, now)]


def test_nothing_is_due_before_its_time() -> None:
    progress = _opened()
    assert ladder.next_at(POLICY, progress) == START + timedelta(hours=8)
    assert _taken(progress, hours=7, minutes=59) == []


def test_each_step_is_taken_once_at_its_time() -> None:
    progress = _opened()
    assert _taken(progress, hours=8) == ["remind", "widen (partial)"]
    assert _taken(progress, hours=8) == []
    assert _taken(progress, hours=20) == ["widen (all)"]
    assert _taken(progress, hours=30) == ["coordinators"]
    assert ladder.next_at(POLICY, progress) is None


def test_of_widenings_that_fall_due_together_only_the_widest_is_done() -> None:
    assert _taken(_opened(), hours=25) == ["remind", "widen (all)", "coordinators"]


def test_the_clock_stands_still_while_somebody_has_the_request() -> None:
    progress = _opened()
    progress.pause(START + timedelta(hours=5))
    assert ladder.next_at(POLICY, progress) is None
    assert _taken(progress, days=4) == []
    released = START + timedelta(days=4)
    progress.resume(released)
    assert ladder.next_at(POLICY, progress) == released + timedelta(hours=3)
    assert _taken(progress, days=4, hours=3) == ["remind", "widen (partial)"]


def test_operators_read_the_rung_that_was_reached() -> None:
    progress = _opened()
    assert ladder.current_step(POLICY, progress) == "asked"
    _taken(progress, hours=8)
    assert ladder.current_step(POLICY, progress) == "widen (partial)"
