"""Courses that a request may take: who says what, after which silences; and the running of one.

Every course is plain data, so that one that once went wrong can be written down as an example.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from temporalio import activity
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from clients.requests import OrderRefusedError, RequestGoneError, Requests
from domain import ids, messages, orders
from domain.base import Decision
from domain.models import Mentor, Person, RequestStart, Service, Skill
from domain.policy import EscalationPolicy
from domain.quiet import QuietHours
from domain.state import RequestState
from domain.view import ProposalView
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    RunningRequest,
    default_policy,
    mentor,
    replay,
    request,
    running_worker,
    where_it_is,
)

RILEY = MENTEE.slack_id
ALEX, FRAN, NOOR, OMAR = "U0ALEX", "U0FRAN", "U0NOOR", "U0OMAR"
CASEY, STRANGER = "U0COORD", "U0STRANGER"
HOLDER = "whoever has it"
"""Stands for the mentor who has the request when it is their turn to say something."""

AT_REST_AFTER = timedelta(days=45)
"""After so long without a word every request has come to rest."""
REST_WITHIN = 60.0
"""Seconds until row and cards show what was decided."""
LOOK_AGAIN = 0.01
CAME_TOO_LATE = (WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,)
"""The server's way to say: something came in while the workflow was about to end."""


# ---- what may happen ------------------------------------------------------------------------


@dataclass(frozen=True)
class Says:
    """Somebody decides something. ``hours`` are from the request's now, for what needs a time."""

    who: str
    what: str
    hours: float = 0
    whom: str = ""
    at_once: bool = False
    """The next decision comes before anybody has seen what became of this one."""


@dataclass(frozen=True)
class Silence:
    """Nobody says anything for so long."""

    hours: float


@dataclass(frozen=True)
class Elsewhere:
    """A mentor's row changes without this request: they take others, or have room again."""

    who: str
    has_room: bool


Step = Says | Silence | Elsewhere


@dataclass(frozen=True)
class Setting:
    """How a request begins. Hours are those on the clock of the wall there when it does."""

    mentees_hour: int = 12
    wave_size: int = 15
    preferred: str = ""
    needs_session: bool = True


def _decision(said: Says, by: str, now: datetime, proposal: ProposalView | None = None) -> Decision:
    until = now + timedelta(hours=said.hours)
    number, times = (proposal.number, proposal.times) if proposal else (0, [until])
    made: dict[str, Callable[[], Decision]] = {
        "claims": lambda: messages.Claim(by=by),
        "undoes": lambda: messages.UndoClaim(by=by),
        "declines": lambda: messages.Decline(by=by),
        "holds": lambda: messages.Hold(by=by, until=until),
        "releases": lambda: messages.Release(by=by),
        "promises": lambda: messages.PromiseToWrite(by=by, by_when=until),
        "writes": lambda: messages.Word(by=by),
        "breaks": lambda: messages.TakeBreak(by=by, until=until),
        "is back": lambda: messages.TakeBreak(by=by),
        "says why": lambda: messages.SayWhy(by=by, reason="Too far from what I know"),
        "proposes": lambda: messages.ProposeTimes(by=by, times=[until]),
        "accepts": lambda: messages.AcceptTime(by=by, proposal=number, time=times[0]),
        "wants another": lambda: messages.AnotherMentor(by=by),
        "keeps waiting": lambda: messages.KeepWaiting(by=by),
        "asks more": lambda: messages.AskMore(by=by),
        "asks coordinators": lambda: messages.AskCoordinator(by=by, text="Is anybody there?"),
        "cancels": lambda: messages.Cancel(by=by),
        "not done": lambda: messages.NotDoneYet(by=by),
        "tells": lambda: messages.GiveFeedback(by=by, happened=True),
        "pauses": lambda: messages.PauseSending(by=by, paused=True),
        "goes on": lambda: messages.PauseSending(by=by, paused=False),
        "takes": lambda: orders.Take(by=by, name="Casey Lin"),
        "hands back": lambda: orders.HandBack(by=by),
        "assigns": lambda: orders.Assign(by=by, name="Casey Lin", mentor=said.whom),
        "widens": lambda: orders.Widen(by=by),
        "nudges": lambda: orders.Nudge(by=by),
        "closes": lambda: orders.CloseRequest(by=by, reason="They found somebody"),
    }
    return made[said.what]()


# ---- where it happens -----------------------------------------------------------------------

QUIET = QuietHours(start=time(21), end=time(8), time_zone=where_it_is(13))


def mentors() -> list[Mentor]:
    """Three know everything asked for, two a part, one something else; two can't be asked."""
    both = ("Python", "SQL")
    return [
        mentor(SAM, *both, time_zone=where_it_is(10)),
        mentor(DANA, *both, time_zone=where_it_is(19)),
        mentor(KENJI, *both, time_zone=where_it_is(3)),
        mentor(PRIYA, "Python", time_zone=where_it_is(15)),
        mentor(ALEX, "SQL", time_zone=""),
        mentor(FRAN, "Knitting", time_zone=where_it_is(22)),
        mentor(NOOR, *both, time_zone=where_it_is(11)),
        mentor(OMAR, *both, time_zone=where_it_is(11), max_mentees=1, load=1),
    ]


def community() -> Community:
    """Alex's zone is Slack's to know; Noor and Riley are kept apart; Omar is full."""
    made = Community(mentors())
    made.zones = {ALEX: where_it_is(6)}
    made.never_pairs = {frozenset({NOOR, RILEY})}
    return made


def begin(setting: Setting) -> RequestStart:
    policy: EscalationPolicy = default_policy(
        wave_size=setting.wave_size, wave_spacing=timedelta(hours=2), quiet_hours=QUIET
    )
    named = next((one for one in mentors() if one.slack_id == setting.preferred), None)
    known = set(Person.model_fields)
    return request(
        mentee=MENTEE.model_copy(update={"time_zone": where_it_is(setting.mentees_hour)}),
        service=Service(name="Pair Programming", needs_session=setting.needs_session),
        skills=[Skill(name="Python"), Skill(name="SQL")],
        preferred_mentor=Person(**named.model_dump(include=known)) if named else None,
        policy=policy,
    )


class Town(Interceptor):
    """One worker for many requests, each with a community of its own."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._communities: dict[str, Community] = {}

    def settle(self, request_id: str, where: Community) -> None:
        self._communities[ids.workflow_id(request_id)] = where

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _AtHome(next, self._communities)


class _AtHome(ActivityInboundInterceptor):
    def __init__(
        self, following: ActivityInboundInterceptor, communities: dict[str, Community]
    ) -> None:
        super().__init__(following)
        self._communities = communities

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info = activity.info()
        input.fn = getattr(self._communities[info.workflow_id or ""], info.activity_type)
        return await super().execute_activity(input)


@asynccontextmanager
async def town(client: Client) -> AsyncIterator[Town]:
    place = Town(client)
    async with running_worker(client, Community([]), place):
        yield place


# ---- running --------------------------------------------------------------------------------


class Course:
    """One request on its way."""

    def __init__(self, client: Client, start: RequestStart, where: Community) -> None:
        self.running = RunningRequest(client, start, where)
        self.is_over = False
        self._requests = Requests(client)
        self.community = where
        self.elsewhere: list[tuple[datetime, Elsewhere]] = []
        self._holder = SAM
        self._proposal: ProposalView | None = None
        self._seen: WorkflowExecutionDescription | None = None

    async def take(self, step: Step) -> None:
        """One step; a request that is over takes none."""
        if self.is_over:
            return
        match step:
            case Silence(hours=hours):
                if not (await self.rest()).status.is_final:
                    await self.silence(timedelta(hours=hours))
            case Elsewhere(who=who, has_room=has_room):
                known = self.community.mentors[who]
                load = {"load": 0 if has_room else known.max_mentees}
                self.community.mentors[who] = known.model_copy(update=load)
                self.elsewhere.append((self.now, step))
            case Says() as said:
                await self._say(said)

    async def _say(self, said: Says) -> None:
        by = self._holder if said.who == HOLDER else said.who
        if said.what == "claims":
            self._holder = by
        elif said.what == "assigns":
            self._holder = said.whom
        decision = _decision(said, by, self.now, self._proposal)
        request_id = self.running.start.request_id
        try:
            if isinstance(decision, orders.Order):
                await self._requests.order(request_id, decision)
            else:
                await self._requests.decide(request_id, decision)
        except (RequestGoneError, OrderRefusedError):
            pass  # that is an answer, too

    async def goes_on(self) -> None:
        """Sending is not paused any more, also for a request whose last words waited for that."""
        await self._say(Says(CASEY, "goes on"))

    async def silence(self, length: timedelta) -> None:
        await self.running.pass_time(seconds=length.total_seconds())

    async def rest(self) -> RequestState:
        """The state once row and cards show it; while sending is paused, cards wait."""
        state, self._seen = await self._look()
        try:
            async with asyncio.timeout(REST_WITHIN):
                while not (_shown(state) and self._is_idle and not self._is_overdue(state)):
                    await asyncio.sleep(LOOK_AGAIN)
                    state, self._seen = await self._look()
        except TimeoutError:
            raise AssertionError(f"it does not come to rest: {state.timeline[-5:]}") from None
        self.is_over = state.status.is_final
        self._proposal = state.proposal
        self._holder = state.mentor_id or self._holder
        return state

    async def _look(self) -> tuple[RequestState, WorkflowExecutionDescription]:
        return await self.running.state(), await self.running.handle.describe()

    @property
    def now(self) -> datetime:
        """The request's own clock, when it was last at rest (UTC)."""
        if self._seen is None:
            return self.running.start.submitted_at
        more = self._seen.raw_description.workflow_extended_info
        if not more.HasField("time_skipping_info"):
            return datetime.now(UTC)
        return more.time_skipping_info.current_time.ToDatetime(UTC)

    @property
    def shown(self) -> dict[str, Any]:
        """What operators see of it: its search attributes, when it was last at rest."""
        pairs = self._seen.typed_search_attributes if self._seen else []
        return {pair.key.name: pair.value for pair in pairs}

    @property
    def _is_idle(self) -> bool:
        if self._seen is None or self._seen.status is not WorkflowExecutionStatus.RUNNING:
            return True
        raw = self._seen.raw_description
        return not raw.pending_activities and not raw.HasField("pending_workflow_task")

    def _is_overdue(self, state: RequestState) -> bool:
        """The server may come to the end of a silence before it wakes who was to be woken in it."""
        until = state.waiting_until
        return until is not None and not state.status.is_final and until < self.now


def _shown(state: RequestState) -> bool:
    painted = state.sending_paused or not state.unpainted
    return painted and not state.inbox and state.recorded == state.revision


@asynccontextmanager
async def on_course(place: Town, setting: Setting) -> AsyncIterator[Course]:
    """A request that has just been sent in; its history is looked through and replayed."""
    start, where = begin(setting), community()
    place.settle(start.request_id, where)
    await Requests(place.client).start(start)
    course = Course(place.client, start, where)
    try:
        yield course
        history = await course.running.history()
    finally:
        await course.running.end()
    failed = [one.workflow_task_failed_event_attributes for one in history.events]
    failed = [one for one in failed if one.failure.message and one.cause not in CAME_TOO_LATE]
    assert not failed, f"a workflow task failed: {failed[0].failure.message}"
    await replay(history)
