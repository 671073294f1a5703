"""views.*"""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.arguments import Arguments
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.web_api.context import Context, Method


def open_(context: Context, arguments: Arguments) -> JSON:
    view = _view(arguments)
    return {"view": context.views.open(arguments.one("trigger_id"), view)}


def push(context: Context, arguments: Arguments) -> JSON:
    view = _view(arguments)
    return {"view": context.views.push(arguments.one("trigger_id"), view)}


def update(context: Context, arguments: Arguments) -> JSON:
    view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
    if not view_id and not external_id:
        arguments.required("view_id")
    view = context.views.update(
        _view(arguments),
        view_id=view_id,
        external_id=external_id,
        hash_=arguments.text("hash"),
    )
    return {"view": view}


def publish(context: Context, arguments: Arguments) -> JSON:
    user_id = arguments.one("user_id")
    view = context.views.publish(user_id, _view(arguments), arguments.text("hash"))
    return {"view": view}


def _view(arguments: Arguments) -> Any:
    arguments.required("view")
    view = arguments.object("view", "invalid_arguments")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    return view


METHODS: Mapping[str, Method] = {
    "views.open": open_,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
