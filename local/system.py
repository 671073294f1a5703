"""The whole system as one thing: check the machine, start it, keep it up, stop it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from clients.temporal import DEFAULT_NAMESPACE
from local import config, policy, services, state
from local.config import LocalSettings
from local.console import Console
from local.stopping import StopSignals
from local.supervisor import RunningService, ServiceFailedError, Supervisor


class CannotStartError(Exception):
    """Something is in the way; the text says what, and what to do."""


@contextlib.asynccontextmanager
async def running(
    settings: LocalSettings, console: Console, signals: StopSignals
) -> AsyncIterator[Supervisor]:
    """Start everything; stop it on leaving.

    Raises:
        InUseError: it runs already.
        CannotStartError: a port is busy.
        ServiceFailedError: a part did not start, or died later; it was said on the console.
    """
    directory = settings.state_dir
    with state.occupied(directory):
        if left := await asyncio.to_thread(state.end_leftovers, directory):
            console.say(f"Ended what an earlier start had left running: {', '.join(left)}.")
        if busy := config.busy_ports(settings):
            raise CannotStartError("\n".join(busy))
        (directory / "temporal.toml").touch()
        if settings.escalation_policy is None:
            policy.write_awake(settings.policy_file)
        environment = config.environment(settings, config.Secrets.of(directory))

        def remember(running: dict[str, RunningService]) -> None:
            notes = {
                name: state.Started(one.pid, one.service.command) for name, one in running.items()
            }
            state.remember(directory, notes)

        async with Supervisor(directory / "logs", console, on_change=remember) as supervisor:
            signals.insist = supervisor.kill
            try:
                for stage in services.stages(settings, environment):
                    await supervisor.start(stage)
                yield supervisor
            except ServiceFailedError as failure:
                console.warn(str(failure))
                raise
            finally:
                console.say("Stopping …")


def links(settings: LocalSettings) -> list[tuple[str, str]]:
    """Where to look, and at what."""
    return [
        ("Request form", settings.form_url),
        ("Slack stand-in", settings.slack_url),
        ("Records grid", settings.airtable_url),
        ("Temporal Web UI", f"{settings.temporal_ui_url}/namespaces/{DEFAULT_NAMESPACE}/workflows"),
    ]
