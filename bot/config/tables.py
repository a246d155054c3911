"""The tables of one configuration file, read one by one so that one mistake hides no other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.errors import Fault
from bot.tomlfile import TomlFile, did_you_mean
from bot.tomlfile.models import ID, Table, check, kind_of

from .models import TopTable
from .secret import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.tomlfile import TomlPath

Kind = TypeVar("Kind", bound=Table)

TABLES = ("database", "network", "slack", "mail", "ops", "web", "retention")
LISTS = ("source", "destination", "route", "digest")
KEYS = tuple(TopTable.model_fields)


class Tables:
    """One file and its surroundings; mistakes, notices and reserved keys are collected while it is read.

    ``private``: only the owner can read the file, so secrets may stand in it.
    """

    def __init__(
        self, file: TomlFile, environ: Mapping[str, str], *, cwd: Path, base: Path, private: bool = False
    ) -> None:
        self.file = file
        self.environ = environ
        self.cwd = cwd
        self.base = base.resolve()
        self.private = private
        self.vault = Vault(environ, self.base)
        self.faults: list[Fault] = []
        self.notices: list[str] = []
        self.unset: list[str] = []
        self.reserved: list[str] = []

    def fault(self, path: TomlPath, message: str, remedy: str = "", *, key: bool = False) -> None:
        """Note a mistake at ``path``."""
        self.faults.append(self.file.fault(path, message, remedy, key=key, subject=self._subject(path)))

    def fault_in_environment(self, variable: str, message: str, remedy: str) -> None:
        """Note a mistake in an environment variable."""
        self.faults.append(Fault(file=variable, message=message, remedy=remedy, subject=variable))

    def lacks(self, who: str, variable: str) -> None:
        """Note that a variable that ``who`` names is not set: said, but no mistake, as commands need no secrets."""
        self.unset.append(f"{who}: the environment variable {variable} is not set")
        self.notices.append(self.unset[-1])

    def refuse_literal(self, path: TomlPath, message: str, remedy: str) -> None:
        """A secret in the file is a mistake, unless only its owner can read the file."""
        if not self.private:
            self.fault(path, f'"{path[-1]}" {message}', remedy)

    def path(self, text: str) -> Path:
        """A path of the file: absolute, ``~`` and relative ones resolved."""
        return (self.base / Path(text).expanduser()).resolve()

    def top(self) -> TopTable:
        """The keys outside any table; unknown ones and misshapen tables are mistakes."""
        data = self.file.data
        for name, value in data.items():
            if name in TABLES and not isinstance(value, dict):
                self._misshapen(name, f"[{name}]", value)
            elif name in LISTS and not isinstance(value, list):
                self._misshapen(name, f"[[{name}]]", value)
            elif name not in (*TABLES, *LISTS, *KEYS):
                remedy = did_you_mean(name, (*KEYS, *TABLES, *LISTS))
                self.fault((name,), f'unknown key "{name}"', remedy, key=True)
        keys = {name: value for name, value in data.items() if name in KEYS}
        alone = TomlFile(file=self.file.file, text=self.file.text, data=keys)
        return check(alone, (), TopTable, self.faults) or TopTable()

    def table(self, name: str, model: type[Kind]) -> Kind | None:
        """The table ``[name]``; None if it is not there or has mistakes."""
        if not isinstance(self.file.data.get(name), dict):
            return None
        return check(self.file, (name,), model, self.faults, subject=f"[{name}]")

    def elements(self, name: str, model: type[Kind]) -> list[tuple[TomlPath, Kind]]:
        """Every ``[[name]]`` without mistakes, with its path."""
        found: list[tuple[TomlPath, Kind]] = []
        for number in range(len(self._raw(name))):
            path: TomlPath = (name, number)
            table = check(self.file, path, model, self.faults, subject=self._subject(path))
            if table is not None:
                found.append((path, table))
        return found

    def ids(self, name: str) -> dict[str, list[TomlPath]]:
        """Where each id of ``[[name]]`` is given, in tables with other mistakes too."""
        found: dict[str, list[TomlPath]] = {}
        for number, table in enumerate(self._raw(name)):
            if isinstance(table, dict) and isinstance(table.get("id"), str):
                found.setdefault(table["id"], []).append((name, number, "id"))
        return found

    def strings(self, name: str, key: str) -> Iterator[tuple[TomlPath, str]]:
        """Every text under ``key`` of ``[name]`` or each ``[[name]]``, whatever else is wrong with the table."""
        value = self.file.data.get(name)
        paths: list[TomlPath] = [(name, number) for number in range(len(self._raw(name)))] or [(name,)]
        for path, table in zip(paths, self._raw(name) or [value], strict=True):
            texts = table.get(key) if isinstance(table, dict) else None
            for number, text in enumerate(
                [texts] if isinstance(texts, str) else texts if isinstance(texts, list) else []
            ):
                if isinstance(text, str):
                    yield (*path, key, number), text

    def refuse_twins(self, name: str) -> None:
        """An id given twice is a mistake at every place but the first."""
        for id_, paths in self.ids(name).items():
            for path in paths[1:]:
                first = self.file.position(paths[0])[0]
                words = f'the id "{id_[:64]}" is given to more than one {name} (the first is in line {first})'
                self.fault(path, words, "rename one")

    def _raw(self, name: str) -> list[object]:
        value = self.file.data.get(name)
        return value if isinstance(value, list) else []

    def _misshapen(self, name: str, right: str, value: object) -> None:
        self.fault(
            (name,), f'"{name}" cannot be {kind_of(value)} here', f"write {right} on a line of its own", key=True
        )

    def _subject(self, path: TomlPath) -> str:
        if len(path) > 1 and isinstance(path[1], int):
            table = self.file.data[str(path[0])][path[1]]
            id_ = table.get("id") if isinstance(table, dict) else None
            return f"{path[0]} {id_ if isinstance(id_, str) and ID.fullmatch(id_) else f'number {path[1] + 1}'}"
        return f"[{path[0]}]" if path and path[0] in TABLES else ""
