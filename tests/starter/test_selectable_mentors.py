"""Who can be chosen on the form and through a link, at this very moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.standing import Standing
from tests.starter.house import DANA, NOW, OLA, SAM, House

LATELY = NOW - timedelta(hours=5)


async def offered(house: House) -> list[str]:
    return (await house.get("/")).fields.offered["mentor"][1:]


@pytest.mark.parametrize(
    "standing",
    [
        Standing(slack_id="USAM", opted_out=True),
        Standing(slack_id="USAM", resting=True, rest_until=NOW + timedelta(days=3)),
        Standing(slack_id="USAM", resting=True),
        Standing(slack_id="USAM", load=SAM.max_mentees),
        Standing(slack_id="USAM", dormant_at=NOW - timedelta(minutes=1)),
        Standing(slack_id="USAM", account_closed=True),
        Standing(slack_id="USAM", asked=[LATELY] * SAM.weekly_asks),
    ],
    ids=["opted out", "on a break", "paused", "full", "dormant", "account closed", "asked enough"],
)
async def test_a_mentor_who_cannot_be_asked_now_cannot_be_chosen(
    house: House, standing: Standing
) -> None:
    assert await offered(house) == [SAM.record_id]
    house.standings.met["USAM"] = standing
    assert await offered(house) == []
    page = await house.send(mentor=SAM.record_id)
    assert page.problem("mentor").startswith("Sam Okafor can’t take anyone new right now.")
    assert house.requests.started == []


async def test_who_is_back_or_free_again_can_be_chosen_before_their_row_says_so(
    house: House,
) -> None:
    house.standings.met = {
        "UOLA": Standing(slack_id="UOLA"),
        "UDANA": Standing(slack_id="UDANA", load=0),
    }
    assert await offered(house) == [DANA.record_id, OLA.record_id, SAM.record_id]


async def test_while_temporal_cannot_be_asked_their_rows_count(house: House) -> None:
    house.standings.met["USAM"] = Standing(slack_id="USAM", opted_out=True)
    house.standings.away = True
    assert await offered(house) == [SAM.record_id]


async def test_the_page_names_nobody_by_slack_id(house: House) -> None:
    html = (await house.get("/")).html
    assert SAM.record_id in html
    assert SAM.slack_id not in html


async def test_a_form_that_was_open_before_an_update_still_names_its_mentor(house: House) -> None:
    assert (await house.send(mentor=SAM.slack_id)).status == 303
    [start] = house.requests.started
    assert start.preferred_mentor is not None
    assert start.preferred_mentor.slack_id == SAM.slack_id


@pytest.mark.parametrize("name", [SAM.record_id, SAM.slack_id])
async def test_a_link_can_choose_the_mentor(house: House, name: str) -> None:
    page = await house.get(f"/?mentor={name}")
    assert page.status == 200
    assert page.value("mentor") == SAM.record_id
    assert '<details class="mentors" open>' in page.html
    assert "flash" not in page.html


async def test_a_link_to_somebody_without_room_says_so_kindly_and_leaves_it_open(
    house: House,
) -> None:
    page = await house.get(f"/?mentor={DANA.record_id}")
    assert page.status == 200
    assert "Dana Whitfield can’t take anyone new right now. Send your request to" in page.text
    assert page.value("mentor") == ""
    assert "Please check" not in page.text, "nobody made a mistake"


@pytest.mark.parametrize("name", ["recGONE", "%3Cscript%3E", "x" * 3000])
async def test_a_link_to_somebody_unknown_is_a_form_like_any_other(house: House, name: str) -> None:
    page = await house.get(f"/?mentor={name}")
    assert page.status == 200
    assert "isn’t on our list any more" in page.text
    assert page.value("mentor") == ""
    assert name[:20] not in page.html
