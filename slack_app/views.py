"""Modals that were sent. What is wrong is said at its field; the rest is one signal."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals
from cards.ids import TIME_FIELDS, Callback, Field
from domain.messages import EditHello, GiveFeedback, ProposeTimes
from domain.models import (
    EARLIEST_SESSION,
    LATEST_SESSION,
    MAX_HELLO,
    MAX_NOTE,
    Level,
    Role,
)
from slack_app.office import Office
from slack_app.payloads import Body, Submission
from slack_app.refusals import FormError


def register(app: AsyncApp, office: Office) -> None:
    async def edit_hello(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        decision = EditHello(by=sent.user, channel=sent.form.channel, hello=_hello(sent))
        await office.requests.decide(sent.form.request_id, decision)
        await ack()

    async def propose_times(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        times = _times(sent, now=datetime.now(UTC))
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


def _hello(sent: Submission) -> str:
    hello = sent.text(Field.HELLO)
    if not hello:
        raise FormError({Field.HELLO: "Please write a word or two."})
    _check_length(hello, Field.HELLO, MAX_HELLO)
    return hello


def _times(sent: Submission, now: datetime) -> list[datetime]:
    """The chosen times, in order. The request's clock may run ahead of ours, never behind."""
    now = max(now, sent.form.opened_at or now)
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
    note, rating, level = sent.text(Field.NOTE), sent.choice(Field.RATING), sent.choice(Field.LEVEL)
    _check_length(note, Field.NOTE, MAX_NOTE)
    return GiveFeedback(
        by=sent.user,
        channel=sent.form.channel,
        happened=happened == modals.YES,
        rating=int(rating) if rating else None,
        note=note,
        level=Level(level) if level and sent.form.role is Role.MENTEE else None,
    )


def _check_length(text: str, field: Field, longest: int) -> None:
    if len(text) > longest:
        raise FormError(
            {field: f"Please shorten this to {longest} characters; it has {len(text)} now."}
        )
