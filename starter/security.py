"""Headers that every answer carries, and how much anybody may send.

There is no session yet, so there is nothing for another site to ride on: a request is made by
naming an e-mail address and confirmed by a message to its owner, and a status page is opened by
its signed address alone. That address must not leak: no referrer, no cache, no access log.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

MAX_BODY = 256 * 1024
"""Bytes of a posted form; the longest sensible one has about 30 KiB."""


def content_security_policy(frame_ancestors: str) -> str:
    """Everything from this site only, nothing inline; ``frame_ancestors`` may show it in frames."""
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )


def protect(app: web.Application, frame_ancestors: str) -> None:
    """Put the headers on every answer of ``app``, errors and files included."""
    headers = {
        "Content-Security-Policy": content_security_policy(frame_ancestors),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    async def add(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")

    app.on_response_prepare.append(add)


@web.middleware
async def cache_files(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Files are asked for by their content's hash: a browser may keep them."""
    response = await handler(request)
    if request.path.startswith("/static/") and "v" in request.query and response.status == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
