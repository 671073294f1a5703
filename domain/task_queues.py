"""Task queues, one a kind of work: each is served by one process with its own limits."""

from __future__ import annotations

from enum import StrEnum


class WorkerRole(StrEnum):
    """What a worker process serves; ``ALL`` serves every queue in one process."""

    WORKFLOWS = "workflows"
    SLACK = "slack"
    AIRTABLE = "airtable"
    ALL = "all"


WORKFLOWS = "muster-workflows"
SLACK = "muster-slack"
AIRTABLE = "muster-airtable"
