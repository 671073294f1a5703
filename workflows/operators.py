"""What operators see of a request: search attributes and current details in the Web UI."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from domain import search_attributes as keys
    from domain.memory import Answer
    from domain.state import NOTHING_SLIPS, RequestState


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
        if state.sending_paused:
            lines[0] += "; **all sending is paused**"
        until = f" until {_utc(state.waiting_until)} UTC" if state.waiting_until else ""
        lines.append(f"Waiting for {state.waiting_for}{until}.")
        if state.breached:
            lines.append("The promised time has passed without an answer.")
        asked = f"Asked {len(state.reached())}, {self._declined()} declined"
        asleep = f", {len(state.planned)} in their morning" if state.planned else ""
        lines.append(f"{asked}{asleep}; mentor: {state.mentor_id or 'none yet'}.")
        if state.owner:
            how = "took it" if state.owner_took_it else "by rota"
            lines.append(f"Owner: {state.owner.slack_id} ({how}).")
        if state.hold:
            lines.append(f"{state.hold.mentor.slack_id} holds it until {_utc(state.hold.until)}.")
        story = [f"- {_utc(e.at)} {e.what} {e.by}".rstrip() for e in state.timeline[-12:]]
        return "\n\n".join(lines) + "\n\n" + "\n".join(story)

    def _declined(self) -> int:
        return sum(ask.answer is Answer.DECLINED for ask in self._state.asks)

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
        if state.rules >= NOTHING_SLIPS:
            now |= self._of_the_search()
        changed = [u for name, u in now.items() if self._shown.get(name, _NEVER) != u.value]
        if changed:
            workflow.upsert_search_attributes(changed)
            self._shown = {name: update.value for name, update in now.items()}

    def _of_the_search(self) -> dict[str, SearchAttributeUpdate[Any]]:
        """What came with the rules of release 0.2."""
        state = self._state
        owner, group = state.owner.slack_id if state.owner else "", state.group_channel
        open_wait = state.wait if state.wait.response_at is None else None
        if open_wait and state.status.is_final:
            open_wait = None
        return {
            "owner": keys.OWNER.value_set(owner) if owner else keys.OWNER.value_unset(),
            "group": keys.GROUP.value_set(group) if group else keys.GROUP.value_unset(),
            "respond by": keys.RESPOND_BY.value_set(open_wait.respond_by)
            if open_wait
            else keys.RESPOND_BY.value_unset(),
        }


def _utc(at: datetime) -> str:
    return f"{at:%a %d %b %H:%M}"


_NEVER = object()
