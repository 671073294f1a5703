"""The ladder's steps in words that coordinators know."""

from datetime import timedelta

import pytest

from cards.steps import happened, step_words
from domain.ladder import LadderProgress, current_step
from domain.policy import EscalationPolicy, Scope, Step, StepKind

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("kind", [kind for kind in StepKind if kind is not StepKind.UNKNOWN])
def test_no_step_reaches_coordinators_in_the_words_of_the_policy_file(kind: StepKind) -> None:
    steps = [Step(after=HOUR, do=kind, scope=Scope.FULL if kind is StepKind.WAVE else None)]
    label = current_step(EscalationPolicy(steps=steps), LadderProgress(taken=[0]))
    assert step_words(label) != label or label == StepKind.PARK.value


def test_a_step_that_repeats_says_which_turn_it_was() -> None:
    assert step_words("remind owner 2 of 3") == "owner reminded, 2 of 3"
    assert step_words("wave (partial) 1 of 2") == "more mentors asked, 1 of 2"


def test_a_request_before_its_first_timed_step_has_its_first_mentors_asked() -> None:
    assert step_words(current_step(EscalationPolicy(), LadderProgress())) == "first mentors asked"


def test_a_step_of_a_later_release_stands_in_its_own_words_and_harms_nothing() -> None:
    assert step_words("<!channel> sing") == "&lt;!channel&gt; sing"
    assert step_words("sing") == "sing"


def test_the_timeline_tells_steps_and_waves_in_plain_words() -> None:
    assert happened("step: wave (partial)") == "more mentors asked"
    assert happened("all have declined; step: remind") == "all have declined; mentors reminded"
    assert happened("asked 1") == "asked 1 mentor"
    assert happened("asked 15") == "asked 15 mentors"
    assert happened("hold <over>") == "hold &lt;over&gt;"
