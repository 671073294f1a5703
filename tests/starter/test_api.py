"""The JSON for another site's front end: only what anybody may know, and only who is free."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.models import Mentor
from domain.standing import Standing
from settings import WebSettings
from tests.starter import house as houses
from tests.starter.house import OLA, SAM, House, Page

SITE = "https://community.example"
ZOE = Mentor(
    slack_id="UZOE",
    record_id="recZOE",
    name="Zoë Marchetti",
    skills=["ReactJS"],
    services=["Code Review"],
)


async def entries(house: House, path: str) -> list[dict[str, Any]]:
    page = await house.get(path)
    assert page.status == 200
    assert page.answer.content_type == "application/json"
    body = json.loads(page.html)
    assert body.pop("as_of") == "2026-03-10T14:00:00Z"
    [found] = body.values()
    assert isinstance(found, list)
    return found


async def test_mentors_who_can_be_chosen_now_are_listed_with_the_id_that_the_form_takes(
    house: House,
) -> None:
    assert await entries(house, "/api/v1/mentors") == [
        {
            "id": SAM.record_id,
            "name": "Sam Okafor",
            "skills": ["JavaScript", "React"],
            "services": ["Pair Programming"],
        }
    ]
    assert (await house.send(mentor=SAM.record_id)).status == 303


async def test_who_opted_out_a_second_ago_is_not_listed(house: House) -> None:
    house.standings.met["USAM"] = Standing(slack_id="USAM", opted_out=True)
    assert await entries(house, "/api/v1/mentors") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("skill=js", ["Sam Okafor"]),
        ("skill=React", ["Sam Okafor", "Zoë Marchetti"]),
        ("skill=React&skill=JavaScript", ["Sam Okafor"]),
        ("service=code%20review", ["Zoë Marchetti"]),
        ("skill=reactjs&service=Pair+Programming", ["Sam Okafor"]),
        ("skill=Cobol", []),
        ("anything=else", ["Sam Okafor", "Zoë Marchetti"]),
    ],
)
async def test_mentors_are_found_by_skill_by_any_of_its_names_and_by_service(
    house: House, query: str, found: list[str]
) -> None:
    house.catalog.all_mentors = [ZOE, SAM, OLA]
    assert [one["name"] for one in await entries(house, f"/api/v1/mentors?{query}")] == found


async def test_skills_and_services_are_listed(house: House) -> None:
    skills = await entries(house, "/api/v1/skills")
    assert {"name": "JavaScript", "aliases": ["JS"]} in skills
    services = await entries(house, "/api/v1/services")
    assert services[0] == {
        "name": "Pair Programming",
        "description": "Solve it together.",
        "needs_session": True,
    }


async def test_an_answer_may_be_kept_for_a_minute_and_is_not_sent_again_unchanged(
    house: House,
) -> None:
    first = await house.get("/api/v1/mentors")
    assert first.answer.headers["Cache-Control"] == "public, max-age=60"
    tag = first.answer.headers["ETag"]
    again = await house.client.get("/api/v1/mentors", headers={"If-None-Match": tag})
    assert (again.status, await again.read()) == (304, b"")
    assert again.headers["ETag"] == tag
    house.catalog.all_mentors = [SAM, ZOE]
    other = await house.client.get("/api/v1/mentors", headers={"If-None-Match": tag})
    assert other.status == 200
    assert other.headers["ETag"] != tag


async def test_a_head_request_gets_the_headers_alone(house: House) -> None:
    answer = await house.client.head("/api/v1/mentors")
    assert answer.status == 200
    assert answer.headers["ETag"]
    assert await answer.read() == b""


async def test_only_named_sites_may_read_it_from_peoples_browsers() -> None:
    settings = WebSettings(_env_file=None, api_origins=f"http://localhost:3000, {SITE}")
    async with houses.house(settings) as house:
        for path in ("/api/v1/mentors", "/api/v1/nothing"):
            allowed = await house.client.get(path, headers={"Origin": SITE})
            assert allowed.headers["Access-Control-Allow-Origin"] == SITE
            assert allowed.headers["Vary"] == "Origin"
            assert "Access-Control-Allow-Credentials" not in allowed.headers
            for origin in ("https://evil.example", f"{SITE}.evil.example", "null"):
                other = await house.client.get(path, headers={"Origin": origin})
                assert "Access-Control-Allow-Origin" not in other.headers
                assert other.headers["Vary"] == "Origin"
        form = await house.client.get("/", headers={"Origin": SITE})
        assert "Access-Control-Allow-Origin" not in form.headers, "pages are not for reading"


async def test_a_browsers_question_beforehand_is_answered_and_writing_is_not_allowed() -> None:
    async with houses.house(WebSettings(_env_file=None, api_origins=SITE)) as house:
        asked = {"Origin": SITE, "Access-Control-Request-Method": "GET"}
        answer = await house.client.options("/api/v1/mentors", headers=asked)
        assert answer.status == 204
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match"
        posted = await problem(await house.post("/api/v1/mentors"), 405)
        assert posted["title"] == "Method Not Allowed"


async def problem(page: Page, status: int) -> dict[str, Any]:
    assert page.status == status
    assert page.answer.content_type == "application/problem+json"
    told = json.loads(page.html)
    assert isinstance(told, dict)
    assert told["status"] == status
    assert told["detail"]
    return told


async def test_errors_are_problem_details(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "/api/v1/mentors" in (await problem(await house.get("/api/v1/nothing"), 404))["detail"]
    house.catalog.away = True
    away = await house.get("/api/v1/mentors")
    await problem(away, 503)
    assert away.answer.headers["Retry-After"]
    assert away.answer.headers["Cache-Control"] == "no-store"

    async def broken() -> list[Mentor]:
        raise ZeroDivisionError

    monkeypatch.setattr(house.catalog, "mentors", broken)
    assert "reference" in (await problem(await house.get("/api/v1/mentors"), 500))["detail"]


async def test_while_temporal_cannot_be_asked_the_rows_are_served(house: House) -> None:
    house.temporal_is_away()
    assert [one["id"] for one in await entries(house, "/api/v1/mentors")] == [SAM.record_id]


@pytest.mark.parametrize(
    "origins", ["*", "community.example", f"{SITE}/path", f"{SITE}/", "https://A.example", "null"]
)
def test_a_setting_that_is_no_list_of_origins_is_refused(origins: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        WebSettings(_env_file=None, api_origins=origins)


def test_without_the_setting_no_other_site_may_read_it() -> None:
    assert WebSettings(_env_file=None).origins() == frozenset()
