"""Whole articles: the page behind each new item is read, and the item says which text was seen.

A page is fetched for what may be alerted and only once for each version of an item: not for items of a first poll,
which are not alerted, and not a second time when it failed – the summary is matched at once, for news that waits for
a page that may never come is no news. A version comes with other words in the source; a source whose words change all
the time brings no more pages after :data:`VERSIONS`.

What the source listed is never lost: words of it that the page does not hold stand before the page's text, so a rule
that matches the summary matches with the page, too. Key, fingerprint and content hash stay those of the listed words,
by which the item is known again whatever its page said; so switching ``fulltext`` on or off changes no stored article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .ingest.aggregators import target_of
from .ingest.limits import MAX_TEXT
from .ingest.timing import newest_first
from .joining import recognise
from .model.words import plural
from .store import sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .desk import Desk
    from .errors import SourceError
    from .model import Article, Source
    from .remembered import Listed
    from .store.records import Known, SourceState

SECONDS = 60.0  # that all pages of one poll may take together
MOST = 50  # pages of one poll
VERSIONS = 3  # of an item for which its page is read
READ = "from its page"
LISTED_MORE = "its page holds less text than the source"
FIRST_POLL = "it was there at the first poll, its page was not read"
RESTLESS = "its words in the source change too often, its page was not read again"
TOO_MANY = f"it was not among the {MOST} newest, whose pages were read"
NO_ADDRESS = "it has no address"
_GIVEN_UP = re.compile(r"\s*\S*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Articles with as much text as could be had; ``note`` is for the report of the poll, empty if all went well."""

    articles: tuple[Article, ...]
    note: str = ""


async def read_pages(
    desk: Desk,
    source: Source,
    state: SourceState,
    articles: Sequence[Article],
    *,
    backfill: int = 0,
    seconds: float | None = None,
    listed: Listed | None = None,
) -> Read:
    """The articles, those with their pages' text that are new and may be alerted. ``seconds`` bounds the time it takes.

    ``backfill`` is how many of a first poll may be alerted; ``listed`` as of :func:`~bot.joining.recognise`. Raises
    StoreError and Outdated; a page's trouble is told in the article.
    """
    if not source.fulltext or not articles:
        return Read(articles=tuple(articles))
    known, before = await desk.call(_known, desk, source.id, articles, listed)
    excused = excuses(articles, known, first=state.baseline_at is None and not before, backfill=backfill)
    asked = [article for article in newest_first(articles) if excused.get(article.key) == ""]
    found = await desk.pages.read(
        list(map(page_of, asked)), seconds=seconds or SECONDS, headers=source.headers, origin=source.url
    )
    read = {article.key: with_page(article, found[page_of(article)]) for article in asked}
    done = tuple(
        read.get(article.key) or (as_listed(article, why) if (why := excused.get(article.key)) else article)
        for article in articles
    )
    return Read(articles=done, note=_note(tuple(read.values())))


def _known(
    desk: Desk, source: str, articles: Sequence[Article], listed: Listed | None
) -> tuple[dict[str, Known], dict[str, Known]]:
    """What is known of the articles by the keys with which they came, and of that what is of finished polls."""
    with desk.store.read() as tx:
        seen = recognise(tx, sources.get(tx, source), source, articles, listed)
    known = {
        came.key: seen.known[own.key]
        for came, own in zip(articles, seen.articles, strict=True)
        if own.key in seen.known
    }
    return known, seen.before


def excuses(articles: Sequence[Article], known: Mapping[str, Known], *, first: bool, backfill: int) -> dict[str, str]:
    """Key → why an article's page is not read, "" if it is; articles that are stored as they are have no entry."""
    found: dict[str, str] = {}
    asked = 0
    for rank, article in enumerate(newest_first(articles)):
        before = known.get(article.key)
        if before is not None and before.content_hash == article.content_hash:
            continue
        if first and rank >= backfill:
            found[article.key] = FIRST_POLL
        elif not article.url:
            found[article.key] = NO_ADDRESS
        elif before is not None and before.n >= VERSIONS:
            found[article.key] = RESTLESS
        elif asked >= MOST:
            found[article.key] = TOO_MANY
        else:
            found[article.key], asked = "", asked + 1
    return found


def page_of(article: Article) -> str:
    """The address of an article's page: where an aggregator's link carries one, that one."""
    return target_of(article.url) or article.url or ""


def with_page(article: Article, page: str | SourceError) -> Article:
    """The article with the text of its page, or with the reason why it is as the source listed it."""
    if not isinstance(page, str):
        return as_listed(article, str(page))
    text = without_headline(page, article.title)
    if len(text) < len(article.body) or not text:
        return replace(article, text_reason=LISTED_MORE)
    return replace(article, body=joined(article.body, text)[:MAX_TEXT], text_seen="full", text_reason=READ)


def as_listed(article: Article, reason: str) -> Article:
    """The article with the listed text alone, which counts as a summary: whoever asks for pages knows it for one."""
    return replace(article, text_seen="summary" if article.body else "title", text_reason=reason)


def without_headline(page: str, title: str) -> str:
    """The text without a first paragraph that only repeats the headline."""
    first, _, rest = page.partition("\n\n")
    return rest if rest and _words(first) == _words(title) else page


def joined(listed: str, page: str) -> str:
    """The page's text, after what the source listed where the page does not hold it.

    A listed text that breaks off ("… the mini…") is held by a page that holds its beginning.
    """
    beginning = _words(_GIVEN_UP.sub("", listed))
    return page if not beginning or beginning in _words(page) else f"{listed}\n\n{page}"


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _note(read: Sequence[Article]) -> str:
    """How many pages brought nothing, and why the first did not."""
    failed = [article.text_reason for article in read if article.text_reason != READ]
    if not failed:
        return ""
    reasons = failed[0] + (" …" if len(set(failed)) > 1 else "")
    return f"{len(failed)} of {plural(len(read), 'page')} not read: {reasons}"
