"""Block Kit: what Slack would refuse, and in which words."""

from typing import Any

import pytest

from sandbox.slack.blocks import checked_blocks, checked_view, find_element
from sandbox.slack.errors import SlackError
from tests.sandbox.slack_harness import button, card, modal, text_input

JSON = dict[str, Any]


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: Any) -> JSON:
    return {"type": "mrkdwn", "text": text}


def section(text: Any = "x", **more: Any) -> JSON:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


def options(count: int, text: str = "Option") -> list[JSON]:
    return [{"text": plain(text), "value": str(n)} for n in range(count)]


def select(**more: Any) -> JSON:
    return {"type": "static_select", "action_id": "pick", **more}


def problems(blocks: Any) -> list[str]:
    with pytest.raises(SlackError) as error:
        checked_blocks(blocks)
    assert error.value.code == "invalid_blocks"
    return list(error.value.problems)


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        section(fields=[mrkdwn("y" * 2000)] * 10),
        {"type": "header", "text": plain("x" * 150)},
        {"type": "context", "elements": [mrkdwn("x"), plain("y")]},
        {"type": "divider"},
        actions(*(button(f"b{n}", "v" * 2000) for n in range(25))),
        actions({"type": "overflow", "action_id": "more", "options": options(5)}),
        actions(select(options=options(100), initial_option=options(3)[2])),
        actions({"type": "datetimepicker", "action_id": "when", "initial_date_time": 1800000000}),
        actions({"type": "users_select", "action_id": "who"}),
        section(accessory={**button(), "url": "https://example.org", "style": "primary"}),
        text_input(min_length=1, max_length=3000, multiline=True),
        {
            "type": "input",
            "label": plain("Days"),
            "optional": True,
            "element": {
                "type": "multi_external_select",
                "action_id": "days",
                "min_query_length": 0,
                "max_selected_items": 3,
            },
        },
    ],
)
def test_what_slack_allows_is_allowed(block: JSON) -> None:
    assert checked_blocks([block])[0]["type"] == block["type"]


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (
            section("x" * 3001),
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (
            section(fields=[mrkdwn("x")] * 11),
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
        (
            {"type": "section"},
            "must define either `text` or `fields` [json-pointer:/blocks/0]",
        ),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            {"type": "header", "text": mrkdwn("x")},
            "must be a valid enum value (plain_text) [json-pointer:/blocks/0/text/type]",
        ),
        ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
        ({"text": plain("x")}, "missing required field: type [json-pointer:/blocks/0]"),
        ({"type": "actions"}, "missing required field: elements [json-pointer:/blocks/0]"),
        (
            {"type": "divider", "colour": "red"},
            "invalid additional property: colour [json-pointer:/blocks/0]",
        ),
        (
            actions(*(button(f"b{n}") for n in range(26))),
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            actions({**button(), "text": plain("x" * 76)}),
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            actions(button(value="v" * 2001)),
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            actions(button("x" * 256)),
            "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
        ),
        (
            actions(button(), button()),
            '`action_id` "claim" already exists for another element '
            "[json-pointer:/blocks/0/elements/1/action_id]",
        ),
        (
            actions({"type": "plain_text_input", "action_id": "note"}),
            "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            section(accessory={"type": "datetimepicker", "action_id": "when"}),
            "unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]",
        ),
        (
            {"type": "input", "label": plain("x"), "element": button()},
            "unsupported type: button [json-pointer:/blocks/0/element/type]",
        ),
        (
            {"type": "context", "elements": [mrkdwn("x")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            actions({"type": "overflow", "action_id": "more", "options": options(6)}),
            "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            actions(select(options=options(101))),
            "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            actions(select(options=options(1, "x" * 76))),
            "must be less than 76 characters "
            "[json-pointer:/blocks/0/elements/0/options/0/text/text]",
        ),
        (
            actions(select()),
            "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
        ),
        (
            actions(select(options=options(2), initial_option=options(3)[2])),
            "initial option must be one of the options [json-pointer:/blocks/0/elements/0]",
        ),
        (
            actions({"type": "datepicker", "action_id": "day", "initial_date": "tomorrow"}),
            "must be a date written YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
        ),
        (
            text_input() | {"label": plain("x" * 2001)},
            "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
        ),
        ("section", "must provide an object [json-pointer:/blocks/0]"),
        (section(7), "must provide a string [json-pointer:/blocks/0/text/text]"),
    ],
)
def test_a_block_that_slack_refuses_is_refused_with_the_place(block: Any, problem: str) -> None:
    assert problem in problems([block])


def test_a_message_has_fifty_blocks_at_most_and_a_modal_a_hundred() -> None:
    divider = {"type": "divider"}
    assert len(checked_blocks([divider] * 50)) == 50
    assert problems([divider] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert len(checked_view(modal(*[divider] * 100), "modal")["blocks"]) == 100
    with pytest.raises(SlackError) as error:
        checked_view(modal(*[divider] * 101), "modal")
    assert "no more than 100 items allowed [json-pointer:/view/blocks]" in error.value.problems


def test_two_blocks_cannot_share_an_id() -> None:
    twice = [{"type": "divider", "block_id": "line"}] * 2
    assert problems(twice) == [
        '`block_id` "line" already exists for another block [json-pointer:/blocks/1/block_id]'
    ]


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (
            modal(title=plain("x" * 25)),
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (
            modal(private_metadata="x" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            modal(callback_id="x" * 256),
            "must be less than 256 characters [json-pointer:/view/callback_id]",
        ),
        (
            modal(submit=None),
            "must define `submit` to use an `input` block in modals [json-pointer:/view]",
        ),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        (
            {"type": "home", "blocks": []},
            "must be a valid enum value (modal) [json-pointer:/view/type]",
        ),
    ],
)
def test_a_view_that_slack_refuses_is_refused_with_the_place(view: JSON, problem: str) -> None:
    with pytest.raises(SlackError) as error:
        checked_view(view, "modal")
    assert error.value.code == "invalid_arguments"
    assert problem in error.value.problems


def test_left_out_ids_are_filled_in_and_given_ones_kept() -> None:
    given = actions({"type": "button", "text": plain("Go")})
    filled = checked_blocks([given, *card()])
    assert filled[0]["block_id"]
    assert filled[0]["elements"][0]["action_id"]
    assert "block_id" not in given
    found = find_element(filled, "row", "claim")
    assert found is not None
    assert found["value"] == "request-1"
