"""What App Home shows, looked up: everything at once, and what fails leaves the rest as it is."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from temporalio.service import RPCError

from cards import home as page
from cards import rest
from cards.summary import holds
from clients.queue import Listing
from clients.requests import RequestError, RequestGoneError
from domain.models import Mentor, Status
from domain.sending import SendingState
from domain.standing import MentorOverview
from domain.view import RequestView
from records.errors import RecordsAwayError
from slack_app.office import Office
from slack_app.refusals import RefusalError
from slack_app.slack_errors import error_name

QUEUE_SHOWN = 20
"""Requests in the queue: each is asked how it stands."""
REQUESTS_ASKED = 10
"""Of a mentor's own requests and asks, how many are asked how they stand."""
MENTEES_ASKED = 6
ROSTER_WITHIN = 2.0
"""Seconds: a page that waits longer for Airtable is not worth waiting for."""

_log = logging.getLogger(__name__)


async def own_request(office: Office, slack_id: str) -> RequestView | None:
    """Of somebody as a mentee."""
    try:
        if request_id := await office.requests.find_of(slack_id):
            view = await office.requests.view(request_id)
            return view if view.mentee.slack_id == slack_id else None
    except RequestError:
        pass  # their own request also stands in Messages
    return None


# ---- mentors ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """Somebody as the roster and their own workflow have them."""

    row: Mentor | None = None
    overview: MentorOverview | None = None
    complete: bool = True
    """Both could be asked: None says that there is none."""

    @property
    def is_mentor(self) -> bool:
        """Also who has signed up a moment ago, and whose row can't be read just now."""
        if self.row is not None or self.overview is None:
            return self.row is not None
        return bool(self.overview.profile or self.overview.mentees) or not self.complete

    @property
    def may_sign_up(self) -> bool:
        return self.complete and not self.is_mentor


async def known(office: Office, slack_id: str) -> Known:
    """Never raises."""
    row, overview = await asyncio.gather(_row(office, slack_id), _overview(office, slack_id))
    return Known(
        row=row if isinstance(row, Mentor) else None,
        overview=overview if isinstance(overview, MentorOverview) else None,
        complete=row is not _AWAY and overview is not _AWAY,
    )


_AWAY = object()


async def _row(office: Office, slack_id: str) -> object:
    try:
        async with asyncio.timeout(ROSTER_WITHIN):
            return await office.roster.in_row(slack_id)
    except (TimeoutError, RecordsAwayError, RPCError) as error:
        _log.warning("A mentor's row can't be shown: %s", error_name(error))
        return _AWAY


async def _overview(office: Office, slack_id: str) -> object:
    try:
        return await office.mentors.overview(slack_id)
    except RequestError:
        return _AWAY


async def mentoring(office: Office, slack_id: str, person: Known) -> page.Mentoring | None:
    """None for who is no mentor."""
    if not person.is_mentor:
        return None
    overview = person.overview
    looked = page.Mentoring(
        slack_id=slack_id, row=person.row, overview=overview, incomplete=not person.complete
    )
    if overview is None:
        return looked
    first = overview.mentees[:MENTEES_ASKED]
    others = [one for one in overview.asks if one not in overview.mentees]
    wanted = [*first, *others[: REQUESTS_ASKED - len(first)]]
    views, all_answered = await _views(office, wanted)
    return replace(
        looked,
        incomplete=looked.incomplete or not all_answered,
        offers=[] if looked.is_away else [one for one in views if _may_claim(one, slack_id)],
        mentees=[one for one in views if holds(one, slack_id) and not one.status.is_final],
        more_mentees=len(overview.mentees) - len(first),
    )


async def _views(office: Office, request_ids: Sequence[str]) -> tuple[list[RequestView], bool]:
    """Those that answer, and whether all did; what is over and forgotten counts as an answer."""
    answers = await asyncio.gather(
        *(office.requests.view(one) for one in request_ids), return_exceptions=True
    )
    failed = [one for one in answers if isinstance(one, BaseException)]
    for error in failed:
        if not isinstance(error, RequestError):
            raise error
    away = any(not isinstance(error, RequestGoneError) for error in failed)
    return [one for one in answers if isinstance(one, RequestView)], not away


def _may_claim(view: RequestView, slack_id: str) -> bool:
    """Open to them, and they have not said no."""
    waiting = view.status is Status.OPEN and view.claim is None and slack_id in view.asked
    by_name = view.preferred is not None and view.preferred.slack_id == slack_id
    no = slack_id in (*view.declined, *view.excluded) or rest.resting(view, slack_id)
    return waiting and not no and (by_name or not view.in_preferred_window)


# ---- coordinators -------------------------------------------------------------------------------


async def desk(office: Office, slack_id: str) -> page.Desk | None:
    """None for everybody who is no coordinator (or can't be told to be one just now)."""
    try:
        if not await office.coordinators.include(slack_id):
            return None
    except RefusalError:
        return None
    now = datetime.now(UTC)
    queue, sending, mentors = await asyncio.gather(
        _queue(office), _sending(office), _mentors(office, now)
    )
    url = office.roster_url(slack_id) or ""
    found = page.Desk(queue=None, now=now, paused=None, mentors=mentors, roster_url=url)
    if queue:
        found = replace(found, queue=queue.entries, more=queue.more)
    if sending:
        found = replace(
            found, paused=sending.paused, paused_by=sending.by, paused_since=sending.since
        )
    return found


async def _queue(office: Office) -> Listing | None:
    try:
        return await office.queue.entries(QUEUE_SHOWN)
    except RequestError:
        return None


async def _sending(office: Office) -> SendingState | None:
    try:
        return await office.switchboard.state()
    except RequestError:
        return None


async def _mentors(office: Office, now: datetime) -> Counter[str] | None:
    """Active mentors by status."""
    try:
        async with asyncio.timeout(ROSTER_WITHIN):
            mentors = await office.roster.mentors(now)
    except (TimeoutError, RecordsAwayError, RPCError) as error:
        _log.warning("Mentors can't be counted: %s", error_name(error))
        return None
    return Counter(one.status for one in mentors if one.active)
