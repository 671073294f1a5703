"""The searchable list of mentors in "Assign": best placed first, with their load."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from temporalio.service import RPCError

from cards import modals
from cards.ids import Action
from clients.requests import RequestError
from domain.matching import Appraisal
from domain.models import Mentor
from domain.skills import skill_key
from records.errors import RecordsAwayError
from slack_app.office import Office
from slack_app.payloads import Body, Search
from slack_app.refusals import RefusalError
from slack_app.slack_errors import error_name

WITHIN = 2.2
"""Seconds: Slack shows what it has within three; an empty list can be searched again."""

_log = logging.getLogger(__name__)


def register(app: AsyncApp, office: Office) -> None:
    async def find_mentor(ack: AsyncAck, body: Body) -> None:
        search = Search.read(body)
        try:
            async with asyncio.timeout(WITHIN):
                found = await _find(search)
        except (TimeoutError, RefusalError, RequestError, RecordsAwayError, RPCError) as error:
            _log.warning("The list of mentors stays empty: %s", error_name(error))
            found = []
        await ack(options=modals.mentor_options(found))

    async def _find(search: Search) -> list[Mentor]:
        if not await office.coordinators.include(search.by.user):
            return []
        case = await office.requests.case(search.form.request_id)
        excluded = [*case.excluded, *([case.mentor] if case.mentor else [])]
        now = max(case.now, search.form.opened_at or case.now)
        appraised = await office.roster.appraise(
            case.service, case.skills, case.mentee, excluded, now, cap_lifted=True
        )
        return matching(search.typed, appraised)

    app.options(Action.FIND_MENTOR.value)(find_mentor)


def matching(typed: str, appraised: Iterable[tuple[Mentor, Appraisal]]) -> list[Mentor]:
    """Those who can be asked and whose name or skill has the typed text, in their order."""
    return [
        mentor
        for mentor, appraisal in appraised
        if appraisal.scope is not None and _has(mentor, typed.strip().casefold())
    ]


def _has(mentor: Mentor, typed: str) -> bool:
    if typed in mentor.name.casefold():
        return True
    key = skill_key(typed)
    return bool(key) and any(key in skill_key(skill) for skill in mentor.skills)
