"""The status page behind a signed link, and cancelling from it."""

from __future__ import annotations

import logging

from aiohttp import web

from clients.requests import RequestGoneError
from domain.links import BadLinkError, LinkTarget
from domain.messages import Cancel
from domain.models import Status
from domain.view import RequestView
from starter.clock import moment
from starter.pages import message, page
from starter.parts import PARTS
from starter.progress import standing

_log = logging.getLogger(__name__)


async def show_status(request: web.Request) -> web.Response:
    """Looks only; nothing that opens a link changes a request."""
    parts = request.app[PARTS]
    try:
        target = _target(request)
        view = await parts.requests.view(target.request_id)
    except BadLinkError:
        return _no_request(request)
    except RequestGoneError:
        return message(
            request,
            "This request was finished long ago",
            "We keep the course of a request for 90 days after its end.",
            "You can ask for a mentor again whenever you like.",
            status=410,
            link=("/", "Ask for a mentor"),
        )
    if view.mentee.slack_id != target.slack_id:
        return _no_request(request)
    context = {
        "view": view,
        "standing": standing(view, parts.policy),
        "submitted": moment(view.submitted_at, view.mentee.time_zone),
        "cancel_path": _path(request, "cancel"),
        "flash": _flash(request.query.get("said", ""), view),
    }
    return page(request, "status.html", context)


async def cancel(request: web.Request) -> web.Response:
    """The signed address is what entitles to it: it was sent to the mentee alone."""
    parts = request.app[PARTS]
    said = "cancel"
    try:
        target = _target(request)
        view = await parts.requests.view(target.request_id)
        if view.mentee.slack_id != target.slack_id:
            return _no_request(request)
        await parts.requests.decide(target.request_id, Cancel(by=target.slack_id))
        _log.info("request %s: cancelled from its status page", target.request_id)
    except BadLinkError:
        return _no_request(request)
    except RequestGoneError:
        said = "over"
    raise web.HTTPSeeOther(f"{_path(request, 'status')}?said={said}")


def _target(request: web.Request) -> LinkTarget:
    return request.app[PARTS].links.read_status_token(request.match_info["token"])


def _path(request: web.Request, route: str) -> str:
    return str(request.app.router[route].url_for(token=request.match_info["token"]))


def _no_request(request: web.Request) -> web.Response:
    """The same words for every link that opens nothing: they tell a guesser nothing."""
    return message(
        request,
        "This link doesn’t open a request",
        "Open it once more from the message in Slack: sometimes a part gets lost in copying.",
        status=404,
    )


def _flash(said: str, view: RequestView) -> str:
    """A word about the click that led here, unless the page itself says it."""
    if said == "cancel" and not view.status.is_final:
        return "We have your cancellation. This page shows it in a moment."
    if said == "over" and view.status is not Status.CANCELLED:
        return "This request was already finished, so there was nothing to cancel."
    return ""
