"""Slash commands."""

from __future__ import annotations

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards.home import where_to_ask
from cards.ids import COMMAND
from slack_app.office import Office


def register(app: AsyncApp, office: Office) -> None:
    async def mentor_request(ack: AsyncAck) -> None:
        await ack(text=where_to_ask(office.form_url), response_type="ephemeral")

    app.command(COMMAND)(mentor_request)
