"""Starts processes, waits until each is ready, watches them, and stops them in order.

Each process is the leader of its own session: a Ctrl-C in the terminal or a closed terminal
reaches the supervisor alone, which then stops them properly, the last started first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.console import Console

LOG_LIMIT = 5_000_000
"""Bytes; a log that is longer when its process starts is moved aside first."""
LAST_LINES = 15
_POLL = 0.1

WARNINGS_AND_ERRORS = re.compile(r"\b(WARN|WARNING|ERROR|CRITICAL|FATAL)\b|^\w*(Error|Exception):")


@dataclass(frozen=True)
class Service:
    """A process to run.

    ``ready`` is asked until it says True. ``advice`` says what to do when the process dies.
    ``shown`` matches the lines of its log that belong on the terminal too.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None
    advice: str = ""
    shown: re.Pattern[str] = WARNINGS_AND_ERRORS
    ready_within: float = 60
    stop_within: float = 15


Died = Callable[["RunningService", int], None]
Log = Callable[[Service, str], None]


class ServiceFailedError(Exception):
    """A process died, or did not get ready; the text names it, with its last words."""


class Supervisor:
    """Runs services in stages: those of one stage start together and stop together.

    Use it as an async context manager; leaving it stops whatever runs.
    """

    def __init__(
        self,
        log_dir: Path,
        console: Console,
        *,
        on_change: Callable[[dict[str, RunningService]], None] = lambda running: None,
    ) -> None:
        self._log_dir = log_dir
        self._console = console
        self._on_change = on_change
        self._stages: list[list[RunningService]] = []
        self._failure: asyncio.Future[ServiceFailedError] = (
            asyncio.get_running_loop().create_future()
        )

    async def __aenter__(self) -> Supervisor:
        self._log_dir.mkdir(parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, services: Sequence[Service]) -> None:
        """Start a stage, and return when every service in it is ready.

        Raises:
            ServiceFailedError: one of them, or one that was started before, died, or was not
                ready in time.
        """
        stage: list[RunningService] = []
        self._stages.append(stage)
        for service in services:
            stage.append(await RunningService.launch(service, self._log_dir, self._died, self._log))
            self._on_change(self.running)
        ready = asyncio.create_task(self._until_all_ready(stage))
        failure = asyncio.create_task(self.until_failure())
        try:
            done, _ = await asyncio.wait({ready, failure}, return_when=asyncio.FIRST_COMPLETED)
            for over in done:
                over.result()
        finally:
            ready.cancel()
            failure.cancel()

    async def until_failure(self) -> None:
        """Wait for ever, or until a service dies.

        Raises:
            ServiceFailedError: that service.
        """
        raise await asyncio.shield(self._failure)

    async def stop(self) -> None:
        """Stop all: the last stage first, within a stage together. Quiet when nothing runs."""
        for stage in reversed(self._stages):
            await asyncio.gather(*(one.stop() for one in stage))
        self._stages.clear()
        self._on_change({})

    def kill(self) -> None:
        """End all at once, without asking."""
        for one in self.running.values():
            one.kill()

    @property
    def running(self) -> dict[str, RunningService]:
        return {one.service.name: one for stage in self._stages for one in stage}

    async def _until_all_ready(self, stage: Sequence[RunningService]) -> None:
        await asyncio.gather(*(self._until_ready(one) for one in stage))

    async def _until_ready(self, one: RunningService) -> None:
        service, started = one.service, time.monotonic()
        while not await service.ready():
            if time.monotonic() - started > service.ready_within:
                raise ServiceFailedError(
                    one.last_words(f"{service.name} did not answer in {service.ready_within:.0f} s")
                )
            await asyncio.sleep(_POLL)
        self._console.done(service.name, time.monotonic() - started)

    def _died(self, one: RunningService, code: int) -> None:
        how = f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
        error = ServiceFailedError(one.last_words(f"{one.service.name} stopped by itself ({how})"))
        if not self._failure.done():
            self._failure.set_result(error)

    def _log(self, service: Service, line: str) -> None:
        if service.shown.search(line):
            self._console.warn(f"[{service.name}] {line}")


class RunningService:
    """One process, its log and its end."""

    def __init__(
        self,
        service: Service,
        process: asyncio.subprocess.Process,
        log_path: Path,
        died: Died,
        log: Log,
    ) -> None:
        self.service = service
        self.log_path = log_path
        self._process = process
        self._died = died
        self._log = log
        self._stopping = False
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._watch = asyncio.create_task(self._until_over())

    @classmethod
    async def launch(cls, service: Service, log_dir: Path, died: Died, log: Log) -> RunningService:
        try:
            process = await asyncio.create_subprocess_exec(
                *service.command,
                cwd=service.directory,
                env=dict(service.environment) or None,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ServiceFailedError(f"{service.name} could not be started: {error}.") from error
        log_path = log_dir / f"{service.name.lower().replace(' ', '-')}.log"
        return cls(service, process, log_path, died, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    def last_words(self, what: str) -> str:
        """What happened, the end of the log, and what to do."""
        said = "\n".join(f"    {line}" for line in self._last) or "    (it said nothing)"
        return "\n".join(
            filter(
                None,
                [f"{what}. Its last words:", said, self.service.advice, f"Log: {self.log_path}"],
            )
        )

    async def stop(self) -> None:
        """Ask it to stop, wait, and insist when it takes too long. Its group goes with it."""
        self._stopping = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._watch), self.service.stop_within)
        self.kill()
        await self._watch

    def kill(self) -> None:
        self._stopping = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    async def _until_over(self) -> None:
        reading = asyncio.create_task(self._read())
        code = await self._process.wait()
        with contextlib.suppress(TimeoutError):  # a grandchild may hold the pipe open
            await asyncio.wait_for(reading, 1)
        if not self._stopping:
            self._died(self, code)

    async def _read(self) -> None:
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT:
            self.log_path.replace(self.log_path.with_suffix(".old.log"))
        with self.log_path.open("a", encoding="utf-8") as file:
            async for line in _lines(self._process.stdout):
                file.write(line + "\n")
                file.flush()
                self._last.append(line)
                self._log(self.service, line)


async def _lines(stream: asyncio.StreamReader | None) -> AsyncIterator[str]:
    """Lines of any length; the reader's own ``readline`` refuses those over 64 KiB."""
    rest = b""
    while stream and (chunk := await stream.read(65536)):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if rest:
        yield rest.decode("utf-8", "replace")
