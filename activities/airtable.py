"""What requests do with the records: keep their row up to date, and look at the roster."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from temporalio import activity

from activities.heartbeat import heartbeats, is_recalled
from activities.records_errors import RecordsErrors
from clients.airtable import AirtableError, AirtablePayloadError
from domain.records import NoteRow, Records, RequestRow
from domain.work import Candidates, FindCandidates
from records.errors import RecordsAwayError
from records.roster import Roster
from records.tables import NOTES, REQUESTS, note_fields, request_fields
from records.writer import Writer

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
        roster: Roster,
        writer: Writer,
        bases: Bases,
        *,
        workflow_link: Callable[[str], str] = lambda request_id: "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._roster = roster
        self._writer = writer
        self._bases = bases
        self._workflow_link = workflow_link
        self._errors = RecordsErrors(clock)

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [self.record, self.find_candidates]

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
                raise self._errors.failure(outcome, records.request.request_id) from outcome
            if isinstance(outcome, BaseException):
                raise outcome

    @activity.defn
    async def find_candidates(self, wish: FindCandidates) -> Candidates:
        """Everyone who may be asked at ``wish.now``, best first."""
        try:
            async with heartbeats():
                found = await self._roster.candidates(
                    wish.service,
                    wish.skills,
                    wish.mentee,
                    wish.excluded,
                    wish.now,
                    cap_lifted=wish.cap_lifted,
                )
        except RecordsAwayError as error:
            raise self._errors.failure(error.reason, "the roster") from error
        return Candidates(found=found)

    async def _write_request(self, row: RequestRow) -> None:
        cells = request_fields(row, self._workflow_link(row.request_id))
        await self._writer.write(self._bases.main, REQUESTS, row.request_id, row.revision, cells)

    async def _write_note(self, note: NoteRow) -> None:
        # a note has no revision of its own: a newer one was given later
        revision = int(note.created_at.timestamp() * 1000)
        await self._writer.write(
            self._bases.notes, NOTES, note.note_id, revision, note_fields(note)
        )


async def _to_the_end(writes: asyncio.Future[_T]) -> _T:
    """What is being written is on its way: a newer snapshot that waits doesn't call it back."""
    try:
        return await asyncio.shield(writes)
    except asyncio.CancelledError:
        if not is_recalled():
            raise
        return await writes
