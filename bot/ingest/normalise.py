"""Items to articles: visible text only, one body, a title in any case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from bot.model import Article
from bot.text import clean, cut, sentences

from .aggregators import target_of
from .fingerprints import content_hash, fingerprint
from .htmltext import html_to_text, one_line
from .limits import MAX_TEXT, MAX_TITLE
from .links import canonical_url

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Item, KeyKind, Source, TextSeen

DateOrigin = Literal["published", "updated", "front matter", "unknown"]
_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{1,8}){0,4}")
DERIVED_TITLE = 120  # characters


def article(item: Item, source: Source, *, lang: str | None = None) -> Article:
    """The article that ``item`` of ``source`` stands for; ``lang`` is the feed's language.

    The longer of summary and content is the body. The key is the fingerprint until :mod:`identity` has
    seen the whole feed. No date is invented: without a published one the updated one counts, and says so.
    """
    body, seen = _body(item)
    title = _line(item.title)
    if body == title:
        body, seen = "", "title"
    link = clean(item.link) if item.link else None
    published = item.published_at or item.updated_at
    origin: DateOrigin = "published" if item.published_at else "updated" if item.updated_at else "unknown"
    return build(
        source,
        title=title,
        body=body,
        url=link,
        target=target_of(link, item.summary or item.content),
        author=cut(clean(item.author), MAX_TITLE),
        outlet=_line(item.outlet),
        lang=source.lang or item.lang or lang,
        text_seen=seen,
        published_raw=clean(item.published_raw) if item.published_raw else None,
        published_at=published,
        date_origin=origin,
    )


def build(  # noqa: PLR0913 – each is a field of the article
    source: Source,
    *,
    title: str,
    body: str,
    url: str | None,
    target: str | None = None,
    author: str,
    outlet: str = "",
    lang: str | None,
    text_seen: TextSeen,
    published_raw: str | None,
    published_at: datetime | None,
    date_origin: DateOrigin,
) -> Article:
    """An article from clean parts, with its hashes; a missing title is derived from the text.

    ``target`` is where ``url`` leads, if that is known to be another address.
    """
    body = body[:MAX_TEXT]
    canonical = canonical_url(target or url)
    apart = published_at.isoformat() if published_at else canonical or ""
    words = fingerprint(title, body, apart)
    return Article(
        source=source.id,
        key=words,
        key_kind="fingerprint",
        fingerprint=words,
        content_hash=content_hash(title, body),
        title=title or derived_title(body),
        title_derived=not title,
        body=body,
        url=url,
        canonical_url=canonical,
        author=author,
        outlet=outlet,
        lang=_language(lang),
        tier=source.tier,
        excerpt=source.excerpt,
        text_seen=text_seen,
        published_raw=published_raw,
        published_at=published_at,
        date_origin=date_origin,
    )


def keyed(article: Article, key: str, kind: KeyKind) -> Article:
    """The article, fresh from :func:`build` and in nobody else's hands yet, with its key.

    It is written into the article itself: a copy of all its fields costs as much as a fifth of making it.
    """
    object.__setattr__(article, "key", key)
    object.__setattr__(article, "key_kind", kind)
    return article


def derived_title(body: str) -> str:
    """The first sentence of a text without title, on one line, at most :data:`DERIVED_TITLE` characters."""
    head = body[:2_000]
    spans = sentences(head)
    first = head[spans[0][0] : spans[0][1]] if spans else ""
    return cut(" ".join(first.split()), DERIVED_TITLE)


def _body(item: Item) -> tuple[str, TextSeen]:
    content = _shown(item.content)
    if content and len(content) >= len(item.summary):  # what is shown of a summary is never longer than its markup
        return content, "full"
    summary = _shown(item.summary)
    if content and len(content) >= len(summary):
        return content, "full"
    return (summary, "summary") if summary else ("", "title")


def _shown(markup: str) -> str:
    return clean(html_to_text(markup)) if markup else ""


def _line(markup: str) -> str:
    return cut(clean(one_line(markup)), MAX_TITLE) if markup else ""


def _language(tag: str | None) -> str | None:
    """A language tag in small letters (BCP 47 compares them so); what does not look like one is None."""
    found = _TAG.match(tag.strip().lower()) if tag else None
    return found[0].replace("_", "-") if found else None
