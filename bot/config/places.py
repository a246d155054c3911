"""Where things lie: data, rules, database. The environment goes before the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import defaults
from .models import DatabaseTable

if TYPE_CHECKING:
    from .models import TopTable
    from .tables import Tables


def data_dir(tables: Tables, top: TopTable) -> Path:
    """The folder of database, digests and backups; it need not exist yet."""
    named = tables.environ.get("PRESSWATCH_DATA_DIR")
    path = tables.cwd / Path(named).expanduser() if named else tables.path(top.data_dir or "var")
    if path.exists() and not path.is_dir():
        remedy = "name a folder; it is made if it does not exist"
        if named:
            tables.fault_in_environment("PRESSWATCH_DATA_DIR", "is a file, not a folder", remedy)
        else:
            tables.fault(("data_dir",), '"data_dir" is a file, not a folder', remedy)
    return path.resolve()


def rules_dir(tables: Tables, top: TopTable) -> Path:
    """The folder of rules: as configured, else beside the configuration, else the one shipped."""
    if top.rules is None:
        return defaults.rules(tables.base)
    path = tables.path(top.rules)
    if not path.is_dir():
        tables.fault(("rules",), f'"rules": there is no folder {path}', "make it, or leave the key out")
    return path


def database(tables: Tables, data_dir: Path) -> str:
    """The database as SQLAlchemy names it, a SQLite file by its absolute path; a file in the data folder by default."""
    named = tables.environ.get("PRESSWATCH_DATABASE_URL")
    table = tables.table("database", DatabaseTable)
    url = named or (table.url if table else None)
    if not url:
        return f"sqlite:///{data_dir / 'presswatch.db'}"
    scheme, separator, rest = url.partition("://")
    base = tables.cwd if named else tables.base
    if scheme == "sqlite" and rest.startswith("/") and rest[1:] and not rest.startswith("/:memory:"):
        return f"sqlite:///{(base / Path(rest[1:]).expanduser()).resolve()}"
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and separator and rest:
        if not named and not tables.private and "@" in rest and urlsplit(url).password:
            remedy = "use PRESSWATCH_DATABASE_URL, a password file of PostgreSQL, or chmod 600 this file"
            tables.fault(("database", "url"), '"url" holds a password', remedy)
        return f"postgresql+psycopg://{rest}"
    words = "must name a file of SQLite or a database of PostgreSQL"
    remedy = '"sqlite:///var/presswatch.db" or "postgresql://host/name"'
    if named:
        tables.fault_in_environment("PRESSWATCH_DATABASE_URL", words, remedy)
    else:
        tables.fault(("database", "url"), f'"url" {words}', remedy)
    return ""
