"""`python -m sandbox`: the Slack and Airtable stand-ins and the start page in one process.

Runs until Ctrl-C or SIGTERM. Exit code 2 when a setting is wrong or a port is taken; the line on
stderr names the setting to change.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiohttp import web

from sandbox import airtable, slack, start
from sandbox.config import ConfigError, SandboxConfig, load

SHUTDOWN = 2.0
"""Seconds that open requests get to end when the sandbox stops."""


@dataclass(frozen=True)
class Server:
    """One of the servers, with the setting that moves it to another port."""

    name: str
    port: int
    setting: str
    create_app: Callable[[], web.Application]


class PortTakenError(Exception):
    """A server's port is in use; the message says what to change."""


def servers(config: SandboxConfig) -> list[Server]:
    """What runs: the two stand-ins and the start page."""
    return [
        Server(
            "Slack stand-in",
            config.slack_port,
            "SANDBOX_SLACK_PORT",
            lambda: slack.create_app(config.slack),
        ),
        Server(
            "Airtable stand-in",
            config.airtable_port,
            "SANDBOX_AIRTABLE_PORT",
            lambda: airtable.create_app(config.airtable),
        ),
        Server(
            "start page",
            config.start_port,
            "SANDBOX_START_PORT",
            lambda: start.create_app(config),
        ),
    ]


async def serve(config: SandboxConfig, stop: asyncio.Event) -> None:
    """Serve everything until `stop` is set.

    Raises:
        PortTakenError: a port is in use; what was started has been stopped again.
    """
    async with AsyncExitStack() as stack:
        for server in servers(config):
            runner = web.AppRunner(server.create_app(), access_log=None, shutdown_timeout=SHUTDOWN)
            stack.push_async_callback(runner.cleanup)
            await runner.setup()
            try:
                await web.TCPSite(runner, config.host, server.port).start()
            except OSError as problem:
                raise PortTakenError(_explain(config, server, problem)) from problem
            host, port = runner.addresses[0][:2]
            print(f"{server.name}: http://{host}:{port}/", flush=True)
        await stop.wait()


def _explain(config: SandboxConfig, server: Server, problem: OSError) -> str:
    return (
        f"The {server.name} can't listen on {config.host}:{server.port} "
        f"({problem.strerror or problem}). Stop what uses that port, or set {server.setting} "
        "to another one."
    )


async def run(config: SandboxConfig) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(config, stop)


def main(arguments: Sequence[str] = sys.argv[1:]) -> int:
    if arguments:
        print("python -m sandbox takes no arguments; see sandbox/README.md", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(run(load()))
    except (ConfigError, PortTakenError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
