"""Whole pages: rendering, and the plain page that says one thing."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp_jinja2
from aiohttp import web

RETRY_AFTER_SECONDS = 15


def page(
    request: web.Request, template: str, context: Mapping[str, object], *, status: int = 200
) -> web.Response:
    """A rendered template; one with status 503 says when to try again."""
    response = aiohttp_jinja2.render_template(template, request, context, status=status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def message(
    request: web.Request,
    title: str,
    *words: str,
    status: int = 200,
    link: tuple[str, str] = ("/", "Go to the request form"),
) -> web.Response:
    """A page with a title, some sentences and one way on: (address, what it says)."""
    context = {"title": title, "words": words, "link": link}
    return page(request, "message.html", context, status=status)
