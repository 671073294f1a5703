"""A mentor's room, rest and return, as rules: no server, no clock but the one in the messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import mentor_projected
from domain.availability import MOST_ASKS, Availability
from domain.mentor_memory import RestKind, WordKind
from domain.mentor_messages import MayAsk, MentorProfile, No, Reserve, SaveProfile, Terms
from domain.messages import News
from domain.models import Mentor
from domain.quiet import QuietHours
from domain.standing import MentorRow, MentorRules, MentorStatus

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
PROFILE = MentorProfile(shown_name="Sam")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sam(**terms: int) -> Availability:
    state = Availability(slack_id="U0SAM", terms=Terms(**{"max_mentees": 2, **terms}))
    state.meet(None, NOW)
    state.looked_up = True
    return state


def wish(request: str, turn: int = 1, at: datetime = NOW, *, by_themselves: bool = True) -> Reserve:
    return Reserve(at=at, request_id=request, turn=turn, by_themselves=by_themselves)


def reserve(state: Availability, *requests: str, turn: int = 1) -> list[No | None]:
    return [state.reserve(wish(one, turn), NOW).no for one in requests]


def ask(
    state: Availability, request: str, at: datetime = NOW, *, cap_lifted: bool = False
) -> No | None:
    return state.may_ask(MayAsk(at=at, request_id=request, cap_lifted=cap_lifted)).no


# ---- slots --------------------------------------------------------------------------------------


def test_the_last_slot_is_given_once() -> None:
    assert reserve(sam(), "A", "B", "C") == [None, None, No.FULL]


def test_a_slot_asked_for_twice_is_one_slot() -> None:
    state = sam()
    assert reserve(state, "A", "A", "A", "B") == [None, None, None, None]
    assert len(state.slots) == 2


def test_a_slot_freed_twice_is_one_slot() -> None:
    state = sam()
    reserve(state, "A", "B")
    state.free("A", 2)
    state.free("A", 2)
    assert reserve(state, "C", "D") == [None, No.FULL]


def test_a_wish_that_arrives_after_its_request_gave_up_holds_nothing() -> None:
    state = sam()
    state.free("A", 2)
    assert reserve(state, "A", turn=1) == [No.TOO_LATE]
    assert reserve(state, "A", turn=3) == [None]


def test_a_late_word_that_a_slot_is_free_does_not_take_the_one_held_since() -> None:
    state = sam()
    reserve(state, "A", turn=3)
    state.free("A", 2)
    assert list(state.slots) == ["A"]
    state.free("A", 4)
    assert list(state.slots) == []


def test_lowering_capacity_revokes_nothing_and_grants_nothing_new() -> None:
    state = sam(max_mentees=3)
    reserve(state, "A", "B", "C")
    state.learn(Terms(max_mentees=1), NOW)
    assert list(state.slots) == ["A", "B", "C"]
    state.free("A", 2)
    state.free("B", 2)
    assert reserve(state, "D") == [No.FULL]
    state.free("C", 2)
    assert reserve(state, "D") == [None]


def test_while_the_roster_is_away_what_was_known_last_counts() -> None:
    state = sam(max_mentees=2)
    state.learn(None, NOW)
    assert reserve(state, "A", "B", "C") == [None, None, No.FULL]


def test_a_request_that_was_terminated_loses_its_slot_but_not_one_just_claimed() -> None:
    state = sam()
    reserve(state, "A")
    state.reserve(wish("B"), NOW + 5 * HOUR)
    state.reconcile([], NOW + 5 * HOUR + timedelta(minutes=1))
    assert list(state.slots) == ["B"]


def test_a_request_of_an_earlier_release_is_found_and_takes_its_slot() -> None:
    state = sam(max_mentees=1)
    state.reconcile(["OLD"], NOW)
    assert reserve(state, "A") == [No.FULL]


def test_a_request_that_has_just_freed_its_slot_is_not_found_again() -> None:
    state = sam(max_mentees=1)
    reserve(state, "A")
    state.free("A", 2)
    state.reconcile(["A"], NOW)  # what was read a moment before
    assert reserve(state, "B") == [None]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["reserve", "reserve", "free", "again"]),
            st.sampled_from("ABCDEF"),
            st.integers(0, 6),
        ),
        max_size=60,
    ),
    st.integers(0, 3),
)
def test_no_course_of_events_gives_more_slots_than_there_are(
    events: list[tuple[str, str, int]], capacity: int
) -> None:
    """Wishes and freeings may be repeated, and arrive in any order."""
    state, turns, granted = sam(max_mentees=capacity), dict.fromkeys("ABCDEF", 0), set[str]()
    for what, request, back in events:
        if what == "again":
            turn = max(turns[request] - back, 1)
        else:
            turn = turns[request] = turns[request] + 1
        if what == "free":
            state.free(request, turn)
            granted.discard(request) if turn == turns[request] else None
        else:
            yes = state.reserve(wish(request, turn), NOW).no is None
            assert yes == (request in state.slots) or state.freed.get(request, 0) > turn
        assert len(state.slots) <= capacity


# ---- asks ---------------------------------------------------------------------------------------


def test_nobody_is_asked_more_often_in_a_week_than_they_want() -> None:
    state = sam(weekly_asks=3)
    assert [ask(state, one) for one in "ABCD"] == [None, None, None, No.ASKED_ENOUGH]
    assert ask(state, "A") is None  # the same ask, tried again
    assert ask(state, "D", cap_lifted=True) is None
    assert ask(state, "E", NOW + 6 * DAY) is No.ASKED_ENOUGH
    assert ask(state, "E", NOW + 7 * DAY + HOUR) is None


def test_the_cap_keeps_nobody_from_claiming() -> None:
    state = sam(weekly_asks=1)
    ask(state, "A")
    assert reserve(state, "B") == [None]


@pytest.mark.parametrize(
    ("away", "why"),
    [
        (lambda state: state.opt_out(NOW), No.OPTED_OUT),
        (lambda state: state.snooze(NOW + DAY, NOW), No.ON_A_BREAK),
        (lambda state: state.account_closed(NOW), No.ACCOUNT_CLOSED),
        (lambda state: reserve(state, "X", "Y"), No.FULL),
    ],
)
def test_who_is_away_is_neither_asked_nor_given_a_request(away, why: No) -> None:  # type: ignore[no-untyped-def]
    state = sam()
    away(state)
    assert ask(state, "A") is why
    assert reserve(state, "A") == [why]


def test_who_was_not_seen_for_long_is_not_asked_but_may_claim() -> None:
    state = sam()
    state.seen(NOW)
    later = NOW + 91 * DAY
    assert ask(state, "A", later) is No.DORMANT
    assert state.reserve(wish("A", at=later), later).no is None
    assert ask(state, "B", later) is None  # a claim is a sign of life


def test_old_asks_are_forgotten() -> None:
    state = sam(weekly_asks=50)
    for number in range(200):
        ask(state, f"R{number}", NOW + number * timedelta(minutes=1), cap_lifted=True)
    assert len(state.asks) == MOST_ASKS
    ask(state, "late", NOW + 30 * DAY)
    assert [one.request_id for one in state.asks] == ["late"]


# ---- silence ------------------------------------------------------------------------------------


def silent(state: Availability, *requests: str) -> None:
    for one in requests:
        ask(state, one, cap_lifted=True)
        state.not_answered(one, NOW, NOW)


def kinds(state: Availability) -> list[WordKind]:
    return [word.kind for word in state.words]


def test_five_in_a_row_is_a_question_and_eight_a_pause() -> None:
    state = sam(weekly_asks=50)
    silent(state, *"ABCD")
    assert kinds(state) == []
    silent(state, "E", "F", "G")
    assert kinds(state) == [WordKind.STILL_THERE]
    silent(state, "H")
    assert WordKind.PAUSED in kinds(state)
    assert state.rest
    assert state.rest.kind is RestKind.SILENCE
    assert state.rest.until is None


def test_the_same_request_counts_once_and_one_never_asked_not_at_all() -> None:
    state = sam(weekly_asks=50)
    silent(state, *"AAAAA")
    state.not_answered("never asked", NOW, NOW)
    assert state.unanswered == ["A"]


def test_any_answer_begins_the_row_anew() -> None:
    state = sam(weekly_asks=50)
    silent(state, *"ABCD")
    state.reacted(NOW)
    silent(state, *"EFGH")
    assert kinds(state) == []


def test_a_claim_is_an_answer_but_being_assigned_is_not() -> None:
    state = sam(weekly_asks=50)
    silent(state, *"ABCD")
    state.reserve(wish("A", by_themselves=False), NOW)
    assert len(state.unanswered) == 4
    state.reserve(wish("B"), NOW)
    assert state.unanswered == []


def test_thresholds_are_the_communitys_own() -> None:
    state = sam(weekly_asks=50)
    state.rules = MentorRules(still_there_after=1, paused_after=2)
    silent(state, "A")
    assert kinds(state) == [WordKind.STILL_THERE]
    silent(state, "B")
    assert state.is_resting(NOW)


# ---- rest and return ----------------------------------------------------------------------------


def test_who_has_opted_out_stays_so_whatever_breaks_they_take() -> None:
    state = sam()
    state.opt_out(NOW)
    state.snooze(NOW + DAY, NOW)
    assert state.rest is None
    assert mentor_projected.standing(state, NOW).status(NOW, 2) is MentorStatus.OPTED_OUT


def test_opting_out_twice_keeps_the_first_date() -> None:
    state = sam()
    state.opt_out(NOW)
    state.opt_out(NOW + DAY)
    assert state.opted_out_at == NOW
    assert state.win_back_at == NOW + 182 * DAY


def test_a_break_until_a_moment_that_is_over_is_a_return() -> None:
    state = sam()
    state.snooze(NOW + DAY, NOW)
    state.snooze(NOW - DAY, NOW)
    assert not state.is_resting(NOW)


def test_requests_that_asked_lately_are_told_of_a_break_and_of_its_end() -> None:
    state = sam(weekly_asks=50)
    ask(state, "A")
    ask(state, "B")
    state.snooze(NOW + DAY, NOW)
    state.wake(NOW + DAY)
    told = [(letter.request_id, letter.news.what) for letter in state.letters]
    assert told == [("A", News.AWAY), ("B", News.AWAY), ("A", News.BACK), ("B", News.BACK)]
    assert state.letters[0].news.until == NOW + DAY


def test_who_gives_away_their_last_slot_tells_the_others_who_asked() -> None:
    state = sam(max_mentees=1)
    ask(state, "A")
    ask(state, "B")
    reserve(state, "A")
    assert state.letters == []  # it may be undone
    state.wake(NOW + timedelta(minutes=6))
    told = [(one.request_id, one.news.what) for one in state.letters]
    assert told == [("B", News.FULL)]


def known_to_be_full() -> Availability:
    """A has the last slot; B, which asked them too, has heard so."""
    state = sam(max_mentees=1)
    ask(state, "A")
    ask(state, "B")
    reserve(state, "A")
    state.wake(NOW + timedelta(minutes=6))
    state.letters.clear()
    return state


def test_requests_that_heard_of_no_room_hear_of_room_again() -> None:
    state = known_to_be_full()
    state.free("A", 2)
    told = [(one.request_id, one.news.what) for one in state.letters]
    assert told == [("A", News.ROOM), ("B", News.ROOM)]
    state.letters.clear()
    reserve(state, "B")
    state.free("B", 2)
    assert state.letters == []


def test_who_makes_room_in_their_profile_is_hoped_for_again_at_once() -> None:
    state = known_to_be_full()
    profile = PROFILE.model_copy(update={"max_mentees": 2})
    state.save(SaveProfile(at=NOW + HOUR, profile=profile))
    assert {one.news.what for one in state.letters} == {News.ROOM}


def test_a_pair_that_goes_on_and_takes_the_last_slot_is_told_to_the_others_who_asked() -> None:
    state = sam(max_mentees=1)
    ask(state, "A")
    ask(state, "B")
    state.keep("A", 1, NOW)
    state.wake(NOW + timedelta(minutes=6))
    assert [(one.request_id, one.news.what) for one in state.letters] == [("B", News.FULL)]


def test_a_claim_that_was_undone_tells_nobody_that_they_are_full() -> None:
    state = sam(max_mentees=1)
    ask(state, "A")
    ask(state, "B")
    reserve(state, "A")
    state.free("A", 2)
    state.wake(NOW + timedelta(minutes=6))
    assert state.letters == []


def test_what_they_say_first_is_newer_than_their_row() -> None:
    state = Availability(slack_id="U0SAM")
    state.come_back(NOW)
    row = MentorRow(slack_id="U0SAM", revision=0, status="Opted out", mentees_now=0)
    state.meet(row, NOW)
    assert state.opted_out_at is None
    assert mentor_projected.owes_row(state, NOW)


def met_with(state: Availability, **row: object) -> Availability:
    told = {"slack_id": "U0SAM", "revision": 0, "mentees_now": 0, "status": "Available", **row}
    state.meet(MentorRow.model_validate(told), NOW)
    return state


def test_a_break_said_first_does_not_undo_the_opt_out_in_the_row() -> None:
    state = Availability(slack_id="U0SAM")
    state.snooze(NOW + 7 * DAY, NOW)
    met_with(state, status="Opted out", opted_out_at=NOW - 9 * DAY)
    assert state.opted_out_at == NOW - 9 * DAY
    assert ask(state, "A", at=NOW + 8 * DAY) is No.OPTED_OUT


def test_a_break_that_is_over_already_does_not_undo_the_opt_out_in_the_row() -> None:
    state = Availability(slack_id="U0SAM")
    state.snooze(NOW - DAY, NOW)
    met_with(state, status="Opted out", opted_out_at=NOW - 9 * DAY)
    assert ask(state, "A") is No.OPTED_OUT


def test_a_break_said_first_does_not_shorten_the_one_in_the_row() -> None:
    state = Availability(slack_id="U0SAM")
    state.snooze(NOW + 7 * DAY, NOW)
    met_with(state, status="Snoozed", snoozed_until=NOW + 90 * DAY)
    assert ask(state, "A", at=NOW + 8 * DAY) is No.ON_A_BREAK


def test_a_status_of_somebodys_own_making_stays_until_the_mentor_says_something() -> None:
    state = met_with(Availability(slack_id="U0SAM"), status="Moved on")
    row = mentor_projected.row(state, NOW)
    assert row.status is MentorStatus.UNKNOWN
    standing = mentor_projected.standing(state, NOW)
    sams = Mentor(slack_id="U0SAM", name="Sam", status="Moved on")
    assert standing.applied_to(sams, NOW).status == "Moved on"
    state.snooze(NOW + DAY, NOW)
    assert mentor_projected.row(state, NOW).status is MentorStatus.SNOOZED


def test_a_profile_just_saved_is_newer_than_what_was_read_of_airtable() -> None:
    state = sam(max_mentees=3)
    state.save(SaveProfile(at=NOW, profile=PROFILE.model_copy(update={"max_mentees": 1})))
    state.learn(Terms(max_mentees=3), NOW + timedelta(minutes=5))
    assert reserve(state, "A", "B") == [None, No.FULL]
    state.row_written(mentor_projected.row(state, NOW))
    state.learn(Terms(max_mentees=3), NOW + HOUR)
    assert reserve(state, "B") == [None]


def test_a_word_settled_while_it_is_on_its_way_is_remembered_until_it_stands() -> None:
    state = sam(weekly_asks=50)
    silent(state, *"ABCDE")
    [word] = state.words
    state.reacted(NOW)
    state.forget_old_words([word.number])
    assert [one.answer for one in state.words] == ["here"]
    state.forget_old_words([])
    assert state.words == []


def test_coming_back_without_having_been_away_tells_nobody() -> None:
    state = sam()
    ask(state, "A")
    state.come_back(NOW)
    assert state.letters == []


def test_a_question_goes_out_in_waking_hours() -> None:
    state = sam()
    state.rules = MentorRules(quiet_hours=QuietHours())
    assert state.waking(NOW.replace(hour=23)) == NOW.replace(hour=8) + DAY
    state.terms = Terms(quiet_hours=QuietHours(start=NOW.time(), end=NOW.time()))
    assert state.waking(NOW.replace(hour=23)) == NOW.replace(hour=23)


def test_a_closed_account_takes_its_requests_along_and_opens_again_as_it_was() -> None:
    state = sam()
    ask(state, "B")
    reserve(state, "A")
    state.account_closed(NOW)
    state.account_closed(NOW)
    assert [(one.request_id, one.news.what) for one in state.letters] == [
        ("A", News.GONE),
        ("B", News.GONE),
    ]
    assert mentor_projected.standing(state, NOW).status(NOW, 2) is MentorStatus.DORMANT
    state.account_open(NOW + DAY)
    assert (
        mentor_projected.standing(state, NOW + DAY).status(NOW + DAY, 2) is MentorStatus.AVAILABLE
    )


# ---- the row ------------------------------------------------------------------------------------


def test_a_row_that_already_says_so_is_not_written() -> None:
    state = sam()
    state.row = None
    state.meet(MentorRow(slack_id="U0SAM", revision=0, status="Available", mentees_now=0), NOW)
    assert not mentor_projected.owes_row(state, NOW)
    reserve(state, "A")
    assert mentor_projected.owes_row(state, NOW)
    state.row_written(mentor_projected.row(state, NOW))
    assert not mentor_projected.owes_row(state, NOW)


def test_being_seen_is_written_once_a_day() -> None:
    state = sam()
    state.seen(NOW)
    state.row_written(mentor_projected.row(state, NOW))
    state.seen(NOW + 2 * HOUR)
    assert not mentor_projected.owes_row(state, NOW + 2 * HOUR)
    state.seen(NOW + DAY)
    assert mentor_projected.owes_row(state, NOW + DAY)


def test_who_opted_out_before_muster_met_them_is_asked_half_a_year_after_the_meeting() -> None:
    state = Availability(slack_id="U0SAM")
    row = MentorRow(
        slack_id="U0SAM",
        revision=0,
        status=MentorStatus.OPTED_OUT,
        mentees_now=0,
        opted_out_at=NOW - 400 * DAY,
    )
    state.meet(row, NOW)
    assert state.opted_out_at == NOW - 400 * DAY
    assert state.win_back_at == NOW + 182 * DAY
    assert not mentor_projected.owes_row(state, NOW)


def test_new_claims_do_not_put_off_the_look_whether_older_requests_still_run() -> None:
    state = sam(max_mentees=5)
    reserve(state, "A")
    first = state.deadlines()["a look whether their requests still run"]
    state.reserve(wish("B"), NOW + 6 * HOUR)
    assert state.deadlines()["a look whether their requests still run"] == first
    state.reconcile(["A", "B"], NOW + 12 * HOUR)
    assert state.deadlines()["a look whether their requests still run"] == NOW + 24 * HOUR


def test_a_time_zone_that_slack_knew_is_not_forgotten_for_a_roster_that_knows_none() -> None:
    state = sam()
    state.learn(Terms(time_zone="Asia/Tokyo"), NOW)
    state.learn(Terms(max_mentees=3), NOW)
    assert state.terms == Terms(max_mentees=3, time_zone="Asia/Tokyo")


def test_who_is_seen_has_an_open_account() -> None:
    state = sam()
    state.account_closed(NOW)
    state.seen(NOW - HOUR)
    assert ask(state, "A") is No.ACCOUNT_CLOSED
    state.seen(NOW + HOUR)
    assert ask(state, "A") is None


# ---- how they stood before Muster met them ------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        ({"status": "Available"}, MentorStatus.AVAILABLE),
        ({"status": "At capacity"}, MentorStatus.AVAILABLE),
        ({"status": "Snoozed"}, MentorStatus.SNOOZED),
        ({"status": "Snoozed", "snoozed_until": NOW + DAY}, MentorStatus.SNOOZED),
        ({"status": "Snoozed", "snoozed_until": NOW - DAY}, MentorStatus.AVAILABLE),
        ({"status": "Moved on"}, MentorStatus.UNKNOWN),
        ({"status": "Opted out"}, MentorStatus.OPTED_OUT),
        ({"status": "Dormant"}, MentorStatus.DORMANT),
        ({"status": "Dormant", "last_seen": NOW - 200 * DAY}, MentorStatus.DORMANT),
    ],
)
def test_what_a_row_says_of_somebody_goes_on_when_they_are_met(
    row: dict[str, object], stands: MentorStatus
) -> None:
    state = Availability(slack_id="U0SAM", terms=Terms(max_mentees=2))
    told = {"slack_id": "U0SAM", "revision": 0, "mentees_now": 0, **row}
    state.meet(MentorRow.model_validate(told), NOW)
    assert mentor_projected.row(state, NOW).status is stands
    state.come_back(NOW)
    assert mentor_projected.row(state, NOW).status is MentorStatus.AVAILABLE


def test_active_is_written_at_sign_up_and_is_the_coordinators_from_then_on() -> None:
    state = sam()
    state.save(SaveProfile(at=NOW, profile=PROFILE, signs_up=True, active=False))
    assert (
        mentor_projected.row(state, NOW).active,
        mentor_projected.row(state, NOW).signed_up_at,
    ) == (False, NOW)
    state.row_written(mentor_projected.row(state, NOW))
    state.save(SaveProfile(at=NOW + DAY, profile=PROFILE))
    later = mentor_projected.row(state, NOW + DAY)
    assert (later.profile, later.active, later.signed_up_at) == (PROFILE, None, None)


def test_who_has_no_room_is_not_counted_as_silent() -> None:
    state = sam(max_mentees=1, weekly_asks=50)
    for one in "ABCDEFGHI":
        ask(state, one)
    reserve(state, "A")
    for one in "BCDEFGHI":
        state.not_answered(one, NOW, NOW)
    assert state.unanswered == []


def test_who_wants_no_asks_gets_none_also_when_the_cap_is_lifted() -> None:
    assert ask(sam(weekly_asks=0), "A", cap_lifted=True) is No.ASKED_ENOUGH


def test_an_old_sign_up_form_does_not_make_somebody_active_again() -> None:
    state = sam()
    state.save(SaveProfile(at=NOW, profile=PROFILE, signs_up=True))
    state.row_written(mentor_projected.row(state, NOW))
    state.save(SaveProfile(at=NOW + DAY, profile=PROFILE, signs_up=True))
    assert mentor_projected.row(state, NOW + DAY).active is None
    before = SaveProfile(at=NOW + DAY, profile=PROFILE, signs_up=True, opened_at=NOW - HOUR)
    state.save(before)
    assert mentor_projected.row(state, NOW + DAY).active is None


def test_who_signs_up_again_after_their_row_was_deleted_gets_a_new_one() -> None:
    state = sam()
    state.save(SaveProfile(at=NOW, profile=PROFILE, signs_up=True))
    state.row_written(mentor_projected.row(state, NOW))
    later = NOW + 200 * DAY
    state.save(SaveProfile(at=later, profile=PROFILE, signs_up=True, opened_at=later - HOUR))
    row = mentor_projected.row(state, later)
    assert (row.signed_up_at, row.active) == (later, True)


def test_who_signs_up_is_active_whatever_the_roster_said_before() -> None:
    state = sam()
    state.learn(Terms(active=False), NOW)
    state.save(SaveProfile(at=NOW, profile=PROFILE, signs_up=True))
    state.opt_out(NOW)
    state.wake(NOW + 183 * DAY)
    assert [word.kind for word in state.words] == [WordKind.WIN_BACK]


def test_who_is_not_active_is_not_asked_whether_they_come_back() -> None:
    state = sam()
    state.learn(Terms(active=False), NOW)
    state.opt_out(NOW)
    state.wake(NOW + 183 * DAY)
    assert state.words == []
    assert state.win_back_at == NOW + (183 + 182) * DAY


def test_a_sight_in_the_future_is_a_slip_of_somebodys_pen() -> None:
    state = Availability(slack_id="U0SAM")
    told = {"slack_id": "U0SAM", "revision": 0, "mentees_now": 0, "status": "Available"}
    slip = datetime(9999, 12, 31, tzinfo=UTC)
    state.meet(MentorRow.model_validate({**told, "last_seen": slip}), NOW)
    assert state.last_seen is None
    assert state.dormant_at == NOW + 90 * DAY


def test_dormant_with_a_sight_in_the_future_counts_as_not_seen_for_long() -> None:
    slip = datetime(9999, 12, 31, tzinfo=UTC)
    state = met_with(Availability(slack_id="U0SAM"), status="Dormant", last_seen=slip)
    assert state.dormant_at == NOW
    state.seen(NOW + HOUR)
    assert mentor_projected.owes_row(state, NOW + HOUR)
