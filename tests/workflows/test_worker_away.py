"""The worker is away when a deadline passes: once it is back, the step happens, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from temporalio.client import Client
from temporalio.testing import TimeSkipper, WorkflowEnvironment

from clients.requests import Requests
from domain.base import Decision
from domain.messages import AcceptTime, Claim, Hold, PromiseToWrite, ProposeTimes
from domain.models import Outcome, Person, RequestStart, Skill, Status
from domain.policy import Scope, Step, StepKind
from domain.state import RequestState
from domain.view import CardKind
from tests.workflows.any_course import Course
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    default_policy,
    mentor,
    quiet_by_the_hour,
    replay,
    request,
    running_worker,
    where_it_is,
)

FRAN = "U0FRAN"
BOTH = ("Python", "SQL")
LOOK_AGAIN = 0.02
CLOCK_STOPS_WITHIN = 60.0
"""Seconds until the clock has come to a deadline at which nobody works."""


class Deadline(NamedTuple):
    """One that passes while the worker is away, and all that is said because of it."""

    name: str
    after: timedelta
    said: Mapping[str, int] = MappingProxyType({})
    step: str = ""


class Shift:
    """A request, and a worker that goes off and comes back."""

    def __init__(self, client: Client, start: RequestStart, community: Community) -> None:
        self.course = Course(client, start, community)
        self.community = community
        self._client = client
        self._worker = AsyncExitStack()

    async def begins(self) -> None:
        self._worker = AsyncExitStack()
        await self._worker.enter_async_context(running_worker(self._client, self.community))

    async def ends(self) -> None:
        await self._worker.aclose()

    @asynccontextmanager
    async def away_until(self, length: timedelta) -> AsyncIterator[None]:
        """The clock runs on without a worker, as far as the first deadline lets it."""
        await self.ends()
        seconds = length.total_seconds()
        passing = asyncio.create_task(self.course.running.pass_time(seconds=seconds))
        async with asyncio.timeout(CLOCK_STOPS_WITHIN):
            while not await self._is_waited_for():
                await asyncio.sleep(LOOK_AGAIN)
        yield
        await self.begins()
        await passing

    async def misses(self, deadline: Deadline) -> RequestState:
        """Away while it passes; afterwards everything is said that it brings about, and no more."""
        before, told = set(self.community.messages), len((await self.course.rest()).timeline)
        async with self.away_until(deadline.after):
            assert set(self.community.messages) == before, "nobody was there to say it"
        state = await self.course.rest()
        new = [m for key, m in self.community.messages.items() if key not in before]
        said = Counter(f"{m.ref.kind.value} {m.ref.to}".strip() for m in new)
        assert said == deadline.said, deadline.name
        assert not self.community.twice, "said again"
        happened = [entry.what for entry in state.timeline[told:]]
        assert not deadline.step or happened.count(deadline.step) == 1, (deadline.name, happened)
        return state

    async def decide(self, *decisions: Decision) -> RequestState:
        await self.course.running.decide(*decisions)
        return await self.course.rest()

    async def pass_time(self, **length: float) -> RequestState:
        await self.course.silence(timedelta(**length))
        return await self.course.rest()

    async def _is_waited_for(self) -> bool:
        found = await self.course.running.handle.describe()
        return found.raw_description.HasField("pending_workflow_task")


@asynccontextmanager
async def sent_in(
    client: Client, start: RequestStart, community: Community
) -> AsyncIterator[Shift]:
    await Requests(client).start(start)
    shift = Shift(client, start, community)
    await shift.begins()
    try:
        await shift.course.rest()
        yield shift
        history = await shift.course.running.history()
    finally:
        await shift.course.running.end()
        await shift.ends()
    await replay(history)


def _start(**changes: object) -> RequestStart:
    quiet = quiet_by_the_hour(where_it_is(12))
    policy = default_policy(wave_size=1, wave_spacing=timedelta(hours=3), quiet_hours=quiet)
    details: dict[str, object] = {
        "mentee": MENTEE.model_copy(update={"time_zone": where_it_is(10)}),
        "skills": [Skill(name=one) for one in BOTH],
        "policy": policy,
    }
    return request(**{**details, **changes})


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


SEARCH = [
    Deadline(
        "the preferred mentor's window",
        _hours(0.5),
        {f"opened wider {MENTEE.slack_id}": 1, f"ask {DANA}": 1, f"reminder {SAM}": 1},
        "open to all mentors",
    ),
    Deadline("the next wave, of one who sleeps", _hours(3)),
    Deadline("their morning", _hours(1), {f"ask {KENJI}": 1}),
    Deadline("the wave after it", _hours(3), {f"ask {PRIYA}": 1}),
    Deadline("bump, and all", _hours(5), {"bump": 1, f"ask {FRAN}": 1}, "step: wave (all)"),
    Deadline(
        "coordinators and the honest update",
        _hours(4),
        {"coordinators": 1, f"update {MENTEE.slack_id}": 1},
        "step: coordinators",
    ),
    Deadline("the warning", _hours(20), {"owner warned": 1}, "step: warn owner"),
    Deadline("the breach", _hours(4), {"owner called": 1}, "the promised time has passed"),
    Deadline("the roll-up's line", _hours(24), {}, "step: remind owner"),
    Deadline("the next day's", _hours(24), {}, "step: remind owner"),
]


async def test_each_step_of_a_search_happens_once_after_the_worker_was_away(
    temporal: WorkflowEnvironment,
) -> None:
    noon, evening = where_it_is(12), where_it_is(20)
    zones = {SAM: noon, DANA: noon, KENJI: evening, PRIYA: evening}
    community = Community([mentor(one, *BOTH, time_zone=zone) for one, zone in zones.items()])
    community.mentors[FRAN] = mentor(FRAN, "Knitting", time_zone=where_it_is(16))
    start = _start(preferred_mentor=Person(slack_id=SAM, name="Sam Okafor", time_zone=noon))
    async with sent_in(temporal.client, start, community) as shift:
        assert community.asked() == {SAM}
        await shift.pass_time(hours=7, minutes=45)
        for deadline in SEARCH:
            state = await shift.misses(deadline)
        assert state.breached
        await shift.pass_time(hours=71)
        parked = Deadline("parked", _hours(2), {}, "parked, owned by U0COORD")
        assert (await shift.misses(parked)).parked


async def test_each_turn_of_a_pair_happens_once_after_the_worker_was_away(
    temporal: WorkflowEnvironment,
) -> None:
    """From a hold to the last question, with a mentor who is released for silence between."""
    morning, riley = where_it_is(10), MENTEE.slack_id
    community = Community([mentor(one, *BOTH, time_zone=morning) for one in (SAM, DANA, KENJI)])
    community.mentors[PRIYA] = mentor(PRIYA, "Python", time_zone=where_it_is(6))
    start = _start()
    start.policy = default_policy(quiet_hours=start.policy.quiet_hours)
    async with sent_in(temporal.client, start, community) as shift:
        await shift.decide(Hold(by=SAM, until=await _in(shift, hours=8.5)))
        reminded = {f"reminder {one}": 1 for one in (DANA, KENJI)}
        await shift.misses(Deadline("the reminder", _hours(8.2), reminded, "step: remind"))
        waited = {f"hold due {SAM}": 1, f"ask {PRIYA}": 1}
        await shift.misses(Deadline("the hold's end", _hours(0.5), waited, "hold over"))

        await shift.decide(Claim(by=SAM))
        met = Deadline("the undo window", _hours(0.1), {f"introduction {SAM}": 1}, "introduced")
        assert (await shift.misses(met)).claim is not None
        await shift.decide(PromiseToWrite(by=SAM, by_when=await _in(shift, hours=20)))
        nudged = {f"nudge {SAM}": 1}
        await shift.misses(Deadline("the promise", _hours(21), nudged))
        await shift.pass_time(hours=48)
        asked = {f"check-in {SAM}": 1}
        await shift.misses(Deadline("extend or release?", _hours(4), asked))
        await shift.pass_time(hours=20)
        released = {f"released {riley}": 1, "reopened": 1}
        state = await shift.misses(
            Deadline("no answer", _hours(5), released, "released: no word from the mentor")
        )
        assert (state.excluded, state.mentor_id) == ([SAM], "")

        await shift.decide(Claim(by=DANA))
        await shift.pass_time(minutes=3)
        session = await _in(shift, hours=20)
        await shift.decide(ProposeTimes(by=DANA, times=[session]))
        await shift.decide(AcceptTime(by=riley, proposal=1, time=session))
        state = await shift.misses(Deadline("the session", _hours(21)))
        assert state.status is Status.SCHEDULED
        both = {f"feedback {riley}": 1, f"feedback {DANA}": 1}
        await shift.misses(Deadline("how did it go?", _hours(7 * 24), both, "asked how it went"))
        again = {f"feedback reminder {riley}": 1, f"feedback reminder {DANA}": 1}
        await shift.misses(Deadline("its reminder", _hours(3 * 24 + 1), again))
        state = await shift.misses(Deadline("its end", _hours(4 * 24), {}, "completed"))
        assert state.outcome is Outcome.NO_FEEDBACK


async def _in(shift: Shift, **length: float) -> datetime:
    await shift.course.rest()
    return shift.course.now + timedelta(**length)


async def test_steps_that_fell_due_while_the_worker_was_away_are_done_together_and_in_order(
    temporal: WorkflowEnvironment,
) -> None:
    """What is asked collapses into the widest; each of the other words is said once."""
    in_turn = [
        Step(after=timedelta(0), do=StepKind.WAVE, scope=Scope.FULL),
        Step(after=_hours(1), do=StepKind.WAVE, scope=Scope.PARTIAL),
        Step(after=_hours(1), do=StepKind.BUMP),
        Step(after=_hours(1) + timedelta(milliseconds=50), do=StepKind.WAVE, scope=Scope.ALL),
        Step(after=_hours(1) + timedelta(milliseconds=100), do=StepKind.COORDINATORS),
        Step(after=_hours(1) + timedelta(milliseconds=150), do=StepKind.UPDATE_MENTEE),
        Step(after=_hours(48), do=StepKind.BREACH),
    ]
    community = Community([mentor(SAM, *BOTH), mentor(DANA, "SQL"), mentor(KENJI, "Knitting")])
    start = _start(policy=default_policy(steps=in_turn))
    async with sent_in(temporal.client, start, community) as shift:
        clock, handle = TimeSkipper(temporal.client), shift.course.running.handle
        opened = (await shift.course.rest()).timeline[0].at
        async with shift.away_until(_hours(1.1)):
            while await clock.get_current_time(handle) < opened + in_turn[-2].after:
                await asyncio.sleep(LOOK_AGAIN)
            assert community.asked() == {SAM}
        state = await shift.course.rest()
        assert community.asked() == {SAM, DANA, KENJI}
        steps = [e.what for e in state.timeline if e.what.startswith("step: ")]
        expected = ["wave (all)", "bump", "coordinators", "update mentee"]
        assert steps == [f"step: {one}" for one in expected]
        assert [e.what for e in state.timeline].count("asked 2") == 1, "one wave"
        said = Counter(key.split("/")[1] for key in community.posts)
        assert said == {"received": 1, "channel": 1, "ask": 3, "bump": 1, "coordinators": 1} | {
            "update": 1
        }


async def test_a_worker_that_stops_in_the_middle_of_a_step_leaves_it_to_the_next(
    temporal: WorkflowEnvironment,
) -> None:
    """The reminders have begun to go out: everybody gets theirs, once."""
    community = Community([mentor(one, *BOTH) for one in (SAM, DANA, KENJI)])
    start = _start(policy=default_policy())
    async with sent_in(temporal.client, start, community) as shift:
        gate = community.gate("post:reminder")
        passing = asyncio.create_task(shift.course.running.pass_time(hours=8.1))
        await community.until(lambda: community.attempts["post:reminder"] > 0)
        await shift.ends()
        gate.set()
        await shift.begins()
        await passing
        await shift.course.rest()
        assert {m.ref.to for m in community.of(CardKind.REMINDER)} == {SAM, DANA, KENJI}
        assert not community.twice
        assert community.attempts["post:reminder"] == 4, "the first of them was tried again"
