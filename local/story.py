"""The story that the demo plays; ``play`` reads as what happens."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from temporalio.client import Client

from domain import ids
from domain.messages import CASE_QUERY
from domain.policy_file import load_policy
from local.actors import Message, NotSeenError, Person
from local.clock import RequestClock
from local.config import LocalSettings
from local.console import Console
from local.rows import Row, row_of
from local.web import read_page, send_form
from sandbox.people import PEOPLE, by_name

MENTEE = "Riley Santos"
PREFERRED_CAST = ("Sam Okafor", "Dana Whitfield", "Kenji Mori", "Priya Raman")
CAST = 4
SERVICE = "Pair Programming"
SKILLS = ("Python", "JavaScript")
GOAL = "Put a small web page on top of my Python script"
DETAILS = (
    "I have a script that sorts my family's photos, and I would like to show the result in the "
    "browser. I know some HTML. Evenings suit me best."
)
HELLO = "Hi Riley, what a nice idea! I have built something like it, and would love to help."
_REQUEST_ID = re.compile(r"MR-[A-Z2-7]{10}")
_LINK = re.compile(r"<(http[^|>]+)\|")


class Story:
    """One request, and the people around it."""

    def __init__(
        self,
        settings: LocalSettings,
        console: Console,
        http: aiohttp.ClientSession,
        client: Client,
    ) -> None:
        self._settings = settings
        self._console = console
        self._http = http
        self._client = client
        self._screens = contextlib.AsyncExitStack()
        self._policy = load_policy(settings.policy_file)
        self._riley = self._person(MENTEE)
        self._cast: list[Person] = []
        self._mentor = self._riley
        self._sent_at = time.time()
        self._session_at = datetime.now(UTC)
        self._row: Row = {}
        self.step_name = ""
        self.request_id = ""
        self.status_url = ""

    async def play(self) -> None:
        """Everything, from the form to the row.

        Raises:
            NotSeenError: a step did not happen; ``step_name`` says which.
        """
        async with self._screens:
            await self._screens.enter_async_context(self._riley.at_the_screen())
            await self.ask_on_the_form()
            await self.read_the_confirmation()
            await self.mentors_are_asked()
            await self.one_declines()
            await self.two_claim_at_once()
            await self.edit_the_hello()
            await self.meet_in_a_group_message()
            await self.propose_times()
            await self.accept_one()
            await self.let_the_session_pass()
            await self.give_feedback()
            await self.complete()

    # ---- the steps --------------------------------------------------------------------------

    async def ask_on_the_form(self) -> None:
        async with self._step(f"{self._riley.name} asks for a mentor on the web form"):
            self._sent_at = time.time()
            page = await send_form(
                self._http,
                f"{self._settings.form_url}/",
                typed=[
                    ("email", self._riley.profile.email),
                    ("goal", GOAL),
                    ("details", DETAILS),
                ],
                chosen=[
                    ("service", SERVICE),
                    *(("skills", skill) for skill in SKILLS),
                    ("level", "Beginner"),
                    ("affiliation", "Veteran"),
                ],
            )
            if "Your request has arrived" not in page:
                raise NotSeenError(f"the page said: {page[:300]}")

    async def read_the_confirmation(self) -> None:
        async with self._step("Riley is told in Slack what happens next, with a status page"):
            message = await self._riley.see_message(
                "a message that the request has arrived",
                lambda message: message.has_button("Cancel my request") and self._is_new(message),
            )
            link = _LINK.search(message.text)
            if link is None:
                raise NotSeenError(f"no link to a status page in:\n{message.text}")
            self.status_url = link[1]
            page = await read_page(self._http, self.status_url)
            found = _REQUEST_ID.search(page)
            if found is None or not message.concerns(found[0]):
                raise NotSeenError(f"the status page {_path(self.status_url)} says: {page[:300]}")
            self.request_id = found[0]
            self._clock = RequestClock(self._client, self.request_id)

    async def mentors_are_asked(self) -> None:
        await self.let_their_morning_come()
        async with self._step("Mentors with these skills are asked by direct message") as step:
            asked = await self._asked()
            self._cast = asked[:CAST]
            for person in self._cast:
                await self._screens.enter_async_context(person.at_the_screen())
            names = ", ".join(person.first_name for person in self._cast)
            more = len(asked) - len(self._cast)
            step.text = f"{len(asked)} mentors are asked: {names}" + (
                f" and {more} more" * (more > 0)
            )

    async def let_their_morning_come(self) -> None:
        """By a policy with quiet hours nobody is asked at night."""
        found = await self._search()
        asleep = sorted(map(datetime.fromisoformat, found["planned"].values()))
        if len(found["asks"]) < CAST and asleep:
            enough = asleep[min(CAST - len(found["asks"]), len(asleep)) - 1]
            async with self._step("It is night for most mentors: skipping to their morning"):
                await self._clock.skip_to(enough + timedelta(minutes=1))

    async def one_declines(self) -> None:
        decliner = self._cast.pop()
        async with self._step(f"{decliner.first_name} says: not this one"):
            await decliner.press(await self._ask_of(decliner), "Not this one")
            await decliner.see_message(
                "a thank-you for declining",
                lambda message: (
                    message.concerns(self.request_id) and "Thanks for saying so" in message.text
                ),
            )

    async def two_claim_at_once(self) -> None:
        first, second = self._cast[:2]
        names = f"{first.first_name} and {second.first_name}"
        async with self._step(f"{names} press Claim at the same moment") as step:
            asks = await asyncio.gather(self._ask_of(first), self._ask_of(second))
            await asyncio.gather(first.press(asks[0], "Claim"), second.press(asks[1], "Claim"))
            self._mentor = await self._winner(first, second)
            loser = second if self._mentor is first else first
            await loser.see_message(
                "that another mentor was faster",
                lambda message: "a moment faster" in message.text and self._is_new(message),
            )
            step.text = f"{names} press Claim at the same moment: {self._mentor.first_name} has it"
        async with self._step(
            f"{loser.first_name} is told, and nobody's card can be claimed any more"
        ):
            for person in self._cast:
                await person.see("cards without Claim", partial(self._no_claim, person))

    async def edit_the_hello(self) -> None:
        mentor = self._mentor
        async with self._step(
            f"{mentor.first_name} rewords the hello, while Riley knows nothing yet"
        ):
            await mentor.press(await self._own_card("Edit hello"), "Edit hello")
            await mentor.fill("Your hello", {"Your hello": HELLO})
            await mentor.see_message(
                "the hello on the card",
                lambda message: message.concerns(self.request_id) and HELLO in message.text,
            )

    async def meet_in_a_group_message(self) -> None:
        window = self._policy.undo_window
        async with self._step(f"Skipping {window.seconds // 60} minutes: the time to undo is over"):
            await self._clock.skip(window)
        async with self._step("Riley and the mentor meet in a group message, with the hello in it"):
            for person in (self._riley, self._mentor):
                message = await self._in_the_group(person, "Propose a time")
                if HELLO not in message.text:
                    raise NotSeenError(f"the hello is not in the group message:\n{message.text}")
        await self._status_page_says("mentor", "The status page says so, too")

    async def propose_times(self) -> None:
        mentor = self._mentor
        async with self._step(f"{mentor.first_name} proposes two times") as step:
            now = await self._clock.now()
            evening = (now + timedelta(days=2)).replace(hour=23, minute=0, second=0, microsecond=0)
            times = {"First choice": evening, "Second choice": evening + timedelta(days=1)}
            await mentor.press(await self._in_the_group(mentor, "Propose a time"), "Propose a time")
            await mentor.fill("Propose a time", times)
            self._session_at = times["Second choice"]
            step.text = (
                f"{mentor.first_name} proposes two times: {', '.join(map(_moment, times.values()))}"
            )

    async def accept_one(self) -> None:
        async with self._step(f"Riley accepts the second: {_moment(self._session_at)}"):
            offer = await self._in_the_group(self._riley, "Accept")
            await self._riley.press(offer, "Accept", number=2)
            await self._riley.see_message(
                "that the session is set",
                lambda message: "Your session is set" in message.text and self._is_new(message),
                kind="mpim",
            )

    async def let_the_session_pass(self) -> None:
        async with self._step("Skipping to the session and past it"):
            await self._clock.skip_to(self._session_at + timedelta(hours=1))
        wait = self._policy.feedback_after
        async with self._step(f"Skipping {wait.days} days more: both are asked how it went"):
            both, quiet = (self._riley, self._mentor), self._policy.quiet_hours
            asked = [self._session_at + wait]
            if quiet:  # the question comes in somebody's morning
                asked = [quiet.delivery(asked[0], person.profile.tz) for person in both]
            await self._clock.skip_to(max(asked) + timedelta(minutes=1))
            for person in both:
                await self._question(person)

    async def give_feedback(self) -> None:
        async with self._step("Riley says how it went, and where they stand now"):
            await self._riley.press(await self._question(self._riley), "Give feedback")
            await self._riley.fill(
                "How did it go?",
                {
                    "Did you meet?": "Yes",
                    "How was it?": "5 – great",
                    "Anything you would like to tell us": "My page is online. Thank you!",
                    "Where do you stand now?": "Intermediate",
                },
            )
        mentor = self._mentor
        async with self._step(f"{mentor.first_name} says how it went"):
            await mentor.press(await self._question(mentor), "Give feedback")
            await mentor.fill("How did it go?", {"Did you meet?": "Yes", "How was it?": "4"})

    async def complete(self) -> None:
        async with self._step("The request is completed, and its row in Airtable says so"):
            self._row = await row_of(
                self._http,
                self._settings.airtable_url,
                self.request_id,
                lambda row: row.get("Status") == "Completed",
            )
            expected = {
                "Mentor Assigned": self._mentor.profile.handle,
                "Outcome": "Met",
                "Level After": "Intermediate",
            }
            wrong = {
                name: self._row.get(name)
                for name in expected
                if self._row.get(name) != expected[name]
            }
            if wrong:
                raise NotSeenError(f"the row says {wrong} where {expected} was expected")

    # ---- looking ----------------------------------------------------------------------------

    def row_as_table(self) -> Iterator[str]:
        """The stored row, a line a field."""
        width = max(map(len, self._row), default=0)
        for name, value in self._row.items():
            yield f"{name:<{width}}  {value if len(value) <= 90 else value[:89] + '…'}"

    async def _asked(self) -> list[Person]:
        """Everyone who can claim it, the cast that we know by name first."""
        everyone = [self._person(one.real_name) for one in PEOPLE if one.is_mentor]
        everyone.sort(key=lambda one: one.name not in PREFERRED_CAST)

        async def look() -> list[Person] | None:
            has_ask = await asyncio.gather(*map(self._can_claim, everyone))
            asked = [one for one, yes in zip(everyone, has_ask, strict=True) if yes]
            return asked if len(asked) >= CAST else None

        found = await self._riley.see(f"{CAST} mentors with a message about the request", look)
        await asyncio.sleep(0.5)  # the wave may still be under way; the number is for show
        return await look() or found

    async def _search(self) -> dict[str, Any]:
        """The request's own account of its search, once it has found mentors to ask."""
        handle = self._client.get_workflow_handle(ids.workflow_id(self.request_id))

        async def look() -> dict[str, Any] | None:
            case: dict[str, Any] = await handle.query(CASE_QUERY)
            return case if case["asks"] or case["planned"] else None

        return await self._riley.see("mentors to be asked", look)

    def _is_new(self, message: Message) -> bool:
        """Whether it was posted since the form was sent: the demo can be played many times."""
        return float(message.raw["ts"]) > self._sent_at

    async def _can_claim(self, person: Person) -> bool:
        return any(
            message.has_button("Claim") and message.concerns(self.request_id)
            for message in await person.direct_messages()
        )

    async def _ask_of(self, person: Person) -> Message:
        return await person.see_message(
            "a message with Claim",
            lambda message: message.has_button("Claim") and message.concerns(self.request_id),
        )

    async def _winner(self, *claimers: Person) -> Person:
        async def look() -> Person | None:
            for person in claimers:
                for message in await person.direct_messages():
                    if message.has_button("Undo") and message.concerns(self.request_id):
                        return person
            return None

        return await claimers[0].see("who has it", look)

    async def _no_claim(self, person: Person) -> bool | None:
        channel = [
            message
            for one in await person.conversations("channel")
            for message in await person.messages(one["id"])
        ]
        cards = [*await person.direct_messages(), *channel]
        live = [one for one in cards if one.has_button("Claim") and one.concerns(self.request_id)]
        return None if live else True

    async def _own_card(self, label: str) -> Message:
        return await self._mentor.see_message(
            f"a card with “{label}”",
            lambda message: message.has_button(label) and message.concerns(self.request_id),
        )

    async def _in_the_group(self, person: Person, label: str) -> Message:
        return await person.see_message(
            f"a group message with “{label}”",
            lambda message: message.has_button(label) and message.concerns(self.request_id),
            kind="mpim",
        )

    async def _question(self, person: Person) -> Message:
        return await person.see_message(
            "the question how it went",
            lambda message: (
                message.has_button("Give feedback") and message.concerns(self.request_id)
            ),
        )

    async def _status_page_says(self, word: str, step: str) -> None:
        async with self._step(step):

            async def look() -> bool | None:
                page = await read_page(self._http, self.status_url)
                return True if self._mentor.name in page and word in page else None

            await self._riley.see(f"{self._mentor.name} on the status page", look)

    def _person(self, name: str) -> Person:
        return Person(self._http, self._settings.slack_url, by_name(name))

    @contextlib.asynccontextmanager
    async def _step(self, text: str) -> AsyncIterator[Step]:
        """Show progress while the step lasts, then a tick with the request's own time."""
        step = Step(text)
        self.step_name = text
        started = time.monotonic()
        try:
            with self._console.waiting(text):
                yield step
        except NotSeenError:
            self._console.failed(text)
            raise
        now = await self._clock.now() if self.request_id else datetime.now(UTC)
        self._console.done(f"{_moment(now)}  {step.text}", time.monotonic() - started)


class Step:
    """What is said of a step once it is done."""

    def __init__(self, text: str) -> None:
        self.text = text


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%a %d %b %H:%M} UTC"


def _path(url: str) -> str:
    return urlsplit(url).path[:20] + "…"
