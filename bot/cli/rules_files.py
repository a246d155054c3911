"""``presswatch rules schema`` and ``fmt``: what makes rule files easy to edit."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.errors import ConfigError
from bot.model.words import plural

from .common import Settings, common_options, pass_settings, print_faults, print_json, say, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.errors import Fault


@click.command("schema")
@click.option("--write", is_flag=True, help="Write it into the rules folder, and name it in the files that name none.")
@common_options
@pass_settings
def schema(settings: Settings, write: bool) -> None:
    """Print the JSON Schema of rule files, by which editors complete keys and mark mistakes while one types.

    Editors find it by the line "#:schema ./.schema/rules.json" at the top of a file (taplo, Even Better TOML, Tombi).
    It knows keys, types and choices; what terms, queries and references mean is for rules check.
    """
    from bot.rules import read_folder, with_directive
    from bot.tomlfile.editing import edit

    if not write:
        click.echo(json.dumps(_schema(), ensure_ascii=False, indent=None if settings.as_json else 2))
        return
    folder = settings.config.rules_dir
    files, _ = read_folder(folder)
    path = write_schema(folder)
    changed = [name for name in files if edit(folder / name, partial(with_directive, name=name))]
    if settings.as_json:
        print_json({"written": short(path), "files": changed})
        return
    say("✓", f"Written to {short(path)}.", fg="green")
    if changed:
        say("→", f"Named at the top of {plural(len(changed), 'file')}: {', '.join(changed)}.")


def _schema() -> dict[str, object]:
    from bot.rules.schema import schema as made

    return made()


def write_schema(folder: Path) -> Path:
    """Write the schema to its place in the rules folder. Raises ConfigError."""
    from bot.rules import SCHEMA
    from bot.tomlfile.saving import make_folder, save

    path = folder / SCHEMA
    made = (json.dumps(_schema(), ensure_ascii=False, indent=2) + "\n").encode()
    make_folder(path.parent)
    before = path.read_bytes() if path.exists() else None
    if before != made:
        save(path, made, before)
    return path


def schema_remarks(folder: Path, files: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """A remark for each of ``files`` (name, text) whose schema is not there, or not that of this version."""
    from bot.errors import Fault
    from bot.rules import named_schema

    for name, text in files:
        named = named_schema(text)
        if named is None or "://" in named:
            continue
        path, remedy = (folder / name).parent / named, "presswatch rules schema --write"
        if not path.is_file():
            yield Fault(file=name, line=1, column=1, message=f"its schema {named} is not there", remedy=remedy)
        elif path.name == "rules.json" and _differs(path):
            yield Fault(file=name, line=1, column=1, message="its schema is that of another version", remedy=remedy)


def _differs(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_bytes()) != _schema())
    except ValueError:
        return True


@click.command("fmt", epilog="Exit code 1: with --check, a file would change; a file is no TOML, and stays as it is.")
@click.argument("names", metavar="[FILE]...", nargs=-1, type=click.Path(dir_okay=False))
@click.option("--check", "only_check", is_flag=True, help="Change nothing, name the files that would change.")
@common_options
@pass_settings
def fmt(settings: Settings, names: tuple[str, ...], only_check: bool) -> int:
    """Lay out rule files evenly: one empty line between tables, even blanks, lists that fit in 120 columns.

    What a file says, its comments, the order of everything and the rows of long lists stay. Without names, all files
    of the rules folder.
    """
    from bot.tomlfile import parse
    from bot.tomlfile.editing import edit
    from bot.tomlfile.layout import formatted

    def change(text: str, name: str) -> str:
        parse(text, name)
        return formatted(text)

    changed: list[str] = []
    faults: list[Fault] = []
    for path in [Path(name) for name in names] or _files(settings):
        try:
            if edit(path, partial(change, name=short(path.absolute())), write=not only_check):
                changed.append(short(path.absolute()))
        except ConfigError as error:
            faults += error.faults
    print_faults(faults, as_json=settings.as_json)
    for name in changed:
        if settings.as_json:
            print_json({"file": name, "changed": not only_check})
        else:
            click.echo(f"{'would change' if only_check else 'changed'}: {name}")
    if not (changed or faults or settings.as_json):
        click.echo("Nothing to change.")
    return 1 if faults or (changed and only_check) else 0


def _files(settings: Settings) -> list[Path]:
    from bot.rules import read_folder

    files, unread = read_folder(settings.config.rules_dir)
    return [settings.config.rules_dir / name for name in sorted({*files, *(fault.file for fault in unread)})]
