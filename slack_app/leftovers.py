"""What no other listener knows: registered last, and answered in plain words."""

from __future__ import annotations

import re

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from slack_app.office import Office
from slack_app.refusals import OutdatedError

_ANYTHING = re.compile(".*")


def register(app: AsyncApp, _: Office) -> None:
    async def refuse() -> None:
        raise OutdatedError

    async def let_be(ack: AsyncAck) -> None:
        await ack()

    async def offer_nothing(ack: AsyncAck) -> None:
        await ack(options=[])

    app.action(_ANYTHING)(refuse)
    app.options(_ANYTHING)(offer_nothing)
    app.view_submission(_ANYTHING)(refuse)
    app.command(_ANYTHING)(refuse)
    app.view_closed(_ANYTHING)(let_be)
    app.event(_ANYTHING)(let_be)
