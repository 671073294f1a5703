"""The escalation ladder: a pure function of policy, progress and time.

The ladder clock counts only the time in ``Open``, so that a request released after four days goes
on from its rung instead of taking every step at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import Field

from domain.base import Payload
from domain.policy import EscalationPolicy, Step, StepKind

ASKING = frozenset({StepKind.WAVE, StepKind.BUMP})
"""Steps that turn to more mentors: they wait while one mentor has the first say."""
NOT_ON_THE_LADDER = frozenset({StepKind.PREFERRED, StepKind.BREACH, StepKind.UNKNOWN})
"""The preferred window comes before the ladder, the breach has a clock of its own."""


class Rung(NamedTuple):
    """One step at one time; a step that repeats has a rung for each time."""

    number: int
    """Its place in the order of time, from 0: what ``LadderProgress`` remembers. Steps that are
    not on the ladder are counted too, so that every release numbers a policy alike."""
    after: timedelta
    step: Step
    turn: int = 1
    """Which of the step's repetitions, from 1."""


class LadderProgress(Payload):
    """How far a request has come. ``open_since`` is None while its ladder clock stands still."""

    open_since: datetime | None = None
    open_before: timedelta = timedelta(0)
    taken: list[int] = Field(default_factory=list)
    """Numbers of the rungs that were taken (or fell together with a wider one)."""

    def resume(self, now: datetime) -> None:
        if self.open_since is None:
            self.open_since = now

    def pause(self, now: datetime) -> None:
        self.open_before = self.elapsed(now)
        self.open_since = None

    def elapsed(self, now: datetime) -> timedelta:
        """Time spent in ``Open`` so far."""
        if self.open_since is None:
            return self.open_before
        return self.open_before + (now - self.open_since)


def rungs(policy: EscalationPolicy) -> list[Rung]:
    """All rungs in order of time, repetitions unrolled; of one time, in the policy's order."""
    times = [
        (step.after + turn * step.every if turn else step.after, turn + 1, step)
        for step in policy.steps
        for turn in range(step.repeat)
    ]
    times.sort(key=lambda entry: entry[0])
    return [
        Rung(number, after, step, turn)
        for number, (after, turn, step) in enumerate(times)
        if step.do not in NOT_ON_THE_LADDER
    ]


def next_at(
    policy: EscalationPolicy, progress: LadderProgress, *, asking_waits: bool = False
) -> datetime | None:
    """When the next step is due (UTC); None while the clock stands still or no step is left.

    Args:
        asking_waits: one mentor has the first say (asked by name, or holding the request): steps
            that turn to others are not due before that is over.
    """
    if progress.open_since is None:
        return None
    left = _left(policy, progress, asking_waits=asking_waits)
    if not left:
        return None
    return progress.open_since + (left[0].after - progress.open_before)


def next_of(kind: StepKind, policy: EscalationPolicy, progress: LadderProgress) -> datetime | None:
    """When the next step of this kind is due (UTC); overdue ones lie in the past."""
    if progress.open_since is None:
        return None
    left = _left(policy, progress, asking_waits=False)
    rung = next((rung for rung in left if rung.step.do is kind), None)
    return rung and progress.open_since + (rung.after - progress.open_before)


def has_taken(kind: StepKind, policy: EscalationPolicy, progress: LadderProgress) -> bool:
    """Whether a step of this kind was taken so far."""
    taken = frozenset(progress.taken)
    return any(rung.step.do is kind and rung.number in taken for rung in rungs(policy))


def take_due(
    policy: EscalationPolicy,
    progress: LadderProgress,
    now: datetime,
    *,
    asking_waits: bool = False,
) -> list[Rung]:
    """Mark the steps that are due as taken, and return what remains of them to be done.

    Steps that fall due together collapse: of several of a kind only the last is left, and of
    several waves the widest, in the place of the first.
    """
    if progress.open_since is None:
        return []
    elapsed = progress.elapsed(now)
    left = _left(policy, progress, asking_waits=asking_waits)
    due = [rung for rung in left if rung.after <= elapsed]
    progress.taken.extend(rung.number for rung in due)
    return _collapse(due)


def bring_forward(policy: EscalationPolicy, progress: LadderProgress) -> Rung | None:
    """Everybody who was asked has declined: the next wave is taken now, whatever the time.

    When no wave is left, the coordinators are called now. None when neither is left, or while the
    clock stands still. Every other step keeps its time: whoever is asked now can be reminded then.
    """
    if progress.open_since is None:
        return None
    left = _left(policy, progress, asking_waits=False)
    for kind in (StepKind.WAVE, StepKind.COORDINATORS):
        if rung := next((rung for rung in left if rung.step.do is kind), None):
            progress.taken.append(rung.number)
            return rung
    return None


def current_step(policy: EscalationPolicy, progress: LadderProgress) -> str:
    """The label of the rung a request has reached: "asked" before the first step."""
    taken = frozenset(progress.taken)
    reached = next((rung for rung in reversed(rungs(policy)) if rung.number in taken), None)
    if reached is None or reached.after == timedelta(0):
        return "asked"
    turns = f" {reached.turn} of {reached.step.repeat}" if reached.step.repeat > 1 else ""
    return reached.step.label + turns


def _left(policy: EscalationPolicy, progress: LadderProgress, *, asking_waits: bool) -> list[Rung]:
    taken = frozenset(progress.taken)
    return [
        rung
        for rung in rungs(policy)
        if rung.number not in taken and not (asking_waits and rung.step.do in ASKING)
    ]


def _collapse(due: Iterable[Rung]) -> list[Rung]:
    kept: dict[StepKind, Rung] = {}
    for rung in due:
        known = kept.get(rung.step.do)
        if known is None or _width(rung.step) >= _width(known.step):
            kept[rung.step.do] = rung
    return list(kept.values())


def _width(step: Step) -> int:
    return step.scope.width if step.scope else 0
