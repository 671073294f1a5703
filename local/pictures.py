"""``make pictures``: plays the demo's story and takes a picture of each screen on the way.

Needs Chromium (Debian: chromium). The pictures go to docs/pictures, for the README.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import aiohttp
from playwright.async_api import Browser, async_playwright

from clients.temporal import DEFAULT_NAMESPACE
from domain import ids
from local import services, system
from local.actors import NotSeenError
from local.config import ROOT, LocalSettings, read_settings
from local.console import Console
from local.state import InUseError
from local.stopping import StopSignals, leave, run
from local.story import MENTEE, Story
from local.supervisor import ServiceFailedError
from sandbox.people import by_name

PICTURES = ROOT / "docs" / "pictures"
DESKTOP = (1280, 800)
PHONE = (390, 844)
GRID = (1280, 360)
TIMELINE = (1280, 1100)
_SETTLE = 1.5
"""Seconds for a page to load its live parts."""
_CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


class Camera:
    """Takes pictures of pages."""

    def __init__(self, browser: Browser, console: Console) -> None:
        self._browser = browser
        self._console = console

    async def shoot(
        self, name: str, url: str, size: tuple[int, int] = DESKTOP, *, settle: float = _SETTLE
    ) -> None:
        """Save what ``url`` shows as docs/pictures/``name``.png."""
        width, height = size
        page = await self._browser.new_page(viewport={"width": width, "height": height})
        await page.goto(url)
        await page.wait_for_timeout(settle * 1000)
        await page.screenshot(path=PICTURES / f"{name}.png")
        await page.close()
        self._console.done(f"docs/pictures/{name}.png")


class PicturedStory(Story):
    """The demo's story, with a picture after the steps that are worth one."""

    camera: Camera

    async def ask_on_the_form(self) -> None:
        await self.camera.shoot("form", f"{self._settings.form_url}/", PHONE)
        await super().ask_on_the_form()

    async def mentors_are_asked(self) -> None:
        await super().mentors_are_asked()
        await self.camera.shoot("start", self._settings.start_url, (1440, 900))
        await self.camera.shoot("ask", self._slack(self._cast[0].profile.slack_id, "app"))

    async def propose_times(self) -> None:
        await super().propose_times()
        riley = by_name(MENTEE).slack_id
        offer = await self._in_the_group(self._riley, "Accept")
        await self.camera.shoot("introduction", self._slack(riley, offer.channel))

    async def accept_one(self) -> None:
        await super().accept_one()
        await self.camera.shoot("status", self.status_url, PHONE)

    async def complete(self) -> None:
        await super().complete()
        await self.camera.shoot("records", self._settings.airtable_url, GRID)
        workflow = quote(ids.workflow_id(self.request_id), safe="")
        ui = f"{self._settings.temporal_ui_url}/namespaces/{DEFAULT_NAMESPACE}/workflows"
        await self.camera.shoot("temporal", f"{ui}/{workflow}", TIMELINE, settle=8)

    def _slack(self, user: str, channel: str) -> str:
        return f"{self._settings.slack_url}/?user={user}&channel={channel}"


async def pictures(settings: LocalSettings, console: Console, signals: StopSignals) -> int:
    """Start Muster, play, take the pictures, stop."""
    if shutil.which("chromium") is None:
        console.warn("Chromium is missing. On Debian: sudo apt-get install chromium")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        async with (
            system.running(settings, console, signals),
            _camera(console) as camera,
            aiohttp.ClientSession() as http,
        ):
            story = PicturedStory(settings, console, http, await services.connect(settings))
            story.camera = camera
            await story.play()
            return 0
    except InUseError:
        console.warn("Muster is running. Stop it first: the pictures want a fresh one.")
    except (system.CannotStartError, NotSeenError) as problem:
        console.warn(str(problem))
    except ServiceFailedError:
        pass  # the console has said it
    return 1


@asynccontextmanager
async def _camera(console: Console) -> AsyncIterator[Camera]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_CHROMIUM)
        )
        yield Camera(browser, console)
        await browser.close()


if __name__ == "__main__":
    options = read_settings()
    leave(run(lambda signals: pictures(options, Console(), signals), when_stopped=130))
