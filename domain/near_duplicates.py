"""Rows of a table of skills that probably mean the same, and which of them to keep. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import IntEnum
from itertools import combinations

from domain.models import Skill
from domain.skills import SkillIndex, skill_key
from domain.well_known_skills import USUAL_NAMES, WELL_KNOWN


class Sureness(IntEnum):
    """How sure it is that two rows mean the same."""

    PERHAPS = 1
    LIKELY = 2
    SURE = 3


@dataclass(frozen=True)
class Double:
    """A row that seems to mean what the kept one means."""

    skill: Skill
    sureness: Sureness
    why: str


@dataclass(frozen=True)
class Group:
    """Rows that seem to mean one skill: the one to keep and the others, by their names."""

    keep: Skill
    doubles: tuple[Double, ...]
    new_aliases: tuple[str, ...]
    """Names that the kept row has to list so that all compare as one; empty if they do already."""
    impossible: tuple[str, ...] = ()
    """Names that can't be listed as they are: a comma in them would make two of them."""

    @property
    def sureness(self) -> Sureness:
        return min(double.sureness for double in self.doubles)

    @property
    def rows(self) -> list[Skill]:
        return [self.keep, *(double.skill for double in self.doubles)]


def near_duplicates(skills: Sequence[Skill], mentors: Mapping[str, int]) -> list[Group]:
    """Groups of near-duplicates, the surest first. What is only perhaps the same makes a pair of
    its own, and is never joined with what is likely.

    Args:
        skills: the rows, each with its record id.
        mentors: by record id, how many mentors have chosen a row.
    """
    rows = [_Row(skill, mentors.get(skill.record_id, 0)) for skill in skills if skill.name]
    index = SkillIndex(skills)
    likes = sorted(_likes(rows, index), key=lambda like: (-like.sureness, like.one.rank))
    clusters = _Clusters(rows)
    for like in likes:
        if like.sureness > Sureness.PERHAPS:
            clusters.join(like)
    groups = [_group(cluster, index) for cluster in clusters.all() if len(cluster.rows) > 1]
    pairs: dict[frozenset[str], Group] = {}
    for like in likes:
        one, other = clusters.of(like.one), clusters.of(like.other)
        if like.sureness is Sureness.PERHAPS and one is not other and one.may_join(other):
            pair = _Cluster([one.kept, other.kept], [like.between(one.kept, other.kept)])
            pairs.setdefault(frozenset(row.id for row in pair.rows), _group(pair, index))
    return sorted(
        [*groups, *pairs.values()], key=lambda group: (-group.sureness, group.keep.name.casefold())
    )


# ---- one row --------------------------------------------------------------------------------


class _Row:
    """A row and the form in which its name is compared with others."""

    def __init__(self, skill: Skill, mentors: int) -> None:
        self.skill = skill
        self.id = skill.record_id
        self.key = skill_key(skill.name)
        self.plain, self.removed = _plain(skill.name)
        self.form = WELL_KNOWN.canonical(self.plain)
        self.is_known = self.form in USUAL_NAMES
        usual = [USUAL_NAMES[self.form]] if self.is_known else []
        self.names = dict.fromkeys([skill.name, self.plain, *usual, *skill.aliases])
        is_usual = self.is_known and skill_key(USUAL_NAMES[self.form]) == self.key
        self.rank = (-mentors, not is_usual, -len(skill.aliases), len(skill.name), skill.name)
        """The row to keep comes first: the most chosen, else the best known."""


_Step = Callable[[str], str]


def _cut(pattern: str) -> _Step:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda name: compiled.sub("", name)


_SHORT = {
    "admin": "administration",
    "dev": "development",
    "eng": "engineering",
    "mgmt": "management",
}


def _spelled_out(name: str) -> str:
    return " ".join(_SHORT.get(word.casefold(), word) for word in name.split(" "))


def _singular(name: str) -> str:
    if re.search(r"[a-z]{3}ies$", name):
        return name[:-3] + "y"
    return name[:-1] if re.search(r"[A-Z]s$|[a-z]{2}[a-hj-rtv-z]s$", name) else name


_STEPS: tuple[tuple[str, _Step], ...] = (
    ("“&” for “and”", lambda name: re.sub(r"\s*&\s*", " and ", name)),
    ("a version number", _cut(r"(?:[\s._-]+v?|(?<=[^\W\d_]{3})|(?<=\+\+))\d+(?:\.(?:\d+|x))*\+?$")),
    (
        "a word like “programming”",
        _cut(r"\s+(?:programming|(?:programming )?language|framework|library)$"),
    ),
    ("“.js”", _cut(r"(?<=[^\W\d_]{3})[\s.-]*js$|(?<=[^\W\d_]{2})[\s.-]+js$")),
    ("a short form", _spelled_out),
    ("a plural", _singular),
)


def _plain(name: str) -> tuple[str, tuple[str, ...]]:
    """The name without what often differs, and what was taken off. A well-known name stays."""
    plain, removed = " ".join(name.split()), []
    while not _is_known(plain):
        for what, step in _STEPS:
            shorter = step(plain).strip()
            if shorter != plain and skill_key(shorter):
                plain = shorter
                removed.append(what)
                break
        else:
            break
    return plain, tuple(removed)


def _is_known(name: str) -> bool:
    return WELL_KNOWN.canonical(name) in USUAL_NAMES


# ---- two rows -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Like:
    one: _Row
    other: _Row
    sureness: Sureness
    why: str
    said: bool = False
    """The table itself says so, by an alias or by the very same name."""

    def between(self, one: _Row, other: _Row) -> _Like:
        return _Like(one, other, self.sureness, self.why, self.said)


def _likes(rows: Sequence[_Row], index: SkillIndex) -> Iterator[_Like]:
    for one, other in _sharing(rows, lambda row: [index.canonical(row.skill.name)]):
        same = one.key == other.key
        why = _SAME_KEY if same else "one row lists the other as an alias"
        yield _Like(one, other, Sureness.SURE, why, said=True)
    for one, other in _sharing(rows, lambda row: [row.form]):
        of_both = dict.fromkeys((*one.removed, *other.removed))
        of_one = [what for what in of_both if (what in one.removed) != (what in other.removed)]
        removed = of_one or of_both
        if not removed:
            yield _Like(one, other, Sureness.SURE, f"both are names of {USUAL_NAMES.get(one.form)}")
        else:
            yield _Like(one, other, Sureness.LIKELY, f"they differ in {' and '.join(removed)}")
    for one, other in _sharing(rows, lambda row: map(skill_key, row.skill.aliases)):
        yield _Like(one, other, Sureness.PERHAPS, "they have an alias in common")
    for one, other in _sharing(rows, _initials):
        yield _Like(one, other, Sureness.PERHAPS, "one could be the initials of the other")
    yield from _misspelt(rows)


_ALMOST = "almost the same spelling"
_SAME_KEY = "they differ in capitals, blanks or punctuation only"


def _sharing(
    rows: Iterable[_Row], marks: Callable[[_Row], Iterable[str]]
) -> Iterator[tuple[_Row, _Row]]:
    """Pairs of rows with a mark in common."""
    marked: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        for mark in {mark for mark in marks(row) if mark}:
            marked[mark].append(row)
    for alike in marked.values():
        yield from combinations(alike, 2)


def _initials(row: _Row) -> list[str]:
    """ "OOP" for "Object oriented programming", and for "OOP" itself."""
    words = [word for word in re.findall(r"\w+", row.plain) if word.casefold() not in _JOINING]
    if len(words) == 1 and 3 <= len(row.key) <= 6:
        return [row.key]
    return ["".join(word[0] for word in words).casefold()] if len(words) >= 3 else []


_JOINING = frozenset({"and", "of", "for", "the", "in", "to", "a"})


def _misspelt(rows: Sequence[_Row]) -> Iterator[_Like]:
    """Pairs of which one's name is a letter or two off. What is near several known ones is left."""
    spellings: defaultdict[str, list[tuple[str, _Row]]] = defaultdict(list)
    for row in rows:
        for name in row.names:
            spellings[skill_key(name)[:1]].append((name, row))
    for row in rows:
        if not row.is_known:
            likes = [
                _Like(row, meant, Sureness.LIKELY if meant.is_known else Sureness.PERHAPS, why)
                for name, meant in spellings[row.key[:1]]
                if (why := _misspelling(row, name, meant))
            ]
            if len({like.other.form for like in likes if like.other.is_known}) <= 1:
                yield from likes


def _misspelling(row: _Row, name: str, meant: _Row) -> str:
    """Why a row's name could be meant as this name of another row; "" if it could not."""
    known, own = meant.is_known, (row.skill.name, row.plain)
    if row.form == meant.form or not any(_is_misspelling(it, name, known=known) for it in own):
        return ""
    return _ALMOST if name == meant.skill.name else f"{_ALMOST} as “{name}”"


def _is_misspelling(one: str, other: str, *, known: bool) -> bool:
    """Whether the two are the same but for a letter, or for two in a long known name.

    A short word is never taken for a misspelling: "UI design" is not "UX design".
    """
    words, others = one.casefold().split(), other.casefold().split()
    if len(words) == len(others):
        differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
        if len(differing) != 1:
            return False
        one, other = differing[0]
    a, b = skill_key(one), skill_key(other)
    shorter, longer = sorted((a, b), key=len)
    allowed = 2 if known and len(shorter) >= 9 else 1
    if len(shorter) < 5 or len(longer) < 6 or len(longer) - len(shorter) > allowed:
        return False
    if re.sub(r"[^\d+#]", "", a) != re.sub(r"[^\d+#]", "", b):
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return 0 < len(longer) - same <= allowed


# ---- many rows ------------------------------------------------------------------------------


@dataclass(eq=False)
class _Cluster:
    rows: list[_Row]
    likes: list[_Like] = field(default_factory=list)

    @property
    def kept(self) -> _Row:
        return min(self.rows, key=lambda row: row.rank)

    def may_join(self, other: _Cluster) -> bool:
        """Two well-known skills are never lumped together, nor by way of a third."""
        return len({row.form for row in (*self.rows, *other.rows) if row.is_known}) <= 1


class _Clusters:
    def __init__(self, rows: Iterable[_Row]) -> None:
        self._of = {row.id: _Cluster([row]) for row in rows}

    def of(self, row: _Row) -> _Cluster:
        return self._of[row.id]

    def all(self) -> list[_Cluster]:
        return list(dict.fromkeys(self._of.values()))

    def join(self, like: _Like) -> None:
        one, other = self.of(like.one), self.of(like.other)
        if one is not other and (like.said or one.may_join(other)):
            one.rows += other.rows
            one.likes += other.likes
            for row in other.rows:
                self._of[row.id] = one
        if self.of(like.one) is self.of(like.other):
            self.of(like.one).likes.append(like)


def _group(cluster: _Cluster, index: SkillIndex) -> Group:
    keep = cluster.kept
    doubles = [_double(row, keep, cluster.likes) for row in cluster.rows if row is not keep]
    doubles.sort(key=lambda double: (-double.sureness, double.skill.name.casefold()))
    same = index.canonical(keep.skill.name)
    names = [one.skill.name for one in doubles if index.canonical(one.skill.name) != same]
    listed = {skill_key(name): name for name in reversed(names) if "," not in name}
    return Group(
        keep=keep.skill,
        doubles=tuple(doubles),
        new_aliases=tuple(name for name in names if name in listed.values()),
        impossible=tuple(name for name in names if skill_key(name) not in listed),
    )


def _double(row: _Row, keep: _Row, likes: Iterable[_Like]) -> Double:
    """With the best reason: towards the kept row if there is one, else towards any other."""
    own = [like for like in likes if row in (like.one, like.other)]
    best = max(own, key=lambda like: (keep in (like.one, like.other), like.sureness))
    why = best.why
    if keep not in (best.one, best.other):
        between = best.one if best.other is row else best.other
        why = f"like “{between.skill.name}”: {why}"
    return Double(row.skill, best.sureness, why)
