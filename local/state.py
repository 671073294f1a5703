"""The state directory: who uses it, what was left behind, and throwing it away."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOCK = "up.lock"
_RUNNING = "running.json"
_OURS = (
    "temporal.sqlite3",
    "temporal.sqlite3-shm",
    "temporal.sqlite3-wal",
    "temporal.toml",
    "policy.toml",
    "secrets.json",
    "sandbox",
    "logs",
    _RUNNING,
    _LOCK,
)
"""All that is ever written there; reset removes nothing else, wherever the setting points."""


class InUseError(Exception):
    """Muster runs with this state directory already."""


@contextlib.contextmanager
def occupied(state_dir: Path) -> Iterator[None]:
    """Hold the directory; the lock goes with the process, however it ends.

    Raises:
        InUseError: another process holds it.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(str(state_dir)) from None
        yield


def is_in_use(state_dir: Path) -> bool:
    if not (state_dir / _LOCK).exists():
        return False
    try:
        with occupied(state_dir):
            return False
    except InUseError:
        return True


@dataclass(frozen=True)
class Started:
    """A process that was started, as it can be recognised later."""

    pid: int
    command: Sequence[str]


def remember(state_dir: Path, running: Mapping[str, Started]) -> None:
    """Note what runs, for the next start to find should this one be killed."""
    note = {name: [one.pid, *one.command] for name, one in running.items()}
    with contextlib.suppress(FileNotFoundError):  # somebody has deleted it under us
        (state_dir / _RUNNING).write_text(json.dumps(note))


def end_leftovers(state_dir: Path, patience: float = 10) -> list[str]:
    """End what an earlier start left running because it was killed. Returns their names."""
    path = state_dir / _RUNNING
    if not path.exists():
        return []
    left = {
        name: pid
        for name, (pid, *command) in json.loads(path.read_text()).items()
        if _leads_its_group(pid, command)
    }
    for kind, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, patience)):
        for pid in left.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, kind)
        deadline = time.monotonic() + wait
        while any(map(_group_exists, left.values())) and time.monotonic() < deadline:
            time.sleep(0.05)
    path.unlink()
    return list(left)


def throw_away(state_dir: Path) -> bool:
    """Remove all local state. False when there was none.

    Raises:
        InUseError: Muster is running.
    """
    if not state_dir.exists():
        return False
    with occupied(state_dir):
        end_leftovers(state_dir)
        for name in _OURS:
            path = state_dir / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # somebody else's files are in it
            state_dir.rmdir()
    return True


def _leads_its_group(pid: int, command: Sequence[str]) -> bool:
    """Whether that process is the one we started, and no newcomer with the same number."""
    ps = ["ps", "-o", "pgid=,command=", "-p", str(pid)]
    found = subprocess.run(ps, capture_output=True, text=True, check=False)
    group, _, shown = found.stdout.strip().partition(" ")
    return group == str(pid) and shown.strip().endswith(" ".join(command[1:]))


def _group_exists(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
