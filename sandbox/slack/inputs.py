"""What people fill in: the shape of `state.values`, and the checks that Slack's client makes."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from sandbox.slack.blocks import STATEFUL, elements_of, options_of
from sandbox.slack.errors import JSON

_VALUE_KEYS: Mapping[str, str] = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}

_SEVERAL = frozenset(kind for kind, key in _VALUE_KEYS.items() if key.endswith("s"))


def value_key(kind: str) -> str | None:
    """Where an element of this kind keeps its value, in `state.values` and in `actions`."""
    return _VALUE_KEYS.get(kind)


def state_of(blocks: Sequence[JSON], supplied: JSON) -> JSON:
    """`state.values` for these blocks: what was supplied, else each element's initial value.

    Args:
        supplied: block_id → action_id → a value in Slack's shape; only the value's own key is
            taken over, and options are given back as the app defined them.
    """
    values: JSON = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in STATEFUL:
                continue
            given = supplied.get(block["block_id"], {}).get(element["action_id"])
            shape = stated(element, given if isinstance(given, dict) else None)
            values.setdefault(block["block_id"], {})[element["action_id"]] = shape
    return values


def merged(before: JSON, supplied: JSON) -> JSON:
    """`state.values` with some members replaced."""
    blocks = {**before, **supplied}
    return {
        block_id: {**before.get(block_id, {}), **supplied.get(block_id, {})} for block_id in blocks
    }


def with_choice(supplied: JSON, element: JSON, given: JSON) -> JSON:
    """What was supplied, and with it the choice that is being made: Slack's state has it too.

    Args:
        given: the choice, with its block_id and action_id.
    """
    if element["type"] not in STATEFUL:
        return supplied
    return merged(supplied, {given["block_id"]: {given["action_id"]: given}})


def stated(element: JSON, given: JSON | None) -> JSON:
    """One element's member of `state.values`."""
    kind = element["type"]
    key = _VALUE_KEYS[kind]
    if given is None or key not in given:
        value = element.get(
            key.replace("selected", "initial") if key != "value" else "initial_value"
        )
    else:
        value = given[key]
    if kind in _SEVERAL:
        value = [_as_defined(element, member) for member in value or []]
    else:
        value = _as_defined(element, value) if value not in ("", None) else None
    shape: JSON = {"type": kind, key: value}
    if kind == "timepicker" and element.get("timezone"):
        shape["timezone"] = element["timezone"]
    return shape


def _as_defined(element: JSON, value: Any) -> Any:
    """An option as the app wrote it; anything else as it is."""
    if element["type"] == "datetimepicker":
        return int(value) if str(value).isdecimal() else None
    if not isinstance(value, dict):
        return value
    for option in options_of(element):
        if option.get("value") == value.get("value"):
            return option
    return value


def complaints(blocks: Sequence[JSON], values: JSON) -> dict[str, str]:
    """What Slack's client says before it sends a form: block_id → words; empty if all is well."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]][_VALUE_KEYS[element["type"]]]
        if value is None or value == []:
            if not block.get("optional", False):
                found[block["block_id"]] = "Please complete this required field."
            continue
        check = _CHECKS.get(element["type"])
        words = check(element, value) if check else None
        if words:
            found[block["block_id"]] = words
    return found


def _text(element: JSON, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"This field must have at least {least} characters."
    if len(value) > most:
        return f"This field can have no more than {most} characters."
    return None


def _number(element: JSON, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _email(element: JSON, value: str) -> str | None:
    local, _, domain = value.partition("@")
    good = local and "." in domain and not any(character.isspace() for character in value)
    return None if good else "Please enter a valid email address."


def _url(element: JSON, value: str) -> str | None:
    parts = urlsplit(value)
    good = parts.scheme in {"http", "https"} and parts.netloc
    return None if good else "Please enter a valid URL."


def _several(element: JSON, value: list[Any]) -> str | None:
    most = element.get("max_selected_items")
    return f"Please choose no more than {most}." if most and len(value) > most else None


_CHECKS: Mapping[str, Callable[[JSON, Any], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
    **dict.fromkeys(sorted(_SEVERAL), _several),
}
