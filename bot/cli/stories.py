"""``presswatch stories``: which articles tell one event, in the archive or in any files."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, hint, moment, pass_settings, print_json, progress, style
from .files import paths, read
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Article
    from bot.store.records import StoryMember, StoryRecord

# What each kind of member is called.
KINDS = {
    "item": "same story",  # of a story that was merged into this one: it was the first there
    "copy": "copy",
    "same story": "same story",
    "related": "related",
}


@click.command("stories", epilog="Exit code 1: a file could not be read.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FOLDER|FILE]...")
@click.option("--since", metavar="TIME", help='Only with an article since then: "7d", "24h", or a date "2026-01-31".')
@click.option("--several", is_flag=True, help="Only stories of more than one article.")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="How many.")
@common_options
@pass_settings
def command(settings: Settings, files: tuple[Path, ...], since: str | None, several: bool, last: int) -> int:
    """List the newest stories: who leads, who carries the same text, who tells the same event, what is related.

    A story is one event, however many outlets tell it. Without FILES these are the stories of the archive. With them,
    the articles in these files are brought together as if they had come in one after the other; nothing is stored.
    A file may be a text with or without front matter, a saved page, a feed, or lines of JSON:

    \b
      presswatch stories --several --since 7d
      presswatch stories seeds/
      presswatch stories articles.jsonl --json

    \b
    A line of JSON is one article; all keys but title or text may be left out:
      {"title", "text", "url", "source", "published", "author", "lang", "tier"}
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    from bot.app import now

    begin = moment(since, now(), "--since") if since else None
    if not files:
        _show(settings, _stored(settings, last + 1, begin, several=several), last, stored=True)
        return 0
    from bot.gathering import stories_of

    read_all = [read(path) for path in paths(files)]
    articles: list[Article] = [article for found in read_all for article in found or ()]
    with progress(settings, "Placing articles") as moved:
        found = stories_of(articles, now(), lambda article: moved(len(articles), article.title))
    wanted = (story for story in found if (story.members or not several) and (begin is None or story.last_at >= begin))
    _show(settings, list(islice(wanted, last + 1)), last, stored=False)
    return 1 if None in read_all else 0


def _stored(settings: Settings, limit: int, begin: datetime | None, *, several: bool) -> list[StoryRecord]:
    from bot.app import database_exists, open_store
    from bot.store import members

    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return []
    with open_store(settings.config) as store, store.read() as tx:
        return members.recent(tx, limit, since=begin, several=several)


def _show(settings: Settings, stories: Sequence[StoryRecord], last: int, *, stored: bool) -> None:
    for story in stories[:last]:
        if settings.as_json:
            print_json(_row(story))
        else:
            _print(story, stored=stored)
    if len(stories) > last:
        hint(f"These are the newest {last}; there are more: --last N.")
    if not stories and not settings.as_json:
        click.echo("No such story.")


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


def _row(story: StoryRecord) -> dict[str, object]:
    return {
        "id": story.id,
        "opened": story.opened_at,
        "last": story.last_at,
        "lead": _article(story.lead),
        "copies": [_article(member) | {"copy_of": member.copy_of} for member in story.members if member.kind == "copy"],
        "members": [_article(member) for member in story.members if member.kind != "copy"],
        "related": [_article(member) | {"story": member.story} for member in story.related],
    }


def _article(member: StoryMember) -> dict[str, object]:
    return {
        "article": member.article,
        "title": member.title,
        "url": member.url,
        "source": member.source,
        "source_name": member.source_name,
        "published": member.published_at,
        "first_seen": member.first_seen,
        "score": member.score,
        "reason": member.reason,
    }


def _print(story: StoryRecord, *, stored: bool) -> None:
    from bot.text import clean

    click.echo(f"{_date(story.lead, stored=stored)}  {style(clean(story.lead.title), bold=True)}")
    size = plural(1 + len(story.members), "article")
    paragraph(f"story {story.id} · {story.lead.source_name}{f' · {size}' if story.members else ''}")
    for member in (*story.members, *story.related):
        paragraph(f"{KINDS[member.kind]}: {member.source_name} – {member.title} {_because(member)}", mark="·")


def _date(member: StoryMember, *, stored: bool) -> str:
    if member.published_at:
        return f"{member.published_at:%Y-%m-%d %H:%M} UTC"
    return f"{member.first_seen:%Y-%m-%d %H:%M} UTC (first seen)" if stored else "date unknown"


def _because(member: StoryMember) -> str:
    """Score and reason, as far as they say anything."""
    return f"({member.reason})" if member.kind == "item" else f"({member.score:.2f}: {member.reason})"
