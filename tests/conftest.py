"""What every test stands on: no network beyond this machine, one Temporal server."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import hypothesis
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.temporal import start_server

hypothesis.settings.register_profile("muster", deadline=None)  # machines may be busy
hypothesis.settings.load_profile("muster")

signal.signal(signal.SIGINT, signal.default_int_handler)
"""Shells start what runs in the background deaf to Ctrl-C, and processes that tests start are heirs
of that."""


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Any attempt to reach another machine fails the test that makes it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}: only loopback is allowed")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """The real server, with our search attributes; each workflow's clock can be moved."""
    async with await start_server() as environment:
        yield environment
