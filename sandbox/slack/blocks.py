"""Block Kit: what may stand where, how long it may be, and what Slack fills in.

The tables follow https://docs.slack.dev/reference/block-kit; kinds that nobody here uses yet
(rich_text, video, file, workflow_button and the like) are refused as unsupported.
"""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.slack.checks import (
    Check,
    any_text,
    anything,
    array,
    boolean,
    by_type,
    integer,
    one_of,
    pattern,
    plain_text,
    record,
    report,
    string,
)
from sandbox.slack.errors import JSON, SlackError

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100

_ID = string(255)
_URL = pattern(r"(https?://|mailto:|slack://).{1,2990}", "must be a valid URL")
_DATE = pattern(r"\d{4}-\d\d-\d\d", "must be a date written YYYY-MM-DD")
_TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "must be a time written HH:mm")
_UNIX = integer(1_000_000_000, 9_999_999_999)
_IDS = array(_ID, most=100)

_CONFIRM = record(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30)},
    {"deny": plain_text(30), "style": one_of("primary", "danger")},
)


def _option(text: Check, **more: Check) -> Check:
    return record({"text": text, "value": string(150)}, {"description": any_text(75), **more})


_OPTION = _option(plain_text(75))
_RICH_OPTION = _option(any_text(75))
_OPTIONS = array(_OPTION, least=1, most=100)
_GROUPS = array(record({"label": plain_text(75), "options": _OPTIONS}), least=1, most=100)


def _options_or_groups(element: JSON, at: str, problems: list[str]) -> None:
    if ("options" in element) == ("option_groups" in element):
        report(problems, "must define either `options` or `option_groups`", at)


def _initial_is_an_option(element: JSON, at: str, problems: list[str]) -> None:
    values = {option.get("value") for option in options_of(element)}
    for option in element.get("initial_options") or [element.get("initial_option")]:
        if isinstance(option, dict) and option.get("value") not in values:
            report(problems, "initial option must be one of the options", at)


def _element(
    kind: str, required: dict[str, Check], optional: dict[str, Check], *also: Check
) -> dict[str, Check]:
    common: dict[str, Check] = {"action_id": _ID, "confirm": _CONFIRM, "focus_on_load": boolean}
    fields = {"type": one_of(kind), **required}
    return {kind: record(fields, {**common, **optional}, *also)}


def _select(
    kind: str, chosen: str, one: Check, several: Check, shared: dict[str, Check], *also: Check
) -> dict[str, Check]:
    """A select menu, whose default is `initial_{chosen}`, and its multi-select twin."""
    shared = {"placeholder": plain_text(150), **shared}
    single = {**shared, f"initial_{chosen}": one, "response_url_enabled": boolean}
    multi = {**shared, f"initial_{chosen}s": several, "max_selected_items": integer(1, 100)}
    return _element(kind, {}, single, *also) | _element(f"multi_{kind}", {}, multi, *also)


def _text_input(kind: str, required: dict[str, Check], **more: Check) -> dict[str, Check]:
    shared: dict[str, Check] = {
        "placeholder": plain_text(150),
        "initial_value": string(3000, least=0),
        "dispatch_action_config": anything,
    }
    return _element(kind, required, {**shared, **more})


_BUTTON: dict[str, Check] = {
    "url": _URL,
    "value": string(2000),
    "style": one_of("primary", "danger"),
    "accessibility_label": string(75),
}
_CHOICES: dict[str, Check] = {"options": _OPTIONS, "option_groups": _GROUPS}
_RICH_OPTIONS = array(_RICH_OPTION, least=1, most=10)

_ELEMENTS: dict[str, Check] = {
    **_element("button", {"text": plain_text(75)}, _BUTTON),
    **_element(
        "overflow",
        {"options": array(_option(plain_text(75), url=_URL), least=2, most=5)},
        {},
    ),
    **_element(
        "checkboxes",
        {"options": _RICH_OPTIONS},
        {"initial_options": _RICH_OPTIONS},
        _initial_is_an_option,
    ),
    **_element(
        "radio_buttons",
        {"options": _RICH_OPTIONS},
        {"initial_option": _RICH_OPTION},
        _initial_is_an_option,
    ),
    **_element("datepicker", {}, {"initial_date": _DATE, "placeholder": plain_text(150)}),
    **_element(
        "timepicker",
        {},
        {"initial_time": _TIME, "placeholder": plain_text(150), "timezone": string(64)},
    ),
    **_element("datetimepicker", {}, {"initial_date_time": _UNIX}),
    **_select(
        "static_select",
        "option",
        _OPTION,
        _OPTIONS,
        _CHOICES,
        _options_or_groups,
        _initial_is_an_option,
    ),
    **_select(
        "external_select", "option", _OPTION, _OPTIONS, {"min_query_length": integer(0, 255)}
    ),
    **_select("users_select", "user", _ID, _IDS, {}),
    **_select("channels_select", "channel", _ID, _IDS, {}),
    **_select(
        "conversations_select",
        "conversation",
        _ID,
        _IDS,
        {"default_to_current_conversation": boolean, "filter": anything},
    ),
    **_text_input(
        "plain_text_input",
        {},
        multiline=boolean,
        min_length=integer(0, 3000),
        max_length=integer(1, 3000),
    ),
    **_text_input("email_text_input", {}),
    **_text_input("url_text_input", {}),
    **_text_input(
        "number_input",
        {"is_decimal_allowed": boolean},
        min_value=string(32),
        max_value=string(32),
    ),
    "image": record(
        {"type": one_of("image"), "image_url": _URL, "alt_text": string(2000)}, {"title": anything}
    ),
    "mrkdwn": any_text(3000),
    "plain_text": any_text(3000),
}

_SELECTS = frozenset(
    f"{kind}_select" for kind in ("static", "external", "users", "channels", "conversations")
)
_MULTI_SELECTS = frozenset(f"multi_{kind}" for kind in _SELECTS)
_CHOOSERS = frozenset({"checkboxes", "radio_buttons", "datepicker", "timepicker"})
_TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})

IN_ACTIONS = _SELECTS | _CHOOSERS | {"button", "overflow", "datetimepicker"}
IN_SECTION = _SELECTS | _MULTI_SELECTS | _CHOOSERS | {"button", "overflow", "image"}
IN_INPUT = _SELECTS | _MULTI_SELECTS | _CHOOSERS | _TEXT_INPUTS | {"datetimepicker"}
IN_CONTEXT = frozenset({"image", "mrkdwn", "plain_text"})

STATEFUL = IN_INPUT
"""Elements that have a value to be read under `state.values`."""


def _unique_action_ids(block: JSON, at: str, problems: list[str]) -> None:
    seen: set[str] = set()
    for index, element in enumerate(block["elements"] if _is_list(block, "elements") else ()):
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id in seen:
            where = f"{at}/elements/{index}/action_id"
            report(problems, f'`action_id` "{action_id}" already exists for another element', where)
        elif action_id:
            seen.add(action_id)


def _text_or_fields(block: JSON, at: str, problems: list[str]) -> None:
    if "text" not in block and "fields" not in block:
        report(problems, "must define either `text` or `fields`", at)


def _block(
    kind: str, required: dict[str, Check], optional: dict[str, Check], *also: Check
) -> dict[str, Check]:
    fields = {"type": one_of(kind), **required}
    return {kind: record(fields, {"block_id": _ID, **optional}, *also)}


_BLOCKS: dict[str, Check] = {
    **_block(
        "section",
        {},
        {
            "text": any_text(3000),
            "fields": array(any_text(2000), least=1, most=10),
            "accessory": by_type(_ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        _text_or_fields,
    ),
    **_block(
        "actions",
        {"elements": array(by_type(_ELEMENTS, IN_ACTIONS), least=1, most=25)},
        {},
        _unique_action_ids,
    ),
    **_block("context", {"elements": array(by_type(_ELEMENTS, IN_CONTEXT), least=1, most=10)}, {}),
    **_block("divider", {}, {}),
    **_block("header", {"text": plain_text(150)}, {}),
    **_block("image", {"image_url": _URL, "alt_text": string(2000)}, {"title": plain_text(2000)}),
    **_block(
        "input",
        {"label": plain_text(2000), "element": by_type(_ELEMENTS, IN_INPUT)},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
}

_SHARED_VIEW: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}


def _blocks(most: int) -> Check:
    return array(by_type(_BLOCKS), most=most)


def _submit_for_inputs(view: JSON, at: str, problems: list[str]) -> None:
    blocks = view["blocks"] if _is_list(view, "blocks") else []
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if has_input and "submit" not in view:
        report(problems, "must define `submit` to use an `input` block in modals", at)


_MODAL = record(
    {"type": one_of("modal"), "title": plain_text(24), "blocks": _blocks(VIEW_BLOCKS)},
    {
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
        **_SHARED_VIEW,
    },
    _submit_for_inputs,
)
_HOME = record(
    {"type": one_of("home"), "blocks": _blocks(VIEW_BLOCKS)},
    {**_SHARED_VIEW, "title": anything, "clear_on_close": boolean, "notify_on_close": boolean},
)


def checked_blocks(value: Any) -> tuple[JSON, ...]:
    """A message's blocks, ready to be stored: ids and defaults filled in.

    Raises:
        SlackError: `invalid_blocks_format` if it is no list, `invalid_blocks` with what is wrong.
    """
    if not isinstance(value, list):
        raise SlackError("invalid_blocks_format")
    problems: list[str] = []
    _blocks(MESSAGE_BLOCKS)(value, "/blocks", problems)
    _unique_block_ids(value, "/blocks", problems)
    if problems:
        raise SlackError("invalid_blocks", problems)
    return tuple(_filled(block) for block in value)


def checked_view(value: Any, kind: str) -> JSON:
    """A view of this kind (`modal`, `home`), ids and defaults filled in.

    Raises:
        SlackError: `invalid_arguments` with what is wrong.
    """
    problems: list[str] = []
    (_MODAL if kind == "modal" else _HOME)(value, "/view", problems)
    if isinstance(value, dict) and _is_list(value, "blocks"):
        _unique_block_ids(value["blocks"], "/view/blocks", problems)
    if problems:
        raise SlackError("invalid_arguments", problems)
    return {**_with_defaults(value), "blocks": [_filled(block) for block in value["blocks"]]}


def checked_options(answer: JSON) -> JSON:
    """What an app suggests for an external select: `options` or `option_groups`.

    Raises:
        SlackError: `invalid_arguments` with what is wrong.
    """
    problems: list[str] = []
    check = record(
        {},
        {
            "options": array(_OPTION, most=100),
            "option_groups": array(
                record({"label": plain_text(75), "options": array(_OPTION, most=100)}), most=100
            ),
        },
        _options_or_groups,
    )
    check(answer, "", problems)
    if problems:
        raise SlackError("invalid_arguments", problems)
    completed: JSON = _with_defaults(answer)
    return completed


def options_of(element: JSON) -> list[JSON]:
    """The options of a menu, those in groups included."""
    groups = element.get("option_groups") or []
    grouped = [option for group in groups for option in group.get("options", ())]
    return [option for option in (element.get("options") or grouped) if isinstance(option, dict)]


def elements_of(block: JSON) -> list[JSON]:
    """The interactive elements in a block."""
    single = [block[key] for key in ("element", "accessory") if key in block]
    listed = block.get("elements", []) if block["type"] == "actions" else []
    return single + listed


def find_element(blocks: Sequence[JSON], block_id: str, action_id: str) -> JSON | None:
    for element in _elements_in(blocks, block_id):
        if element.get("action_id") == action_id:
            return element
    return None


def _elements_in(blocks: Sequence[JSON], block_id: str) -> Iterator[JSON]:
    for block in blocks:
        if block.get("block_id") == block_id:
            yield from elements_of(block)


def _unique_block_ids(blocks: Sequence[Any], at: str, problems: list[str]) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if block_id in seen:
            where = f"{at}/{index}/block_id"
            report(problems, f'`block_id` "{block_id}" already exists for another block', where)
        elif block_id:
            seen.add(block_id)


def _filled(block: JSON) -> JSON:
    """A copy with the ids that the app left out and the defaults that Slack writes."""
    filled: JSON = _with_defaults(block)
    filled.setdefault("block_id", secrets.token_urlsafe(4)[:5])
    for element in elements_of(filled):
        if element["type"] != "image":
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return filled


def _with_defaults(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_defaults(member) for member in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _with_defaults(member) for key, member in value.items() if member is not None}
    if copy.get("type") == "plain_text":
        copy.setdefault("emoji", True)
    elif copy.get("type") == "mrkdwn":
        copy.setdefault("verbatim", False)
    return copy


def _is_list(value: JSON, key: str) -> bool:
    return isinstance(value.get(key), list)
