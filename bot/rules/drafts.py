"""TOML files → drafts: every table of a folder with its place and its own mistakes, before references are resolved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.errors import ConfigError
from bot.model.words import joined
from bot.tomlfile import did_you_mean, parse
from bot.tomlfile.models import ID, Table, check, kind_of

from .files import EntityTable, RuleTable, TermsTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.errors import Fault
    from bot.model import Entity, Expr, Rule
    from bot.tomlfile import TomlFile, TomlPath

    from .conflicts import Note

Kind = TypeVar("Kind", bound=Table)
Value = TypeVar("Value")

KINDS = ("rule", "entity", "terms")
CALLED = {"rule": "rule", "entity": "entity", "terms": "list"}


@dataclass(frozen=True, slots=True)
class Made(Generic[Value]):
    """What was compiled from a table, and the raw tables of the entities and lists it refers to: all it depends on."""

    value: Value
    entities: Mapping[str, Any]
    lists: Mapping[str, Any]
    warnings: Sequence[Fault] = ()


@dataclass
class Draft(Generic[Kind, Value]):
    """One table of a file. ``id`` is empty if the table has no usable one; ``table`` is None if it has mistakes.

    ``own`` is how many of the ``faults`` the file alone shows; the rest depend on other files. ``remarks`` are what
    only looks like a mistake, found while references were resolved. ``made`` is what it was when it last had no fault.
    """

    kind: str
    id: str
    file: TomlFile
    path: TomlPath
    raw: dict[str, Any]
    table: Kind | None
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)
    own: int = 0
    made: Made[Value] | None = None

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

    rules: list[Draft[RuleTable, Rule]] = field(default_factory=list)
    entities: list[Draft[EntityTable, Entity]] = field(default_factory=list)
    lists: list[Draft[TermsTable, Expr]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)

    @property
    def all(self) -> list[Draft[Any, Any]]:
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

    def add(self, other: Drafts) -> None:
        """Take in the tables of another file, or of several."""
        self.rules += other.rules
        self.entities += other.entities
        self.lists += other.lists
        self.faults += other.faults
        self.doubtful |= other.doubtful

    def renew(self) -> None:
        """Leave of the faults those that the files themselves show."""
        for draft in self.all:
            del draft.faults[draft.own :]
            draft.remarks.clear()

    def _doubt(self, file: TomlFile, path: TomlPath, message: str, remedy: str) -> None:
        self.faults.append(file.fault(path, message, remedy, subject=f"file {file.file}", key=True))
        self.doubtful.add(file.file)

    def refuse_twins(self) -> None:
        """An id is unique per kind over the whole folder: every table that shares one is at fault."""
        for drafts in (self.rules, self.entities, self.lists):
            _refuse_twins(drafts)


@dataclass
class Known:
    """What was read from the files of a folder, and made of it, so that the next load does only what is new.

    It belongs to one folder, and to one load at a time. What a load gives does not depend on it.
    """

    files: dict[str, tuple[str, Drafts]] = field(default_factory=dict)
    """Name → text and tables."""

    def read(self, files: Mapping[str, str]) -> Iterator[Drafts]:
        """The tables of each of ``files`` (name → text), in the order of the names."""
        # File by file: to free the tables of thousands of rules at once would stop the program for that long.
        for name in self.files.keys() - files.keys():
            del self.files[name]
        for name in sorted(files):
            text, drafts = self.files.get(name, (None, None))
            if drafts is None or text != files[name]:
                self.files[name] = files[name], _read(name, files[name])
            else:
                drafts.renew()
            yield self.files[name][1]


def _read(name: str, text: str) -> Drafts:
    drafts = Drafts()
    try:
        drafts.read(parse(text, name))
    except ConfigError as error:
        drafts.doubtful.add(name)
        drafts.faults += [replace(fault, subject=f"file {name}") for fault in error.faults]
    return drafts


def _tables(file: TomlFile, kind: str, model: type[Kind]) -> list[Draft[Kind, Any]]:
    value = file.data.get(kind)
    return [_draft(file, kind, number, model) for number in range(len(value))] if isinstance(value, list) else []


def _draft(file: TomlFile, kind: str, number: int, model: type[Kind]) -> Draft[Kind, Any]:
    raw = file.data[kind][number]
    raw = raw if isinstance(raw, dict) else {}
    id_ = raw.get("id")
    usable = id_ if isinstance(id_, str) and ID.fullmatch(id_) else ""
    draft: Draft[Kind, Any] = Draft(kind, usable, file, (kind, number), raw, None)
    draft.table = check(file, draft.path, model, draft.faults, subject=draft.subject)
    draft.own = len(draft.faults)
    return draft


def _refuse_twins(drafts: Sequence[Draft[Any, Any]]) -> None:
    by_id: dict[str, list[Draft[Any, Any]]] = {}
    for draft in drafts:
        by_id.setdefault(draft.id, []).append(draft)
    for id_, twins in by_id.items():
        if id_ and len(twins) > 1:
            for draft in twins:
                others = joined([f"{twin.file.file}:{twin.line}" for twin in twins if twin is not draft], "and")
                called = CALLED[draft.kind]
                draft.fault(
                    ("id",), f'the id "{id_}" is given to more than one {called}', f"rename one; also in {others}"
                )
