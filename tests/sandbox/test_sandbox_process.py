"""`python -m sandbox` as a process: starts everything, stops cleanly, and names a taken port."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sandbox.config import ConfigError, load

ROOT = Path(__file__).parents[2]


def settings(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment with ephemeral ports and state of its own."""
    ports = {f"SANDBOX_{name}_PORT": "0" for name in ("SLACK", "AIRTABLE", "START")}
    return {**os.environ, **ports, "SANDBOX_STATE_DIR": str(tmp_path), **more}


@contextmanager
def sandbox(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=60)


def addresses(process: subprocess.Popen[str]) -> dict[str, str]:
    """The addresses that the process prints as its servers begin to answer."""
    assert process.stdout is not None
    lines = (process.stdout.readline().strip() for _ in range(3))
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_three_servers_answer_and_a_signal_stops_them_cleanly(
    tmp_path: Path, number: signal.Signals
) -> None:
    with sandbox(settings(tmp_path)) as process:
        found = addresses(process)
        for name in ("Slack stand-in", "Airtable stand-in"):
            health = requests.get(found[name] + "_sandbox/health", timeout=60).json()
            assert health["ok"]
        assert requests.get(found["start page"] + "health", timeout=60).ok
        # An open stream of the grid page must not hold the stop up.
        stream = requests.get(found["Airtable stand-in"] + "grid/events", stream=True, timeout=60)
        assert next(stream.iter_lines()).startswith(b"data:")
        process.send_signal(number)
        _, problems = process.communicate(timeout=60)
        stream.close()
    assert (process.returncode, problems) == (0, "")
    assert (tmp_path / "airtable.sqlite3").exists()


def test_taken_port_is_named_with_the_setting_to_change(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with sandbox(settings(tmp_path, SANDBOX_AIRTABLE_PORT=port)) as process:
            _, problems = process.communicate(timeout=60)
    assert process.returncode == 2
    assert len(problems.splitlines()) == 1
    assert f"127.0.0.1:{port}" in problems
    assert "SANDBOX_AIRTABLE_PORT" in problems


@pytest.mark.parametrize(
    ("name", "value"),
    [("SANDBOX_SLACK_PORT", "http"), ("SANDBOX_START_PORT", "70000"), ("SANDBOX_RATE_LIMITS", "?")],
)
def test_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({name: value})


def test_settings_have_defaults_and_are_read_from_the_environment(tmp_path: Path) -> None:
    config = load({})
    assert (config.slack_port, config.airtable_port, config.start_port) == (8610, 8611, 8600)
    assert config.airtable.rate_limits
    changed = load({"SANDBOX_STATE_DIR": str(tmp_path), "SANDBOX_RATE_LIMITS": "off"})
    assert changed.airtable.database == tmp_path / "airtable.sqlite3"
    assert changed.slack.database == tmp_path / "slack.sqlite3"
    assert not changed.slack.rate_limits
