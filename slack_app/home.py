"""App Home, by role: drawn anew whenever somebody opens it, and after what changes it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import home as page
from cards.ids import Action
from clients.queue import Listing
from clients.requests import RequestError
from domain.sending import SendingState
from domain.view import RequestView
from slack_app.events import first_delivery
from slack_app.office import Office
from slack_app.payloads import Body, Click
from slack_app.refusals import RefusalError

QUEUE_SHOWN = 20
"""Requests in the queue: each is asked how it stands."""


def register(app: AsyncApp, office: Office) -> None:
    async def show_home(event: dict[str, Any]) -> None:
        office.errands.run(draw(office, event["user"]))

    async def set_sending(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        await office.coordinators.check(click.user)
        paused = click.action == Action.PAUSE_SENDING
        await office.switchboard.set(paused, click.user)
        office.errands.run(draw(office, click.user))
        await ack()

    app.event("app_home_opened", matchers=[first_delivery, _home_tab])(show_home)
    app.action(Action.PAUSE_SENDING.value)(set_sending)
    app.action(Action.RESUME_SENDING.value)(set_sending)


async def draw(office: Office, slack_id: str) -> None:
    """Publish somebody's page; what can't be looked up just now is said on it.

    Raises: what a call to Slack raises.
    """
    mine, desk = await asyncio.gather(_own_request(office, slack_id), _desk(office, slack_id))
    view = page.home(office.community, office.form_url, office.crisis_line, mine=mine, desk=desk)
    await office.slack.views_publish(user_id=slack_id, view=view)


async def _own_request(office: Office, slack_id: str) -> RequestView | None:
    try:
        if request_id := await office.requests.find_of(slack_id):
            view = await office.requests.view(request_id)
            return view if view.mentee.slack_id == slack_id else None
    except RequestError:
        pass  # their own request also stands in Messages
    return None


async def _desk(office: Office, slack_id: str) -> page.Desk | None:
    """None for everybody who is no coordinator (or can't be told to be one just now)."""
    try:
        if not await office.coordinators.include(slack_id):
            return None
    except RefusalError:
        return None
    queue, sending = await asyncio.gather(_queue(office), _sending(office))
    desk = page.Desk(queue=None, now=datetime.now(UTC), paused=None)
    if queue:
        desk = replace(desk, queue=queue.entries, more=queue.more)
    if sending:
        desk = replace(
            desk, paused=sending.paused, paused_by=sending.by, paused_since=sending.since
        )
    return desk


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


async def _home_tab(event: dict[str, Any]) -> bool:
    return event.get("tab") == "home" and isinstance(event.get("user"), str)
