"""A mentor's part of App Home: how they stand, who waits for them, whom they mentor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cards import buttons
from cards.blocks import Block, actions, context, section
from cards.summary import promise, request, topic
from cards.text import escape, moment, name
from domain.models import Mentor, Role, Status
from domain.standing import MentorOverview, MentorStatus
from domain.text import shortened
from domain.view import RequestView


@dataclass(frozen=True)
class Mentoring:
    """What was looked up of one mentor; None for what could not be."""

    slack_id: str
    row: Mentor | None = None
    """The roster's; None also for somebody who has just signed up."""
    overview: MentorOverview | None = None
    """None also for somebody whom Muster has not asked or heard of yet."""
    incomplete: bool = False
    """Something could not be looked up: said once."""
    offers: Sequence[RequestView] = ()
    """Open requests that they were asked about and may still claim."""
    mentees: Sequence[RequestView] = ()
    """Requests that are theirs and not over."""
    more_mentees: int = 0

    @property
    def max_mentees(self) -> int | None:
        if self.overview and self.overview.profile:
            return self.overview.profile.max_mentees
        return max(self.row.max_mentees, 0) if self.row else None

    @property
    def weekly_asks(self) -> int | None:
        if self.overview and self.overview.profile:
            return self.overview.profile.weekly_asks
        return max(self.row.weekly_asks, 0) if self.row else None

    @property
    def load(self) -> int | None:
        if self.overview:
            return self.overview.standing.load
        return self.row.load if self.row else None

    @property
    def status(self) -> MentorStatus:
        """Asked of their own workflow; where that does not say, of the row."""
        status = MentorStatus.UNKNOWN
        if self.overview:
            room = self.max_mentees
            now, standing = self.overview.now, self.overview.standing
            status = standing.status(now, standing.load + 1 if room is None else room)
        if status is MentorStatus.UNKNOWN and self.row:
            status = MentorStatus(self.row.status or MentorStatus.AVAILABLE)
        return status

    @property
    def is_active(self) -> bool:
        return self.row is None or self.row.active

    @property
    def is_full(self) -> bool:
        load, room = self.load, self.max_mentees
        return load is not None and room is not None and load >= room

    @property
    def is_away(self) -> bool:
        """By their own wish or for silence: first they come back, then they claim."""
        return self.status in (MentorStatus.SNOOZED, MentorStatus.OPTED_OUT)

    @property
    def rest_until(self) -> datetime | None:
        if self.overview:
            return self.overview.standing.rest_until
        return self.row.snoozed_until if self.row else None


def mentoring(mentor: Mentoring) -> list[Block]:
    blocks = [section(f"{_status(mentor)}\n{_numbers(mentor)}".rstrip())]
    blocks.append(actions(*_choice(mentor), block_id="mentor"))
    if mentor.incomplete:
        blocks.append(
            context("Not everything could be looked up just now. Please open this page again.")
        )
    if mentor.offers:
        blocks.append(section("*These are waiting for an answer of yours:*"))
        for number, view in enumerate(mentor.offers, start=1):
            blocks += _offer(view, mentor, number)
    if mentor.mentees:
        blocks.append(section("*You are mentoring:*"))
        blocks += [_mentee(view, number) for number, view in enumerate(mentor.mentees, start=1)]
    if mentor.more_mentees:
        blocks.append(context(f"and {mentor.more_mentees} more."))
    return blocks


# ---- how they stand -----------------------------------------------------------------------------


def _status(mentor: Mentoring) -> str:
    if not mentor.is_active:
        return (
            "*You are not active as a mentor at the moment.* A coordinator looks at new mentors "
            "first; if this surprises you, talk to one."
        )
    match mentor.status:
        case MentorStatus.OPTED_OUT:
            return _opted_out(mentor)
        case MentorStatus.SNOOZED if mentor.rest_until:
            until = moment(mentor.rest_until)
            return f"*You are on a break until {until}.* Nobody asks you before then."
        case MentorStatus.SNOOZED:
            return (
                "*Requests to you are paused for now*, so nobody asks you anything. One click and "
                "you are back."
            )
        case MentorStatus.DORMANT:
            return (
                "*Good to see you again!* We had not seen you for a while and asked you nothing. "
                "Now that you are here, you may be asked again from tomorrow."
            )
        case MentorStatus.AT_CAPACITY if mentor.max_mentees == 0:
            return (
                "*You take nobody just now*, as you wished. To take mentees again, raise the "
                "number in your profile."
            )
        case MentorStatus.AT_CAPACITY:
            return "*You are full*, so no more requests come until one of your mentees is done."
        case MentorStatus.AVAILABLE:
            return "*You are available.* Requests that fit come to you by direct message."
        case MentorStatus.UNKNOWN if mentor.row:
            return (
                "*Nobody asks you anything just now*: a coordinator has noted that in your row. "
                "Talk to one if you would like to mentor again."
            )
        case _:
            return "*You are a mentor here.* How you stand could not be looked up just now."


def _opted_out(mentor: Mentoring) -> str:
    since = mentor.row.opted_out_at if mentor.row else None
    when = f" since {moment(since)}" if since else ""
    never = mentor.overview is not None and mentor.overview.never_ask_again
    asked_again = " Nor do we ask whether you come back." if never else ""
    return f"*You get no requests{when}*, as you wished.{asked_again} One click and you are back."


def _numbers(mentor: Mentoring) -> str:
    facts = []
    if mentor.load is not None:
        room = "" if mentor.max_mentees is None else f" of {mentor.max_mentees}"
        one = (mentor.load if mentor.max_mentees is None else mentor.max_mentees) == 1
        facts.append(f"{mentor.load}{room} mentee{'' if one else 's'}")
    if mentor.overview and mentor.weekly_asks is not None:
        asked = mentor.overview.standing.asked_this_week(mentor.overview.now)
        facts.append(f"asked {asked} of at most {mentor.weekly_asks} times this week")
    return " · ".join(facts)


def _choice(mentor: Mentoring) -> list[Block]:
    match mentor.status:
        case MentorStatus.OPTED_OUT:
            rest = [buttons.come_back()]
        case MentorStatus.SNOOZED:
            rest = [buttons.come_back(), buttons.rest()]
        case _:
            rest = [buttons.not_this_week(), buttons.rest()]
    return [*rest, buttons.edit_profile()]


# ---- who waits for them -------------------------------------------------------------------------


def _offer(view: RequestView, mentor: Mentoring, number: int) -> list[Block]:
    what = ", ".join([view.service, *(skill.name for skill in view.skills)])
    choice = [] if mentor.is_full else [buttons.claim(view, spoken=shortened(f"Claim: {what}", 75))]
    choice += [
        buttons.decline(view, spoken=shortened(f"Not this one: {what}", 75)),
        buttons.details(view, spoken=shortened(f"Details: {what}", 75)),
    ]
    return [request(view), context(promise(view)), actions(*choice, block_id=f"offer_{number}")]


def _mentee(view: RequestView, number: int) -> Block:
    place = f" · <#{escape(view.group_channel)}>" if view.group_channel else ""
    return section(
        f"*{name(view.mentee)}* · {topic(view)}{place}\nNext: {next_action(view)}",
        block_id=f"mentee_{number}",
        accessory=_next_button(view),
    )


def next_action(view: RequestView) -> str:
    """What the mentor who has it can do next, in words."""
    who = name(view.mentee)
    if view.status is Status.AWAITING_FEEDBACK:
        if Role.MENTOR in view.feedback_from:
            return f"nothing; {who} is asked how it went."
        return "say how it went."
    if view.status is Status.SCHEDULED:
        return f"your session, {moment(view.session_at)}." if view.session_at else "your session."
    if view.claim is None or not view.claim.introduced:
        return f"in a moment you and {who} are introduced; until then you can undo it in Messages."
    if view.check_in:
        return "tell us whether you go on; the question is in Messages."
    if view.proposal and not view.proposal.accepted:
        if view.proposal.by == view.mentee.slack_id:
            return f"accept one of {who}'s times, or suggest others."
        return f"{who} looks at your times."
    if view.write_by and not view.mentor_has_written and view.write_by > view.now:
        return f"write to {who} by {moment(view.write_by)}."
    if not view.mentor_has_written:
        return f"write to {who}."
    return "agree on a time." if view.needs_session else f"help {who} along, in your own time."


def _next_button(view: RequestView) -> Block | None:
    who = view.mentee.name or "them"
    if view.status is Status.AWAITING_FEEDBACK and Role.MENTOR not in view.feedback_from:
        return buttons.give_feedback(view)
    arranging = view.status is Status.CLAIMED and view.claim and view.claim.introduced
    if arranging and view.needs_session and view.group_channel:
        return buttons.propose_times(view, spoken=shortened(f"Propose a time to {who}", 75))
    return None
