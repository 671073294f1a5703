"""The Events API's payloads; pure, but for the fresh id and time of each envelope."""

import secrets
import string
import time

from sandbox.slack import shapes
from sandbox.slack.errors import JSON
from sandbox.slack.identity import APP_ID, BOT_USER_ID, TEAM_ID, VERIFICATION_TOKEN
from sandbox.slack.store import Conversation, User

_ALPHABET = string.ascii_uppercase + string.digits


def fresh_id(prefix: str) -> str:
    """An id as Slack writes them, e.g. `Ev0A1B2C3D4E`."""
    return prefix + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(10))


def envelope(event: JSON) -> JSON:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": fresh_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": fresh_id("4-"),
    }


def url_verification() -> JSON:
    return {
        "token": VERIFICATION_TOKEN,
        "challenge": secrets.token_urlsafe(32),
        "type": "url_verification",
    }


def message(conversation: Conversation, posted: JSON) -> JSON:
    """`message.channels`, `.groups`, `.im` or `.mpim`, by the conversation's kind."""
    return posted | {
        "channel": conversation.id,
        "event_ts": posted["ts"],
        "channel_type": shapes.channel_type(conversation),
    }


def reaction(
    conversation: Conversation, posted: JSON, user_id: str, name: str, *, on: bool
) -> JSON:
    """`reaction_added` or `reaction_removed`, to a message."""
    return {
        "type": "reaction_added" if on else "reaction_removed",
        "user": user_id,
        "reaction": name,
        "item": {"type": "message", "channel": conversation.id, "ts": posted["ts"]},
        "item_user": posted["user"],
        "event_ts": f"{time.time():.6f}",
    }


def user_change(person: User) -> JSON:
    """Somebody's account or profile is another now; apps hear of everybody in the workspace."""
    return {
        "type": "user_change",
        "user": shapes.user(person),
        "cache_ts": int(time.time()),
        "event_ts": f"{time.time():.6f}",
    }


def app_home_opened(user_id: str, channel: str, view: JSON | None) -> JSON:
    event: JSON = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": channel,
        "tab": "home",
        "event_ts": f"{time.time():.6f}",
    }
    return event | ({"view": view} if view else {})
