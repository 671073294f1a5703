"""What holds in every course of a request: looked at in Slack, in the row and in the state."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from cards.ids import Action
from domain import ladder, projected
from domain.budget import AT_WORST, ONCE_A_DAY, UNPROMPTED
from domain.models import Role, Status
from domain.state import RequestState
from domain.view import LIVING_CARDS, CardKind, RequestView
from tests.workflows.any_course import OMAR, QUIET, RILEY, Course
from tests.workflows.community import Community, Message

PINGS = frozenset(
    {
        CardKind.REMINDER,
        CardKind.UPDATE,
        CardKind.OPENED_WIDER,
        CardKind.RELEASED,
        CardKind.HOLD_DUE,
        CardKind.NUDGE,
        CardKind.CHECK_IN,
        CardKind.FEEDBACK,
        CardKind.FEEDBACK_REMINDER,
    }
)
"""What nobody asked for; asks are looked at apart, as one may be the answer to a claim."""

CONTROLS = {Action.UNDO_CLAIM, Action.EDIT_HELLO, Action.RELEASE}
ONLY_TO_READ = {Action.WHO_WAS_ASKED, Action.TIMELINE, Action.END_BREAK}
"""What may stand on a card when everything is over."""

GIVEN = ("claimed", "assigned")
GIVEN_BACK = ("claim undone", "released", "another mentor wished", "reassigned")
MOMENT = timedelta(seconds=5)
ON_ITS_WAY = timedelta(minutes=1)


# ---- as it stands now -----------------------------------------------------------------------


def check_now(state: RequestState, course: Course) -> None:
    """Once row and cards show the state."""
    community, view = course.community, projected.view(state, course.now)
    _is_accounted_for(state, view)
    _row_and_operators_see_the_same(state, course)
    if not state.sending_paused:
        _one_mentor_has_control(state, community)
        _cards_offer_what_is_possible(view, community)
        _only_who_may_claim_is_offered_it(state, view, community)


def _is_accounted_for(state: RequestState, view: RequestView) -> None:
    """Final, or with a deadline that is to come, or waiting for something that has a name."""
    if state.status.is_final:
        return
    assert state.waiting_for, "nobody knows what it waits for"
    if state.waiting_until:
        assert state.waiting_until > view.now - MOMENT, f"stuck since {state.waiting_until}"
        return
    stands_still = state.parked or state.contact.left_to_coordinators or state.sending_paused
    waits_for_pair = bool(state.claim and state.claim.introduced)
    assert stands_still or waits_for_pair, f"no deadline, waits for {state.waiting_for}"


def _row_and_operators_see_the_same(state: RequestState, course: Course) -> None:
    row = course.community.rows[state.request_id]
    assert row.status is state.status
    assigned = f"rec{state.mentor_id}" if state.mentor_id else ""
    assert row.mentor_assigned_record == assigned, "the row's mentor is the claim's"
    assert (state.claim is None) == (state.status is Status.OPEN) or state.status.is_final
    assert course.shown["MusterStatus"] == state.status.value
    assert course.shown.get("MusterMentor", "") == state.mentor_id
    if not state.status.is_final:
        assert course.shown.get("MusterNextDeadline") == state.waiting_until


def _one_mentor_has_control(state: RequestState, community: Community) -> None:
    in_control = {
        message.ref.to for message in community.messages.values() if CONTROLS & set(message.buttons)
    }
    assert in_control <= {state.mentor_id}, "control cards of whoever hasn't got it"


def _cards_offer_what_is_possible(view: RequestView, community: Community) -> None:
    """Each living card has the buttons that it would be drawn with now, unless time took one."""
    for message in community.messages.values():
        if message.ref.kind not in LIVING_CARDS:
            assert not message.buttons, "a word has no buttons"
            continue
        if _was_away(view, message.ref.to) and not _is_away(view, message.ref.to):
            continue  # it says "I'm back" until they are, or until something else happens
        now = message.as_of(view)
        stands, should = set(message.buttons), set(now.buttons)
        gone_by = {Action.HOLD, *(ONLY_TO_READ & stands)}
        assert stands ^ should <= gone_by, (
            f"{message.ref.key} offers {sorted(stands)}, but should {sorted(should)}"
        )
        assert _counts(message) == _counts(now), "the coordinators' card counts wrong"


def _counts(message: Message) -> str:
    """How many were asked and have declined, in the coordinators' words."""
    found = re.search(r"Asked: [^\\\"']*", str(message.card.blocks))
    return found[0] if found and message.ref.kind is CardKind.COORDINATORS else ""


def _only_who_may_claim_is_offered_it(
    state: RequestState, view: RequestView, community: Community
) -> None:
    for message in community.messages.values():
        if Action.CLAIM not in message.buttons:
            continue
        assert state.status is Status.OPEN, "a Claim on a request that is not open"
        if message.ref.kind is not CardKind.ASK:
            continue
        assert message.ref.to not in state.excluded, "a Claim for who had it before"
        if state.preferred_until and state.start.preferred_mentor:
            assert message.ref.to == state.start.preferred_mentor.slack_id
    if state.status is Status.OPEN:
        channel = community.of(CardKind.CHANNEL)[0]
        assert (Action.CLAIM in channel.buttons) == (not view.in_preferred_window)


# ---- the whole course -----------------------------------------------------------------------


def check_course(state: RequestState, course: Course) -> None:
    """When it has come to rest."""
    community = course.community
    _nobody_is_woken(community)
    _nothing_is_said_while_sending_is_paused(community)
    _only_who_may_be_is_asked(state, course)
    _each_step_was_taken_once_and_in_time(state)
    _one_owner_at_a_time(state)
    _budgets_are_kept(state, community)
    _words_are_said_once(state, community)


def _nobody_is_woken(community: Community) -> None:
    for message in community.messages.values():
        unasked = message.ref.kind in PINGS or _is_ask(message)
        if not unasked:
            continue
        zone = _zone(message, community)
        assert not QUIET.hold(message.at, zone), (
            f"{message.ref.kind.value} to {message.ref.to} at {message.at:%H:%M} UTC ({zone})"
        )


def _zone(message: Message, community: Community) -> str:
    to = message.ref.to
    if to == message.written.mentee.slack_id:
        return message.written.mentee.time_zone
    return community.mentors[to].time_zone or community.zones.get(to, "")


def _is_ask(message: Message) -> bool:
    """Rather than the control card of somebody who was not asked before."""
    claim = message.written.claim
    has_it = claim is not None and claim.mentor.slack_id == message.ref.to
    return message.ref.kind is CardKind.ASK and not has_it


def _nothing_is_said_while_sending_is_paused(community: Community) -> None:
    said = [m.ref.key for m in community.messages.values() if m.written.sending_paused]
    assert not said, f"written while all sending was paused: {said}"


def _only_who_may_be_is_asked(state: RequestState, course: Course) -> None:
    community = course.community
    for message in filter(_is_ask, community.messages.values()):
        to, then = message.ref.to, message.written
        assert to not in then.excluded, "asked again after they had it"
        assert not _is_away(then, to), "asked on a break"
        assert frozenset({to, RILEY}) not in community.never_pairs, "a never-pair was asked"
        assert to != RILEY
        assert not _is_full(to, message.at, course), f"{to} was asked and has no room"
        preferred = then.preferred.slack_id if then.preferred else ""
        assert not then.in_preferred_window or to == preferred
    asked = Counter(ask.mentor.slack_id for ask in state.asks)
    assert all(times == 1 for times in asked.values()), f"asked twice: {asked}"


def _is_full(who: str, at: datetime, course: Course) -> bool:
    """Whether their row said so, and not only since a moment ago: the ask may be on its way."""
    told = [(when, step.has_room) for when, step in course.elsewhere if step.who == who]
    if any(abs(at - when) < ON_ITS_WAY for when, _ in told):
        return False
    before = [has_room for when, has_room in told if when < at]
    return not before[-1] if before else who == OMAR


def _each_step_was_taken_once_and_in_time(state: RequestState) -> None:
    taken = state.progress.taken
    assert len(taken) == len(set(taken)), f"a step was taken twice: {taken}"
    due = {rung.step.label: rung.after for rung in reversed(ladder.rungs(state.start.policy))}
    for entry in state.timeline:
        if entry.what.startswith("step: "):
            after = due[entry.what.removeprefix("step: ")]
            waited = _open_until(entry.at, state)
            assert waited >= after - MOMENT, f"{entry.what} after {waited}, not {after}"


def _open_until(moment: datetime, state: RequestState) -> timedelta:
    """The ladder clock, counted anew from what happened."""
    since: datetime | None = state.timeline[0].at
    total = timedelta(0)
    for entry in state.timeline:
        if entry.at > moment:
            break
        if entry.what in GIVEN and since is not None:
            total, since = total + (entry.at - since), None
        elif entry.what.startswith(GIVEN_BACK) and since is None:
            since = entry.at
    return total + (moment - since if since else timedelta(0))


def _one_owner_at_a_time(state: RequestState) -> None:
    somebody_has_it = False
    for entry in state.timeline:
        if entry.what in GIVEN:
            assert not somebody_has_it, f"given to {entry.by} while another had it"
            somebody_has_it = True
        elif entry.what.startswith(GIVEN_BACK):
            assert somebody_has_it, f"{entry.what}, but nobody had it"
            somebody_has_it = False
    if not state.status.is_final:
        assert somebody_has_it == (state.claim is not None)


def _budgets_are_kept(state: RequestState, community: Community) -> None:
    had: Counter[str] = Counter()
    for message in community.messages.values():
        kind, to = message.ref.kind, message.ref.to
        if kind in (CardKind.INTRODUCTION, CardKind.PROPOSAL, CardKind.WITHDRAWN):
            had.update({RILEY, to})
        elif to and kind is not CardKind.PASSED_ON:
            had[to] += 1
    assert had[RILEY] <= AT_WORST[Role.MENTEE], f"{had[RILEY]} messages to the mentee"
    claimed = {entry.by for entry in state.timeline if entry.what in GIVEN} | set(state.excluded)
    held = {message.ref.to for message in community.of(CardKind.HOLD_DUE)}
    for who, number in had.items() - {(RILEY, had[RILEY])}:
        if who in claimed or who == state.mentor_id:
            assert number <= AT_WORST[Role.MENTOR], f"{number} messages to {who}"
        else:
            assert number <= 2 + (who in held), f"{number} messages to {who}, who was only asked"
    unasked = sorted(m.at for m in community.messages.values() if _is_unprompted(m))
    too_soon = [b for a, b in pairwise(unasked) if b - a < ONCE_A_DAY - MOMENT]
    assert not too_soon, f"two unprompted messages to the mentee within a day: {unasked}"


def _is_unprompted(message: Message) -> bool:
    return message.ref.to == RILEY and message.ref.kind in UNPROMPTED


def _words_are_said_once(state: RequestState, community: Community) -> None:
    assert not community.twice, f"two messages where one should be: {community.twice}"
    told = Counter((message.ref.kind, message.ref.to) for message in community.messages.values())
    for kind in (CardKind.COORDINATORS, CardKind.CHANNEL, CardKind.RECEIVED, CardKind.BUMP):
        assert sum(number for (k, _), number in told.items() if k is kind) <= 1, kind
    for who in {message.ref.to for message in community.of(CardKind.REMINDER)}:
        assert told[CardKind.REMINDER, who] == 1, f"{who} was reminded more than once"
    assert len(community.of(CardKind.UPDATE)) <= 1
    assert len(community.of(CardKind.OWNER_WARNED)) <= 1
    assert len(community.of(CardKind.OWNER_CALLED)) <= len(state.waits)
    assert len(community.of(CardKind.RELEASED)) <= len(state.excluded)


# ---- at the end -----------------------------------------------------------------------------


def check_rest(state: RequestState, community: Community) -> None:
    """Left alone, a request ends, or lies with somebody by name."""
    if state.status.is_final:
        return
    if state.status is Status.OPEN:
        assert state.parked, f"left alone in step {state.step_label()}"
    else:
        assert state.status is Status.CLAIMED, f"left alone as {state.status.value}"
        assert state.contact.left_to_coordinators
    assert state.owner, "nobody by name looks after it"
    assert len(community.of(CardKind.COORDINATORS)) == 1, "coordinators don't see it"


def check_end(state: RequestState, community: Community) -> None:
    """It is over: the row says so, and no card asks anything of anybody."""
    assert state.status.is_final
    assert state.outcome is not None
    assert community.rows[state.request_id].outcome is state.outcome
    for message in community.messages.values():
        left = set(message.buttons) - ONLY_TO_READ
        assert not left, f"{message.ref.key} still offers {sorted(left)}"


def _was_away(view: RequestView, mentor: str) -> bool:
    return mentor in view.on_break


def _is_away(view: RequestView, mentor: str) -> bool:
    """On a break that is not over; without an end it lasts until they come back."""
    until = view.on_break.get(mentor)
    return mentor in view.on_break and (until is None or until > view.now)
