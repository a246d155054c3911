"""What the commands share: settings of this call, the configuration, output for people and for scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeVar

    from bot.config import Config, Origin
    from bot.desk import Live
    from bot.errors import Fault
    from bot.model import Rule, RuleSet

    F = TypeVar("F", bound=Callable[..., Any])


INDENT = 4
"""Columns by which an excerpt is set in."""


@dataclass
class Settings:
    """The options given before or after the command."""

    config_path: str | None = None
    as_json: bool = False
    verbose: int = 0

    @cached_property
    def config(self) -> Config:
        """The configuration in force. Raises ConfigError with every fault."""
        return self.origin.load()

    @cached_property
    def origin(self) -> Origin:
        """Where the configuration comes from."""
        from bot.config import Origin

        path = Path(self.config_path) if self.config_path else None
        return Origin(path=path, environ=os.environ, cwd=Path.cwd())

    @cached_property
    def rules(self) -> Live:
        """The rules folder as it stands now, compiled; faults are in it, nothing is stored."""
        from bot.reload import compile_rules
        from bot.rules import read_folder

        files, unread = read_folder(self.config.rules_dir)
        return compile_rules(files, unread, destinations={each.id for each in self.config.alerting})

    def rule_faults(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults of rule files with the path that leads to the file from here."""
        folder = Path(short(self.config.rules_dir))
        return [replace(fault, file=str(folder / fault.file)) for fault in faults]

    def note_defaults(self) -> None:
        """Say to people which configuration is in force if none was written, and what in it has no effect."""
        if self.as_json:
            return
        if self.config.path is None:
            hint(
                "No config.toml here: using the embedded defaults, with the rules in "
                f"{short(self.config.rules_dir)} (presswatch init writes one to edit)."
            )
        if self.config.reserved:
            hint(f"Accepted, but not used by this version: {', '.join(self.config.reserved)}.")
        for notice in self.config.notices:
            hint(notice)


def find_rule(ruleset: RuleSet, id_: str) -> Rule:
    """The rule of that id. Raises UsageError, with what was probably meant."""
    if id_ in ruleset.rules:
        return ruleset.rules[id_]
    from difflib import get_close_matches

    close = get_close_matches(id_, ruleset.rules, n=1)
    known = f'did you mean "{close[0]}"?' if close else "presswatch rules list names them all"
    raise click.UsageError(f'there is no rule "{id_}" without a mistake: {known}')


def common_options(command: F) -> F:
    """Let --config, --json and -v stand after the command too, where people type them."""

    def keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:  # noqa: ANN401 – click's own type
        settings = ctx.ensure_object(Settings)
        if value:
            setattr(settings, str(parameter.name), value)

    command = click.option(
        "--config",
        "config_path",
        type=click.Path(dir_okay=False),
        expose_value=False,
        callback=keep,
        help="Use this file instead of ./config.toml.",
    )(command)
    command = click.option(
        "--json", "as_json", is_flag=True, expose_value=False, callback=keep, help="One JSON object per line."
    )(command)
    return click.option("-v", "--verbose", count=True, expose_value=False, callback=keep, help="Say more.")(command)


pass_settings = click.make_pass_decorator(Settings, ensure=True)


def hint(text: str) -> None:
    """A remark for people: on standard error, so that it never mixes with results."""
    click.secho(text, dim=True, err=True, color=colour(sys.stderr))


@contextmanager
def progress(settings: Settings, label: str) -> Iterator[Callable[[int | None, str], None]]:
    """A bar on standard error, moved by one with each call of (total, what was done); none where nobody watches."""
    if settings.as_json or not sys.stderr.isatty():
        yield lambda _total, _name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    name = TextColumn("{task.description}")
    columns = (SpinnerColumn(), TextColumn(label), BarColumn(), MofNCompleteColumn(), name)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda total, name: bar.update(task, advance=1, total=total, description=name)


def say(mark: str, text: str, *, indent: int = 0, **how: Any) -> None:  # noqa: ANN401 – click's own keywords
    """A line that begins with a mark; on a terminal it is wrapped under itself, ``indent`` columns to the right."""
    from bot.text import clean

    text = clean(text)
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size().columns, 100)
        hang = " " * (indent + len(mark) + 1)
        text = textwrap.fill(
            hang + text, width=max(30, width - 1), subsequent_indent=hang, break_on_hyphens=False
        ).lstrip()
    click.echo(f"{' ' * indent}{style(mark, bold=True, **how)} {text}")


def short(path: Path) -> str:
    """The path as one would type it here: relative where it lies below this folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def span(seconds: float) -> str:
    """A length of time in its largest unit: ``45 s``, ``12 min``, ``6 h``, ``3 d``."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"


def moment(text: str, now: datetime, option: str) -> datetime:
    """The moment that an option names: a length of time ago, or the beginning of a day in UTC. Raises BadParameter."""
    from bot.tomlfile.durations import seconds
    from bot.tomlfile.models import Mistake

    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        return now - timedelta(seconds=seconds(text))
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
    except (ValueError, Mistake):
        message = f'"{text}" is no time: write a length such as "7d", "24h", "30m", or a date such as "2026-01-31"'
        raise click.BadParameter(message, param_hint=option) from None


def colour(stream: Any) -> bool:  # noqa: ANN401 – anything with isatty
    """Whether to colour: only on a terminal, and not where NO_COLOR is set (no-color.org)."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR")


def style(text: str, **how: Any) -> str:  # noqa: ANN401 – click's own keywords
    """Style ``text`` for standard output, if that is a terminal."""
    return click.style(text, **how) if colour(sys.stdout) else text


def print_json(row: Mapping[str, Any]) -> None:
    """One object on one line."""
    click.echo(json.dumps(row, ensure_ascii=False, default=_as_json))


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else str(value)


def print_faults(faults: Iterable[Fault], *, as_json: bool, kind: str = "fault") -> None:
    """Every fault with place and remedy: on standard error for people, as objects called ``kind`` for scripts."""
    for fault in faults:
        if as_json:
            keys = ("file", "line", "column", "subject", "message", "remedy", "excerpt")
            print_json({kind: {key: getattr(fault, key) for key in keys}})
        else:
            click.echo(_lines(fault), err=True)


def _lines(fault: Fault) -> str:
    """The fault as people read it: in one line, or with an excerpt between what is wrong and what to do."""
    from bot.text import clean

    from .excerpts import narrowed

    if not fault.excerpt:
        return clean(str(fault))
    remedy = f"→ {fault.remedy}" if fault.remedy else ""
    excerpt = fault.excerpt
    if sys.stderr.isatty():
        excerpt = narrowed(excerpt, shutil.get_terminal_size().columns - INDENT)
    below = textwrap.indent(f"{excerpt}\n{remedy}".rstrip(), " " * INDENT)
    return clean(f"{replace(fault, remedy='')}\n{below}")
