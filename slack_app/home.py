"""App Home, by role: drawn anew whenever somebody opens it, and after what changes it."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import home as page
from cards.ids import Action
from slack_app import home_data
from slack_app.events import first_delivery
from slack_app.office import Office
from slack_app.payloads import Body, Click


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
    mine, (person, mentor), desk = await asyncio.gather(
        home_data.own_request(office, slack_id),
        _mentor(office, slack_id),
        home_data.desk(office, slack_id),
    )
    view = page.home(
        office.community,
        office.form_url,
        office.crisis_line,
        mine=mine,
        mentor=mentor,
        desk=desk,
        may_sign_up=person.may_sign_up,
    )
    await office.slack.views_publish(user_id=slack_id, view=view)


async def follow(office: Office, slack_id: str) -> None:
    """Draw it again while something that was pressed there is decided."""
    waited = 0.0
    for seconds in office.redraw_after:
        await asyncio.sleep(seconds - waited)
        waited = seconds
        await draw(office, slack_id)


async def _mentor(office: Office, slack_id: str) -> tuple[home_data.Known, page.Mentoring | None]:
    person = await home_data.known(office, slack_id)
    return person, await home_data.mentoring(office, slack_id, person)


async def _home_tab(event: dict[str, Any]) -> bool:
    return event.get("tab") == "home" and isinstance(event.get("user"), str)
