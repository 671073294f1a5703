"""The worker dies while mentors are being asked: everybody is asked, and nobody twice."""

from __future__ import annotations

from collections import Counter

from domain.messages import Claim
from domain.models import Status
from domain.view import CardKind
from tests.crash.installation import Installation, card_metadata, mentors_for, request, until

SKILL = "Docker"
"""None of those who know it has a weekly cap of less than three."""


async def test_after_a_kill_in_a_wave_every_mentor_has_one_card(muster: Installation) -> None:
    """Three requests are in their wave when it happens, each at another point of one ask."""
    mentors = mentors_for(SKILL)
    lost, unknown, unanswered = requests = [request(SKILL) for _ in range(3)]
    fourth = [card_metadata(one, CardKind.ASK, mentors[3]) for one in requests]
    never_arrives = muster.slack.hold("chat.postMessage", metadata=fourth[0])
    done_unknown = muster.slack.hold("chat.postMessage", metadata=fourth[1])
    answer_lost = muster.slack.lose_answer("chat.postMessage", metadata=fourth[2])

    worker = await muster.start_worker()
    await muster.send_in(lost, unknown)
    await never_arrives.arrives()
    await done_unknown.arrives()
    await muster.send_in(unanswered)
    await answer_lost.arrives()
    await worker.kill()
    await done_unknown.is_done()
    assert mentors[3] not in await muster.asked(lost)
    assert (await muster.asked(unknown))[mentors[3]] == 1, "it stands, and no worker knows"

    await muster.start_worker()
    for one in requests:
        await muster.row(one, Mentors_Asked=len(mentors))
        assert await muster.asked(one) == Counter(mentors)
        assert not await muster.has_two(one)
        # the third goes on in the order of who was not asked for longest
        assert sorted(ask.mentor.slack_id for ask in (await muster.state(one)).asks) == mentors


async def test_a_claim_that_comes_in_while_the_worker_is_dead_leaves_no_live_card(
    muster: Installation,
) -> None:
    """Three mentors have their card, of the fourth nobody knows, the others were not reached."""
    one, mentors = request(SKILL), mentors_for(SKILL)
    fourth = card_metadata(one, CardKind.ASK, mentors[3])
    held = muster.slack.hold("chat.postMessage", metadata=fourth)
    worker = await muster.start_worker()
    await muster.send_in(one)
    await held.arrives()
    await worker.kill()
    await held.is_done()
    await muster.decide(one, Claim(by=mentors[1]))

    await muster.start_worker()
    await muster.row(one, Status=Status.CLAIMED.value, Mentors_Asked=4)

    async def nobody_can_claim() -> bool:
        return not await muster.can_be_claimed(one)

    await until("no card can be claimed", nobody_can_claim)
    assert await muster.asked(one) == Counter(mentors[:4])
    assert not await muster.has_two(one)
