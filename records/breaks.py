"""Mentors' breaks: written into their rows, and known to this process's roster at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import count

from clients.airtable import NO_SUCH_ROW, AirtablePayloadError
from domain.matching import AVAILABLE, OPTED_OUT, SNOOZED
from domain.models import Mentor
from records.amendments import Amendment
from records.catalog import Catalog
from records.errors import NoMentorError, OptedOutError
from records.tables import MENTOR_STATUS, break_ends, break_fields
from records.writer import Writer


class Breaks:
    """Writes the status and the date of the mentors in ``base_id``, and no other cell."""

    def __init__(self, catalog: Catalog, writer: Writer, base_id: str) -> None:
        self._catalog = catalog
        self._writer = writer
        self._base_id = base_id
        self._revisions = count(1)

    async def set(self, slack_id: str, until: datetime | None) -> None:
        """Send a mentor on a break, or back from it; of several calls the latest counts.

        Somebody who has opted out stays so: that wish is the stronger one. Cancelling the caller
        doesn't cancel the write.

        Raises:
            NoMentorError: nobody on the roster has this id.
            OptedOutError: they can't come back from a break, having opted out.
            RecordsAwayError: the roster can't be read.
            AirtableError: the row could not be written; trying again is harmless.
        """
        rows = [one for one in await self._catalog.mentors() if one.slack_id == slack_id]
        if not rows:
            raise NoMentorError(slack_id)
        if any(row.status == OPTED_OUT for row in rows):
            if until is None:
                raise OptedOutError(slack_id)
            return
        amendment = self._catalog.amendments.add(
            slack_id,
            status=AVAILABLE if until is None else SNOOZED,
            snoozed_until=None if until is None else break_ends(until),
        )
        await asyncio.shield(asyncio.ensure_future(self._write(rows, until, amendment)))

    async def _write(
        self, rows: Sequence[Mentor], until: datetime | None, amendment: Amendment
    ) -> None:
        revision, cells = next(self._revisions), break_fields(until)
        writes = (
            self._writer.write(self._base_id, MENTOR_STATUS, row.record_id, revision, cells)
            for row in rows
        )
        try:
            await asyncio.gather(*writes)
        except AirtablePayloadError as error:
            self._catalog.amendments.withdraw(amendment)
            if error.kind == NO_SUCH_ROW:
                raise NoMentorError(amendment.slack_id) from error
            raise
        self._catalog.amendments.written(amendment)
