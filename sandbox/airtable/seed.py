"""Fills the bases with the invented community. Rows that exist are left as they are."""

from collections.abc import Mapping
from typing import Any

from sandbox.airtable import bases
from sandbox.airtable.formula.values import iso
from sandbox.airtable.records import Records
from sandbox.airtable.schema import Table, stable_id
from sandbox.catalogue import AFFILIATIONS, SERVICES, Service
from sandbox.people import NEVER_PAIR, PEOPLE, MemberProfile, MentorProfile, Person
from sandbox.skills import NEAR_DUPLICATES, SKILLS, Skill

SEEDED_AT = "2026-01-05T09:00:00.000Z"
"""When the seeded rows say that they were created."""

_ROW_CHOSEN = {(mentor, row.meant): row.name for row in NEAR_DUPLICATES for mentor in row.chosen_by}
"""The row that a mentor chose for a skill, where it isn't the tidy one."""


def row_id(table: Table, key: str) -> str:
    """The id of the seeded row with this primary value; the same after every reset."""
    return stable_id("rec", "seed", table.name, key)


def seed_community(records: Records) -> None:
    """Add what is missing of lists, mentors and members to the community's base."""
    _add(
        records,
        {
            bases.SERVICES: {service.name: _service(service) for service in SERVICES},
            bases.SKILLSETS: {skill.name: _skill(skill) for skill in SKILLS}
            | {row.name: {"Name": row.name} for row in NEAR_DUPLICATES},
            bases.AFFILIATIONS: {
                a.name: {"Name": a.name, "Priority": a.priority} for a in AFFILIATIONS
            },
            bases.MENTORS: {p.handle: _mentor(p, p.mentor) for p in PEOPLE if p.mentor},
            bases.MEMBERS: {p.slack_id: _member(p, p.member) for p in PEOPLE if p.member},
        },
    )


def seed_coordinators(records: Records) -> None:
    """Add what is missing of the never-pair list to the coordinators' base."""
    _add(
        records,
        {
            bases.NEVER_PAIR: {
                f"{one.slack_id} {other.slack_id}": {"A": one.slack_id, "B": other.slack_id}
                for one, other in NEVER_PAIR
            }
        },
    )


def _add(records: Records, rows_by_table: Mapping[Table, Mapping[str, dict[str, Any]]]) -> None:
    for declared, rows in rows_by_table.items():
        table = records.base.find(declared.name)
        if table is not None:
            records.seed(table, {row_id(table, key): row for key, row in rows.items()}, SEEDED_AT)


def _service(service: Service) -> dict[str, Any]:
    return {
        "Name": service.name,
        "Description": service.description,
        "Needs Session": service.needs_session,
    }


def _skill(skill: Skill) -> dict[str, Any]:
    return {"Name": skill.name, "Aliases": ", ".join(skill.aliases)}


def _mentor(person: Person, profile: MentorProfile) -> dict[str, Any]:
    opted_out = "2025-11-03T16:20:00.000Z" if profile.status == "Opted out" else None
    return {
        "Slack Name": person.handle,
        "Full Name": person.real_name,
        "Shown Name": profile.shown_name,
        "Email": person.email,
        "Slack ID": person.slack_id,
        "Skillsets": [
            row_id(bases.SKILLSETS, _ROW_CHOSEN.get((person.real_name, skill), skill))
            for skill in profile.skills
        ],
        "Services": [row_id(bases.SERVICES, service) for service in profile.services],
        "Bio": profile.bio,
        "Time Zone": profile.time_zone,
        "Quiet Hours": profile.quiet_hours,
        "Active": profile.active,
        "Max Mentees": profile.max_mentees,
        "Asks A Week": profile.asks_a_week,
        "Mentees Now": 0,
        "Status": profile.status,
        "Snoozed Until": profile.snoozed_until.isoformat() if profile.snoozed_until else None,
        "Opted Out At": opted_out,
        "Last Seen": "2025-08-18T18:00:00.000Z" if profile.status == "Dormant" else None,
        "Code of Conduct Accepted": True,
        "Signed Up At": iso(profile.signed_up_at),
    }


def _member(person: Person, profile: MemberProfile) -> dict[str, Any]:
    return {
        "Slack ID": person.slack_id,
        "Email": person.email,
        "Affiliation": [row_id(bases.AFFILIATIONS, profile.affiliation)],
        "Verified": profile.verified,
        "Verified By": "Dana Whitfield" if profile.verified else None,
        "Verified At": SEEDED_AT if profile.verified else None,
        "Current Level": profile.level,
    }
