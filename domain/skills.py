"""Names of skills: how they are compared, and which of them mean the same."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from domain.models import Skill


@lru_cache(maxsize=4096)
def skill_key(name: str) -> str:
    """The form in which skill names are compared: "Node.js" and "node js" are one."""
    return "".join(
        character for character in name.casefold() if character.isalnum() or character in "+#"
    )


class SkillIndex:
    """Finds the skill behind any of its names: "Javascript" = "JavaScript" = "JS".

    An alias that is the name of another row makes one skill of both, whatever their order; the row
    that lists the other one's name stands for them. An alias that several rows list, and that is
    no row's name, says nothing about these rows: it means the first of them by name.
    """

    def __init__(self, skills: Iterable[Skill]) -> None:
        rows = sorted(
            ((key, skill) for skill in skills if (key := skill_key(skill.name))),
            key=lambda row: row[0],
        )
        above = {key: key for key, _ in rows}

        def stands_for(key: str) -> str:
            while above[key] != key:
                key = above[key]
            return key

        aliases = [(skill_key(alias), key) for key, skill in rows for alias in skill.aliases]
        for alias, key in aliases:
            if alias in above:
                above[stands_for(alias)] = stands_for(key)
        self._canonical = {key: stands_for(key) for key in above}
        for alias, key in aliases:
            if alias:
                self._canonical.setdefault(alias, stands_for(key))
        self.canonical_list = cache(self.canonical_all)
        """``canonical_all`` for mentors' lists, which are looked at again and again: remembered."""

    def canonical(self, name: str) -> str:
        """The key of the row that stands for this skill; of an unlisted one, its own."""
        key = skill_key(name)
        return self._canonical.get(key, key)

    def canonical_all(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(map(self.canonical, names))


def distinct(skills: Iterable[Skill]) -> list[Skill]:
    """One row for each skill, in their order: of several that mean the same, the one whose name
    stands for them."""
    rows = list(skills)
    index = SkillIndex(rows)
    chosen: dict[str, Skill] = {}
    for row in rows:
        canonical = index.canonical(row.name)
        if canonical not in chosen or (
            skill_key(row.name) == canonical != skill_key(chosen[canonical].name)
        ):
            chosen[canonical] = row
    return list(chosen.values())
