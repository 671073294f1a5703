"""What a person reads when a form can't be sent yet: clear words, and nothing typed is lost."""

from __future__ import annotations

import pytest

from domain.models import Mentor
from tests.starter.house import DANA, PAIRING, SAM, House, Page

SKILLS = ["JavaScript", "C++"]
TYPED = {
    "email": "ria@example.com",
    "service": PAIRING.name,
    "goal": "Get my first React app ready to show",
    "details": "First line.\n\n  Second & <last> line.",
    "skills": SKILLS,
    "mentor": SAM.record_id,
    "affiliation": "Veteran",
    "level": "Beginner",
}


def keeps_everything(page: Page, token: str, **changed: str) -> None:
    expected = {**TYPED, **changed}
    assert page.value("submission") == token
    for name in ("email", "service", "goal", "details", "mentor", "affiliation", "level"):
        assert page.value(name) == expected[name]
    assert sorted(page.chosen("skills")) == sorted(SKILLS)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "", "Enter the e-mail that you sign in to Slack with."),
        ("email", "ria", "Enter a whole e-mail address, like name@example.com."),
        ("email", "nobody@example.com", "We can’t find this e-mail in the Slack workspace."),
        ("service", None, "Choose what would help you."),
        ("service", "Time travel", "“Time travel” is not offered. Choose one of these."),
        ("goal", "   ", "Write your goal in one line."),
        ("goal", "\u200b\u2060", "Write your goal in one line."),
        ("goal", "x" * 151, "This has 151 characters; 150 is the most."),
        ("details", "", "Tell your mentor a little more"),
        ("details", "x" * 3001, "This has 3,001 characters; 3,000 is the most."),
        ("skills", ["JavaScript", "Alchemy"], "We don’t have a skill called “Alchemy”."),
        ("mentor", "UNOBODY", "We don’t know this mentor."),
        ("mentor", DANA.record_id, "Dana Whitfield can’t take anyone new right now."),
        ("affiliation", "Pirate", "“Pirate” is not in our list."),
        ("level", "Wizard", "“Wizard” is not in our list."),
    ],
)
async def test_each_mistake_is_named_at_its_field_and_in_the_summary(
    house: House, field: str, value: object, words: str
) -> None:
    page = await house.send(**{**TYPED, field: value})
    assert page.status == 422
    assert page.problem(field).startswith(words)
    assert house.requests.started == []
    others = [name for name in TYPED if name != field and page.problem(name)]
    assert others == []


async def test_all_mistakes_are_named_at_once_in_the_order_of_the_form(house: House) -> None:
    page = await house.send(email="nobody@example.com", service=None, goal="", details="")
    assert page.status == 422
    assert "Please check these 4 things" in page.text
    places = [
        page.html.index(f'href="#{name}"') for name in ("email", "service", "goal", "details")
    ]
    assert places == sorted(places)


async def test_nothing_typed_is_lost_by_a_mistake(house: House) -> None:
    token = (await house.get("/")).value("submission")
    page = await house.send(**{**TYPED, "goal": "y" * 200, "submission": token})
    keeps_everything(page, token, goal="y" * 200)


async def test_after_mending_the_mistake_the_same_submission_goes_through(house: House) -> None:
    page = await house.send(**{**TYPED, "goal": ""})
    sent = await house.send(**{**TYPED, "submission": page.value("submission")})
    assert sent.status == 303
    assert len(house.requests.started) == 1


async def test_nobody_can_choose_themselves(house: House) -> None:
    house.catalog.all_mentors = [Mentor(slack_id="URIA", record_id="recRIA", name="Ria Castellan")]
    page = await house.send(mentor="URIA")
    assert page.problem("mentor") == "You can’t be your own mentor. Choose someone else."


async def test_temporal_away_is_a_503_with_everything_still_in_the_form(house: House) -> None:
    token = (await house.get("/")).value("submission")
    house.requests.away = True
    page = await house.send(**{**TYPED, "submission": token})
    assert page.status == 503
    assert "Nothing was sent" in page.text
    assert "press Send again" in page.text
    assert int(page.answer.headers["Retry-After"]) > 0
    keeps_everything(page, token)

    house.requests.away = False
    assert (await house.send(**{**TYPED, "submission": token})).status == 303
    assert len(house.requests.started) == 1


async def test_slack_away_is_a_503_with_everything_still_in_the_form(house: House) -> None:
    token = (await house.get("/")).value("submission")
    house.directory.away = True
    page = await house.send(**{**TYPED, "submission": token})
    assert page.status == 503
    assert "We can’t reach Slack right now" in page.text
    assert page.problem("email") == "", "it is not the person's mistake"
    keeps_everything(page, token)
    assert house.requests.started == []


async def test_slack_away_does_not_hide_a_mistake_that_can_be_mended_now(house: House) -> None:
    house.directory.away = True
    page = await house.send(goal="")
    assert page.status == 422
    assert page.problem("goal")


async def test_a_broken_address_is_not_looked_up(house: House) -> None:
    await house.send(email="ria at example.com")
    assert house.directory.asked == []


async def test_records_away_keeps_a_sent_form_for_another_try(house: House) -> None:
    token = (await house.get("/")).value("submission")
    house.catalog.away = True
    fields = [("submission", token), *((k, v) for k, v in TYPED.items() if isinstance(v, str))]
    page = await house.post("/", fields)
    assert page.status == 503
    assert "Retry-After" in page.answer.headers
    assert "Everything you typed is kept on this page" in page.text
    assert page.value("details") == TYPED["details"]

    house.catalog.away = False
    again = await house.post(
        "/", [(n, v) for n, values in page.fields.values.items() for v in values]
    )
    assert again.status == 303
    assert house.requests.started[0].details == TYPED["details"]


async def test_records_away_says_so_in_plain_words(house: House) -> None:
    house.catalog.away = True
    page = await house.get("/")
    assert page.status == 503
    assert "We’ll be back in a moment" in page.text
    assert "Retry-After" in page.answer.headers


async def test_among_many_skills_the_chosen_ones_are_shown_first_again(house: House) -> None:
    page = await house.send(skills=["Python", "React"], goal="")
    assert page.fields.offered["skills"] == ["not-sure", "Python", "React", "C++", "JavaScript"]
