"""The JSON API for another site's front end: who and what can be chosen. Nothing here is private.

Every answer is JSON; errors are problem details (RFC 9457). Pages of the sites in
``WEB_API_ORIGINS`` may read it from people's browsers (CORS), without credentials.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC
from http import HTTPStatus

from aiohttp import ETag, hdrs, web
from aiohttp.typedefs import Handler

from clients.requests import TemporalAwayError
from domain.models import Mentor, Service, Skill
from domain.skills import SkillIndex, distinct, skill_key
from records.errors import RecordsAwayError
from starter.mentors import mentors_now
from starter.offer import by_name, selectable
from starter.pages import RETRY_AFTER_SECONDS
from starter.parts import PARTS, Parts

PATH = "/api/v1"
GOOD_FOR = 60
"""Seconds for which a browser or a cache may keep an answer."""
PREFLIGHT_GOOD_FOR = 600
ORIGINS = web.AppKey("ORIGINS", frozenset[str])

_METHODS = "GET, HEAD, OPTIONS"
_DETAILS = {
    400: "What arrived couldn't be read.",
    404: f"There is no such address. See {PATH}/mentors, {PATH}/services and {PATH}/skills.",
    405: f"Only {_METHODS} are understood here.",
}
_log = logging.getLogger(__name__)


def create_api(origins: frozenset[str]) -> web.Application:
    """What is served below ``PATH``; its handlers find their parts in the application above."""
    api = web.Application(middlewares=[_in_json])
    api[ORIGINS] = origins
    for name, read in (("mentors", _mentors), ("services", _services), ("skills", _skills)):
        api.router.add_get(f"/{name}", _cached(name, read))
        api.router.add_options(f"/{name}", _preflight)
    return api


# ---- what can be read -----------------------------------------------------------------------

_Entries = list[dict[str, object]]


async def _mentors(parts: Parts, request: web.Request) -> _Entries:
    """Those who can be chosen now; ``?skill=`` and ``?service=`` may come several times, and all
    of them must fit."""
    now = parts.now()
    found = selectable((await mentors_now(parts.catalog, parts.roster, now)).mentors, now)
    wanted = [one for one in request.query.getall("skill", []) if one.strip()]
    if wanted:
        index = SkillIndex(await parts.catalog.skills())
        found = [
            one for one in found if index.canonical_all(wanted) <= index.canonical_all(one.skills)
        ]
    services = {key for one in request.query.getall("service", []) if (key := skill_key(one))}
    found = [one for one in found if services <= set(map(skill_key, one.services))]
    return [_mentor(one) for one in by_name(found)]


def _mentor(mentor: Mentor) -> dict[str, object]:
    """What anybody may know: never e-mail, Slack id, load or when they were seen."""
    return {
        "id": mentor.record_id,
        "name": mentor.name,
        "skills": mentor.skills,
        "services": mentor.services,
    }


async def _services(parts: Parts, _: web.Request) -> _Entries:
    def entry(service: Service) -> dict[str, object]:
        return {
            "name": service.name,
            "description": service.description,
            "needs_session": service.needs_session,
        }

    return [entry(service) for service in await parts.catalog.services()]


async def _skills(parts: Parts, _: web.Request) -> _Entries:
    def entry(skill: Skill) -> dict[str, object]:
        return {"name": skill.name, "aliases": skill.aliases}

    return sorted(
        map(entry, distinct(await parts.catalog.skills())),
        key=lambda one: str(one["name"]).casefold(),
    )


# ---- how it is answered ---------------------------------------------------------------------


def _cached(name: str, read: Callable[[Parts, web.Request], Awaitable[_Entries]]) -> Handler:
    """``{name: […], "as_of": …}`` with a validator: unchanged, it is not sent again."""

    async def answer(request: web.Request) -> web.Response:
        parts = request.config_dict[PARTS]
        entries = await read(parts, request)
        tag = ETag(_digest(entries), is_weak=True)  # weak: "as_of" is not part of it
        if _has_it(request.if_none_match or (), tag):
            response = web.Response(status=304)
        else:
            as_of = parts.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            response = web.json_response({name: entries, "as_of": as_of}, dumps=_dumps)
        response.etag = tag
        response.headers[hdrs.CACHE_CONTROL] = f"public, max-age={GOOD_FOR}"
        return response

    return answer


def _has_it(known: Iterable[ETag], tag: ETag) -> bool:
    return any(one.value in (tag.value, "*") for one in known)


def _digest(entries: _Entries) -> str:
    return hashlib.sha256(_dumps(entries).encode()).hexdigest()[:32]


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=204, headers={hdrs.ALLOW: _METHODS})


@web.middleware
async def _in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = _problem(error.status, _DETAILS.get(error.status, error.reason))
        if hdrs.ALLOW in error.headers:
            response.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
    except (TemporalAwayError, RecordsAwayError) as error:
        _log.warning("%s answered with 503: %s", request.path, error.__cause__ or error)
        response = _problem(503, "The list can't be read just now. Ask again in a moment.")
        response.headers[hdrs.RETRY_AFTER] = str(RETRY_AFTER_SECONDS)
    except Exception:
        reference = secrets.token_hex(4)
        _log.exception("reference %s: %s %s failed", reference, request.method, request.path)
        response = _problem(500, f"Tell whoever runs Muster this reference: {reference}")
    _share(request, response)
    return response


def _problem(status: int, detail: str) -> web.Response:
    return web.json_response(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        },
        status=status,
        content_type="application/problem+json",
    )


def _share(request: web.Request, response: web.StreamResponse) -> None:
    """Let the pages of named sites read the answer; what is sent does not depend on the site."""
    response.headers[hdrs.VARY] = hdrs.ORIGIN
    origin = request.headers.get(hdrs.ORIGIN, "")
    if origin not in request.config_dict[ORIGINS]:
        return
    response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
    response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = f"{hdrs.ETAG}, {hdrs.RETRY_AFTER}"
    if request.method == hdrs.METH_OPTIONS:
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = _METHODS
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = hdrs.IF_NONE_MATCH
        response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = str(PREFLIGHT_GOOD_FOR)
