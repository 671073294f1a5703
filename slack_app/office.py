"""What the listeners work with; passed to each ``register``."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from clients.requests import Requests


@dataclass(frozen=True)
class Office:
    requests: Requests
    slack: AsyncWebClient
    mentors_channel: str
    community: str
    crisis_line: str = ""
    form_url: str | None = None
    """Where people ask for a mentor; None when no address can be reached from outside."""
