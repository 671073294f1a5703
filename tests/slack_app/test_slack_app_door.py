"""The door: only what Slack signed just now comes in; nothing else is even parsed."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

import pytest

from cards.values import FormContext, RequestRef
from tests.slack_app.slack_app_harness import REQUEST_ID, SAM, World, click_body

CLICK = click_body("claim", RequestRef(request_id=REQUEST_ID).write())


async def test_a_signed_click_comes_in(world: World) -> None:
    assert (await world.send(CLICK)).status == 200
    assert len(world.requests.decisions) == 1


@pytest.mark.parametrize(
    ("why", "send"),
    [
        ("another secret", {"secret": "somebody-elses-secret"}),
        ("replayed after six minutes", {"age": 360}),
        ("from the future", {"age": -360}),
        ("no signature", {"headers": {"X-Slack-Signature": ""}}),
        ("a signature in odd letters", {"headers": {"X-Slack-Signature": "v0=é"}}),
        ("no number for a time", {"headers": {"X-Slack-Request-Timestamp": "now"}}),
        ("a time beyond all clocks", {"headers": {"X-Slack-Request-Timestamp": "9" * 400}}),
    ],
)
async def test_what_slack_did_not_sign_just_now_stays_outside(
    world: World, caplog: pytest.LogCaptureFixture, why: str, send: dict[str, object]
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = await world.send(CLICK, **send)  # type: ignore[arg-type]
    assert answer.status == 401, why
    assert world.requests.decisions == []
    assert caplog.text == ""


async def test_a_body_changed_after_signing_stays_outside(world: World) -> None:
    signed = await world.send("payload=%7B%7D", headers={"Content-Length": "14"})
    assert signed.status in (200, 400, 404)
    url = f"{world.app_url}/slack/events"
    headers = dict(signed.request_info.headers) | {"Content-Length": str(len(CLICK))}
    async with world.http.post(url, data=CLICK, headers=headers) as answer:
        assert answer.status == 401
    assert world.requests.decisions == []


async def test_a_body_that_is_not_what_its_encoding_says_is_refused(world: World) -> None:
    answer = await world.send("not gzip at all", headers={"Content-Encoding": "gzip"})
    assert answer.status == 400
    assert world.requests.decisions == []


@pytest.mark.parametrize("body", ["payload=not-json", "", "{"])
async def test_a_signed_body_that_makes_no_sense_is_refused_quietly(
    world: World, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await world.send(body)
    assert 400 <= answer.status < 500
    assert caplog.text == ""


NONSENSE: list[object] = [
    {"type": "block_actions", "user": {"id": "U1"}, "actions": []},
    {"type": "block_actions", "user": {"id": "U1"}},
    {"type": "block_actions", "user": "U1", "actions": [{"action_id": "claim"}]},
    {"type": "block_actions", "actions": [{"action_id": "claim", "block_id": "b"}]},
    {"type": "block_actions", "actions": {"action_id": "claim"}, "user": {"id": "U1"}},
    {"type": "view_submission", "user": {"id": "U1"}, "view": {"callback_id": "hello"}},
    {
        "type": "view_submission",
        "user": {"id": "U1"},
        "view": {"type": "modal", "callback_id": "hello"},
    },
    {"type": "view_submission", "view": {"callback_id": "hello", "state": {"values": {}}}},
    {"type": "view_submission", "user": {"id": "U1"}, "view": {}},
    {"type": "view_submission", "user": {"id": "U1"}, "view": "hello"},
    {"type": "block_suggestion", "action_id": "find_mentor", "block_id": "b", "value": "x"},
    {"type": "block_suggestion", "user": {"id": "U1"}},
    {"type": "event_callback", "event": "message"},
    {"type": "event_callback"},
    {"type": "event_callback", "event": {"type": "message", "channel_type": "im"}},
    {"type": "event_callback", "event": {"type": "app_home_opened", "tab": "home"}},
    {},
    [],
    "words",
    7,
    None,
]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("payload", NONSENSE)
async def test_a_signed_payload_of_an_unknown_shape_is_refused_without_a_traceback(
    world: World, caplog: pytest.LogCaptureFixture, payload: object, as_json: bool
) -> None:
    body = json.dumps(payload) if as_json else urlencode({"payload": json.dumps(payload)})
    headers = {"Content-Type": "application/json"} if as_json else {}
    with caplog.at_level(logging.INFO):
        answer = await world.send(body, headers=headers)
    await world.settle()
    assert answer.status < 500
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert world.requests.decisions == []


@pytest.mark.parametrize(
    "values", [{"hello": []}, {"hello": {"input": 7}}, {"hello": {"input": {"value": 7}}}, 7]
)
async def test_a_form_with_odd_values_is_refused(world: World, values: object) -> None:
    form = FormContext(request_id=REQUEST_ID).write()
    view = {
        "type": "modal",
        "callback_id": "hello",
        "private_metadata": form,
        "state": {"values": values},
    }
    payload = {"type": "view_submission", "user": {"id": SAM.slack_id}, "view": view}
    answer = await world.send(urlencode({"payload": json.dumps(payload)}))
    assert answer.status == 400
    assert world.requests.decisions == []


async def test_health_says_that_the_process_answers(world: World) -> None:
    async with world.http.get(f"{world.app_url}/health") as answer:
        assert answer.status == 200
        assert (await answer.json())["ok"] is True
