"""What goes wrong, in words for the person who pressed something; one handler for all of it.

Nothing that a person typed is lost: a modal stays open with its fields as they are.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Iterator

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from cards import modals
from clients.requests import (
    OrderRefusedError,
    OrderUnconfirmedError,
    RequestGoneError,
    TemporalAwayError,
)
from slack_app import payloads
from slack_app.office import Office
from slack_app.refusals import FormError, MalformedError, RefusalError
from slack_app.replies import say
from slack_app.slack_errors import error_code, error_name

_log = logging.getLogger(__name__)

_GONE = "This request is finished, so nothing was changed."
_AWAY = "We could not save that just now, and nothing was changed. Please try again in a moment."
_UNCONFIRMED = (
    "We could not make sure that this was saved. If you see no change in a minute, please try "
    "again."
)
_SLOW = "Slack waited too long for us, and nothing was changed. Please press the button once more."
_EXPIRED = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})


def register(app: AsyncApp, office: Office) -> None:
    async def explain(error: Exception, body: payloads.Body) -> BoltResponse:
        match error:
            case FormError():
                return _at_fields(error.problems)
            case MalformedError():
                return malformed(error)
        words, status = _words_for(error, body)
        return await _answer(office, body, words, status)

    app.error(explain)


def malformed(error: Exception) -> BoltResponse:
    """The answer to what is signed, but makes no sense."""
    _log.warning("A signed payload of an unknown shape was refused (%s)", error_name(error))
    return BoltResponse(status=400, body="malformed payload")


def _words_for(error: Exception, body: payloads.Body) -> tuple[str, int]:
    """What to say, and the HTTP status: 200 for a plain no, 500 for "not done, try again"."""
    match error:
        case RefusalError() | OrderRefusedError():
            return error.words, 200
        case RequestGoneError():
            return _GONE, 200
        case TemporalAwayError():
            _log.warning("Temporal is away: %s was not taken", payloads.what(body))
            return (_UNCONFIRMED if isinstance(error, OrderUnconfirmedError) else _AWAY), 500
        case SlackApiError() if error_code(error) in _EXPIRED:
            return _SLOW, 200
    reference = secrets.token_hex(4)
    _log.error("Reference %s: %s failed\n%s", reference, payloads.what(body), _without_words(error))
    return (
        "Something went wrong on our side, and nothing was changed. Please try again; if it stays "
        f"so, tell a coordinator this reference: {reference}"
    ), 500


async def _answer(office: Office, body: payloads.Body, words: str, status: int) -> BoltResponse:
    match body.get("type"):
        case "view_submission":
            return _in_modal(body, words)
        case "block_actions":
            await say(office, payloads.Actor.read(body), words)
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": words})
    return BoltResponse(status=status, body="")


def _in_modal(body: payloads.Body, words: str) -> BoltResponse:
    """At the first field, so that the form stays as it is; else in the form's place."""
    if block_id := payloads.first_input(body):
        return _at_fields({block_id: words})
    view = modals.word(words)
    return BoltResponse(status=200, body={"response_action": "update", "view": view})


def _at_fields(problems: dict[str, str]) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "errors", "errors": problems})


def _without_words(error: BaseException) -> str:
    """A traceback without messages: those may quote what people wrote (pydantic's do)."""
    return "".join(
        f"{''.join(traceback.format_tb(link.__traceback__))}{error_name(link)}\n"
        for link in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """From the first cause to the error itself."""
    if error is not None:
        yield from _chain(error.__cause__ or error.__context__)
        yield error
