"""Buttons. Those that decide are a signal each; the others open a modal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals
from cards.ids import Action
from cards.values import FormContext, RequestRef, TimeRef
from domain.messages import AcceptTime, Cancel, Claim, Decision, Decline, Release, UndoClaim
from slack_app import permission
from slack_app.office import Office
from slack_app.payloads import Body, Click

DECISIONS: dict[Action, type[Decision]] = {
    Action.CLAIM: Claim,
    Action.DECLINE: Decline,
    Action.UNDO_CLAIM: UndoClaim,
    Action.RELEASE: Release,
    Action.CANCEL: Cancel,
}
"""Buttons that say everything by being pressed."""


def register(app: AsyncApp, office: Office) -> None:
    async def decide(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        request_id = click.about(RequestRef).request_id
        decision = DECISIONS[Action(click.action)](by=click.user, channel=click.channel)
        await office.requests.decide(request_id, decision)
        await ack()

    async def accept_time(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        chosen = click.about(TimeRef)
        decision = AcceptTime(
            by=click.user, channel=click.channel, proposal=chosen.proposal, time=chosen.time
        )
        await office.requests.decide(chosen.request_id, decision)
        await ack()

    async def show_details(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        details = await office.requests.details(click.about(RequestRef).request_id)
        permission.to_read(details, click.user, click.channel, office.mentors_channel)
        await _open(click, modals.details(details))
        await ack()

    async def edit_hello(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        permission.to_edit_hello(view, click.user)
        await _open(click, modals.hello(view, _form(click)))
        await ack()

    async def propose_times(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        proposer = permission.to_propose(view, click.user)
        now = max(datetime.now(UTC), view.now)
        form = _form(click, opened_at=now)
        await _open(click, modals.times(view, form, now=now, time_zone=proposer.time_zone))
        await ack()

    async def give_feedback(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        role = permission.to_give_feedback(view, click.user)
        await _open(click, modals.feedback(view, _form(click, role=role), role))
        await ack()

    async def _open(click: Click, view: dict[str, Any]) -> None:
        await office.slack.views_open(trigger_id=click.trigger_id, view=view)

    for action in DECISIONS:
        app.action(action.value)(decide)
    app.action(Action.ACCEPT_TIME.value)(accept_time)
    app.action(Action.DETAILS.value)(show_details)
    app.action(Action.EDIT_HELLO.value)(edit_hello)
    app.action(Action.PROPOSE_TIMES.value)(propose_times)
    app.action(Action.GIVE_FEEDBACK.value)(give_feedback)


def _form(click: Click, **more: Any) -> FormContext:
    request_id = click.about(RequestRef).request_id
    return FormContext(request_id=request_id, channel=click.channel, **more)
