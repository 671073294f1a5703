"""Mentors' rest and return, from any card and from App Home: straight to the mentor's workflow.

Not for one request is ``Decline``, in ``slack_app.decisions``; what is here is for all of them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals, notice
from cards.ids import Action, Callback, Field
from cards.modals import resting
from cards.modals.resting import BACK, STOPPED, STOPPED_STAYS, Rest, pausing_until
from cards.summary import holds
from cards.text import zone
from cards.values import RestContext
from domain.mentor_messages import (
    ComeBack,
    NeverAskAgain,
    NotNow,
    OptOut,
    Snooze,
    StillHere,
    Told,
)
from domain.view import Notice, RequestView
from slack_app import home
from slack_app.clocks import MentorNow, mentor_now
from slack_app.office import Office
from slack_app.payloads import Actor, Body, Click, Submission
from slack_app.refusals import FormError, RefusalError
from slack_app.replies import open_modal, say

A_WEEK = timedelta(days=7)
LONGEST = timedelta(days=366)
"""Whoever wants to be left alone for longer opts out."""

_ANSWERS: dict[Action, type[NotNow | NeverAskAgain | StillHere]] = {
    Action.NOT_NOW: NotNow,
    Action.NEVER_ASK_AGAIN: NeverAskAgain,
    Action.STILL_HERE: StillHere,
}
"""To the questions that Muster asks outside any request; the question itself shows the outcome."""


def register(app: AsyncApp, office: Office) -> None:
    _one_tap(app, office)
    _form(app, office)


def _one_tap(app: AsyncApp, office: Office) -> None:
    async def not_this_week(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        now = await _present(office, click)
        until = max(now.at + A_WEEK, now.rests_until or now.at)
        await office.mentors.tell(click.user, Snooze(at=now.at, until=until))
        words = STOPPED_STAYS if now.has_opted_out else pausing_until(until)
        _show(office, click.by, now, words)
        await ack()

    async def come_back(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        now = await _present(office, click)
        await office.mentors.tell(click.user, ComeBack(at=now.at))
        _show(office, click.by, now, BACK)
        await ack()

    async def answer(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        now = await mentor_now(office, click.user)
        kind = _ANSWERS[Action(click.action)]
        await office.mentors.tell(click.user, kind(at=now.at))
        await ack()

    app.action(Action.NOT_THIS_WEEK.value)(not_this_week)
    app.action(Action.COME_BACK.value)(come_back)
    app.action(Action.END_BREAK.value)(come_back)
    for action in _ANSWERS:
        app.action(action.value)(answer)


def _form(app: AsyncApp, office: Office) -> None:
    async def open_form(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        now = await _present(office, click)
        if now.has_opted_out:
            await open_modal(office, click.by, resting.stopped_already())
        else:
            person = await office.people.find(click.user)
            form = RestContext(
                request_id=click.about(RestContext).request_id,
                opened_at=now.at,
                time_zone=person.time_zone,
                at_home=click.by.at_home,
            )
            await open_modal(office, click.by, modals.rest(form))
        await ack()

    async def take_form(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        form = sent.about(RestContext)
        now = max(datetime.now(UTC), form.opened_at or datetime.now(UTC))
        told, words = _wish(sent, now, form.time_zone)
        await office.mentors.tell(sent.user, told)
        if form.at_home:
            office.errands.run(home.follow(office, sent.user))
        await ack(response_action="update", view=modals.word(words))

    app.action(Action.REST.value)(open_form)
    app.action(Action.TAKE_BREAK.value)(open_form)
    app.view(Callback.REST.value)(take_form)


async def _present(office: Office, click: Click) -> MentorNow:
    """Raises: RefusalError: it is the card of somebody else."""
    request_id = click.about(RestContext).request_id
    now = await mentor_now(office, click.user, request_id)
    if now.view and now.overview is None and not _concerns(now.view, click.user):
        raise RefusalError(notice(Notice.NOT_YOURS, now.view, click.user).text)
    return now


def _concerns(view: RequestView, slack_id: str) -> bool:
    return slack_id in (*view.asked, *view.excluded) or holds(view, slack_id)


def _show(office: Office, by: Actor, now: MentorNow, words: str) -> None:
    """What is so now, where no card says it by itself."""
    if by.at_home:
        office.errands.run(home.follow(office, by.user))
    elif not _card_follows(now, by.user):
        office.errands.run(say(office, by, words))


def _card_follows(now: MentorNow, slack_id: str) -> bool:
    """The card of an ask is drawn anew a moment later, as long as both workflows know of it."""
    view = now.view
    if view is None or now.overview is None or view.request_id not in now.overview.asks:
        return False
    return slack_id in view.asked and not view.status.is_final and not holds(view, slack_id)


def _wish(sent: Submission, now: datetime, time_zone: str) -> tuple[Told, str]:
    """What to tell their workflow, and to say to them. Raises: FormError."""
    match sent.choice(Field.HOW):
        case Rest.WEEK:
            until = now + A_WEEK
        case Rest.DATE:
            until = _beginning_of(sent.date(Field.DATE), now, time_zone)
        case Rest.STOP:
            return OptOut(at=now), STOPPED
        case _:
            raise FormError({Field.HOW: "Please choose for how long."})
    return Snooze(at=now, until=until), pausing_until(until)


def _beginning_of(day: date | None, now: datetime, time_zone: str) -> datetime:
    """Of this day on their own clock (UTC). Raises: FormError."""
    if day is None:
        raise FormError({Field.DATE: "Please choose the day from which you may be asked again."})
    until = datetime.combine(day, time(), zone(time_zone) or UTC).astimezone(UTC)
    if until <= now:
        raise FormError({Field.DATE: "This day has begun already. Please choose a later one."})
    if until > now + LONGEST:
        raise FormError(
            {Field.DATE: "Please choose a day within a year, or “Not at all”: you can come back."}
        )
    return until
