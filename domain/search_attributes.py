"""What operators can search for. Slack ids are the only trace of people in here (DESIGN §7).

Limits per namespace on SQL visibility: 10 Keyword, 3 each of the other types (FACTS).
"""

from __future__ import annotations

from temporalio.common import SearchAttributeKey

STATUS = SearchAttributeKey.for_keyword("MusterStatus")
STEP = SearchAttributeKey.for_keyword("MusterStep")
SERVICE = SearchAttributeKey.for_keyword("MusterService")
MENTEE = SearchAttributeKey.for_keyword("MusterMentee")
MENTOR = SearchAttributeKey.for_keyword("MusterMentor")
"""Of a request: who has it. Of a mentor's own workflow: who it is."""
WAITING_FOR = SearchAttributeKey.for_keyword("MusterWaitingFor")
OWNER = SearchAttributeKey.for_keyword("MusterOwner")
GROUP = SearchAttributeKey.for_keyword("MusterGroup")
"""The group DM of the pair: how a message in it finds its request."""
SKILLS = SearchAttributeKey.for_keyword_list("MusterSkills")
LOAD = SearchAttributeKey.for_int("MusterLoad")
"""A mentor's mentees right now."""
BREACHED = SearchAttributeKey.for_bool("MusterBreached")
NEXT_DEADLINE = SearchAttributeKey.for_datetime("MusterNextDeadline")
RESPOND_BY = SearchAttributeKey.for_datetime("MusterRespondBy")
"""When the mentee's present wait is over the promised time; unset once they have a mentor."""

ALL = (
    STATUS,
    STEP,
    SERVICE,
    MENTEE,
    MENTOR,
    WAITING_FOR,
    OWNER,
    GROUP,
    SKILLS,
    LOAD,
    BREACHED,
    NEXT_DEADLINE,
    RESPOND_BY,
)
