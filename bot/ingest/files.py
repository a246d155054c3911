"""Any one file – feed, web page, lines of JSON or text – as articles, for trying things on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import NotAFeed, TooLarge, Unreadable
from bot.model import Source

from . import jsonlines, savedpages, seeds
from .encoding import NOT_TEXT, decode, decode_text, is_text
from .faults import Faults
from .limits import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Article

_FEED = re.compile(r"<(?:[\w-]+:)?(?:rss|RDF|feed|channel)[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_FEED_SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".json")


def articles_in(body: bytes, name: str) -> Sequence[Article]:
    """The articles that a file of this name holds, read in this process.

    Raises Unreadable for what is not text or holds none, and SourceError for a feed that cannot be read.
    """
    source = Source(id=name, kind="folder", name=name)
    if len(body) > MAX_BODY:
        raise TooLarge(f"the file is {len(body) / 1e6:.1f} MB long; {MAX_BODY / 1e6:.0f} MB is the most that is read")
    lower, text = name.lower(), decode(body)
    head = text[:5_000]
    plain = decode_text(body)
    if not (_is_feed(head) or is_text(body, text) or is_text(body, plain)):
        raise Unreadable(NOT_TEXT)
    if lower.endswith(_FEED_SUFFIXES) or _is_feed(head):
        from .parse import read_bytes

        feed = read_bytes(body, None, None, source)
        if feed.kind == "sitemapindex":
            raise NotAFeed("the file is a list of sitemaps and holds no article itself")
        return feed.articles
    if lower.endswith(jsonlines.SUFFIXES):
        return jsonlines.read_lines(plain, source)
    if lower.endswith(savedpages.SUFFIXES) or _PAGE.search(head):
        article = savedpages.read_page(body, source)
    else:
        article = seeds.read_text(plain, name, source, Faults())
    if article is None:
        raise Unreadable("there is no text in the file")
    return [article]


def _is_feed(head: str) -> bool:
    if head.lstrip().startswith("{"):
        return "jsonfeed.org" in head
    return head.lstrip().startswith("<") and bool(_FEED.search(head)) and not _PAGE.search(head)
