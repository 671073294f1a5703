"""The start page's web application: one page, and the clock as a form and as JSON."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sandbox.config import SandboxConfig
from sandbox.people import by_name
from sandbox.slack.identity import COORDINATORS_ID, MENTORS_ID
from sandbox.start.clock import Clock, ClockError, RequestClock, Skip, in_words

_PAGE = Path(__file__).parent / "page"

MENTEE = "Riley Santos"
MENTORS = ("Sam Okafor", "Dana Whitfield", "Kenji Mori", "Priya Raman")
COORDINATOR = "Dana Whitfield"
APP_CONVERSATION = "app"
"""How the Slack page's address names the DM with the app."""

BUTTONS = (
    ("2m", "2 minutes"),
    ("1h", "1 hour"),
    ("8h", "8 hours"),
    ("24h", "24 hours"),
    ("7d", "7 days"),
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

_CONFIG = web.AppKey("start_config", SandboxConfig)
_CLOCK = web.AppKey("start_clock", Clock)
_TEMPLATES = web.AppKey("start_templates", Environment)


def create_app(config: SandboxConfig, clock: Clock | None = None) -> web.Application:
    """The start page of a sandbox with these settings."""
    app = web.Application()
    app[_CONFIG] = config
    app[_CLOCK] = clock or Clock(config.temporal_address, config.temporal_namespace)
    app[_TEMPLATES] = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined
    )
    app.router.add_get("/", _page)
    app.router.add_get("/clock", _read_clock)
    app.router.add_get("/clock/skip", _last_skip)
    app.router.add_post("/clock/skip", _skip)
    app.router.add_get("/health", _health)
    app.router.add_static("/page", _PAGE)
    app.on_response_prepare.append(_protect)
    return app


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    config = request.config_dict[_CONFIG]
    shown = " ".join(_both_names(config, config.form_url, config.slack_url, config.airtable_url))
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src {shown}",
    )
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")


def _both_names(config: SandboxConfig, *urls: str) -> list[str]:
    return [*urls, *(url.replace(f"//{config.host}:", "//localhost:") for url in urls)]


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True, "name": "start"})


async def _page(request: web.Request) -> web.Response:
    return await _show(request)


async def _show(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    clock, clocks = request.app[_CLOCK], []
    try:
        clocks = await clock.read()
    except ClockError as error:
        problem, status = str(error), 503
    told = clock.last if "told" in request.query else None
    config = request.app[_CONFIG]
    html = (
        request.app[_TEMPLATES]
        .get_template("index.html")
        .render(
            config=config,
            mentee=by_name(MENTEE),
            mentors=[by_name(name) for name in MENTORS],
            coordinator=by_name(COORDINATOR),
            slack=lambda person, channel: _slack(config, person.slack_id, channel),
            app_conversation=APP_CONVERSATION,
            mentors_channel=MENTORS_ID,
            coordinators_channel=COORDINATORS_ID,
            buttons=BUTTONS,
            workflows=f"{config.temporal_ui_url}/namespaces/{config.temporal_namespace}/workflows",
            clock=_clock_in_words(clocks),
            told=_skip_in_words(told) if told else "",
            problem=problem,
        )
    )
    return web.Response(text=html, content_type="text/html", status=status)


def _slack(config: SandboxConfig, user: str, channel: str) -> str:
    return f"{config.slack_url}/?user={user}&channel={channel}&embed=1"


async def _read_clock(request: web.Request) -> web.Response:
    clock = request.app[_CLOCK]
    try:
        clocks = await clock.read()
    except ClockError as error:
        return _cannot(str(error), 503)
    return web.json_response(
        {
            "ok": True,
            "summary": _clock_in_words(clocks),
            "requests": [
                {
                    "workflow_id": one.workflow_id,
                    "now": one.now.isoformat(timespec="seconds"),
                    "ahead_seconds": round(one.ahead.total_seconds()),
                }
                for one in clocks
            ],
        }
    )


async def _last_skip(request: web.Request) -> web.Response:
    """How far the latest skip is, or that it is over; null when there was none."""
    return web.json_response({"ok": True, "skip": _as_json(request.app[_CLOCK].last)})


async def _skip(request: web.Request) -> web.Response:
    """JSON `{"hours": 8}` (minutes, hours, days) is answered with JSON, a form with the page."""
    is_form = request.content_type == "application/x-www-form-urlencoded"
    try:
        by = _span_of_form(await request.post()) if is_form else _span(await request.json())
        skip = await request.app[_CLOCK].skip(by)
    except (LookupError, ValueError, TypeError, OverflowError):
        return await _refuse(request, is_form, "Say how far, for example 8 hours.", 400)
    except ClockError as error:
        return await _refuse(request, is_form, str(error), 503)
    if is_form:
        raise web.HTTPSeeOther("/?told=1#clock")
    return web.json_response({"ok": not skip.problems, **(_as_json(skip) or {})})


async def _refuse(request: web.Request, is_form: bool, problem: str, status: int) -> web.Response:
    if is_form:
        return await _show(request, problem, status)
    return _cannot(problem, status)


def _cannot(problem: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "message": problem}, status=status)


def _span(wish: Any) -> timedelta:
    """Raises: ValueError, TypeError, OverflowError: it can't be understood."""
    if not isinstance(wish, dict) or not wish or not set(wish) <= set(_UNITS.values()):
        raise ValueError("minutes, hours or days")
    return timedelta(**{unit: float(number) for unit, number in wish.items()})


def _span_of_form(fields: Mapping[str, Any]) -> timedelta:
    """One of the buttons (`skip=8h`), or the free choice (`amount` and `unit`)."""
    chosen = str(fields.get("skip", ""))
    amount, unit = (chosen[:-1], chosen[-1:]) if chosen else (fields["amount"], fields["unit"])
    return _span({_UNITS.get(str(unit), "?"): amount})


def _as_json(skip: Skip | None) -> dict[str, Any] | None:
    if skip is None:
        return None
    return {
        "seconds": round(skip.by.total_seconds()),
        "total": skip.total,
        "moved": skip.moved,
        "mentors": skip.mentors,
        "problems": skip.problems,
        "over": skip.over,
        "summary": _skip_in_words(skip),
    }


def _skip_in_words(skip: Skip) -> str:
    by = in_words(skip.by)
    if not skip.total and not skip.problems:
        return _nobody_asks(skip)
    if not skip.over:
        return f"Moving ahead by {by}: {skip.moved} of {skip.total} done."
    requests = "1 open request" if skip.total == 1 else f"{skip.total} open requests"
    done = f"{by} passed for {requests}."
    return " ".join([done, *skip.problems]) if not skip.problems else " ".join(skip.problems)


def _nobody_asks(skip: Skip) -> str:
    if not skip.over:
        return "No request is open. Looking for mentors who are due for something."
    if not skip.mentors:
        return "No request is open, so there was no clock to move."
    mentors = "1 mentor" if skip.mentors == 1 else f"{skip.mentors} mentors"
    return f"{in_words(skip.by)} passed for {mentors}. No request is open."


def _clock_in_words(clocks: list[RequestClock]) -> str:
    if not clocks:
        return "No request is open right now."
    ahead = [one.ahead for one in clocks if one.ahead]
    opened = "1 open request" if len(clocks) == 1 else f"{len(clocks)} open requests"
    if not ahead:
        return f"{opened}, at the real time."
    low, high = in_words(_about(min(ahead))), in_words(_about(max(ahead)))
    span = low if low == high else f"{low} to {high}"
    if len(ahead) == len(clocks):
        return f"{opened}, {span} ahead of the real time."
    return f"{opened}: {len(ahead)} of them {span} ahead, the others at the real time."


def _about(span: timedelta) -> timedelta:
    """Rounded: clocks that were moved together differ by the seconds that it took."""
    minutes = span.total_seconds() / 60
    return timedelta(minutes=round(minutes, -1) if minutes > 120 else round(minutes))
