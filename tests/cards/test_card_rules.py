"""What holds for every card in every state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from cards import Card, modals, render
from cards.ids import Action
from cards.values import FormContext, RequestRef, TimeRef
from domain.models import MAX_DETAILS, MAX_GOAL, MAX_HELLO, Person, Role, Skill, Status
from domain.view import CardKind, HoldView, ProposalView, RequestDetails, RequestView, WordView
from sandbox.slack.blocks import checked_blocks, checked_view
from tests.cards.card_sketch import buttons, labels, strings
from tests.cards.card_stories import (
    DANA,
    DANAS_GROUP,
    FINAL,
    LINKS,
    LIVING,
    NO_LINKS,
    READERS,
    RILEY,
    SAID_ONCE,
    SAM,
    STATES,
    SUBMITTED,
    asked,
    claim,
    draw,
    matched,
)

AT_ANY_MOMENT = {Action.NOT_THIS_WEEK, Action.REST, Action.END_BREAK}
"""What a mentor can say on every card: it is not about the request."""
TO_MENTORS = {"ask, to Sam", "ask, to Dana", "check-in, to Sam", "feedback, to Sam"}


def drawn(state: str, readers: Iterable[str] = READERS) -> dict[str, Card]:
    """The cards that stand with these readers while the request is in this state."""
    return {reader: draw(reader, STATES[state]) for reader in readers}


@pytest.mark.parametrize("state", STATES)
def test_slack_takes_every_card_in_every_state(state: str) -> None:
    for reader, card in drawn(state).items():
        checked_blocks(card.blocks)
        assert card.text.strip(), reader
        assert "\n" not in card.text, f"{reader}: the fallback is read aloud in one breath"


@pytest.mark.parametrize("state", FINAL)
def test_a_finished_request_has_no_buttons_but_those_to_read_on(state: str) -> None:
    for reader in LIVING:
        left = {button["action_id"] for button in buttons(draw(reader, FINAL[state]))}
        to_read = {Action.WHO_WAS_ASKED, Action.TIMELINE} if reader == "coordinators" else set()
        assert left - AT_ANY_MOMENT == to_read, reader
        assert (Action.REST in left or Action.END_BREAK in left) == (reader in TO_MENTORS), reader


@pytest.mark.parametrize("state", STATES)
def test_words_said_once_have_no_buttons_that_could_go_stale(state: str) -> None:
    for reader, card in drawn(state, SAID_ONCE).items():
        assert buttons(card) == [], reader


@pytest.mark.parametrize("state", STATES)
def test_every_button_says_which_request_it_is_about(state: str) -> None:
    for reader, card in drawn(state).items():
        for button in buttons(card):
            ref = TimeRef if button["action_id"] == Action.ACCEPT_TIME else RequestRef
            assert ref.read(button["value"]).request_id == STATES[state].request_id, reader
            assert button["action_id"] in set(Action), reader


@pytest.mark.parametrize("state", STATES)
def test_the_mentors_channel_sees_no_names(state: str) -> None:
    for kind in (CardKind.CHANNEL, CardKind.BUMP, CardKind.REOPENED):
        said = " ".join(strings(render(kind, STATES[state], to="", links=LINKS)))
        for person in (RILEY, SAM, DANA):
            assert person.name not in said
            assert person.slack_id not in said


@pytest.mark.parametrize("state", STATES)
def test_a_mentee_never_sees_how_many_were_asked_or_declined(state: str) -> None:
    view = STATES[state]
    if view.preferred and view.hold:
        return  # there they do learn that nobody else is asked so far
    given_back = len(view.excluded)
    crowd = [f"U{number:05}" for number in range(40)]
    other = view.model_copy(
        update={
            "asked": crowd,
            "declined": crowd[:30],
            "reasons": crowd[:20],
            "hold": HoldView(mentor=DANA, until=view.respond_by),
            "excluded": crowd[: given_back * 3] + view.excluded[-1:],
        }
    )
    for kind in (
        CardKind.RECEIVED,
        CardKind.UPDATE,
        CardKind.OPENED_WIDER,
        CardKind.RELEASED,
        CardKind.CLOSED_WORD,
        CardKind.FEEDBACK,
    ):
        seen = render(kind, view, to=RILEY.slack_id, links=LINKS)
        assert seen == render(kind, other, to=RILEY.slack_id, links=LINKS)


def test_a_mentee_is_told_of_a_claim_only_when_it_can_no_longer_be_undone() -> None:
    before = draw("received, to Riley", STATES["open"])
    assert draw("received, to Riley", STATES["claimed by Sam, who can undo it"]) == before
    assert "Sam Okafor" in draw("received, to Riley", STATES["introduced"]).text


def test_a_mentor_who_was_only_asked_never_learns_who_took_it() -> None:
    for state in ("claimed by Sam, who can undo it", "introduced", "scheduled", "completed"):
        card = draw("ask, to Dana", STATES[state])
        assert "Taken, thank you" in card.text
        assert "Sam" not in " ".join(strings(card))
        assert {button["action_id"] for button in buttons(card)} <= AT_ANY_MOMENT


def test_only_the_mentor_asked_by_name_can_claim_in_their_window() -> None:
    view = STATES["open, Sam asked by name first"]
    assert labels(draw("ask, to Sam", view))[:2] == ["Confirm", "Decline"]
    assert labels(draw("ask, to Dana", view)) == ["Not this week", "Pause or stop…"]
    assert "Claim" not in labels(draw("channel", view))


@pytest.mark.parametrize("state", STATES)
def test_on_every_card_a_mentor_can_rest_or_come_back(state: str) -> None:
    for reader, card in drawn(state, TO_MENTORS).items():
        here = {button["action_id"] for button in buttons(card)}
        assert {Action.REST, Action.END_BREAK} & here, reader


@pytest.mark.parametrize("state", STATES)
def test_a_mentors_card_has_two_rows_of_buttons_at_most(state: str) -> None:
    for reader, card in drawn(state, TO_MENTORS).items():
        rows = [block["elements"] for block in card.blocks if block["type"] == "actions"]
        assert len(rows) <= 2, reader
        assert all(len(row) <= 5 for row in rows), reader


def test_a_spoken_label_begins_with_what_is_seen_so_that_it_can_be_said_to_the_machine() -> None:
    for reader in sorted(TO_MENTORS):
        for view in STATES.values():
            for button in buttons(draw(reader, view)):
                if button["action_id"] in AT_ANY_MOMENT:
                    seen = button["text"]["text"].rstrip("…")
                    assert button["accessibility_label"].startswith(seen)


def test_each_kind_of_rest_has_its_own_words() -> None:
    until = asked(on_break={SAM.slack_id: SUBMITTED + timedelta(days=9)})
    paused = asked(on_break={SAM.slack_id: None})
    stopped = asked(on_break={SAM.slack_id: None}, opted_out=[SAM.slack_id])
    said = [" ".join(strings(draw("ask, to Sam", view))) for view in (until, paused, stopped)]
    assert "You are taking a break until" in said[0]
    assert "We have paused requests to you for now" in said[1]
    assert "You get no requests any more, as you wished" in said[2]
    assert labels(draw("ask, to Sam", until)) == ["I'm back", "Pause or stop…"]
    assert labels(draw("ask, to Sam", stopped)) == ["I'm back"]


def test_cards_of_an_earlier_pair_lose_their_buttons_and_show_nothing_of_the_next() -> None:
    view = STATES["released by Sam, now with Dana"]
    view = view.model_copy(update={"proposal": ProposalView(number=2, by="U0DANA", times=[])})
    for reader in ("introduction, of Riley and Sam", "proposal, to Riley and Sam"):
        card = draw(reader, view)
        assert buttons(card) == []
        assert "Dana" not in " ".join(strings(card))
    new = render(CardKind.INTRODUCTION, view, to=DANAS_GROUP, links=LINKS)
    assert labels(new) == ["Propose a time"]


def test_a_replaced_proposal_has_no_live_buttons() -> None:
    view = STATES["scheduled, another time proposed"]
    assert buttons(draw("proposal, to Riley and Sam", view, number=1)) == []
    newest = draw("proposal, to Riley and Sam", view, number=2)
    assert labels(newest) == ["Accept", "Accept", "Suggest other times"]


def test_an_accepted_proposal_has_no_live_buttons() -> None:
    assert buttons(draw("proposal, to Riley and Sam", STATES["scheduled"])) == []


def test_each_time_is_said_on_both_clocks() -> None:
    card = draw("proposal, to Riley and Sam", STATES["introduced, times proposed by Sam"])
    said = " ".join(strings(card))
    assert (
        "Thu 26 Nov: 6:00 PM for Riley Santos (Chicago time), "
        "7:00 PM for Sam Okafor (New York time)"
    ) in said


def test_the_status_link_is_left_out_when_nobody_could_open_it() -> None:
    view = STATES["open"]
    assert "https://mentors.example.org/requests/" in str(draw("received, to Riley", view).blocks)
    assert "http" not in str(draw("received, to Riley", view, links=NO_LINKS).blocks)


def test_what_takes_back_or_ends_something_asks_first() -> None:
    for reader, state in (
        ("received, to Riley", "open"),
        ("received, to Riley", "introduced"),
        ("ask, to Sam", "introduced"),
        ("ask, to Sam", "scheduled"),
    ):
        last = buttons(draw(reader, STATES[state]))[-1]
        assert last["action_id"] in (Action.CANCEL, Action.RELEASE)
        assert last["confirm"]


# ---- people's words -----------------------------------------------------------------------------

NASTY = {
    "a ping to everyone": "<!channel> <!here> @channel",
    "a disguised link": "<https://evil.example|your bank>",
    "a mention": "<@U0SAM> & <#C0GENERAL>",
    "a script": "<script>alert('x')</script>",
    "right to left": "אני רוצה ללמוד תכנות",
    "a turned line": "abc\u202egpj.exe",
    "emoji": "🎖️🧑‍💻 learn :snake: 👨‍👩‍👧‍👦",
    "line breaks": "one\r\ntwo\n\n> three\u0000",
}


def in_words_of(text: str, status: Status) -> RequestView:
    person = Person(slack_id="U0RILEY", name=text[:80], time_zone="America/Chicago")
    mentor = Person(slack_id="U0SAM", name=text[:80], time_zone="not/a/zone")
    return asked(
        status,
        mentee=person,
        goal=text[:MAX_GOAL],
        service=text,
        skills=[Skill(name=text)] * 30,
        claim=None if status is Status.OPEN else claim(mentor, hello=text[:MAX_HELLO]),
        group_channel="" if status is Status.OPEN else "G0SAM",
        waiting_for=text,
        preferred=mentor,
        owner=person,
        best_placed=[mentor] * 3,
        escalation_step=text,
        closing_word=text,
        words=[
            WordView(number=1, by=person, role=Role.MENTEE, text=text, at=SUBMITTED),
            WordView(number=2, by=mentor, to="U0RILEY", text=text, at=SUBMITTED),
        ],
    )


def _literals(card: Card) -> list[str]:
    """Words in plain text, where Slack reads no markup at all."""
    texts = [block["text"] for block in card.blocks if "text" in block]
    return [text["text"] for text in texts if text["type"] == "plain_text"]


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("status", list(Status))
def test_peoples_words_stay_words(text: str, status: Status) -> None:
    view = in_words_of(text, status)
    for reader in READERS:
        card = draw(reader, view)
        checked_blocks(card.blocks)
        for said in [one for one in strings(card) if one not in _literals(card)]:
            assert "<!channel" not in said
            assert "<!here" not in said
            assert "<https://evil" not in said
            assert "<#C0GENERAL" not in said
            assert "<script" not in said
            assert not set(said) & set("\u202e\u0000\r")


@pytest.mark.parametrize("character", ["&", "<", "x", "🎖", "ש", "\n"])
def test_the_longest_words_fit_into_slacks_limits(character: str) -> None:
    longest = character * MAX_DETAILS
    for status in Status:
        view = in_words_of(longest, status)
        for reader in READERS:
            checked_blocks(draw(reader, view).blocks)
    form = FormContext(request_id="MR-4F6T2QXK5A", channel="D0SAM", role=Role.MENTEE)
    details = RequestDetails(
        request_id="MR-4F6T2QXK5A",
        mentee=view.mentee,
        service=longest,
        goal=longest,
        details=longest,
        skills=[longest] * 30,
        affiliation=longest,
    )
    for modal in (
        modals.details(details),
        modals.hello(view, form),
        modals.times(view, form, now=view.now, time_zone=""),
        modals.feedback(view, form, Role.MENTEE),
        modals.hold(view, form, view.now, ""),
        modals.write_by(view, form, view.now, ""),
        modals.assign(view, form),
        modals.close_request(view, form),
        modals.answer_person(view, form.model_copy(update={"number": 1})),
        modals.request_card(view),
    ):
        checked_view(modal, "modal")


def test_details_are_shown_to_the_last_letter() -> None:
    details: dict[str, Any] = {"request_id": "MR-4F6T2QXK5A", "mentee": RILEY, "goal": "Learn"}
    text = "<b>&" + "x" * (MAX_DETAILS - 5) + "!"
    view = modals.details(RequestDetails(service="Code Review", details=text, **details))
    assert text in strings(view)


def test_the_mentors_own_hello_replaces_the_default_one() -> None:
    own = matched(claim=claim(hello="Ahoy!"))
    assert "> Ahoy!" in str(draw("introduction, of Riley and Sam", own).blocks)
    default = draw("introduction, of Riley and Sam", matched())
    assert "I'm Sam Okafor, and I'd be glad to help" in " ".join(strings(default))
