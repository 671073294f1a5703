"""What every answer carries, and what never reaches the log."""

from __future__ import annotations

import logging
import re

import pytest

from domain.view import RequestView
from settings import WebSettings
from tests.starter import house as houses
from tests.starter.house import LINKS, House, a_view


async def test_every_page_is_private_and_runs_only_our_own_files(house: House) -> None:
    view = a_view()
    house.requests.views[view.request_id] = view
    status = LINKS.status_path(view.request_id, view.mentee.slack_id)
    for path in ("/", "/received", status, "/requests/nothing", "/nowhere", "/health"):
        headers = (await house.get(path)).answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


async def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(house: House) -> None:
    view = a_view()
    house.requests.views[view.request_id] = view
    for path in ("/", "/received", LINKS.status_path(view.request_id, view.mentee.slack_id)):
        html = (await house.get(path)).html
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", html)
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", html)


async def test_files_are_found_under_their_hash_and_kept_by_the_browser(house: House) -> None:
    html = (await house.get("/")).html
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert len(files) >= 3
    for path in files:
        answer = await house.client.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Content-Security-Policy" in answer.headers
    assert (await house.get("/static/../app.py")).status == 404
    assert (await house.get("/static/%2e%2e/app.py")).status == 404


async def test_who_may_frame_the_pages_is_a_setting() -> None:
    settings = WebSettings(_env_file=None, frame_ancestors="http://127.0.0.1:8600")
    async with houses.house(settings) as house:
        policy = (await house.get("/")).answer.headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors http://127.0.0.1:8600")


@pytest.mark.parametrize(
    "value", ["*; script-src *", "https://a.example, https://b.example", "x\n"]
)
def test_a_frame_setting_that_would_change_other_rules_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="name sources"):
        WebSettings(_env_file=None, frame_ancestors=value)


async def test_community_and_crisis_line_are_settings_and_escaped() -> None:
    settings = WebSettings(_env_file=None, community="Code & Co", crisis_line="")
    async with houses.house(settings) as house:
        page = await house.get("/")
        assert "Code &amp; Co" in page.html
        assert 'class="crisis"' not in page.html


async def test_an_unknown_error_gets_a_reference_and_the_log_no_link(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(request_id: str) -> RequestView:
        raise ZeroDivisionError

    monkeypatch.setattr(house.requests, "view", broken)
    path = LINKS.status_path("MR-AAAAAAAAAA", "URIA")
    page = await house.get(path)
    assert page.status == 500
    found = re.search(r"this reference: ([0-9a-f]{8})", page.text)
    assert found
    assert "ZeroDivisionError" not in page.text
    [record] = [entry for entry in caplog.records if entry.levelno >= logging.ERROR]
    assert f"reference {found[1]}: GET /requests/{{token}} failed" in record.getMessage()
    assert path not in caplog.text


async def test_a_sent_form_leaves_no_personal_data_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="starter")
    await house.send()
    await house.send(email="nobody@example.com")
    written = " ".join(
        entry.getMessage() for entry in caplog.records if entry.name != "aiohttp.access"
    )
    assert "started" in written
    for personal in ("ria@example.com", "nobody@example.com", "Castellan", "React"):
        assert personal not in written
