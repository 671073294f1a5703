"""Every button, once: label, look and the question asked before what can't be taken back."""

from __future__ import annotations

from datetime import datetime

from cards.blocks import Block, button, confirm
from cards.ids import Action
from cards.text import in_utc
from cards.values import RequestRef, TalkContext, TimeRef, WordRef
from domain.view import RequestView

# ---- a mentor who is asked ----------------------------------------------------------------------


def claim(view: RequestView, label: str = "Claim", *, spoken: str = "") -> Block:
    return button(Action.CLAIM, label, _ref(view), style="primary", spoken=spoken)


def decline(view: RequestView, label: str = "Not this one", *, spoken: str = "") -> Block:
    return button(Action.DECLINE, label, _ref(view), spoken=spoken)


def hold(view: RequestView) -> Block:
    return button(Action.HOLD, "I'll do it on a day…", _ref(view))


def say_why(view: RequestView) -> Block:
    return button(Action.SAY_WHY, "Say why", _ref(view))


def details(view: RequestView, *, spoken: str = "") -> Block:
    return button(Action.DETAILS, "Details", _ref(view), spoken=spoken)


# ---- every mentor, at any moment ----------------------------------------------------------------


def not_this_week(view: RequestView | None = None) -> Block:
    """``view``: the request on whose card it stands; its clock counts the seven days."""
    return button(
        Action.NOT_THIS_WEEK,
        "Not this week",
        _ref(view) if view else None,
        spoken="Not this week: no requests for seven days",
    )


def rest(view: RequestView | None = None, label: str = "Pause or stop…") -> Block:
    return button(
        Action.REST,
        label,
        _ref(view) if view else None,
        spoken="Pause or stop: choose how long you get no requests",
    )


def end_break(view: RequestView) -> Block:
    return button(Action.END_BREAK, "I'm back", _ref(view), spoken=f"I'm back: {_ASKED_AGAIN}")


def come_back(label: str = "I'm back") -> Block:
    return button(Action.COME_BACK, label, spoken=f"{label}: {_ASKED_AGAIN}")


_ASKED_AGAIN = "mentorship requests may come to me again"


def not_now() -> Block:
    return button(Action.NOT_NOW, "Not now", spoken="Not now: ask me again later")


def never_ask_again() -> Block:
    return button(
        Action.NEVER_ASK_AGAIN,
        "Never ask again",
        spoken="Never ask me again whether I come back as a mentor",
    )


def still_here() -> Block:
    return button(
        Action.STILL_HERE,
        "I'm here",
        style="primary",
        spoken="I'm still here, and may be asked",
    )


def become_mentor() -> Block:
    return button(Action.BECOME_MENTOR, "Become a mentor")


def edit_profile() -> Block:
    return button(
        Action.EDIT_PROFILE,
        "Edit profile",
        spoken="Edit profile: my skills, room and hours as a mentor",
    )


# ---- the mentor who has it ----------------------------------------------------------------------


def undo_claim(view: RequestView) -> Block:
    return button(Action.UNDO_CLAIM, "Undo", _ref(view))


def edit_hello(view: RequestView) -> Block:
    return button(Action.EDIT_HELLO, "Edit hello", _ref(view))


def write_by(view: RequestView) -> list[Block]:
    """By when the mentor will write (more): two in one tap, one that asks for the day."""
    labels = {
        Action.WRITE_TODAY: ("Today", "I'll write today"),
        Action.WRITE_WEEKEND: ("This weekend", "I'll write this weekend"),
        Action.WRITE_PICK: ("Pick a day…", "Pick the day by which I'll write"),
    }
    return [
        button(action, label, _ref(view), spoken=spoken)
        for action, (label, spoken) in labels.items()
    ]


def release(view: RequestView) -> Block:
    question = confirm(
        "Give this request back?",
        "The mentee is told that we are looking for another mentor, without any blame. "
        "The request will not come to you again.",
        yes="Give it back",
        no="Keep it",
    )
    return button(Action.RELEASE, "Release", _ref(view), confirm=question)


# ---- the mentee ---------------------------------------------------------------------------------


def cancel(view: RequestView) -> Block:
    told = (
        "Your mentor is told that you no longer need it."
        if view.claim and view.claim.introduced
        else "Nobody will be asked any more."
    )
    question = confirm(
        "Cancel your request?",
        f"{told} You can ask again at any time.",
        yes="Cancel my request",
        no="Keep it",
    )
    return button(Action.CANCEL, "Cancel my request", _ref(view), confirm=question)


def another_mentor(view: RequestView) -> Block:
    question = confirm(
        "Ask for another mentor?",
        "We look for somebody else, and your request keeps its place. Your mentor is thanked and "
        "told that you go on with another mentor, without any reason.",
        yes="Find another mentor",
        no="Stay with this one",
    )
    return button(Action.ANOTHER_MENTOR, "Ask for another mentor", _ref(view), confirm=question)


def keep_waiting(view: RequestView) -> Block:
    return button(Action.KEEP_WAITING, "Keep waiting", _ref(view), style="primary")


def ask_more(view: RequestView) -> Block:
    return button(Action.ASK_MORE, "Ask more mentors", _ref(view))


# ---- both, and everybody ------------------------------------------------------------------------


def propose_times(view: RequestView, label: str = "Propose a time", *, spoken: str = "") -> Block:
    return button(Action.PROPOSE_TIMES, label, _ref(view), spoken=spoken)


def accept_time(view: RequestView, proposal: int, time: datetime) -> Block:
    value = TimeRef(request_id=view.request_id, proposal=proposal, time=time)
    return button(
        Action.ACCEPT_TIME, "Accept", value, style="primary", spoken=f"Accept {in_utc(time)}"
    )


def give_feedback(view: RequestView, label: str = "Give feedback") -> Block:
    return button(Action.GIVE_FEEDBACK, label, _ref(view), style="primary")


def not_done_yet(view: RequestView) -> Block:
    return button(Action.NOT_DONE_YET, "Not done yet", _ref(view))


def talk(request_id: str) -> Block:
    """About a request, or with "" about nothing in particular."""
    return button(
        Action.TALK_TO_COORDINATOR, "Talk to a coordinator", TalkContext(request_id=request_id)
    )


# ---- coordinators -------------------------------------------------------------------------------


def take(view: RequestView) -> Block:
    return button(Action.TAKE, "Take", _ref(view), style="primary")


def hand_back(view: RequestView) -> Block:
    return button(Action.HAND_BACK, "Hand back", _ref(view))


def assign(view: RequestView, label: str = "Assign…") -> Block:
    return button(Action.ASSIGN, label, _ref(view))


def widen(view: RequestView) -> Block:
    return button(Action.WIDEN, "Widen", _ref(view), spoken="Widen: ask more mentors now")


def nudge(view: RequestView, whom: str) -> Block:
    return button(Action.NUDGE, "Nudge", _ref(view), spoken=f"Nudge {whom}")


def close_request(view: RequestView) -> Block:
    return button(Action.CLOSE_REQUEST, "Close…", _ref(view))


def who_was_asked(view: RequestView) -> Block:
    return button(Action.WHO_WAS_ASKED, "Who was asked?", _ref(view))


def timeline(view: RequestView) -> Block:
    return button(Action.TIMELINE, "Timeline", _ref(view))


def answer_person(view: RequestView, number: int, writer: str) -> Block:
    value = WordRef(request_id=view.request_id, number=number, to=writer)
    return button(Action.ANSWER_PERSON, "Answer…", value, style="primary")


def open_request(request_id: str, *, spoken: str = "") -> Block:
    return button(Action.OPEN_REQUEST, "Open", RequestRef(request_id=request_id), spoken=spoken)


def pause_sending() -> Block:
    question = confirm(
        "Pause all sending?",
        "Asks, reminders and updates wait until sending goes on again. Claims and clocks go on, "
        "and whoever presses a button is answered.",
        yes="Pause all sending",
        no="Leave it on",
    )
    return button(Action.PAUSE_SENDING, "Pause all sending", confirm=question)


def resume_sending() -> Block:
    return button(Action.RESUME_SENDING, "Go on", style="primary", spoken="Go on with all sending")


def _ref(view: RequestView) -> RequestRef:
    return RequestRef(request_id=view.request_id)
