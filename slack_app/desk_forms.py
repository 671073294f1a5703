"""Coordinators' forms: whom to assign, why to close, the answer to somebody's words.

Who gives an order is looked up when its form opens, and again when it is sent.
"""

from __future__ import annotations

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals
from cards.ids import Action, Callback, Field
from cards.values import RequestRef, WordRef
from domain.models import MAX_NOTE, MAX_TEXT
from domain.orders import AnswerPerson, Assign, CloseRequest, Order, Verdict
from slack_app import fields
from slack_app.desk import coordinator, show_outcome
from slack_app.office import Office
from slack_app.pair_forms import form_of
from slack_app.payloads import Body, Click, Submission
from slack_app.refusals import FormError
from slack_app.replies import open_modal

_REFUSED = "This can't be done as the request stands now, so nothing was changed."


def register(app: AsyncApp, office: Office) -> None:
    _open_forms(app, office)
    _take_forms(app, office)


def _open_forms(app: AsyncApp, office: Office) -> None:
    async def open_assign(ack: AsyncAck, body: Body) -> None:
        await _open(Click.read(body), Action.ASSIGN, ack)

    async def open_close(ack: AsyncAck, body: Body) -> None:
        await _open(Click.read(body), Action.CLOSE_REQUEST, ack)

    async def _open(click: Click, form: Action, ack: AsyncAck) -> None:
        await office.coordinators.check(click.user)
        view = await office.requests.view(click.about(RequestRef).request_id)
        draw = modals.assign if form is Action.ASSIGN else modals.close_request
        await open_modal(office, click.by, draw(view, form_of(click)))
        await ack()

    async def open_answer(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        words = click.about(WordRef)
        await office.coordinators.check(click.user)
        view = await office.requests.view(words.request_id)
        form = form_of(click, number=words.number, to=words.to)
        await open_modal(office, click.by, modals.answer_person(view, form))
        await ack()

    app.action(Action.ASSIGN.value)(open_assign)
    app.action(Action.CLOSE_REQUEST.value)(open_close)
    app.action(Action.ANSWER_PERSON.value)(open_answer)


def _take_forms(app: AsyncApp, office: Office) -> None:
    async def assign(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        mentor = sent.choice(Field.MENTOR, Action.FIND_MENTOR)
        if not mentor:
            raise FormError({Field.MENTOR: "Please choose a mentor."})
        who = await coordinator(office, sent.by)
        given = Assign(by=who.slack_id, name=who.name, channel=sent.form.channel, mentor=mentor)
        await _send(ack, sent, given, Field.MENTOR)

    async def close_request(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        reason = fields.required(
            sent, Field.REASON, MAX_NOTE, empty="Please say why; only coordinators read it."
        )
        word = fields.optional(sent, Field.WORD, MAX_TEXT)
        who = await coordinator(office, sent.by)
        given = CloseRequest(
            by=who.slack_id, name=who.name, channel=sent.form.channel, reason=reason, word=word
        )
        await _send(ack, sent, given, Field.REASON)

    async def answer_person(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        text = fields.required(sent, Field.TEXT, MAX_TEXT, empty="Please write a word or two.")
        who = await coordinator(office, sent.by)
        given = AnswerPerson(
            by=who.slack_id,
            name=who.name,
            channel=sent.form.channel,
            to=sent.form.to,
            text=text,
            answers=sent.form.number,
        )
        await _send(ack, sent, given, Field.TEXT)

    async def _send(ack: AsyncAck, sent: Submission, given: Order, field: Field) -> None:
        """The form closes when it is done; what stands in the way is said at ``field``."""
        request_id = sent.form.request_id
        answered = await office.requests.order(request_id, given, click=sent.by.act)
        if answered and answered.verdict is Verdict.REFUSED:
            raise FormError({field: answered.words or _REFUSED})
        channel = sent.form.channel
        office.errands.run(show_outcome(office, sent.by, request_id, answered, channel))
        await ack()

    app.view(Callback.ASSIGN.value)(assign)
    app.view(Callback.CLOSE_REQUEST.value)(close_request)
    app.view(Callback.ANSWER_PERSON.value)(answer_person)
