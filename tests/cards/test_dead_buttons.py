"""No card has a dead button: what it offers is what the workflow takes as the request stands.

``takes`` says it from the rules (who may decide what, and when), not from the cards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cards.ids import Action
from domain.models import Role, Status
from domain.view import CardKind, RequestView
from tests.cards.card_sketch import buttons
from tests.cards.card_stories import (
    DANA,
    LIVING,
    READERS,
    SAM,
    SAMS_GROUP,
    STATES,
    SUBMITTED,
    claim,
    draw,
)
from tests.cards.snapshots_on_disk import check, told

HELD_BY_THE_PAIR = (CardKind.INTRODUCTION, CardKind.PROPOSAL, CardKind.SESSION_SET)
WRITING = (Action.WRITE_TODAY, Action.WRITE_WEEKEND, Action.WRITE_PICK)
NOT_ON_MESSAGES = {
    Action.OPEN_REQUEST,
    Action.PAUSE_SENDING,
    Action.RESUME_SENDING,
    Action.FIND_MENTOR,
    Action.FIND_SKILL,
    Action.FIND_TIME_ZONE,
    Action.BECOME_MENTOR,
    Action.EDIT_PROFILE,
}
"""In App Home and in forms only."""
OUTSIDE_REQUESTS = {
    Action.COME_BACK,
    Action.NOT_NOW,
    Action.NEVER_ASK_AGAIN,
    Action.STILL_HERE,
}
"""On what Muster asks a mentor (``cards.mentor_words``), and in App Home."""
OF_EARLIER_RELEASES = {Action.TAKE_BREAK}


def takes(action: Action, view: RequestView, kind: CardKind, to: str, number: int) -> bool:  # noqa: PLR0911, PLR0912
    """Whether the request, as it stands, would do what reader ``to`` asks for with this button."""
    searching = view.status is Status.OPEN and view.claim is None
    undoable = view.status is Status.CLAIMED and view.claim and not view.claim.introduced
    together = view.claim is not None and view.claim.introduced
    arranging = together and view.status in (Status.CLAIMED, Status.SCHEDULED)
    mentor = view.claim.mentor.slack_id if view.claim else ""
    present = bool(mentor) and bool(view.group_channel) and to in (mentor, view.group_channel)
    is_mentee, is_mentor = to == view.mentee.slack_id, bool(mentor) and to == mentor
    role = Role.MENTEE if is_mentee else Role.MENTOR if is_mentor else None
    until = view.on_break.get(to)
    resting = to in view.on_break and (until is None or until > view.now)
    mentors = kind in (CardKind.ASK, CardKind.CHECK_IN, CardKind.FEEDBACK) and not is_mentee
    holder = view.hold.mentor.slack_id if view.hold else ""
    promised = view.waits[-1].respond_by if view.waits else view.respond_by
    match action:
        case Action.CLAIM:
            first = view.preferred.slack_id if view.in_preferred_window and view.preferred else to
            return searching and to not in view.excluded and not resting and to == first
        case Action.DECLINE:
            free = to not in view.declined and to not in view.excluded
            return searching and to in view.asked and free
        case Action.HOLD:
            in_time = view.now < promised - timedelta(hours=1)
            return searching and to in view.asked and not holder and in_time
        case Action.SAY_WHY:
            return searching and to in view.declined and to not in view.reasons
        case Action.NOT_THIS_WEEK:
            return mentors and not resting
        case Action.REST:
            return mentors and to not in view.opted_out
        case Action.END_BREAK:
            return mentors and (resting or to in view.opted_out)
        case Action.UNDO_CLAIM | Action.EDIT_HELLO:
            return bool(undoable) and is_mentor
        case Action.RELEASE:
            return bool(arranging) and is_mentor
        case Action.WRITE_TODAY | Action.WRITE_WEEKEND | Action.WRITE_PICK:
            asked_again = kind is CardKind.CHECK_IN and view.check_in == number
            open_still = not view.mentor_has_written or asked_again
            return view.status is Status.CLAIMED and is_mentor and open_still
        case Action.CANCEL:
            over = view.status.is_final or view.status is Status.AWAITING_FEEDBACK
            return is_mentee and not over
        case Action.KEEP_WAITING | Action.ASK_MORE:
            return is_mentee and (searching or bool(undoable)) and not view.choice
        case Action.ANOTHER_MENTOR:
            return is_mentee and bool(arranging)
        case Action.PROPOSE_TIMES:
            return (is_mentor or present) and bool(arranging) and view.needs_session
        case Action.ACCEPT_TIME:
            offer = view.proposal
            return present and bool(arranging) and offer is not None and not offer.accepted
        case Action.GIVE_FEEDBACK:
            asked = view.status is Status.AWAITING_FEEDBACK and role is not None
            return asked and role not in view.feedback_from
        case Action.NOT_DONE_YET:
            asked = view.status is Status.AWAITING_FEEDBACK and not view.feedback_from
            return asked and role is not None and not view.needs_session and view.done_asks < 3
        case Action.TALK_TO_COORDINATOR:
            return (is_mentee or is_mentor) and not view.status.is_final
        case Action.DETAILS:
            return not view.status.is_final
        case Action.WHO_WAS_ASKED | Action.TIMELINE:
            return kind is CardKind.COORDINATORS
        case Action.ANSWER_PERSON:
            words = next((one for one in view.words if one.number == number), None)
            unanswered = words is not None and words.answered_by is None
            return kind is CardKind.PASSED_ON and unanswered and not view.status.is_final
    if kind is not CardKind.COORDINATORS:
        return False
    match action:
        case Action.TAKE:
            return searching and not view.owner_took_it
        case Action.HAND_BACK:
            return searching and view.owner_took_it
        case Action.ASSIGN:
            return searching or bool(arranging)
        case Action.WIDEN | Action.CLOSE_REQUEST:
            return searching
        case Action.NUDGE:
            silent = set(view.asked) - set(view.declined) - set(view.excluded)
            return (searching and bool(silent)) or (bool(arranging) and not view.session_at)
    return False


def _in_every_status() -> Iterator[tuple[str, RequestView]]:
    """Every story as it is, and moved to every status, with what goes with that."""
    nobody = {"claim": None, "group_channel": "", "session_at": None, "proposal": None}
    for name, view in STATES.items():
        yield name, view
        somebody = {"claim": view.claim or claim(), "group_channel": SAMS_GROUP}
        for status in Status:
            if status is Status.SCHEDULED and not view.needs_session:
                continue
            update: dict[str, object] = {"status": status}
            if status in (Status.OPEN, Status.IN_REVIEW, Status.NOT_ELIGIBLE):
                update |= nobody | {"asked": [SAM.slack_id, DANA.slack_id]}
            elif status is Status.CLAIMED:
                update |= {"claim": somebody["claim"], "session_at": None, "proposal": None}
                if view.claim is None or view.claim.introduced:
                    update |= somebody
            elif status in (Status.SCHEDULED, Status.AWAITING_FEEDBACK, Status.COMPLETED):
                met = view.claim.model_copy(update={"introduced": True}) if view.claim else claim()
                update |= somebody | {"claim": met}
            yield f"{name}, as {status.value}", view.model_copy(update=update)


def _offered(reader: str, view: RequestView) -> list[Action]:
    return [Action(button["action_id"]) for button in buttons(draw(reader, view))]


@pytest.mark.parametrize("reader", READERS)
def test_every_button_does_what_it_says_in_every_state(reader: str) -> None:
    kind, to, number = READERS[reader]
    dead = [
        f"{action} when {state}"
        for state, view in _in_every_status()
        for action in _offered(reader, view)
        if not takes(action, view, kind, to, number)
    ]
    assert dead == []


def test_everything_that_can_be_decided_is_on_a_card_somewhere() -> None:
    offered = {
        action
        for reader in READERS
        for view in STATES.values()
        for action in _offered(reader, view)
    }
    assert offered == set(Action) - NOT_ON_MESSAGES - OUTSIDE_REQUESTS - OF_EARLIER_RELEASES


def test_who_may_decide_finds_the_button_where_it_belongs() -> None:
    """The other way round, for the buttons that somebody waits for."""
    wanted = {
        "ask, to Sam": {Action.CLAIM, Action.DECLINE, Action.HOLD, Action.RELEASE, *WRITING}
        | {Action.END_BREAK, Action.REST, Action.SAY_WHY, Action.UNDO_CLAIM},
        "check-in, to Sam": {Action.END_BREAK, Action.REST},
        "feedback, to Sam": {Action.END_BREAK, Action.REST},
        "received, to Riley": {Action.CANCEL, Action.ANOTHER_MENTOR, Action.TALK_TO_COORDINATOR},
        "update, to Riley": {Action.KEEP_WAITING, Action.ASK_MORE},
        "feedback, to Riley": {Action.GIVE_FEEDBACK},
        "coordinators": {Action.TAKE, Action.HAND_BACK, Action.ASSIGN, Action.WIDEN}
        | {Action.NUDGE, Action.CLOSE_REQUEST, Action.WHO_WAS_ASKED, Action.TIMELINE},
        "passed on, from Riley": {Action.ANSWER_PERSON},
    }
    missing = []
    for reader, actions in wanted.items():
        kind, to, number = READERS[reader]
        for state, view in STATES.items():
            offered = set(_offered(reader, view))
            missing += [
                f"{action} for {reader} when {state}"
                for action in actions - offered
                if takes(action, view, kind, to, number) and not _kept_back(action, kind, view)
            ]
    assert missing == []


def _kept_back(action: Action, kind: CardKind, view: RequestView) -> bool:
    """What would be taken, and is not offered all the same, for a reason."""
    if view.status is Status.UNKNOWN:
        return True  # nobody knows what a later version takes
    if action in (Action.END_BREAK, Action.REST):
        return SAM.slack_id in view.on_break  # one of the two is enough beside other buttons
    if kind is CardKind.FEEDBACK:
        return view.done_asks > 0  # a later card asks the same
    if kind is CardKind.ASK and SAM.slack_id in view.on_break and view.claim is None:
        return True  # first they are back
    return action is Action.HOLD and SAM.slack_id in [*view.declined, *view.excluded]


@pytest.mark.parametrize("reader", LIVING)
def test_the_buttons_of_every_card_in_every_state(reader: str) -> None:
    drawn = {state: " ".join(_offered(reader, view)) or "-" for state, view in STATES.items()}
    check(f"buttons, {reader}", told(drawn))


def test_cards_of_an_earlier_group_have_no_buttons() -> None:
    view = STATES["released by Sam, now with Dana"]
    for kind_of_card in ("introduction, of Riley and Sam", "proposal, to Riley and Sam"):
        assert READERS[kind_of_card][1] == SAMS_GROUP
        assert _offered(kind_of_card, view) == []


def test_while_somebody_rests_their_card_brings_them_back_also_when_the_request_is_over() -> None:
    rest = {SAM.slack_id: SUBMITTED + timedelta(days=30)}
    for status in Status:
        view = STATES["open"].model_copy(update={"status": status, "on_break": rest})
        longer = [Action.REST] if status is Status.OPEN else []
        assert _offered("ask, to Sam", view) == [Action.END_BREAK, *longer]
        stopped = view.model_copy(update={"opted_out": [SAM.slack_id]})
        assert _offered("ask, to Sam", stopped) == [Action.END_BREAK]
