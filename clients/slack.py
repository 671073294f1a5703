"""How Muster calls Slack: one client, paced by method, with errors that say what to do.

slack_sdk's own retries are off: after a dropped connection it would post twice (FACTS). Temporal
retries instead, and looks first whether the message stands.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from clients.pace import Pace, PaceClosedError

logger = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds for one call."""
PATIENCE = 20.0
"""Seconds that a call waits for a closed door before it gives its place back."""

CALLS_A_MINUTE = {
    "chat.update": 50,
    "conversations.members": 100,
    "conversations.open": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "users.info": 100,
    "users.lookupByEmail": 50,
    "chat.postEphemeral": 100,
    "chat.postMessage": 200,
}
"""Slack's tiers: 50 for tier 3, 100 for tier 4; posting is "several hundred" a workspace."""
READS = frozenset(
    {
        "conversations.history",
        "conversations.members",
        "conversations.replies",
        "users.info",
        "users.lookupByEmail",
    }
)
"""These don't look at a JSON body: their arguments go into the address, as in slack_sdk itself."""
SHARE_OF_CROWDS = 0.8
"""What goes to many may use so much of a tier; the rest is for answers to clicks."""

RECIPIENT_ERRORS = frozenset(
    {
        "user_not_found",
        "users_not_found",
        "cannot_dm_bot",
        "user_disabled",
        "user_not_visible",
        "account_inactive_user",
        "messages_tab_disabled",
        "not_in_dm",
    }
)
PAYLOAD_ERRORS = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "invalid_metadata_format"}
)
GONE_ERRORS = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
PASSING_ERRORS = frozenset(
    {
        "internal_error",
        "fatal_error",
        "ratelimited",  # these two with status 200: a 429 says how long to wait
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
APP_ERRORS = frozenset(
    {
        "access_denied",
        "accesslimited",
        "account_inactive",
        "deprecated_endpoint",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "message_limit_exceeded",
        "method_deprecated",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
        "unknown_method",
    }
)
"""Token, scopes or the app itself: whoever a message is for, it meets the same."""

UNANSWERED = (TimeoutError, SlackClientError, aiohttp.ClientError, OSError, AttributeError)
"""AttributeError: slack_sdk reads a plain-text answer (a proxy's 502) as if it were JSON."""


class SlackError(Exception):
    """Slack did not do what was asked; ``code`` is Slack's own word for why."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code


class SlackAwayError(SlackError, ConnectionError):
    """No answer, or a passing fault: the work may have been done or not."""


class SlackBusyError(SlackError):
    """Over a rate limit for ``seconds`` more: nothing was done."""

    def __init__(self, method: str, seconds: float) -> None:
        super().__init__(method, "ratelimited")
        self.seconds = seconds


class SlackRecipientError(SlackError):
    """This person can't be written to; others can."""


class SlackPayloadError(SlackError):
    """Slack refuses what the message says, whoever it is for."""


class SlackGoneError(SlackError, LookupError):
    """The message is not there any more, or may not be edited."""


class SlackSystemError(SlackError):
    """Token, scope or channel are wrong, or Slack's code is new to us: an operator has to look."""

    @property
    def concerns_all(self) -> bool:
        """Every other call would be refused too; an answer without Slack's code is a proxy's."""
        return self.code in APP_ERRORS or self.code.startswith("HTTP ")


@asynccontextmanager
async def open_client(
    token: str, base_url: str, *, seconds: float = TIMEOUT
) -> AsyncIterator[AsyncWebClient]:
    """A client on one connection pool, without retries of its own; at most ``seconds`` a call.

    Its methods raise what ``UNANSWERED`` lists.
    """
    whole_call = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(timeout=whole_call) as session:
        yield AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[])


class Slack:
    """Calls methods of the Web API at the pace that Slack allows this workspace."""

    def __init__(self, client: AsyncWebClient, *, pace: float = 1.0) -> None:
        """``pace`` is how many times the usual limits this workspace allows."""
        self._client = client
        self._paces: dict[str, Pace] = {}
        self._crowd_paces: dict[str, Pace] = {}
        for method, usual in CALLS_A_MINUTE.items():
            calls = int(usual * pace)
            self._paces[method] = Pace(calls=calls, per=60, patience=PATIENCE)
            share = int(calls * SHARE_OF_CROWDS)
            self._crowd_paces[method] = Pace(calls=share, per=60, patience=PATIENCE)

    async def call(self, method: str, *, urgent: bool = False, **params: Any) -> dict[str, Any]:
        """Call one method.

        Raises:
            SlackError: one of its kinds above.
        """
        while True:
            await self._take_turn(method, urgent=urgent)
            try:
                if method in READS:
                    answer = await self._client.api_call(method, http_verb="GET", params=params)
                else:
                    answer = await self._client.api_call(method, json=params)
            except SlackApiError as error:
                if error.response.status_code != 429:
                    raise _in_our_words(method, error) from error
                self._close(method, error)
            except UNANSWERED as error:
                raise SlackAwayError(method, type(error).__name__) from error
            else:
                return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def _take_turn(self, method: str, *, urgent: bool) -> None:
        try:
            if not urgent and (crowd := self._crowd_paces.get(method)):
                await crowd.turn()
            if pace := self._paces.get(method):
                await pace.turn()
        except PaceClosedError as error:
            raise SlackBusyError(method, error.seconds) from error

    def _close(self, method: str, error: SlackApiError) -> None:
        seconds = _retry_after(error)
        logger.warning("Slack asks for %.0f s of rest for %s", seconds, method)
        if (pace := self._paces.get(method)) is None or seconds > PATIENCE:
            if pace:
                pace.close_for(seconds)
            raise SlackBusyError(method, seconds) from error
        pace.close_for(seconds)


def _retry_after(error: SlackApiError) -> float:
    headers = {str(name).lower(): value for name, value in error.response.headers.items()}
    try:
        return max(1.0, float(headers.get("retry-after", 30)))
    except (TypeError, ValueError):
        return 30.0


def _in_our_words(method: str, error: SlackApiError) -> SlackError:
    status, data = error.response.status_code, error.response.data
    told = data.get("error") if isinstance(data, dict) else None  # else a proxy's page
    code = str(told or f"HTTP {status}")
    if status >= 500 or code in PASSING_ERRORS:
        return SlackAwayError(method, code)
    for codes, kind in (
        (RECIPIENT_ERRORS, SlackRecipientError),
        (PAYLOAD_ERRORS, SlackPayloadError),
        (GONE_ERRORS, SlackGoneError),
    ):
        if code in codes:
            return kind(method, code)
    return SlackSystemError(method, code)
