"""``make up``: everything, in the foreground, until Ctrl-C."""

from __future__ import annotations

from local import system
from local.config import LocalSettings, read_settings
from local.console import Console
from local.state import InUseError
from local.stopping import StopSignals, leave, run
from local.supervisor import ServiceFailedError


async def up(settings: LocalSettings, console: Console, signals: StopSignals) -> int:
    """Start, say where to look, and stay until something ends it."""
    console.say("Starting Muster …")
    try:
        async with system.running(settings, console, signals) as supervisor:
            _say_where(settings, console)
            await supervisor.until_failure()
    except InUseError:
        console.say("Muster is running already (Ctrl-C in its terminal stops it).")
        _say_where(settings, console)
        return 0
    except system.CannotStartError as problem:
        console.warn(str(problem))
    except ServiceFailedError:
        pass  # the console has said it
    return 1


def _say_where(settings: LocalSettings, console: Console) -> None:
    console.say(f"\nStart here:  {console.bold(settings.start_url)}\n")
    for name, url in system.links(settings):
        console.say(f"  {name:<16} {url}")
    console.say(
        f"\nLogs are in {settings.state_dir / 'logs'}.\n"
        "Invented people; nothing leaves this machine. Ctrl-C stops it; the next start goes on."
    )


if __name__ == "__main__":
    options = read_settings()
    leave(run(lambda signals: up(options, Console(), signals), when_stopped=0))
