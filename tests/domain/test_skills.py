"""Which names of skills mean the same."""

from __future__ import annotations

from itertools import permutations

import pytest

from domain.models import Skill
from domain.skills import SkillIndex, skill_key

INDEX = SkillIndex(
    [
        Skill(name="JavaScript", aliases=["JS", "ECMAScript"]),
        Skill(name="Node.js", aliases=["Node"]),
        Skill(name="Python", aliases=["Py"]),
        Skill(name="C#"),
        Skill(name="C++"),
    ]
)


@pytest.mark.parametrize(
    "name", ["JavaScript", "Javascript", "java script", "JS", "js", "ECMAScript"]
)
def test_a_skill_is_found_by_any_of_its_names(name: str) -> None:
    assert INDEX.canonical(name) == INDEX.canonical("JavaScript")


def test_different_skills_stay_different() -> None:
    assert len({INDEX.canonical(name) for name in ("C", "C#", "C++", "Java", "JavaScript")}) == 5


def test_spelling_does_not_matter() -> None:
    assert skill_key("Node.js") == skill_key("node js") == skill_key("NodeJS")
    assert INDEX.canonical("Type Script") == INDEX.canonical("typescript")


@pytest.mark.parametrize(
    "rows", list(permutations([Skill(name="JS"), Skill(name="JavaScript", aliases=["JS"])]))
)
def test_a_row_whose_name_is_another_rows_alias_is_the_same_skill(rows: list[Skill]) -> None:
    index = SkillIndex(rows)
    names = ["JS", "js", "JavaScript", "Javascript"]
    assert index.canonical_all(names) == {"javascript"}, "the row that lists the other stands"


@pytest.mark.parametrize(
    "rows",
    list(
        permutations(
            [
                Skill(name="React.js", aliases=["React Library"]),
                Skill(name="React", aliases=["React JS"]),
                Skill(name="React Library", aliases=["Reakt"]),
                Skill(name="React Native"),
            ]
        )
    ),
)
def test_aliases_join_rows_over_several_steps_in_any_order(rows: list[Skill]) -> None:
    index = SkillIndex(rows)
    assert index.canonical_all(["React", "ReactJS", "react library", "Reakt"]) == {"react"}
    assert index.canonical("React Native") == "reactnative"


def test_rows_that_name_each_other_are_one_skill() -> None:
    rows = [Skill(name="Go", aliases=["Golang"]), Skill(name="Golang", aliases=["Go"])]
    for index in (SkillIndex(rows), SkillIndex(rows[::-1])):
        assert index.canonical_all(["Go", "golang"]) == {"go"}


def test_an_alias_that_two_rows_share_does_not_join_them() -> None:
    rows = [
        Skill(name="Google Cloud", aliases=["Cloud", "GCP"]),
        Skill(name="AWS", aliases=["cloud"]),
    ]
    for index in (SkillIndex(rows), SkillIndex(rows[::-1])):
        assert index.canonical("AWS") != index.canonical("GCP")
        assert index.canonical("Cloud") == "aws", "the first by name, whatever the order of rows"


def test_names_without_a_letter_join_nothing() -> None:
    index = SkillIndex([Skill(name="–", aliases=["Go"]), Skill(name="Rust", aliases=["…", ""])])
    assert index.canonical_all(["Go", "Rust"]) == {"go", "rust"}


def test_a_mentors_list_means_the_same_whenever_it_is_looked_at() -> None:
    skills = ("JS", "Python", "Javascript")
    assert INDEX.canonical_list(skills) == INDEX.canonical_all(skills) == {"javascript", "python"}
    assert INDEX.canonical_list(("JS",)) == {"javascript"}
