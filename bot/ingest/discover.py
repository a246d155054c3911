"""Autodiscovery: the feeds that a web page names (rssboard.org/rss-autodiscovery, WHATWG "alternate" links).

Where it names none, robots.txt may name a news sitemap. Runs in a worker that can be killed; what a page names is an
address from a stranger, and goes through the guard like any other before anything is fetched from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from bot.text import clean, cut

from .encoding import decode
from .htmltext import MAX_DEPTH, MAX_HTML, without_long_tags
from .limits import MAX_ROBOTS
from .links import absolute, canonical_url, is_named_news
from .markup import too_deep
from .parse import charset
from .parsed import LinkedFeed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_SITEMAP = re.compile(r"\s*sitemap\s*:\s*([^\s#]+)", re.IGNORECASE)
MOST = 20  # feeds of one page; a person chooses among them
TITLE = 100
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
# Where feeds usually lie; a link to such a place counts only where the page names no feed in its head.
_PLACES = re.compile(r".*/(?:feeds?|rss|atom)(?:\.(?:xml|json))?/?|.*\.(?:rss|rdf|atom)|/index\.xml", re.IGNORECASE)


def linked_feeds(body: bytes, content_type: str | None, url: str) -> tuple[LinkedFeed, ...]:
    """The feeds that the page at ``url`` names, each once, in its order, at most :data:`MOST`.

    Those of ``<link rel="alternate">``; if there are none, links of the text to places where feeds usually lie.
    Addresses are absolute, resolved against ``<base>`` and ``url``. Bounded in size and depth; never raises.
    """
    markup = without_long_tags(decode(body, charset(content_type))[:MAX_HTML].replace("\0", ""))
    if too_deep(markup, MAX_DEPTH, xml=False):
        markup = re.split(r"<body[\s>]", markup, maxsplit=1, flags=re.IGNORECASE)[0]
        if too_deep(markup, MAX_DEPTH, xml=False):
            return ()
    tree = LexborHTMLParser(markup)
    first = tree.css_first("base[href]")
    base = (absolute(first.attributes["href"], url) if first else None) or url
    return _each_once(_named(tree, base)) or _each_once(_usual(tree, base))


def linked_sitemaps(body: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that the robots.txt in ``body`` names, those first that call themselves news; at most :data:`MOST`.

    Each stands behind ``Sitemap:`` on a line of its own (sitemaps.org/protocol.html#submit_robots) and may lie on
    another host: the line is the site's own word for it. Never raises.
    """
    lines = (_SITEMAP.match(line) for line in decode(body[:MAX_ROBOTS]).splitlines())
    found = dict.fromkeys(address for line in lines if line and (address := absolute(line[1], url)))
    return tuple(sorted(found, key=lambda address: not is_named_news(address))[:MOST])


def _each_once(found: Iterator[LinkedFeed]) -> tuple[LinkedFeed, ...]:
    feeds: dict[str | None, LinkedFeed] = {}
    for feed in found:
        feeds.setdefault(canonical_url(feed.url), feed)
        if len(feeds) == MOST:
            break
    return tuple(feeds.values())


def _named(tree: LexborHTMLParser, base: str) -> Iterator[LinkedFeed]:
    for node in tree.css("link[rel][href]"):
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        if kind in _TYPES and "alternate" in (node.attributes["rel"] or "").lower().split():
            yield from _feed(node, base, node.attributes.get("title") or "")


def _usual(tree: LexborHTMLParser, base: str) -> Iterator[LinkedFeed]:
    for node in tree.css("a[href]"):
        for feed in _feed(node, base, node.text(deep=True)):
            if _PLACES.fullmatch(urlsplit(feed.url).path):
                yield feed


def _feed(node: LexborNode, base: str, title: str) -> Iterator[LinkedFeed]:
    address = absolute(node.attributes["href"], base)
    if address is not None:
        yield LinkedFeed(url=address, title=cut(" ".join(clean(title).split()), TITLE))
