"""The ladder's steps, as people read them who never saw the policy."""

from __future__ import annotations

import re

from cards.text import inline
from domain.policy import Scope, StepKind

SCOPES = {
    Scope.PREFERRED: "the mentor asked by name",
    Scope.FULL: "mentors with everything asked for",
    Scope.PARTIAL: "mentors with some of it, too",
    Scope.ALL: "all mentors with room",
}
"""How widely mentors are asked, in words."""

_DONE = {
    StepKind.PREFERRED: "the mentor asked by name",
    StepKind.WAVE: "more mentors asked",
    StepKind.REMIND: "mentors reminded",
    StepKind.BUMP: "a line in the mentors' channel",
    StepKind.COORDINATORS: "coordinators called",
    StepKind.UPDATE_MENTEE: "the mentee told that it takes longer",
    StepKind.WARN_OWNER: "owner warned",
    StepKind.BREACH: "breach recorded",
    StepKind.REMIND_OWNER: "owner reminded",
    StepKind.PARK: "parked",
}
_FIRST = "asked"
"""How `domain.ladder.current_step` calls a request before its first timed step."""

_LABEL = re.compile(r"(?P<kind>[a-z ]+?)(?: \([a-z]+\))?(?: (?P<turn>\d+ of \d+))?")
"""`Step.label`, and the turn of a step that repeats."""

_ASKED = re.compile(r"asked (\d+)")


def step_words(label: str) -> str:
    """What was done last, from the label that search attributes carry ("remind 2 of 3")."""
    if label == _FIRST:
        return "first mentors asked"
    found = _LABEL.fullmatch(label)
    words = _DONE.get(StepKind(found["kind"])) if found else None
    if not found or not words:
        return inline(label, 100)
    return f"{words}, {found['turn']}" if found["turn"] else words


def happened(what: str) -> str:
    """A timeline's entry in plain words: "step: remind" as "mentors reminded"."""
    if asked := _ASKED.fullmatch(what):
        return f"asked {asked[1]} mentor{'' if asked[1] == '1' else 's'}"
    before, step, label = what.partition("step: ")
    return f"{inline(before)} {step_words(label)}".strip() if step else inline(what)
