"""News sitemaps: the lists of new articles that publishers keep for search engines.

The formats are sitemaps.org's ``urlset`` and ``sitemapindex`` and, inside of a ``url``, ``news:news`` as
developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap describes it: articles of the last two days,
1,000 at most, none at all when there are none. Elements are known by their names, whatever their prefixes: many
sitemaps declare another namespace than the right one, or none.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.parsers import expat

from bot.errors import NotAFeed, TooLarge, Unreadable
from bot.model import Item, Refusal

from .dates import parse_date
from .fingerprints import refusal
from .limits import MAX_ITEMS, MAX_XML_DEPTH
from .links import absolute
from .markup import mend, root, too_deep
from .parsed import ListedSitemap, ParsedFeed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS = ("urlset", "sitemapindex")
_NAMESPACE = re.compile(r"/sitemap-news/", re.IGNORECASE)
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|$))", re.DOTALL)
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{0,40}|#[0-9]{1,10}|#x[0-9A-Fa-f]{1,8});)")
_ENTRY = ("url", "sitemap")
_MOST_CHILDREN = 50_000  # sitemaps of one index (sitemaps.org/protocol.html#index)
_VALUE = 10_000  # characters of one value; the rest is cut off
_PLAIN = (
    "the answer is a sitemap, but not a news sitemap: its addresses have no news:title. Look for the site's feed, or "
    "for its news sitemap, which robots.txt may name"
)


def is_sitemap(text: str) -> bool:
    """Whether the first element is that of a sitemap or of a list of sitemaps."""
    return root(text)[0].rpartition(":")[2].lower() in ROOTS


def parse_sitemap(text: str, url: str | None = None) -> ParsedFeed:
    """The articles of the news sitemap in ``text``, or the sitemaps that the index in it lists (``children``).

    ``url`` is the base of relative addresses. A file that breaks off gives what stands before. Raises NotAFeed for a
    sitemap without news, Unreadable where nothing can be read, TooLarge.
    """
    name, start = root(text)
    text = "".join(_escaped(mend(text[start:])))
    if too_deep(text, MAX_XML_DEPTH, xml=True):
        raise TooLarge(f"the sitemap nests more than {MAX_XML_DEPTH} elements in one another")
    reader = _Reader()
    fault = reader.read(text)
    if fault and not reader.entries:
        raise Unreadable(f"the sitemap breaks off or is damaged, and nothing of it can be read ({fault})")
    if name.rpartition(":")[2].lower() == "sitemapindex":
        return ParsedFeed(kind="sitemapindex", children=tuple(_children(reader.entries, url)))
    return _news(reader.entries, url, declared=bool(_NAMESPACE.search(text[:5_000])))


def _escaped(text: str) -> Iterator[str]:
    """With ``&`` escaped where an address was put in as it is; CDATA sections stay."""
    for place, piece in enumerate(_CDATA.split(text)):
        yield piece if place % 2 else _BARE.sub("&amp;", piece)


def _children(entries: list[dict[str, str]], url: str | None) -> Iterator[ListedSitemap]:
    for entry in entries[:_MOST_CHILDREN]:
        address = absolute(entry.get("loc"), url)
        if address is not None:
            yield ListedSitemap(url=address, at=parse_date(entry.get("lastmod")))


def _news(entries: list[dict[str, str]], url: str | None, *, declared: bool) -> ParsedFeed:
    """The feed of these entries; those without a word of news are other pages of the site and no items."""
    told = [entry for entry in entries if "news" in entry]
    titled = [entry for entry in told if entry.get("news title")]
    if len(titled) > MAX_ITEMS:
        raise TooLarge(f"the sitemap holds {len(titled):,} articles; {MAX_ITEMS:,} is the most that is read")
    if entries and not titled and not (declared and not told):
        raise NotAFeed(_PLAIN)
    names = Counter(name for entry in titled if (name := entry.get("news name")))
    title = names.most_common(1)[0][0] if names else ""
    return ParsedFeed(
        kind="sitemap",
        title=html.unescape(title),
        items=tuple(_item(entry, url, title) for entry in titled),
        refused=tuple(_refused(entry) for entry in told if not entry.get("news title")),
    )


def _item(entry: dict[str, str], url: str | None, publication: str) -> Item:
    published, outlet = entry.get("news publication_date"), entry.get("news name", "")
    return Item(
        link=absolute(entry.get("loc"), url),
        title=html.escape(html.unescape(entry["news title"]), quote=False),
        published_raw=(published or "")[:200] or None,
        published_at=parse_date(published),
        updated_at=parse_date(entry.get("lastmod")),
        lang=entry.get("news language") or None,
        outlet="" if outlet == publication else html.escape(html.unescape(outlet), quote=False),
    )


def _refused(entry: dict[str, str]) -> Refusal:
    address = entry.get("loc", "")
    return refusal(
        address, "an article of a news sitemap has a news:title, and this has none: tell its publisher", address
    )


class _Reader:
    """Collects the entries: of each its values by name, those below ``news`` as "news …"."""

    def __init__(self) -> None:
        self.entries: list[dict[str, str]] = []
        self._entry: dict[str, str] = {}
        self._open: list[str] = []
        self._text: list[str] = []

    def read(self, text: str) -> str:
        """Read all that can be read; returns what stopped it, "" for nothing."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            return str(error)[:120]
        return ""

    def _start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        self._open.append(local)
        self._text.clear()
        if len(self._open) == 2:
            self._entry = {}
        elif self._open[1:] == ["url", "news"]:
            self._entry["news"] = ""

    def _end(self, _: str) -> None:
        place, value = self._open[1:], "".join(self._text)[:_VALUE].strip()
        self._text.clear()
        self._open.pop()
        if len(place) == 1 and place[0] in _ENTRY:
            self.entries.append(self._entry)
        elif len(place) == 2 and value:
            self._entry.setdefault(place[1], value)
        elif len(place) > 2 and place[1] == "news" and value:  # news:name stands one deeper, in news:publication
            self._entry.setdefault(f"news {place[-1]}", value)
