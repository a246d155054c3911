"""A web page that was saved as a file, as an article. What comes from strangers is read in a ``ParserPool``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from bot.text import clean, cut

from . import normalise
from .dates import parse_date
from .encoding import decode
from .htmltext import MAX_DEPTH, MAX_HTML, html_to_text, one_line, without_long_tags
from .limits import MAX_TITLE
from .links import absolute
from .markup import too_deep

if TYPE_CHECKING:
    from bot.model import Article, Source

SUFFIXES = (".html", ".htm", ".xhtml")
# What a page says of itself in its head: HTML's own names, Open Graph's (ogp.me) and those of article:*.
_URLS = ('link[rel~="canonical"][href]', 'meta[property="og:url"][content]')
_DATES = ('meta[property="article:published_time"][content]', 'meta[itemprop="datePublished"][content]')
_AUTHORS = ('meta[name="author"][content]',)
_TITLE = re.compile(r"<title[^<>]*>([^<]*)<|<h1[^<>]*>(.{1,2000}?)</h1", re.IGNORECASE | re.DOTALL)


def read_page(body: bytes, source: Source) -> Article | None:
    """The page's text with its headline, address, date and language, as far as it names them; None without any text.

    The headline is the ``h1`` where ``title`` holds it among other things, such as the site's name, else ``title``.
    """
    markup = decode(body).replace("\0", "")[:MAX_HTML]
    text = clean(html_to_text(markup)).strip()
    head = _Head(markup)
    if not text and not head.title:
        return None
    published = clean(head.first(_DATES))[:200]
    at = parse_date(published)
    return normalise.build(
        source,
        title=cut(head.title, MAX_TITLE),
        body=text,
        url=absolute(head.first(_URLS), None),
        author=cut(clean(one_line(head.first(_AUTHORS))), MAX_TITLE),
        lang=head.lang or source.lang,
        text_seen="full" if text else "title",
        published_raw=published or None,
        published_at=at,
        date_origin="published" if at else "unknown",
    )


class _Head:
    """What a page says of itself. Of one too deep for a tree only the title."""

    def __init__(self, markup: str) -> None:
        markup = without_long_tags(markup)
        self._tree = None if too_deep(markup, MAX_DEPTH, xml=False) else LexborHTMLParser(markup)
        self.title = self._title() if self._tree else _flat_title(markup)
        root = self._tree.css_first("html[lang]") if self._tree else None
        self.lang = (root.attributes["lang"] if root else None) or ""

    def first(self, selectors: tuple[str, ...]) -> str:
        """The value of the first of these elements that is there; "" for none."""
        for selector in selectors:
            node = self._tree.css_first(selector) if self._tree else None
            if node is not None and (value := node.attributes.get("content") or node.attributes.get("href")):
                return value.strip()
        return ""

    def _title(self) -> str:
        title, *headings = (self._words(selector) for selector in ("head title", "h1"))
        heading = headings[0]
        return heading if heading and (not title or heading in title) else title

    def _words(self, selector: str) -> str:
        node = self._tree.css_first(selector) if self._tree else None
        return " ".join(clean(node.text(deep=True, separator=" ")).split()) if node is not None else ""


def _flat_title(markup: str) -> str:
    found = _TITLE.search(markup)
    return clean(one_line(found[1] or found[2] or "")) if found else ""
