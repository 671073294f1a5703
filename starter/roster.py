"""The roster: all mentors as they stand, filtered, as a page and as a file. It only looks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aiohttp import web

from clients.away import or_away
from clients.requests import RequestGoneError, TemporalAwayError
from domain.case_words import CaseWords
from domain.matching import Appraisal
from domain.models import Mentor, Service, Skill
from domain.queue import QueueEntry
from domain.skills import SkillIndex
from domain.view import CaseFile
from records.errors import RecordsAwayError
from starter.admission import COORDINATOR
from starter.mentors import mentors_now
from starter.pages import message, page
from starter.parts import PARTS, Parts
from starter.roster_filters import PER_PAGE, Filters, Sieve
from starter.roster_form import choices
from starter.roster_words import COLUMNS, WHY, Entry, cells_of, row_of, state_of
from starter.spreadsheet import as_csv

APPRAISED_WITHIN = 4.0
"""Seconds for looking at every mentor for one request."""

_log = logging.getLogger(__name__)


async def show_roster(request: web.Request) -> web.Response:
    """One page of it, with the filters as a form that works without JavaScript."""
    parts, filters = request.app[PARTS], Filters.read(request.query)
    try:
        look, queue = await asyncio.gather(_look(parts, filters), _open_requests(parts))
    except RecordsAwayError as error:
        return _records_away(request, error)
    sieve = _sieve(parts, filters, look)
    found = sieve.choose(look.entries)
    pages = max(1, -(-len(found) // PER_PAGE))
    shown = replace(filters, page=min(filters.page, pages))
    first = (shown.page - 1) * PER_PAGE
    some = found[first : first + PER_PAGE]
    context = {
        "rows": [
            row_of(
                entry,
                look.now,
                is_awake=sieve.is_awake(entry.mentor),
                asks_known=look.as_they_stand,
            )
            for entry in some
        ],
        "filters": shown,
        "choices": choices(look.entries, look.services, queue, shown),
        "skills": [skill.name for skill in look.skills],
        "unknown_skills": look.unknown(filters.skill),
        "total": len(look.entries),
        "found": len(found),
        "first": first + 1,
        "last": first + len(some),
        "pages": pages,
        "notices": [*look.notices, *([_NO_QUEUE] if queue is None else [])],
        "why": look.why,
        "here": request.path,
        "as_of": look.now,
    }
    return page(request, "roster.html", context)


async def roster_as_csv(request: web.Request) -> web.Response:
    """Everybody whom the filters find, on all pages."""
    parts, filters = request.app[PARTS], Filters.read(request.query)
    try:
        look = await _look(parts, filters)
    except RecordsAwayError as error:
        return _records_away(request, error)
    found = _sieve(parts, filters, look).choose(look.entries)
    head = [*COLUMNS, *([WHY + filters.request] if look.why else [])]
    lines = [
        [
            *cells_of(entry, look.now, asks_known=look.as_they_stand),
            *([entry.why] if look.why else []),
        ]
        for entry in found
    ]
    _log.info("%s took the roster as a file: %d mentors", request[COORDINATOR], len(found))
    return web.Response(
        body=as_csv([head, *lines]),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="mentors-{look.now:%Y-%m-%d}.csv"'},
    )


# ---- reading it -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Look:
    """The whole roster at one moment."""

    now: datetime
    entries: list[Entry]
    services: list[Service]
    skills: list[Skill]
    as_they_stand: bool = True
    why: str = ""
    """The request that the entries' words are about; "" for none."""
    notices: list[str] = field(default_factory=list)

    def unknown(self, typed: str) -> list[str]:
        """Typed skills that are no mentor's and in no list."""
        index = SkillIndex(self.skills)
        known = index.canonical_all(skill.name for skill in self.skills)
        known |= index.canonical_all(name for one in self.entries for name in one.mentor.skills)
        names = [name for part in typed.split(",") if (name := part.strip())]
        return [name for name in names if index.canonical(name) not in known]


async def _look(parts: Parts, filters: Filters) -> _Look:
    """Raises: RecordsAwayError."""
    now = parts.now()
    mentors = await mentors_now(parts.catalog, parts.roster, now)
    look = _Look(
        now=now,
        entries=[Entry(one, state_of(one, now)) for one in mentors.mentors],
        services=await parts.catalog.services(),
        skills=sorted(await parts.catalog.skills(), key=lambda skill: skill.name.casefold()),
        as_they_stand=mentors.as_they_stand,
        notices=[] if mentors.as_they_stand else [_ROWS_ALONE],
    )
    return await _with_reasons(parts, look, filters.request) if filters.request else look


async def _with_reasons(parts: Parts, look: _Look, request_id: str) -> _Look:
    """The same with why each mentor was asked for a request or not, best placed first."""
    try:
        case = await parts.requests.case(request_id)
        now = max(look.now, case.now)  # its clock may run ahead
        async with or_away(APPRAISED_WITHIN):
            appraised = await parts.roster.appraise(
                case.service,
                case.skills,
                case.mentee,
                case.excluded,
                now,
                cap_lifted=case.cap_lifted,
            )
    except RequestGoneError:
        return replace(look, notices=[*look.notices, f"There is no request {request_id}."])
    except (TemporalAwayError, RecordsAwayError) as error:
        _log.warning("request %s: nobody can say why: %s", request_id, error.__cause__ or error)
        return replace(look, notices=[*look.notices, _NO_REASONS])
    return replace(look, now=now, entries=_told(case, appraised, now), why=request_id)


def _told(
    case: CaseFile, appraised: Sequence[tuple[Mentor, Appraisal]], now: datetime
) -> list[Entry]:
    words = CaseWords(case)
    told = [
        Entry(mentor, state_of(mentor, now), words.words(mentor.slack_id, appraisal))
        for mentor, appraisal in appraised
    ]
    return sorted(told, key=lambda entry: words.rank(entry.mentor.slack_id))


async def _open_requests(parts: Parts) -> list[QueueEntry] | None:
    """By risk; None when they can't be listed."""
    try:
        return (await parts.queue.listed(now=parts.now())).entries
    except TemporalAwayError as error:
        _log.warning("The open requests can't be listed: %s", error.__cause__ or error)
        return None


def _sieve(parts: Parts, filters: Filters, look: _Look) -> Sieve:
    shown = filters if look.why else replace(filters, request="")
    return Sieve(shown, SkillIndex(look.skills), look.now, parts.policy.quiet_hours)


def _records_away(request: web.Request, error: RecordsAwayError) -> web.Response:
    _log.warning("The roster can't be shown: %s", error)
    return message(
        request,
        "The mentors can’t be read right now",
        "Airtable isn’t answering, and nothing is remembered from before.",
        "Mentoring goes on meanwhile. Wait a minute, then try again.",
        status=503,
        link=(request.path_qs, "Try again"),
    )


_ROWS_ALONE = (
    "Temporal can’t be asked right now, so this is what Airtable says: status and mentees may be "
    "out of date, and how often somebody was asked this week is not known."
)
_NO_QUEUE = "The open requests can’t be listed right now."
_NO_REASONS = (
    "Why mentors were asked or not can’t be said right now. Wait a minute, then load this page "
    "again."
)
