"""Parsing: feed bytes to items; :class:`bot.ingest.workers.ParserPool` runs it in processes that can be killed."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import NotAFeed, TooLarge, Unreadable

from .encoding import decode
from .limits import MAX_BODY
from .parsed import ParsedFeed, ReadFeed, ShownFeed
from .translating import feed_errors

if TYPE_CHECKING:
    from bot.model import Source

    from .parsed import Past

__all__ = ["ParsedFeed", "parse_bytes", "read_bytes", "show_bytes"]

_GZIP = b"\x1f\x8b\x08"
_MEMBERS = 100  # of one gzip file; a server has no reason for many
_BLANK = " \t\r\n\v\f\0\ufeff\u200b\xa0"


def parse_bytes(
    body: bytes, content_type: str | None = None, url: str | None = None, *, plain: bool = True
) -> ParsedFeed:
    """The feed in ``body``: RSS, RDF, Atom, CDF, JSON Feed or a news sitemap, in any encoding, gzip's files included.

    ``content_type`` is the server's header, ``url`` the base of relative links. Without ``plain`` all XML is
    left to feedparser, which gives the same. Raises NotAFeed, TooLarge or Unreadable. Bounded in size, not in
    time: bodies from strangers belong into a ``ParserPool``.
    """
    return _parse_text(_text(body, content_type), url, plain=plain)


def read_bytes(
    body: bytes,
    content_type: str | None,
    url: str | None,
    source: Source,
    past: Past | None = None,
    *,
    plain: bool = True,
) -> ReadFeed:
    """The feed's items as articles of ``source``; other arguments and errors as of :func:`parse_bytes`.

    Items of the ``past`` are not read again, see :mod:`.recall`; with None none is recalled, nor can it be later.
    """
    from . import recall

    text = _text(body, content_type)
    parse = partial(_parse_text, text, url)
    if past is None:
        return recall.read_whole(parse(plain=plain), source)
    return recall.read(text, url, source, past, parse)


def _text(body: bytes, content_type: str | None) -> str:
    if len(body) > MAX_BODY:
        raise TooLarge(f"the feed is {len(body) / 1e6:.1f} MB long; {MAX_BODY / 1e6:.0f} MB is the most that is read")
    text = decode(_unpacked(body), charset(content_type)).lstrip(_BLANK)
    if not text:
        raise NotAFeed("the answer is empty: an empty page is not a feed without news")
    return text


def show_bytes(body: bytes, content_type: str | None, url: str | None, source: Source) -> ShownFeed:
    """The feed as :func:`parse_bytes` and :func:`read_bytes` read it, for somebody to look at; raises as they do."""
    from bot.text import clean

    from . import identity
    from .htmltext import html_to_text, one_line

    feed = parse_bytes(body, content_type, url)
    shown = (
        replace(item, title=clean(one_line(item.title)), summary=clean(html_to_text(item.summary)), content="")
        for item in feed.items
    )
    articles = identity.articles(feed.items, source, lang=feed.lang)
    return ShownFeed(
        kind=feed.kind,
        title=clean(feed.title),
        items=tuple(shown),
        articles=tuple(articles),
        children=feed.children,
    )


def _unpacked(body: bytes) -> bytes:
    """The content of a gzip file (RFC 1952), as sitemaps are often kept; any other body as it is."""
    if not body.startswith(_GZIP):
        return body
    content = b""
    for _ in range(_MEMBERS):
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            content += unpack.decompress(body, MAX_BODY + 1 - len(content))
        except zlib.error as error:
            raise Unreadable("the answer is a gzip file that is damaged") from error
        if len(content) > MAX_BODY:
            raise TooLarge(f"the feed is longer than {MAX_BODY / 1e6:.0f} MB once unpacked; that is all that is read")
        if not unpack.eof:
            raise Unreadable("the answer is a gzip file that breaks off")
        body = unpack.unused_data
        if not body.startswith(_GZIP):  # nothing more, or rubbish behind the end
            return content
    raise Unreadable(f"the answer is a gzip file of more than {_MEMBERS} parts")


@feed_errors()
def _parse_text(text: str, url: str | None, *, plain: bool) -> ParsedFeed:
    if text[0] in "{[":
        from .jsonfeed import parse_json

        return parse_json(text, url)
    from .plainfeed import parse_plain

    if plain and (feed := parse_plain(text, url)) is not None:
        return feed
    from .sitemapxml import is_sitemap, parse_sitemap

    if is_sitemap(text):
        return parse_sitemap(text, url)
    from .feedxml import parse_xml

    return parse_xml(text, url)


def charset(content_type: str | None) -> str | None:
    """The character set that a Content-Type header names."""
    _, _, parameters = (content_type or "").lower().partition("charset=")
    return parameters.split(";")[0].strip(" \"'") or None
