"""What Slack sends when somebody clicks, types or submits; pure.

Shapes: https://docs.slack.dev/reference/interaction-payloads
"""

import time

from sandbox.slack import shapes
from sandbox.slack.errors import JSON
from sandbox.slack.identity import APP_ID, TEAM_DOMAIN, TEAM_ID, VERIFICATION_TOKEN
from sandbox.slack.inputs import stated, value_key
from sandbox.slack.store import Conversation, User

_ECHOED = ("text", "value", "style", "url", "placeholder", "confirm")


def interaction(kind: str, user: User) -> JSON:
    """What all interactions have in common."""
    return {
        "type": kind,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "user": {
            "id": user.id,
            "username": user.handle,
            "name": user.handle,
            "team_id": TEAM_ID,
        },
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel(conversation: Conversation) -> JSON:
    return {"id": conversation.id, "name": shapes.payload_channel_name(conversation)}


def message_container(conversation: Conversation, message: JSON) -> JSON:
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": conversation.id,
        "is_ephemeral": bool(message.get("ephemeral")),
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    return container


def action(element: JSON, block_id: str, given: JSON) -> JSON:
    """One member of `actions`: the element as the app made it, with what the person chose."""
    kind = element["type"]
    done: JSON = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block_id,
        "action_ts": f"{time.time():.6f}",
    }
    echoed = {
        key: value for key, value in element.items() if key in _ECHOED or key.startswith("initial_")
    }
    if kind == "overflow":
        wanted = (given.get("selected_option") or {}).get("value")
        chosen = [option for option in element["options"] if option.get("value") == wanted]
        return done | {"selected_option": chosen[0] if chosen else None}
    if value_key(kind):
        return echoed | done | stated(element, given)
    return echoed | done


def command(user: User, conversation: Conversation, name: str, text: str) -> dict[str, str]:
    """A slash command's form, but for `trigger_id` and `response_url`."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": conversation.id,
        "channel_name": shapes.payload_channel_name(conversation),
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }
