"""``presswatch sources add``: from an address to a source that is watched, with what it holds right now."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from .common import Settings, common_options, hint, pass_settings, print_json, say, short
from .sources_check import NAME, show_feed, web_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.adding import LinkedFeed, SeenFeed
    from bot.config.additions import ConfigFile
    from bot.model import Article, Source, Tier

TIERS = ("official", "wire", "outlet", "aggregator")
SHOWN = 5  # matching headlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the caller said of the source; None: taken from the feed."""

    id: str | None
    name: str | None
    tier: Tier
    lang: str | None
    every: str | None


@click.command(
    "add",
    short_help="Watch a feed or news sitemap, by its address or a page's.",
    epilog="Exit code 1: the address cannot be read, or there is no feed. 2: it is watched already.",
)
@click.argument("url", metavar="URL")
@click.option("--id", "id_", metavar="ID", help="What alerts and commands call it; without it, made from the title.")
@click.option("--name", help="As alerts show it; without it, the feed's title.")
@click.option(
    "--tier", type=click.Choice(TIERS), default="outlet", show_default=True, help="What kind of source it is."
)
@click.option("--lang", metavar="CODE", help='The language, where the feed does not say: "en".')
@click.option("--every", metavar="TIME", help='How often to look: "15m"; without it, by its own rhythm.')
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@common_options
@pass_settings
def add(
    settings: Settings,
    url: str,
    *,
    id_: str | None,
    name: str | None,
    tier: Tier,
    lang: str | None,
    every: str | None,
    dry_run: bool,
) -> int:
    """Watch the feed at URL: look at it now, then write it into config.toml.

    URL may be a web page that names its feed; where it names none, the news sitemap that the site's robots.txt names is
    found. Shows what the feed holds and what of it the rules match; all else
    in config.toml stays as it is, to the byte.
    """
    from bot.adding import matching
    from bot.app import now
    from bot.config.additions import source_table

    wishes = Wishes(id=id_, name=name, tier=tier, lang=lang, every=every)
    address = web_address(url) or f"https://{url}"
    _refuse_login(address)
    _refuse_known(settings, address)
    feed = asyncio.run(_look(settings, address))
    if feed is None:
        return 2
    _refuse_known(settings, feed.url)
    file = config_file(settings)
    source = _source(feed, wishes, file)
    tables = [*default_tables(file), source_table(source, file.path.parent.resolve(), every=every)]
    made = file.with_sources(tables)
    matches = matching(feed.articles, settings.rules, now())
    if not dry_run:
        file.save(made)
    warn_of_secrets([feed.url], keep_private(file))
    if settings.as_json:
        _print_row(feed, source, file, matches, dry_run=dry_run)
        return 0
    _print_feed(feed)
    _print_matches(matches)
    click.echo()
    show_written(source, file, tables, dry_run=dry_run)
    return 0


def _refuse_login(url: str) -> None:
    """User name and password in an address are never written; the door would not use them either."""
    if "@" in url.partition("://")[2].partition("?")[0].partition("/")[0]:
        raise click.UsageError(
            "the address holds a user name or password, which config.toml is no place for: write the [[source]] there "
            "without them, and with auth_env naming an environment variable that holds user:password"
        )


def _refuse_known(settings: Settings, url: str) -> None:
    from bot.adding import known_as

    known = known_as(url, settings.config.sources)
    if known is not None:
        raise click.UsageError(f'this address is watched already, as "{known.id}": presswatch sources check {known.id}')


# ── looking ──────────────────────────────────────────────────────────────────────────────────────


async def _look(settings: Settings, url: str) -> SeenFeed | None:
    """The feed at ``url``, or the one of the page's that was chosen; None if nobody is there to choose."""
    from bot.adding import SeenFeed, look
    from bot.app import open_door
    from bot.errors import NotAFeed
    from bot.ingest.workers import ParserPool

    async with open_door(settings.config) as door, ParserPool() as pool:
        found = await look(door, pool, url)
        if isinstance(found, SeenFeed):
            return found
        chosen = _choose(settings, url, found)
        if chosen is None:
            return None
        _refuse_known(settings, chosen.url)
        feed = await look(door, pool, chosen.url)
        if isinstance(feed, SeenFeed):
            return feed
        raise NotAFeed(f"{url} names {chosen.url} as its feed, but that is a web page too")


def _choose(settings: Settings, url: str, feeds: Sequence[LinkedFeed]) -> LinkedFeed | None:
    if all(feed.kind == "sitemap" for feed in feeds):
        names, what = f"{url} names no feed; the site's robots.txt names", "news sitemap"
    else:
        names, what = f"{url} is a web page; it names", "feed"
    if len(feeds) == 1:
        if not settings.as_json:
            hint(f"{names} one {what}, {feeds[0].url}")
        return feeds[0]
    if settings.as_json:
        for feed in feeds:
            print_json({"feed": {"url": feed.url, "title": feed.title}})
        return None
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    click.echo(f"{names} {len(feeds)} {what}s:", err=not asks)
    for number, feed in enumerate(feeds, 1):
        click.echo(f"  {number:2}  {feed.title or '(no title)'}\n      {feed.url}", err=not asks)
    if not asks:
        click.echo("Name the one you mean: presswatch sources add ADDRESS", err=True)
        return None
    return feeds[click.prompt("Which one", type=click.IntRange(1, len(feeds))) - 1]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def config_file(settings: Settings) -> ConfigFile:
    """The file that sources are written to: the configuration in force, else a new one here."""
    from bot.config.additions import ConfigFile

    return ConfigFile(settings.config.path or Path.cwd() / "config.toml", os.environ, Path.cwd())


def _source(feed: SeenFeed, wishes: Wishes, file: ConfigFile) -> Source:
    from bot.config.additions import free_id
    from bot.model import Source
    from bot.text import clean, cut

    host = (urlsplit(feed.url).hostname or "").removeprefix("www.")
    title = cut(" ".join(clean(feed.title).split()), NAME)
    taken = {*file.ids, *(source.id for source in file.defaults())}
    if wishes.id in taken:
        raise click.UsageError(f'the id "{wishes.id}" is another source\'s: choose another --id')
    return Source(
        id=wishes.id or free_id((title, host), taken),
        kind=feed.kind,
        name=wishes.name or title or host,
        url=feed.url,
        tier=wishes.tier,
        lang=wishes.lang,
    )


def default_tables(file: ConfigFile) -> list[str]:
    """The default sources as tables, if they would no longer be watched otherwise."""
    from bot.config.additions import DEFAULTS_NOTE, source_table

    tables = [source_table(each, file.path.parent.resolve()) for each in file.defaults()]
    return [DEFAULTS_NOTE + tables[0], *tables[1:]] if tables else []


def warn_of_secrets(urls: Iterable[str], remedy: str) -> None:
    """Say on standard error which addresses hold what looks like a secret, and what to do."""
    from bot.config.secret import secret_parameter

    found = [(urlsplit(url).hostname, name) for url in urls if (name := secret_parameter(url))]
    for host, name in found[:SHOWN]:
        click.echo(f'! The address at {host} holds what looks like a secret, as "{name}".', err=True)
    if len(found) > SHOWN:
        click.echo(f"! So do {len(found) - SHOWN:,} more.", err=True)
    if found:
        hint(remedy)


def keep_private(file: ConfigFile) -> str:
    """What to do about secrets in the configuration's addresses."""
    name = short(file.path)
    return (
        f"Whoever can read {name} can use it: chmod 600 {name}, and keep the file out of version control. If the site "
        "also takes an Authorization header, leave the secret out of the address and name an environment variable in "
        "auth_env."
    )


# ── telling ──────────────────────────────────────────────────────────────────────────────────────


def _print_row(
    feed: SeenFeed,
    source: Source,
    file: ConfigFile,
    matches: Sequence[tuple[Article, tuple[str, ...]]],
    *,
    dry_run: bool,
) -> None:
    keys = ("id", "kind", "name", "url", "tier", "lang")
    print_json(
        {
            "source": {key: getattr(source, key) for key in keys},
            "title": feed.title,
            "items": feed.fetched,
            "newest": next((article.published_at for article in feed.articles), None),
            "matching": [
                {"headline": article.title, "url": article.url, "published": article.published_at, "rules": rules}
                for article, rules in matches
            ],
            "config": str(file.path),
            "written": not dry_run,
            "defaults": [each.id for each in file.defaults()],
        }
    )


def _print_feed(feed: SeenFeed) -> None:
    show_feed(feed.title, feed.fetched, feed.articles)
    if feed.moved:
        hint(f"The server says that it has moved there for good: {feed.url}")


def _print_matches(matches: Sequence[tuple[Article, tuple[str, ...]]]) -> None:
    from bot.text import clean, cut

    click.echo(f"  {_count(len(matches))} the rules as they are now")
    for article, rules in matches[:SHOWN]:
        date = f"{article.published_at:%Y-%m-%d}" if article.published_at else "no date"
        say(date, cut(" ".join(clean(article.title).split()), 100), indent=4)
        say("·", ", ".join(rules), indent=15)
    if len(matches) > SHOWN:
        click.echo(f"    and {len(matches) - SHOWN} more")


def _count(number: int) -> str:
    return f"{number:,} of them match" if number > 1 else "one of them matches" if number else "none of them matches"


def show_written(source: Source, file: ConfigFile, tables: Sequence[str], *, dry_run: bool) -> None:
    """Say what was, or would be, written, and what comes next."""
    name = short(file.path)
    if dry_run:
        new = "" if file.exists else ", which would be made from the commented example"
        click.echo(f"Would be written to the end of {name}{new}:\n")
        click.echo("\n".join(tables), nl=False)
        return
    say("✓", f'Added to {name} as "{source.id}"{made_from_example(file)}.', fg="green")
    show_next_steps(file)


def made_from_example(file: ConfigFile) -> str:
    """A remark for a sentence about a file that was not there."""
    return "" if file.exists else f" (which was made from the commented example: {short(file.path)} was not there)"


def show_next_steps(file: ConfigFile) -> None:
    """Say what comes after new sources have been written."""
    name = short(file.path)
    kept = file.defaults()
    if kept:
        ids = ", ".join(each.id for each in kept)
        say("!", f"The sources watched by default are named there now, too, or they would no longer be: {ids}.")
    say(
        "→",
        "presswatch run --once --backfill 5 alerts the newest five of every first poll; "
        "without --backfill a first poll is only stored, as the baseline.",
    )
    say("→", f"A bot that is running sees within seconds that {name} has changed, and takes them up.")
