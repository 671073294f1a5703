"""What operators see of a request: search attributes and current details in the Web UI."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from domain import search_attributes as keys
    from domain.state import RequestState


class Operators:
    """Says what a request waits for, and until when; writes only what has changed."""

    def __init__(self, state: RequestState) -> None:
        self._state = state
        self._shown: dict[str, Any] = {}

    def show(self) -> None:
        """Bring search attributes and current details up to date."""
        workflow.set_current_details(self._in_words())
        self._upsert()

    def _in_words(self) -> str:
        state = self._state
        lines = [f"**{state.status.value}**, step *{state.step_label()}*"]
        until = f" until {state.waiting_until:%a %d %b %Y %H:%M} UTC" if state.waiting_until else ""
        lines.append(f"Waiting for {state.waiting_for}{until}.")
        if state.breached:
            lines.append("The promised time has passed without an answer.")
        lines.append(f"Asked {len(state.asks)}; mentor: {state.mentor_id or 'none yet'}.")
        lines.extend(f"- {e.at:%d %b %H:%M} {e.what} {e.by}".rstrip() for e in state.timeline[-12:])
        return "\n\n".join(lines[:4]) + "\n\n" + "\n".join(lines[4:])

    def _upsert(self) -> None:
        state = self._state
        now: dict[str, SearchAttributeUpdate[Any]] = {
            "status": keys.STATUS.value_set(state.status.value),
            "step": keys.STEP.value_set(state.step_label()),
            "waiting": keys.WAITING_FOR.value_set(state.waiting_for),
            "breached": keys.BREACHED.value_set(state.breached),
            "mentor": keys.MENTOR.value_set(state.mentor_id)
            if state.mentor_id
            else keys.MENTOR.value_unset(),
            "deadline": keys.NEXT_DEADLINE.value_set(state.waiting_until)
            if state.waiting_until
            else keys.NEXT_DEADLINE.value_unset(),
        }
        changed = [u for name, u in now.items() if self._shown.get(name, _NEVER) != u.value]
        if changed:
            workflow.upsert_search_attributes(changed)
            self._shown = {name: update.value for name, update in now.items()}


_NEVER = object()
