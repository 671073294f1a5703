"""The ways in which a call to Slack can fail, as slack_sdk raises them."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from clients.slack import UNANSWERED

__all__ = ["UNANSWERED", "error_code", "error_name"]


def error_code(error: SlackApiError) -> str:
    """Slack's own code, e.g. ``channel_not_found``; "no code" when the answer was not Slack's."""
    data = getattr(error.response, "data", error.response)
    return str(data.get("error")) if isinstance(data, dict) else "no code"


def error_name(error: BaseException) -> str:
    """The kind of an error, for the log; never its message, which may quote what people wrote."""
    name = type(error).__qualname__
    return f"{name} ({error_code(error)})" if isinstance(error, SlackApiError) else name
