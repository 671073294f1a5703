"""What coordinators look up: a request's card, who was asked and why not, what happened."""

from __future__ import annotations

import asyncio
import logging

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from temporalio.service import RPCError

from cards import modals
from cards.ids import Action
from cards.values import RequestRef
from domain.view import CaseFile
from records.errors import RecordsAwayError
from slack_app.mentor_lines import mentor_lines
from slack_app.office import Office
from slack_app.payloads import Body, Click
from slack_app.replies import open_modal
from slack_app.slack_errors import error_name

ROSTER_WITHIN = 1.2
"""Seconds: a modal must open within three of the click."""
NAMES_LOOKED_UP = 20

_log = logging.getLogger(__name__)


def register(app: AsyncApp, office: Office) -> None:
    async def open_request(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        request_id = click.about(RequestRef).request_id
        await office.coordinators.check(click.user)
        view = await office.requests.view(request_id)
        await open_modal(office, click.by, modals.request_card(view))
        await ack()

    async def who_was_asked(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        case = await _case(click)
        reader = await office.people.find(click.user)
        lines = await _lines(case, reader.time_zone)
        await open_modal(office, click.by, modals.who_was_asked(case, lines))
        await ack()

    async def timeline(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        case = await _case(click)
        await open_modal(office, click.by, modals.timeline(case, await _names(case)))
        await ack()

    async def _case(click: Click) -> CaseFile:
        await office.coordinators.check(click.user)
        return await office.requests.case(click.about(RequestRef).request_id)

    async def _lines(case: CaseFile, time_zone: str) -> list[modals.MentorLine]:
        try:
            async with asyncio.timeout(ROSTER_WITHIN):
                appraised = await office.roster.appraise(
                    case.service,
                    case.skills,
                    case.mentee,
                    case.excluded,
                    case.now,
                    cap_lifted=case.cap_lifted,
                )
        except (TimeoutError, RecordsAwayError, RPCError) as error:
            _log.warning("The roster can't be shown: %s", error_name(error))
            return [*mentor_lines(case, [], time_zone), _ROSTER_AWAY]
        return mentor_lines(case, appraised, time_zone)

    async def _names(case: CaseFile) -> dict[str, str]:
        """Of everybody who has done something, as far as they are known."""
        names = {ask.mentor.slack_id: ask.mentor.name for ask in case.asks}
        others = dict.fromkeys(entry.by for entry in case.timeline if entry.by not in names)
        looked_up = [slack_id for slack_id in others if slack_id][-NAMES_LOOKED_UP:]
        people = await asyncio.gather(*(office.people.find(slack_id) for slack_id in looked_up))
        return names | {person.slack_id: person.name for person in people}

    app.action(Action.OPEN_REQUEST.value)(open_request)
    app.action(Action.WHO_WAS_ASKED.value)(who_was_asked)
    app.action(Action.TIMELINE.value)(timeline)


_ROSTER_AWAY = modals.MentorLine(
    "Everybody else", "the roster can't be read just now; please open this again in a moment"
)
