"""Runs one request in a community in memory, on the real server, with a clock that can be moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper
from temporalio.worker import Interceptor, Replayer, Worker

from clients.requests import Requests
from domain import ids, task_queues
from domain.base import Decision
from domain.models import Level, Mentor, Outcome, Person, RequestStart, Service, Skill, Status
from domain.orders import Answered, Order
from domain.policy import EscalationPolicy, StepKind
from domain.policy_file import load_policy
from domain.quiet import QuietHours
from domain.state import RequestState
from domain.view import RequestView
from settings import PolicySettings
from tests.temporal import end
from tests.workflows.community import Community
from workflows.mentor_availability import MentorAvailability
from workflows.mentorship_request import MentorshipRequest

SECONDS_TO_SKIP = 60
"""A test that hangs while time passes fails; real skips take about one second a timer."""

MENTEE = Person(slack_id="U0RILEY", name="Riley Santos", time_zone="America/Chicago")
SAM, DANA, KENJI, PRIYA = "U0SAM", "U0DANA", "U0KENJI", "U0PRIYA"


def mentor(slack_id: str, *skills: str, **changes: Any) -> Mentor:
    """A mentor with room for two who offers pair programming."""
    details: dict[str, Any] = {
        "slack_id": slack_id,
        "name": slack_id.removeprefix("U0").title(),
        "time_zone": "America/New_York",
        "record_id": f"rec{slack_id}",
        "skills": list(skills or ("Python",)),
        "services": ["Pair Programming", "General Guidance – Slack Chat"],
        "max_mentees": 2,
    }
    return Mentor(**{**details, **changes})


def four_mentors() -> list[Mentor]:
    return [mentor(one) for one in (SAM, DANA, KENJI, PRIYA)]


def default_policy(
    *,
    wave_size: int | None = None,
    wave_spacing: timedelta | None = None,
    quiet_hours: QuietHours | None = None,
    **changes: Any,
) -> EscalationPolicy:
    """The policy that ships, without quiet hours: a test's own clock may stand at night."""
    policy = load_policy(PolicySettings().escalation_policy)
    waves = {"size": wave_size, "spacing": wave_spacing}
    changed = {name: value for name, value in waves.items() if value is not None}
    steps = [
        step.model_copy(update=changed) if step.do is StepKind.WAVE else step
        for step in policy.steps
    ]
    return policy.model_copy(update={"steps": steps, "quiet_hours": quiet_hours, **changes})


def with_step(policy: EscalationPolicy, kind: StepKind, **changes: Any) -> EscalationPolicy:
    """The policy with its steps of one kind changed."""
    steps = [step.model_copy(update=changes) if step.do is kind else step for step in policy.steps]
    return policy.model_copy(update={"steps": steps})


ASLEEP, AWAKE = "UTC", "Etc/GMT+12"
"""Two time zones, half a day apart, for ``night``."""


def night(*, ends_in: timedelta) -> QuietHours:
    """Quiet hours that began an hour ago for who is ASLEEP; who is AWAKE is so for hours yet."""
    now = datetime.now(UTC)
    return QuietHours(start=(now - timedelta(hours=1)).time(), end=(now + ends_in).time())


def where_it_is(hour: int) -> str:
    """A time zone in which it is this hour of the day just now."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"  # POSIX: the sign is the other way round


def quiet_by_the_hour(time_zone: str) -> QuietHours:
    """Quiet hours that begin and end whole hours from now, as ``where_it_is`` reckons."""
    minute = datetime.now(UTC).minute
    return QuietHours(start=time(21, minute), end=time(8, minute), time_zone=time_zone)


def request(**changes: Any) -> RequestStart:
    """What Riley asks for, unless the test says otherwise."""
    details: dict[str, Any] = {
        "request_id": ids.request_id_for(uuid4().hex, MENTEE.slack_id),
        "submitted_at": datetime.now(UTC),
        "mentee": MENTEE,
        "email": "riley@example.org",
        "service": Service(name="Pair Programming", needs_session=True, record_id="recPair"),
        "goal": "Get my first Flask app to run",
        "details": "It starts, then says the port is taken.",
        "skills": [Skill(name="Python", record_id="recPython")],
        "level": Level.BEGINNER,
        "policy": default_policy(),
    }
    return RequestStart(**{**details, **changes})


class RunningRequest:
    """One request under way, and the hands that move it."""

    def __init__(self, client: Client, start: RequestStart, community: Community) -> None:
        self.start = start
        self.community = community
        self._requests = Requests(client)
        self._skipper = TimeSkipper(client)
        self.handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(
            ids.workflow_id(start.request_id), result_type=Outcome
        )

    async def decide(self, *decisions: Decision) -> None:
        for decision in decisions:
            await self._requests.decide(self.start.request_id, decision)

    async def order(self, order: Order) -> Answered:
        """A coordinator's order, and what became of it. Raises: WorkflowUpdateFailedError."""
        answered: Answered = await self.handle.execute_update(
            order.signal, order, result_type=Answered
        )
        return answered

    async def pass_time(self, **duration: float) -> None:
        """Let this request's clock run ahead: ``hours=8``, ``days=7``."""
        async with asyncio.timeout(SECONDS_TO_SKIP):
            await self._skipper.fast_forward(self.handle, timedelta(**duration))

    async def state(self) -> RequestState:
        return await self.handle.query(MentorshipRequest.whole_state)

    async def until(self, fits: Callable[[RequestState], bool]) -> None:
        """Wait until the request remembers this."""
        async with asyncio.timeout(60):
            while not fits(await self.state()):
                await asyncio.sleep(0.05)

    async def view(self) -> RequestView:
        return await self._requests.view(self.start.request_id)

    async def reaches(self, status: Status) -> None:
        """Wait until the row says so."""
        row = self.community.rows.get
        request_id = self.start.request_id
        await self.community.until(
            lambda: (found := row(request_id)) is not None and found.status is status
        )

    async def outcome(self) -> Outcome:
        outcome: Outcome = await self.handle.result()
        return outcome

    async def end(self) -> None:
        """Leave nothing behind that the next test's worker would pick up."""
        await end(self.handle)

    async def history(self) -> WorkflowHistory:
        return await self.handle.fetch_history()


@asynccontextmanager
async def running_worker(
    client: Client,
    community: Community,
    *interceptors: Interceptor,
    workflows: Sequence[type] = (),
    more: Sequence[Callable[..., Any]] = (),
) -> AsyncIterator[None]:
    """Workers for every queue, with the community's activities.

    ``workflows`` and ``more`` (activities) are served beside requests.
    """
    async with (
        Worker(
            client,
            task_queue=task_queues.WORKFLOWS,
            workflows=[MentorshipRequest, *workflows],
            activities=more,
        ),
        _activity_worker(client, task_queues.SLACK, community, interceptors),
        _activity_worker(client, task_queues.AIRTABLE, community, interceptors),
    ):
        yield


def _activity_worker(
    client: Client, queue: str, community: Community, interceptors: Sequence[Interceptor]
) -> Worker:
    return Worker(
        client,
        task_queue=queue,
        activities=community.activities,
        interceptors=interceptors,
        max_heartbeat_throttle_interval=timedelta(seconds=1),
        default_heartbeat_throttle_interval=timedelta(seconds=1),
    )


@asynccontextmanager
async def asking(
    client: Client, start: RequestStart, community: Community
) -> AsyncIterator[RunningRequest]:
    """A request that has just been sent in; its history is replayed at the end."""
    async with running_worker(client, community):
        await Requests(client).start(start)
        running = RunningRequest(client, start, community)
        try:
            yield running
            history = await running.history()
        finally:
            await running.end()
    await replay(history)


async def replay(history: WorkflowHistory) -> None:
    """Raises: when today's code would take another way through this history."""
    replayer = Replayer(
        workflows=[MentorshipRequest, MentorAvailability],
        data_converter=pydantic_data_converter,
        debug_mode=True,  # else a machine that is busy for two seconds fails it
    )
    await replayer.replay_workflow(history)
