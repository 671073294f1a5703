"""Starting, watching and stopping processes."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from local.config import ROOT
from local.console import Console
from local.supervisor import RunningService, Service, ServiceFailedError, Supervisor
from tests.local.processes import is_alive, is_there, obedient, script, stubborn

PATIENCE = 60


async def test_stages_stop_in_the_reverse_of_the_order_in_which_they_started(
    tmp_path: Path,
) -> None:
    terminal = io.StringIO()
    async with Supervisor(tmp_path / "logs", Console(terminal)) as supervisor:
        await supervisor.start([obedient(tmp_path, "temporal")])
        await supervisor.start([obedient(tmp_path, "worker")])
        pids = [one.pid for one in supervisor.running.values()]
        assert all(map(is_alive, pids))

    assert (tmp_path / "order").read_text().split() == ["worker", "temporal"]
    assert not any(map(is_alive, pids))
    assert terminal.getvalue().index("temporal") < terminal.getvalue().index("worker")
    assert (tmp_path / "logs" / "worker.log").read_text() == "at work\n"


async def test_a_service_that_dies_is_named_with_its_last_words_and_what_to_do(
    tmp_path: Path,
) -> None:
    dying = script(
        tmp_path,
        "worker",
        "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('up'); "
        "print('the disk is full'); sys.exit(3)",
        advice="Make room and start again.",
    )
    async with Supervisor(tmp_path / "logs", Console(io.StringIO())) as supervisor:
        other = obedient(tmp_path, "temporal")
        await supervisor.start([other])
        with pytest.raises(ServiceFailedError) as failure:
            await supervisor.start([dying])
            await supervisor.until_failure()

    words = str(failure.value)
    assert "worker stopped by itself (exit code 3)" in words
    assert "the disk is full" in words
    assert "Make room and start again." in words
    assert str(tmp_path / "logs" / "worker.log") in words
    assert (tmp_path / "order").read_text() == "temporal\n"


async def test_a_service_that_is_killed_later_is_noticed(tmp_path: Path) -> None:
    async with Supervisor(tmp_path / "logs", Console(io.StringIO())) as supervisor:
        await supervisor.start([obedient(tmp_path, "worker")])
        os.kill(supervisor.running["worker"].pid, signal.SIGKILL)
        with pytest.raises(ServiceFailedError, match=r"worker stopped by itself \(signal SIGKILL"):
            await asyncio.wait_for(supervisor.until_failure(), PATIENCE)


async def test_a_service_that_never_gets_ready_is_named(tmp_path: Path) -> None:
    slow = script(tmp_path, "form", "import time; time.sleep(60)", ready_within=0.3)
    async with Supervisor(tmp_path / "logs", Console(io.StringIO())) as supervisor:
        with pytest.raises(ServiceFailedError, match="form did not answer in 0 s"):
            await supervisor.start([slow])


async def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    missing = Service("Temporal", [str(tmp_path / "temporal")], is_there(tmp_path / "never"))
    async with Supervisor(tmp_path / "logs", Console(io.StringIO())) as supervisor:
        with pytest.raises(ServiceFailedError, match="Temporal could not be started"):
            await supervisor.start([missing])


async def test_one_that_does_not_stop_is_ended_together_with_its_children(tmp_path: Path) -> None:
    async with Supervisor(tmp_path / "logs", Console(io.StringIO())) as supervisor:
        await supervisor.start([stubborn(tmp_path, "worker", stop_within=0.2)])
        pid = supervisor.running["worker"].pid
        child = int((tmp_path / "worker.child").read_text())
        assert is_alive(child)
    assert not is_alive(pid)
    await _eventually(lambda: not is_alive(child))


async def test_warnings_and_errors_reach_the_terminal_and_the_rest_only_the_log(
    tmp_path: Path,
) -> None:
    terminal = io.StringIO()
    code = (
        "import pathlib, sys, time; print('INFO all is well'); print('x' * 200_000);"
        "print('WARNING Slack is slow', flush=True);"
        "pathlib.Path(sys.argv[1]).write_text('up'); time.sleep(60)"
    )
    async with Supervisor(tmp_path / "logs", Console(terminal)) as supervisor:
        await supervisor.start([script(tmp_path, "worker", code)])
        await _eventually(lambda: "Slack is slow" in terminal.getvalue())
    assert "[worker] WARNING Slack is slow" in terminal.getvalue()
    assert "all is well" not in terminal.getvalue()
    assert "INFO all is well\n" in (tmp_path / "logs" / "worker.log").read_text()


async def test_whoever_keeps_notes_is_told_of_each_start_and_of_the_end(tmp_path: Path) -> None:
    told: list[list[str]] = []

    def note(running: dict[str, RunningService]) -> None:
        told.append(list(running))

    async with Supervisor(tmp_path / "logs", Console(io.StringIO()), on_change=note) as supervisor:
        await supervisor.start([obedient(tmp_path, "temporal"), obedient(tmp_path, "sandbox")])
    assert told == [["temporal"], ["temporal", "sandbox"], []]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_stops_everything_properly(tmp_path: Path, number: signal.Signals) -> None:
    system = await _system_of_processes(tmp_path)
    system.send_signal(number)
    assert await asyncio.to_thread(system.wait, PATIENCE) == 0
    assert (tmp_path / "order").read_text().split() == ["second", "first"]
    assert not any(is_alive(int((tmp_path / name).read_text())) for name in ("first", "second"))


async def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    (tmp_path / "be-stubborn").touch()
    system = await _system_of_processes(tmp_path)
    started = time.monotonic()
    system.send_signal(signal.SIGINT)
    await asyncio.sleep(0.2)  # two signals at the same instant would arrive as one
    system.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(system.wait, PATIENCE) == 0
    assert time.monotonic() - started < 10, "it waited as long as for a single Ctrl-C"
    assert not any(is_alive(int((tmp_path / name).read_text())) for name in ("first", "second"))


async def _system_of_processes(directory: Path) -> subprocess.Popen[bytes]:
    system = subprocess.Popen(
        [sys.executable, "-m", "tests.local.processes", str(directory)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    await _eventually((directory / "up").exists)
    return system


async def _eventually(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not happened():
            await asyncio.sleep(0.02)
