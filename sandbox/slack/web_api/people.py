"""auth.test, api.test, team.info, bots.info and users.*"""

from collections.abc import Mapping

from sandbox.slack import shapes
from sandbox.slack.arguments import Arguments, cursor, paged, read_cursor
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.identity import (
    APP_ID,
    APP_NAME,
    BOT_HANDLE,
    BOT_ID,
    BOT_USER_ID,
    TEAM_ID,
    TEAM_NAME,
)
from sandbox.slack.web_api.context import Context, Method


def auth_test(context: Context, arguments: Arguments) -> JSON:
    return {
        "url": f"{context.origin}/",
        "team": TEAM_NAME,
        "user": BOT_HANDLE,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def api_test(context: Context, arguments: Arguments) -> JSON:
    if arguments.text("error"):
        raise SlackError(arguments.text("error"), args=arguments.loggable())
    return {"args": arguments.loggable()}


def team_info(context: Context, arguments: Arguments) -> JSON:
    if arguments.text("team", TEAM_ID) != TEAM_ID:
        raise SlackError("team_not_found")
    return {"team": shapes.team()}


def bots_info(context: Context, arguments: Arguments) -> JSON:
    if arguments.one("bot") != BOT_ID:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": BOT_ID,
            "deleted": False,
            "name": APP_NAME,
            "updated": 0,
            "app_id": APP_ID,
            "user_id": BOT_USER_ID,
            "icons": shapes.BOT_PROFILE["icons"],
        }
    }


def users_info(context: Context, arguments: Arguments) -> JSON:
    user = context.store.user(arguments.one("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": shapes.user(user)}


def users_list(context: Context, arguments: Arguments) -> JSON:
    limit = arguments.count("limit", default=1000, most=1000)
    users = context.store.users(after=read_cursor(arguments, "user"), limit=limit + 1)
    more = len(users) > limit
    page = users[:limit]
    return {
        "members": [shapes.user(user) for user in page],
        "cache_ts": int(max((user.updated for user in page), default=0)),
        **paged(cursor("user", page[-1].id) if more else ""),
    }


def users_lookup_by_email(context: Context, arguments: Arguments) -> JSON:
    user = context.store.user_by_email(arguments.one("email"))
    if user is None or user.deleted:
        raise SlackError("users_not_found")
    return {"user": shapes.user(user)}


METHODS: Mapping[str, Method] = {
    "auth.test": auth_test,
    "api.test": api_test,
    "team.info": team_info,
    "bots.info": bots_info,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": users_lookup_by_email,
}
