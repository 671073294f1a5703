"""Every button, once: label, look and the question asked before what can't be taken back."""

from __future__ import annotations

from datetime import datetime

from cards.blocks import Block, button, confirm
from cards.ids import Action
from cards.text import in_utc
from cards.values import RequestRef, TalkContext, TimeRef, WordRef
from domain.view import RequestView


def claim(view: RequestView, label: str = "Claim") -> Block:
    return button(Action.CLAIM, label, _ref(view), style="primary")


def decline(view: RequestView, label: str = "Not this one") -> Block:
    return button(Action.DECLINE, label, _ref(view))


def details(view: RequestView) -> Block:
    return button(Action.DETAILS, "Details", _ref(view))


def undo_claim(view: RequestView) -> Block:
    return button(Action.UNDO_CLAIM, "Undo", _ref(view))


def edit_hello(view: RequestView) -> Block:
    return button(Action.EDIT_HELLO, "Edit hello", _ref(view))


def release(view: RequestView) -> Block:
    question = confirm(
        "Give this request back?",
        "The mentee is told that we are looking for another mentor, without any blame. "
        "The request will not come to you again.",
        yes="Give it back",
        no="Keep it",
    )
    return button(Action.RELEASE, "Release", _ref(view), confirm=question)


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


def propose_times(view: RequestView, label: str = "Propose a time") -> Block:
    return button(Action.PROPOSE_TIMES, label, _ref(view))


def accept_time(view: RequestView, proposal: int, time: datetime) -> Block:
    value = TimeRef(request_id=view.request_id, proposal=proposal, time=time)
    return button(
        Action.ACCEPT_TIME, "Accept", value, style="primary", spoken=f"Accept {in_utc(time)}"
    )


def give_feedback(view: RequestView) -> Block:
    return button(Action.GIVE_FEEDBACK, "Give feedback", _ref(view), style="primary")


def write_by(view: RequestView) -> list[Block]:
    """By when the mentor will write more: two in one tap, one that asks for the day."""
    labels = {
        Action.WRITE_TODAY: "I'll write today",
        Action.WRITE_WEEKEND: "This weekend",
        Action.WRITE_PICK: "Pick a day",
    }
    return [button(action, label, _ref(view)) for action, label in labels.items()]


def answer_person(view: RequestView, number: int, writer: str) -> Block:
    value = WordRef(request_id=view.request_id, number=number, to=writer)
    return button(Action.ANSWER_PERSON, "Answer", value, style="primary")


def talk(request_id: str) -> Block:
    """For mentee, mentor, and in App Home with "" for anybody."""
    return button(
        Action.TALK_TO_COORDINATOR, "Talk to a coordinator", TalkContext(request_id=request_id)
    )


def open_request(request_id: str) -> Block:
    return button(Action.OPEN_REQUEST, "Open", RequestRef(request_id=request_id))


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
    return button(Action.RESUME_SENDING, "Go on", style="primary")


def _ref(view: RequestView) -> RequestRef:
    return RequestRef(request_id=view.request_id)
