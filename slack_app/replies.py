"""Private words and modals for whoever acts: in a conversation, in a modal or in App Home."""

from __future__ import annotations

import logging

from cards import modals
from cards.blocks import View
from slack_app.office import Office
from slack_app.payloads import Actor
from slack_app.slack_errors import UNANSWERED, error_name

_log = logging.getLogger(__name__)


async def open_modal(office: Office, by: Actor, view: View) -> None:
    """Show a modal; on top of the one that the click came from."""
    if by.in_modal:
        await office.slack.views_push(trigger_id=by.trigger_id, view=view)
    else:
        await office.slack.views_open(trigger_id=by.trigger_id, view=view)


async def say(office: Office, by: Actor, words: str, *, channel: str = "") -> None:
    """A word that only they see, where they are; without it what was done stands all the same.

    Args:
        channel: where a form was opened that has closed since.
    """
    try:
        if where := channel or by.channel:
            await office.slack.chat_postEphemeral(channel=where, user=by.user, text=words)
        elif by.view:
            await open_modal(office, by, modals.word(words))
    except UNANSWERED as error:
        _log.warning("A private answer could not be shown: %s", error_name(error))
