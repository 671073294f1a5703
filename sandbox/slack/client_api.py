"""What people do in their client: the page, the demo and the tests act through `/client`.

No authentication: the stand-in listens on loopback, and everybody in it is invented.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiohttp import web

from sandbox.slack import shapes
from sandbox.slack.content import LONGEST_TEXT, Content
from sandbox.slack.errors import JSON
from sandbox.slack.identity import (
    APP_ID,
    APP_NAME,
    BOT_ID,
    BOT_USER_ID,
    COMMANDS,
    TEAM_ID,
    TEAM_NAME,
)
from sandbox.slack.interactions import Interactions, RefusedError
from sandbox.slack.reactions import is_name
from sandbox.slack.store import LATEST, Conversation, Store, User
from sandbox.slack.typed import as_sent
from sandbox.slack.workspace import Workspace

PAGE = 50
"""Messages in an answer, unless another number up to MOST is asked for."""
MOST = 500


class ClientApi:
    """The routes under `/client`."""

    def __init__(self, interactions: Interactions) -> None:
        self._interactions = interactions
        self._workspace: Workspace = interactions.workspace
        self._store: Store = interactions.workspace.store

    def add_routes(self, app: web.Application) -> None:
        conversation = "/client/{user}/conversations/{conversation}"
        app.router.add_routes(
            [
                web.get("/client/bootstrap", _guarded(self._bootstrap)),
                web.get("/client/{user}/conversations", _guarded(self._conversations)),
                web.get(f"{conversation}/messages", _guarded(self._messages)),
                web.post(f"{conversation}/messages", _guarded(self._type)),
                web.post(f"{conversation}/read", _guarded(self._read)),
                web.post(f"{conversation}/reactions", _guarded(self._react)),
                web.post(f"{conversation}/join", _guarded(self._join)),
                web.post("/client/{user}/dms", _guarded(self._open_dm)),
                web.post("/client/{user}/actions", _guarded(self._act)),
                web.post("/client/{user}/options", _guarded(self._suggest)),
                web.get("/client/{user}/views", _guarded(self._views)),
                web.post("/client/{user}/views/{view}/submit", _guarded(self._submit)),
                web.post("/client/{user}/views/{view}/close", _guarded(self._close)),
                web.get("/client/{user}/home", _guarded(self._home)),
                web.post("/client/{user}/home/open", _guarded(self._open_home)),
                web.get("/client/{user}/events", self._events),
            ]
        )

    # Reading

    async def _bootstrap(self, request: web.Request) -> JSON:
        app = {
            "id": APP_ID,
            "name": APP_NAME,
            "bot_user_id": BOT_USER_ID,
            "bot_id": BOT_ID,
            "icon": shapes.BOT_PROFILE["icons"]["image_48"],
        }
        return {
            "team": {"id": TEAM_ID, "name": TEAM_NAME},
            "app": app,
            "users": [shapes.listed_user(user) for user in self._store.users()],
            "commands": [
                {
                    "command": command.command,
                    "description": command.description,
                    "usage_hint": command.usage_hint,
                }
                for command in COMMANDS
            ],
        }

    async def _conversations(self, request: web.Request) -> JSON:
        user = self._user(request)
        mine = self._store.conversations_of(user.id)
        joined = {conversation.id for conversation in mine}
        public = self._store.conversations(["channel"])
        listed = mine + [record for record in public if record.id not in joined]
        shapes_ = [self._workspace.conversation_for(record, user.id) for record in listed]
        return {"conversations": shapes_}

    async def _messages(self, request: web.Request) -> JSON:
        user, conversation = self._place(request, must_be_in=False)
        limit = request.query.get("limit", str(PAGE))
        if not limit.isdecimal() or not 0 < int(limit) <= MOST:
            raise RefusedError("invalid_limit", f"limit must be from 1 to {MOST}.", 400)
        messages, more = self._workspace.messages_for(
            conversation,
            user.id,
            thread_ts=request.query.get("thread_ts") or None,
            before=request.query.get("before") or LATEST,
            limit=int(limit),
        )
        return {"messages": messages, "has_more": more}

    async def _views(self, request: web.Request) -> JSON:
        return {"stack": self._interactions.views.stack(self._user(request).id)}

    async def _home(self, request: web.Request) -> JSON:
        return {"view": self._interactions.views.home(self._user(request).id)}

    async def _events(self, request: web.Request) -> web.StreamResponse:
        try:
            user = self._user(request)
        except RefusedError as refused:
            return _refusal(refused)
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-cache",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        last_seen = request.headers.get("Last-Event-ID")
        stream = self._workspace.hub.follow(user.id, last_seen)
        try:
            async for frame in stream:
                await response.write(frame)
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            await stream.aclose()
        return response

    # Doing

    async def _type(self, request: web.Request) -> JSON:
        user, conversation = self._place(request)
        body = await _body(request)
        text = _text(body, "text").strip()
        thread_ts = body.get("thread_ts") or None
        if not text:
            raise RefusedError("no_text", "Write something first.", 400)
        if len(text) > LONGEST_TEXT:
            raise RefusedError("msg_too_long", "This message is too long.", 400)
        if text.startswith("/"):
            if thread_ts:
                words = f"{text.split()[0]} is not supported in threads."
                raise RefusedError("not_supported_in_threads", words, 400)
            return await self._interactions.command(user, conversation, text, _origin(request))
        if thread_ts and self._store.message(conversation.id, thread_ts) is None:
            raise RefusedError("thread_not_found", "This message is no longer there.")
        sent = as_sent(text, person=self._user_id, channel=self._channel_id)
        message = self._workspace.post(conversation, user.id, Content(sent), thread_ts=thread_ts)
        return {"message": message}

    async def _read(self, request: web.Request) -> JSON:
        user, conversation = self._place(request)
        body = await _body(request)
        ts, thread_ts = _text(body, "ts"), str(body.get("thread_ts") or "")
        return {"unread": self._workspace.mark_read(conversation, user.id, ts, thread_ts)}

    async def _react(self, request: web.Request) -> JSON:
        """`{"ts": …, "name": "+1", "on": true}`; false takes it back."""
        user, conversation = self._place(request)
        body = await _body(request)
        name, on = _text(body, "name"), body.get("on", True)
        if not is_name(name) or not isinstance(on, bool):
            raise RefusedError("invalid_name", "There is no such emoji.", 400)
        message = self._store.message(conversation.id, _text(body, "ts"))
        if message is None or message.get("subtype") == "tombstone":
            raise RefusedError("message_not_found", "This message is no longer there.")
        self._workspace.react(conversation, message, user.id, name, on=on)
        return {}

    async def _join(self, request: web.Request) -> JSON:
        user, conversation = self._place(request, must_be_in=False)
        self._workspace.add_member(conversation, user.id)
        return {"conversation": self._workspace.conversation_for(conversation, user.id)}

    async def _open_dm(self, request: web.Request) -> JSON:
        user = self._user(request)
        others = (await _body(request)).get("users")
        if not isinstance(others, list) or not others:
            raise RefusedError("users_list_not_supplied", "Choose at least one person.", 400)
        for other in others:
            if self._store.user(str(other)) is None:
                raise RefusedError("user_not_found", f"There is nobody with the id {other}.")
        people = {user.id, *map(str, others)}
        conversation, _ = self._workspace.open_among(people, creator=user.id)
        return {"conversation": self._workspace.conversation_for(conversation, user.id)}

    async def _act(self, request: web.Request) -> JSON:
        user = self._user(request)
        body = await _body(request)
        container, action = _object(body, "container"), _object(body, "action")
        for name in ("block_id", "action_id"):
            _text(action, name)
        state = _values(body)
        if container.get("type") == "view":
            view_id = _text(container, "view_id")
            return await self._interactions.act_on_view(user, view_id, action, state)
        conversation = self._conversation(_text(container, "channel"), user)
        return await self._interactions.act_on_message(
            user,
            conversation,
            _text(container, "ts"),
            given=action,
            state=state,
            origin=_origin(request),
        )

    async def _suggest(self, request: web.Request) -> JSON:
        user = self._user(request)
        body = await _body(request)
        container = _object(body, "container")
        wish = {name: _text(body, name) for name in ("block_id", "action_id")}
        wish["value"] = str(body.get("value") or "")
        place: Conversation | str
        if container.get("type") == "view":
            place, ts = _text(container, "view_id"), ""
        else:
            place = self._conversation(_text(container, "channel"), user)
            ts = _text(container, "ts")
        return await self._interactions.suggest(user, place, ts, wish)

    async def _submit(self, request: web.Request) -> JSON:
        user = self._user(request)
        state = _values(await _body(request))
        return await self._interactions.submit(user, request.match_info["view"], state)

    async def _close(self, request: web.Request) -> JSON:
        user = self._user(request)
        cleared = bool((await _body(request)).get("is_cleared"))
        return await self._interactions.close(user, request.match_info["view"], cleared=cleared)

    async def _open_home(self, request: web.Request) -> JSON:
        user = self._user(request)
        conversation = self._interactions.open_home(user)
        return {"conversation": self._workspace.conversation_for(conversation, user.id)}

    # Who and where

    def _user(self, request: web.Request) -> User:
        user = self._store.user(request.match_info["user"])
        if user is None:
            raise RefusedError("user_not_found", "There is nobody with this id.")
        if user.deleted:
            raise RefusedError("account_inactive", "This account is deactivated.", 403)
        return user

    def _place(self, request: web.Request, *, must_be_in: bool = True) -> tuple[User, Conversation]:
        user = self._user(request)
        conversation_id = request.match_info["conversation"]
        return user, self._conversation(conversation_id, user, must_be_in=must_be_in)

    def _conversation(
        self, conversation_id: str, user: User, *, must_be_in: bool = True
    ) -> Conversation:
        found = self._store.conversation(conversation_id)
        inside = self._store.is_member(conversation_id, user.id)
        if found is None or (found.kind != "channel" and not inside):
            raise RefusedError("channel_not_found", "This conversation isn't there for you.")
        if must_be_in and not inside:
            raise RefusedError("not_in_channel", f"Join #{found.name} first.", 403)
        return found

    def _user_id(self, handle: str) -> str | None:
        user = self._store.user_by_handle(handle)
        return user.id if user else None

    def _channel_id(self, name: str) -> str | None:
        channel = self._store.channel_named(name)
        return channel.id if channel else None


Doing = Callable[[web.Request], Awaitable[JSON]]


def _guarded(doing: Doing) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Turn what can't be done into an answer that says so."""

    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True, **await doing(request)})
        except RefusedError as refused:
            return _refusal(refused)

    return handler


def _refusal(refused: RefusedError) -> web.Response:
    body = {"ok": False, "error": refused.code, "message": refused.words}
    return web.json_response(body, status=refused.status)


def _origin(request: web.Request) -> str:
    return str(request.url.origin())


async def _body(request: web.Request) -> JSON:
    try:
        value = json.loads(await request.text() or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise RefusedError("invalid_json", "The body must be a JSON object.", 400)
    return value


def _text(body: JSON, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise RefusedError("invalid_arguments", f"{name!r} is missing.", 400)
    return value


def _object(body: JSON, name: str) -> JSON:
    value: Any = body.get(name)
    if not isinstance(value, dict):
        raise RefusedError("invalid_arguments", f"{name!r} must be an object.", 400)
    return cast(JSON, value)


def _values(body: JSON) -> JSON:
    """`state.values`, tolerating that there is none; members that aren't objects are left out."""
    state = body.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    if not isinstance(values, dict):
        return {}
    return {block_id: value for block_id, value in values.items() if isinstance(value, dict)}
