"""The worker dies while it writes to Airtable: one row a request, and it catches up."""

from __future__ import annotations

from functools import partial

from domain.messages import Claim, Decline
from domain.models import RequestStart, Status
from sandbox.airtable import bases
from tests.crash.installation import Installation, mentor_row, mentors_for, request, until

UPSERT = "PATCH records (upsert)"
TABLE = bases.MENTOR_REQUEST.name
SKILL = "CSS"
WINNER, OTHER, DECLINER, *_ = mentors_for(SKILL)
ASKED = len(mentors_for(SKILL))


async def test_after_a_kill_while_rows_are_written_each_request_has_one_row_that_is_right(
    muster: Installation,
) -> None:
    """One write was done without the worker's knowing, of another only the answer was lost."""
    unknown, unanswered = request(SKILL), request(SKILL)
    worker = await muster.start_worker()
    await muster.send_in(unanswered)
    await muster.row(unanswered, Mentors_Asked=ASKED)

    held = muster.airtable.hold(UPSERT, table=TABLE, keys=[unknown.request_id])
    await muster.send_in(unknown)
    await held.arrives()
    await until(
        "only its row is still to be written", lambda: only_the_row_is_left(muster, unknown)
    )
    lost = muster.airtable.lose_answer(UPSERT, table=TABLE, keys=[unanswered.request_id])
    await muster.decide(unanswered, Decline(by=DECLINER))
    await lost.arrives()
    await worker.kill()
    await held.is_done()
    before = await muster.row(unknown)
    assert before["Mentors Asked"] == 0, "the write that landed was an old one"

    await muster.decide(unknown, Claim(by=WINNER))
    await muster.decide(unanswered, Claim(by=OTHER))
    await muster.start_worker()
    for one, winner, declines in ((unknown, WINNER, 0), (unanswered, OTHER, 1)):
        await muster.row(one, Status=Status.CLAIMED.value)
        await until("nothing is left to be written", partial(is_written, muster, one))
        row = await muster.row(one, Status=Status.CLAIMED.value)
        assert row["Mentor Assigned"] == [mentor_row(winner)]
        assert (row["Mentors Asked"], row["Declines"]) == (ASKED, declines)


async def only_the_row_is_left(muster: Installation, one: RequestStart) -> bool:
    asked = sum((await muster.asked(one)).values()) == ASKED
    return asked and await muster.under_way(one) == ["record"]


async def is_written(muster: Installation, one: RequestStart) -> bool:
    state = await muster.state(one)
    return state.recorded == state.revision
