"""Which rows of a table of skills seem to mean the same, and which one is to be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from time import process_time

import pytest

from domain.models import Skill
from domain.near_duplicates import Group, Sureness, near_duplicates
from domain.skills import SkillIndex


def rows(*names: str, aliases: Mapping[str, Sequence[str]] | None = None) -> list[Skill]:
    known = aliases or {}
    return [Skill(name=one, aliases=list(known.get(one, ())), record_id=one) for one in names]


def find(*names: str, mentors: Mapping[str, int] | None = None, **about: object) -> list[Group]:
    return near_duplicates(rows(*names, **about), mentors or {})  # type: ignore[arg-type]


def told(groups: Sequence[Group]) -> list[tuple[str, list[str], str]]:
    return [
        (group.keep.name, [one.skill.name for one in group.doubles], group.sureness.name)
        for group in groups
    ]


# ---- what means the same --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "sureness", "why"),
    [
        ("JavaScript", "Javascript", "SURE", "they differ in capitals, blanks or punctuation only"),
        ("Node.js", "node js", "SURE", "they differ in capitals, blanks or punctuation only"),
        ("Front end", "Front-End", "SURE", "they differ in capitals, blanks or punctuation only"),
        ("JavaScript", "JS", "SURE", "both are names of JavaScript"),
        ("PostgreSQL", "Postgres", "SURE", "both are names of PostgreSQL"),
        ("React", "ReactJS", "SURE", "both are names of React"),
        ("Kubernetes", "K8s", "SURE", "both are names of Kubernetes"),
        ("AWS", "Amazon Web Services", "SURE", "both are names of AWS"),
        ("Python", "Python 3", "LIKELY", "they differ in a version number"),
        ("Python", "python3.11", "LIKELY", "they differ in a version number"),
        ("C++", "C++17", "LIKELY", "they differ in a version number"),
        ("Angular", "Angular 2+", "LIKELY", "they differ in a version number"),
        ("Woodwork 2", "Woodwork v3.x", "LIKELY", "they differ in a version number"),
        ("REST API", "REST APIs", "LIKELY", "they differ in a plural"),
        ("Web service", "Web services", "LIKELY", "they differ in a plural"),
        ("Technology", "Technologies", "LIKELY", "they differ in a plural"),
        ("Backbone", "Backbone.js", "LIKELY", "they differ in “.js”"),
        ("Mobile dev", "Mobile development", "LIKELY", "they differ in a short form"),
        ("Rust", "Rust programming", "LIKELY", "they differ in a word like “programming”"),
        (
            "Data Structures & Algorithms",
            "Data structures and algorithms",
            "LIKELY",
            "they differ in “&” for “and”",
        ),
        ("JavaScript", "Javascrpt", "LIKELY", "almost the same spelling"),
        ("Kubernetes", "Kubernets", "LIKELY", "almost the same spelling"),
        ("Project management", "Project mangement", "LIKELY", "almost the same spelling"),
        ("K8s", "Kubernets", "LIKELY", "almost the same spelling as “Kubernetes”"),
        ("Woodworking", "Woodwroking", "PERHAPS", "almost the same spelling"),
        ("DDD", "Domain driven design", "PERHAPS", "one could be the initials of the other"),
    ],
)
def test_names_of_one_skill_are_found_with_how_sure_that_is_and_why(
    one: str, other: str, sureness: str, why: str
) -> None:
    for names in ((one, other), (other, one)):
        [group] = find(*names, "Gardening")
        assert {row.name for row in group.rows} == {one, other}
        assert (group.sureness.name, group.doubles[0].why) == (sureness, why)


def test_an_alias_that_both_list_may_mean_that_they_are_one() -> None:
    [group] = find("Cloud", "Hosting", aliases={"Cloud": ["Servers"], "Hosting": ["servers"]})
    assert (group.sureness, group.doubles[0].why) == (
        Sureness.PERHAPS,
        "they have an alias in common",
    )


def test_a_misspelt_alias_of_a_row_is_found() -> None:
    [group] = find("Version control", "Mercurail", aliases={"Version control": ["Mercurial"]})
    assert group.doubles[0].why == "almost the same spelling as “Mercurial”"


# ---- what does not --------------------------------------------------------------------------

DIFFERENT = [
    ("Java", "JavaScript", "Jakarta"),
    ("C", "C++", "C#", "CSS", "F#", "D", "R"),
    ("Go", "Google Cloud", "Godot", "Goland"),
    ("SQL", "NoSQL", "MySQL", "PostgreSQL", "MS SQL Server", "PL/SQL", "T-SQL", "SQLite"),
    ("React", "React Native", "Preact", "Redux"),
    ("Next.js", "NestJS", "Nuxt.js", "Jest"),
    ("Angular", "AngularJS"),
    ("Python", "Cython", "Jython", "PyTorch"),
    ("UI design", "UX design", "Web design", "Game design"),
    ("Project management", "Product management", "Program management"),
    ("Data science", "Data analysis", "Data analytics", "Data engineering", "Data entry"),
    ("Spring", "Spring Boot", "String theory", "Sprint planning"),
    ("Swift", "SwiftUI"),
    ("Sass", "SAS", "SAP", "SOAP", "SOA"),
    ("Git", "GitHub", "GitLab", "GitHub Actions"),
    ("Web3", "Web design", "Web development"),
    ("OpenGL", "OpenCL", "OpenCV", "WebGL"),
    ("HTML", "XHTML", "HTMX", "HTML/CSS"),
    ("Clojure", "Closure", "ClojureScript"),
    ("Networking", "Network+", "Security+", "Cybersecurity"),
    ("Auth0", "Auth", "OAuth"),
    ("Scala", "Scale", "Rust", "Ruby"),
    ("Visual Basic", "VBA", "VB.NET", "VBScript"),
    (".NET", ".NET Core", "ASP.NET", "Networks"),
    ("French", "Trench", "Spanish"),
]


@pytest.mark.parametrize("names", DIFFERENT, ids=lambda names: names[0])
def test_names_that_only_look_alike_are_left_alone(names: tuple[str, ...]) -> None:
    assert told(find(*names)) == []


def test_nothing_is_found_in_all_of_them_together() -> None:
    everything = sorted({name for names in DIFFERENT for name in names})
    assert told(find(*everything)) == []


def test_a_misspelling_that_could_be_meant_as_two_skills_is_left_alone() -> None:
    assert told(find("OpenGL", "OpenCL", "OpenHL")) == []
    assert told(find("OpenGL", "OpenHL")) == [("OpenGL", ["OpenHL"], "LIKELY")]


def test_two_known_skills_are_not_joined_by_way_of_a_third_name() -> None:
    groups = find("Java", "JavaScript", "JavaScrip", "Java 8", "JS", "Java programming")
    assert told(groups) == [
        ("Java", ["Java 8", "Java programming"], "LIKELY"),
        ("JavaScript", ["JS", "JavaScrip"], "LIKELY"),
    ]


def test_what_the_community_itself_calls_one_skill_stays_one() -> None:
    groups = find("Git", "GitHub", aliases={"Git": ["GitHub"]})
    assert told(groups) == [("Git", ["GitHub"], "SURE")]
    assert groups[0].doubles[0].why == "one row lists the other as an alias"
    assert groups[0].new_aliases == ()


# ---- what to keep, and what to add ----------------------------------------------------------


def test_the_row_that_most_mentors_chose_is_kept() -> None:
    mentors = {"Python": 2, "Python 3": 5, "Py": 1}
    assert told(find("Python", "Python 3", "Py", mentors=mentors)) == [
        ("Python 3", ["Py", "Python"], "LIKELY")
    ]


def test_of_equally_chosen_rows_the_usual_name_is_kept() -> None:
    assert find("JS", "Javascrpt", "JavaScript", "ES6")[0].keep.name == "JavaScript"


def test_added_are_the_names_that_do_not_compare_as_one_yet() -> None:
    [group] = find("React", "react", "React.js", "ReactJS", "React 18")
    assert group.keep.name == "React"
    assert len(group.new_aliases) == 2, "react is React, and ReactJS is React.js"
    assert set(group.new_aliases) <= {"React.js", "ReactJS", "React 18"}


@pytest.mark.parametrize("seen_from", [0, 1])
def test_with_the_new_aliases_a_group_is_one_skill_and_nothing_more_is_to_be_added(
    seen_from: int,
) -> None:
    names = ["Python", "Python 3", "Pyton", "JS", "Javascript", "Gardening", "Web devs", "Web dev"]
    skills = rows(*names[:: 1 if seen_from else -1])
    for group in near_duplicates(skills, {}):
        group.keep.aliases.extend(group.new_aliases)
    index = SkillIndex(skills)
    once_more = near_duplicates(skills, {})
    assert [group.new_aliases for group in once_more] == [()] * len(once_more)
    for group in once_more:
        assert len(index.canonical_all(row.name for row in group.rows)) == 1
    for one, other in combinations(("Python", "JS", "Gardening", "Web dev"), 2):
        assert index.canonical(one) != index.canonical(other)


def test_a_name_with_a_comma_cannot_become_an_alias() -> None:
    [group] = find("Reading, writing", "Reading, writings", mentors={"Reading, writing": 1})
    assert (group.new_aliases, group.impossible) == ((), ("Reading, writings",))
    mentors = {"HTML and CSS": 1}
    [group] = find("HTML and CSS", "HTML, CSS", "HTML/CSS", mentors=mentors)
    assert (group.new_aliases, group.impossible) == (("HTML/CSS",), ())


def test_what_is_only_perhaps_the_same_does_not_join_a_surer_group() -> None:
    groups = find("Woodworking", "Wood working", "Woodwroking")
    assert told(groups) == [
        ("Woodworking", ["Wood working"], "SURE"),
        ("Woodworking", ["Woodwroking"], "PERHAPS"),
    ]


def test_a_thousand_skills_are_looked_through_without_a_noticeable_wait() -> None:
    names = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26) * 3} {n:x}z" for n in range(1000)]
    started = process_time()
    assert near_duplicates(rows(*names), {}) == []
    assert process_time() - started < 5, "it takes a tenth of a second; something grew quadratic"
