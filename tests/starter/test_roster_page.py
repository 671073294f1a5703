"""The coordinators' roster: who may see it, what it shows, and what it says when it can't."""

from __future__ import annotations

import csv
import io
import logging
import re
from datetime import timedelta

import pytest

from domain.models import Mentor, Person, Status
from domain.queue import QueueEntry
from domain.standing import Standing
from domain.view import AskView, CaseFile
from tests.starter.house import CORA, DANA, LEO, LINKS, NOW, OLA, RIA, SAM, House, Page

PATH = LINKS.roster_path(CORA, NOW)
REQUEST = "MR-AAAAAAAAAA"


async def roster(house: House, query: str = "") -> Page:
    page = await house.get(f"{PATH}{query}")
    assert page.status == 200
    return page


def rows(page: Page) -> list[str]:
    """Each line of the table, as it reads."""
    _, _, body = page.html.partition("<tbody")
    found = re.findall(r"<tr.*?</tr>", body, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


async def as_csv(house: House, query: str = "") -> list[dict[str, str]]:
    page = await house.get(f"{PATH}/mentors.csv{query}")
    assert page.status == 200
    text = (await page.answer.read()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ---- who may see it -------------------------------------------------------------------------


async def test_a_coordinator_with_a_link_sees_everybody(house: House) -> None:
    page = await roster(house)
    assert "3 mentors" in page.text
    assert [line.split(" ")[0] for line in rows(page)] == ["Dana", "Ola", "Sam"]


@pytest.mark.parametrize("suffix", ["", "/mentors.csv"])
async def test_who_has_left_the_coordinators_channel_sees_no_more(
    house: House, suffix: str
) -> None:
    house.coordinators.members.clear()
    page = await house.get(PATH + suffix)
    assert page.status == 403
    assert "The roster is for coordinators" in page.text
    assert SAM.name not in page.html


@pytest.mark.parametrize("suffix", ["", "/mentors.csv"])
async def test_when_slack_does_not_say_who_coordinates_nobody_is_let_in(
    house: House, suffix: str
) -> None:
    house.coordinators.away = True
    page = await house.get(PATH + suffix)
    assert page.status == 503
    assert page.answer.headers["Retry-After"]
    assert SAM.name not in page.html


async def test_after_twelve_hours_a_link_says_where_the_next_one_is(house: House) -> None:
    old = LINKS.roster_path(CORA, NOW - timedelta(hours=12))
    page = await house.get(old)
    assert page.status == 410
    assert "This link has expired" in page.text
    assert "choose Home" in page.text
    nearly = LINKS.roster_path(CORA, NOW - timedelta(hours=11, minutes=59))
    assert (await house.get(nearly)).status == 200


@pytest.mark.parametrize(
    "token",
    ["", "/", "/nonsense", f"/{LINKS.status_token(REQUEST, CORA)}", f"{PATH[7:]}x"],
    ids=["none", "empty", "nonsense", "a status page's", "damaged"],
)
async def test_a_link_that_is_not_for_the_roster_opens_nothing(house: House, token: str) -> None:
    page = await house.get(f"/roster{token}")
    assert page.status in (403, 404)
    assert SAM.name not in page.html


async def test_a_link_to_the_roster_opens_no_request(house: House) -> None:
    token = PATH.rpartition("/")[2]
    assert (await house.get(f"/requests/{token}")).status == 404


async def test_it_is_kept_nowhere_and_found_by_no_search_engine(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for path in (PATH, f"{PATH}/mentors.csv"):
        headers = (await house.get(path)).answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
    html = (await roster(house)).html
    assert '<meta name="robots" content="noindex">' in html
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script", html)
    token = PATH.rpartition("/")[2]
    ours = [one for one in caplog.records if not one.name.startswith(("aiohttp", "asyncio"))]
    assert all(token not in one.getMessage() for one in ours)
    assert (await house.post(PATH)).status == 405, "it only looks"


async def test_no_e_mail_address_stands_anywhere_on_it(house: House) -> None:
    assert "@" not in (await roster(house)).text
    assert all("@" not in cell for line in await as_csv(house) for cell in line.values())


# ---- what it shows --------------------------------------------------------------------------


async def test_each_mentor_is_shown_as_they_stand_now_not_as_their_row_says(house: House) -> None:
    house.catalog.all_mentors = [SAM.model_copy(update={"time_zone": "Europe/Berlin"}), DANA, OLA]
    house.standings.met = {
        "USAM": Standing(
            slack_id="USAM",
            load=1,
            asked=[NOW - timedelta(days=1)],
            last_seen=NOW - timedelta(days=3),
        ),
        "UOLA": Standing(slack_id="UOLA", resting=True, rest_until=NOW + timedelta(days=5)),
    }
    dana, ola, sam = rows(await roster(house))
    assert sam == (
        "Sam Okafor Available 1 of 2 1 of 3 JavaScript, React Pair Programming "
        "7 Mar 3 days ago Tue 15:00 Berlin"
    )
    assert ola.startswith("Ola Nyqvist Snoozed until 15 Mar 0 of 1 0 of 3 Go none given never")
    assert dana.startswith("Dana Whitfield At capacity 1 of 1")


async def test_who_opted_out_or_is_not_active_says_so_with_the_day(house: House) -> None:
    gone = NOW - timedelta(days=100)
    house.catalog.all_mentors = [
        SAM.model_copy(update={"status": "Opted out", "opted_out_at": gone}),
        DANA.model_copy(update={"active": False}),
        OLA.model_copy(update={"slack_id": ""}),
    ]
    dana, ola, sam = rows(await roster(house))
    assert sam.startswith("Sam Okafor Opted out since 30 Nov 2025 0 of 2")
    assert dana.startswith("Dana Whitfield Not active Active is not ticked")
    assert "no Slack ID in Airtable" in ola


async def test_who_opted_out_is_found_as_that_also_when_a_coordinator_unticked_active(
    house: House,
) -> None:
    house.catalog.all_mentors = [
        SAM.model_copy(update={"status": "Opted out", "opted_out_at": NOW, "active": False})
    ]
    [sam] = rows(await roster(house, "?status=Opted+out"))
    assert sam.startswith("Sam Okafor Opted out since 10 Mar ; Active is not ticked")


async def test_filters_are_kept_in_the_form_and_in_every_link(house: House) -> None:
    page = await roster(house, "?skill=js&status=Available&room=free&zone=awake")
    assert "0 of 3 mentors" in page.text, "nobody's time zone is known"
    assert "Nobody fits all of these filters." in page.text
    page = await roster(house, "?skill=js&status=Available&room=free&sort=seen")
    assert "1 of 3 mentors" in page.text
    assert page.value("skill") == "js"
    assert page.value("status") == "Available"
    assert page.value("room") == "free"
    assert page.value("sort") == "seen"
    assert f'href="{PATH}/mentors.csv?skill=js&amp;status=Available' in page.html
    assert "Clear filters" in page.text
    assert "Clear filters" not in (await roster(house)).text


async def test_a_skill_that_nobody_calls_so_is_named(house: House) -> None:
    page = await roster(house, "?skill=js,%3Cb%3EKobol")
    assert "No skill is called “<b>Kobol”." in page.text
    assert "<b>Kobol" not in page.html


async def test_a_choice_that_is_gone_stays_chosen_and_finds_nobody(house: House) -> None:
    page = await roster(house, "?service=Career+Chat&status=Moved+on&zone=Asia%2FTokyo")
    assert page.value("service") == "Career Chat"
    assert page.value("status") == "Moved on"
    assert page.value("zone") == "Asia/Tokyo"
    assert "0 of 3 mentors" in page.text


async def test_the_table_says_what_its_cells_are(house: House) -> None:
    html = (await roster(house)).html
    assert "<caption>" in html
    assert html.count('scope="col"') == 8
    assert html.count('scope="row"') == 3
    assert 'aria-sort="ascending"' in html


async def test_a_thousand_mentors_come_a_hundred_at_a_time_and_all_of_them_as_a_file(
    house: House,
) -> None:
    house.catalog.all_mentors = [
        Mentor(slack_id=f"U{n:04}", name=f"Mentor {n:04}", time_zone="Europe/Paris")
        for n in range(1000)
    ]
    page = await roster(house, "?page=2&seen=never")
    assert len(rows(page)) == 100
    assert rows(page)[0].startswith("Mentor 0100")
    assert "1,000 of 1,000 mentors" in page.text
    assert "Page 2 of 10" in page.text
    assert f'rel="next" href="{PATH}?seen=never&amp;page=3"' in page.html
    assert f'rel="prev" href="{PATH}?seen=never"' in page.html
    assert len(rows(await roster(house, "?page=99"))) == 100, "the last page"
    assert len(await as_csv(house, "?page=2")) == 1000


async def test_an_empty_roster_says_how_mentors_come(house: House) -> None:
    house.catalog.all_mentors = []
    assert "There is nobody on the roster yet" in (await roster(house)).text


# ---- as a file ------------------------------------------------------------------------------


async def test_the_file_has_exactly_what_the_filters_find(house: House) -> None:
    house.standings.met["USAM"] = Standing(slack_id="USAM", load=1, last_seen=NOW)
    [line] = await as_csv(house, "?skill=js")
    assert line["Name"] == "Sam Okafor"
    assert (line["Mentees"], line["Max mentees"]) == ("1", "2")
    assert line["Last seen (UTC)"] == "2026-03-10"
    assert line["Skills"] == "JavaScript, React"
    answer = (await house.get(f"{PATH}/mentors.csv")).answer
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mentors-2026-03-10.csv"'
    assert answer.content_type == "text/csv"


async def test_a_name_that_is_a_formula_stays_a_name_in_the_file(house: House) -> None:
    house.catalog.all_mentors = [SAM.model_copy(update={"name": "=HYPERLINK(1)"})]
    assert (await as_csv(house))[0]["Name"] == "'=HYPERLINK(1)"


# ---- why (not) asked ------------------------------------------------------------------------


def a_case(**changes: object) -> CaseFile:
    case = CaseFile(
        request_id=REQUEST,
        now=NOW + timedelta(hours=1),
        service="Pair Programming",
        skills=["React"],
        mentee=RIA.slack_id,
        asks=[
            AskView(
                mentor=Person(slack_id="UDANA", name="Dana Whitfield"),
                at=NOW,
                answer="declined",
                reason="away next week",
            )
        ],
    )
    return case.model_copy(update=changes)


def waiting(house: House) -> None:
    house.requests.cases[REQUEST] = a_case()
    house.queue.entries = [
        QueueEntry(
            request_id=REQUEST,
            service="Pair Programming",
            status=Status.OPEN,
            submitted_at=NOW,
            goal="Get my first React app ready to show",
        )
    ]


async def test_a_request_can_be_chosen_by_its_id_and_service_and_its_goal_is_not_told(
    house: House,
) -> None:
    waiting(house)
    page = await roster(house)
    assert f"{REQUEST} · Pair Programming · Open" in page.text
    assert "React app" not in page.text
    assert page.value("request") == ""


async def test_with_a_request_everybody_has_their_reason_and_who_was_asked_comes_first(
    house: House,
) -> None:
    waiting(house)
    page = await roster(house, f"?request={REQUEST}")
    dana, sam, ola = rows(page)
    assert dana.endswith("asked 14:00 UTC, declined – away next week")
    assert sam.endswith("can be asked with the next step; fits in full")
    assert ola.endswith("not asked: on a break")
    assert page.value("request") == REQUEST
    lines = await as_csv(house, f"?request={REQUEST}&skill=Go")
    assert [line[f"Why asked or not: {REQUEST}"] for line in lines] == ["not asked: on a break"]


async def test_reasons_go_by_the_requests_own_clock_which_may_run_ahead(house: House) -> None:
    waiting(house)
    house.standings.met["UOLA"] = Standing(
        slack_id="UOLA", resting=True, rest_until=NOW + timedelta(days=3)
    )
    house.requests.cases[REQUEST] = a_case(now=NOW + timedelta(days=4))
    [ola] = rows(await roster(house, f"?request={REQUEST}&name=ola"))
    assert "Ola Nyqvist Available" in ola


async def test_a_never_pair_is_said_to_coordinators(house: House) -> None:
    waiting(house)
    house.catalog.never(SAM.slack_id, RIA.slack_id)
    [sam] = rows(await roster(house, f"?request={REQUEST}&name=sam"))
    assert sam.endswith("not asked: never paired with this person")


async def test_a_request_that_is_gone_is_named_and_everybody_is_still_shown(house: House) -> None:
    page = await roster(house, f"?request={REQUEST}")
    assert f"There is no request {REQUEST}." in page.text
    assert len(rows(page)) == 3
    assert "Why (not) asked</th>" not in page.html


# ---- when something is away -----------------------------------------------------------------


async def test_without_temporal_the_rows_are_shown_and_the_page_says_so(house: House) -> None:
    waiting(house)
    house.temporal_is_away()
    page = await roster(house, f"?request={REQUEST}")
    assert "so this is what Airtable says" in page.text
    assert "The open requests can’t be listed right now." in page.text
    assert "can’t be said right now" in page.text
    assert len(rows(page)) == 3
    assert "1 of 1 not known" in rows(page)[0], "not a made-up number of asks"
    assert (await as_csv(house))[0]["Asked this week"] == ""


async def test_without_airtable_it_says_so_and_when_to_try_again(house: House) -> None:
    house.catalog.away = True
    for path in (f"{PATH}?skill=js", f"{PATH}/mentors.csv"):
        page = await house.get(path)
        assert page.status == 503
        assert page.answer.headers["Retry-After"]
        assert "The mentors can’t be read right now" in page.text
    assert LEO.name not in page.text
