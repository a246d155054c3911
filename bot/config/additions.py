"""New ``[[source]]`` tables at the end of ``config.toml``: every byte that stands there already stays."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from bot.tomlfile import LARGE_LIMIT
from bot.tomlfile.saving import save, unwritten
from bot.tomlfile.strings import FORBIDDEN, toml_string

from . import defaults
from .load import example_text, load_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.model import Source

    from .values import Config

LONGEST_ID = 40
DEFAULTS_NOTE = "# The sources that are watched as long as no [[source]] is named; remove what you do not want.\n"


class ConfigFile:
    """``config.toml`` as it stands, or the example it would be made from (``path`` need not exist yet).

    ``ids`` are those of its ``[[source]]`` tables; without any of them the default sources are watched.
    """

    def __init__(self, path: Path, environ: Mapping[str, str], cwd: Path) -> None:
        self.path, self._environ, self._cwd = path, environ, cwd
        self.exists = path.exists()
        self.raw = path.read_bytes() if self.exists else example_text().encode()
        tables = tomllib.loads(self.raw.decode("utf-8-sig").replace("\r\n", "\n")).get("source", [])
        self.ids = tuple(table["id"] for table in tables)

    def defaults(self) -> tuple[Source, ...]:
        """The sources that have to be named from now on, because they are watched only as long as none is."""
        return () if self.ids else defaults.sources(self.path.parent.resolve())

    def with_sources(self, tables: Iterable[str]) -> bytes:
        """The file with these tables at its end, line ends as in the rest. Raises ConfigError if it does not load."""
        end = b"\r\n" if b"\r\n" in self.raw else b"\n"
        gap = b"" if not self.raw or self.raw.endswith(b"\n") else end
        more = "".join("\n" + table for table in tables).encode().replace(b"\n", end)
        made = self.raw + gap + more
        if len(made) > LARGE_LIMIT:
            limit = f"{LARGE_LIMIT // 1024**2} MB"
            raise unwritten(self.path, f"with these sources it would be larger than {limit}", "add fewer of them")
        self._load(made)
        return made

    def _load(self, made: bytes) -> Config:
        return load_text(made, self.path, self._environ, self._cwd)

    def save(self, made: bytes) -> None:
        """Put ``made`` in the file's place as a whole, with the mode it had. Raises ConfigError."""
        save(self.path, made, self.raw if self.exists else None)


def source_table(source: Source, base: Path, *, every: str | None = None, note: str = "") -> str:
    """``source`` as a ``[[source]]`` table; paths below ``base`` are relative. ``every`` as people write it ("15m").

    ``note`` becomes a comment above it: text on one line.
    """
    path = Path(source.path) if source.path else None
    rows = {
        "id": source.id,
        "kind": source.kind,
        "url": source.url,
        "path": str(path.relative_to(base) if path and path.is_relative_to(base) else path) if path else None,
        "name": source.name,
        "tier": source.tier,
        "lang": source.lang,
        "every": every,
    }
    lines = [f"{key} = {toml_string(value)}" for key, value in rows.items() if value]
    remark = [f"# {FORBIDDEN.sub(' ', note)}"] if note else []
    return "\n".join([*remark, "[[source]]", *lines, ""])


def free_id(names: Iterable[str], taken: Collection[str]) -> str:
    """An id from the first of ``names`` that gives one, with a number behind it if that is taken."""
    made = next((slug for name in names if (slug := _slug(name))), "source")
    numbered = (made if number == 1 else f"{made}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in numbered if each not in taken)


def _slug(name: str) -> str:
    """Small letters, digits and hyphens; "" where the name has no Latin letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", plain)).strip("-")
    if len(slug) > LONGEST_ID:
        slug = slug[: LONGEST_ID + 1].rpartition("-")[0] or slug[:LONGEST_ID]
    return slug if re.search("[a-z]", slug) else ""
