"""Small checks that tables of block kinds are made of; worded as Slack words its refusals.

A check looks at one value and reports what is wrong with it and where (a JSON pointer). The words
follow the answers that Slack's API gives under `response_metadata.messages`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

Check = Callable[[Any, str, list[str]], None]
"""check(value, pointer, problems): adds to problems what is wrong with value."""

Fields = Mapping[str, Check]


def report(problems: list[str], words: str, pointer: str) -> None:
    problems.append(f"{words} [json-pointer:{pointer}]")


def string(most: int, *, least: int = 1) -> Check:
    def check(value: Any, at: str, problems: list[str]) -> None:
        if not isinstance(value, str):
            report(problems, "must provide a string", at)
        elif len(value) < least:
            report(problems, f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            report(problems, f"must be less than {most + 1} characters", at)

    return check


def pattern(expression: str, words: str) -> Check:
    compiled = re.compile(expression)

    def check(value: Any, at: str, problems: list[str]) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            report(problems, words, at)

    return check


def boolean(value: Any, at: str, problems: list[str]) -> None:
    if not isinstance(value, bool):
        report(problems, "must provide a boolean", at)


def integer(least: int, most: int) -> Check:
    def check(value: Any, at: str, problems: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report(problems, "must provide an integer", at)
        elif not least <= value <= most:
            report(problems, f"must be from {least} to {most}", at)

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str, problems: list[str]) -> None:
        if value not in allowed:
            report(problems, f"must be a valid enum value ({', '.join(allowed)})", at)

    return check


def anything(value: Any, at: str, problems: list[str]) -> None:
    """Accepted as it is: nothing that the stand-in looks at."""


def array(item: Check, *, least: int = 0, most: int) -> Check:
    def check(value: Any, at: str, problems: list[str]) -> None:
        if not isinstance(value, list):
            report(problems, "must provide an array", at)
            return
        if len(value) > most:
            report(problems, f"no more than {most} items allowed", at)
        if len(value) < least:
            report(problems, f"no less than {least} items allowed", at)
        for index, member in enumerate(value):
            item(member, f"{at}/{index}", problems)

    return check


def record(required: Fields, optional: Fields | None = None, *also: Check) -> Check:
    """An object with these members and no others; `also` looks at it as a whole."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            report(problems, "must provide an object", at)
            return
        present = {key: member for key, member in value.items() if member is not None}
        for key in required:
            if key not in present:
                report(problems, f"missing required field: {key}", at)
        for key, member in present.items():
            if key not in known:
                report(problems, f"invalid additional property: {key}", at)
            else:
                known[key](member, f"{at}/{key}", problems)
        for whole in also:
            whole(present, at, problems)

    return check


def by_type(table: Mapping[str, Check], allowed: Collection[str] | None = None) -> Check:
    """An object that is checked by what its `type` says it is."""

    def check(value: Any, at: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            report(problems, "must provide an object", at)
        elif "type" not in value:
            report(problems, "missing required field: type", at)
        elif value["type"] not in table or (allowed and value["type"] not in allowed):
            report(problems, f"unsupported type: {value['type']}", f"{at}/type")
        else:
            table[value["type"]](value, at, problems)

    return check


def plain_text(most: int) -> Check:
    return record(
        {"type": one_of("plain_text"), "text": string(most)},
        {"emoji": boolean, "verbatim": boolean},
    )


def any_text(most: int) -> Check:
    """Plain text or mrkdwn; like Slack, names the place before the reason."""
    either = record(
        {"type": one_of("plain_text", "mrkdwn"), "text": string(most)},
        {"emoji": boolean, "verbatim": boolean},
    )

    def check(value: Any, at: str, problems: list[str]) -> None:
        found: list[str] = []
        either(value, at, found)
        if found:
            report(problems, "failed to match all allowed schemas", at)
            problems.extend(found)

    return check
