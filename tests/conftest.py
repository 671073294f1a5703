"""What every test stands on: no network beyond this machine, one Temporal server."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.temporal import start_server

SLOW_FIRST = ("crash", "system", "workflows", "local", "sandbox")
"""Rooms whose tests wait for servers, the slowest first: what begins last keeps no worker busy
while the others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order in which workers should take them (``--no-loadscope-reorder``)."""
    place = {room: number for number, room in enumerate(SLOW_FIRST)}
    here = Path(__file__).parent

    def turn(item: pytest.Item) -> int:
        room = item.path.relative_to(here).parts[0]
        return place.get(room, len(place))

    items.sort(key=turn)


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
