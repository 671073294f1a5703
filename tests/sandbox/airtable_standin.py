"""A running Airtable stand-in for tests: in a thread of its own, with a clock that tests turn."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyairtable
import requests
from aiohttp import web

from sandbox.airtable import create_app
from sandbox.airtable.bases import BASES
from sandbox.airtable.schema import Base
from sandbox.config import AIRTABLE_BASE_ID, AirtableStandInConfig

TIMEOUT = (3, 15)


class Clock:
    """Seconds since 1970 that stand still until a test moves them."""

    def __init__(self) -> None:
        self.now = 1_772_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class StandIn:
    """Where the stand-in answers, and how a test speaks to it."""

    def __init__(self, url: str, config: AirtableStandInConfig, clock: Clock) -> None:
        self.url = url
        self.config = config
        self.clock = clock

    def api(self, token: str | None = None) -> pyairtable.Api:
        """The official client, set up as the product does it: no retries of its own."""
        return pyairtable.Api(
            token or self.config.token,
            endpoint_url=self.url,
            timeout=TIMEOUT,
            retry_strategy=None,
        )

    def table(self, name: str, base: str = AIRTABLE_BASE_ID) -> pyairtable.Table:
        return self.api().table(base, name)

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.config.token}", **options.pop("headers", {})}
        return requests.request(
            method, self.url + path, headers=headers, timeout=TIMEOUT, **options
        )

    def control(self, path: str, wish: object = None) -> Any:
        """POST to /_sandbox."""
        answer = requests.post(f"{self.url}/_sandbox/{path}", json=wish, timeout=TIMEOUT)
        assert answer.ok, answer.text
        return answer.json()

    def log(self) -> Any:
        return requests.get(f"{self.url}/_sandbox/requests", timeout=TIMEOUT).json()


@contextmanager
def running(config: AirtableStandInConfig, *, bases: tuple[Base, ...] = BASES) -> Iterator[StandIn]:
    """Serve the stand-in until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    clock = Clock()

    async def start() -> tuple[web.AppRunner, str]:
        runner = web.AppRunner(create_app(config, bases=bases, clock=clock), shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"

    runner, url = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield StandIn(url, config, clock)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
