"""Who we are in the workspace: asked at the start, so that no click has to wait for it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_app.slack_errors import UNANSWERED, error_code

_log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
"""Seconds between two questions while Slack does not answer."""


class Workspace(AsyncAuthorize):
    """Remembers what ``auth.test`` said; until then clicks are served all the same."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self.we = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=slack.token)

    async def __call__(self, **_: Any) -> AuthorizeResult:
        """What Bolt asks for each request: there is one workspace, and one answer."""
        return self.we

    async def get_known(self, *, first_pause: float = 1.0) -> None:
        """Ask Slack until it answers."""
        pause, said = first_pause, ""
        while reason := await self._ask():
            if reason != said:
                _log.warning("Slack did not answer auth.test (%s); asking again quietly", reason)
                said = reason
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _ask(self) -> str:
        """Returns what went wrong, "" for nothing."""
        try:
            answer = await self._slack.auth_test()
        except SlackApiError as error:
            return f"{error_code(error)}: check SLACK_BOT_TOKEN and SLACK_BASE_URL"
        except UNANSWERED as error:
            return type(error).__name__
        self.we = AuthorizeResult.from_auth_test_response(
            auth_test_response=answer, bot_token=self._slack.token
        )
        _log.info("Connected to Slack team %s as bot %s", answer["team_id"], answer["user_id"])
        return ""
