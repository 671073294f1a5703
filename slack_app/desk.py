"""What coordinators decide by pressing a button: orders, each with an answer."""

from __future__ import annotations

import asyncio

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals
from cards.blocks import context
from cards.ids import Action, Callback
from cards.text import escape
from cards.values import RequestRef
from domain.models import Person
from domain.orders import Answered, HandBack, Nudge, Take, Widen
from slack_app import home
from slack_app.office import Office
from slack_app.payloads import Actor, Body, Click
from slack_app.replies import say

ORDERS: dict[Action, type[Take | HandBack | Widen | Nudge]] = {
    Action.TAKE: Take,
    Action.HAND_BACK: HandBack,
    Action.WIDEN: Widen,
    Action.NUDGE: Nudge,
}
"""Orders that say everything by being pressed."""


def register(app: AsyncApp, office: Office) -> None:
    async def order(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        request_id = click.about(RequestRef).request_id
        who = await coordinator(office, click.by)
        kind = ORDERS[Action(click.action)]
        given = kind(by=who.slack_id, name=who.name, channel=click.channel)
        answered = await office.requests.order(request_id, given, click=click.by.act)
        office.errands.run(show_outcome(office, click.by, request_id, answered))
        await ack()

    for action in ORDERS:
        app.action(action.value)(order)


async def coordinator(office: Office, by: Actor) -> Person:
    """Who acts, with the name that cards show. Raises: RefusalError: they are no coordinator."""
    _, person = await asyncio.gather(
        office.coordinators.check(by.user), office.people.find(by.user, by.handle)
    )
    return person


_RECEIVED = "Your order is received; what comes of it shows in a moment."


async def show_outcome(
    office: Office, by: Actor, request_id: str, answered: Answered | None, channel: str = ""
) -> None:
    """Say it where the order was given: privately in a channel, or in the request's modal."""
    words = (answered.words if answered else "") or _RECEIVED
    if channel or by.channel:
        await say(office, by, escape(words), channel=channel)
        return
    view = modals.request_card(await office.requests.view(request_id))
    view["blocks"] = [context(escape(words)), *view["blocks"]]
    # an order's own form has closed by now: what shows is the modal that it was opened from
    below = by.view.get("callback_id") != Callback.REQUEST
    view_id = by.view.get("previous_view_id" if below else "id")
    if view_id:
        await office.slack.views_update(view_id=view_id, view=view)
    await home.draw(office, by.user)
