"""App Home of mentors: what is looked up, what can be claimed from there, and what fails softly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cards.ids import Action
from clients.airtable import AirtableError
from clients.requests import TemporalAwayError
from domain.ids import request_id_for
from domain.messages import Claim, Decline
from domain.models import Mentor
from domain.standing import MentorOverview, Standing
from domain.view import RequestView
from records.errors import RecordsAwayError
from slack_app.home_data import REQUESTS_ASKED
from tests.slack_app.slack_app_harness import (
    DANA,
    KENJI,
    REQUEST_ID,
    RILEY,
    SAM,
    World,
    asked,
    claimed,
)


def is_mentor(
    world: World,
    *,
    mentees: list[str] | None = None,
    asks: list[str] | None = None,
    **more: Any,
) -> None:
    """Sam stands on the roster, and Muster has met them."""
    world.roster.people = [Mentor(slack_id=SAM.slack_id, name=SAM.name, max_mentees=2)]
    facts: dict[str, Any] = {"load": len(mentees or [])}
    world.mentors.overviews[SAM.slack_id] = MentorOverview(
        now=datetime.now(UTC),
        standing=Standing(slack_id=SAM.slack_id, **facts | more),
        mentees=mentees or [],
        asks=asks or [],
    )


def holds(world: World, view: RequestView) -> None:
    world.requests.views[view.request_id] = view


def another(number: int) -> str:
    return request_id_for(str(number), "U0RILEY")


async def test_a_mentor_reads_how_they_stand(world: World) -> None:
    is_mentor(world)
    home = str(await world.home(SAM))
    assert "You are available" in home
    assert "0 of 2 mentees · asked 0 of at most 3 times this week" in home
    assert "Become a mentor" not in home


async def test_who_is_none_is_invited(world: World) -> None:
    assert "Become a mentor" in str(await world.home(KENJI))


async def test_an_open_ask_can_be_claimed_from_home_which_then_shows_it(world: World) -> None:
    is_mentor(world, asks=[REQUEST_ID])
    holds(world, asked())
    home = await world.home(SAM)
    holds(world, claimed())
    is_mentor(world, asks=[REQUEST_ID], mentees=[REQUEST_ID])
    assert (await world.press_in_view(SAM, home, "Claim"))["ok"]
    assert world.requests.decisions == [Claim(by=SAM.slack_id)]
    after = str(await world.home_now(SAM))
    assert "You are mentoring" in after
    assert "waiting for an answer of yours" not in after


async def test_it_can_be_declined_and_its_details_read_there_too(world: World) -> None:
    is_mentor(world, asks=[REQUEST_ID])
    holds(world, asked())
    home = await world.home(SAM)
    await world.press_in_view(SAM, home, "Not this one")
    assert world.requests.decisions == [Decline(by=SAM.slack_id)]


@pytest.mark.parametrize(
    "view",
    [
        asked(declined=[SAM.slack_id]),
        asked(excluded=[SAM.slack_id]),
        asked(status="Cancelled"),
        asked(asked=[DANA.slack_id]),
        asked(on_break={SAM.slack_id: None}),
        asked(preferred=DANA, in_preferred_window=True),
        claimed().model_copy(update={"claim": None, "status": "Claimed"}),
    ],
)
async def test_what_they_cannot_claim_is_not_offered(world: World, view: RequestView) -> None:
    is_mentor(world, asks=[REQUEST_ID])
    holds(world, view)
    assert Action.CLAIM.value not in str(await world.home(SAM))


async def test_the_one_asked_by_name_finds_it_there(world: World) -> None:
    is_mentor(world, asks=[REQUEST_ID])
    holds(world, asked(preferred=SAM, in_preferred_window=True))
    assert "waiting for an answer of yours" in str(await world.home(SAM))


async def test_while_they_rest_nothing_is_offered(world: World) -> None:
    until = datetime.now(UTC) + timedelta(days=5)
    is_mentor(world, asks=[REQUEST_ID], resting=True, rest_until=until)
    holds(world, asked())
    home = str(await world.home(SAM))
    assert "You are on a break until" in home
    assert "waiting for an answer of yours" not in home


async def test_no_more_than_ten_requests_are_asked_and_mentees_come_first(world: World) -> None:
    mentees, asks = [another(n) for n in range(9)], [another(n) for n in range(100, 160)]
    is_mentor(world, mentees=mentees, asks=asks, load=9)
    looked_at: list[str] = []

    async def view(request_id: str) -> RequestView:
        looked_at.append(request_id)
        return claimed(request_id=request_id)

    world.requests.view = view  # type: ignore[method-assign]
    home = str(await world.home(SAM))
    assert len(looked_at) == REQUESTS_ASKED
    assert looked_at[:6] == mentees[:6]
    assert "and 3 more" in home


async def test_a_pair_that_is_asked_how_it_went_is_still_shown_though_its_slot_is_free(
    world: World,
) -> None:
    is_mentor(world, asks=[REQUEST_ID])
    holds(world, claimed(status="Awaiting feedback"))
    home = await world.home(SAM)
    assert "say how it went" in str(home)
    await world.press_in_view(SAM, home, "Give feedback")
    assert "How did it go?" in str(await world.modal(SAM))


async def test_a_request_that_is_forgotten_is_passed_over_and_one_that_is_silent_is_said(
    world: World,
) -> None:
    is_mentor(world, asks=[another(1)])
    assert "Not everything could be looked up" not in str(await world.home(SAM))
    world.requests.failure = TemporalAwayError("no answer")
    home = str(await world.home(SAM))
    assert "Not everything could be looked up" in home
    assert "You are available" in home


async def test_with_airtable_away_a_mentor_whom_muster_knows_still_has_their_page(
    world: World,
) -> None:
    is_mentor(world)
    world.roster.failure = RecordsAwayError(AirtableError("down"))
    home = str(await world.home(SAM))
    assert "Not everything could be looked up" in home
    assert "Pause or stop" in home


async def test_with_temporal_away_the_row_says_how_they_stand(world: World) -> None:
    is_mentor(world)
    world.mentors.failure = TemporalAwayError("no answer")
    home = str(await world.home(SAM))
    assert "Not everything could be looked up" in home
    assert "You are available" in home


async def test_coordinators_read_how_many_mentors_there_are_and_have_their_link(
    world: World,
) -> None:
    object.__setattr__(
        world.office, "roster_url", lambda slack_id: f"https://example.org/roster/{slack_id}"
    )
    world.roster.people = [
        Mentor(slack_id="U1"),
        Mentor(slack_id="U2"),
        Mentor(slack_id="U3", status="Opted out"),
        Mentor(slack_id="U4", active=False),
    ]
    home = str(await world.home(DANA))
    assert "2 available and 1 opted out" in home
    assert f"https://example.org/roster/{DANA.slack_id}" in home
    assert "roster" not in str(await world.home(RILEY))


async def test_a_mentee_can_cancel_and_ask_for_another_mentor_from_home(world: World) -> None:
    world.requests.found = {RILEY.slack_id: REQUEST_ID}
    holds(world, claimed())
    home = await world.home(RILEY)
    assert (await world.press_in_view(RILEY, home, "Ask for another mentor"))["ok"]
    assert (await world.press_in_view(RILEY, await world.home_now(RILEY), "Cancel my request"))[
        "ok"
    ]
    assert len(world.requests.decisions) == 2
