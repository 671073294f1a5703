"""Who somebody is in Slack, by the e-mail address that they sign in with."""

from __future__ import annotations

import logging
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from clients.slack import UNANSWERED
from clients.slack_user import read_person
from domain.models import Person

_log = logging.getLogger(__name__)

_SLACKBOT = "USLACKBOT"
_NOBODY = {"users_not_found", "user_not_found", "invalid_email"}


class NotAMemberError(LookupError):
    """No person in the workspace can be asked about under this address; says why in plain words."""


class DirectoryAwayError(ConnectionError):
    """Slack did not say who this is: try again in a moment."""


class SlackDirectory:
    """``users.lookupByEmail`` with the client's own retries off; the caller bounds its time."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def person_by_email(self, email: str) -> Person:
        """Raises: NotAMemberError, DirectoryAwayError."""
        try:
            answer = await self._client.users_lookupByEmail(email=email)
        except SlackApiError as error:
            code = _code(error)
            if code in _NOBODY:
                raise NotAMemberError(
                    "We can’t find this e-mail in the Slack workspace. "
                    "Use the one you sign in to Slack with."
                ) from None
            _log.warning("Slack's users.lookupByEmail answered %s", code)
            raise DirectoryAwayError("Slack did not answer the lookup") from error
        except UNANSWERED as error:
            _log.warning("Slack's users.lookupByEmail failed: %s", type(error).__name__)
            raise DirectoryAwayError("Slack can't be reached") from error
        return _person(answer["user"])


def _person(user: dict[str, Any]) -> Person:
    if user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == _SLACKBOT:
        raise NotAMemberError("This e-mail belongs to an app, not to a person. Use your own.")
    if user.get("deleted"):
        raise NotAMemberError(
            "This Slack account is deactivated. Use the e-mail of an account that you can sign "
            "in with, or ask a workspace admin to bring it back."
        )
    return read_person(user)


def _code(error: SlackApiError) -> str:
    """Slack's error code; "http_500" and the like when the answer was not Slack's JSON."""
    data = getattr(error.response, "data", error.response)
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    return f"http_{getattr(error.response, 'status_code', 'error')}"
