"""Modals and Home tabs: triggers, the stack of three, hashes, and what people have filled in.

Open modals live in memory, as they live in a person's client; Home tabs are stored.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.slack import inputs
from sandbox.slack.blocks import checked_view
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.events import fresh_id
from sandbox.slack.hub import Hub
from sandbox.slack.identity import APP_ID, BOT_ID, TEAM_ID
from sandbox.slack.store import Store

STACK = 3
"""How many modals may lie on each other."""


@dataclass
class _Trigger:
    user_id: str
    expires: float
    view_id: str | None
    """The modal in which it arose."""
    used: bool = False


class ViewDesk:
    """Everybody's open modals and Home tabs.

    Args:
        trigger_lives: seconds in which a trigger can be exchanged for a modal.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        store: Store,
        hub: Hub,
        *,
        trigger_lives: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._hub = hub
        self._trigger_lives = trigger_lives
        self._clock = clock
        self._triggers: dict[str, _Trigger] = {}
        self._stacks: dict[str, list[JSON]] = defaultdict(list)

    def clear(self) -> None:
        self._triggers.clear()
        self._stacks.clear()

    # Triggers

    def new_trigger(self, user_id: str, view_id: str | None = None) -> str:
        now = self._clock()
        self._triggers = {
            key: trigger for key, trigger in self._triggers.items() if trigger.expires > now - 600
        }
        key = f"{time.time_ns() // 1000}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[key] = _Trigger(user_id, now + self._trigger_lives, view_id)
        return key

    def _exchange(self, key: str) -> _Trigger:
        trigger = self._triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.expires:
            raise SlackError("expired_trigger_id")
        return trigger

    # Modals

    def stack(self, user_id: str) -> list[JSON]:
        """A person's open modals, bottom first."""
        return list(self._stacks[user_id])

    def find(self, view_id: str) -> tuple[str, JSON] | None:
        """An open modal and the person who sees it."""
        for user_id, stack in self._stacks.items():
            for view in stack:
                if view["id"] == view_id:
                    return user_id, view
        return None

    def open(self, trigger_id: str, given: Any) -> JSON:
        """Open a modal; from within a modal, on top of it.

        Raises:
            SlackError: a trigger that is unknown, used or too old; `push_limit_reached`;
                `duplicate_external_id`; `invalid_arguments`.
        """
        trigger = self._exchange(trigger_id)
        view = self._new_modal(given)
        if trigger.view_id is None or self.find(trigger.view_id) is None:
            self.close_all(trigger.user_id)
        return self._put_on_top(trigger.user_id, view, trigger)

    def push(self, trigger_id: str, given: Any) -> JSON:
        """Put a modal on top of the one in which the trigger arose.

        Raises:
            SlackError: as `open`, and `not_found` if that modal is closed by now.
        """
        trigger = self._exchange(trigger_id)
        view = self._new_modal(given)
        if trigger.view_id is None or self.find(trigger.view_id) is None:
            raise SlackError("not_found")
        return self._put_on_top(trigger.user_id, view, trigger)

    def update(self, given: Any, *, view_id: str, external_id: str, hash_: str) -> JSON:
        """Show other content in an open modal; what was typed stays where the ids stay.

        Raises:
            SlackError: `not_found`, `hash_conflict`, `duplicate_external_id`,
                `invalid_arguments`.
        """
        found = self.find(view_id) if view_id else self._find_external(external_id)
        if found is None:
            raise SlackError("not_found")
        user_id, old = found
        if hash_ and hash_ != old["hash"]:
            raise SlackError("hash_conflict")
        return self.replace(user_id, old, given)

    def replace(self, user_id: str, old: JSON, given: Any) -> JSON:
        """As `update`, for a modal that is at hand."""
        checked = checked_view(given, "modal")
        external_id = checked.get("external_id") or old["external_id"]
        self._refuse_taken(external_id, but=old["id"])
        identity = {key: old[key] for key in ("id", "root_view_id", "previous_view_id")}
        shape = _shaped({**checked, "external_id": external_id}) | identity
        shape["state"] = {"values": inputs.state_of(shape["blocks"], old["state"]["values"])}
        stack = self._stacks[user_id]
        stack[stack.index(old)] = shape
        self._hub.tell([user_id], {"type": "view_updated", "view": shape})
        return shape

    def push_for(self, user_id: str, given: Any) -> JSON:
        """Push in answer to a submission, which needs no trigger; raises as `push` does."""
        return self._put_on_top(user_id, self._new_modal(given))

    def remember_input(self, user_id: str, view: JSON, supplied: JSON) -> JSON:
        """Take over what a person has filled in so far; what isn't supplied stays as it was."""
        filled = inputs.merged(view["state"]["values"], supplied)
        values = inputs.state_of(view["blocks"], filled)
        changed = {**view, "state": {"values": values}}
        stack = self._stacks[user_id]
        stack[stack.index(view)] = changed
        return changed

    def close(self, user_id: str, view: JSON) -> list[JSON]:
        """Close one modal and those on top of it; returns what was closed, top first."""
        stack = self._stacks[user_id]
        position = [other["id"] for other in stack].index(view["id"])
        closed = stack[position:][::-1]
        del stack[position:]
        for gone in closed:
            self._hub.tell([user_id], {"type": "view_closed", "view_id": gone["id"]})
        return closed

    def close_all(self, user_id: str) -> list[JSON]:
        """Close a person's whole stack; returns what was open, top first."""
        closed = self._stacks.pop(user_id, [])[::-1]
        for view in closed:
            self._hub.tell([user_id], {"type": "view_closed", "view_id": view["id"]})
        return closed

    # Home tabs

    def home(self, user_id: str) -> JSON | None:
        return self._store.home_view(user_id)

    def publish(self, user_id: str, given: Any, hash_: str) -> JSON:
        """Replace a person's Home tab.

        Raises:
            SlackError: `user_not_found`, `hash_conflict`, `invalid_arguments`.
        """
        if self._store.user(user_id) is None:
            raise SlackError("user_not_found")
        old = self._store.home_view(user_id)
        if hash_ and old and hash_ != old["hash"]:
            raise SlackError("hash_conflict")
        view = _shaped(checked_view(given, "home"))
        view["id"] = view["root_view_id"] = old["id"] if old else fresh_id("V")
        view["previous_view_id"] = None
        self.keep_home(user_id, view)
        self._hub.tell([user_id], {"type": "home", "view": view})
        return view

    def keep_home(self, user_id: str, view: JSON) -> None:
        self._store.put_home_view(user_id, view)

    def _new_modal(self, given: Any) -> JSON:
        shape = _shaped(checked_view(given, "modal"))
        self._refuse_taken(shape["external_id"])
        return shape

    def _put_on_top(self, user_id: str, view: JSON, trigger: _Trigger | None = None) -> JSON:
        stack = self._stacks[user_id]
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        if trigger is not None:
            trigger.used = True
        view["id"] = fresh_id("V")
        view["root_view_id"] = stack[0]["id"] if stack else view["id"]
        view["previous_view_id"] = stack[-1]["id"] if stack else None
        stack.append(view)
        self._hub.tell([user_id], {"type": "view_opened", "view": view})
        return view

    def _find_external(self, external_id: str) -> tuple[str, JSON] | None:
        for user_id, stack in self._stacks.items():
            for view in stack:
                if external_id and view["external_id"] == external_id:
                    return user_id, view
        return None

    def _refuse_taken(self, external_id: str, but: str = "") -> None:
        found = self._find_external(external_id)
        if found and found[1]["id"] != but:
            raise SlackError("duplicate_external_id")


def _shaped(given: JSON) -> JSON:
    """A view as Slack gives it back."""
    shape: JSON = {
        "team_id": TEAM_ID,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
        "title": None,
        "close": None,
        "submit": None,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        **given,
        "hash": f"{int(time.time())}.{secrets.token_urlsafe(6)}",
    }
    shape["state"] = {"values": inputs.state_of(shape["blocks"], {})}
    return shape
