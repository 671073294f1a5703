"""Make `.venv` hold exactly what the lock says; called by make before anything else.

Runs before anything is installed and on any Python 3, so that an old one gets a plain sentence
instead of a traceback: standard library only, and no syntax newer than Python 3.6.
"""

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Callable, Optional, Sequence, Tuple

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUNTIME_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"


class Unfit(Exception):  # noqa: N818  # it is about the machine, and its text is for people
    """This machine can't run Muster yet; the message says what to do."""


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Install what the lock says into .venv.")
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    options = parser.parse_args(arguments)
    try:
        require_fit(sys.version_info[:2], sys.platform, has_module)
        install([RUNTIME_LOCK, DEV_LOCK] if options.dev else [RUNTIME_LOCK])
    except Unfit as problem:
        sys.stderr.write("{}\n".format(problem))
        return 1
    return 0


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def require_fit(version: Tuple[int, ...], platform: str, has: Callable[[str], bool]) -> None:
    """Check the machine.

    Raises:
        Unfit: Windows, an old Python, or one that can't create virtual environments.
    """
    if platform in ("win32", "cygwin", "msys"):
        raise Unfit(
            "Muster runs locally on Linux and macOS: Temporal's server is not packaged for "
            "Windows.\nOn Windows, use WSL (wsl --install) and run the same command in there."
        )
    if tuple(version) < OLDEST_PYTHON:
        raise Unfit(
            "Muster needs Python {}.{} or newer; this is {}.{}.\nInstall a newer one, or name it: "
            "make up PYTHON=/path/to/python3.12".format(*OLDEST_PYTHON + tuple(version[:2]))
        )
    for module in ("venv", "ensurepip"):
        if not has(module):
            raise Unfit(
                "This Python has no {} module, so it can't create a virtual environment.\n"
                "On Debian and Ubuntu: sudo apt-get install python3-venv\n"
                "Or name another Python: make up PYTHON=/path/to/python3.12".format(module)
            )


def install(locks: Sequence[str]) -> None:
    """Install the last of these locks unless `.venv` holds it already.

    Each later lock includes the ones before it, so that all of them count as installed.

    Raises:
        Unfit: the packages could not be installed.
    """
    wanted = [(VENV / (lock + ".installed"), _digest(ROOT / lock)) for lock in locks]
    stamp, digest = wanted[-1]
    python = VENV / "bin" / "python"
    if _works(python) and stamp.is_file() and stamp.read_text().strip() == digest:
        return
    if not _works(python):
        _say("Creating .venv with Python {}.{} …".format(*sys.version_info[:2]))
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "creating .venv")
    _say("Installing what {} lists (the first time takes a minute or two) …".format(locks[-1]))
    _run(
        [str(python), "-m", "pip", "install", "--quiet", "--require-hashes"]
        + ["--disable-pip-version-check", "--no-input", "--requirement", str(ROOT / locks[-1])],
        "installing the packages",
    )
    for path, text in wanted:
        path.write_text(text + "\n")


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _works(python: Path) -> bool:
    """False too for an environment whose Python was removed or upgraded away, or is too old."""
    if not python.exists():
        return False
    probe = "import sys, pip; sys.exit(sys.version_info[:2] < {!r})".format(OLDEST_PYTHON)
    return subprocess.call([str(python), "-c", probe], stderr=subprocess.DEVNULL) == 0


def _run(command: Sequence[str], doing: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    code = subprocess.call(command, env=environment)
    if code:
        raise Unfit(
            "Something went wrong while {}; its last words stand above.\n"
            "Check the network and try again. Still stuck? make clean starts over.".format(doing)
        )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
