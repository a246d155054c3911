"""RSS, RDF, Atom and CDF by feedparser, on text that has been made safe for it.

feedparser 6.0.14 opens bytes as a file path (so it gets a BytesIO), spends 37 s on 100 KB of line feeds
before the first element (so nothing stands there), and raises where a document is odd enough (so ``parse``
records whatever comes). Sanitising and resolving links inside HTML are off: texts are escaped where they are
shown. It is slow to import, so only workers and ``parse_bytes`` load this module.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import feedparser

from bot.errors import NotAFeed, TooLarge, Unreadable

from . import entries
from .limits import MAX_ITEMS, MAX_XML_DEPTH
from .markup import mend, rescue, root, too_deep
from .pageinstead import described
from .parsed import ParsedFeed

if TYPE_CHECKING:
    from .entries import Fields

_ROOTS = {"rss", "rdf", "feed", "entry", "channel"}
_ITEM = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:[\w-]+:)?(?:rss|rdf|feed|channel|entry)\s*>(?:\s|<!--[^<>]*-->)*$", re.IGNORECASE)
_RSS_RDF = re.compile(r"purl\.org/rss/1\.0/|netscape\.com/rdf/simple/0\.9/")
_CDF = re.compile(r"<channel\s[^<>]*\bhref\s*=", re.IGNORECASE)
_PAGE_ROOTS = {"html", "head", "body", "title", "meta", "script", "div", "p", "h1", "center", "table", "br", "b"}
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def parse_xml(text: str, url: str | None = None) -> ParsedFeed:
    """The feed in ``text``. Raises NotAFeed, TooLarge or Unreadable – and what feedparser trips over."""
    name, start = root(text)
    if name.rpartition(":")[2].lower() not in _ROOTS:
        start = rescue(text)
        if start < 0:
            raise NotAFeed(_what(name, text))
    text = _DECLARATION + mend(text[start:])
    _check_size(text)
    headers = {"content-type": "application/xml; charset=utf-8"}
    found = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found["entries"]:
        _check_empty(found, text)
    version = found.get("version", "")
    items = tuple(entries.item(entry, url, atom=version.startswith("atom")) for entry in found["entries"])
    feed = found["feed"]
    return ParsedFeed(
        kind=_kind(text),
        title=entries.title(feed),
        items=items,
        ttl=entries.ttl(feed),
        lang=entries.language(feed),
    )


def _kind(text: str) -> str:
    """By the first element; <channel> begins both CDF, with an address, and RSS without its envelope."""
    name, start = root(text)
    if name.rpartition(":")[2].lower() in ("feed", "entry"):
        return "atom"
    return "cdf" if _CDF.match(text, start) else "rss"


def _check_size(text: str) -> None:
    count = sum(1 for _ in _ITEM.finditer(text))
    if count > MAX_ITEMS:
        raise TooLarge(f"the feed holds {count:,} items; {MAX_ITEMS:,} is the most that is read")
    if too_deep(text, MAX_XML_DEPTH, xml=True):
        raise TooLarge(f"the feed nests more than {MAX_XML_DEPTH} elements in one another")


def _check_empty(found: Fields, text: str) -> None:
    """No items: a feed without news, one that breaks off or is damaged where its items are, or no feed at all."""
    if not found.get("version") and "<rdf:RDF" in text[:1_000] and not _RSS_RDF.search(text[:5_000]):
        raise NotAFeed("the answer is RDF, but not a feed (RSS 0.9 or 1.0): check the feed's address")
    if found.get("bozo") and (_ITEM.search(text) or not _CLOSED.search(text[-200:])):
        place = re.sub(r"^<[^>]*>:", "line ", str(found.get("bozo_exception", "")))[:120]
        raise Unreadable(f"the feed breaks off or is damaged, and no item of it can be read ({place})")


def _what(name: str, text: str) -> str:
    """Says what an answer without a feed's first element is."""
    if not text.strip():
        return "the answer is empty: an empty page is not a feed without news"
    local = name.rpartition(":")[2].lower()
    if local in _PAGE_ROOTS or re.search(r"<!doctype\s+html|<html", text[:5_000], re.IGNORECASE):
        return described(text)
    if local == "opml":
        return "the answer is a list of feeds, but <opml> does not begin a feed: presswatch sources import reads it"
    if name:
        return f"the answer is XML, but <{name[:40]}> does not begin a feed (RSS, Atom or RDF)"
    return "the answer is neither XML nor JSON: check the feed's address"
