"""What Muster knows of mentors: what they say of themselves, and when they were last seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

import slack_app.sightings
from domain import ids
from domain.messages import STATE_QUERY
from domain.sightings import SightingsState
from sandbox.slack.identity import MENTORS_ID
from tests.system.people import Message, Person
from tests.system.standing import asked_about, last_seen, mentors_row, skip, was_never_seen
from tests.system.town import Town, open_town

RILEY, JORDAN, KIANA, PETRA = "Riley Santos", "Jordan Ellery", "Kiana Makoa", "Petra Nováková"
HAS_NEVER_ASKED = "Cheyenne Littlebird"  # in no test of this room
SAM, KENJI, PRIYA = "Sam Okafor", "Kenji Mori", "Priya Raman"
A_DAY = timedelta(days=1)


@pytest.fixture
async def watchful_town(
    temporal: WorkflowEnvironment,
    nothing_goes_wrong_unseen: None,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Town]:
    """Where it takes no quarter of an hour until sightings are passed on."""
    monkeypatch.setattr(slack_app.sightings, "FLUSHED_EVERY", 0.1)
    async with open_town(temporal.client) as opened:
        yield opened


async def test_a_member_signs_up_as_a_mentor_and_the_next_request_for_that_skill_asks_them(
    town: Town,
) -> None:
    await town.only_mentors(SAM)
    petra = await town.person(PETRA)
    earlier = await town.ask(await town.person(RILEY))
    assert await asked_about(town, earlier) == [SAM], "the roster has been read"

    form = await _opens_profile(petra, "Become a mentor", "Become a mentor")
    assert "Berlin" in str(form.raw["blocks"]), "the time zone is what Slack says"
    [k8s] = await petra.search(form, "Your skills", "k8s")
    assert k8s["text"]["text"] == "Kubernetes (K8s)"
    [vienna, *_] = await petra.search(form, "Your time zone", "vienna")
    await petra.fill(
        "Become a mentor",
        {
            "Your name, as mentees read it": "Petra N.",
            "Your skills": {"selected_options": [k8s]},
            "How would you like to help?": ["Pair Programming", "Code Review"],
            "How many mentees at once?": "1",
            "How many requests a week may we ask you about?": "2",
            "Your time zone": {"selected_option": vienna},
            "Quiet hours: from": {"selected_time": "20:00"},
            "Quiet hours: until": {"selected_time": "20:00"},
            "A few words about you": "I run clusters.",
            "Code of conduct": ["I have read and accept the community's code of conduct"],
        },
    )
    await petra.see_modal("Muster", "Welcome, and thank you!")
    row = await mentors_row(town, petra, Status="Available")
    signed_up = datetime.fromisoformat(row.pop("Signed Up At"))
    assert datetime.now(UTC) - signed_up < timedelta(minutes=2)
    assert datetime.now(UTC) - datetime.fromisoformat(row.pop("Last Seen")) < timedelta(minutes=2)
    assert row == {
        "Slack ID": petra.slack_id,
        "Slack Name": "petra",
        "Full Name": PETRA,
        "Shown Name": "Petra N.",
        "Email": "petra.novakova@example.com",
        "Skillsets": "Kubernetes",
        "Services": "Pair Programming, Code Review",
        "Max Mentees": "1",
        "Asks A Week": "2",
        "Mentees Now": "0",
        "Time Zone": "Europe/Vienna",
        "Quiet Hours": "20:00–20:00",
        "Bio": "I run clusters.",
        "Code of Conduct Accepted": "1",
        "Active": "1",
        "Status": "Available",
    }

    request = await town.ask(await town.person(JORDAN), skills=["Kubernetes"])
    assert await asked_about(town, request) == [PETRA]
    await petra.press(await petra.see_button("Claim"), "Claim")
    await town.row(request, Status="Claimed", Mentor_Assigned="petra")
    await mentors_row(town, petra, Status="At capacity", Mentees_Now="1")
    await _raises_the_number(town, petra)


async def _raises_the_number(town: Town, petra: Person) -> None:
    """Full, they change their profile, and can be asked again."""
    form = await _opens_profile(petra, "Edit profile", "Your profile")
    assert "Kubernetes" in str(form.raw["blocks"])
    await petra.fill("Your profile", {"How many mentees at once?": "3"})
    await petra.see_modal("Muster", "Your profile is saved.")
    row = await mentors_row(town, petra, Status="Available", Max_Mentees="3")
    assert (row["Skillsets"], row["Asks A Week"]) == ("Kubernetes", "2")
    await petra.open_home("1 of 3 mentees · asked 1 of at most 2 times this week")
    request = await town.ask(await town.person(KIANA), skills=["Kubernetes"])
    assert await asked_about(town, request) == [PETRA]


async def _opens_profile(person: Person, button: str, title: str) -> Message:
    home = await person.open_home(button if button == "Become a mentor" else "mentees")
    await person.press_in(home, button)
    form = await person.see_modal(title, "Your time zone")
    await person.see(f"the filled form “{title}”", lambda: _is_form(form))
    return form


async def _is_form(form: Message) -> bool | None:
    return any(block["type"] == "input" for block in form.raw["blocks"]) or None


async def test_whoever_does_something_in_slack_has_last_seen_in_their_row_a_day_later(
    watchful_town: Town,
) -> None:
    town = watchful_town
    await town.only_mentors(SAM)
    riley, other = await town.person(RILEY), await town.person(HAS_NEVER_ASKED)
    sam, kenji, priya = [await town.person(name) for name in (SAM, KENJI, PRIYA)]
    started = datetime.now(UTC) - timedelta(seconds=1)
    await town.ask(riley)
    await riley.write((await riley.conversations("im"))[0]["id"], "Thank you!")
    words = (await kenji.write(MENTORS_ID, "Who is at the meetup?"))["message"]
    await priya.react(MENTORS_ID, words, "wave")
    await other.open_home("Muster finds you a mentor")

    seen = {person.slack_id for person in (riley, kenji, priya, other)}
    await town.until("sightings", lambda: _noted(town, seen))
    for person in (riley, kenji, priya):
        assert await was_never_seen(town, person), "not yet"
    await skip(town, ids.SIGHTINGS, A_DAY + timedelta(minutes=1))
    for person in (riley, kenji, priya):
        assert started < await last_seen(town, person) < datetime.now(UTC)
    assert await was_never_seen(town, other), "only of mentors, and of who has asked for one"
    assert await was_never_seen(town, sam), "who was asked has done nothing yet"


async def _noted(town: Town, people: set[str]) -> bool | None:
    found: SightingsState = await town.client.get_workflow_handle(ids.SIGHTINGS).query(
        STATE_QUERY, result_type=SightingsState
    )
    return people <= set(found.waiting) or None
