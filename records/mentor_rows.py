"""Mentors' rows: what their entity workflows own of them, and the profiles they fill in."""

from __future__ import annotations

import asyncio
import logging

from clients.airtable import AirtablePayloadError
from domain.standing import MentorRow, MentorStatus
from records.amendments import Amendment
from records.catalog import Catalog
from records.tables import MENTOR_KEY, MENTOR_ROWS, NEW_MENTORS, mentor_fields
from records.writer import Writer

_log = logging.getLogger(__name__)


class MentorRows:
    """Writes the mentors of ``base_id``; this process's roster knows a new profile at once."""

    def __init__(self, catalog: Catalog, writer: Writer, base_id: str) -> None:
        self._catalog = catalog
        self._writer = writer
        self._base_id = base_id
        self._added: set[str] = set()
        """Slack ids of those who were added here and have not been read of Airtable yet."""

    async def write(self, row: MentorRow) -> None:
        """Return once this snapshot, or a newer one, is in the row. Cancelling the caller does not
        cancel the write.

        Nobody is added but who has signed up: others who are not on the roster have no row.

        Raises:
            RecordsAwayError: the roster can't be read.
            AirtableError: the row could not be written; trying again is harmless.
        """
        known = [one for one in await self._catalog.mentors() if one.slack_id == row.slack_id]
        if known:
            self._added.discard(row.slack_id)
        elif row.signed_up_at is None and row.slack_id not in self._added:
            if row.profile is not None:
                _log.warning("%s changed their profile, and has no row to keep it", row.slack_id)
            return
        ids = [one.record_id for one in known]
        writing = self._change(row, ids) if ids else self._add(row)
        await asyncio.shield(asyncio.ensure_future(writing))

    async def _add(self, row: MentorRow) -> None:
        cells = {MENTOR_KEY: row.slack_id, **mentor_fields(row)}
        await self._writer.write(self._base_id, NEW_MENTORS, row.slack_id, row.revision, cells)
        self._added.add(row.slack_id)
        self._catalog.read_mentors_again()

    async def _change(self, row: MentorRow, record_ids: list[str]) -> None:
        amendment, cells = self._amend(row), mentor_fields(row)
        try:
            await asyncio.gather(
                *(
                    self._writer.write(self._base_id, MENTOR_ROWS, one, row.revision, cells)
                    for one in record_ids
                )
            )
        except AirtablePayloadError:
            self._catalog.amendments.withdraw(amendment)
            raise
        self._catalog.amendments.written(amendment)

    def _amend(self, row: MentorRow) -> Amendment:
        """Also of the status: whoever begins anew with this row must not read an older one."""
        changes: dict[str, object] = {
            "snoozed_until": row.snoozed_until,
            "opted_out_at": row.opted_out_at,
        }
        if row.status is not MentorStatus.UNKNOWN:
            changes["status"] = row.status.value
        if row.active is not None:
            changes["active"] = row.active
        if (profile := row.profile) is not None:
            changes |= {
                "name": profile.shown_name,
                "bio": profile.bio,
                "skills": [skill.name for skill in profile.skills],
                "services": [service.name for service in profile.services],
                "max_mentees": profile.max_mentees,
                "weekly_asks": profile.weekly_asks,
                "time_zone": profile.time_zone,
                "quiet_hours": profile.quiet_hours,
            }
        return self._catalog.amendments.add(row.slack_id, **changes)
