"""``presswatch sources``: which sources there are and how they fare."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, pass_settings, print_json, print_table, span, style
from .sources_add import add

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.model import Article, Item, Source
    from bot.store.records import SourceState


@click.group("sources")
def command() -> None:
    """List the sources with their health, check one, or add one."""


command.add_command(add)


@command.command("list", epilog="Exit code 1: a source is failing.")
@common_options
@pass_settings
def list_(settings: Settings) -> int:
    """List every source: when it last answered, what went wrong, when it is polled next."""
    from bot.app import now, open_store
    from bot.store import sources

    at = now()
    with open_store(settings.config) as store:
        with store.read() as tx:
            known = {state.id for state in sources.states(tx)}
        if not known.issuperset(source.id for source in settings.config.sources):
            with store.write() as tx:
                sources.sync(tx, settings.config.sources, at)
        with store.read() as tx:
            found = {state.id: state for state in sources.states(tx)}
    states = [found[source.id] for source in settings.config.sources]
    if settings.as_json:
        for state in states:
            print_json(_row(state))
    else:
        rows = [
            (s.id, s.tier, _health(s, at), f"{s.articles:,}", _when(s.last_ok_at, at), _next(s, at)) for s in states
        ]
        print_table(("source", "tier", "health", "articles", "last answer", "next poll"), rows)
        for state in states:
            if state.last_error:
                click.echo(f"{style(state.id, bold=True)}: {state.last_error}")
            if gap := _gap(state, at):
                click.echo(f"{style(state.id, bold=True)}: {gap}")
    return 1 if any(state.failing for state in states) else 0


def _row(state: SourceState) -> dict[str, object]:
    keys = ("id", "kind", "name", "url", "tier", "failing", "articles", "last_ok_at", "next_due", "failures")
    more = ("interval", "gap_from", "gap_to")
    return {key: getattr(state, key) for key in (*keys, *more)} | {"error": state.last_error}


def _gap(state: SourceState, now: datetime) -> str:
    """The last possible gap, while it is news, and what is done about it."""
    if not _has_gap(state, now):
        return ""
    tight = state.tight is not None and state.interval is not None
    often = f"; polled every {span(state.interval or 0)} since" if tight else ""
    return f"items may be missing between {state.gap_from:%Y-%m-%d %H:%M} and {state.gap_to:%Y-%m-%d %H:%M} UTC{often}"


def _has_gap(state: SourceState, now: datetime) -> bool:
    from bot.watched import GAPS_SINCE

    return state.gap_from is not None and state.gap_to is not None and now - state.gap_to <= GAPS_SINCE


def _health(state: SourceState, now: datetime) -> str:
    if state.failures:
        return f"{'failing' if state.failing else 'no answer'} ({plural(state.failures, 'failure')} in a row)"
    if state.failing:
        return "failing in part"
    if state.last_ok_at is None:
        return "not polled yet"
    return "possible gap" if _has_gap(state, now) else "ok"


def _when(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{span((now - at).total_seconds())} ago"


def _next(state: SourceState, now: datetime) -> str:
    seconds = (state.next_due - now).total_seconds() if state.next_due else 0
    return "now" if seconds <= 0 else f"in {span(seconds)}"


@command.command("check", epilog="Exit code 1: a source cannot be read.")
@click.argument("wanted", metavar="ID|URL|FILE", required=True, shell_complete=complete.sources_or_files)
@common_options
@pass_settings
def check(settings: Settings, wanted: str) -> int:
    """Fetch and read one source now and show its items; nothing is stored.

    Takes the id of a configured source, any feed's address, or a file or folder on this machine.
    """
    from bot.errors import SourceError

    source = _source(settings, wanted)
    error, title = None, ""
    items: Sequence[Mapping[str, object]] = ()
    try:
        title, items = _read(settings, source)
    except (SourceError, OSError) as trouble:
        error = str(trouble)
    if settings.as_json:
        print_json({"kind": source.kind, "title": title, "error": error, "items": items})
    elif error:
        click.echo(f"{source.name}: {error}", err=True)
    else:
        _print_items(title, items)
    return 1 if error else 0


def _source(settings: Settings, wanted: str) -> Source:
    """The configured source of that id, else one made up for the address, file or folder."""
    from pathlib import Path

    from bot.model import Source

    for source in settings.config.sources:
        if source.id == wanted:
            return source
    if wanted.startswith(("http://", "https://")):
        return Source(id="checked", kind="feed", name=wanted, url=wanted)
    if not Path(wanted).exists():
        raise click.UsageError(f'"{wanted}" is neither a source of the configuration nor an address nor a file here')
    return Source(id="checked", kind="folder", name=wanted, path=wanted)


def _read(settings: Settings, source: Source) -> tuple[str, Sequence[Mapping[str, object]]]:
    """Title and items of what ``source`` publishes right now. Raises SourceError."""
    from pathlib import Path

    if source.kind == "feed":
        return asyncio.run(_fetch(settings, source))
    path = Path(source.path or "")
    if path.is_file() and path.suffix.lower() not in (".txt", ".md"):
        from bot.ingest.parse import parse_bytes

        feed = parse_bytes(path.read_bytes(), None, None)
        return feed.title, [_item(item) for item in feed.items]
    from bot.ingest.seeds import poll

    polled = poll(source)
    for fault in polled.faults:
        click.echo(fault, err=True)
    return source.name, [_article(article) for article in polled.articles]


async def _fetch(settings: Settings, source: Source) -> tuple[str, Sequence[Mapping[str, object]]]:
    from bot.app import open_door
    from bot.ingest.workers import ParserPool

    async with open_door(settings.config) as door:
        response = await door.get(source.url or "", headers=source.headers)
    pool = ParserPool()
    try:
        feed = await pool.parse(response.body, response.content_type, response.final_url)
    finally:
        await pool.aclose()
    return feed.title, [_item(item) for item in feed.items]


def _item(item: Item) -> Mapping[str, object]:
    return {
        "id": item.guid,
        "title": item.title,
        "link": item.link,
        "published": _iso(item.published_at),
        "updated": _iso(item.updated_at),
        "summary": item.summary,
    }


def _article(article: Article) -> Mapping[str, object]:
    return {
        "id": article.key,
        "title": article.title,
        "link": article.url,
        "published": _iso(article.published_at),
        "updated": None,
        "summary": article.body,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print_items(title: str, items: Sequence[Mapping[str, object]]) -> None:
    from bot.text import clean, cut

    click.echo(f"{style(clean(title) or '(no title)', bold=True)}: {plural(len(items), 'item')}")
    for item in items:
        date = str(item["published"] or "no date")[:10]
        click.echo(f"  {date:10}  {cut(clean(' '.join(str(item['title']).split())), 100) or '(no title)'}")
