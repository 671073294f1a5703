"""The web application that Slack talks to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from slack_app import (
    case_files,
    commands,
    decisions,
    desk,
    desk_forms,
    errors,
    group_words,
    home,
    leftovers,
    mentor_forms,
    mentor_search,
    pair_forms,
    profile_form,
    profile_search,
    rest,
    seen,
    talk_form,
    typed_words,
)
from slack_app.office import Office
from slack_app.payloads import check_shape
from slack_app.refusals import MalformedError
from slack_app.workspace import Workspace

_bolt_log = logging.getLogger("slack_app.bolt")
_bolt_log.setLevel(logging.ERROR)  # its warnings are advice on its set-up, with parts of payloads

PARTS = (
    seen,
    errors,
    decisions,
    pair_forms,
    mentor_forms,
    rest,
    profile_form,
    profile_search,
    talk_form,
    desk,
    desk_forms,
    mentor_search,
    case_files,
    commands,
    typed_words,
    group_words,
    home,
    leftovers,
)
"""In the order in which they are asked: ``seen`` sees everything, ``leftovers`` must be last."""


def create_app(office: Office, *, signing_secret: str) -> web.Application:
    """POST /slack/events for events, interactivity and commands alike; GET /health."""
    workspace = Workspace(office.slack)
    door = _Door(_build_bolt(office, workspace), SignatureVerifier(signing_secret))
    app = web.Application()
    app.add_routes([web.post("/slack/events", door.receive), web.get("/health", _health)])
    app.cleanup_ctx.append(_meanwhile(workspace.get_known))
    app.cleanup_ctx.append(_meanwhile(lambda: office.sightings.keep_flushing(office.mentors)))
    app.on_shutdown.append(lambda _: office.errands.settle())
    app.on_shutdown.append(lambda _: office.sightings.flush(office.mentors))
    return app


def _build_bolt(office: Office, workspace: Workspace) -> AsyncApp:
    bolt = AsyncApp(
        name="muster",
        logger=_bolt_log,
        client=AsyncWebClient(),  # never used: listeners have the office's
        authorize=workspace,
        request_verification_enabled=False,  # _Door verifies before anything is parsed
        process_before_response=True,
    )
    for part in PARTS:
        part.register(bolt, office)
    return bolt


class _Door:
    """Lets in what Slack has signed within the last five minutes; nothing else is even parsed."""

    def __init__(self, bolt: AsyncApp, verifier: SignatureVerifier) -> None:
        self._bolt = bolt
        self._verifier = verifier

    async def receive(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except (web.RequestPayloadError, ConnectionResetError):  # garbled, or cut off
            return web.json_response({"error": "unreadable body"}, status=400)
        if not self._is_from_slack(body, request):
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            bolt_request = await to_bolt_request(request)
            check_shape(bolt_request.body)
        except (MalformedError, ValueError, LookupError, TypeError, AttributeError) as error:
            return await to_aiohttp_response(errors.malformed(error))
        return await to_aiohttp_response(await self._bolt.async_dispatch(bolt_request))

    def _is_from_slack(self, body: bytes, request: web.Request) -> bool:
        try:
            return self._verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError, OverflowError):  # not even well-formed
            return False


def _meanwhile(
    work: Callable[[], Coroutine[Any, Any, None]],
) -> Callable[[web.Application], AsyncIterator[None]]:
    """Runs beside the application, from its start to its end."""

    async def run(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(work())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return run


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True, "name": "slack_app"})
