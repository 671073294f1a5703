"""The form with which anybody talks to a coordinator: from a card, or from App Home."""

from __future__ import annotations

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals, talk
from cards.ids import Action, Callback, Field
from cards.values import TalkContext
from domain.models import MAX_TEXT
from slack_app import fields
from slack_app.office import Office
from slack_app.passing_on import Words, pass_on
from slack_app.payloads import Body, Click, Submission
from slack_app.replies import open_modal


def register(app: AsyncApp, office: Office) -> None:
    async def open_form(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        about = TalkContext(request_id=click.about(TalkContext).request_id, channel=click.channel)
        await open_modal(office, click.by, modals.talk(about))
        await ack()

    async def send(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        about = sent.about(TalkContext)
        text = fields.required(sent, Field.TEXT, MAX_TEXT, empty="Please write a word or two.")
        words = Words(
            writer=sent.user, text=text, channel=about.channel, request_id=about.request_id
        )
        await pass_on(office, words, handle=sent.by.handle)
        thanks = modals.word(talk.passed_on(wording=office.wording()).text)
        await ack(response_action="update", view=thanks)

    app.action(Action.TALK_TO_COORDINATOR.value)(open_form)
    app.view(Callback.TALK.value)(send)
