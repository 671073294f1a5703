"""What a base is made of: tables, fields and their options, with ids that never change.

Ids are derived from names, so that a base looks the same on every machine and after every reset.
Field types are those of https://airtable.com/developers/web/api/field-model.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

FieldType = Literal[
    "singleLineText",
    "multilineText",
    "richText",
    "email",
    "url",
    "phoneNumber",
    "checkbox",
    "number",
    "rating",
    "singleSelect",
    "multipleSelects",
    "date",
    "dateTime",
    "multipleRecordLinks",
    "createdTime",
    "lastModifiedTime",
    "autoNumber",
]

TEXT_TYPES: frozenset[str] = frozenset(
    {"singleLineText", "multilineText", "richText", "email", "url", "phoneNumber"}
)
COMPUTED_TYPES: frozenset[str] = frozenset({"createdTime", "lastModifiedTime", "autoNumber"})
UPSERT_TYPES: frozenset[str] = frozenset(
    {
        "number",
        "singleLineText",
        "multilineText",
        "singleSelect",
        "multipleSelects",
        "date",
    }
)
"""Types that `fieldsToMergeOn` takes, from
https://airtable.com/developers/web/api/update-multiple-records."""

_COLOURS = ("blueLight2", "cyanLight2", "tealLight2", "greenLight2", "yellowLight2", "grayLight2")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def stable_id(prefix: str, *names: str) -> str:
    """An id of Airtable's shape (a prefix, 14 letters or digits) that follows from the names."""
    number = int.from_bytes(hashlib.sha256("|".join(names).encode()).digest(), "big")
    letters = ""
    for _ in range(14):
        number, digit = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[digit]
    return prefix + letters


@dataclass(frozen=True)
class Field:
    """One column."""

    name: str
    type: FieldType = "singleLineText"
    description: str = ""
    choices: tuple[str, ...] = ()
    """Options of a select; `typecast` may add more at run time."""
    precision: int = 0
    """Decimal places of a number."""
    links_to: str = ""
    """The table that a link field points to."""
    inverse: str = ""
    """The field in that table that shows the same links from the other side."""
    single: bool = False
    """Whether the interface offers to link one record only (Airtable's API takes more)."""
    maximum: int = 5
    """Highest value of a rating."""

    @property
    def computed(self) -> bool:
        return self.type in COMPUTED_TYPES


@dataclass(frozen=True)
class Table:
    """A table; its first field is the primary one."""

    name: str
    fields: tuple[Field, ...]
    description: str = ""
    base_id: str = field(default="", compare=False)
    """Filled in by the base."""

    @cached_property
    def id(self) -> str:
        return stable_id("tbl", self.base_id, self.name)

    @cached_property
    def view_id(self) -> str:
        return stable_id("viw", self.base_id, self.name)

    @property
    def primary(self) -> Field:
        return self.fields[0]

    @cached_property
    def ids(self) -> dict[str, str]:
        """Field ids by field name."""
        return {f.name: stable_id("fld", self.base_id, self.name, f.name) for f in self.fields}

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        by_id = {self.ids[f.name]: f for f in self.fields}
        return {**by_id, **{f.name: f for f in self.fields}}

    def find(self, name_or_id: str) -> Field | None:
        return self._by_key.get(name_or_id)


@dataclass(frozen=True)
class Base:
    id: str
    name: str
    tables: tuple[Table, ...]

    def __post_init__(self) -> None:
        owned = tuple(Table(t.name, t.fields, t.description, self.id) for t in self.tables)
        object.__setattr__(self, "tables", owned)

    @cached_property
    def _by_key(self) -> dict[str, Table]:
        return {**{t.id: t for t in self.tables}, **{t.name: t for t in self.tables}}

    def find(self, name_or_id: str) -> Table | None:
        return self._by_key.get(name_or_id)

    def linked(self, link: Field) -> Table:
        """The table that a link field points to."""
        return self._by_key[link.links_to]


def describe_base(base: Base, added_choices: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The base as `GET /v0/meta/bases/{id}/tables` shows it.

    Args:
        base: the base.
        added_choices: select options by field id that came with `typecast`.
    """
    return {"tables": [_describe_table(base, table, added_choices) for table in base.tables]}


def _describe_table(
    base: Base, table: Table, added_choices: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": table.id,
        "name": table.name,
        "primaryFieldId": table.ids[table.primary.name],
        "fields": [],
        "views": [{"id": table.view_id, "name": "Grid view", "type": "grid"}],
    }
    if table.description:
        described["description"] = table.description
    for column in table.fields:
        field_id = table.ids[column.name]
        entry: dict[str, Any] = {"id": field_id, "name": column.name, "type": column.type}
        if column.description:
            entry["description"] = column.description
        options = _options(base, table, column, added_choices.get(field_id, ()))
        if options is not None:
            entry["options"] = options
        described["fields"].append(entry)
    return described


_ISO_DATE = {"name": "iso", "format": "YYYY-MM-DD"}
_DATE_TIME = {
    "dateFormat": _ISO_DATE,
    "timeFormat": {"name": "24hour", "format": "HH:mm"},
    "timeZone": "utc",
}
_TIMESTAMP = {"result": {"type": "dateTime", "options": _DATE_TIME}}

_FIXED_OPTIONS: Mapping[str, dict[str, Any]] = {
    "checkbox": {"icon": "check", "color": "greenBright"},
    "date": {"dateFormat": _ISO_DATE},
    "dateTime": _DATE_TIME,
    "createdTime": _TIMESTAMP,
    "lastModifiedTime": {"isValid": True, "referencedFieldIds": [], **_TIMESTAMP},
}


def _options(
    base: Base, table: Table, column: Field, added_choices: tuple[str, ...]
) -> dict[str, Any] | None:
    match column.type:
        case "number":
            return {"precision": column.precision}
        case "rating":
            return {"icon": "star", "color": "yellowBright", "max": column.maximum}
        case "singleSelect" | "multipleSelects":
            choices = (*column.choices, *added_choices)
            return {"choices": [_choice(table, column, n, name) for n, name in enumerate(choices)]}
        case "multipleRecordLinks":
            return _link_options(base, column)
        case _:
            return _FIXED_OPTIONS.get(column.type)


def _choice(table: Table, column: Field, position: int, name: str) -> dict[str, str]:
    return {
        "id": stable_id("sel", table.base_id, table.name, column.name, name),
        "name": name,
        "color": _COLOURS[position % len(_COLOURS)],
    }


def _link_options(base: Base, column: Field) -> dict[str, Any]:
    linked = base.linked(column)
    options: dict[str, Any] = {
        "linkedTableId": linked.id,
        "isReversed": False,
        "prefersSingleRecordLink": column.single,
    }
    if column.inverse:
        options["inverseLinkFieldId"] = linked.ids[column.inverse]
    return options
