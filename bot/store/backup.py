"""Copies of a database that is in use (https://sqlite.org/backup.html)."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from bot.errors import StoreError, StoreUnreachable

from .dialect import place, translate
from .heartbeats import CLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.engine import Engine

    from .store import Store


def backup(store: Store, target: Path) -> Path:
    """Copy an open SQLite store to the new file ``target`` while it stays in use; returns ``target``.

    The copy does not say that a service runs on it: whoever restores it would be told that it is missed.

    Raises StoreError where that is not possible: the file exists, or the database is PostgreSQL's.
    """
    if store.engine.dialect.name != "sqlite":
        raise StoreError(
            f"{store.place} is a PostgreSQL database: back it up with its own tool, "
            "pg_dump --format=custom --file=presswatch.dump."
        )
    if target.exists():
        raise StoreError(f"{target} exists already: name a new file for the backup.")
    return copy_file(store.engine, target, without=(CLOCK,))


def copy_file(engine: Engine, target: Path, *, without: Sequence[str] = ()) -> Path:
    """Copy a SQLite database to ``target``, which appears only when it is complete; ``without`` names settings."""
    where = place(engine.url)
    partial = target.with_name(f"{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(engine.raw_connection()) as source, closing(sqlite3.connect(partial)) as copy:
            driver = source.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - what a SQLite engine has
            driver.backup(copy)
            with copy:
                copy.executemany("DELETE FROM setting WHERE key = ?", [(key,) for key in without])
            # The copy is to be one file, which is also readable where WAL is not possible.
            copy.execute("PRAGMA journal_mode = DELETE").close()
        partial.replace(target)
    except OSError as error:
        _forget(partial)
        raise StoreUnreachable(
            f"{where} cannot be copied to {target}: {error.strerror} – name another place."
        ) from error
    except sqlite3.Error as error:
        _forget(partial)
        raise translate(error, where) or StoreUnreachable(
            f"{where} cannot be copied to {target}: {error} – name another place."
        ) from error
    return target


def _forget(partial: Path) -> None:
    # Where nothing could be written there may be nothing to remove.
    with suppress(OSError):
        partial.unlink(missing_ok=True)


def free_name(wanted: Path) -> Path:
    """``wanted``, or the same with a number if that file exists."""
    candidate, number = wanted, 1
    while candidate.exists():
        number += 1
        candidate = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return candidate
