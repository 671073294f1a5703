"""Whatever goes wrong becomes a page in plain words; the unknown gets a reference and a log."""

from __future__ import annotations

import logging
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler

from clients.requests import TemporalAwayError
from records.errors import RecordsAwayError
from starter.pages import message

_log = logging.getLogger(__name__)

_WORDS: dict[int, tuple[str, ...]] = {
    400: (
        "We couldn’t read what arrived",
        "It was cut short or garbled on its way. Go back and send it again.",
    ),
    404: (
        "There is no such page",
        "Check the address, or go to the request form.",
    ),
    405: (
        "This page can’t be used like that",
        "Go to the request form and start from there.",
    ),
    413: (
        "That is too much text",
        "The details may have 3,000 characters. Nothing was sent. Go back: your browser "
        "usually still has what you typed. Shorten it and send it again.",
    ),
    415: (
        "We couldn’t read what arrived",
        "Please send the request with our form.",
    ),
}


@web.middleware
async def say_it_plainly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn errors into pages; redirects pass."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = _in_words(request, error.status)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except web.RequestPayloadError:
        return _in_words(request, 400)
    except (TemporalAwayError, RecordsAwayError) as error:
        _log.warning("%s answered with 503: %s", _route(request), error.__cause__ or error)
        return message(
            request,
            "We’ll be back in a moment",
            "Something that we need isn’t answering right now. Nothing is lost.",
            "Wait a minute, then load this page again.",
            status=503,
            link=(request.path_qs if request.method == "GET" else "/", "Try again"),
        )
    except Exception:
        reference = secrets.token_hex(4)
        _log.exception("reference %s: %s failed", reference, _route(request))
        return message(
            request,
            "Something went wrong on our side",
            "We’re sorry. Please try again in a few minutes.",
            f"If it happens again, tell a coordinator this reference: {reference}",
            status=500,
        )


def _in_words(request: web.Request, status: int) -> web.Response:
    title, *words = _WORDS.get(status, _WORDS[400])
    return message(request, title, *words, status=status)


def _route(request: web.Request) -> str:
    """The route without what stands in the address: signed links stay out of the log."""
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical if resource else 'unknown address'}"
