"""Folders of text files and saved pages: the seeds, and any folder that people drop articles into."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SourceError, Unreadable
from bot.model import NORMALISER_VERSION
from bot.text import clean, cut

from . import normalise, savedpages
from .dates import parse_date
from .encoding import NOT_TEXT, decode, decode_text, is_text
from .faults import Faults
from .fingerprints import bounded
from .folder import contents
from .limits import MAX_TITLE
from .links import absolute
from .parsed import Polled
from .shape import KEYS, front_matter, markdown, mend

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Article, Source

    from .workers import ParserPool

NOT_HTML = "is not text, whatever its name says; save the page as HTML or its text as .txt"


ReadPage = Callable[[bytes, "Source"], "Article | None"]


async def watch(
    pool: ParserPool, source: Source, *, body_hash: str | None = None, now: datetime | None = None
) -> Polled:
    """:func:`poll` in a thread, the pages among the files read by ``pool``: HTML is taken apart in workers only."""
    loop = asyncio.get_running_loop()
    left = threading.Event()

    def page(body: bytes, source: Source) -> Article | None:
        if left.is_set():  # nobody waits for the thread any more, and the pool may be closed
            raise Unreadable("the program was stopped")
        return asyncio.run_coroutine_threadsafe(pool.saved_page(body, source), loop).result()

    try:
        return await asyncio.to_thread(poll, source, body_hash=body_hash, now=now, page=page)
    finally:
        left.set()


def poll(
    source: Source, *, body_hash: str | None = None, now: datetime | None = None, page: ReadPage = savedpages.read_page
) -> Polled:
    """Read the source's folder; "unchanged" if it is as it was at ``body_hash``.

    A folder with faults is read each time, so that they are told until they are mended; a file that is still being
    written at ``now`` is left for the next poll. ``page`` reads an HTML file. Raises Unreadable if the folder cannot be
    listed; a file that cannot be read is a fault.
    """
    faults = Faults()
    files = list(contents(Path(source.path or ""), faults, now))
    unread = len(faults.refused)
    digest = _digest(files)
    unfinished = tuple(faults.unfinished)
    if digest == body_hash:
        return Polled(status="unchanged", body_hash=digest, unfinished=unfinished)
    articles = _articles(source, files, faults, page)
    told = faults.sentences()
    return Polled(
        status="ok",
        articles=articles,
        fetched=len(files) + unread,
        title=source.name,
        body_hash=None if told else digest,
        faults=told,
        refused=tuple(faults.refused),
        unfinished=unfinished,
    )


def read_text(text: str, name: str, source: Source, faults: Faults) -> Article | None:
    """The article in the text of the file ``name``; None, with a fault, where there is none.

    The key is the front matter's url, else the fingerprint of the words.
    """
    matter = front_matter(text)
    if matter.fault:
        faults.add(name, matter.fault)
    found, rest = markdown(matter.text) if name.lower().endswith(".md") else ("", matter.text)
    body = clean(mend(rest)).strip()
    values = _values(matter.values, name, faults)
    title = cut(clean(values["title"] or found), MAX_TITLE)
    if not body and not title:
        sentence = "there is no text in it; delete the file or write the article into it"
        faults.refuse(name, sentence, text, url=values["url"])
        return None
    published = parse_date(values["published"])
    article = normalise.build(
        source,
        title=title,
        body=body,
        url=values["url"] or None,
        author=values["author"],
        outlet=cut(values["source"], MAX_TITLE),
        lang=values["language"] or source.lang,
        text_seen="full" if body else "title",
        published_raw=values["published"] or None,
        published_at=published,
        date_origin="front matter" if published else "unknown",
    )
    return normalise.keyed(article, bounded(article.canonical_url), "url") if article.canonical_url else article


def _values(given: dict[str, str], name: str, faults: Faults) -> dict[str, str]:
    """The front matter's values, cleaned; a date or address that cannot be one is a fault."""
    values = {key: clean(given.get(key, "")) for key in KEYS}
    if values["url"]:
        url = absolute(values["url"], None)
        if url is None:
            faults.add(name, f'url "{cut(values["url"], 80)}" is no web address; write it as https://…')
        values["url"] = url or ""
    if values["published"] and parse_date(values["published"]) is None:
        faults.add(
            name,
            f'published "{cut(values["published"], 40)}" is no date; write it as 2023-08-28 or 2023-08-28T09:30:00Z',
        )
    return values


def _digest(files: list[tuple[str, bytes]]) -> str:
    whole = hashlib.sha256(f"normaliser {NORMALISER_VERSION}\n".encode())
    for name, body in files:
        whole.update(f"{name}\n{len(body)}\n".encode("utf-8", "surrogateescape"))
        whole.update(body)
    return whole.hexdigest()


@dataclass(slots=True)
class _Loading:
    articles: dict[str, Article] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def _articles(source: Source, files: list[tuple[str, bytes]], faults: Faults, page: ReadPage) -> tuple[Article, ...]:
    loading = _Loading()
    for name, body in files:
        if name.lower().endswith(savedpages.SUFFIXES):
            article = _page(source, name, body, faults, page)
        else:
            article = _article(source, name, body, faults)
        if article is not None:
            _add(loading, article, name, faults)
    return tuple(loading.articles.values())


def _article(source: Source, name: str, body: bytes, faults: Faults) -> Article | None:
    text = decode_text(body)
    if not is_text(body, text):
        faults.refuse(name, NOT_TEXT, hashlib.sha256(body).hexdigest())
        return None
    return read_text(text, name, source, faults)


def _page(source: Source, name: str, body: bytes, faults: Faults, page: ReadPage) -> Article | None:
    """The article in an HTML file. Its key is the fingerprint: many pages name the front page as their address."""
    if not is_text(body, decode(body)):
        faults.refuse(name, NOT_HTML, hashlib.sha256(body).hexdigest())
        return None
    try:
        article = page(body, source)
    except SourceError as error:
        faults.refuse(name, f"{error}; save its text as .txt", hashlib.sha256(body).hexdigest())
        return None
    if article is None:
        sentence = "there is no text in it; delete the file, or save the page when all of it is shown"
        faults.refuse(name, sentence, hashlib.sha256(body).hexdigest())
    return article


def _add(loading: _Loading, article: Article, name: str, faults: Faults) -> None:
    """Two files with the same words are one article; two texts with one url cannot both be it."""
    first = loading.articles.setdefault(article.key, article)
    if article.key_kind != "fingerprint" and first.content_hash != article.content_hash:
        sentence = f"has the same url as {loading.files[article.key]} but another text; give it its own url"
        faults.refuse(name, sentence, article.content_hash, url=article.url)
    loading.files.setdefault(article.key, name)
