"""TOML files → drafts: every table of a folder with its place and its own mistakes, before references are resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.tomlfile import did_you_mean
from bot.tomlfile.models import ID, Table, check, kind_of

from .files import EntityTable, RuleTable, TermsTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.errors import Fault
    from bot.tomlfile import TomlFile, TomlPath

    from .conflicts import Note

Kind = TypeVar("Kind", bound=Table)

KINDS = ("rule", "entity", "terms")
CALLED = {"rule": "rule", "entity": "entity", "terms": "list"}


@dataclass
class Draft(Generic[Kind]):
    """One table of a file. ``id`` is empty if the table has no usable one; ``table`` is None if it has mistakes.

    ``remarks`` are what only looks like a mistake, found while references were resolved.
    """

    kind: str
    id: str
    file: TomlFile
    path: TomlPath
    raw: dict[str, Any]
    table: Kind | None
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """What faults call it."""
        number = self.path[-1] if isinstance(self.path[-1], int) else 0
        return f"{CALLED[self.kind]} {self.id or f'number {number + 1}'}"

    @property
    def line(self) -> int:
        """The line it begins in."""
        return self.file.line(self.path)

    def fault(self, path: TomlPath, message: str, remedy: str = "", *, key: bool = False) -> None:
        """Note a mistake at ``path`` inside this table."""
        self.faults.append(self.file.fault((*self.path, *path), message, remedy, subject=self.subject, key=key))


@dataclass
class Drafts:
    """All tables of a folder. ``doubtful`` names files in which a rule may hide that could not be made out."""

    rules: list[Draft[RuleTable]] = field(default_factory=list)
    entities: list[Draft[EntityTable]] = field(default_factory=list)
    lists: list[Draft[TermsTable]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)

    @property
    def all(self) -> list[Draft[Any]]:
        """Entities, lists and rules, in this order."""
        return [*self.entities, *self.lists, *self.rules]

    def read(self, file: TomlFile) -> None:
        """Take in the tables of one file."""
        for key, value in file.data.items():
            if key not in KINDS:
                self._doubt(file, (key,), f'unknown key "{key}"', did_you_mean(key, KINDS))
            elif not isinstance(value, list):
                words = f'"{key}" must be written with two brackets, not as {kind_of(value)}'
                self._doubt(file, (key,), words, f"[[{key}]]")
        self.rules += _tables(file, "rule", RuleTable)
        self.entities += _tables(file, "entity", EntityTable)
        self.lists += _tables(file, "terms", TermsTable)
        if any(not rule.id for rule in self.rules if rule.file is file):
            self.doubtful.add(file.file)

    def _doubt(self, file: TomlFile, path: TomlPath, message: str, remedy: str) -> None:
        self.faults.append(file.fault(path, message, remedy, subject=f"file {file.file}", key=True))
        self.doubtful.add(file.file)

    def refuse_twins(self) -> None:
        """An id is unique per kind over the whole folder: every table that shares one is at fault."""
        for drafts in (self.rules, self.entities, self.lists):
            _refuse_twins(drafts)


def _tables(file: TomlFile, kind: str, model: type[Kind]) -> list[Draft[Kind]]:
    value = file.data.get(kind)
    return [_draft(file, kind, number, model) for number in range(len(value))] if isinstance(value, list) else []


def _draft(file: TomlFile, kind: str, number: int, model: type[Kind]) -> Draft[Kind]:
    raw = file.data[kind][number]
    raw = raw if isinstance(raw, dict) else {}
    id_ = raw.get("id")
    usable = id_ if isinstance(id_, str) and ID.fullmatch(id_) else ""
    draft: Draft[Kind] = Draft(kind, usable, file, (kind, number), raw, None)
    draft.table = check(file, draft.path, model, draft.faults, subject=draft.subject)
    return draft


def _refuse_twins(drafts: Sequence[Draft[Any]]) -> None:
    by_id: dict[str, list[Draft[Any]]] = {}
    for draft in drafts:
        by_id.setdefault(draft.id, []).append(draft)
    for id_, twins in by_id.items():
        if id_ and len(twins) > 1:
            for draft in twins:
                others = _and(f"{twin.file.file}:{twin.line}" for twin in twins if twin is not draft)
                called = CALLED[draft.kind]
                draft.fault(
                    ("id",), f'the id "{id_}" is given to more than one {called}', f"rename one; also in {others}"
                )


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
