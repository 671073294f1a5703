"""Ports for processes that must be told theirs before they listen.

The system gives outgoing connections ports from its own range at any moment, so a "free" port from
there may be taken before a server comes to it. These lie below that range, and no two of the
processes that run the tests share any.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

FIRST, EACH = 20_000, 1_200
"""Ten runners have room below 32,768, where Linux begins to give ports to connections."""


def _candidates() -> Iterator[int]:
    runner = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    begin = os.getpid() * 37 % EACH  # another run of the tests may go on beside this one
    while True:
        for step in range(EACH):
            yield FIRST + runner * EACH + (begin + step) % EACH


_untried = _candidates()


def free_port() -> int:
    """A port on loopback that nobody listens on, and that no caller gets again soon."""
    for port in _untried:
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("candidates never end")
