"""All of it on this machine, as `make up` and `make demo` start it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from local.config import ROOT, LocalSettings
from tests.local.processes import is_alive
from tests.ports import free_port

Start: TypeAlias = Callable[[str], subprocess.Popen[str]]
PATIENCE = 120


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of somebody with an empty home, on ports that are free."""
    base = tmp_path_factory.mktemp("machine")
    shell = {"PATH": os.environ["PATH"], "HOME": str(base), "MUSTER_STATE_DIR": str(base / "state")}
    for name, field in LocalSettings.model_fields.items():
        if field.annotation is int:
            shell[name.upper()] = str(free_port())
    yield shell
    for pid in running(shell):  # only after a failure
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def start(shell: dict[str, str]) -> Iterator[Start]:
    """Runs a command as make does, and ends it if the test has failed to."""
    started: list[subprocess.Popen[str]] = []

    def run(module: str) -> subprocess.Popen[str]:
        started.append(_run(module, shell))
        return started[-1]

    yield run
    for one in started:
        one.send_signal(signal.SIGTERM)
        one.communicate(timeout=PATIENCE)


def _run(module: str, shell: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=shell,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said_until(process: subprocess.Popen[str], words: str) -> str:
    """What it says up to a line with these words."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it never said {words!r}, but:\n{said}")


def running(shell: dict[str, str]) -> list[int]:
    note = Path(shell["MUSTER_STATE_DIR"]) / "running.json"
    if not note.exists():
        return []
    return [pid for pid, *_ in json.loads(note.read_text()).values() if is_alive(pid)]


def page(address: str, words: str) -> str:
    """What a page says, once it says these words; a worker that has just started may be slow."""
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - loopback
                found = str(answer.read().decode())
        except urllib.error.HTTPError as error:
            found = f"{error.code}: {error.read().decode()}"
        if words in found:
            return found
        assert time.monotonic() < deadline, f"{words!r} is not on {address}, but: {found[:2000]}"
        time.sleep(0.2)


@pytest.mark.timeout(2 * PATIENCE)
def test_the_demo_starts_everything_plays_one_request_and_stops_it_again(
    shell: dict[str, str], start: Start
) -> None:
    demo = start("local.demo")
    said, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 0, said
    assert re.search(r"Status +Completed", said)
    assert re.search(r"Outcome +Met", said)
    assert re.search(r"/workflows/mentorship-request%2FMR-[A-Z2-7]{10}\n", said)
    assert "\x1b[" not in said, "escape codes where there is no terminal"
    assert running(shell) == []


@pytest.mark.timeout(2 * PATIENCE)
def test_a_request_that_was_interrupted_goes_on_at_the_next_start(
    shell: dict[str, str], start: Start
) -> None:
    demo = start("local.demo")
    said_until(demo, "has it")
    demo.send_signal(signal.SIGINT)
    rest, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 130, rest
    assert running(shell) == []
    request = re.search(r"MR-[A-Z2-7]{10} was under way", rest)
    status = re.search(r"Status page +(\S+)", rest)
    assert request, rest
    assert status, rest

    up = start("local.up")
    said = said_until(up, "Ctrl-C stops it")
    start_page = re.search(r"Start here: +(\S+)", said)
    assert start_page, said

    request_id = request[0].split()[0]
    page(status[1], request_id)
    page(f"{start_page[1]}/clock", f"mentorship-request/{request_id}")
    body = json.dumps({"minutes": 2}).encode()
    skip = urllib.request.Request(  # noqa: S310 - loopback
        f"{start_page[1]}/clock/skip", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(skip, timeout=60) as answer:  # noqa: S310
        assert json.load(answer)["ok"]
    page(status[1], "You have a mentor")

    second = start("local.up")
    said, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0
    assert "running already" in said
    reset = start("local.reset")
    said, _ = reset.communicate(timeout=PATIENCE)
    assert reset.returncode == 1
    assert "Stop it first" in said

    pids = running(shell)
    assert len(pids) == 5
    up.send_signal(signal.SIGINT)
    said, _ = up.communicate(timeout=PATIENCE)
    assert up.returncode == 0, said
    assert not any(map(is_alive, pids))
    assert running(shell) == []


def test_a_busy_port_is_named_before_anything_starts(shell: dict[str, str], start: Start) -> None:
    with socket.create_server(("127.0.0.1", int(shell["WEB_PORT"]))):
        up = start("local.up")
        said, _ = up.communicate(timeout=PATIENCE)
    assert up.returncode == 1
    assert f"Port {shell['WEB_PORT']} is in use" in said
    assert "set WEB_PORT" in said
    assert "Temporal" not in said
