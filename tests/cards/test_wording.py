"""Coordinators' own words: used where they are sound, and never at the cost of a fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from cards import messages_page, modals, notice, talk
from cards.mentor_words import word_to_mentor
from cards.sentences import SENTENCES
from cards.text import MAX_SECTION
from cards.values import FormContext
from cards.wording import DEFAULT, MAX_TEXT, Wording, problem
from domain.mentor_memory import WordKind
from domain.models import MAX_HELLO
from domain.view import Notice
from sandbox.slack.blocks import checked_blocks
from tests.cards.card_sketch import strings
from tests.cards.card_stories import READERS, RILEY, SAM, STATES, asked, draw

DOCS = Path(__file__).parent.parent.parent / "docs" / "messages.md"


class Listening(Wording):
    """The bundled sentences, and which of them were said with which names."""

    def __init__(self) -> None:
        super().__init__({})
        self.said: dict[str, set[str]] = {}

    def say(self, key: str, /, **values: str) -> str:
        self.said[key] = set(values)
        return super().say(key, **values)


def _everything(wording: Wording) -> None:
    """Draws every card in every state, and every private answer."""
    for reader in READERS:
        for view in STATES.values():
            draw(reader, view, wording=wording)
    for what in Notice:
        notice(what, asked(), RILEY.slack_id, wording=wording)
    talk.passed_on(wording=wording)
    for kind in WordKind:
        for answer in ("", "back", "not now", "never", "here"):
            word_to_mentor(kind, answer, None, wording.say)


def test_every_sentence_is_said_somewhere_with_all_that_it_may_name() -> None:
    listening = Listening()
    _everything(listening)
    assert listening.said == {
        key: set(sentence.placeholders) for key, sentence in SENTENCES.items()
    }


def test_the_bundled_sentences_keep_their_own_rules() -> None:
    for key, sentence in SENTENCES.items():
        assert problem(key, sentence.text) is None
        assert set(sentence.needs) <= set(sentence.placeholders)


def test_dates_can_never_be_left_out() -> None:
    for key, sentence in SENTENCES.items():
        assert {"date", "time"} & set(sentence.placeholders) <= set(sentence.needs), key


def test_a_coordinators_sentence_takes_the_place_of_ours() -> None:
    own = Wording({"mentee.matched": "_Hooray!_ {mentor} will be your guide."})
    assert own.problems == {}
    card = draw("received, to Riley", STATES["introduced"], wording=own)
    assert card.text == "_Hooray!_ Sam Okafor will be your guide."
    assert card.blocks[0]["text"]["text"].startswith("_Hooray!_ Sam Okafor will be your guide.\n")
    told = Wording({"notice.taken": "Gone, alas."})
    assert notice(Notice.TAKEN, asked(), SAM.slack_id, wording=told).text == "Gone, alas."


def test_a_reworded_hello_opens_group_message_and_form() -> None:
    own = Wording({"hello.session": "Ahoy from {mentor}! Let us look at this: {goal}"})
    card = draw("introduction, of Riley and Sam", STATES["introduced"], wording=own)
    expected = "Ahoy from Sam Okafor! Let us look at this: Get my first Flask app to talk to"
    assert any(expected in said for said in strings(card))
    form = FormContext(request_id="MR-4F6T2QXK5A")
    undoable = STATES["claimed by Sam, who can undo it"]
    assert any(expected in said for said in strings(modals.hello(undoable, form, own)))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        (" \n\u202e ", "it is empty"),
        ("x" * (MAX_TEXT + 1), "characters, and 1500 are the most"),
        ("<!channel> You have {mentor}.", "call everybody"),
        ("<!here|you> You have {mentor}.", "call everybody"),
        ("<!everyone> You have {mentor}.", "call everybody"),
        ("<!subteam^S0MENTORS> You have {mentor}.", "call everybody"),
        ("<!{mentor}> {mentor}", "call everybody"),
        ("@channel: {mentor}", "call everybody"),
        ("Dear @Everyone, {mentor}", "call everybody"),
        ("You have somebody.", "{mentor} is missing"),
        ("You have {mentor}, {mentee}.", "{mentee} can't be filled in here"),
        ("You have {mentor.__class__}.", "{mentor.__class__} can't be filled in here"),
        ("You have {mentor[0]}.", "{mentor[0]} can't be filled in here"),
        ("You have {mentor!r}.", "{mentor!r} can't be filled in here"),
        ("You have {mentor:>99999}.", "{mentor:>99999} can't be filled in here"),
        ("You have {}.", "{} can't be filled in here"),
        ("You have {0}.", "{0} can't be filled in here"),
        ("You have {mentor.", "write {{ or }}"),
        ("You have } {mentor}.", "write {{ or }}"),
    ],
)
def test_a_broken_row_says_why_and_falls_back_to_ours(text: str, why: str) -> None:
    own = Wording({"mentee.matched": text, "mentee.cancelled": "Cancelled."})
    assert why in own.problems["mentee.matched"]
    assert list(own.problems) == ["mentee.matched"]
    said = own.say("mentee.matched", mentor="Sam")
    assert said == DEFAULT.say("mentee.matched", mentor="Sam")
    assert own.say("mentee.cancelled") == "Cancelled."


def test_a_row_for_no_message_is_reported() -> None:
    assert Wording({"mentee.mtached": "{mentor}"}).problems == {
        "mentee.mtached": "no message has this key"
    }


def test_keys_are_found_with_blanks_around_them_and_braces_can_be_written() -> None:
    own = Wording({" mentee.matched ": "You have {mentor} {{really}}."})
    assert own.problems == {}
    assert own.say("mentee.matched", mentor="Sam") == "You have Sam {really}."


def test_a_written_date_is_no_call_to_everybody() -> None:
    text = "{mentor} is here since <!date^1795618800^{{date}}|Wednesday>."
    assert problem("mentee.matched", text) is None


def test_names_are_put_in_as_they_are_even_with_braces() -> None:
    own = Wording({"mentee.matched": "You have {mentor}."})
    assert own.say("mentee.matched", mentor="{mentee.__class__}") == (
        "You have {mentee.__class__}."
    )


def test_what_gets_too_long_once_filled_in_falls_back_to_ours() -> None:
    own = Wording({"mentee.matched": "{mentor} " * 160})
    assert own.problems == {}
    sam = "S" * 80
    assert own.say("mentee.matched", mentor=sam) == DEFAULT.say("mentee.matched", mentor=sam)


def test_the_longest_words_of_coordinators_fit_into_every_card() -> None:
    longest = {
        key: ("x" * (MAX_TEXT - 200) + " ".join(f"{{{name}}}" for name in one.placeholders))
        for key, one in SENTENCES.items()
    }
    own = Wording(longest)
    assert own.problems == {}
    for reader in READERS:
        for view in STATES.values():
            card = draw(reader, view, wording=own)
            checked_blocks(card.blocks)
            assert all(len(text) <= MAX_SECTION for text in strings(card))
            assert "\n" not in card.text
    form = FormContext(request_id="MR-4F6T2QXK5A")
    element = modals.hello(asked(), form, own)["blocks"][1]["element"]
    assert len(element["initial_value"]) == MAX_HELLO


def test_the_page_of_messages_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == messages_page.page(), (
        "write it anew: python -m cards.messages_page > docs/messages.md"
    )
