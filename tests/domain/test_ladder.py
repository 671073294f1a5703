"""The ladder clock counts the time in Open, and each step is taken once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain import ladder
from domain.ladder import ASKING, LadderProgress, Rung
from domain.policy import EscalationPolicy, Scope, Step, StepKind
from domain.policy_rules import contradictions

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def step(after: float, do: StepKind, **fields: object) -> Step:
    return Step.model_validate({"after": after * HOUR, "do": do, **fields})


POLICY = EscalationPolicy(
    steps=[
        step(0, StepKind.PREFERRED),
        step(0, StepKind.WAVE, scope=Scope.FULL),
        step(8, StepKind.REMIND),
        step(8, StepKind.WAVE, scope=Scope.PARTIAL),
        step(20, StepKind.BUMP),
        step(20, StepKind.WAVE, scope=Scope.ALL),
        step(24, StepKind.COORDINATORS),
        step(48, StepKind.BREACH),
        step(72, StepKind.REMIND_OWNER, repeat=3, every=24 * HOUR),
        step(120, StepKind.PARK),
    ]
)


def opened() -> LadderProgress:
    """A request whose first mentors have been asked."""
    progress = LadderProgress()
    progress.resume(START)
    ladder.take_due(POLICY, progress, START)
    return progress


def taken(progress: LadderProgress, hours: float, *, asking_waits: bool = False) -> list[str]:
    now = START + hours * HOUR
    due = ladder.take_due(POLICY, progress, now, asking_waits=asking_waits)
    return [rung.step.label for rung in due]


# ---- the story ------------------------------------------------------------------------------


def test_the_first_wave_is_due_as_soon_as_a_request_is_open() -> None:
    progress = LadderProgress()
    assert ladder.next_at(POLICY, progress) is None
    progress.resume(START)
    assert ladder.next_at(POLICY, progress) == START
    assert taken(progress, 0) == ["wave (full)"]


def test_nothing_is_due_before_its_time() -> None:
    progress = opened()
    assert ladder.next_at(POLICY, progress) == START + 8 * HOUR
    assert taken(progress, 7.99) == []


def test_each_step_is_taken_once_at_its_time() -> None:
    progress = opened()
    assert taken(progress, 8) == ["remind", "wave (partial)"]
    assert taken(progress, 8) == []
    assert taken(progress, 20) == ["bump", "wave (all)"]
    assert taken(progress, 30) == ["coordinators"]


def test_a_step_that_repeats_is_taken_each_time() -> None:
    progress = opened()
    taken(progress, 71)
    assert [taken(progress, hours) for hours in (72, 95, 96, 120)] == [
        ["remind owner"],
        [],
        ["remind owner"],
        ["remind owner", "park"],
    ]
    assert ladder.next_at(POLICY, progress) is None


def test_steps_that_fall_due_together_collapse_into_the_widest() -> None:
    assert taken(opened(), 25) == ["remind", "wave (all)", "bump", "coordinators"]


def test_of_repetitions_that_fall_due_together_the_last_is_left() -> None:
    progress = opened()
    due = ladder.take_due(POLICY, progress, START + 100 * HOUR)
    assert [rung.turn for rung in due if rung.step.do is StepKind.REMIND_OWNER] == [2]


def test_the_breach_and_the_window_are_not_on_the_ladder() -> None:
    kinds = {rung.step.do for rung in ladder.rungs(POLICY)}
    assert not kinds & {StepKind.BREACH, StepKind.PREFERRED}


def test_the_clock_stands_still_while_somebody_has_the_request() -> None:
    progress = opened()
    progress.pause(START + 5 * HOUR)
    assert ladder.next_at(POLICY, progress) is None
    assert taken(progress, 100) == []
    released = START + 100 * HOUR
    progress.resume(released)
    assert ladder.next_at(POLICY, progress) == released + 3 * HOUR
    assert taken(progress, 103) == ["remind", "wave (partial)"]


def test_while_one_mentor_has_the_first_say_nobody_else_is_turned_to() -> None:
    progress = LadderProgress()
    progress.resume(START)
    assert taken(progress, 0, asking_waits=True) == []
    assert ladder.next_at(POLICY, progress, asking_waits=True) == START + 8 * HOUR
    assert taken(progress, 12, asking_waits=True) == ["remind"]
    assert ladder.next_at(POLICY, progress, asking_waits=True) == START + 24 * HOUR
    assert ladder.next_at(POLICY, progress) == START


def test_what_has_waited_for_one_mentor_runs_as_one_wave() -> None:
    progress = LadderProgress()
    progress.resume(START)
    taken(progress, 12, asking_waits=True)
    assert taken(progress, 12) == ["wave (partial)"]
    assert taken(progress, 20) == ["bump", "wave (all)"]


# ---- everybody who was asked has declined ---------------------------------------------------


def forward(progress: LadderProgress) -> str:
    rung = ladder.bring_forward(POLICY, progress)
    return rung.step.label if rung else "nothing"


def test_when_everybody_has_declined_the_next_wave_runs_now() -> None:
    progress = opened()
    assert forward(progress) == "wave (partial)"
    assert taken(progress, 8) == ["remind"]  # whoever was asked by that wave and is silent
    assert taken(progress, 20) == ["bump", "wave (all)"]


def test_when_no_wave_is_left_the_coordinators_are_called_now() -> None:
    progress = opened()
    assert [forward(progress) for _ in range(4)] == [
        "wave (partial)",
        "wave (all)",
        "coordinators",
        "nothing",
    ]
    kept = taken(progress, 71)
    assert not {"wave (partial)", "wave (all)", "coordinators"} & set(kept), "they were taken"
    assert {"remind", "bump"} <= set(kept), "the others keep their time"
    assert taken(progress, 72) == ["remind owner"]


def test_nothing_is_brought_forward_while_somebody_has_the_request() -> None:
    progress = opened()
    progress.pause(START + HOUR)
    assert forward(progress) == "nothing"


# ---- what operators read --------------------------------------------------------------------


def test_operators_read_the_rung_that_was_reached() -> None:
    progress = LadderProgress()
    assert ladder.current_step(POLICY, progress) == "asked"
    progress = opened()
    assert ladder.current_step(POLICY, progress) == "asked"
    read = []
    for hours in (8, 20, 24, 72, 96, 130):
        taken(progress, hours)
        read.append(ladder.current_step(POLICY, progress))
    assert read == [
        "wave (partial)",
        "wave (all)",
        "coordinators",
        "remind owner 1 of 3",
        "remind owner 2 of 3",
        "park",
    ]


def test_a_step_that_only_a_newer_release_knows_is_left_out_but_counted() -> None:
    known = EscalationPolicy(steps=[step(0, StepKind.UNKNOWN), step(1, StepKind.BUMP)])
    assert [(rung.number, rung.step.do) for rung in ladder.rungs(known)] == [(1, StepKind.BUMP)]
    progress = LadderProgress(open_since=START)
    ladder.take_due(known, progress, START + HOUR)
    assert ladder.current_step(known, progress) == "bump"


# ---- whatever the policy and whatever happens -----------------------------------------------

QUARTER = timedelta(minutes=15)


@st.composite
def policies(draw: st.DrawFn) -> EscalationPolicy:
    """A policy that the checks accept; times of day meet often."""

    def times(low: timedelta, high: timedelta, most: int) -> list[timedelta]:
        spread = max((high - low) // HOUR, 0)
        return sorted(
            low + draw(st.integers(0, spread)) * HOUR for _ in range(draw(st.integers(0, most)))
        )

    first = draw(st.integers(0, 3)) * HOUR
    called = first + draw(st.integers(6, 30)) * HOUR
    breach = called + draw(st.integers(2, 30)) * HOUR
    parked = breach + draw(st.integers(30, 150)) * HOUR
    scopes = draw(st.sampled_from(["f", "p", "a", "fp", "fa", "pa", "fpa"]))
    wide = {"f": Scope.FULL, "p": Scope.PARTIAL, "a": Scope.ALL}
    waves = [first, *(first + HOUR * draw(st.integers(1, 40)) for _ in scopes[1:])]
    steps = [
        Step(after=after, do=StepKind.WAVE, scope=wide[scope])
        for after, scope in zip(sorted(waves), scopes, strict=True)
    ]
    steps += [Step(after=after, do=StepKind.REMIND) for after in times(first + HOUR, parked, 3)]
    steps += [Step(after=called, do=StepKind.COORDINATORS), Step(after=breach, do=StepKind.BREACH)]
    for kind in (StepKind.BUMP, StepKind.UPDATE_MENTEE, StepKind.REMIND_OWNER):
        earliest = called if kind is StepKind.REMIND_OWNER else first + HOUR
        for after in times(earliest, parked, 1):
            repeat = draw(st.integers(1, 4))
            every = {"every": 24 * HOUR} if repeat > 1 else {}
            steps.append(
                Step.model_validate({"after": after, "do": kind, "repeat": repeat, **every})
            )
    if draw(st.booleans()):
        steps.append(Step(after=breach - HOUR, do=StepKind.WARN_OWNER))
    steps.sort(key=lambda one: one.after)
    if draw(st.booleans()):
        steps.append(Step(after=max(parked, steps[-1].after), do=StepKind.PARK))
    if draw(st.booleans()):
        window = Step(after=timedelta(0), do=StepKind.PREFERRED, at_most=called - HOUR)
        steps.insert(0, window)
    policy = EscalationPolicy(steps=steps, undo_window=timedelta(0))
    assume(not contradictions(policy))
    return policy


class Life:
    """A request on the ladder, with a clock of its own that proves the ladder's right."""

    def __init__(self, policy: EscalationPolicy) -> None:
        self.policy = policy
        self.progress = LadderProgress()
        self.now = START
        self.in_open = timedelta(0)
        self.is_open = False
        self.asking_waits = False
        self.done: list[Rung] = []

    def pass_time(self, quarters: int) -> None:
        self.now += quarters * QUARTER
        if self.is_open:
            self.in_open += quarters * QUARTER

    def open(self) -> None:
        self.progress.resume(self.now)
        self.is_open = True

    def pause(self) -> None:
        self.progress.pause(self.now)
        self.is_open = False

    def next_at(self) -> datetime | None:
        return ladder.next_at(self.policy, self.progress, asking_waits=self.asking_waits)

    def take(self) -> list[Rung]:
        """Take what is due, and check all that must hold of it."""
        expected, before = self.next_at(), set(self.progress.taken)
        due = ladder.take_due(self.policy, self.progress, self.now, asking_waits=self.asking_waits)
        assert bool(due) == (expected is not None and expected <= self.now)
        following = self.next_at()
        assert following is None or following > self.now

        marked = [rung for rung in ladder.rungs(self.policy) if rung.number in self.newly(before)]
        assert self.is_open or not marked
        assert not (self.is_open and self.overlooked())
        assert all(rung.after <= self.in_open for rung in marked)
        assert not (self.asking_waits and any(rung.step.do in ASKING for rung in marked))
        assert {rung.step.do for rung in due} == {rung.step.do for rung in marked}
        assert len({rung.step.do for rung in due}) == len(due)
        assert all(rung in marked for rung in due)
        assert widest(due) == widest(marked)
        self.done += due
        return due

    def overlooked(self) -> list[Rung]:
        """Whose time has come and who was not taken."""
        return [
            rung
            for rung in ladder.rungs(self.policy)
            if rung.after <= self.in_open
            and rung.number not in self.progress.taken
            and not (self.asking_waits and rung.step.do in ASKING)
        ]

    def bring_forward(self) -> None:
        before = set(self.progress.taken)
        if rung := ladder.bring_forward(self.policy, self.progress):
            assert self.is_open
            assert rung.number not in before
            assert rung.step.do in (StepKind.WAVE, StepKind.COORDINATORS)
            self.done.append(rung)
        else:
            assert not self.newly(before)

    def newly(self, before: set[int]) -> set[int]:
        assert len(set(self.progress.taken)) == len(self.progress.taken)
        assert before <= set(self.progress.taken)
        return set(self.progress.taken) - before


def until_next(life: Life) -> timedelta | None:
    deadline = life.next_at()
    return deadline - life.now if deadline else None


def widest(rungs: list[Rung]) -> int:
    return max((rung.step.scope.width for rung in rungs if rung.step.scope), default=-1)


events = st.lists(
    st.one_of(
        st.integers(0, 200),  # quarters of an hour pass
        st.sampled_from(["open", "open", "pause", "one first", "all", "declined", "look", "look"]),
    ),
    max_size=25,
)


def live(life: Life, happenings: list[int | str]) -> None:
    for event in happenings:
        match event:
            case int():
                life.pass_time(event)
            case "open":
                life.open()
            case "pause":
                life.pause()
            case "one first" | "all":
                life.asking_waits = event == "one first"
            case "declined":
                life.bring_forward()
            case _:
                life.take()


@settings(max_examples=250, deadline=None, derandomize=True)
@given(policies(), events)
def test_every_step_is_taken_once_in_time_and_none_is_forgotten(
    policy: EscalationPolicy, happenings: list[int | str]
) -> None:
    life = Life(policy)
    live(life, happenings)
    life.asking_waits = False
    life.open()
    life.pass_time(4 * 24 * 60)
    life.take()
    numbers = [rung.number for rung in life.done]
    assert len(set(numbers)) == len(numbers)
    assert set(life.progress.taken) == {rung.number for rung in ladder.rungs(policy)}
    assert life.next_at() is None


@settings(max_examples=100, deadline=None, derandomize=True)
@given(policies())
def test_who_wakes_at_every_deadline_takes_each_step_at_its_very_time(
    policy: EscalationPolicy,
) -> None:
    life = Life(policy)
    life.open()
    while (deadline := life.next_at()) is not None:
        progress = life.progress.model_copy(deep=True)
        if deadline > START:
            assert ladder.take_due(policy, progress, deadline - TICK) == []
        life.now, life.in_open = deadline, deadline - START
        assert {rung.after for rung in life.take()} == {deadline - START}
    assert life.done == ladder.rungs(policy)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(policies(), st.lists(st.tuples(st.integers(0, 150), st.integers(0, 2000)), max_size=12))
def test_time_that_is_not_spent_in_open_does_not_count(
    policy: EscalationPolicy, spells: list[tuple[int, int]]
) -> None:
    interrupted, steady = Life(policy), Life(policy)
    steady.open()
    for in_open, elsewhere in spells:
        interrupted.open()
        for life in (interrupted, steady):
            life.pass_time(in_open)
        assert interrupted.take() == steady.take()
        interrupted.pause()
        interrupted.pass_time(elsewhere)
        assert interrupted.take() == []
    interrupted.open()
    assert until_next(interrupted) == until_next(steady)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(policies(), st.lists(st.integers(0, 150), max_size=20))
def test_into_which_pieces_time_is_cut_changes_only_what_collapses(
    policy: EscalationPolicy, pieces: list[int]
) -> None:
    often, once = Life(policy), Life(policy)
    for life in (often, once):
        life.open()
    for piece in pieces:
        often.take()
        often.pass_time(piece)
    often.take()
    once.pass_time(sum(pieces))
    once.take()
    assert sorted(often.progress.taken) == sorted(once.progress.taken)
    assert {rung.step.do for rung in often.done} == {rung.step.do for rung in once.done}
    assert widest(often.done) == widest(once.done)
    assert often.next_at() == once.next_at()


@pytest.mark.parametrize("worker_away", [30, 100, 1000])
def test_after_a_long_outage_nothing_comes_in_a_bunch(worker_away: int) -> None:
    labels = taken(opened(), worker_away)
    assert len(labels) == len(set(labels))
    assert [label for label in labels if label.startswith("wave")] == ["wave (all)"]
