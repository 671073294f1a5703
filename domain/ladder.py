"""The escalation ladder: a pure function of policy, progress and time.

The ladder clock counts only the time in ``Open``, so that a request released after four days goes
on from its rung instead of taking every step at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.base import Payload
from domain.policy import EscalationPolicy, Step, StepKind


class LadderProgress(Payload):
    """How far a request has come. ``open_since`` is None while its ladder clock stands still."""

    open_since: datetime | None = None
    open_before: timedelta = timedelta(0)
    done: int = 0
    """Steps taken, counted in the policy's order."""

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


def next_at(policy: EscalationPolicy, progress: LadderProgress) -> datetime | None:
    """When the next step is due (UTC); None while the clock stands still or no step is left."""
    if progress.open_since is None or progress.done >= len(policy.steps):
        return None
    return progress.open_since + (policy.steps[progress.done].after - progress.open_before)


def take_due(policy: EscalationPolicy, progress: LadderProgress, now: datetime) -> list[Step]:
    """Mark the steps that are due as taken, and return what remains of them to be done.

    Steps that fall due together collapse: of several of a kind only one is left, and of several
    widenings the widest.
    """
    elapsed = progress.elapsed(now)
    due = [step for step in policy.steps[progress.done :] if step.after <= elapsed]
    progress.done += len(due)
    return _collapse(due)


def current_step(policy: EscalationPolicy, progress: LadderProgress) -> str:
    """The label of the rung a request has reached: "asked" before the first step."""
    return policy.steps[progress.done - 1].label if progress.done else "asked"


def _collapse(steps: Iterable[Step]) -> list[Step]:
    kept: dict[StepKind, Step] = {}
    for step in steps:
        known = kept.get(step.do)
        if known is None or _width(step) >= _width(known):
            kept[step.do] = step
    return list(kept.values())


def _width(step: Step) -> int:
    return step.scope.width if step.scope else 0
