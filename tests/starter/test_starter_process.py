"""``python -m starter`` as operators run it: real clients, both stand-ins, and no Temporal."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from domain.links import Links
from sandbox import airtable, slack
from sandbox.config import AIRTABLE_BASE_ID, AirtableStandInConfig, SlackStandInConfig
from sandbox.people import by_name
from sandbox.slack.identity import COORDINATORS_ID
from tests.ports import free_port
from tests.starter.house import FILLED, Page

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def starter(
    cwd: Path, **variables: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, aiohttp.ClientSession]]:
    """The process, and a session on its address; ended by SIGTERM if it still runs."""
    port = variables.setdefault("WEB_PORT", str(free_port()))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "starter",
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            yield process, session
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), 60)


async def answers(process: asyncio.subprocess.Process, session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(60):
        while process.returncode is None:
            try:
                async with session.get("/health") as health:
                    assert health.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"ended with {process.returncode}")


def variables(slack_url: str, airtable_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": SlackStandInConfig().bot_token,
        "SLACK_SIGNING_SECRET": SlackStandInConfig().signing_secret,
        "SLACK_MENTORS_CHANNEL": "C1",
        "SLACK_COORDINATORS_CHANNEL": "C2",
        "SLACK_BASE_URL": slack_url,
        "AIRTABLE_TOKEN": AirtableStandInConfig().token,
        "AIRTABLE_BASE_ID": AIRTABLE_BASE_ID,
        "AIRTABLE_ENDPOINT_URL": airtable_url,
        "LINK_SIGNING_KEYS": "a key that only tests know",
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
    }


async def test_it_starts_without_temporal_says_so_in_the_form_and_stops_cleanly(
    tmp_path: Path,
) -> None:
    async with (
        TestServer(slack.create_app(SlackStandInConfig())) as slack_server,
        TestServer(airtable.create_app(AirtableStandInConfig())) as airtable_server,
        starter(
            tmp_path,
            **variables(
                str(slack_server.make_url("/api/")), str(airtable_server.make_url("")).rstrip("/")
            ),
        ) as (process, session),
    ):
        await answers(process, session)
        form = await Page.read(await session.get("/"))
        assert form.status == 200
        assert len(form.fields.offered["service"]) == 6
        assert len(form.fields.offered["mentor"]) > 50

        filled = {**FILLED, "email": by_name("Riley Santos").email}
        typed = {"submission": form.value("submission"), **filled}
        page = await Page.read(await session.post("/", data=typed))
        assert page.status == 503
        assert "Nothing was sent" in page.text
        assert page.value("details") == FILLED["details"]

        squeezed = {
            "Content-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with session.post("/", data=b"\xff not gzip", headers=squeezed) as answer:
            assert answer.status == 400

        process.send_signal(signal.SIGTERM)
        _, stderr = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0
        assert b"Traceback" not in stderr
        assert by_name("Riley Santos").email.encode() not in stderr


async def test_coordinators_see_the_roster_and_other_sites_the_list_also_without_temporal(
    tmp_path: Path,
) -> None:
    async with (
        TestServer(slack.create_app(SlackStandInConfig())) as slack_server,
        TestServer(airtable.create_app(AirtableStandInConfig())) as airtable_server,
    ):
        settings = variables(
            str(slack_server.make_url("/api/")), str(airtable_server.make_url("")).rstrip("/")
        )
        settings["SLACK_COORDINATORS_CHANNEL"] = COORDINATORS_ID
        async with starter(tmp_path, **settings) as (process, session):
            await answers(process, session)
            links, now = Links([settings["LINK_SIGNING_KEYS"]]), datetime.now(UTC)
            dana, riley = by_name("Dana Whitfield").slack_id, by_name("Riley Santos").slack_id
            page = await Page.read(await session.get(links.roster_path(dana, now)))
            assert page.status == 200
            assert "82 mentors" in page.text
            assert "so this is what Airtable says" in page.text
            assert page.html.count('scope="row"') == 82
            refused = await Page.read(await session.get(links.roster_path(riley, now)))
            assert refused.status == 403

            async with session.get("/api/v1/mentors") as answer:
                listed = (await answer.json())["mentors"]
            form = await Page.read(await session.get("/"))
            assert [one["id"] for one in listed] == form.fields.offered["mentor"][1:]
            assert "@" not in str(listed)


async def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        away = f"http://127.0.0.1:{free_port()}"
        async with starter(tmp_path, WEB_PORT=port, **variables(away, away)) as (process, _):
            _, stderr = await asyncio.wait_for(process.communicate(), 60)
            assert process.returncode == 1
            assert stderr.decode().strip() == f"Port {port} is taken. Set WEB_PORT to another one."


@pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "AIRTABLE_BASE_ID", "LINK_SIGNING_KEYS"])
async def test_a_missing_setting_is_named(tmp_path: Path, missing: str) -> None:
    given = variables("http://127.0.0.1:1/", "http://127.0.0.1:1")
    del given[missing]
    async with starter(tmp_path, **given) as (process, _):
        _, stderr = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 2
        assert f"Setting {missing}:" in stderr.decode()
        assert "Traceback" not in stderr.decode()


async def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    given = variables("http://127.0.0.1:1/", "http://127.0.0.1:1")
    async with starter(tmp_path, **{**given, "LINK_SIGNING_KEYS": "short"}) as (process, _):
        _, stderr = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 2
        assert stderr.decode().startswith("Setting LINK_SIGNING_KEYS:")
        assert "at least one key of 16 or more characters" in stderr.decode()
        assert "Traceback" not in stderr.decode()
