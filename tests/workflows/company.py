"""A community whose mentors have workflows of their own: real ones, on the real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from activities.mentors import row_of, terms_of
from clients.mentors import Mentors
from clients.requests import Requests
from clients.workload import Workload
from domain import ids
from domain.availability import Availability
from domain.matching import best_placed, cannot_claim
from domain.mentor_memory import WordKind
from domain.mentor_messages import Told
from domain.mentor_work import LookAround, Surroundings, WordWritten, WriteWord
from domain.models import Mentor, Person, RequestStart
from domain.standing import MentorOverview, MentorRow, MentorRules
from domain.view import MessageRef, Notice, RequestView
from domain.work import (
    Candidates,
    CheckMentor,
    FindCandidates,
    MentorCheck,
    Outgoing,
    Posted,
)
from tests.temporal import end_all
from tests.workflows.community import Community, wish_of
from tests.workflows.harness import SECONDS_TO_SKIP, RunningRequest, replay, running_worker
from workflows.mentor_availability import MentorAvailability


class Company(Community):
    """Community, with the mentors' side of the activities in memory and their workflows real."""

    def __init__(
        self, client: Client, mentors: list[Mentor], rules: MentorRules | None = None
    ) -> None:
        super().__init__(mentors)
        self.client = client
        self.entities = Mentors(client, clock=count(step=60).__next__)
        self.rules = rules or MentorRules()
        self.mentor_rows: dict[str, MentorRow] = {}
        self.mentor_row_history: list[MentorRow] = []
        self.mentor_words: dict[str, WriteWord] = {}
        """As they stand now, by key."""
        self.sending_is_paused = False

    @property
    def activities(self) -> list[Callable[..., Any]]:
        return [*super().activities, self.look_around, self.record_mentor, self.write_word]

    def words_to(self, mentor: str, kind: WordKind) -> list[WriteWord]:
        """What they have been written outside requests, as it stands now."""
        return [w for w in self.mentor_words.values() if w.slack_id == mentor and w.kind is kind]

    # ---- what the real activities do ---------------------------------------------------------

    async def _write(self, view: RequestView, message: Outgoing, posted: Posted) -> None:
        if message.wish is not None and message.card.key not in self.messages:
            permit = await self.entities.may_ask(message.card.to, message.wish)
            if permit.no is not None:
                posted.withheld[message.card.to] = permit.no
                return
        await super()._write(view, message, posted)

    @activity.defn(name="check_mentor")
    async def check_mentor(self, order: CheckMentor) -> MentorCheck:
        await self._enter("check_mentor")
        mentor = self.mentors.get(order.slack_id)
        if mentor is None:
            return MentorCheck(refusal=Notice.NOT_A_MENTOR)
        standing = (await self.entities.standings()).get(order.slack_id)
        as_it_stands = standing.applied_to(mentor, order.now) if standing else mentor
        if order.wish is None and cannot_claim(as_it_stands, order.now):
            return MentorCheck(refusal=Notice.NO_ROOM)
        if frozenset({order.slack_id, order.mentee}) in self.never_pairs:
            return MentorCheck(refusal=Notice.ANOTHER_MENTOR_TAKES_IT)
        person = Person.model_validate(mentor.model_dump(include=set(Person.model_fields)))
        if order.wish is None:
            return MentorCheck(mentor=person)
        wish = order.wish.model_copy(update={"terms": terms_of(mentor)})
        permit = await self.entities.reserve(order.slack_id, wish)
        if permit.no is not None:
            return MentorCheck(refusal=Notice.NO_ROOM)
        return MentorCheck(mentor=person)

    @activity.defn(name="find_candidates")
    async def find_candidates(self, order: FindCandidates) -> Candidates:
        await self._enter("find_candidates")
        met = await self.entities.standings()
        mentors = [
            met[one.slack_id].applied_to(one, order.now) if one.slack_id in met else one
            for one in self.mentors.values()
        ]
        return Candidates(found=best_placed(mentors, wish_of(order, self.never_pairs)))

    @activity.defn(name="look_around")
    async def look_around(self, order: LookAround) -> Surroundings:
        await self._enter("look_around")
        read = order.roster and not self.roster_is_away
        mentor = self.mentors.get(order.slack_id) if read else None
        return Surroundings(
            running=await Workload(self.client).requests_of(order.slack_id, order.slots),
            rules=self.rules,
            roster_read=read,
            terms=terms_of(mentor) if mentor else None,
            row=row_of(mentor) if mentor else None,
        )

    @activity.defn(name="record_mentor")
    async def record_mentor(self, row: MentorRow) -> None:
        await self._enter("record_mentor")
        self.mentor_rows[row.slack_id] = row
        self.mentor_row_history.append(row)
        await self._notify()

    @activity.defn(name="write_word")
    async def write_word(self, order: WriteWord) -> WordWritten:
        await self._enter("write_word")
        if order.slack_id in self.unreachable:
            return WordWritten()
        self.mentor_words[order.key] = order
        await self._notify()
        return WordWritten(place=order.place or MessageRef(channel="D1", ts=order.key))

    @activity.defn(name="is_sending_paused")
    async def is_sending_paused(self) -> bool:
        await self._enter("is_sending_paused")
        return self.sending_is_paused


class MentorAtWork:
    """One mentor's workflow, and hands that act as them or as the clock."""

    def __init__(self, company: Company, slack_id: str) -> None:
        self.company = company
        self.slack_id = slack_id
        self.handle: WorkflowHandle[Any, Any] = company.client.get_workflow_handle(
            ids.availability_id(slack_id)
        )
        self._skipper = TimeSkipper(company.client)

    async def says(self, *messages: Told) -> None:
        for message in messages:
            await self.company.entities.tell(self.slack_id, message)

    async def state(self) -> Availability:
        return await self.handle.query(MentorAvailability.whole_state)

    async def overview(self) -> MentorOverview:
        overview = await self.company.entities.overview(self.slack_id)
        assert overview is not None
        return overview

    async def now(self) -> datetime:
        """The workflow's own clock."""
        return (await self.overview()).now

    async def pass_time(self, **duration: float) -> None:
        """Let this mentor's clock run ahead."""
        async with asyncio.timeout(SECONDS_TO_SKIP):
            await self._skipper.fast_forward(self.handle, timedelta(**duration))

    async def until(self, fits: Callable[[Availability], bool]) -> None:
        """Wait until their workflow remembers this."""
        async with asyncio.timeout(60):
            while not fits(await self.state()):
                await asyncio.sleep(0.05)

    async def until_row(self, fits: Callable[[MentorRow], bool]) -> MentorRow:
        """Wait until their row in Airtable is like this."""
        rows = self.company.mentor_rows
        await self.company.until(lambda: self.slack_id in rows and fits(rows[self.slack_id]))
        return rows[self.slack_id]


@asynccontextmanager
async def open_company(
    client: Client, mentors: Iterable[Mentor], rules: MentorRules | None = None
) -> AsyncIterator[Company]:
    """Workers for everything; mentors' workflows are replayed, and ended, at the end."""
    company = Company(client, list(mentors), rules)
    async with running_worker(
        client, company, workflows=[MentorAvailability], more=[company.is_sending_paused]
    ):
        try:
            yield company
            histories = await _histories(company)
        finally:
            await end_all(client)
    for history in histories:
        await replay(history)


@asynccontextmanager
async def requested(company: Company, *starts: RequestStart) -> AsyncIterator[list[RunningRequest]]:
    """Requests that have just been sent in."""
    requests = Requests(company.client)
    running = [RunningRequest(company.client, start, company) for start in starts]
    try:
        for start in starts:
            await requests.start(start)
        yield running
    finally:
        for one in running:
            await one.end()


async def _histories(company: Company) -> list[Any]:
    found = []
    for slack_id in company.mentors:
        one = MentorAtWork(company, slack_id)
        if await company.entities.overview(slack_id):
            found.append(await one.handle.fetch_history())
    return found
