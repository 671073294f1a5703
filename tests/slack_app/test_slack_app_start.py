"""The start: Slack is asked who we are before the first click, and again until it answers."""

from __future__ import annotations

import logging

import pytest

from sandbox.slack.identity import BOT_USER_ID
from slack_app.workspace import Workspace
from tests.sandbox.slack_harness import Slack, running


async def known(slack: Slack) -> str | None:
    workspace = Workspace(slack.client)
    await workspace.get_known(first_pause=0.001)
    return workspace.we.bot_user_id


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"},
        {"kind": "drop_before"},
        {"kind": "error", "error": "invalid_auth"},
    ],
)
async def test_slack_is_asked_again_until_it_answers_and_the_log_says_so_once(
    fault: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as slack:
        await slack.control("POST", "faults", {"method": "auth.test", "count": 3, **fault})
        with caplog.at_level(logging.INFO, logger="slack_app"):
            assert await known(slack) == BOT_USER_ID
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "Connected to Slack" in caplog.records[-1].getMessage()


async def test_clicks_are_served_while_slack_has_not_said_who_we_are() -> None:
    async with running() as slack:
        result = await Workspace(slack.client)()
    assert result.bot_token == slack.client.token
    assert result.bot_user_id is None
