"""One request from the web form to what came of it, as everybody in it lives it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from temporalio.api.enums.v1 import EventType

from domain.models import Outcome
from local.rows import Row
from tests.system.people import Person
from tests.system.record import COORDINATORS, MENTORS, everything, summary
from tests.system.town import DETAILS, GOAL, SERVICE, Request, Town

HELLO = "Hi Riley, I have built something like it and would love to help."
MOST_SLACK_CALLS = 80
MOST_EVENTS = 280
"""Between 245 and 265: on a busy machine edits and row writes come one by one, not together."""
OF_SKIPPING = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
)
"""What skipping time adds to a history; where nobody skips there is none of it."""
MOST_BYTES = 110_000
MOST_ROW_WRITES = 12


async def test_a_request_goes_from_the_form_to_a_completed_row(town: Town) -> None:
    riley, sam = await town.person("Riley Santos"), await town.person("Sam Okafor")
    request = await town.ask(riley, skills=["Python"], level="Beginner", affiliation="Veteran")

    await town.has_asked(15)
    await _claim_with_a_hello_of_their_own(sam)
    await town.no_live_button("claim")
    assert not await riley.conversations("mpim"), "nobody is told while it can be undone"
    assert "Sam" not in await town.status_page(request)

    await request.clock.skip(timedelta(minutes=3))
    introduction = await riley.see_text("your mentor", kind="mpim")
    assert HELLO in introduction.text
    assert "Sam Okafor" in await town.status_page(request)

    session = await _agree_on_a_time(request, sam, riley)
    await town.row(request, Status="Scheduled")
    assert "Your session is set" in await town.status_page(request)

    await request.clock.skip_to(session + timedelta(days=7, minutes=1))
    await town.row(request, Status="Awaiting feedback")
    await riley.see_text("How did it go with Sam Okafor?")
    await town.no_live_button("cancel")
    await _say_how_it_went(riley, sam)
    assert await town.ends_well(request) is Outcome.MET

    _says_everything(await town.row(request), session)
    await _notes_are_with_the_coordinators(town, request)
    await town.nobody_has_a_card_twice()
    assert all(not post.buttons for post in await town.posts()), "it is over, everywhere"
    await _nobody_had_more_than_the_budget(town)
    await _stays_within_budget(town, request)


async def _claim_with_a_hello_of_their_own(mentor: Person) -> None:
    await mentor.press(await mentor.see_button("Claim"), "Claim")
    await mentor.press(await mentor.see_button("Edit hello"), "Edit hello")
    await mentor.fill("Your hello", {"Your hello": HELLO})
    await mentor.see_text(HELLO)


async def _agree_on_a_time(request: Request, proposer: Person, other: Person) -> datetime:
    evening = (await request.clock.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    times = {"First choice": evening, "Second choice": evening + timedelta(days=1)}
    introduction = await proposer.see_button("Propose a time", kind="mpim")
    await proposer.press(introduction, "Propose a time")
    await proposer.fill("Propose a time", times)
    offer = await other.see_button("Accept", kind="mpim")
    await other.press(offer, "Accept", number=2)
    await other.see_text("Your session is set", kind="mpim")
    return times["Second choice"]


async def _say_how_it_went(mentee: Person, mentor: Person) -> None:
    await mentee.press(await mentee.see_button("Give feedback"), "Give feedback")
    await mentee.fill(
        "How did it go?",
        {
            "Did you meet?": "Yes",
            "How was it?": "5 – great",
            "Anything you would like to tell us": "It runs!",
            "Where do you stand now?": "Intermediate",
        },
    )
    await mentor.press(await mentor.see_button("Give feedback"), "Give feedback")
    await mentor.fill("How did it go?", {"Did you meet?": "Yes", "How was it?": "4"})


def _says_everything(row: Row, session: datetime) -> None:
    moments = {
        name: datetime.fromisoformat(row.pop(name))
        for name in (
            "Created At",
            "First Asked At",
            "Claimed At",
            "First Response At",
            "Session Date",
            "Last Updated",
        )
    }
    assert list(moments.values()) == sorted(moments.values())
    assert moments["Session Date"] == session
    assert moments["First Response At"] - moments["Created At"] < timedelta(minutes=10)
    assert 0 < float(row.pop("Time To Response (h)")) < 0.2
    assert row.pop("Workflow Link").endswith(row.pop("Request ID"))
    assert row == {
        "Slack User": "Riley Santos",
        "Slack ID": row["Slack ID"],
        "Email": "riley.santos@example.com",
        "Service": SERVICE,
        "Skillsets": "Python",
        "Goal": GOAL,
        "Additional Details": DETAILS,
        "Affiliation": "Veteran",
        "Mentor Assigned": "sam",
        "Status": "Completed",
        "Escalation Step": "asked",
        "Outcome": "Met",
        "Level Before": "Beginner",
        "Level After": "Intermediate",
        "Mentors Asked": "15",
        "Declines": "0",
    }


async def _notes_are_with_the_coordinators(town: Town, request: Request) -> None:
    notes = {note["Role"]: note for note in await town.notes()}
    assert {note["Request ID"] for note in notes.values()} == {request.request_id}
    mentees, mentors = notes["Mentee"], notes["Mentor"]
    assert (mentees["Rating"], mentees["Level"], mentees["Note"]) == (5, "Intermediate", "It runs!")
    assert (mentors["Rating"], mentors["Did It Happen"]) == (4, True)
    assert "It runs!" not in str(await town.rows("Mentor Request")), "only coordinators read it"


async def _nobody_had_more_than_the_budget(town: Town) -> None:
    """On the happy path: 5 to the mentee, 5 to the mentor, one to who was only asked, and none to
    the coordinators; counted in the record of everything that was posted."""
    told = await everything(town)
    had = Counter(name for one in told for name in one.to.split(" & "))
    assert had.pop("Riley Santos") == 5, summary(told)
    assert had.pop("Sam Okafor") == 5, summary(told)
    assert had.pop(MENTORS) == 1, summary(told)
    assert had.pop(COORDINATORS, 0) == 0, summary(told)
    assert set(had.values()) == {1}, summary(told)
    assert len(had) == 14


async def _stays_within_budget(town: Town, request: Request) -> None:
    calls, looking = await town.slack_calls(), ("conversations.list", "conversations.history")
    for method in looking:  # our own looking around
        del calls[method]
    described = await request.handle.describe()
    history = described.raw_description.workflow_execution_info
    writes = await town.row_writes(request)
    kinds = [event.event_type async for event in request.handle.fetch_history_events()]
    events = sum(kind not in OF_SKIPPING for kind in kinds)
    figures = (
        f"{calls.total()} Slack calls ({dict(calls)}), {writes} row writes, "
        f"{events} events, {history.history_size_bytes} bytes"
    )
    assert calls.total() <= MOST_SLACK_CALLS, figures
    assert writes <= MOST_ROW_WRITES, figures
    assert events <= MOST_EVENTS, figures
    assert history.history_size_bytes <= MOST_BYTES, figures
