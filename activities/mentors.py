"""What concerns mentors one by one: may they take a request, how they stand, their row."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Any

from temporalio import activity
from temporalio.service import RPCError

from activities.heartbeat import heartbeats
from activities.records_errors import RecordsErrors
from clients.airtable import AirtableError
from clients.mentors import Mentors
from clients.workload import Workload
from domain import matching
from domain.matching import Pair
from domain.mentor_messages import ComeBack, No, Reserve, Snooze, Terms
from domain.mentor_work import LookAround, Surroundings
from domain.models import Mentor, Person
from domain.standing import MentorRow, MentorRules, MentorStatus
from domain.view import Notice
from domain.work import CheckMentor, MentorCheck, PauseMentor
from records.errors import RecordsAwayError
from records.mentor_rows import MentorRows
from records.roster import Roster

CHECK_PATIENCE = 5.0
"""Seconds in which somebody who clicked Claim gets an answer, whatever it is."""


class MentorActivities:
    """Served by the process that serves Airtable: it knows the roster and writes the rows."""

    def __init__(
        self,
        mentors: Mentors,
        workload: Workload,
        roster: Roster,
        rows: MentorRows,
        rules: MentorRules,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._mentors = mentors
        self._workload = workload
        self._roster = roster
        self._rows = rows
        self._rules = rules
        self._errors = RecordsErrors(clock)

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [self.check_mentor, self.pause_mentor, self.look_around, self.record_mentor]

    @activity.defn
    async def check_mentor(self, check: CheckMentor) -> MentorCheck:
        """Whether somebody may take a request, with a slot held for it if that is wished.

        An answer comes even while Airtable is away, or nobody can say how mentors stand.
        """
        try:
            async with asyncio.timeout(CHECK_PATIENCE):
                # side by side: each may have to wait for an Airtable that hangs
                never_pairs, mentor = await asyncio.gather(
                    self._roster.never_pairs(), self._roster.find(check.slack_id, check.now)
                )
        except TimeoutError:
            return await self._without_roster(check)
        except RecordsAwayError as error:
            self._errors.failure(error.reason, "the roster")  # only to alert operators, if it lasts
            return await self._without_roster(check)
        except RPCError:
            activity.logger.warning("How mentors stand can't be listed just now")
            return await self._without_roster(check)
        if mentor is None:
            return MentorCheck(refusal=Notice.NOT_A_MENTOR)
        if refusal := _refusal(mentor, check, never_pairs):
            return MentorCheck(refusal=refusal)
        person = Person.model_validate(mentor.model_dump(include=set(Person.model_fields)))
        return await self._with_slot(check.wish, person, terms_of(mentor))

    async def _without_roster(self, check: CheckMentor) -> MentorCheck:
        """Who was asked is a mentor; whether they have a slot, their own workflow knows."""
        if check.wish is None or check.known is None:
            return MentorCheck(refusal=Notice.CANNOT_CHECK)
        return await self._with_slot(check.wish, check.known, None)

    async def _with_slot(
        self, wish: Reserve | None, person: Person, terms: Terms | None
    ) -> MentorCheck:
        if wish is None:
            return MentorCheck(mentor=person)
        wish = wish.model_copy(update={"terms": terms})
        permit = await self._mentors.reserve(person.slack_id, wish)
        if permit.no is None:
            return MentorCheck(mentor=person)
        return MentorCheck(refusal=_REFUSALS.get(permit.no, Notice.NO_ROOM))

    @activity.defn
    async def pause_mentor(self, pause: PauseMentor) -> None:
        """A break, or its end, that was wished in a request's conversation.

        Requests begun before mentors had workflows of their own still send it this way.
        """
        at = pause.at or activity.info().scheduled_time
        wish = ComeBack(at=at) if pause.until is None else Snooze(at=at, until=pause.until)
        await self._mentors.tell(pause.slack_id, wish)

    @activity.defn
    async def look_around(self, order: LookAround) -> Surroundings:
        """How the mentor's requests run; the roster is left out while it can't be read."""
        async with heartbeats():
            running = await self._workload.requests_of(order.slack_id, order.slots)
            found = Surroundings(running=running, rules=self._rules)
            if not order.roster:
                return found
            try:
                mentor = await self._roster.in_row(order.slack_id)
            except RecordsAwayError as error:
                self._errors.failure(error.reason, "the roster")
                found.roster_read = False
                return found
        if mentor is not None:
            found.terms, found.row = terms_of(mentor), row_of(mentor)
        return found

    @activity.defn
    async def record_mentor(self, row: MentorRow) -> None:
        """Bring a mentor's row up to date; at sign-up it is added."""
        try:
            async with heartbeats():
                await self._rows.write(row)
        except RecordsAwayError as error:
            raise self._errors.failure(error.reason, "the roster") from error
        except AirtableError as error:
            raise self._errors.failure(error, f"the row of {row.slack_id}") from error


def _refusal(mentor: Mentor, check: CheckMentor, never_pairs: Collection[Pair]) -> Notice | None:
    """Why they can't take it, whatever their own workflow would say of a slot."""
    if not mentor.active:
        return Notice.NOT_A_MENTOR
    reason = matching.cannot_claim(mentor, check.now)
    never_paired = matching.pair_of(mentor.slack_id, check.mentee) in never_pairs
    left_to_them = check.wish is not None and reason in _THEIR_WORKFLOW_DECIDES
    if reason and (never_paired or not left_to_them):
        return Notice.NO_ROOM
    # last: whoever would be refused anyway hears what anybody would hear
    return Notice.ANOTHER_MENTOR_TAKES_IT if never_paired else None


_THEIR_WORKFLOW_DECIDES = (
    matching.Reason.OPTED_OUT,
    matching.Reason.ON_A_BREAK,
    matching.Reason.FULL,
)
"""What the roster says of these is a moment old: they may have come back just before they claimed,
and the slot that makes them full may be this request's own."""
_REFUSALS = {No.TOO_LATE: Notice.CANNOT_CHECK, No.ACCOUNT_CLOSED: Notice.NOT_A_MENTOR}


def terms_of(mentor: Mentor) -> Terms:
    return Terms(
        name=mentor.name,
        max_mentees=mentor.max_mentees,
        weekly_asks=mentor.weekly_asks,
        time_zone=mentor.time_zone,
        quiet_hours=mentor.quiet_hours,
        active=mentor.active,
    )


def row_of(mentor: Mentor) -> MentorRow:
    """What a mentor's row says of what their workflow owns."""
    return MentorRow(
        slack_id=mentor.slack_id,
        revision=0,
        status=MentorStatus(mentor.status or MentorStatus.AVAILABLE),
        mentees_now=mentor.load,
        snoozed_until=mentor.snoozed_until,
        opted_out_at=mentor.opted_out_at,
        last_seen=mentor.last_seen,
    )
