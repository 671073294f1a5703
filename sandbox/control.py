"""What both stand-ins offer to tests and to whoever tries things out, under `/_sandbox`.

Faults on demand, a log of the requests with counts, reset, seed, and the switch for rate limits.
A stand-in calls `install` with `Hooks` that say how to name a request and how to reset itself.
"""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from aiohttp import web

LOG_LENGTH = 5_000
"""How many requests the log keeps; the counts go on."""

Kind = Literal["status", "latency", "drop_after", "drop_before", "error"]


@dataclass(frozen=True)
class Call:
    """A request in the words of the API: `chat.postMessage`, `PATCH records (upsert)`."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    """What faults match on and the log keeps; never the token."""


@dataclass(frozen=True)
class Hooks:
    """What a stand-in gives to its controls."""

    name: str
    identify: Callable[[web.Request], Awaitable[Call | None]]
    """The API call that a request makes; None for pages and whatever else isn't the API."""
    error: Callable[[str, int | None], web.Response]
    """An error of the given code (and status, where asked for) in the API's own shape."""
    reset: Callable[[], Awaitable[None]]
    """Throw the state away and seed again."""
    seed: Callable[[], Awaitable[None]]
    """Seed what is missing."""
    limit: Callable[[bool], None]
    """Turn the rate limits on or off."""


@dataclass
class Fault:
    """Something that goes wrong on purpose; the fields are those of `POST /_sandbox/faults`."""

    id: str
    method: str
    kind: Kind
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    seconds: float = 0.0
    probability: float = 1.0
    count: int | None = None
    """How many more times it happens; None for ever."""
    match: dict[str, Any] = field(default_factory=dict)

    def fits(self, call: Call) -> bool:
        return self.method in ("*", call.name) and all(
            str(call.params.get(param)) == str(value) for param, value in self.match.items()
        )


class Faults:
    """The faults that are set, in the order in which they were."""

    def __init__(self, seed: int = 1) -> None:
        self._faults: dict[str, Fault] = {}
        self._released: dict[str, asyncio.Event] = {}
        self._random = random.Random(seed)  # noqa: S311  # repeatable, not secret
        self._next_id = 1

    def add(self, wish: Mapping[str, Any]) -> Fault:
        """Set a fault.

        Raises:
            ValueError: the wish can't be understood; the message says why.
        """
        unknown = set(wish) - set(Fault.__dataclass_fields__) | ({"id"} & set(wish))
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        if wish.get("kind") not in get_args(Kind):
            raise ValueError(f"kind must be one of: {', '.join(get_args(Kind))}")
        needed = {"status": "status", "latency": "seconds", "error": "error"}.get(wish["kind"])
        if needed and needed not in wish:
            raise ValueError(f"a fault of kind {wish['kind']} needs {needed!r}")
        fault = Fault(**{"id": f"fault{self._next_id}", "method": "*", **wish})
        if fault.count is not None and fault.count < 1:
            raise ValueError("count must be at least 1, or null for ever")
        if not 0 <= fault.probability <= 1:
            raise ValueError("probability must be from 0 to 1")
        self._next_id += 1
        self._faults[fault.id] = fault
        return fault

    def draw(self, call: Call) -> Fault | None:
        """The fault that this call meets, if any; uses up one of its count."""
        for fault in list(self._faults.values()):
            if not fault.fits(call) or self._random.random() >= fault.probability:
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    del self._faults[fault.id]
            return fault
        return None

    async def hold(self, fault: Fault) -> None:
        """Wait as long as the fault says, or until somebody releases what it holds."""
        released = self._released.setdefault(fault.id, asyncio.Event())
        with suppress(TimeoutError):
            await asyncio.wait_for(released.wait(), fault.seconds)

    def release(self, fault_id: str) -> None:
        """Let calls go on that a fault of kind `latency` holds; for tests in the same process."""
        self._released.setdefault(fault_id, asyncio.Event()).set()

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults.values()]

    def remove(self, fault_id: str) -> bool:
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        self._faults.clear()


class RequestLog:
    """The API calls that arrived, newest last."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._entries: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)

    def add(self, call: Call, *, status: int | None, ms: float, fault: Fault | None) -> None:
        self.counts[call.name] += 1
        entry: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": call.name,
            "status": status,
            "ms": round(ms, 1),
            "params": dict(call.params),
        }
        if fault:
            entry["fault"] = fault.kind
        self._entries.append(entry)

    def entries(self, *, method: str | None = None, limit: int = 200) -> list[dict[str, Any]]:
        found = [entry for entry in self._entries if method in (None, entry["method"])]
        return found[-limit:] if limit > 0 else []

    def clear(self) -> None:
        self.counts.clear()
        self._entries.clear()


@dataclass
class Controls:
    """One stand-in's faults and log; tests in the same process may use it directly."""

    hooks: Hooks
    faults: Faults = field(default_factory=Faults)
    log: RequestLog = field(default_factory=RequestLog)


CONTROLS = web.AppKey("controls", Controls)


def install(app: web.Application, hooks: Hooks) -> Controls:
    """Add the middleware and the `/_sandbox` routes to a stand-in."""
    controls = Controls(hooks)
    app[CONTROLS] = controls
    app.middlewares.append(_faults_and_log)
    app.router.add_get("/_sandbox/health", _health)
    app.router.add_get("/_sandbox/requests", _requests)
    app.router.add_delete("/_sandbox/requests", _clear_requests)
    app.router.add_post("/_sandbox/faults", _add_fault)
    app.router.add_get("/_sandbox/faults", _list_faults)
    app.router.add_delete("/_sandbox/faults", _clear_faults)
    app.router.add_delete("/_sandbox/faults/{id}", _remove_fault)
    app.router.add_post("/_sandbox/reset", _reset)
    app.router.add_post("/_sandbox/seed", _seed)
    app.router.add_post("/_sandbox/limits", _limits)
    return controls


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _faults_and_log(request: web.Request, handler: Handler) -> web.StreamResponse:
    controls = request.config_dict[CONTROLS]
    if request.path.startswith("/_sandbox/"):
        return await handler(request)
    call = await controls.hooks.identify(request)
    if call is None:
        return await handler(request)
    fault = controls.faults.draw(call)
    started = time.perf_counter()
    status: int | None = None
    try:
        response = await _answer(request, handler, fault, controls)
        if fault is None or not fault.kind.startswith("drop"):
            status = response.status
        return response
    except web.HTTPException as answer:
        status = answer.status
        raise
    finally:
        elapsed = (time.perf_counter() - started) * 1000
        controls.log.add(call, status=status, ms=elapsed, fault=fault)


async def _answer(
    request: web.Request, handler: Handler, fault: Fault | None, controls: Controls
) -> web.StreamResponse:
    match fault:
        case Fault(kind="status"):
            return _canned(fault)
        case Fault(kind="error", error=code, status=status):
            return controls.hooks.error(code or "", status)
        case Fault(kind="latency"):
            await controls.faults.hold(fault)
            return await handler(request)
        case Fault(kind="drop_before"):
            return _hang_up(request)
        case Fault(kind="drop_after"):
            await handler(request)
            return _hang_up(request)
        case _:
            return await handler(request)


def _canned(fault: Fault) -> web.Response:
    if fault.body is None:
        text = "a fault on demand"
        return web.Response(status=fault.status or 500, headers=fault.headers, text=text)
    return web.json_response(fault.body, status=fault.status or 500, headers=fault.headers)


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection; the answer that is returned has nobody left to read it."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _controls(request: web.Request) -> Controls:
    return request.config_dict[CONTROLS]


def _done(**more: Any) -> web.Response:
    return web.json_response({"ok": True, **more})


def _refused(message: str, status: int = 400) -> web.Response:
    return web.json_response({"ok": False, "message": message}, status=status)


async def _json_object(request: web.Request) -> dict[str, Any] | None:
    try:
        wish = await request.json()
    except ValueError:
        return None
    return wish if isinstance(wish, dict) else None


async def _health(request: web.Request) -> web.Response:
    return _done(name=_controls(request).hooks.name)


async def _requests(request: web.Request) -> web.Response:
    log = _controls(request).log
    limit = request.query.get("limit", "200")
    if not limit.isdecimal():
        return _refused("limit must be a whole number")
    entries = log.entries(method=request.query.get("method"), limit=int(limit))
    return web.json_response({"counts": dict(log.counts), "requests": entries})


async def _clear_requests(request: web.Request) -> web.Response:
    _controls(request).log.clear()
    return _done()


async def _add_fault(request: web.Request) -> web.Response:
    wish = await _json_object(request)
    if wish is None:
        return _refused("the body must be a JSON object")
    try:
        fault = _controls(request).faults.add(wish)
    except (TypeError, ValueError) as problem:
        return _refused(str(problem))
    return web.json_response({"id": fault.id})


async def _list_faults(request: web.Request) -> web.Response:
    return web.json_response({"faults": _controls(request).faults.listed()})


async def _clear_faults(request: web.Request) -> web.Response:
    _controls(request).faults.clear()
    return _done()


async def _remove_fault(request: web.Request) -> web.Response:
    fault_id = request.match_info["id"]
    if not _controls(request).faults.remove(fault_id):
        return _refused(f"no fault {fault_id}; GET /_sandbox/faults lists those that are set", 404)
    return _done()


async def _reset(request: web.Request) -> web.Response:
    controls = _controls(request)
    controls.faults.clear()
    await controls.hooks.reset()
    controls.log.clear()
    return _done()


async def _seed(request: web.Request) -> web.Response:
    await _controls(request).hooks.seed()
    return _done()


async def _limits(request: web.Request) -> web.Response:
    wish = await _json_object(request)
    if wish is None or not isinstance(wish.get("enabled"), bool):
        return _refused('the body must be {"enabled": true} or {"enabled": false}')
    _controls(request).hooks.limit(wish["enabled"])
    return _done(enabled=wish["enabled"])
