"""Who and where: the invented workspace, its app and the ids that settings may name.

These ids never change, so a settings file can point at a channel before the first start.
"""

from dataclasses import dataclass

TEAM_ID = "T0SANDBOX1"
TEAM_NAME = "Muster Sandbox"
TEAM_DOMAIN = "muster-sandbox"

APP_ID = "A0MUSTER01"
APP_NAME = "Muster"
BOT_ID = "B0MUSTER01"
BOT_USER_ID = "U0MUSTERBT"
BOT_HANDLE = "muster"
SLACKBOT_ID = "USLACKBOT"

GENERAL_ID = "C0GENERAL1"
RANDOM_ID = "C0RANDOM01"
MENTORS_ID = "C0MENTORS01"
COORDINATORS_ID = "C0COORDS001"

VERIFICATION_TOKEN = "sandbox-verification-token"
"""Slack's old proof of origin, still part of every payload; nobody should check it."""

BOT_SCOPES = (
    "channels:history,channels:join,channels:manage,channels:read,chat:write,commands,"
    "groups:history,groups:read,im:history,im:read,im:write,mpim:history,mpim:read,mpim:write,"
    "reactions:read,team:read,users:read,users:read.email"
)
"""What the app was granted; reported in headers as Slack does, not enforced."""


@dataclass(frozen=True)
class SlashCommand:
    """A command that people can type."""

    command: str
    description: str
    usage_hint: str = ""


COMMANDS = (SlashCommand("/mentor-request", "Ask for a mentor"),)


@dataclass(frozen=True)
class Timing:
    """Slack's patience, in seconds; tests shorten it."""

    answer_within: float = 3.0
    """How long an app may take to answer a click, a command or an event."""
    trigger_lives: float = 3.0
    event_retries: tuple[float, ...] = (1.0, 10.0, 60.0)
    """Waits before the three redeliveries of an event (Slack: at once, 1 minute, 5 minutes)."""
    response_url_lives: float = 30 * 60.0
