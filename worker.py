"""The worker: runs workflows, and the activities of one or all task queues.

``python worker.py`` serves what WORKER_ROLE says: workflows, slack, airtable, or all. The Slack and
Airtable queues are each to be served by one process only: it holds the limiters.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

import settings
from activities.airtable import AirtableActivities, Bases
from activities.mentor_words import MentorWordActivities
from activities.mentors import MentorActivities
from activities.people import PeopleActivities
from activities.program import ProgramActivities
from activities.sightings import SightingActivities
from activities.slack import Channels, SlackActivities
from clients import switchboard, temporal
from clients.airtable import Airtable
from clients.mentees import Mentees
from clients.mentors import Mentors
from clients.schedules import Schedules
from clients.slack import Slack, open_client
from clients.workload import Workload
from domain import ids, task_queues
from domain.policy import EscalationPolicy
from domain.roll_up import RollUpPlan
from domain.task_queues import WorkerRole
from records.catalog import Catalog
from records.mentor_rows import MentorRows
from records.roster import Roster
from records.writer import Writer
from workflows.daily_roll_up import DailyRollUp
from workflows.mentor_availability import MentorAvailability
from workflows.mentorship_request import MentorshipRequest
from workflows.sightings import Sightings
from workflows.switchboard import Switchboard

WORKFLOWS = [MentorshipRequest, MentorAvailability, Sightings, Switchboard, DailyRollUp]

HEARTBEAT_THROTTLE = timedelta(seconds=1)
"""So long at most until a cancelled wave hears of it (FACTS: with the default it took over 8 s)."""

STICKY_TIMEOUT = timedelta(seconds=3)
"""So long a click waits at most for a worker that has died, before another decides it."""

SET_UP_AGAIN = timedelta(seconds=30)

logger = logging.getLogger("muster.worker")


@dataclass(frozen=True)
class Parts:
    """What activities need from outside."""

    slack: tuple[SlackActivities, MentorWordActivities, PeopleActivities] | None = None
    airtable: tuple[AirtableActivities, MentorActivities, SightingActivities] | None = None


def build_worker(
    client: Client,
    role: WorkerRole = WorkerRole.ALL,
    parts: Parts = Parts(),
    *,
    graceful_shutdown: timedelta = timedelta(seconds=10),
) -> Sequence[Worker]:
    """The workers that one process of this role runs, not started yet.

    They stop in the opposite order, as each kind of work needs the kinds before it: a wave that
    comes to its end asks mentors' workflows, and one of those that is new looks at the roster.

    Raises:
        ValueError: the role needs activities that ``parts`` lacks.
    """
    workers = []
    if role in (WorkerRole.WORKFLOWS, WorkerRole.ALL):
        workers.append(
            Worker(
                client,
                task_queue=task_queues.WORKFLOWS,
                workflows=WORKFLOWS,
                activities=ProgramActivities(client).all(),
                max_heartbeat_throttle_interval=HEARTBEAT_THROTTLE,
                default_heartbeat_throttle_interval=HEARTBEAT_THROTTLE,
                sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
                graceful_shutdown_timeout=graceful_shutdown,
            )
        )
    for served, queue, activities in (
        (WorkerRole.AIRTABLE, task_queues.AIRTABLE, parts.airtable),
        (WorkerRole.SLACK, task_queues.SLACK, parts.slack),
    ):
        if role not in (served, WorkerRole.ALL):
            continue
        if activities is None:
            raise ValueError(f"a worker of role {role.value} needs the {served.value} activities")
        workers.append(
            Worker(
                client,
                task_queue=queue,
                activities=[one for kind in activities for one in kind.all()],
                max_heartbeat_throttle_interval=HEARTBEAT_THROTTLE,
                default_heartbeat_throttle_interval=HEARTBEAT_THROTTLE,
                graceful_shutdown_timeout=graceful_shutdown,
            )
        )
    return workers


async def run_until(workers: Sequence[Worker], stop: asyncio.Event) -> None:
    """Run workers side by side until ``stop`` is set or one of them fails.

    The last of them stops first, and what is planned meanwhile waits for the next process.
    """
    async with AsyncExitStack() as stack:
        for worker in workers:
            await stack.enter_async_context(worker)
        await stop.wait()


@asynccontextmanager
async def open_parts(role: WorkerRole, client: Client) -> AsyncIterator[Parts]:
    """The real parts, as the settings say; only those that the role needs are configured."""
    if role is WorkerRole.WORKFLOWS:
        yield Parts()
        return
    async with AsyncExitStack() as stack:
        config = settings.read(settings.AirtableSettings)
        airtable = Airtable(config.token.get_secret_value(), endpoint_url=config.endpoint_url)
        stack.push_async_callback(airtable.close)
        catalog = Catalog(airtable, config.base_id, private_base_id=config.private_base_id)
        yield Parts(
            slack=None
            if role is WorkerRole.AIRTABLE
            else await _open_slack(stack, client, catalog),
            airtable=None
            if role is WorkerRole.SLACK
            else _open_airtable(stack, client, airtable, catalog),
        )


def _open_airtable(
    stack: AsyncExitStack, client: Client, airtable: Airtable, catalog: Catalog
) -> tuple[AirtableActivities, MentorActivities, SightingActivities]:
    config = settings.read(settings.AirtableSettings)
    operators = settings.read(settings.OperatorSettings)
    quiet_hours = _policy().quiet_hours
    writer, mentors = Writer(airtable), Mentors(client)
    stack.push_async_callback(writer.close)
    roster = Roster(catalog, mentors)
    requests = AirtableActivities(
        roster,
        writer,
        Bases(main=config.base_id, private=config.private_base_id),
        workflow_link=lambda request_id: operators.workflow_link(
            client.namespace, ids.workflow_id(request_id)
        ),
    )
    one_by_one = MentorActivities(
        mentors,
        Workload(client),
        roster,
        MentorRows(catalog, writer, config.base_id),
        settings.read(settings.MentorSettings).rules(quiet_hours),
    )
    sightings = SightingActivities(mentors, Mentees(client), catalog, writer, config.base_id)
    return requests, one_by_one, sightings


def _policy() -> EscalationPolicy:
    """Ends the process, with a line for each problem, when it breaks a rule."""
    try:
        return settings.read(settings.PolicySettings).policy()
    except ValueError as error:
        sys.exit(str(error))


async def _open_slack(
    stack: AsyncExitStack, client: Client, catalog: Catalog
) -> tuple[SlackActivities, MentorWordActivities, PeopleActivities]:
    config = settings.read(settings.SlackSettings)
    links = settings.read(settings.LinkSettings).links()
    token = config.bot_token.get_secret_value()
    web = await stack.enter_async_context(open_client(token, config.base_url))
    channels = Channels(mentors=config.mentors_channel, coordinators=config.coordinators_channel)
    catalog.message_texts_known_now()  # begins to read them: the first message has them, too
    slack = Slack(web, pace=config.pace)
    return (
        SlackActivities(
            slack, channels, links, Mentors(client), texts=catalog.message_texts_known_now
        ),
        MentorWordActivities(slack, texts=catalog.message_texts_known_now),
        PeopleActivities(slack, channels.coordinators),
    )


async def set_up_programme(client: Client, plan: RollUpPlan) -> None:
    """Have the sending switch and the daily roll-up in place; requests don't wait for that."""
    while True:
        try:
            await switchboard.Switchboard(client).ensure()
            await Schedules(client).ensure(plan)
        except RPCError as error:
            logger.warning(
                "The sending switch and the daily roll-up can't be set up: Temporal says %s. "
                "Trying again in %.0f s.",
                error.status.name,
                SET_UP_AGAIN.total_seconds(),
            )
            await asyncio.sleep(SET_UP_AGAIN.total_seconds())
        except Exception:
            logger.exception("No daily roll-up can be set up; requests go on without it")
            return
        else:
            return


@asynccontextmanager
async def _beside(client: Client, role: WorkerRole, plan: RollUpPlan) -> AsyncIterator[None]:
    """Whoever serves workflows also sets up the programme."""
    if role not in (WorkerRole.WORKFLOWS, WorkerRole.ALL):
        yield
        return
    setting_up = asyncio.create_task(set_up_programme(client, plan))
    try:
        yield
    finally:
        setting_up.cancel()


async def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    config = settings.read(settings.WorkerSettings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    plan = settings.read(settings.CoordinatorSettings).roll_up()
    client = await temporal.connect()
    async with open_parts(config.role, client) as parts:
        workers = build_worker(
            client,
            config.role,
            parts,
            graceful_shutdown=timedelta(seconds=config.graceful_shutdown_seconds),
        )
        logger.info("Serving %s", ", ".join(worker.task_queue for worker in workers))
        async with _beside(client, config.role, plan):
            await run_until(workers, stop)
    logger.info("Stopped")


if __name__ == "__main__":
    asyncio.run(main())
