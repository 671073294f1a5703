"""The table of skills and who chose what: read whole, tidied without deleting anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.airtable import MAX_ROWS, Airtable
from domain.models import Skill
from domain.near_duplicates import Group
from records import tables


@dataclass(frozen=True)
class Change:
    """One cell that is to be written."""

    table: str
    record_id: str
    whose: str
    """The skill's name, or the mentor's Slack id."""
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class SkillTable:
    """Skills, and the mentors' choices among them, as Airtable has them at one moment."""

    skills: Sequence[tables.Record]
    mentors: Sequence[tables.Record]

    @property
    def rows(self) -> list[Skill]:
        return [skill for record in self.skills if (skill := tables.read_skill(record)).name]

    @property
    def mentors_of(self) -> Counter[str]:
        """How many mentors chose a skill, by its record id."""
        return Counter(
            link for mentor in self.mentors for link in set(tables.chosen_skills(mentor))
        )

    def new_aliases(self, groups: Iterable[Group]) -> list[Change]:
        """What makes each group one skill: names added behind the aliases of its kept row."""
        records = {record["id"]: record for record in self.skills}
        wanted: dict[str, list[str]] = {}
        for group in groups:
            wanted.setdefault(group.keep.record_id, []).extend(group.new_aliases)
        return [
            Change(
                tables.SKILLS,
                record_id,
                tables.read_skill(records[record_id]).name,
                tables.alias_cells(records[record_id], ()),
                tables.alias_cells(records[record_id], names),
            )
            for record_id, names in wanted.items()
            if names
        ]

    def new_links(self, groups: Iterable[Group]) -> list[Change]:
        """Mentors' choices moved from the other rows of each group to its kept one.

        A group whose names can't all be listed is left: a request for the other row would not find
        these mentors any more.
        """
        kept = {
            double.skill.record_id: group.keep.record_id
            for group in groups
            if not group.impossible
            for double in group.doubles
        }
        changes = []
        for record in self.mentors:
            links = tables.chosen_skills(record)
            moved = list(dict.fromkeys(_end(link, kept) for link in links))
            if moved != links:
                whose = str(record["fields"].get(tables.MENTOR_KEY) or record["id"])
                before, after = map(tables.chosen_skill_cells, (links, moved))
                changes.append(Change(tables.MENTORS, record["id"], whose, before, after))
        return changes


def _end(link: str, kept: Mapping[str, str]) -> str:
    """Where a link ends: what one group keeps may be another row in a second one."""
    while link in kept:
        link = kept[link]
    return link


async def read_table(airtable: Airtable, base_id: str) -> SkillTable:
    """Raises: AirtableError."""
    return SkillTable(
        skills=await airtable.read(base_id, tables.SKILLS, tables.SKILL_FIELDS),
        mentors=await airtable.read(base_id, tables.MENTORS, tables.CHOSEN_SKILL_FIELDS),
    )


async def write_changes(
    airtable: Airtable, base_id: str, changes: Sequence[Change]
) -> AsyncIterator[Change]:
    """Write changes of one table, and yield each once it is written.

    Raises:
        AirtableError: what was not yielded is not written, or not known to be.
    """
    for start in range(0, len(changes), MAX_ROWS):
        batch = changes[start : start + MAX_ROWS]
        await airtable.turn(base_id)
        await airtable.update(
            base_id, batch[0].table, {change.record_id: change.after for change in batch}
        )
        for change in batch:
            yield change
