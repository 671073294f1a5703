"""Pages for coordinators: a signed link says who opens them, Slack whether they coordinate.

The link was shown to one coordinator in App Home. That they still are in the coordinators' channel
is asked at each load, so that whoever leaves it sees no more after a minute.
"""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from clients.coordinators import CoordinatorsUnknownError
from domain.links import BadLinkError, ExpiredLinkError
from starter.pages import message
from starter.parts import PARTS

COORDINATOR = web.RequestKey("COORDINATOR", str)
"""Where an admitted request holds the Slack id of who it is."""

_NEW_LINK = (
    "In Slack, open Muster in the sidebar and choose Home: coordinators find a fresh link to the "
    "roster there."
)
_log = logging.getLogger(__name__)


def for_coordinators(handler: Handler) -> Handler:
    """Let only coordinators in whose link (``{token}`` in the address) is good."""

    async def admit(request: web.Request) -> web.StreamResponse:
        parts = request.app[PARTS]
        try:
            slack_id = parts.links.read_roster_token(request.match_info["token"], parts.now())
            admitted = await parts.coordinators.include(slack_id)
        except ExpiredLinkError:
            words = "Links to the roster are good for twelve hours."
            return message(request, "This link has expired", words, _NEW_LINK, status=410)
        except BadLinkError:
            return _no_link(request)
        except CoordinatorsUnknownError:
            return message(
                request,
                "We can’t see who coordinates right now",
                "Slack isn’t answering, and the roster is for coordinators only.",
                "Wait a minute, then load this page again.",
                status=503,
                link=(request.path_qs, "Try again"),
            )
        if not admitted:
            _log.warning("%s is no coordinator (any more): no roster for them", slack_id)
            words = "You see it once you are a member of the coordinators’ channel in Slack."
            return message(request, "The roster is for coordinators", words, status=403)
        request[COORDINATOR] = slack_id
        response = await handler(request)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return admit


async def show_no_link(request: web.Request) -> web.Response:
    """The roster's address without a link."""
    return _no_link(request)


def _no_link(request: web.Request) -> web.Response:
    """The same words for every link that opens nothing, and for none."""
    return message(
        request,
        "This link doesn’t open the roster",
        "Sometimes a part of a link gets lost in copying.",
        _NEW_LINK,
        status=403,
    )
