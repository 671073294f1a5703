"""A web process that can't have its port says which settings to change, and opens nothing."""

from __future__ import annotations

import socket

import pytest
from aiohttp import web

from serving import serve
from tests.ports import free_port

ELSEWHERE = "203.0.113.7"
"""No machine has this address (RFC 5737)."""


async def _open_everything() -> web.Application:
    raise AssertionError("clients were opened")


def test_a_taken_port_is_named_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            serve(_open_everything, "127.0.0.1", port, settings="SLACK_APP")
    assert end.value.code == f"Port {port} is taken. Set SLACK_APP_PORT to another one."


@pytest.mark.parametrize("host", [ELSEWHERE, "::g"])
def test_an_address_that_is_not_this_machines_is_named_with_its_settings(host: str) -> None:
    with pytest.raises(SystemExit) as end:
        serve(_open_everything, host, free_port(), settings="WEB")
    assert str(end.value.code).startswith(f"Can't listen on {host}, port ")
    assert str(end.value.code).endswith("Correct WEB_HOST or WEB_PORT.")
