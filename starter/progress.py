"""Where a request stands, in the mentee's words. Pure.

Never says how many mentors were asked or declined, and names nobody before they are introduced:
a claim that can still be undone has not happened yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from domain.models import FINAL_STATUSES, Outcome, Role, Status
from domain.policy import EscalationPolicy
from domain.view import ClaimView, RequestView
from starter.clock import day, moment, span

ASKED = "Asked"
MATCHED = "Matched"
SESSION_SET = "Session set"
HOW_DID_IT_GO = "How did it go"
DONE = "Done"


@dataclass(frozen=True)
class Step:
    """One station of the way; ``state`` is "done", "now" or "ahead"."""

    name: str
    state: str


@dataclass(frozen=True)
class Standing:
    headline: Markup
    words: list[Markup]
    times: list[Markup]
    """Times on offer for the session."""
    steps: list[Step]
    """Empty when the request ended before its end."""
    can_cancel: bool
    is_final: bool


def standing(view: RequestView, policy: EscalationPolicy) -> Standing:
    """Everything that the status page says of ``view``; its moments in the mentee's zone.

    ``policy`` is today's; it only words the rough dates of the feedback ask.
    """
    introduced = _introduced(view)
    status = view.status
    if status in (Status.CLAIMED, Status.SCHEDULED) and introduced is None:
        status = Status.OPEN
    headline, *words = _WORDS[status](view, policy)
    return Standing(
        headline=headline,
        words=words,
        times=_times(view) if status is Status.CLAIMED else [],
        steps=_steps(status, view),
        can_cancel=_can_cancel(status, view),
        is_final=status in FINAL_STATUSES,
    )


def _introduced(view: RequestView) -> ClaimView | None:
    return view.claim if view.claim and view.claim.introduced else None


def _mentor(view: RequestView) -> Markup:
    claim = _introduced(view)
    return _name(claim.mentor.name) if claim and claim.mentor.name else Markup("your mentor")


def _name(name: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(name)


def _say(sentence: str, **values: object) -> Markup:
    return Markup(sentence).format(**values)  # noqa: S704 - sentences are ours, values are escaped


def _in_review(view: RequestView, _: EscalationPolicy) -> list[Markup]:
    return [
        _say("A coordinator is looking at your request"),
        _say("We’ll write to you in Slack. There is nothing that you need to do."),
    ]


def _open(view: RequestView, _: EscalationPolicy) -> list[Markup]:
    by = moment(view.respond_by, view.mentee.time_zone)
    stays = _say("Your request stays open until a mentor takes it or you cancel it.")
    if view.was_matched:  # a mentor was introduced and gave it back; the mentee has been told
        return [
            _say("We’re looking for another mentor"),
            _say("It didn’t work out with your first match, so we’re asking others."),
            stays,
        ]
    if view.now > view.respond_by:
        return [
            _say("We’re still looking for your mentor"),
            _say("You should have heard from a mentor by {by}. We’re sorry to be late.", by=by),
            stays,
        ]
    words = [
        _say("We’re looking for your mentor"),
        _say("You’ll hear from a mentor by {by} at the latest.", by=by),
    ]
    if view.preferred and view.in_preferred_window:
        words.append(
            _say(
                "We’ve asked {mentor} first, as you wished. If it doesn’t fit, we ask others too.",
                mentor=_name(view.preferred.name),
            )
        )
    words.append(_say("There is nothing that you need to do: we’ll write to you in Slack."))
    return words


def _claimed(view: RequestView, policy: EscalationPolicy) -> list[Markup]:
    mentor = _mentor(view)
    headline = _say("You have a mentor: {mentor}", mentor=mentor)
    group = _say("You share a group message in Slack: say hello there.")
    if not view.needs_session:
        claim = _introduced(view)
        words = [headline, group, _say("No meeting is needed: you work together in writing.")]
        if claim:
            asks = day(claim.undo_until + policy.feedback_after, view.mentee.time_zone)
            words.append(_say("Around {day} we’ll ask you both how it went.", day=asks))
        return words
    if view.proposal is None or view.proposal.accepted is not None:
        return [headline, group, _say("Next, agree on a time for your session.")]
    if view.proposal.by == view.mentee.slack_id:
        offered = _say("You’ve offered these times. {mentor} answers in Slack.", mentor=mentor)
    else:
        offered = _say("{mentor} offers these times. Choose one in Slack.", mentor=mentor)
    return [headline, offered]


def _scheduled(view: RequestView, policy: EscalationPolicy) -> list[Markup]:
    mentor, zone = _mentor(view), view.mentee.time_zone
    if view.session_at is None:
        return [_say("Your session with {mentor} is set", mentor=mentor)]
    at = moment(view.session_at, zone)
    asks = day(view.session_at + policy.feedback_after, zone)
    later = _say("Around {day} we’ll ask you both how it went.", day=asks)
    if view.now >= view.session_at:
        return [
            _say("We hope you had a good session"),
            _say("You and {mentor} were to meet on {at}.", mentor=mentor, at=at),
            later,
        ]
    return [
        _say("Your session is set"),
        _say("You meet {mentor} on {at}.", mentor=mentor, at=at),
        _say("Can’t make it? Say so in your group message in Slack."),
        later,
    ]


def _awaiting_feedback(view: RequestView, policy: EscalationPolicy) -> list[Markup]:
    closes = span(policy.feedback_closes_after)
    if Role.MENTEE in view.feedback_from:
        return [
            _say("Thank you for telling us how it went"),
            _say(
                "{mentor} has been asked as well. Within {closes} your request is complete.",
                mentor=_mentor(view),
                closes=closes,
            ),
        ]
    return [
        _say("How did it go?"),
        _say("We’ve asked you in Slack. It takes a minute and helps the next person."),
        _say("If you’d rather not, it closes by itself within {closes}.", closes=closes),
    ]


def _completed(view: RequestView, _: EscalationPolicy) -> list[Markup]:
    again = _say("Ask for a mentor again whenever you like.")
    if view.outcome is Outcome.DID_NOT_MEET:
        return [
            _say("It didn’t come about this time"),
            _say("That happens, and it is nobody’s fault."),
            again,
        ]
    if view.outcome is Outcome.MET:
        glad = _say("We’re glad that you and {mentor} found each other.", mentor=_mentor(view))
        return [_say("All done"), glad, again]
    return [_say("All done"), again]


def _cancelled(view: RequestView, _: EscalationPolicy) -> list[Markup]:
    return [
        _say("This request is cancelled"),
        _say("Nothing more will happen with it."),
        _say("Ask for a mentor again whenever you like."),
    ]


def _not_eligible(view: RequestView, _: EscalationPolicy) -> list[Markup]:
    return [
        _say("We can’t take up this request"),
        _say("We wrote to you in Slack about why. A coordinator will gladly answer questions."),
    ]


def _unfulfilled(view: RequestView, _: EscalationPolicy) -> list[Markup]:
    return [
        _say("We didn’t find a mentor for this one"),
        _say("We’re sorry. A coordinator closed the request; ask again whenever you like."),
    ]


def _unknown(view: RequestView, _: EscalationPolicy) -> list[Markup]:
    return [_say("We have your request"), _say("Look into Slack to see what comes next.")]


_WORDS: dict[Status, Callable[[RequestView, EscalationPolicy], list[Markup]]] = {
    Status.IN_REVIEW: _in_review,
    Status.OPEN: _open,
    Status.CLAIMED: _claimed,
    Status.SCHEDULED: _scheduled,
    Status.AWAITING_FEEDBACK: _awaiting_feedback,
    Status.COMPLETED: _completed,
    Status.CANCELLED: _cancelled,
    Status.NOT_ELIGIBLE: _not_eligible,
    Status.CLOSED_UNFULFILLED: _unfulfilled,
    Status.UNKNOWN: _unknown,
}


def _times(view: RequestView) -> list[Markup]:
    if view.proposal is None or view.proposal.accepted is not None:
        return []
    return [moment(time, view.mentee.time_zone) for time in view.proposal.times]


_REACHED = {
    Status.IN_REVIEW: ASKED,
    Status.OPEN: ASKED,
    Status.CLAIMED: MATCHED,
    Status.SCHEDULED: SESSION_SET,
    Status.AWAITING_FEEDBACK: HOW_DID_IT_GO,
    Status.COMPLETED: DONE,
}


def _steps(status: Status, view: RequestView) -> list[Step]:
    reached = _REACHED.get(status)
    if reached is None:
        return []
    names = [ASKED, MATCHED, SESSION_SET, HOW_DID_IT_GO, DONE]
    if not view.needs_session and status is not Status.SCHEDULED:
        names.remove(SESSION_SET)
    here = names.index(reached)
    return [
        Step(name, "done" if at < here or reached == DONE else "now" if at == here else "ahead")
        for at, name in enumerate(names)
    ]


def _can_cancel(status: Status, view: RequestView) -> bool:
    if status is Status.SCHEDULED:
        return view.session_at is None or view.now < view.session_at
    return status in (Status.IN_REVIEW, Status.OPEN, Status.CLAIMED)
