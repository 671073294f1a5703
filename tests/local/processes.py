"""Small processes that stand in for Muster's parts, and a system of them to send signals to."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from local.console import Console
from local.stopping import StopSignals, run
from local.supervisor import Service, Supervisor

_OBEDIENT = """
import pathlib, signal, sys, time
note = pathlib.Path(sys.argv[1])
def stop(*_):
    with (note.parent / "order").open("a") as order:
        order.write(note.name + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("at work", flush=True)
note.write_text(str(__import__("os").getpid()))
while True:
    time.sleep(60)
"""

_STUBBORN = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
note = pathlib.Path(sys.argv[1])
note.with_suffix(".child").write_text(str(child.pid))
note.write_text(str(__import__("os").getpid()))
while True:
    time.sleep(60)
"""


def is_there(path: Path) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return path.exists() and bool(path.read_text())

    return look


def obedient(directory: Path, name: str, **more: Any) -> Service:
    """Stops when asked, and notes in ``order`` that it did."""
    return _service(_OBEDIENT, directory, name, **more)


def stubborn(directory: Path, name: str, **more: Any) -> Service:
    """Does not stop when asked, and has a child of its own."""
    return _service(_STUBBORN, directory, name, **more)


def script(directory: Path, name: str, code: str, **more: Any) -> Service:
    """Runs ``code``; never ready unless that writes the note (its first argument)."""
    return _service(code, directory, name, **more)


def _service(code: str, directory: Path, name: str, **more: Any) -> Service:
    note = directory / name
    command = [sys.executable, "-c", code, str(note)]
    return Service(name, command, is_there(note), **more)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


async def _system(directory: Path, signals: StopSignals) -> int:
    async with Supervisor(directory / "logs", Console()) as supervisor:
        signals.insist = supervisor.kill
        kind = stubborn if (directory / "be-stubborn").exists() else obedient
        await supervisor.start([kind(directory, "first")])
        await supervisor.start([kind(directory, "second")])
        (directory / "up").touch()
        await supervisor.until_failure()
    return 1


if __name__ == "__main__":
    sys.exit(run(lambda signals: _system(Path(sys.argv[1]), signals), when_stopped=0))
