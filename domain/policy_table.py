"""A policy as a table that people can read: what happens when, and to whom."""

from __future__ import annotations

from datetime import timedelta

from domain import ladder
from domain.ladder import Rung
from domain.policy import EscalationPolicy, Scope, Step, StepKind, written
from domain.quiet import QuietHours

Row = tuple[str, str, str]
_HEADINGS: Row = ("elapsed", "step", "whom")
_SCOPES = {
    Scope.FULL: "mentors who have every skill",
    Scope.PARTIAL: "also mentors who have one of the skills",
    Scope.ALL: "every mentor with room",
}
_WHOM = {
    StepKind.REMIND: "mentors who were asked and have not answered",
    StepKind.BUMP: "the mentors' channel, under the request's card",
    StepKind.COORDINATORS: "the coordinators' channel, calling the owner by name",
    StepKind.UPDATE_MENTEE: "the mentee, with a choice",
    StepKind.WARN_OWNER: "the coordinators' thread: the promised time is near",
    StepKind.BREACH: "the coordinators' thread, calling the owner by name",
    StepKind.REMIND_OWNER: "the owner, in the daily roll-up",
    StepKind.PARK: "nobody: the owner looks after it from here on",
}
_CLOCKS = "Elapsed counts the time in Open; the breach (*) from submission, or from a release."


def table(policy: EscalationPolicy) -> str:
    """The ladder, a line a rung, then the settings beside it."""
    rows = [_HEADINGS, *(_row(rung) for rung in _everything(policy))]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"{row[0]:<{first}}  {row[1]:<{second}}  {row[2]}" for row in rows]
    rule = f"{'-' * first}  {'-' * second}  {'-' * 4}"
    return "\n".join([policy.name, "", lines[0], rule, *lines[1:], "", *_settings(policy), ""])


def _everything(policy: EscalationPolicy) -> list[Rung]:
    """The ladder with what has its own clock or comes before it."""
    known = [step for step in policy.steps if step.do is not StepKind.UNKNOWN]
    beside = [Rung(-1, s.after, s) for s in known if s.do in ladder.NOT_ON_THE_LADDER]
    order = {id(step): place for place, step in enumerate(known)}
    rungs = [*ladder.rungs(policy), *beside]
    return sorted(rungs, key=lambda rung: (rung.after, order[id(rung.step)]))


def _row(rung: Rung) -> Row:
    step = rung.step
    days = f" ({rung.after.days} d)" if rung.after.days > 2 and not rung.after.seconds else ""
    mark = "*" if step.do is StepKind.BREACH else ""
    turn = f", {rung.turn} of {step.repeat}" if step.repeat > 1 else ""
    return f"{written(rung.after)}{days}{mark}", f"{step.label}{turn}", _whom(step)


def _whom(step: Step) -> str:
    match step.do:
        case StepKind.PREFERRED:
            most = f"at most {written(step.at_most)}"
            span = f"{written(step.waking)} outside quiet hours, {most}" if step.waking else most
            return f"the mentor who was asked by name, alone: {span}"
        case StepKind.WAVE:
            scope = _SCOPES.get(step.scope or Scope.ALL, "mentors")
            if step.size == "all":
                return f"{scope}, all at once"
            return f"{scope}, {step.size} at once, more after {written(step.spacing)}"
        case _:
            return _WHOM[step.do]


def _settings(policy: EscalationPolicy) -> list[str]:
    release = written(policy.no_contact_release_after)
    return [
        _CLOCKS,
        f"Quiet hours: {_quiet(policy.quiet_hours)}.",
        f"Claim can be undone for {written(policy.undo_window)}.",
        f'"Extend or release?": {_or_never(policy.no_contact_after)} without a word of the mentor, '
        f"{_or_never(policy.stalled_after)} without a session; released {release} later.",
        f"Feedback: asked {written(policy.feedback_after)} after the session, reminded "
        f"{written(policy.feedback_reminder_after)} later, closed "
        f"{written(policy.feedback_closes_after)} after the ask.",
    ]


def _quiet(hours: QuietHours | None) -> str:
    if hours is None or hours.start == hours.end:
        return "none"
    zone = f"where nobody knows a person's zone: {hours.time_zone}"
    return f"{hours.start:%H:%M} to {hours.end:%H:%M} on each person's clock ({zone})"


def _or_never(length: timedelta | None) -> str:
    return f"after {written(length)}" if length else "never"
