"""Words to the coordinators: to the request that they are about, else to their channel."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from cards import talk
from clients.requests import RequestGoneError, TemporalAwayError
from domain.ids import is_request_id
from domain.messages import AskCoordinator
from domain.models import MAX_TEXT
from slack_app.office import Office
from slack_app.payloads import Body
from slack_app.refusals import RefusalError
from slack_app.slack_errors import UNANSWERED, error_name

CUT = " … (cut here: it was longer)"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """What somebody wrote, as plain text, and where."""

    writer: str
    """Slack id."""
    text: str
    channel: str = ""
    message: str = ""
    """The ``ts`` of a typed message; "" for a form."""
    request_id: str = ""
    """"" when nothing says which request it is about."""


async def pass_on(office: Office, words: Words, *, handle: str = "") -> None:
    """Put somebody's words before the coordinators.

    Args:
        handle: their Slack user name, for when nothing better is known.

    Raises:
        RefusalError: it could not be done just now; says so, and what to do.
    """
    try:
        if not await _to_request(office, words):
            await _to_channel(office, words, handle)
    except (TemporalAwayError, *UNANSWERED) as error:
        _log.warning("Somebody's words could not be passed on: %s", error_name(error))
        raise RefusalError(talk.NOT_PASSED_ON) from error


async def _to_request(office: Office, words: Words) -> bool:
    """False when they have no running request, or the one they write about is finished."""
    request_id = words.request_id or await office.requests.find_of(words.writer)
    if not request_id:
        return False
    asked = AskCoordinator(
        by=words.writer, channel=words.channel, text=cut(words.text), message=words.message
    )
    try:
        await office.requests.decide(request_id, asked)
    except RequestGoneError:
        return False
    return True


async def _to_channel(office: Office, words: Words, handle: str) -> None:
    writer = await office.people.find(words.writer, handle)
    card = talk.to_coordinators(writer, cut(words.text))
    await office.slack.chat_postMessage(
        channel=office.coordinators_channel,
        text=card.text,
        blocks=card.blocks,
        unfurl_links=False,
        unfurl_media=False,
    )


def cut(text: str) -> str:
    """At most as long as can be passed on, with a note where something is missing."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(CUT)].rstrip() + CUT


def request_of(message: Body) -> str:
    """Which request a card of ours is about, by the key in its metadata; "" for none."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    request_id = str(payload.get("key") or "").split("/", 1)[0]
    return request_id if is_request_id(request_id) else ""
