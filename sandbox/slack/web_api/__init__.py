"""The Web API: `/api/{method}`, by GET or POST, form-encoded or JSON."""

import hmac
from collections.abc import Mapping

from aiohttp import web

from sandbox.slack.arguments import Arguments, read
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.identity import BOT_SCOPES
from sandbox.slack.ratelimits import RateLimits
from sandbox.slack.web_api import chat, conversations, people, views
from sandbox.slack.web_api.context import Context, Method

METHODS: Mapping[str, Method] = {
    **people.METHODS,
    **conversations.METHODS,
    **chat.METHODS,
    **views.METHODS,
}

_READ = web.RequestKey("read", tuple[Arguments, str | None])
_TOKENLESS = frozenset({"api.test"})
_NO_JSON = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "users.info",
        "users.list",
        "users.lookupByEmail",
    }
)
"""Reading methods overlook a JSON body: to them its arguments are missing."""


class WebApi:
    """Answers the app's calls."""

    def __init__(self, bot_token: str, limits: RateLimits) -> None:
        self._bot_token = bot_token
        self._limits = limits

    async def arguments(self, request: web.Request) -> tuple[Arguments, str | None]:
        """What the request says; the body is read once, whoever asks first."""
        if _READ not in request:
            request[_READ] = await read(request)
        return request[_READ]

    async def answer(self, request: web.Request, context: Context) -> web.Response:
        name = request.match_info["method"]
        try:
            arguments, token = await self.arguments(request)
            method = METHODS.get(name)
            if method is None:
                raise SlackError("unknown_method", req_method=name)
            if name not in _TOKENLESS:
                self._authenticate(token)
            wait = self._limits.wait_for(name, arguments.text("channel"))
            if wait:
                return ratelimited(wait)
            if name in _NO_JSON and request.content_type == "application/json":
                arguments = Arguments(request.query)
            with context.store.transaction():
                return answered({"ok": True, **method(context, arguments)})
        except SlackError as refused:
            return answered(refused.answer())

    def _authenticate(self, token: str | None) -> None:
        if not token:
            raise SlackError("not_authed")
        if not hmac.compare_digest(token.encode(), self._bot_token.encode()):
            raise SlackError("invalid_auth")


def answered(body: JSON, status: int = 200) -> web.Response:
    headers = {"X-OAuth-Scopes": BOT_SCOPES, "Cache-Control": "private, no-cache, no-store"}
    return web.json_response(body, status=status, headers=headers)


def ratelimited(wait: int) -> web.Response:
    """HTTP 429 with the seconds to wait."""
    response = answered({"ok": False, "error": "ratelimited"}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
