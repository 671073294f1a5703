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
from clients.requests import RequestGoneError, TemporalAwayError
from slack_app import payloads
from slack_app.office import Office
from slack_app.refusals import FormError, RefusalError
from slack_app.slack_errors import UNANSWERED, error_code

_log = logging.getLogger(__name__)

_GONE = "This request is finished, so nothing was changed."
_AWAY = "We could not save that just now, and nothing was changed. Please try again in a moment."
_SLOW = "Slack waited too long for us, and nothing was changed. Please press the button once more."
_EXPIRED = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})


def register(app: AsyncApp, office: Office) -> None:
    async def explain(error: Exception, body: payloads.Body) -> BoltResponse:
        if isinstance(error, FormError):
            return _at_fields(error.problems)
        words, status = _words_for(error, body)
        return await _answer(office, body, words, status)

    app.error(explain)


def _words_for(error: Exception, body: payloads.Body) -> tuple[str, int]:
    """What to say, and the HTTP status: 200 for a plain no, 500 for "not done, try again"."""
    match error:
        case RefusalError():
            return error.words, 200
        case RequestGoneError():
            return _GONE, 200
        case TemporalAwayError():
            _log.warning("Temporal is away: %s was not taken", _what(body))
            return _AWAY, 500
        case SlackApiError() if error_code(error) in _EXPIRED:
            return _SLOW, 200
    reference = secrets.token_hex(4)
    _log.error("Reference %s: %s failed\n%s", reference, _what(body), _without_words(error))
    return (
        "Something went wrong on our side, and nothing was changed. Please try again; if it stays "
        f"so, tell a coordinator this reference: {reference}"
    ), 500


async def _answer(office: Office, body: payloads.Body, words: str, status: int) -> BoltResponse:
    if body.get("type") == "view_submission":
        return _in_modal(body, words)
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": words})
    if body.get("type") == "block_actions":
        await whisper(office, payloads.conversation(body), body["user"]["id"], words)
    return BoltResponse(status=status, body="")


def _in_modal(body: payloads.Body, words: str) -> BoltResponse:
    """At the first field, so that the form stays as it is; else in the form's place."""
    if block_id := payloads.first_input(body):
        return _at_fields({block_id: words})
    view = modals.word(words)
    return BoltResponse(status=200, body={"response_action": "update", "view": view})


def _at_fields(problems: dict[str, str]) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "errors", "errors": problems})


async def whisper(office: Office, channel: str, user: str, words: str) -> None:
    """A word that only ``user`` sees, where they are; without it the answer stands all the same."""
    if not channel:
        return
    try:
        await office.slack.chat_postEphemeral(channel=channel, user=user, text=words)
    except UNANSWERED as error:
        _log.warning("A private answer could not be shown: %s", _name(error))


def _what(body: payloads.Body) -> str:
    """What was being done, by the names in the code; never what somebody wrote."""
    match body.get("type"):
        case "block_actions":
            return f"action {body['actions'][0].get('action_id')}"
        case "view_submission":
            return f"form {body['view'].get('callback_id')}"
        case "event_callback":
            return f"event {(body.get('event') or {}).get('type')}"
    return f"command {body['command']}" if "command" in body else "a request from Slack"


def _without_words(error: BaseException) -> str:
    """A traceback without messages: those may quote what people wrote (pydantic's do)."""
    return "".join(
        f"{''.join(traceback.format_tb(link.__traceback__))}{_name(link)}\n"
        for link in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """From the first cause to the error itself."""
    if error is not None:
        yield from _chain(error.__cause__ or error.__context__)
        yield error


def _name(error: BaseException) -> str:
    name = type(error).__qualname__
    if isinstance(error, SlackApiError):
        return f"{name} ({error_code(error)})"
    return name
