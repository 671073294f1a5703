"""What requests do with the records: keep their row up to date, and look at the roster."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.errors import HOURLY, HourlyAlerts, alerts
from activities.heartbeat import heartbeats, is_recalled
from clients.airtable import (
    PENALTY,
    AirtableError,
    AirtablePayloadError,
    AirtableRateLimitError,
    AirtableSystemError,
)
from domain import matching
from domain.models import Person
from domain.records import NoteRow, Records, RequestRow
from domain.view import Notice
from domain.work import Candidates, CheckMentor, FindCandidates, MentorCheck, PauseMentor
from records.breaks import Breaks
from records.catalog import Catalog
from records.errors import NoMentorError, OptedOutError, RecordsAwayError
from records.roster import Roster, Workload
from records.tables import NOTES, REQUESTS, note_fields, request_fields
from records.writer import Writer

CHECK_PATIENCE = 5.0
"""Seconds in which somebody who clicked Claim gets an answer, whatever it is."""


_T = TypeVar("_T")


@dataclass(frozen=True)
class Bases:
    """Ids of the two bases; notes go where only coordinators can read them."""

    main: str
    private: str = ""

    @property
    def notes(self) -> str:
        return self.private or self.main


class AirtableActivities:
    """Served by one process per installation: it gathers the writes of all its requests."""

    def __init__(
        self,
        catalog: Catalog,
        writer: Writer,
        workload: Workload,
        bases: Bases,
        *,
        workflow_link: Callable[[str], str] = lambda request_id: "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._roster = Roster(catalog, workload)
        self._breaks = Breaks(catalog, writer, bases.main)
        self._writer = writer
        self._bases = bases
        self._workflow_link = workflow_link
        self._hourly = HourlyAlerts(clock)
        self._latest_break: dict[str, tuple[str, str]] = {}
        """By the mentor's Slack id, the activity that brought their latest wish."""

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [self.record, self.find_candidates, self.check_mentor, self.pause_mentor]

    @activity.defn
    async def record(self, records: Records) -> None:
        """Bring the request's row up to date, and write the notes that come with it."""
        writes = asyncio.gather(
            self._write_request(records.request),
            *(self._write_note(note) for note in records.notes),
            return_exceptions=True,
        )
        async with heartbeats():
            outcomes = await _to_the_end(writes)
        # one that will pass comes first: the attempt that it brings writes what is left
        for outcome in sorted(outcomes, key=lambda one: isinstance(one, AirtablePayloadError)):
            if isinstance(outcome, AirtableError):
                raise self._failure(outcome, records.request.request_id) from outcome
            if isinstance(outcome, BaseException):
                raise outcome

    @activity.defn
    async def find_candidates(self, wish: FindCandidates) -> Candidates:
        """Everyone who may be asked at ``wish.now``, best first."""
        try:
            async with heartbeats():
                found = await self._roster.candidates(
                    wish.service, wish.skills, wish.mentee, wish.excluded, wish.now
                )
        except RecordsAwayError as error:
            raise self._failure(error.reason, "the roster") from error
        return Candidates(found=found)

    @activity.defn
    async def check_mentor(self, check: CheckMentor) -> MentorCheck:
        """Whether somebody may take a request; an answer comes even while Airtable is away."""
        try:
            async with asyncio.timeout(CHECK_PATIENCE):
                never_pairs = await self._roster.never_pairs()
                mentors = await self._roster.mentors()
        except TimeoutError:
            return MentorCheck(refusal=Notice.CANNOT_CHECK)
        except RecordsAwayError as error:
            self._failure(error.reason, "the roster")  # only to alert operators, if it lasts
            return MentorCheck(refusal=Notice.CANNOT_CHECK)
        mentor = next((one for one in mentors if one.slack_id == check.slack_id), None)
        if mentor is None or not mentor.active:
            return MentorCheck(refusal=Notice.NOT_A_MENTOR)
        if not matching.can_take_more(mentor, check.now):
            return MentorCheck(refusal=Notice.NO_ROOM)
        # last: whoever would be refused anyway hears what anybody would hear
        if matching.pair_of(mentor.slack_id, check.mentee) in never_pairs:
            return MentorCheck(refusal=Notice.ANOTHER_MENTOR_TAKES_IT)
        person = Person.model_validate(mentor.model_dump(include=set(Person.model_fields)))
        return MentorCheck(mentor=person)

    @activity.defn
    async def pause_mentor(self, pause: PauseMentor) -> None:
        """Write a mentor's break, or its end, into their row; matching here knows it at once.

        ``NoMentorError`` and ``OptedOutError`` are final. A retry that a later wish of the same
        mentor has overtaken does nothing.
        """
        info = activity.info()
        this = (info.workflow_run_id or "", info.activity_id)
        if info.attempt > 1 and self._latest_break.get(pause.slack_id, this) != this:
            return
        self._latest_break[pause.slack_id] = this
        try:
            async with heartbeats():
                await self._breaks.set(pause.slack_id, pause.until)
        except (NoMentorError, OptedOutError) as error:
            kind = type(error).__name__
            raise ApplicationError(str(error), type=kind, non_retryable=True) from error
        except RecordsAwayError as error:
            raise self._failure(error.reason, "the roster") from error
        except AirtableError as error:
            raise self._failure(error, f"the break of {pause.slack_id}") from error

    async def _write_request(self, row: RequestRow) -> None:
        cells = request_fields(row, self._workflow_link(row.request_id))
        await self._writer.write(self._bases.main, REQUESTS, row.request_id, row.revision, cells)

    async def _write_note(self, note: NoteRow) -> None:
        # a note has no revision of its own: a newer one was given later
        revision = int(note.created_at.timestamp() * 1000)
        await self._writer.write(
            self._bases.notes, NOTES, note.note_id, revision, note_fields(note)
        )

    def _failure(self, error: AirtableError, what: str) -> ApplicationError:
        """The error as Temporal should see it: when to come back, and how loudly."""
        kind = type(error).__name__
        if isinstance(error, AirtableRateLimitError):
            pause = timedelta(seconds=max(PENALTY, error.retry_after))
            return ApplicationError(str(error), type=kind, next_retry_delay=pause)
        if isinstance(error, AirtableSystemError):
            trouble = str(error)
            self._hourly.error(
                trouble, f"{trouble}. It is tried again every hour and nothing is lost."
            )
            return ApplicationError(str(error), type=kind, next_retry_delay=HOURLY)
        if isinstance(error, AirtablePayloadError):
            alerts.error(
                "%s: could not be written, and nothing tells what to leave out: %s", what, error
            )
            return ApplicationError(str(error), type=kind, non_retryable=True)
        return ApplicationError(str(error), type=kind)


async def _to_the_end(writes: asyncio.Future[_T]) -> _T:
    """What is being written is on its way: a newer snapshot that waits doesn't call it back."""
    try:
        return await asyncio.shield(writes)
    except asyncio.CancelledError:
        if not is_recalled():
            raise
        return await writes
