"""What tests may order or ask of this stand-in alone, under `/_sandbox`."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.slack import shapes
from sandbox.slack.errors import JSON
from sandbox.slack.identity import SLACKBOT_ID
from sandbox.slack.store import User
from sandbox.slack.workspace import Workspace

_TS = re.compile(r"\d{1,10}(\.\d{1,6})?")
_ERROR_CODE = re.compile(r"[a-z][a-z0-9_]*")
_FILTERS = frozenset({"to", "channel", "since"})
_PROFILE = frozenset({"real_name", "title"})
_WISHES = frozenset({"deactivated", "tz", "refuses"}) | _PROFILE


class SlackControls:
    """The record of what the app said, and what can be done to people."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/_sandbox/messages", self._messages)
        app.router.add_get("/_sandbox/people/{user}", self._person)
        app.router.add_post("/_sandbox/people/{user}", self._change_person)

    async def _messages(self, request: web.Request) -> web.Response:
        """A filter that can't match is refused: nobody told must not look like nobody asked."""
        query, store = request.query, self._workspace.store
        unknown = set(query) - _FILTERS
        if unknown:
            return _refused(f"unknown filters: {', '.join(sorted(unknown))}")
        to, channel, since = (query.get(name, "") for name in ("to", "channel", "since"))
        if to and store.user(to) is None:
            return _refused(f"nobody has the id {to}", 404)
        if channel and store.conversation(channel) is None:
            return _refused(f"no conversation has the id {channel}", 404)
        if since and not _TS.fullmatch(since):
            return _refused("since must be a message's ts, e.g. 1767600000.000100")
        found = self._workspace.record.messages(to=to, channel=channel, since=since)
        return web.json_response({"messages": found})

    async def _person(self, request: web.Request) -> web.Response:
        user = self._workspace.store.user(request.match_info["user"])
        return self._answer(user) if user else _refused("nobody has this id", 404)

    async def _change_person(self, request: web.Request) -> web.Response:
        user = self._workspace.store.user(request.match_info["user"])
        if user is None or user.is_bot or user.id == SLACKBOT_ID:
            return _refused("nobody has this id", 404)
        try:
            wish = json.loads(await request.text())
            changed = _changed(user, wish)
        except ValueError as problem:
            return _refused(str(problem))
        if changed != user:
            self._workspace.change_user(changed)
        if "refuses" in wish:
            self._workspace.refuse_messages_to(user.id, wish["refuses"])
        return self._answer(changed)

    def _answer(self, user: User) -> web.Response:
        refuses = self._workspace.refusal_of(user.id)
        return web.json_response({"ok": True, "user": shapes.user(user), "refuses": refuses})


def _changed(user: User, wish: Any) -> User:
    """The person as they are wished to be.

    Raises:
        ValueError: the wish can't be understood; the message says why.
    """
    if not isinstance(wish, dict) or not wish or set(wish) - _WISHES:
        raise ValueError(f"the body must be an object with some of: {', '.join(sorted(_WISHES))}")
    changes: JSON = {}
    if "deactivated" in wish:
        if not isinstance(wish["deactivated"], bool):
            raise ValueError("deactivated must be true or false")
        changes["deleted"] = wish["deactivated"]
    if "tz" in wish:
        changes["tz"] = _known_zone(wish["tz"])
    for name in _PROFILE & set(wish):
        if not isinstance(wish[name], str) or not (wish[name].strip() or name == "title"):
            raise ValueError(f"{name} must be a text")
        changes[name] = wish[name].strip()
    refuses = wish.get("refuses")
    if refuses is not None and not (isinstance(refuses, str) and _ERROR_CODE.fullmatch(refuses)):
        raise ValueError("refuses must be one of Slack's error codes, or null")
    wished = replace(user, **changes)
    if wished == user:
        return user
    return replace(wished, updated=int(datetime.now(UTC).timestamp()))


def _known_zone(name: Any) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, TypeError, OSError, AttributeError):
        raise ValueError("tz must be an IANA name, e.g. Europe/Berlin") from None


def _refused(message: str, status: int = 400) -> web.Response:
    return web.json_response({"ok": False, "message": message}, status=status)
