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
    word: str
    """A coordinator's own word at the close, as they wrote it (not escaped); "" for none."""
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
        word=view.closing_word.strip() if status is Status.CLOSED_UNFULFILLED else "",
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
    if _is_late(view):
        return [*_late(view), *_helped(view), _say(_STAYS_OPEN)]
    by = moment(view.respond_by, view.mentee.time_zone)
    if view.was_matched:  # a mentor was introduced and gave it back; the mentee has been told
        words = [
            _say("We’re looking for another mentor"),
            _say("It didn’t work out with your mentor, so we’re asking others."),
        ]
        if len(view.waits) > 1:  # older requests have no second promise
            words.append(_say("You’ll hear from one by {by} at the latest.", by=by))
        return [*words, *_helped(view), _say(_STAYS_OPEN)]
    return [
        _say("We’re looking for your mentor"),
        _say("You’ll hear from a mentor by {by} at the latest.", by=by),
        *_asked_first(view),
        *_helped(view),
        _say("There is nothing that you need to do: we’ll write to you in Slack."),
    ]


_STAYS_OPEN = "Your request stays open until a mentor takes it or you cancel it."


def _is_late(view: RequestView) -> bool:
    """Of the present wait; older requests promised nothing after a release."""
    promised = len(view.waits) > 1 or not view.was_matched
    return promised and (view.breached or view.now > view.respond_by)


def _late(view: RequestView) -> list[Markup]:
    by = moment(view.respond_by, view.mentee.time_zone)
    if view.was_matched:
        headline, hoped = "We’re still looking for another mentor", "another mentor"
    else:
        headline, hoped = "We’re still looking for your mentor", "a mentor"
    return [
        _say(headline),
        _say(
            "You should have heard from {hoped} by {by}. We’re sorry to be late.",
            hoped=hoped,
            by=by,
        ),
    ]


def _asked_first(view: RequestView) -> list[Markup]:
    """Of the mentor whom the mentee named; nobody else is ever named here."""
    if view.preferred is None:
        return []
    alone = view.in_preferred_window or _waits_for_preferred(view)
    return [
        _say(
            "We’ve asked {mentor} first, as you wished. If it doesn’t fit, we ask others too."
            if alone
            else "{mentor} may not be free just now, so we’re asking other mentors, too.",
            mentor=_name(view.preferred.name or "your mentor"),
        )
    ]


def _waits_for_preferred(view: RequestView) -> bool:
    """They want to take it on a day of theirs, and nobody else was asked so far."""
    if view.preferred is None or view.hold is None:
        return False
    named = view.preferred.slack_id
    return view.hold.mentor.slack_id == named and view.asked == [named]


def _helped(view: RequestView) -> list[Markup]:
    """Who has an eye on it: a mentor who means to take it later (never who), coordinators."""
    words = []
    if view.hold and not view.in_preferred_window and not _waits_for_preferred(view):
        words.append(_say("A mentor has it in mind for later; others can still take it sooner."))
    if view.owner_took_it:
        words.append(_say("A coordinator looks after your request in person."))
    elif view.owner:
        words.append(_say("The coordinators know of your request and help to find someone."))
    return words


def _claimed(view: RequestView, policy: EscalationPolicy) -> list[Markup]:
    mentor = _mentor(view)
    headline = _say("You have a mentor: {mentor}", mentor=mentor)
    group = _say("You share a group message in Slack: say hello there.")
    if not view.needs_session:
        return [headline, *_in_writing(view, policy, mentor)]
    if view.proposal is None or view.proposal.accepted is not None:
        return [headline, group, _say("Next, agree on a time for your session.")]
    if view.proposal.by == view.mentee.slack_id:
        offered = _say("You’ve offered these times. {mentor} answers in Slack.", mentor=mentor)
    else:
        offered = _say("{mentor} offers these times. Choose one in Slack.", mentor=mentor)
    return [headline, offered]


def _in_writing(view: RequestView, policy: EscalationPolicy, mentor: Markup) -> list[Markup]:
    """No session: the mentor's first word starts the work, and later both are asked: done?"""
    week = span(policy.feedback_after)
    if view.done_asks:
        return [
            _say("Not done yet: that’s fine. You go on in your group message in Slack."),
            _say("In {week} we’ll ask you both again.", week=week),
        ]
    if view.mentor_has_written:
        return [
            _say("You work together in writing, in your group message in Slack."),
            _say(
                "{week} after {mentor}’s first words we’ll ask you both whether you’re done.",
                week=week,
                mentor=mentor,
            ),
        ]
    return [
        _say(
            "You share a group message in Slack, and {mentor} writes to you there.", mentor=mentor
        ),
        _say("No meeting is needed: you work together in writing. You can write first, too."),
    ]


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
    if not view.needs_session:
        return [
            _say("Are you and {mentor} done?", mentor=_mentor(view)),
            _say("We’ve asked you in Slack. Not yet? Say so there, and we’ll ask again later."),
            _say("If you’d rather not answer, it closes by itself within {closes}.", closes=closes),
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
    if view.was_matched:
        return [
            _say("A coordinator has closed this request"),
            _say("Ask for a mentor again whenever you like."),
        ]
    return [
        _say("We didn’t find a mentor for this one"),
        _say("We’re sorry, and it says nothing about you. A coordinator has closed the request."),
        _say("Ask for a mentor again whenever you like."),
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
