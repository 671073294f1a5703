"""The tool that finds near-duplicate skills, over real HTTP against the sandbox's Airtable."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from clients.airtable import Airtable, AirtableAwayError
from domain.skills import SkillIndex
from records import skillsets
from records.catalog import Catalog
from records.skillsets import CHANGED, FAILED, REFUSED, NoSuchGroupError, Options, options_from
from sandbox.config import AIRTABLE_BASE_ID, AirtableStandInConfig
from tests.records.airtable_fake import Clock
from tests.sandbox.airtable_standin import StandIn, running

SKILLS = {
    "JavaScript": "ECMAScript",
    "Javascript": None,
    "JS": None,
    "Python": "Py , Snake;  ",
    "Python 3": None,
    "Woodworking": None,
    "Woodwroking": None,
    "Reading": None,
}
CHOICES = {
    "U0SAM00001": ["JavaScript", "Python 3"],
    "U0DANA0001": ["JS", "Reading", "JavaScript"],
    "U0KENJI001": ["Python", "Python 3", "Javascript"],
    "U0PRIYA001": ["Python", "Reading"],
}
ALIASES = {"JavaScript": "ECMAScript, JS", "Python": "Py , Snake;  , Python 3"}
"""What the cells say once the tool has added to them."""


class Base:
    """A community's base with a small table of skills."""

    def __init__(self, stand_in: StandIn, airtable: Airtable) -> None:
        self.stand_in = stand_in
        self.airtable = airtable
        self.said: list[str] = []
        self.asked: list[str] = []
        self._skills, self._mentors = stand_in.table("Skillsets"), stand_in.table("Mentors")
        for table in (self._skills, self._mentors):
            table.batch_delete([row["id"] for row in table.all()])
        rows: list[Any] = [{"Name": name, "Aliases": text} for name, text in SKILLS.items()]
        ids = {row["fields"]["Name"]: row["id"] for row in self._skills.batch_create(rows)}
        self._names = {record_id: name for name, record_id in ids.items()}
        self._mentors.batch_create(
            [
                {"Slack ID": who, "Skillsets": [ids[name] for name in names]}
                for who, names in CHOICES.items()
            ]
        )
        stand_in.request("DELETE", "/_sandbox/requests")

    def aliases(self) -> dict[str, str]:
        """What the cells say, by the name of the skill; those that say something."""
        found = {row["fields"]["Name"]: row["fields"].get("Aliases") for row in self._skills.all()}
        assert found.keys() == SKILLS.keys(), "no row is ever added, deleted or renamed"
        return {name: text for name, text in found.items() if text}

    def choices(self) -> dict[str, list[str]]:
        return {
            row["fields"]["Slack ID"]: [self._names[one] for one in row["fields"]["Skillsets"]]
            for row in self._mentors.all()
        }

    def change_aliases(self, name: str, text: str) -> None:
        [record_id] = [one for one, known in self._names.items() if known == name]
        self._skills.update(record_id, {"Aliases": text})

    def add_choice(self, who: str, name: str) -> None:
        """A new row of this name, which one mentor has chosen."""
        row = self._skills.create({"Name": name})
        self._mentors.create({"Slack ID": who, "Skillsets": [row["id"]]})

    def writes(self) -> int:
        calls = self.stand_in.log()["requests"]
        return sum(call["method"] == "PATCH records" for call in calls)

    async def tidy(self, answer: bool | Callable[[], bool] = True, **options: Any) -> int:
        def ask(question: str) -> bool:
            self.asked.append(question)
            return answer if isinstance(answer, bool) else answer()

        wish = Options(**options)
        self.said.clear()
        return await skillsets.tidy(self.airtable, AIRTABLE_BASE_ID, wish, self.say, ask)

    def say(self, line: str) -> None:
        self.said.append(line)

    @property
    def words(self) -> str:
        return "\n".join(self.said)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with running(AirtableStandInConfig(rate_limits=False)) as one:
        yield one


@pytest.fixture
async def base(stand_in: StandIn) -> AsyncIterator[Base]:
    clock = Clock()
    airtable = Airtable(
        stand_in.config.token, endpoint_url=stand_in.url, clock=clock, sleep=clock.sleep
    )
    yield Base(stand_in, airtable)
    await airtable.close()


BEFORE = {name: text for name, text in SKILLS.items() if text}


async def test_by_default_it_only_shows_what_it_would_do(base: Base) -> None:
    assert await base.tidy() == CHANGED
    assert base.aliases() == BEFORE
    assert base.choices() == CHOICES
    assert (base.writes(), base.asked) == (0, [])
    assert base.said[0] == "8 skills, 3 groups of near-duplicates."
    for line in (
        "JavaScript (sure)",
        "    keep: JavaScript, 2 mentors",
        "    same: Javascript, 1 mentor – sure: "
        "they differ in capitals, blanks or punctuation only",
        "    same: JS, 1 mentor – sure: both are names of JavaScript",
        "Python (likely)",
        "    same: Python 3, 2 mentors – likely: they differ in a version number",
        'Woodworking (perhaps; left out; if it is true: --only "Woodwroking")',
        "    JavaScript, Aliases: “ECMAScript, JS” (before: “ECMAScript”)",
        "    Python, Aliases: “Py , Snake;  , Python 3” (before: “Py , Snake;  ”)",
        "Nothing was changed: this only shows what would be. To do it, add --apply.",
    ):
        assert line in base.said
    assert "relink" not in base.words


async def test_applied_it_adds_aliases_behind_those_that_are_there_and_nothing_else(
    base: Base,
) -> None:
    assert await base.tidy(apply=True) == CHANGED
    assert base.asked == ["Write this to Airtable?"]
    assert base.aliases() == ALIASES
    assert base.choices() == CHOICES
    assert "Written: JavaScript, Aliases: “ECMAScript, JS” (before: “ECMAScript”)" in base.said
    assert "To undo a line, put what it says after “before” back" in base.said[-1]


async def test_then_all_names_of_a_skill_compare_as_one(base: Base) -> None:
    await base.tidy(apply=True)
    index = SkillIndex(await Catalog(base.airtable, AIRTABLE_BASE_ID).skills())
    assert index.canonical_all(["JavaScript", "Javascript", "JS", "ecmascript"]) == {"javascript"}
    assert index.canonical_all(["Python", "python3", "Py"]) == {"python"}
    assert index.canonical("Woodworking") != index.canonical("Woodwroking")


async def test_run_again_it_finds_nothing_to_do(base: Base) -> None:
    await base.tidy(apply=True, relink=True)
    writes, aliases, choices = base.writes(), base.aliases(), base.choices()
    assert await base.tidy(apply=True, relink=True) == CHANGED
    assert base.said[-1] == "There is nothing to change."
    assert "    these compare as one already" in base.said
    assert (base.writes(), base.aliases(), base.choices()) == (writes, aliases, choices)


async def test_whoever_says_no_changes_nothing(base: Base) -> None:
    assert await base.tidy(answer=False, apply=True, relink=True) == REFUSED
    assert base.said[-1] == "Nothing was changed."
    assert (base.writes(), base.aliases(), base.choices()) == (0, BEFORE, CHOICES)


async def test_with_yes_nobody_is_asked(base: Base) -> None:
    assert await base.tidy(answer=False, apply=True, yes=True) == CHANGED
    assert base.asked == []
    assert base.aliases() == ALIASES


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ({"only": ["js"]}, {"JavaScript"}),
        ({"only": ["JavaScript", "Python 3"]}, {"JavaScript", "Python"}),
        ({"leave_out": ["Python"]}, {"JavaScript"}),
        ({"only": ["woodwroking"]}, {"Woodworking"}),
        ({"only": ["Python"], "leave_out": ["Python 3"]}, set()),
    ],
)
async def test_single_groups_can_be_chosen_or_left_out(
    base: Base, options: dict[str, Any], changed: set[str]
) -> None:
    await base.tidy(apply=True, **options)
    aliases = base.aliases()
    assert {name for name in aliases if aliases[name] != BEFORE.get(name)} == changed


async def test_a_name_that_is_in_no_group_is_told_before_anything_happens(base: Base) -> None:
    with pytest.raises(NoSuchGroupError, match="“Knitting”, “Reading”"):
        await base.tidy(apply=True, yes=True, only=["JS", "Reading"], leave_out=["Knitting"])
    assert base.aliases() == BEFORE


async def test_relinking_shows_first_whose_choices_would_move(base: Base) -> None:
    assert await base.tidy(relink=True) == CHANGED
    assert base.choices() == CHOICES
    assert (
        "    U0DANA0001, Skillsets: “JavaScript, Reading” (before: “JS, Reading, JavaScript”)"
        in base.said
    )
    assert "U0PRIYA001" not in base.words, "nothing of theirs changes"


async def test_relinked_mentors_have_the_kept_row_once_and_their_other_skills_in_order(
    base: Base,
) -> None:
    assert await base.tidy(apply=True, relink=True) == CHANGED
    assert base.choices() == {
        "U0SAM00001": ["JavaScript", "Python"],
        "U0DANA0001": ["JavaScript", "Reading"],
        "U0KENJI001": ["Python", "JavaScript"],
        "U0PRIYA001": ["Python", "Reading"],
    }
    assert base.aliases() == ALIASES, "the other rows' names are listed, so nobody is lost"


async def test_rows_that_compare_as_one_already_can_still_be_relinked(base: Base) -> None:
    await base.tidy(apply=True)
    assert await base.tidy(apply=True, relink=True) == CHANGED
    assert base.choices()["U0DANA0001"] == ["JavaScript", "Reading"]


async def test_rows_that_are_written_alike_are_told_apart_by_their_record_ids(base: Base) -> None:
    base.add_choice("U0ROSA0001", "Reading ")
    await base.tidy(relink=True, only=["Reading"])
    [line] = [line for line in base.said if "U0ROSA0001" in line]
    kept, other = re.findall(r"Reading \[(rec\w+)\]", line)
    assert kept != other


async def test_what_somebody_changed_while_it_asked_is_not_written_over(base: Base) -> None:
    def meanwhile() -> bool:
        base.change_aliases("JavaScript", "Brendan's language")
        return True

    assert await base.tidy(meanwhile, apply=True) == REFUSED
    assert "Somebody has changed the table meanwhile" in base.said[-1]
    assert base.aliases() == {**BEFORE, "JavaScript": "Brendan's language"}
    await base.tidy(apply=True)
    assert base.aliases()["JavaScript"] == "Brendan's language, JS"


async def test_after_a_failure_half_way_it_goes_on_where_it_stopped(base: Base) -> None:
    fault = {"method": "PATCH records", "kind": "status", "status": 503, "count": 1}

    def meanwhile() -> bool:
        base.stand_in.control("faults", fault)
        return True

    with pytest.raises(AirtableAwayError):
        await base.tidy(meanwhile, apply=True, relink=True)
    assert not any(line.startswith("Written") for line in base.said)
    assert await base.tidy(apply=True, relink=True) == CHANGED
    assert base.aliases() == ALIASES


# ---- the command ----------------------------------------------------------------------------


def test_the_command_line_says_what_is_meant() -> None:
    assert options_from([]) == Options()
    line = ["--apply", "--relink", "--yes", "--only", "JS", "Python 3", "--except", "Go"]
    wish = Options(apply=True, relink=True, yes=True, only=["JS", "Python 3"], leave_out=["Go"])
    assert options_from(line) == wish


@pytest.fixture
def shell(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """As an operator's shell has it: where Airtable is, and nobody who types."""
    monkeypatch.setenv("AIRTABLE_TOKEN", stand_in.config.token)
    monkeypatch.setenv("AIRTABLE_BASE_ID", AIRTABLE_BASE_ID)
    monkeypatch.setenv("AIRTABLE_ENDPOINT_URL", stand_in.url)
    return stand_in


def test_as_a_command_it_reads_the_settings_and_changes_nothing_by_itself(
    shell: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert skillsets.main([]) == CHANGED
    assert "of near-duplicates" in capsys.readouterr().out


def test_without_a_person_to_ask_the_answer_is_no(
    shell: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    table = shell.table("Skillsets")
    table.batch_create([{"Name": "Beekeeping 1"}, {"Name": "Beekeeping 2"}])
    assert skillsets.main(["--apply", "--only", "Beekeeping 1"]) == REFUSED
    assert "Nothing was changed." in capsys.readouterr().out


def test_a_failure_is_told_in_words_and_by_the_exit_status(
    shell: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert skillsets.main(["--only", "No such skill"]) == FAILED
    assert "No group of near-duplicates has a row “No such skill”" in capsys.readouterr().err
    monkeypatch.setenv("AIRTABLE_TOKEN", "patWrong.token")
    assert skillsets.main([]) == FAILED
    told = capsys.readouterr().err
    assert "AIRTABLE_TOKEN is not accepted" in told
    assert "patWrong" not in told
