"""Coordinators may reword what Muster says."""

from __future__ import annotations

from collections.abc import Mapping


class Wording:
    """The sentences of all messages: the bundled ones, or coordinators' own."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self.overrides = overrides
        self.problems: dict[str, str] = {}


DEFAULT = Wording({})
