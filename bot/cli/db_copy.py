"""``presswatch db copy``: a desk moves to another database."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.errors import StoreError
from bot.model.words import plural

from .common import Settings, common_options, hint, pass_settings, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.store import Store
    from bot.store.copying import Compared


@click.command(
    "copy",
    short_help="Carry a desk to another database.",
    epilog="Exit code 1: a table is not the same on both sides; 3: nothing could be copied.",
)
@click.argument("source")
@click.argument("target")
@click.option("--verify", is_flag=True, help="Compare the two, and copy nothing.")
@common_options
@pass_settings
def command(settings: Settings, source: str, target: str, verify: bool) -> int:
    """Copy all that SOURCE holds into the empty database TARGET, and prove that it is the same.

    Both are URLs as in [database]: from SQLite to PostgreSQL, or back. Stop Presswatch first; what is written to SOURCE
    meanwhile is not copied. Stopped at any moment, the same command goes on where it was; until it is done no
    Presswatch opens TARGET. At the end the rows of each table are counted and their checksums compared.

    \b
      presswatch db copy sqlite:///var/presswatch.db postgresql://db.example.org/presswatch
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    from bot.store import copying as work

    ours, theirs = _store(source, "SOURCE"), _store(target, "TARGET")
    if ours.url == theirs.url:
        raise click.UsageError("SOURCE and TARGET are one database")
    copied: dict[str, int] = {}
    with _opened(ours, work.open_source), _opened(theirs, work.open_copied if verify else work.open_target):
        if not verify:
            with _bar(settings, "Copying", work.total(ours)) as step:
                copied = work.copy(ours, theirs, step)
        different = False
        with _bar(settings, "Comparing", None) as step:
            for table in work.compare(ours, theirs, lambda name: step(name, 0)):
                different |= not table.same
                _show(settings, table, copied.get(table.table, 0))
        if not verify and not different:
            work.finish(theirs)
    return _end(settings, theirs, copied, verify=verify, different=different)


def _store(url: str, name: str) -> Store:
    from bot.store import Store

    try:
        return Store(url)
    except StoreError as error:
        raise click.BadParameter(str(error), param_hint=name) from error


@contextmanager
def _opened(store: Store, opening: Callable[[Store], None]) -> Iterator[None]:
    opening(store)
    try:
        yield
    finally:
        store.close()


def _show(settings: Settings, table: Compared, copied: int) -> None:
    if settings.as_json:
        names = ("table", "rows", "there", "checksum", "same", "keys")
        print_json({**{name: getattr(table, name) for name in names}, "copied": copied})
    elif not table.same:
        which = f"; the first: {', '.join(table.keys)}" if table.keys else ""
        click.echo(f"{table.table} differs: {plural(table.rows, 'row')} here, {table.there:,} there{which}")


def _end(settings: Settings, target: Store, copied: dict[str, int], *, verify: bool, different: bool) -> int:
    if different:
        remedy = "" if verify else " No Presswatch opens it: was SOURCE in use? Empty TARGET and copy again."
        hint(f"{target.place} is not the same.{remedy}")
        return 1
    if not settings.as_json:
        rows = plural(sum(copied.values()), "row")
        click.echo("Both hold the same." if verify else f"Copied {rows}; both hold the same, table by table.")
    return 0


@contextmanager
def _bar(settings: Settings, label: str, total: int | None) -> Iterator[Callable[[str, int], None]]:
    """A bar on standard error with the table that it is at; none where nobody watches."""
    if settings.as_json or not sys.stderr.isatty():
        yield lambda _name, _rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda name, rows: bar.update(task, advance=rows, description=name)
