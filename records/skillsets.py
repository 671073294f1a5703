"""Finds rows of the Skillsets table that mean the same: ``python -m records.skillsets``.

Shows what it would do and changes nothing, unless ``--apply`` is given. See docs/skills.md.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from clients.airtable import Airtable, AirtableError
from domain.near_duplicates import Group, Sureness, near_duplicates
from domain.skills import skill_key
from records.skill_table import Change, SkillTable, read_table, write_changes
from settings import AirtableSettings, read

CHANGED, REFUSED, FAILED = 0, 1, 2
"""Exit statuses: it is as it was wished; somebody said no; it could not be done."""


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line. ``only`` and ``leave_out`` name rows."""

    apply: bool = False
    relink: bool = False
    yes: bool = False
    only: Sequence[str] = ()
    leave_out: Sequence[str] = ()


class NoSuchGroupError(LookupError):
    """A row was named that is in no group."""


@dataclass(frozen=True)
class Plan:
    """The chosen groups and the cells that they change."""

    groups: Sequence[Group]
    aliases: Sequence[Change]
    links: Sequence[Change]

    @classmethod
    def make(cls, table: SkillTable, groups: Sequence[Group], options: Options) -> Plan:
        """Raises: NoSuchGroupError."""
        chosen = choose(groups, options)
        links = table.new_links(chosen) if options.relink else []
        return cls(chosen, table.new_aliases(chosen), links)


def choose(groups: Sequence[Group], options: Options) -> list[Group]:
    """The groups that are meant; what is only perhaps the same has to be named.

    Raises:
        NoSuchGroupError: a name that is given is in no group.
    """
    named = {skill_key(name): name for name in (*options.only, *options.leave_out)}
    if unknown := named.keys() - {key for group in groups for key in _keys(group)}:
        raise NoSuchGroupError(", ".join(f"“{named[key]}”" for key in sorted(unknown)))
    only, without = (set(map(skill_key, names)) for names in (options.only, options.leave_out))
    return [
        group
        for group in groups
        if not _keys(group) & without
        and (_keys(group) & only if only else group.sureness > Sureness.PERHAPS)
    ]


def _keys(group: Group) -> set[str]:
    return {skill_key(row.name) for row in group.rows}


Say = Callable[[str], object]
Ask = Callable[[str], bool]


async def tidy(airtable: Airtable, base_id: str, options: Options, say: Say, ask: Ask) -> int:
    """Show the near-duplicates and, if that is wished, make each group one skill.

    Returns the exit status. ``ask`` puts a yes-or-no question to whoever sits there.

    Raises:
        AirtableError: what had been written until then was said.
        NoSuchGroupError: ``options`` names a row that is in no group.
    """
    table = await read_table(airtable, base_id)
    groups = _groups(table)
    plan = Plan.make(table, groups, options)
    for line in _shown(table, groups, plan):
        say(line)
    if not plan.aliases and not plan.links:
        say("There is nothing to change.")
        return CHANGED
    for line in _planned(table, plan):
        say(line)
    if not options.apply:
        say("Nothing was changed: this only shows what would be. To do it, add --apply.")
        return CHANGED
    if not options.yes and not ask("Write this to Airtable?"):
        say("Nothing was changed.")
        return REFUSED
    latest = await read_table(airtable, base_id)
    if Plan.make(latest, _groups(latest), options) != plan:
        say("Somebody has changed the table meanwhile. Nothing was written: look at it once more.")
        return REFUSED
    await _write(airtable, base_id, plan, table, say)
    return CHANGED


def _groups(table: SkillTable) -> list[Group]:
    return near_duplicates(table.rows, table.mentors_of)


async def _write(airtable: Airtable, base_id: str, plan: Plan, table: SkillTable, say: Say) -> None:
    say("")
    names = _names(table)
    for changes in (plan.aliases, plan.links):  # aliases first: a link must never be without them
        async for change in write_changes(airtable, base_id, changes):
            say(f"Written: {_told(change, names)}")
    say(
        "Done; Muster knows it within a quarter of an hour. To undo a line, put what it says after "
        "“before” back into that cell (in Airtable, the row's revision history has it too)."
    )


# ---- words ----------------------------------------------------------------------------------


def _shown(table: SkillTable, groups: Sequence[Group], plan: Plan) -> Iterable[str]:
    mentors = table.mentors_of
    yield f"{_count(len(table.rows), 'skill')}, {_count(len(groups), 'group')} of near-duplicates."
    for group in groups:
        yield ""
        left = "" if group in plan.groups else f"; left out{_how_to_take(group)}"
        yield f"{group.keep.name} ({_sure(group.sureness)}{left})"
        yield f"    keep: {group.keep.name}, {_count(mentors[group.keep.record_id], 'mentor')}"
        for double in group.doubles:
            row, why = double.skill, f"{_sure(double.sureness)}: {double.why}"
            yield f"    same: {row.name}, {_count(mentors[row.record_id], 'mentor')} – {why}"
        for name in group.impossible:
            yield f"    “{name}” can't be an alias, for its comma: rename that row first"
        if not group.new_aliases and not group.impossible:
            yield "    these compare as one already"
    yield ""


def _how_to_take(group: Group) -> str:
    if group.sureness is not Sureness.PERHAPS:
        return ""
    return f'; if it is true: --only "{group.doubles[0].skill.name}"'


def _planned(table: SkillTable, plan: Plan) -> Iterable[str]:
    names = _names(table)
    for what, changes in (("Aliases to add", plan.aliases), ("Mentors to relink", plan.links)):
        if changes:
            yield f"{what}:"
            yield from (f"    {_told(change, names)}" for change in changes)
            yield ""


def _names(table: SkillTable) -> dict[str, str]:
    """The name behind each record id; with the id where two rows are written alike."""
    written = Counter(row.name for row in table.rows)
    return {
        row.record_id: f"{row.name} [{row.record_id}]" if written[row.name] > 1 else row.name
        for row in table.rows
    }


def _told(change: Change, names: dict[str, str]) -> str:
    """One cell, before and after; people by their Slack ids."""
    [(field, before)], [after] = change.before.items(), change.after.values()
    return f"{change.whose}, {field}: {_cell(after, names)} (before: {_cell(before, names)})"


def _cell(value: object, names: dict[str, str]) -> str:
    links = [names.get(str(link), str(link)) for link in value] if isinstance(value, list) else []
    text = ", ".join(links) or value
    return f"“{text}”" if text else "empty"


def _sure(sureness: Sureness) -> str:
    return sureness.name.lower()


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


# ---- the command ----------------------------------------------------------------------------


def options_from(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m records.skillsets",
        description="Finds rows of the Skillsets table that mean the same skill. Without --apply "
        "it only shows what it would do. Nothing is ever deleted.",
    )
    parser.add_argument(
        "--apply",
        action="store_true",
        help="add the names of the other rows to the aliases of the kept one, after a question",
    )
    parser.add_argument(
        "--relink",
        action="store_true",
        help="also move mentors' choices from the other rows to the kept one",
    )
    parser.add_argument("--yes", action="store_true", help="don't ask before writing")
    parser.add_argument(
        "--only", metavar="NAME", nargs="+", default=(), help="only the groups with these rows"
    )
    parser.add_argument(
        "--except",
        dest="leave_out",
        metavar="NAME",
        nargs="+",
        default=(),
        help="not the groups with these rows",
    )
    return Options(**vars(parser.parse_args(arguments)))


def _ask(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().casefold() in ("y", "yes")
    except EOFError:  # nobody sits there: --yes is for that
        return False


async def _run(options: Options, settings: AirtableSettings) -> int:
    airtable = Airtable(settings.token.get_secret_value(), endpoint_url=settings.endpoint_url)
    try:
        return await tidy(airtable, settings.base_id, options, print, _ask)
    finally:
        await airtable.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = options_from(arguments)
    try:
        return asyncio.run(_run(options, read(AirtableSettings)))
    except NoSuchGroupError as error:
        sys.stderr.write(f"No group of near-duplicates has a row {error}. Nothing was changed.\n")
    except AirtableError as error:
        sys.stderr.write(
            f"{error}\nWhat is listed as written above was written, nothing else for certain. Run "
            "it again when that is mended: it goes on from there.\n"
        )
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
