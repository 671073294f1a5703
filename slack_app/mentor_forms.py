"""Forms of a mentor who was asked, or has the request: why not, on which day, by when."""

from __future__ import annotations

from datetime import UTC, datetime

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals
from cards.ids import Action, Callback, Field
from cards.summary import latest_hold
from cards.text import zone
from cards.values import RequestRef
from domain.messages import Hold, PromiseToWrite, SayWhy
from domain.models import MAX_NOTE
from domain.promise import latest_promise
from slack_app import fields, permission
from slack_app.clocks import present, since_opened
from slack_app.office import Office
from slack_app.pair_forms import form_of
from slack_app.payloads import Body, Click, Submission
from slack_app.refusals import FormError
from slack_app.replies import open_modal


def register(app: AsyncApp, office: Office) -> None:
    _open_forms(app, office)
    _take_forms(app, office)


def _open_forms(app: AsyncApp, office: Office) -> None:
    async def open_say_why(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        permission.to_say_why(view, click.user)
        await open_modal(office, click.by, modals.say_why(form_of(click)))
        await ack()

    async def open_hold(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        permission.to_hold(view, click.user)
        person, now = await office.people.find(click.user), present(view)
        form = form_of(click, opened_at=now)
        await open_modal(office, click.by, modals.hold(view, form, now, person.time_zone))
        await ack()

    async def open_promise(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        view = await office.requests.view(click.about(RequestRef).request_id)
        mentor = permission.to_promise(view, click.user)
        now = present(view)
        form = form_of(click, opened_at=now)
        await open_modal(office, click.by, modals.write_by(view, form, now, mentor.time_zone))
        await ack()

    app.action(Action.SAY_WHY.value)(open_say_why)
    app.action(Action.HOLD.value)(open_hold)
    app.action(Action.WRITE_PICK.value)(open_promise)


def _take_forms(app: AsyncApp, office: Office) -> None:
    async def say_why(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        decision = SayWhy(by=sent.user, channel=sent.form.channel, reason=_reason(sent))
        await office.requests.decide(sent.form.request_id, decision)
        await ack()

    async def hold(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        until = _later(sent)
        latest = latest_hold(await office.requests.view(sent.form.request_id))
        if until > latest:
            time_zone = (await office.people.find(sent.user)).time_zone
            raise FormError({Field.UNTIL: _too_late(latest, since_opened(sent.form), time_zone)})
        decision = Hold(by=sent.user, channel=sent.form.channel, until=until)
        await office.requests.decide(sent.form.request_id, decision)
        await ack()

    async def promise_to_write(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        by_when = _later(sent)
        view, now = await office.requests.view(sent.form.request_id), since_opened(sent.form)
        claimed_at = view.claim.at if view.claim else now
        latest = latest_promise(claimed_at, now, has_written=view.mentor_has_written)
        if by_when > latest:
            time_zone = (await office.people.find(sent.user)).time_zone
            raise FormError({Field.UNTIL: _too_long(latest, now, time_zone)})
        decision = PromiseToWrite(by=sent.user, channel=sent.form.channel, by_when=by_when)
        await office.requests.decide(sent.form.request_id, decision)
        await ack()

    app.view(Callback.SAY_WHY.value)(say_why)
    app.view(Callback.HOLD.value)(hold)
    app.view(Callback.WRITE_BY.value)(promise_to_write)


def _reason(sent: Submission) -> str:
    """The chosen reason in its words, and what was added."""
    choice = sent.choice(Field.REASON)
    if choice not in modals.REASONS:
        raise FormError({Field.REASON: "Please choose the one that comes closest."})
    words = modals.REASONS[choice]
    if note := sent.text(Field.NOTE):
        fields.check_length(note, Field.NOTE, MAX_NOTE - len(words) - len(": "))
        return f"{words}: {note}"
    return words


def _later(sent: Submission) -> datetime:
    """A chosen moment that is still to come."""
    until = sent.moment(Field.UNTIL)
    if until is None:
        raise FormError({Field.UNTIL: "Please choose a day and a time."})
    if until <= since_opened(sent.form):
        raise FormError({Field.UNTIL: "This time is over. Please choose a later one."})
    return until


def _too_late(latest: datetime, now: datetime, time_zone: str) -> str:
    if latest <= now:
        return (
            "The promised time is near or over, so it can't be kept for later. If you can take it, "
            "please claim it now."
        )
    return f"An answer is promised soon after that. {_until(latest, time_zone)}"


def _too_long(latest: datetime, now: datetime, time_zone: str) -> str:
    if latest <= now:
        return (
            "They have waited long for a word of yours, so it can't be put off again. A line in "
            "the group message is enough; or give the request back, and that is fine, too."
        )
    return f"That is a long time to wait for a word. {_until(latest, time_zone)}"


def _until(latest: datetime, time_zone: str) -> str:
    local = latest.astimezone(zone(time_zone) or UTC)
    clock = "on your clock" if zone(time_zone) else "UTC"
    return f"Please choose a time until {local:%a} {local.day} {local:%b}, {local:%H:%M} {clock}."
