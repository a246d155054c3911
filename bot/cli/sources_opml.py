"""``presswatch sources import`` and ``export``: lists of feeds (OPML) that other readers write and read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, hint, pass_settings, print_json, say, short
from .sources_add import (
    TIERS,
    config_file,
    default_tables,
    keep_private,
    made_from_example,
    show_next_steps,
    warn_of_secrets,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.config.additions import ConfigFile
    from bot.importing import Entry, State
    from bot.model import Source, Tier

MARKS: dict[State, tuple[str, str]] = {"added": ("+", "green"), "known": ("=", "blue"), "faulty": ("✗", "red")}


@click.command(
    "import",
    short_help="Watch the feeds of an OPML list.",
    epilog="Exit code 1: a line of the list is faulty (the others are added), or the file is no such list.",
)
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--tier", type=click.Choice(TIERS), default="outlet", show_default=True, help="What kind of sources they are."
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@common_options
@pass_settings
def import_(settings: Settings, file: Path, *, tier: Tier, dry_run: bool) -> int:
    """Write the feeds of an OPML list into config.toml, all else in which stays as it is, to the byte.

    Each line of the list is told: what is added, what is watched already, and what cannot be, with the reason. Nothing
    is fetched. Names come from the titles; the folders of the list become comments.
    """
    from bot.importing import plan
    from bot.ingest.limits import MAX_BODY
    from bot.ingest.opml import read_opml

    try:
        with file.open("rb") as stream:
            found = read_opml(stream.read(MAX_BODY + 1))
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from error
    target = config_file(settings)
    watched = settings.config.sources
    taken = {*target.ids, *(source.id for source in watched)}
    entries = plan(found, watched, taken, tier, _door(settings))
    added = [entry.source for entry in entries if entry.source is not None]
    tables = _tables(target, entries)
    made = target.with_sources(tables) if added else None
    if made is not None and not dry_run:
        target.save(made)
    warn_of_secrets([source.url for source in added if source.url], keep_private(target))
    written = made is not None and not dry_run
    if settings.as_json:
        _print_rows(entries, target, found.commented, written=written)
    else:
        _print_entries(file, entries, found.commented)
        _print_outcome(target, added, tables, dry_run=dry_run)
    return 1 if any(entry.state == "faulty" for entry in entries) else 0


def _door(settings: Settings) -> Callable[[str], None]:
    """Judges an address by itself, as the door will that the polls go through."""
    from bot.app import open_door

    return open_door(settings.config).judge


def _tables(target: ConfigFile, entries: Sequence[Entry]) -> list[str]:
    from bot.config.additions import source_table

    base = target.path.parent.resolve()
    return [
        *default_tables(target),
        *(source_table(entry.source, base, note=entry.category) for entry in entries if entry.source is not None),
    ]


def _print_rows(entries: Sequence[Entry], target: ConfigFile, commented: int, *, written: bool) -> None:
    keys = ("line", "state", "id", "title", "url", "category", "reason")
    for entry in entries:
        print_json({key: getattr(entry, key) for key in keys})
    states = Counter(entry.state for entry in entries)
    print_json(
        {
            "summary": {
                **{state: states[state] for state in MARKS},
                "commented": commented,
                "config": str(target.path),
                "written": written,
                "defaults": [each.id for each in target.defaults()] if states["added"] else [],
            }
        }
    )


def _print_entries(file: Path, entries: Sequence[Entry], commented: int) -> None:
    for entry in entries:
        mark, colour = MARKS[entry.state]
        place = f"{file.name}:{entry.line}: " if entry.line else f"{file.name}: "
        say(mark, f"{place}{_told(entry)}", fg=colour)
    if commented:
        hint(f"{plural(commented, 'feed')} of the list {'is' if commented == 1 else 'are'} switched off there.")


def _told(entry: Entry) -> str:
    if entry.state == "added":
        folder = f", in {entry.category}" if entry.category else ""
        return f'{entry.url} as "{entry.id}"{folder}'
    if entry.state == "known":
        return f"{entry.url} {entry.reason}"
    return f"{entry.url}: {entry.reason}" if entry.url else entry.reason


def _print_outcome(target: ConfigFile, added: Sequence[Source], tables: Sequence[str], *, dry_run: bool) -> None:
    name = short(target.path)
    if not added:
        click.echo(f"Nothing is added to {name}.")
    elif dry_run:
        click.echo(f"\nWould be written to the end of {name}:\n")
        click.echo("\n".join(tables), nl=False)
    else:
        say("✓", f"Added {plural(len(added), 'source')} to {name}{made_from_example(target)}.", fg="green")
        show_next_steps(target)


@click.command("export", short_help="Write the feeds as an OPML list.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it there; without it, to standard output.",
)
@common_options
@pass_settings
def export(settings: Settings, output: Path | None) -> None:
    """Write all feeds that are watched as OPML 2.0, which other readers import, and so does sources import.

    Folders and news sitemaps are no feeds and are left out; tiers and headers have no place in such a list.
    """
    from bot.app import now
    from bot.ingest.opml import write_opml

    feeds = [source for source in settings.config.sources if source.kind == "feed"]
    text = write_opml(feeds, now())
    warn_of_secrets([source.url for source in feeds if source.url], "Mind whom you give the list to.")
    if output is not None:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"{output} cannot be written: {error.strerror}") from error
    if settings.as_json:
        keys = ("id", "name", "url", "lang")
        rows = [{key: getattr(source, key) for key in keys} for source in feeds]
        print_json({"feeds": rows, "output": str(output) if output else None, "opml": None if output else text})
    elif output is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"Wrote {plural(len(feeds), 'feed')} to {short(output.absolute())}.")
