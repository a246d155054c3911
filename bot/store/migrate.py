"""Bring a database to the newest schema – or refuse to touch it.

Alembic takes 0.9 s to import, so a database that is at :data:`HEAD` already is recognised without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot import __version__
from bot.errors import StoreNewer, StoreUnreachable
from bot.packaged import packaged

from . import tables
from .backup import copy_file, free_name
from .dialect import WRITES, insert

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

# Every revision in order; a test compares this with the files in ``alembic/versions``.
REVISIONS = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010"),
    *("0011", "0012", "0013", "0014", "0016", "0017", "0019", "0020", "0021", "0022"),
    "0023",
)
HEAD = REVISIONS[-1]
PRODUCT_KEY = "product_version"
# Stands in place of the revision while a copy comes in: no Presswatch takes half a desk for a whole one.
UNFINISHED = f"copying-{HEAD}"


def to_head(engine: Engine, place: str, backup_dir: Path | None) -> None:
    """Make or upgrade the tables. Raises StoreNewer, StoreUnreachable; database errors pass untranslated."""
    with engine.connect() as connection:
        before = _checked(connection, place)
    if before == HEAD:
        return
    if before is not None and engine.dialect.name == "sqlite":
        _copy_aside(engine, before, backup_dir)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Rebuilding a table drops it, which would delete every row that refers to it; the switch works
            # outside transactions only. https://sqlite.org/lang_altertable.html#otheralter
            _pragma(connection, "foreign_keys = OFF")
        try:
            _upgrade(connection.execution_options(**{WRITES: True}), place)
        finally:
            if engine.dialect.name == "sqlite":
                _pragma(connection, "foreign_keys = ON")


def revision_of(connection: Connection) -> str | None:
    """What stands in place of the revision, None where there are no tables; nothing is judged."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def _pragma(connection: Connection, text: str) -> None:
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA {text}").close()


def _upgrade(connection: Connection, place: str) -> None:
    """One transaction: whoever waits for it behind another process finds the work done."""
    with connection.begin():
        if _checked(connection, place) == HEAD:
            return
        run_alembic(connection, HEAD)
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise StoreUnreachable(
                    f"{place} cannot be upgraded: a row of its table {broken[0]} refers to one that is missing. "
                    "Nothing was changed; restore a backup."
                )
        name = insert(connection.dialect.name, tables.setting).values(key=PRODUCT_KEY, value=__version__)
        connection.execute(name.on_conflict_do_update(index_elements=["key"], set_={"value": __version__}))


def run_alembic(connection: Connection, revision: str, *, down: bool = False) -> None:
    """Run the migrations up to (or ``down`` to) ``revision`` in the connection's open transaction."""
    from alembic.config import Config

    from alembic import command

    config = Config(attributes={"connection": connection})
    # ConfigParser reads a lone % as the start of an interpolation.
    config.set_main_option("script_location", str(packaged("alembic")).replace("%", "%%"))
    (command.downgrade if down else command.upgrade)(config, revision)


def _checked(connection: Connection, place: str) -> str | None:
    """The database's revision, None for an empty one. Raises unless this program can work with it."""
    inspector = sa.inspect(connection)
    if not inspector.has_table("alembic_version"):
        taken = sorted(inspector.get_table_names())
        if connection.dialect.name != "sqlite":  # a server's database may be shared, a file may not
            taken = [name for name in taken if name in tables.metadata.tables]
        if taken:
            raise StoreUnreachable(
                f'{place} belongs to another program: it has a table "{taken[0]}" that Presswatch did not make. '
                "Name another database in [database] url."
            )
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if revision is None or revision in REVISIONS:
        return revision
    if revision.startswith(UNFINISHED.partition("-")[0]):
        raise StoreUnreachable(
            f"{place} holds a copy that is not finished: run presswatch db copy with the same SOURCE and TARGET again; "
            "it goes on where it was stopped."
        )
    product = None
    if inspector.has_table("setting"):
        product = connection.execute(
            sa.select(tables.setting.c.value).where(tables.setting.c.key == PRODUCT_KEY)
        ).scalar()
    raise StoreNewer(
        f"{place} was written by a newer Presswatch ({product or 'of unknown version'}, schema {revision}; this is "
        f"{__version__}, schema {HEAD}): upgrade Presswatch, or restore the backup made before the upgrade."
    )


def _copy_aside(engine: Engine, revision: str, backup_dir: Path | None) -> None:
    database = Path(engine.url.database or "")
    folder = backup_dir or database.parent / "backups"
    copy_file(engine, free_name(folder / f"{database.stem}-schema-{revision}.db"))
