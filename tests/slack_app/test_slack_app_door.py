"""The door: only what Slack signed just now comes in; nothing else is even parsed."""

from __future__ import annotations

import logging

import pytest

from cards.values import RequestRef
from tests.slack_app.slack_app_harness import REQUEST_ID, World, click_body

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


async def test_health_says_that_the_process_answers(world: World) -> None:
    async with world.http.get(f"{world.app_url}/health") as answer:
        assert answer.status == 200
        assert (await answer.json())["ok"] is True
