"""Whatever people say, and however long they are silent: nothing slips, and nobody is pestered.

``MUSTER_EXAMPLES=200 pytest tests/workflows/test_any_course.py`` tries so many courses, other ones
each time; the suite tries a few, always the same.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, Phase, currently_in_test_context, given, note, settings
from hypothesis import strategies as st

from domain.messages import Cancel
from domain.orders import CloseRequest
from tests.temporal import start_server
from tests.workflows.any_course import (
    ALEX,
    AT_REST_AFTER,
    CASEY,
    FRAN,
    HOLDER,
    NOOR,
    OMAR,
    RILEY,
    STRANGER,
    Course,
    Elsewhere,
    Says,
    Setting,
    Silence,
    Step,
    Town,
    on_course,
    town,
)
from tests.workflows.harness import DANA, KENJI, PRIYA, SAM
from tests.workflows.rules_of_a_course import check_course, check_end, check_now, check_rest

EXAMPLES = int(os.environ.get("MUSTER_EXAMPLES", "0"))
IN_THE_SUITE = 4
SECONDS_EACH = 60

MENTORS = st.sampled_from([SAM, SAM, DANA, KENJI, PRIYA, ALEX, FRAN, NOOR, OMAR])
AT_ONCE = st.sampled_from([False, False, True])


def _says(
    who: st.SearchStrategy[str], *what: str, **more: st.SearchStrategy[object]
) -> st.SearchStrategy[Says]:
    return st.builds(Says, who=who, what=st.sampled_from(what), at_once=AT_ONCE, **more)


HOURS = st.sampled_from([0.5, 3.0, 10.0, 30.0, 46.0, 200.0])
SILENCES = st.sampled_from([0.01, 0.05, 1.0, 3.0, 7.0, 9.0, 13.0, 25.0, 47.0, 74.0, 100.0, 200.0])
BY_SOMEBODY = st.sampled_from([CASEY, CASEY, CASEY, DANA])

STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Silence, SILENCES),
    st.builds(Silence, SILENCES),
    _says(MENTORS, "claims"),
    _says(MENTORS, "claims", "declines", "declines", "holds", "says why", hours=HOURS),
    _says(st.just(HOLDER), "undoes", "releases", "promises", "writes", "proposes", hours=HOURS),
    _says(MENTORS, "undoes", "releases", "breaks", "is back", "promises", "writes", hours=HOURS),
    _says(st.just(RILEY), "wants another", "keeps waiting", "asks more", "writes", "not done"),
    _says(st.just(RILEY), "accepts", "accepts", "proposes", hours=HOURS),
    _says(st.sampled_from([RILEY, SAM, HOLDER]), "asks coordinators", "tells", "claims"),
    _says(BY_SOMEBODY, "takes", "hands back", "widens", "nudges", "closes"),
    _says(BY_SOMEBODY, "assigns", whom=MENTORS),
    _says(st.just(CASEY), "pauses", "goes on", "goes on"),
    st.builds(Elsewhere, MENTORS, st.booleans()),
    _says(MENTORS, "claims"),
    _says(st.sampled_from([RILEY, STRANGER, STRANGER]), "cancels"),
    st.builds(Silence, SILENCES),
)
SETTINGS = st.builds(
    Setting,
    mentees_hour=st.sampled_from([12, 22]),
    wave_size=st.sampled_from([15, 1]),
    preferred=st.sampled_from(["", "", SAM, KENJI, OMAR, NOOR]),
    needs_session=st.booleans(),
)


WENT_WRONG: dict[str, tuple[Setting, list[Step]]] = {
    "asked twice, in their morning and at the return from a release": (
        Setting(),
        [Says(PRIYA, "claims")],
    ),
    "a card that changed while it was being edited stayed as it was": (
        Setting(preferred=KENJI),
        [
            Says(DANA, "assigns", whom=ALEX),
            Says(DANA, "assigns", whom=DANA),
            Says(HOLDER, "releases"),
            Says(CASEY, "goes on"),
        ],
    ),
    "the coordinators' card didn't count those asked later, nor who declined": (
        Setting(wave_size=1),
        [Says(SAM, "asks coordinators"), Silence(15), Says(SAM, "declines")],
    ),
    "nobody asked Slack for the time zone of one who claims without having been asked": (
        Setting(),
        [Says(ALEX, "claims")],
    ),
    "the coordinators' card kept a nudge for pairs whose session was set": (
        Setting(),
        [
            Silence(25),
            Says(SAM, "claims"),
            Silence(0.05),
            Says(HOLDER, "proposes", hours=30),
            Silence(1),
            Says(RILEY, "accepts"),
            Silence(1),
            Silence(200),
        ],
    ),
    "what waited while sending was paused woke people when it went on": (
        Setting(),
        [
            Says(SAM, "claims"),
            Silence(0.05),
            Says(CASEY, "pauses"),
            Says(CASEY, "nudges"),
            Silence(13),
            Says(CASEY, "goes on"),
        ],
    ),
}
"""Courses that were found here, shrunk, with what was the matter."""


@pytest.fixture(scope="module")
async def place() -> AsyncIterator[Town]:
    async with (
        await start_server(prompt_timers=True) as temporal,
        town(temporal.client) as one,
    ):
        yield one


@pytest.mark.timeout(max(300, EXAMPLES * SECONDS_EACH))
@settings(
    max_examples=EXAMPLES or IN_THE_SUITE,
    derandomize=not EXAMPLES,
    suppress_health_check=list(HealthCheck),
    database=None,
    report_multiple_bugs=False,
    phases=[
        Phase.explicit,
        Phase.generate,
        *([Phase.shrink] if "MUSTER_SHRINK" in os.environ else []),
    ],
)
@given(setting=SETTINGS, steps=st.lists(STEPS, min_size=6, max_size=12))
async def test_nothing_slips_whatever_people_say_or_leave_unsaid(
    place: Town, setting: Setting, steps: list[Step]
) -> None:
    await run_course(place, setting, steps)


async def test_courses_that_went_wrong_once_do_not_any_more(place: Town) -> None:
    """All beside each other: each has a clock of its own."""

    async def again(what_was_the_matter: str, setting: Setting, steps: list[Step]) -> None:
        try:
            await run_course(place, setting, steps)
        except AssertionError as error:
            error.add_note(f"Once before: {what_was_the_matter}.")
            raise

    await asyncio.gather(*(again(why, *course) for why, course in WENT_WRONG.items()))


async def run_course(place: Town, setting: Setting, steps: list[Step]) -> None:
    async with on_course(place, setting) as course:
        await _look(course)
        for step in steps:
            await course.take(step)
            if not (isinstance(step, Says) and step.at_once):
                await _look(course)
        await _leave_alone(course)


async def _look(course: Course) -> None:
    check_now(await course.rest(), course)


async def _leave_alone(course: Course) -> None:
    """Nobody says anything any more; at last a coordinator or the mentee ends what lies there."""
    running = course.running
    await course.goes_on()
    state = await course.rest()
    if not state.status.is_final:
        await course.silence(AT_REST_AFTER)
        await _look(course)
        state = await course.rest()
    for entry in state.timeline if currently_in_test_context() else []:
        note(f"{entry.at:%d %H:%M:%S} {entry.what} {entry.by}")
    check_rest(state, course.community)
    check_course(state, course)
    if not state.status.is_final:
        if state.claim:
            await running.decide(Cancel(by=RILEY))
        else:
            await running.order(CloseRequest(by=CASEY, reason="Nobody came forward"))
    await running.outcome()
    check_end(await course.rest(), course.community)
