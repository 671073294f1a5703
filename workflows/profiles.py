"""Timeouts and retry policies: one profile for each way in which a call may fail.

Activities raise typed errors that say themselves when to come back (``next_retry_delay``) or that
there is no use in it (non-retryable); the policies here are the rest.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

from temporalio.common import Priority, RetryPolicy
from temporalio.workflow import ActivityCancellationType

from domain import task_queues


class Profile(TypedDict, total=False):
    """What ``workflow.start_activity_method`` takes besides activity and input."""

    task_queue: str
    start_to_close_timeout: timedelta
    schedule_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy
    cancellation_type: ActivityCancellationType


_PATIENT = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(hours=1),
)
"""For what must happen in the end: through an outage it is tried once an hour."""

_COSMETIC = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3)

_NOTICED = timedelta(seconds=10)
"""After so long without a heartbeat a worker counts as dead and its work goes to another.

Heartbeats come every second. Less than ``clients.slack.TIMEOUT`` would risk that a message on its
way from the dead worker arrives after the next attempt has looked for it.
"""

URGENT = Priority(priority_key=1)
"""The answer to somebody's click."""
ORDINARY = Priority(priority_key=3)
CROWD = Priority(priority_key=5)
"""What goes to many: it lets everything else pass."""

POST: Profile = {
    "task_queue": task_queues.SLACK,
    "start_to_close_timeout": timedelta(minutes=15),
    "heartbeat_timeout": _NOTICED,
    "retry_policy": _PATIENT,
    "cancellation_type": ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}
"""Messages. Heartbeats carry who has theirs; a cancelled wave answers with those it reached."""

PAINT: Profile = {**POST, "schedule_to_close_timeout": timedelta(days=1)}
"""Edits of cards: worth a day of trying, then the card stays as it is."""

TELL: Profile = {
    "task_queue": task_queues.SLACK,
    "start_to_close_timeout": timedelta(minutes=1),
    "heartbeat_timeout": _NOTICED,
    "schedule_to_close_timeout": timedelta(minutes=5),
    "retry_policy": _COSMETIC,
}
"""Private words to somebody who clicked: too late is as good as never."""

OPEN_GROUP: Profile = {
    "task_queue": task_queues.SLACK,
    "start_to_close_timeout": timedelta(minutes=1),
    "heartbeat_timeout": _NOTICED,
    "retry_policy": _PATIENT,
}

FIND: Profile = {
    "task_queue": task_queues.AIRTABLE,
    "start_to_close_timeout": timedelta(minutes=2),
    "heartbeat_timeout": _NOTICED,
    "retry_policy": _PATIENT,
}
"""Reads of the roster for a wave."""

CHECK: Profile = {
    "task_queue": task_queues.AIRTABLE,
    "start_to_close_timeout": timedelta(seconds=8),
    "schedule_to_close_timeout": timedelta(seconds=20),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=4),
}
"""Is the person who claims a mentor with room? Somebody waits for the answer."""

LOOK_UP: Profile = {
    "task_queue": task_queues.SLACK,
    "start_to_close_timeout": timedelta(minutes=1),
    "heartbeat_timeout": _NOTICED,
    "schedule_to_close_timeout": timedelta(minutes=10),
    "retry_policy": _PATIENT,
}
"""Who somebody is in Slack: good to know, and it goes on without."""

LOOK_AROUND: Profile = {
    "task_queue": task_queues.AIRTABLE,
    "start_to_close_timeout": timedelta(seconds=30),
    "schedule_to_close_timeout": timedelta(minutes=10),
    "heartbeat_timeout": _NOTICED,
    "retry_policy": _PATIENT,
}
"""How a mentor's requests run, and what the roster says of them."""

PASS_ON: Profile = {
    "task_queue": task_queues.AIRTABLE,
    "start_to_close_timeout": timedelta(minutes=30),
    "schedule_to_close_timeout": timedelta(days=2),
    "heartbeat_timeout": _NOTICED,
    "retry_policy": _PATIENT,
}
"""A day's sightings."""

WRITE_WORD: Profile = {
    "task_queue": task_queues.SLACK,
    "start_to_close_timeout": timedelta(minutes=2),
    "heartbeat_timeout": _NOTICED,
    "schedule_to_close_timeout": timedelta(hours=12),
    "retry_policy": _PATIENT,
}
"""A question to a mentor outside any request: it can wait."""

ASK_SWITCH: Profile = {
    "start_to_close_timeout": timedelta(minutes=1),
    "schedule_to_close_timeout": timedelta(hours=12),
    "retry_policy": _PATIENT,
}

PAUSE: Profile = {
    "task_queue": task_queues.AIRTABLE,
    "start_to_close_timeout": timedelta(minutes=1),
    "heartbeat_timeout": _NOTICED,
    "retry_policy": _PATIENT,
}
"""A break that was wished in a request's conversation, for the mentor's own workflow."""

RECORD: Profile = {
    "task_queue": task_queues.AIRTABLE,
    "start_to_close_timeout": timedelta(minutes=2),
    "heartbeat_timeout": _NOTICED,
    "retry_policy": _PATIENT,
    "cancellation_type": ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}
"""Writes of the row: for ever, if need be; a newer snapshot takes the place of a waiting one."""
