"""What a policy must not say: steps that contradict each other or that nobody could ever reach.

Each rule yields a sentence per problem that names the step, its field and what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from domain.policy import EscalationPolicy, Scope, Step, StepKind, written

DAY = timedelta(days=1)
LONGEST_UNDO = timedelta(hours=1)
LEAST_AWAKE = timedelta(hours=4)
"""Of a day, outside quiet hours; with less, a day's pings pile up in one hour."""
MOST_UPDATES = 4
"""The mentee hears from Muster 12 times at worst (the message budget). Eight are needed elsewhere:
request received, mentor found, session set, "how did it go?" and its reminder; and, after a
release, that the mentor can't, another mentor found, another session set."""

ONCE = (
    StepKind.PREFERRED,
    StepKind.COORDINATORS,
    StepKind.WARN_OWNER,
    StepKind.BREACH,
    StepKind.PARK,
)
NEED_AN_OWNER = (StepKind.WARN_OWNER, StepKind.REMIND_OWNER, StepKind.PARK)


class Placed(NamedTuple):
    """A step and its place in the file, from 1."""

    number: int
    step: Step

    def __str__(self) -> str:
        return f'step {self.number} "{self.step.label}"'

    @property
    def at(self) -> str:
        return written(self.step.after)

    @property
    def times(self) -> list[timedelta]:
        return [self.step.after + turn * self.step.every for turn in range(self.step.repeat)]

    @property
    def width(self) -> int:
        return self.step.scope.width if self.step.scope else 0


def contradictions(policy: EscalationPolicy) -> list[str]:
    """Why this policy can't be used, a sentence for each reason; empty when it can."""
    steps = [Placed(number, step) for number, step in enumerate(policy.steps, start=1)]
    if disorder := list(_out_of_order(steps)):  # what else is wrong shows when they are in order
        return disorder
    found = [problem for rule in _OF_STEPS for problem in rule(steps)]
    return found + [problem for rule in _OF_SETTINGS for problem in rule(policy)]


def _out_of_order(steps: list[Placed]) -> Iterator[str]:
    for earlier, later in pairwise(steps):
        if later.step.after < earlier.step.after:
            yield (
                f"{later}, after: {later.at} comes before {earlier} at {earlier.at}; put the "
                "steps in order of time"
            )


# ---- steps, one with another ----------------------------------------------------------------


def _nothing_missing(steps: list[Placed]) -> Iterator[str]:
    needed = {
        StepKind.WAVE: 'nobody is ever asked; add a step with do = "wave" and scope = "full"',
        StepKind.COORDINATORS: "nobody is called when no mentor answers; add a step with "
        'do = "coordinators"',
        StepKind.BREACH: 'nothing says when the promise is broken; add a step with do = "breach"',
    }
    for kind, words in needed.items():
        if not _of(steps, kind):
            yield f"steps: {words}"


def _nothing_twice(steps: list[Placed]) -> Iterator[str]:
    for kind in ONCE:
        for one in _of(steps, kind)[1:]:
            yield f"{one}, do: {_of(steps, kind)[0]} does it already; leave one of them out"


def _preferred_comes_first(steps: list[Placed]) -> Iterator[str]:
    for one in _of(steps, StepKind.PREFERRED)[:1]:
        step, most = one.step, written(one.step.at_most)
        if one.number > 1 or step.after:
            yield f'{one}, after: it is how a request begins; make it the first step, at "0m"'
        if step.waking and step.waking > step.at_most:
            yield (
                f"{one}, waking: {written(step.waking)} can't pass within at_most ({most}); write "
                "less, or more for at_most"
            )
        for called in _of(steps, StepKind.COORDINATORS)[:1]:
            if step.at_most >= called.step.after:
                unless = "" if "at_most" in step.model_fields_set else " (unless you write it)"
                yield (
                    f"{one}, at_most: {most}{unless} are not over before {called} at {called.at}; "
                    "write less"
                )


def _waves_grow(steps: list[Placed]) -> Iterator[str]:
    waves = _of(steps, StepKind.WAVE)
    for called in _of(steps, StepKind.COORDINATORS)[:1]:
        if waves and waves[0].step.after > called.step.after:
            yield (
                f"{waves[0]}, after: {called} comes before anybody is asked; write {called.at} or "
                "less"
            )
    for place, wave in enumerate(waves):
        for known in [earlier for earlier in waves[:place] if earlier.width >= wave.width][-1:]:
            wider = [scope for scope in (Scope.PARTIAL, Scope.ALL) if scope.width > known.width]
            mend = " or ".join(f'"{scope.value}"' for scope in wider)
            yield (
                f"{wave}, scope: asks nobody whom {known} has not asked; "
                f"{f'write {mend}' if wider else 'leave the step out'}"
            )
        if wave.step.size == "all" and "spacing" in wave.step.model_fields_set:
            yield f'{wave}, spacing: size = "all" asks everybody at once; leave it out'


def _nothing_too_early(steps: list[Placed]) -> Iterator[str]:
    asked = [*_of(steps, StepKind.PREFERRED), *_of(steps, StepKind.WAVE)]
    if not asked:
        return
    first = min(one.step.after for one in asked)
    too_early = {
        StepKind.REMIND: "nobody can have been asked before",
        StepKind.BUMP: "the card in the mentors' channel has only just been posted",
        StepKind.UPDATE_MENTEE: "nobody was asked before, so there is nothing to tell",
    }
    for kind, words in too_early.items():
        for one in _of(steps, kind):
            if one.step.after <= first:
                yield f"{one}, after: {words}; write more than {written(first)}"


def _nothing_falls_together(steps: list[Placed]) -> Iterator[str]:
    """Of steps of one kind that are due together only one is done."""
    for kind in (StepKind.WAVE, StepKind.REMIND, StepKind.BUMP, StepKind.REMIND_OWNER):
        seen: dict[timedelta, Placed] = {}
        for one in _of(steps, kind):
            for after in one.times:
                known = seen.setdefault(after, one)
                if known is not one:
                    yield (
                        f"{known}, after: is never done, for {one} is due together with it at "
                        f"{written(after)}; write another time, or leave one of them out"
                    )


def _owner_is_known(steps: list[Placed]) -> Iterator[str]:
    for called in _of(steps, StepKind.COORDINATORS)[:1]:
        for one in steps[: called.number]:
            if one.step.do in NEED_AN_OWNER:
                yield (
                    f"{one}, after: nobody looks after the request before {called} at {called.at}; "
                    "put it behind that step"
                )


def _promise_can_be_kept(steps: list[Placed]) -> Iterator[str]:
    for breach in _of(steps, StepKind.BREACH)[:1]:
        for called in _of(steps, StepKind.COORDINATORS)[:1]:
            if breach.step.after <= called.step.after:
                yield (
                    f"{breach}, after: leaves the coordinators no time, who are called at "
                    f"{called.at}; write more"
                )
        for warning in _of(steps, StepKind.WARN_OWNER):
            if warning.step.after >= breach.step.after:
                yield f"{warning}, after: comes too late for {breach} at {breach.at}; write less"


def _park_is_the_end(steps: list[Placed]) -> Iterator[str]:
    for park in _of(steps, StepKind.PARK)[:1]:
        for one in steps[park.number :]:
            if one.step.do is not StepKind.PARK:
                yield f"{one}, after: nothing follows {park}; put it before, or leave it out"
        for one in steps[: park.number - 1]:
            if one.times[-1] > park.step.after:
                yield (
                    f"{one}, repeat: the last time would be {written(one.times[-1])}, after {park} "
                    f"at {park.at}; write less"
                )


def _repetitions(steps: list[Placed]) -> Iterator[str]:
    for one in steps:
        step, given = one.step, one.step.model_fields_set
        if step.repeat > 1 and "every" not in given:
            yield f'{one}, every: is missing beside repeat; write one like every = "24h"'
        elif step.repeat == 1 and "every" in given:
            yield f"{one}, every: means nothing without repeat; write repeat = 2 or more beside it"
        elif step.do is StepKind.REMIND_OWNER and step.repeat > 1 and step.every < DAY:
            yield f'{one}, every: the roll-up comes once a day; write "24h" or more'


def _mentee_is_not_pestered(steps: list[Placed]) -> Iterator[str]:
    updates = _of(steps, StepKind.UPDATE_MENTEE)
    told = sorted((after, one) for one in updates for after in one.times)
    for (before, earlier), (after, later) in pairwise(told):
        if after - before < DAY:
            yield (
                f"{later}, {'every' if earlier == later else 'after'}: at {written(after)} it is "
                f"less than a day since {earlier} at {written(before)}; write more"
            )
    if len(told) > MOST_UPDATES:
        yield (
            f"{updates[-1]}, {'repeat' if updates[-1].step.repeat > 1 else 'do'}: {len(told)} "
            f"updates are more than the mentee's 12 messages bear; keep to {MOST_UPDATES}"
        )


# ---- settings -------------------------------------------------------------------------------


def _night_ends(policy: EscalationPolicy) -> Iterator[str]:
    if policy.quiet_hours and policy.quiet_hours.awake < LEAST_AWAKE:
        yield (
            f"quiet_hours: leave {written(policy.quiet_hours.awake)} of a day; leave "
            f"{written(LEAST_AWAKE)} or more (start and end alike for none at all)"
        )


def _undo_is_short(policy: EscalationPolicy) -> Iterator[str]:
    if policy.undo_window > LONGEST_UNDO:
        yield (
            "undo_window: the mentee hears of their mentor only when it is over; write "
            f"{written(LONGEST_UNDO)} or less"
        )
    for step in [step for step in policy.steps if step.do is StepKind.REMIND][:1]:
        if policy.undo_window > step.after > timedelta(0):
            yield f"undo_window: outlasts the first reminder, at {written(step.after)}; write less"


def _silence_is_asked_about(policy: EscalationPolicy) -> Iterator[str]:
    given = policy.model_fields_set
    if "no_contact_release_after" in given and policy.no_contact_after is None:
        yield (
            "no_contact_release_after: nobody is released without being asked; write "
            "no_contact_after too, or leave it out"
        )


def _feedback_closes_last(policy: EscalationPolicy) -> Iterator[str]:
    if policy.feedback_closes_after <= policy.feedback_reminder_after:
        yield (
            "feedback_closes_after: leaves the reminder at "
            f"{written(policy.feedback_reminder_after)} unanswered; write more"
        )


_OF_STEPS: tuple[Callable[[list[Placed]], Iterator[str]], ...] = (
    _nothing_missing,
    _nothing_twice,
    _preferred_comes_first,
    _waves_grow,
    _nothing_too_early,
    _nothing_falls_together,
    _owner_is_known,
    _promise_can_be_kept,
    _park_is_the_end,
    _repetitions,
    _mentee_is_not_pestered,
)
_OF_SETTINGS: tuple[Callable[[EscalationPolicy], Iterator[str]], ...] = (
    _night_ends,
    _undo_is_short,
    _silence_is_asked_about,
    _feedback_closes_last,
)


def _of(steps: list[Placed], kind: StepKind) -> list[Placed]:
    return [one for one in steps if one.step.do is kind]
