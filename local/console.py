"""What the terminal shows: plain lines, a little colour where there is a terminal for it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_BOLD, _GREEN, _RED, _DIM, _OFF = "\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"
_CLEAR_LINE = "\r\x1b[2K"


class Console:
    """Writes lines; when the terminal has gone away it goes on without."""

    def __init__(self, stream: TextIO | None = None) -> None:
        stream = stream or sys.stdout
        self._stream: TextIO | None = stream
        self.is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._colour = self.is_terminal and "NO_COLOR" not in os.environ
        unicode = (stream.encoding or "").lower().startswith("utf")
        self.tick, self.cross = ("✓", "✗") if unicode else ("ok", "!!")

    def say(self, text: str = "") -> None:
        self._write(text + "\n")

    def warn(self, text: str) -> None:
        self._write(self._in(_RED, text) + "\n")

    def bold(self, text: str) -> str:
        return self._in(_BOLD, text)

    def dim(self, text: str) -> str:
        return self._in(_DIM, text)

    def done(self, text: str, seconds: float | None = None) -> None:
        """A line with a tick, and how long it took."""
        took = "" if seconds is None else self.dim(f"  {seconds:.1f} s")
        self._write(f"  {self._in(_GREEN, self.tick)} {text}{took}\n")

    def failed(self, text: str) -> None:
        self._write(f"  {self._in(_RED, self.cross)} {text}\n")

    @contextmanager
    def waiting(self, text: str) -> Iterator[Progress]:
        """Show that something is going on, until it is over."""
        progress = Progress(self, text)
        progress.show("")
        try:
            yield progress
        finally:
            if self.is_terminal:
                self._write(_CLEAR_LINE)

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_OFF}" if self._colour else text

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._stream = None


class Progress:
    """A line that is written over again and again on a terminal, and once anywhere else."""

    def __init__(self, console: Console, text: str) -> None:
        self._console = console
        self._text = text
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def show(self, detail: str) -> None:
        if self._console.is_terminal:
            line = f"  … {self._text}{': ' + detail if detail else ''}"
            self._console._write(_CLEAR_LINE + self._console.dim(line[:100]))
