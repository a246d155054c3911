"""``presswatch sources check``: what would be read from a source, an address or a file right now."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, pass_settings, print_json, say
from .layout import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.checking import Checked
    from bot.model import Article, Item, Source

SHOWN = 10  # newest items
TITLE = 40  # cells of an item's title
NAME = 80  # characters of a feed's title
AT_ONCE = 8
CHECKED = ":checked"  # no configured source has a colon in its id
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/|$)|[\w.-]+:\d+(?:/|$)", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@click.command(
    "check",
    short_help="Show what would be read from a source, an address or a file now.",
    epilog="Exit code 1: one of them cannot be read. 2: one is neither a source nor an address nor a file here.",
)
@click.argument("wanted", metavar="ID|URL|FILE...", nargs=-1, required=True, shell_complete=complete.sources_or_files)
@common_options
@pass_settings
def check(settings: Settings, wanted: tuple[str, ...]) -> int:
    """Fetch and read each now as a poll would; nothing is stored and nothing is changed.

    Takes ids of configured sources, addresses of feeds, and files or folders on this machine. Shows the newest items
    and the rules that they match; -v shows all. A page that is no feed is told with the feeds it announces.
    """
    sources = [_source(settings, each) for each in wanted]
    return asyncio.run(_all(settings, sources))


def web_address(text: str) -> str | None:
    """The address that the text is; None if it does not say how it is reached, UsageError if not by http or https."""
    from bot.ingest.links import without_feed_scheme

    address = without_feed_scheme(text.strip())
    found = _SCHEME.match(address)
    if found and found[1].lower() not in ("http", "https"):
        raise click.UsageError(f'"{found[0]}" cannot be watched: give an address that begins with https:// or http://')
    return address if found else None


def _source(settings: Settings, wanted: str) -> Source:
    """The configured source of that id, else one made up for the address, file or folder."""
    from bot.model import Source

    for source in settings.config.sources:
        if source.id == wanted:
            return source
    if wanted and Path(wanted).exists():
        return Source(id=CHECKED, kind="folder", name=wanted, path=wanted)
    if address := web_address(wanted):
        return Source(id=CHECKED, kind="feed", name=wanted, url=address)
    hint = f": if it is an address, write https://{wanted}" if _HOST.match(wanted) else ""
    raise click.UsageError(f'"{wanted}" is neither a source of the configuration nor an address nor a file here{hint}')


async def _all(settings: Settings, sources: Sequence[Source]) -> int:
    """Read them side by side and show them in their order."""
    from bot.app import open_door
    from bot.checking import check as read
    from bot.ingest.workers import ParserPool

    turn = asyncio.Semaphore(AT_ONCE)
    failed = False
    async with open_door(settings.config) as door, ParserPool() as pool:

        async def one(source: Source) -> Checked:
            async with turn:
                return await read(door, pool, source, any_kind=source.id == CHECKED)

        for source, task in [(source, asyncio.create_task(one(source))) for source in sources]:
            found = await task
            failed = failed or found.error is not None
            _show(settings, source, found)
    return 1 if failed else 0


# ── telling ──────────────────────────────────────────────────────────────────────────────────────


def _show(settings: Settings, source: Source, found: Checked) -> None:
    if settings.as_json:
        items = [_item(item) for item in found.items]
        print_json({"kind": found.kind, "title": found.title, "error": found.error, "items": items})
        return
    if found.error:
        say("✗", f"{source.name}: {found.error}", fg="red")
    if found.kind != "none":
        show_feed(found.title, len(found.items), found.articles, kind=found.kind)
        _show_items(settings, found.articles)


def _item(item: Item) -> dict[str, object]:
    return {
        "id": item.guid,
        "title": item.title,
        "link": item.link,
        "published": item.published_at,
        "updated": item.updated_at,
        "summary": item.summary,
    }


def show_feed(title: str, items: int, articles: Sequence[Article], *, kind: str = "") -> None:
    """A line for a feed: its title, how many items it has, and their times; ``articles`` are the newest first."""
    from bot.text import clean, cut

    dates = [article.published_at for article in articles if article.published_at]
    span = f", newest {dates[0]:%Y-%m-%d %H:%M} UTC, oldest {dates[-1]:%Y-%m-%d}" if dates else ", none has a date"
    name = cut(" ".join(clean(title).split()), NAME) or "(no title)"
    count = f"{kind}, {plural(items, 'item')}" if kind else plural(items, "item")
    say("✓", f"{name}: {count}{span if items else ''}", fg="green")


def _show_items(settings: Settings, articles: Sequence[Article]) -> None:
    from bot.adding import matching
    from bot.app import now

    shown = articles if settings.verbose else articles[:SHOWN]
    if not shown:
        return
    room = max(shutil.get_terminal_size().columns, 80) - TITLE - 15  # the date, gaps, and a column left free
    rules = {article.key: _ids(ids, room) for article, ids in matching(shown, settings.rules, now())}
    rows = [(_day(article.published_at), _title(article), rules.get(article.key, "–")) for article in shown]
    print_table(("published", "title", "rules"), rows)
    if len(articles) > len(shown):
        click.echo(f"and {len(articles) - len(shown):,} more (-v shows all)")


def _title(article: Article) -> str:
    """On one line and no wider than its column; East Asian characters take two cells."""
    from rich.cells import cell_len

    from bot.text import clean, cut

    title = " ".join(clean(article.title).split())
    return cut(title, TITLE * len(title) // cell_len(title)) if cell_len(title) > TITLE else title


def _ids(rules: Sequence[str], room: int) -> str:
    """As many as have room, and how many more there are; the first in any case."""
    for count in range(len(rules), 1, -1):
        text = ", ".join(rules[:count]) + (f" +{len(rules) - count}" if count < len(rules) else "")
        if len(text) <= room:
            return text
    return rules[0] + (f" +{len(rules) - 1}" if len(rules) > 1 else "")


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "no date"
