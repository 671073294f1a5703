"""``make pictures``: plays two stories and takes a picture of each screen on the way.

The demo's, and one in which nobody claims. Needs Chromium (Debian: chromium). The pictures go to
docs/pictures, for the README and the guides.
"""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from urllib.parse import quote, urlencode

import aiohttp

from clients.temporal import DEFAULT_NAMESPACE
from domain import ids
from local import services, system
from local.actors import NotSeenError, Person
from local.camera import PICTURES, Camera, open_camera
from local.config import LocalSettings, read_settings
from local.console import Console
from local.state import InUseError
from local.stopping import StopSignals, leave, run
from local.story import MENTEE, SERVICE, SKILLS, Story
from local.supervisor import ServiceFailedError
from local.web import send_form
from sandbox.airtable import bases
from sandbox.airtable.seed import row_id
from sandbox.people import by_name
from sandbox.slack.identity import COORDINATORS_ID

PHONE = (390, 844)
GRID = (1280, 360)
WEB_UI = (1480, 1250)
DETAILS = (1480, 950)
NARROW = (820, 900)
TALL = (820, 1500)
LOW = (820, 560)
OTHERS = (
    ("Jordan Ellery", "Code Review", "Django", "Is my first Django app safe to show?"),
    ("Tatiana Volkova", "Mock Interview", "Java", "Practise for an interview in two weeks"),
)
KIANA, DANA = "Kiana Makoa", "Dana Whitfield"
ROSTER = (1180, 800)
_ROSTER_LINK = re.compile(r"<(http[^|>]+)\|Open the roster>")


class PicturedStory(Story):
    """The demo's story, with a picture after the steps that are worth one."""

    camera: Camera

    async def ask_on_the_form(self) -> None:
        await self.camera.shoot("form", f"{self._settings.form_url}/", PHONE)
        await super().ask_on_the_form()

    async def mentors_are_asked(self) -> None:
        await super().mentors_are_asked()
        self._cast.sort(key=lambda one: one.name == DANA)  # App Home shows her the queue, too
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
        await self.somebody_asks_the_same_mentor()

    async def somebody_asks_the_same_mentor(self) -> None:
        mentor = self._mentor
        async with self._step(f"Kiana asks for {mentor.first_name} by name"):
            await send_form(
                self._http,
                f"{self._settings.form_url}/",
                typed=[
                    ("email", by_name(KIANA).email),
                    ("goal", "Tidy up my first JavaScript project"),
                    ("details", "It works, but I can't find anything in it any more."),
                ],
                chosen=[
                    ("service", SERVICE),
                    ("skills", "JavaScript"),
                    ("mentor", row_id(bases.MENTORS, mentor.profile.handle)),
                ],
            )
            ask = await mentor.see_message("the ask", lambda one: one.has_button("Confirm"))
        await self.at_home()
        async with self._step(f"{mentor.first_name} takes that, too"):
            await mentor.press(ask, "Confirm")
            await mentor.see_message("their card", lambda one: one.has_button("Undo"))

    async def at_home(self) -> None:
        shoot, mentor = self.camera.shoot, self._mentor.profile.slack_id
        theirs = self._slack(mentor, "app") + "&home=1"
        await shoot("home-mentor", theirs, NARROW, until="Edit profile", part=".home .blocks")
        await shoot("rest", theirs, NARROW, press=["Pause or stop"], part="dialog[open]")
        await shoot(
            "profile", theirs, TALL, press=["Edit profile"], part="dialog[open]", unrolled=True
        )
        riley = self._slack(self._riley.profile.slack_id, "app") + "&home=1"
        await shoot("home-mentee", riley, NARROW, until="Your request", part=".home .blocks")

    async def complete(self) -> None:
        await super().complete()
        await self.camera.shoot("records", self._settings.airtable_url, GRID)

    def _slack(self, user: str, channel: str) -> str:
        return _slack(self._settings, user, channel)


class QuietStory(Story):
    """Nobody claims: what coordinators, the mentee and operators see after 24 hours."""

    camera: Camera

    async def play(self) -> None:
        async with self._screens:
            await self._screens.enter_async_context(self._riley.at_the_screen())
            await self.ask_on_the_form()
            await self.read_the_confirmation()
            await self.mentors_are_asked()
            await self.one_declines()
            await self.one_pauses()
            await self.others_ask_too()
            await self.nobody_claims()
            await self.take_the_pictures()

    async def one_pauses(self) -> None:
        """They take a break, and this request asks them no more."""
        mentor = self._cast[-1]
        async with self._step(f"{mentor.first_name} says: not this week"):
            await mentor.press(await self._ask_of(mentor), "Not this week")
            await mentor.see_message(
                "the break",
                lambda one: one.concerns(self.request_id) and one.has_button("I'm back"),
            )

    async def others_ask_too(self) -> None:
        async with self._step("Two others ask for a mentor"):
            for name, service, skill, goal in OTHERS:
                await send_form(
                    self._http,
                    f"{self._settings.form_url}/",
                    typed=[("email", by_name(name).email), ("goal", goal), ("details", goal)],
                    chosen=[("service", service), ("skills", skill)],
                )

    async def nobody_claims(self) -> None:
        async with self._step("A day passes, and nobody claims it"):
            await self._clock.skip(self._policy.target_after + timedelta(minutes=1))
            await self._riley.see_message(
                "the honest update", lambda message: message.has_button("Ask more mentors")
            )
            await self._dana.see_message(
                "the coordinators' card",
                lambda message: message.has_button("Take"),
                kind="private",
            )
        async with self._step("Dana takes it"):
            card = await self._dana.see_message(
                "the card", lambda message: message.has_button("Take"), kind="private"
            )
            await self._dana.press(card, "Take")
            await self._dana.see_message(
                "that it is hers", lambda message: message.has_button("Hand back"), kind="private"
            )

    async def take_the_pictures(self) -> None:
        dana, shoot = self._dana.profile.slack_id, self.camera.shoot
        desk = _slack(self._settings, dana, COORDINATORS_ID)
        home = _slack(self._settings, dana, "app") + "&home=1"
        await shoot("coordinators-card", desk, NARROW, part=".message:has(button)")
        await shoot("coordinators-card-phone", desk, PHONE)
        await shoot("who-was-asked", desk, LOW, press=["Who was asked?"], part="dialog[open]")
        await shoot("queue", home, TALL, until="Open requests", part=".home .blocks")
        await self.roster()
        update = _slack(self._settings, self._riley.profile.slack_id, "app")
        await shoot("update", update, PHONE)
        await shoot("status-waiting", self.status_url, PHONE)
        workflow = quote(ids.workflow_id(self.request_id), safe="")
        ui = f"{self._settings.temporal_ui_url}/namespaces/{DEFAULT_NAMESPACE}/workflows"
        page = f"{ui}/{workflow}"
        await shoot("temporal", page, WEB_UI, settle=6, part="main")
        await shoot(
            "temporal-details", page, DETAILS, settle=6, press=["User Metadata"], part="main"
        )

    async def roster(self) -> None:
        home = await self._dana.open_home("Open the roster")
        found = _ROSTER_LINK.search(home.text)
        if found is None:
            raise NotSeenError(f"no link to the roster in App Home:\n{home.text}")
        wanted = {
            "skill": ", ".join(SKILLS),
            "service": SERVICE,
            "sort": "name",
            "request": self.request_id,
        }
        page = f"{found[1]}?{urlencode(wanted)}"
        await self.camera.shoot("roster", page, ROSTER, part="main")
        await self.camera.shoot("roster-phone", f"{page}#list", PHONE)

    @property
    def _dana(self) -> Person:
        return self._person(DANA)


def _slack(settings: LocalSettings, user: str, channel: str) -> str:
    return f"{settings.slack_url}/?user={user}&channel={channel}"


async def pictures(settings: LocalSettings, console: Console, signals: StopSignals) -> int:
    """Start Muster, play, take the pictures, stop."""
    if shutil.which("chromium") is None:
        console.warn("Chromium is missing. On Debian: sudo apt-get install chromium")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        async with (
            system.running(settings, console, signals),
            open_camera(console) as camera,
            aiohttp.ClientSession() as http,
        ):
            client = await services.connect(settings)
            for kind in (PicturedStory, QuietStory):
                story = kind(settings, console, http, client)
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


if __name__ == "__main__":
    options = read_settings()
    leave(run(lambda signals: pictures(options, Console(), signals), when_stopped=130))
