"""The stand-in as an aiohttp application: routes, wiring, start and stop."""

import json
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from sandbox import control
from sandbox.config import SlackStandInConfig
from sandbox.slack import events, shapes
from sandbox.slack.client_api import ClientApi
from sandbox.slack.controls import SlackControls
from sandbox.slack.errors import SlackError
from sandbox.slack.hub import Hub
from sandbox.slack.identity import Timing
from sandbox.slack.interactions import Interactions
from sandbox.slack.outbound import AppLink
from sandbox.slack.ratelimits import RateLimits
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.seed import seed
from sandbox.slack.store import Store
from sandbox.slack.views import ViewDesk
from sandbox.slack.web_api import WebApi, answered, ratelimited
from sandbox.slack.web_api.context import Context
from sandbox.slack.workspace import Workspace

PAGE = Path(__file__).parent / "page"
LARGEST_REQUEST = 4 * 1024**2
"""Bytes."""


class StandIn:
    """One Slack: its parts, and the handlers that belong to none of them."""

    def __init__(self, config: SlackStandInConfig, timing: Timing) -> None:
        self.store = Store(config.database)
        self.hub = Hub()
        self.link = AppLink(config.app_url, config.signing_secret, timing)
        self.workspace = Workspace(self.store, self.hub, self.link)
        self.views = ViewDesk(self.store, self.hub, trigger_lives=timing.trigger_lives)
        self.response_urls = ResponseUrls(self.workspace, lives=timing.response_url_lives)
        self.limits = RateLimits(enabled=config.rate_limits)
        self.web_api = WebApi(config.bot_token, self.limits)
        self.interactions = Interactions(self.workspace, self.views, self.response_urls, self.link)

    def hooks(self) -> control.Hooks:
        return control.Hooks(
            name="slack",
            identify=self._identify,
            error=self._error,
            reset=self._reset,
            seed=self._seed,
            limit=self._limit,
        )

    async def lifetime(self, app: web.Application) -> AsyncIterator[None]:
        seed(self.store)
        async with self.link:
            yield
        self.store.close()

    async def stop_streams(self, app: web.Application) -> None:
        self.hub.close()

    # The Web API and the response addresses

    async def api(self, request: web.Request) -> web.Response:
        context = Context(self.workspace, self.views, str(request.url.origin()))
        return await self.web_api.answer(request, context)

    async def response_url(self, request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.text())
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return web.Response(status=400, text="invalid_payload")
        try:
            self.response_urls.receive(request.match_info["key"], body)
        except SlackError as refused:
            gone = refused.code in {"invalid_url", "expired_url", "used_url"}
            return web.json_response(refused.answer(), status=404 if gone else 400)
        return web.Response(text="ok")

    # Small things around them

    async def verify_url(self, request: web.Request) -> web.Response:
        """Do Slack's handshake with the app's address, as when it is entered in the settings."""
        verified = await self.link.verify_url(events.url_verification())
        return web.json_response({"ok": verified})

    async def avatar(self, request: web.Request) -> web.Response:
        user = self.store.user(request.match_info["user"])
        if user is None:
            raise web.HTTPNotFound
        initials = "".join(part[0] for part in user.real_name.split()[:2]).upper()
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">'
            f'<rect width="48" height="48" rx="8" fill="#{shapes.colour(user.id)}"/>'
            '<text x="24" y="31" font-family="sans-serif" font-size="20" font-weight="600" '
            f'text-anchor="middle" fill="#fff">{escape(initials)}</text></svg>'
        )
        return web.Response(text=svg, content_type="image/svg+xml")

    async def permalink(self, request: web.Request) -> web.Response:
        """A message's address leads to the page, which shows it, in its thread if it is a reply."""
        channel, digits = request.match_info["channel"], request.match_info["digits"]
        place = {"channel": channel, "message": f"{digits[:-6]}.{digits[-6:]}"}
        for name, given in (("thread", "thread_ts"), ("user", "user")):
            if value := request.query.get(given):
                place[name] = value
        raise web.HTTPFound(f"/?{urlencode(place)}")

    async def index(self, request: web.Request) -> web.StreamResponse:
        if (PAGE / "index.html").is_file():
            return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
        return web.Response(text="This is the Slack stand-in. Its Web API is under /api.")

    # For the controls

    async def _identify(self, request: web.Request) -> control.Call | None:
        if not request.path.startswith("/api/"):
            return None
        name = request.path.removeprefix("/api/")
        try:
            arguments, _ = await self.web_api.arguments(request)
        except SlackError:
            return control.Call(name)
        return control.Call(name, arguments.loggable())

    def _error(self, code: str, status: int | None) -> web.Response:
        if code == "ratelimited":
            return ratelimited(1)
        return answered(SlackError(code).answer(), status or 200)

    async def _reset(self) -> None:
        self.workspace.clear()
        self.views.clear()
        self.response_urls.clear()
        self.limits.clear()
        seed(self.store)
        self.hub.tell([user.id for user in self.store.users()], {"type": "reset"})

    async def _seed(self) -> None:
        seed(self.store)

    def _limit(self, enabled: bool) -> None:
        self.limits.enabled = enabled


STAND_IN = web.AppKey("slack_stand_in", StandIn)


def create_app(config: SlackStandInConfig, timing: Timing | None = None) -> web.Application:
    """The stand-in, ready to be served; an empty database is seeded at the start."""
    stand_in = StandIn(config, timing or Timing())
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app[STAND_IN] = stand_in
    control.install(app, stand_in.hooks())
    app.cleanup_ctx.append(stand_in.lifetime)
    app.on_shutdown.append(stand_in.stop_streams)
    app.router.add_route("*", "/api/{method}", stand_in.api)
    app.router.add_post("/actions/{team}/{key}", stand_in.response_url)
    app.router.add_post("/_sandbox/verify_url", stand_in.verify_url)
    SlackControls(stand_in.workspace).add_routes(app)
    ClientApi(stand_in.interactions).add_routes(app)
    app.router.add_get("/avatar/{user}.svg", stand_in.avatar)
    app.router.add_get(r"/archives/{channel}/p{digits:\d{16}}", stand_in.permalink)
    app.router.add_get("/", stand_in.index)
    if PAGE.is_dir():
        app.router.add_static("/page/", PAGE)
    return app
