"""Serving a web application as a process: the port first, everything else after it."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web

SHUTDOWN_SECONDS = 5
"""For requests and clicks under way when the process is asked to stop."""


def serve(
    build: Callable[[], Awaitable[web.Application]], host: str, port: int, *, settings: str
) -> None:
    """Build and serve the application until SIGINT or SIGTERM.

    The port is taken before ``build`` opens any client, so that a second process beside the first
    ends at once.

    Raises:
        SystemExit: the port can't be taken; the sentence names ``settings``, the beginning that the
            settings of host and port share.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    listener = _listener(host, port, settings)
    web.run_app(
        build(),
        sock=listener,
        shutdown_timeout=SHUTDOWN_SECONDS,
        access_log=None,  # addresses of status pages are secrets
        print=lambda *_: None,
        auto_decompress=False,  # neither browsers nor Slack compress; nothing is inflated
    )


def _listener(host: str, port: int, settings: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is taken. Set {settings}_PORT to another one.")
        sys.exit(
            f"Can't listen on {host}, port {port}: {error.strerror}. "
            f"Correct {settings}_HOST or {settings}_PORT."
        )
