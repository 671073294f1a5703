"""Forms of mentor and mentee: the hello, times for the session, how it went; and the details.

What is wrong is said at its field; the rest is one signal.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals
from cards.ids import TIME_FIELDS, Action, Callback, Field
from cards.values import FormContext, RequestRef
from domain.messages import EditHello, GiveFeedback, ProposeTimes
from domain.models import EARLIEST_SESSION, LATEST_SESSION, MAX_HELLO, MAX_NOTE, Level, Role
from slack_app import fields, permission
from slack_app.clocks import present, since_opened
from slack_app.office import Office
from slack_app.payloads import Body, Click, Submission
from slack_app.refusals import FormError, RefusalError
from slack_app.replies import open_modal


def register(app: AsyncApp, office: Office) -> None:
    _open_forms(app, office)
    _take_forms(app, office)


def _open_forms(app: AsyncApp, office: Office) -> None:
    async def show_details(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        details = await office.requests.details(click.about(RequestRef).request_id)
        reader = permission.may_read(details, click.user, click.channel, office.mentors_channel)
        if not reader and not await office.coordinators.include(click.user):
            raise RefusalError(permission.NOT_FOR_READERS)
        await open_modal(office, click.by, modals.details(details))
        await ack()

    async def open_hello(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        permission.to_edit_hello(view, click.user)
        await open_modal(office, click.by, modals.hello(view, form_of(click), office.wording()))
        await ack()

    async def open_times(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        proposer = permission.to_propose(view, click.user)
        now = present(view)
        form = form_of(click, opened_at=now)
        form_view = modals.times(view, form, now=now, time_zone=proposer.time_zone)
        await open_modal(office, click.by, form_view)
        await ack()

    async def open_feedback(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        role = permission.to_give_feedback(view, click.user)
        await open_modal(office, click.by, modals.feedback(view, form_of(click, role=role), role))
        await ack()

    app.action(Action.DETAILS.value)(show_details)
    app.action(Action.EDIT_HELLO.value)(open_hello)
    app.action(Action.PROPOSE_TIMES.value)(open_times)
    app.action(Action.GIVE_FEEDBACK.value)(open_feedback)


def _take_forms(app: AsyncApp, office: Office) -> None:
    async def edit_hello(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        hello = fields.required(sent, Field.HELLO, MAX_HELLO, empty="Please write a word or two.")
        decision = EditHello(by=sent.user, channel=sent.form.channel, hello=hello)
        await office.requests.decide(sent.form.request_id, decision)
        await ack()

    async def propose_times(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        times = _times(sent, now=since_opened(sent.form))
        decision = ProposeTimes(by=sent.user, channel=sent.form.channel, times=times)
        await office.requests.decide(sent.form.request_id, decision)
        await ack()

    async def give_feedback(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        await office.requests.decide(sent.form.request_id, _feedback(sent))
        await ack()

    app.view(Callback.HELLO.value)(edit_hello)
    app.view(Callback.TIMES.value)(propose_times)
    app.view(Callback.FEEDBACK.value)(give_feedback)


def form_of(click: Click, **more: Any) -> FormContext:
    """What a form about the click's request remembers."""
    request_id = click.about(RequestRef).request_id
    return FormContext(request_id=request_id, channel=click.channel, **more)


def _times(sent: Submission, now: datetime) -> list[datetime]:
    """The chosen times, in order."""
    chosen = {field: time for field in TIME_FIELDS if (time := sent.moment(field))}
    if not chosen:
        raise FormError({TIME_FIELDS[0]: "Please choose at least one time."})
    seen = Counter[datetime]()
    problems: dict[str, str] = {}
    for field, time in chosen.items():
        seen[time] += 1
        if time < now + EARLIEST_SESSION:
            problems[field] = "This time is over or too close. Please choose a later one."
        elif time > now + LATEST_SESSION:
            problems[field] = f"Please choose a time within {LATEST_SESSION.days} days."
        elif seen[time] > 1:
            problems[field] = "This time is in your list already. Please choose another one."
    if problems:
        raise FormError(problems)
    return sorted(chosen.values())


def _feedback(sent: Submission) -> GiveFeedback:
    happened = sent.choice(Field.HAPPENED)
    if happened not in (modals.YES, modals.NO):
        raise FormError({Field.HAPPENED: "Please say yes or no."})
    rating, level = sent.choice(Field.RATING), sent.choice(Field.LEVEL)
    return GiveFeedback(
        by=sent.user,
        channel=sent.form.channel,
        happened=happened == modals.YES,
        rating=int(rating) if rating else None,
        note=fields.optional(sent, Field.NOTE, MAX_NOTE),
        level=Level(level) if level and sent.form.role is Role.MENTEE else None,
    )
