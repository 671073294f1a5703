"""One wake-up a request: a step waits once, for whatever comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import AnyDecision
    from domain.state import RequestState
    from workflows.background import Background
    from workflows.operators import Operators

Deadlines = Callable[[], dict[str, datetime | None]]
"""What a step waits for, and until when (UTC); asked anew whenever something happens beside it."""

PROMISE = "a mentor's answer, by the promised time"


class Due:
    """The earliest deadline has come, rather than a decision."""


class Waiting:
    """Finds the earliest of all deadlines, shows it to operators, and sleeps until then."""

    def __init__(
        self, state: RequestState, background: Background, always: Deadlines = dict
    ) -> None:
        """``always`` are deadlines that hold in every step."""
        self._state = state
        self._background = background
        self._always = always
        self._operators = Operators(state)

    async def wait(
        self, deadlines: Deadlines, or_when: Callable[[], bool] = lambda: False
    ) -> AnyDecision | Due:
        """The next decision in the inbox; Due when a deadline or ``or_when`` comes first."""
        state = self._state
        while True:
            state.waiting_until, state.waiting_for = self._earliest(deadlines)
            self._operators.show()
            await self._sleep(deadlines, or_when)
            if state.inbox:
                state.deciding = state.inbox.pop(0)
                return state.deciding.decision
            if or_when() or not self._moved(deadlines):
                return Due()

    def show(self) -> None:
        """Let operators see the state as it is, without waiting."""
        self._operators.show()

    async def _sleep(self, deadlines: Deadlines, or_when: Callable[[], bool]) -> None:
        state, background = self._state, self._background

        def woken() -> bool:
            has_work = bool(state.inbox) or background.failed
            return has_work or or_when() or self._moved(deadlines)

        left = state.waiting_until - workflow.now() if state.waiting_until else None
        try:
            if left is None or left.total_seconds() > 0:
                await workflow.wait_condition(
                    woken, timeout=left, timeout_summary=state.waiting_for
                )
        except TimeoutError:
            pass
        background.raise_error()

    def _moved(self, deadlines: Deadlines) -> bool:
        """Something beside has brought in another deadline, so that only the wake-up changes."""
        return self._earliest(deadlines)[0] != self._state.waiting_until

    def _earliest(self, deadlines: Deadlines) -> tuple[datetime | None, str]:
        due = {**deadlines(), **self._always(), PROMISE: self._state.breach_at}
        times = [(at, what) for what, at in due.items() if at is not None]
        return min(times) if times else (None, next(iter(due)))
