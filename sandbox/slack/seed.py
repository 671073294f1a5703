"""The workspace as a newcomer finds it: the invented people, the app and four channels."""

import time

from sandbox.people import PEOPLE
from sandbox.slack.identity import (
    APP_NAME,
    BOT_HANDLE,
    BOT_USER_ID,
    COORDINATORS_ID,
    GENERAL_ID,
    MENTORS_ID,
    RANDOM_ID,
    SLACKBOT_ID,
)
from sandbox.slack.store import Conversation, Kind, Store, User

_OPENED = 1735689600
"""When the workspace began: 1 January 2025, UTC."""


def seed(store: Store) -> None:
    """Add what is missing; what people have changed stays."""
    with store.transaction():
        for user in _users():
            if store.user(user.id) is None:
                store.put_user(user)
        everybody = [person.slack_id for person in PEOPLE]
        mentors = [person.slack_id for person in PEOPLE if person.is_mentor]
        coordinators = [person.slack_id for person in PEOPLE if person.is_coordinator]
        for channel, members in (
            (_channel(GENERAL_ID, "general", "Say hello, ask anything"), everybody),
            (_channel(RANDOM_ID, "random", "Everything else"), everybody),
            (
                _channel(MENTORS_ID, "mentors-internal", "For mentors: requests and how to help"),
                [*mentors, BOT_USER_ID],
            ),
            (
                _channel(
                    COORDINATORS_ID,
                    "mentor-coordinators",
                    "Who needs a hand, and what is overdue",
                    kind="private",
                ),
                [*coordinators, BOT_USER_ID],
            ),
        ):
            if store.conversation(channel.id) is None:
                store.put_conversation(channel, members)


def _users() -> list[User]:
    now = int(time.time())
    people = [
        User(
            id=person.slack_id,
            handle=person.handle,
            real_name=person.real_name,
            email=person.email,
            tz=person.tz,
            title=person.title,
            deleted=person.is_deactivated,
            is_mentor=person.is_mentor,
            is_coordinator=person.is_coordinator,
            updated=now,
        )
        for person in PEOPLE
    ]
    pacific = "America/Los_Angeles"
    bot = User(BOT_USER_ID, BOT_HANDLE, APP_NAME, None, pacific, is_bot=True, updated=now)
    slackbot = User(SLACKBOT_ID, "slackbot", "Slackbot", None, pacific)
    return [*people, bot, slackbot]


def _channel(channel_id: str, name: str, topic: str, kind: Kind = "channel") -> Conversation:
    return Conversation(channel_id, kind, name, topic, creator=SLACKBOT_ID, created=_OPENED)
