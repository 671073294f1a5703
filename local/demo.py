"""``make demo``: one request from the web form to the completed row, over the real wires.

Riley Santos asks on the web form; mentors answer in the Slack stand-in; the clock is skipped
ahead. Starts Muster if it is not running, and then stops it again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import quote

import aiohttp

from clients.temporal import DEFAULT_NAMESPACE
from domain import ids
from local import services, system
from local.actors import NotSeenError
from local.config import LocalSettings, read_settings
from local.console import Console
from local.state import InUseError, is_in_use
from local.stopping import StopSignals, leave, run
from local.story import Story
from local.supervisor import ServiceFailedError

_STILL_STARTING = 60
"""Seconds for a system that somebody else has just started to get ready."""


async def demo(settings: LocalSettings, console: Console, signals: StopSignals) -> int:
    """Play the story; 0 when everything in it has happened."""
    if is_in_use(settings.state_dir):
        console.say("Muster is running already: playing one request through it.\n")
        return await _play_when_ready(settings, console)
    console.say("Starting Muster for the demo …")
    try:
        async with system.running(settings, console, signals):
            console.say()
            code = await _play(settings, console)
            console.say("\nmake up starts it again, with everything that you have seen in it.")
            return code
    except system.CannotStartError as problem:
        console.warn(str(problem))
    except InUseError:
        console.warn("Somebody else has just started Muster: try again in a moment.")
    except ServiceFailedError:
        pass  # the console has said it
    return 1


async def _play_when_ready(settings: LocalSettings, console: Console) -> int:
    try:
        await asyncio.wait_for(services.until_ready(settings), _STILL_STARTING)
    except TimeoutError:
        console.warn(
            "It is running, but not all of its parts answer. Look at its terminal and at the logs "
            f"in {settings.state_dir / 'logs'}."
        )
        return 1
    return await _play(settings, console)


async def _play(settings: LocalSettings, console: Console) -> int:
    client = await services.connect(settings)
    async with _browser() as http:
        story = Story(settings, console, http, client)
        try:
            await story.play()
        except NotSeenError as problem:
            console.warn(f"\nThis step did not happen: {story.step_name}\n{problem}")
            _say_where(settings, console, story)
            return 1
        except asyncio.CancelledError:
            if story.request_id:
                console.say(f"\nStopped while {story.request_id} was under way.")
                console.say("It goes on while Muster runs (make up).")
                _say_where(settings, console, story)
            raise
    console.say(f"\n{console.bold('The row as it is stored:')}\n")
    for line in story.row_as_table():
        console.say(f"  {line}")
    _say_where(settings, console, story)
    return 0


def _say_where(settings: LocalSettings, console: Console, story: Story) -> None:
    if not story.request_id:
        return
    workflow = quote(ids.workflow_id(story.request_id), safe="")
    ui = f"{settings.temporal_ui_url}/namespaces/{DEFAULT_NAMESPACE}/workflows"
    console.say()
    console.say(f"  Workflow      {ui}/{workflow}")
    if story.status_url:
        console.say(f"  Status page   {story.status_url}")
    console.say(f"  Start page    {settings.start_url}")


@contextlib.asynccontextmanager
async def _browser() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=30)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as http:
        yield http


if __name__ == "__main__":
    options = read_settings()
    leave(run(lambda signals: demo(options, Console(), signals), when_stopped=130))
