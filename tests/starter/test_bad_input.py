"""Input that no browser sends, or that is meant to hurt: a clear word, and nothing in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.starter.house import FILLED, House, Page

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def no_error_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == []


async def raw(house: House, body: bytes, **headers: str) -> Page:
    answer = await house.client.post("/", data=body, headers={**FORM, **headers})
    return await Page.read(answer)


async def test_an_empty_post_names_every_missing_field(house: House) -> None:
    page = await raw(house, b"")
    assert page.status == 422
    assert "Part of the form was missing" in page.text
    for field in ("email", "service", "goal", "details"):
        assert page.problem(field)
    assert (await house.send(submission=page.value("submission"))).status == 303


@pytest.mark.parametrize("token", ["", "short", "x" * 100, "<script>xxxxxxxxxxxxxxxx", None])
async def test_a_broken_submission_token_is_replaced_and_nothing_is_lost(
    house: House, token: str | None
) -> None:
    page = await house.send(submission=token)
    assert page.status == 422
    assert page.value("goal") == FILLED["goal"]
    assert (await house.send(submission=page.value("submission"))).status == 303


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", "x"])
async def test_another_content_type_is_refused_in_plain_words(house: House, kind: str) -> None:
    page = await raw(house, b"{}", **{"Content-Type": kind})
    assert page.status == 415
    assert "Please send the request with our form" in page.text


@pytest.mark.parametrize(
    "body",
    [b"goal=\xff\xfe", b"goal=%FF%FE", b"goal=%ED%A0%80", b"&".join([b"a=1"] * 1000)],
    ids=["raw bytes", "escaped bytes", "half a surrogate pair", "a thousand fields"],
)
async def test_a_garbled_form_is_a_plain_400(house: House, body: bytes) -> None:
    page = await raw(house, body)
    assert page.status == 400
    assert "We couldn’t read what arrived" in page.text


async def test_a_body_that_is_not_what_its_encoding_says_is_a_plain_400(house: House) -> None:
    page = await raw(house, b"not gzip at all", **{"Content-Encoding": "gzip"})
    assert page.status == 400


@pytest.mark.parametrize("junk", [b"=", b"&&&", b"%", b"a=%zz", b"=&=x&;", b"\x00=\x00"])
async def test_a_malformed_form_is_answered_as_an_incomplete_one(house: House, junk: bytes) -> None:
    assert (await raw(house, junk)).status == 422


async def test_a_megabyte_of_details_is_a_friendly_413(house: House) -> None:
    page = await house.send(details="x" * 1_000_000)
    assert page.status == 413
    assert "That is too much text" in page.text
    assert "Nothing was sent" in page.text
    assert house.requests.started == []
    assert (await house.send()).status == 303, "and the server goes on"


async def test_far_too_long_details_come_back_whole(house: House) -> None:
    long = "a longish story " * 5000
    page = await house.send(details=long)
    assert page.status == 422
    assert page.value("details") == long.strip()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</textarea><script>alert(1)</script>",
        "{{ 7 * 7 }} {% raw %}",
        "<!channel> <@U123> *bold* &amp;",
    ],
)
async def test_markup_is_text_and_nothing_else(house: House, text: str) -> None:
    page = await house.send(
        goal=text, details=text, email="", service=text, mentor=text, skills=[text], level=text
    )
    assert page.status == 422
    assert page.value("goal") == page.value("details") == text
    assert "<script>" not in page.html
    assert "<img src=x" not in page.html
    assert "onerror=alert(1)>" not in page.html

    assert (await house.send(goal=text, details=text)).status == 303
    assert house.requests.started[0].goal == text, "kept as typed; whoever shows it escapes it"


@pytest.mark.parametrize(
    "text", ["🚀 from 🪖 to 👩🏽‍💻", "אני רוצה ללמוד", "我想学习编程", "Zoë’s résumé"]
)
async def test_every_script_and_emoji_comes_through_whole(house: House, text: str) -> None:
    assert (await house.send(goal=text, details=text)).status == 303
    assert house.requests.started[0].goal == text
    shown = await house.send(goal=text, details="")
    assert shown.value("goal") == text
    assert 'id="goal" name="goal" type="text" dir="auto"' in shown.html


async def test_control_characters_are_dropped_and_lines_unified(house: House) -> None:
    assert (
        await house.send(
            goal="one\r\nline\x00 \x1b[31mred\t\u202ereversed\x7f",
            details="first\r\nsecond\rthird\x00\x08\n",
        )
    ).status == 303
    [start] = house.requests.started
    assert start.goal == "one line [31mred reversed"
    assert start.details == "first\nsecond\nthird"


async def test_line_breaks_count_as_one_character_as_people_count_them(house: House) -> None:
    assert (await house.send(details="x\r\n" * 1500)).status == 303


async def test_a_sender_who_hangs_up_half_way_disturbs_nobody(house: House) -> None:
    port = house.client.server.port
    assert port is not None
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST / HTTP/1.1\r\nHost: form\r\nContent-Length: 1000\r\n"
    writer.write(f"{head}Content-Type: {FORM['Content-Type']}\r\n\r\ngoal=".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await house.send()).status == 303


async def test_unknown_pages_and_methods_get_a_plain_page(house: House) -> None:
    missing = await house.get("/nowhere")
    assert missing.status == 404
    assert "There is no such page" in missing.text
    wrong = await Page.read(await house.client.delete("/"))
    assert wrong.status == 405
    assert "POST" in wrong.answer.headers["Allow"]


@pytest.mark.parametrize(
    "token", ["x", quote("\x00"), quote("<script>"), "%FF", "a.b.c", "é", "x" * 4000, "..%2f..%2f"]
)
async def test_a_made_up_link_opens_nothing(house: House, token: str) -> None:
    page = await house.get(f"/requests/{token}")
    assert page.status == 404
    assert "<script>" not in page.html
