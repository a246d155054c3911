"""Statements that are run over and over, made ready once: SQLite's driver gets them without a detour.

For each run SQLAlchemy looks up what it has compiled, and wraps what comes; for small statements that is ten times the
work that SQLite has. A prepared one is compiled by SQLAlchemy once for each set of parameters; values and columns go
through the same conversions of its types. PostgreSQL runs it the usual way: there waiting for the server is what costs.
So many rows go there as one statement, where that does the same: see :func:`at_once`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Connection, Dialect

    Convert = Callable[[Any], Any]
    Values = Mapping[str, Any]  # by the names of parameters or columns
    Statement: TypeAlias = sa.Executable | "Prepared"

P = ParamSpec("P")
Inserts = TypeVar("Inserts", bound=sa.Insert)
_NOTHING: Any = object()  # no value is this
_AT_ONCE = "presswatch_at_once"


def prepared(make: Callable[P, sa.Executable]) -> Callable[P, Prepared]:
    """Keep what ``make`` builds, for each of its arguments, as a statement that :class:`Tx` runs the short way."""

    @cache
    def kept(*args: P.args, **kwargs: P.kwargs) -> Prepared:
        return Prepared(make(*args, **kwargs))

    return cast("Callable[P, Prepared]", kept)


def at_once(statement: Inserts) -> Inserts:
    """Say of an INSERT of plain columns that all its rows may go to PostgreSQL together.

    Each column is then one parameter, a list: thirty rows are one statement of the server, not thirty. No row may
    change what another one of the same call has written: where a row that is there is updated, no two share its key.
    """
    return statement.execution_options(**{_AT_ONCE: True})


class Prepared:
    """A statement, and what it is in SQLite's words for each set of parameters.

    The methods are for SQLite only, and raise the driver's own errors; :meth:`together` is for PostgreSQL. No
    parameter may be a list that expands.
    """

    __slots__ = ("_shapes", "_together", "statement")

    def __init__(self, statement: sa.Executable) -> None:
        self.statement = statement
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._together: dict[tuple[str, ...], sa.Insert] = {}

    def together(self, names: tuple[str, ...]) -> sa.Insert | None:
        """The INSERT that takes a list for each of these columns; None where rows must go one by one."""
        if not self.statement.get_execution_options().get(_AT_ONCE):
            return None
        made = self._together.get(names)
        if made is None:
            made = self._together[names] = _of_lists(cast("sa.Insert", self.statement), names)
        return made

    def run(self, connection: Connection, values: Values) -> sqlite3.Cursor:
        """Run it once."""
        shape = self._shape(connection, values)
        return _driver(connection).execute(shape.sql, shape.rows([values])[0])

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it once for each of ``rows``, which all have the parameters of the first."""
        shape = self._shape(connection, rows[0])
        if not shape.columns:
            _driver(connection).executemany(shape.sql, shape.rows(rows)).close()
            return
        for row in shape.rows(rows):  # from Python 3.12 on executemany does not end a statement that returns rows
            _driver(connection).execute(shape.sql, row).fetchall()

    def read(self, connection: Connection, values: Values) -> list[dict[str, Any]]:
        """All rows that it brings, by the names of their columns."""
        columns = self._shape(connection, values).columns
        names = [name for name, _ in columns]
        rows = [dict(zip(names, row, strict=True)) for row in self.run(connection, values).fetchall()]
        for name, convert in columns:
            if convert:
                for row in rows:
                    row[name] = convert(row[name])
        return rows

    def value(self, connection: Connection, values: Values) -> Any:  # noqa: ANN401 - whatever the column holds
        """The first column of its first row, None if there is none."""
        _, convert = self._shape(connection, values).columns[0]
        # All rows are fetched: a statement that writes and returns is at its end only then.
        row = next(iter(self.run(connection, values).fetchall()), None)
        return None if row is None else convert(row[0]) if convert else row[0]

    def _shape(self, connection: Connection, values: Values) -> _Shape:
        names = tuple(values)
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shapes[names] = _Shape(self.statement, connection.dialect, names)
        return shape


def _of_lists(statement: sa.Insert, names: tuple[str, ...]) -> sa.Insert:
    columns = cast("sa.Table", statement.table).c
    # Of one dimension: a JSON value may be a list itself.
    lists = [sa.bindparam(name, type_=postgresql.ARRAY(columns[name].type, dimensions=1)) for name in names]
    rows = sa.func.unnest(*lists).table_valued(*(sa.column(name) for name in names)).render_derived()
    return statement.from_select(list(names), sa.select(*(rows.c[name] for name in names)))


def usual(statement: Statement) -> sa.Executable:
    """The statement as SQLAlchemy runs it."""
    return statement.statement if isinstance(statement, Prepared) else statement


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


class _Shape:
    """The text of a statement with the parameters ``names``, and what each value and column is converted by."""

    __slots__ = ("_converts", "_fixed", "_places", "columns", "sql")

    def __init__(self, statement: Any, dialect: Dialect, names: Sequence[str]) -> None:  # noqa: ANN401 - sa.Executable has no compile()
        columns = {"column_keys": names} if statement.is_dml else {}  # which are to be written
        compiled = statement.compile(dialect=dialect, **columns)
        state = compiled.construct_expanded_state(dict.fromkeys(names), escape_names=False)
        self.sql: str = state.statement
        self._fixed: list[Any] = []
        self._places: list[str | None] = []  # the parameter that stands there; None: a value that is always the same
        self._converts: list[tuple[int, Convert]] = []
        for place, name in enumerate(state.positiontup):
            bound = compiled.binds.get(name)
            given = bound is not None and bound.key in names
            convert = bound.type.dialect_impl(dialect).bind_processor(dialect) if bound is not None else None
            fixed = None if given else state.parameters[name]
            self._places.append(bound.key if given else None)
            self._fixed.append(convert(fixed) if convert and not given else fixed)
            if given and convert:
                self._converts.append((place, convert))
        self.columns: list[tuple[str, Convert | None]] = [
            (name, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for name, column in getattr(statement, "exported_columns", {}).items()
        ]

    def rows(self, many: Sequence[Values]) -> list[list[Any]]:
        """The parameters in their order, as SQLite takes them."""
        places = list(zip(self._places, self._fixed, strict=True))
        rows = [[fixed if name is None else values[name] for name, fixed in places] for values in many]
        for place, convert in self._converts:
            last, made = _NOTHING, None
            for row in rows:
                if row[place] is not last:  # many rows have one time; None is converted too, JSON has its own
                    last = row[place]
                    made = convert(last)
                row[place] = made
        return rows
