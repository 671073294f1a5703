"""Buttons of mentors and mentees that say everything by being pressed: a signal each."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards.ids import Action
from cards.text import zone
from cards.values import RequestRef, TimeRef
from domain.base import Decision
from domain.messages import (
    AcceptTime,
    AnotherMentor,
    AskMore,
    Cancel,
    Claim,
    Decline,
    KeepWaiting,
    NotDoneYet,
    PromiseToWrite,
    Release,
    UndoClaim,
)
from slack_app import home, permission
from slack_app.clocks import present
from slack_app.office import Office
from slack_app.payloads import Body, Click

DECISIONS: dict[Action, type[Decision]] = {
    Action.CLAIM: Claim,
    Action.DECLINE: Decline,
    Action.UNDO_CLAIM: UndoClaim,
    Action.RELEASE: Release,
    Action.CANCEL: Cancel,
    Action.KEEP_WAITING: KeepWaiting,
    Action.ASK_MORE: AskMore,
    Action.ANOTHER_MENTOR: AnotherMentor,
    Action.NOT_DONE_YET: NotDoneYet,
}

EVENING = time(20)
SUNDAY = 6


def register(app: AsyncApp, office: Office) -> None:
    async def decide(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        request_id = click.about(RequestRef).request_id
        decision = DECISIONS[Action(click.action)](by=click.user, channel=click.channel)
        await office.requests.decide(request_id, decision)
        if click.by.at_home:
            office.errands.run(home.follow(office, click.user))
        await ack()

    async def accept_time(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        chosen = click.about(TimeRef)
        decision = AcceptTime(
            by=click.user, channel=click.channel, proposal=chosen.proposal, time=chosen.time
        )
        await office.requests.decide(chosen.request_id, decision)
        await ack()

    async def promise_to_write(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        mentor = permission.to_promise(view, click.user)
        time_zone = mentor.time_zone or (await office.people.find(click.user)).time_zone
        by_when = BY_WHEN[Action(click.action)](present(view), time_zone)
        decision = PromiseToWrite(by=click.user, channel=click.channel, by_when=by_when)
        await office.requests.decide(view.request_id, decision)
        await ack()

    for action in DECISIONS:
        app.action(action.value)(decide)
    for action in BY_WHEN:
        app.action(action.value)(promise_to_write)
    app.action(Action.ACCEPT_TIME.value)(accept_time)


def this_evening(now: datetime, time_zone: str) -> datetime:
    """20:00 today on the clock of this IANA zone (UTC when unknown), or in an hour if that is
    later."""
    return _evening(now, time_zone, days=0)


def this_weekend(now: datetime, time_zone: str) -> datetime:
    """20:00 on the Sunday that comes (or is), or in an hour if that is later."""
    local = now.astimezone(zone(time_zone) or zone("UTC"))
    return _evening(now, time_zone, days=SUNDAY - local.weekday())


def _evening(now: datetime, time_zone: str, *, days: int) -> datetime:
    local = now.astimezone(zone(time_zone) or zone("UTC"))
    evening = datetime.combine(local.date() + timedelta(days=days), EVENING, local.tzinfo)
    return max(evening.astimezone(UTC), now + timedelta(hours=1))


BY_WHEN = {Action.WRITE_TODAY: this_evening, Action.WRITE_WEEKEND: this_weekend}
"""Promises that a mentor makes in one tap, on their own clock."""
