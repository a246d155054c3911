"""OPML (opml.org/spec2.opml, and 1.0 and 1.1 before it): lists of feeds that readers exchange, in and out.

Read by a scanner of our own: such lists are written by many programs and mended by hand, so an ampersand that is not
escaped or a tag that is not closed must not cost the feeds around it. No entity is expanded but XML's and HTML's own,
document types are passed over, and the scanner goes through the text once.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING

from bot.text import clean, cut

from .encoding import NOT_TEXT, decode, is_text
from .limits import MAX_BODY, MAX_XML_DEPTH
from .links import without_feed_scheme
from .markup import root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.model import Source

MOST = 5_000  # outlines of one list: three times what a configuration has room for
NAME = 80  # characters of a feed's title or a folder's name
CATEGORY = 200  # characters of the path of folders
_RESCUE_WITHIN = 20_000  # characters in which the list must begin, whatever a program wrote before it
_ROOTS = ("opml", "outlinedocument")  # the second is what drafts of OPML 1.0 called it
_OPML = re.compile(r"<(?:[\w.-]+:)?opml[\s>/]", re.IGNORECASE)
_TOKEN = re.compile(r"<!--|<!\[CDATA\[|<\?|<(/?)(?:[\w.-]+:)?outline(?=[\s>/])", re.IGNORECASE)
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_ATTRIBUTE = re.compile(r"""\s*([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_TAG_END = re.compile(r"\s*(/?)>")
_JUNK = re.compile(r"\s+|[^\s<>]+")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,40});")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed as a list names it: ``url`` is as written, and may be no address at all.

    ``category`` is the path of the folders it lies in ("News / Trade"), "" outside any. ``line`` counts from 1.
    """

    line: int
    url: str
    title: str = ""
    category: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """What an OPML file holds. ``outlines`` counts all of its elements, ``commented`` feeds that are switched off.

    ``faults`` are (line, sentence) pairs of what could not be read; a fault of the whole file has line 0.
    """

    feeds: tuple[ListedFeed, ...] = ()
    outlines: int = 0
    commented: int = 0
    faults: tuple[tuple[int, str], ...] = ()


def read_opml(body: bytes) -> FeedList:
    """The feeds of an OPML file in any encoding, in its order. Never raises; bounded in size, depth and number."""
    if len(body) > MAX_BODY:
        return _nothing(f"the file is {len(body) / 1e6:.1f} MB long; {MAX_BODY / 1e6:.0f} MB is the most that is read")
    text = decode(body).replace("\r\n", "\n").replace("\r", "\n")
    if not is_text(b"", text.replace("\0", "")):
        return _nothing(f"the file {NOT_TEXT}")
    name, start = root(text)
    if name.rpartition(":")[2].lower() not in _ROOTS:
        found = _OPML.search(text[:_RESCUE_WITHIN])
        if found is None:
            return _nothing(_what(name))
        start = found.start()
    return _Reading(text, start).all()


def write_opml(sources: Iterable[Source], at: datetime) -> str:
    """The feeds among ``sources`` as OPML 2.0, made at that time."""
    lines = [_outline(source) for source in sources if source.kind == "feed" and source.url]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<opml version="2.0">',
            "  <head>",
            "    <title>Presswatch</title>",
            f"    <dateCreated>{format_datetime(at, usegmt=True)}</dateCreated>",
            "  </head>",
            "  <body>",
            *lines,
            "  </body>",
            "</opml>",
            "",
        ]
    )


def _outline(source: Source) -> str:
    rows = {"type": "rss", "text": source.name, "title": source.name, "xmlUrl": source.url, "language": source.lang}
    written = (f'{key}="{html.escape(_UNWRITABLE.sub("", value))}"' for key, value in rows.items() if value)
    return f"    <outline {' '.join(written)}/>"


def _nothing(sentence: str) -> FeedList:
    return FeedList(faults=((0, sentence),))


def _what(name: str) -> str:
    if name.rpartition(":")[2].lower() in ("rss", "feed", "rdf", "channel"):
        return "the file is a feed itself, not a list of feeds (OPML)"
    found = f" (it begins with <{cut(clean(name), 40)}>)" if name else ""
    return f"the file is not OPML{found}: a list of feeds begins with <opml>"


@dataclass(slots=True)
class _Tag:
    """An outline's own tag. ``whole``: it ends where it should, and every quotation mark has its partner."""

    attributes: dict[str, str]
    end: int
    closed: bool
    whole: bool


@dataclass(slots=True)
class _Folder:
    """An element that stands open: its name among categories, "" for none; whether it is switched off."""

    name: str
    commented: bool


@dataclass(slots=True)
class _Reading:
    """One way through the text, from ``place`` on."""

    text: str
    place: int
    line: int = 1
    counted: int = 0  # how far line feeds have been counted
    outlines: int = 0
    commented: int = 0
    feeds: list[ListedFeed] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    open: list[_Folder] = field(default_factory=list)

    def all(self) -> FeedList:
        """Everything that the text holds."""
        while token := _TOKEN.search(self.text, self.place):
            self.place = token.end()
            self._count(token.start())
            if token[0] in _ENDS:
                self._pass_over(token[0])
            elif token[1]:
                self.open[-1:] = []
            elif not self._outline():
                break
        return FeedList(
            feeds=tuple(self.feeds), outlines=self.outlines, commented=self.commented, faults=tuple(self.faults)
        )

    def _count(self, place: int) -> None:
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place

    def _pass_over(self, opening: str) -> None:
        """A comment, CDATA section or processing instruction; one without an end would hide all that follows."""
        end = self.text.find(_ENDS[opening], self.place)
        if end < 0:
            self.faults.append((self.line, f"{opening} is never closed; what follows it was not read"))
        self.place = len(self.text) if end < 0 else end

    def _outline(self) -> bool:
        """One element; False if it is one too many."""
        self.outlines += 1
        if self.outlines > MOST or len(self.open) >= MAX_XML_DEPTH:
            limit = f"{MOST:,} outlines" if self.outlines > MOST else f"{MAX_XML_DEPTH} folders in one another"
            self.faults.append((self.line, f"the list has more than {limit}; from here on it was not read"))
            return False
        tag = _tag(self.text, self.place)
        self.place = tag.end
        commented = _is_commented(tag.attributes) or bool(self.open and self.open[-1].commented)
        url = _address(tag.attributes)
        if commented:
            self.commented += bool(url)
        else:
            self._add(tag, url)
        if not tag.closed:
            self.open.append(_Folder("" if url else _name(tag.attributes), commented))
        return True

    def _add(self, tag: _Tag, url: str) -> None:
        attributes = tag.attributes
        if url:
            folders = " / ".join(folder.name for folder in self.open if folder.name)
            self.feeds.append(
                ListedFeed(
                    line=self.line,
                    url=url,
                    title=_name({"text": attributes.get("title") or attributes.get("text", "")}),
                    category=cut(folders, CATEGORY) or _one_line(attributes.get("category", "").strip("/ ")),
                    lang=attributes.get("language", "").strip(),
                )
            )
        elif not tag.whole:
            self.faults.append((self.line, "this outline is broken: a quotation mark or the closing > is missing"))
        elif attributes.get("type", "").strip().lower() in ("rss", "atom"):
            named = f" “{title}”" if (title := _name(attributes)) else ""
            self.faults.append((self.line, f"the feed{named} has no address (xmlUrl)"))


def _tag(text: str, place: int) -> _Tag:
    """The tag whose name ends at ``place``. What is no attribute is passed over; the first of two of a name counts."""
    attributes: dict[str, str] = {}
    whole = True
    while place < len(text):
        if end := _TAG_END.match(text, place):
            return _Tag(attributes, end.end(), bool(end[1]) or text[place - 1] == "/", whole)
        if (found := _ATTRIBUTE.match(text, place)) and not _TOKEN.search(found[0]):
            value = found[2] or found[3] or found[4] or ""
            attributes.setdefault(found[1].lower(), _REFERENCE.sub(lambda one: html.unescape(one[0]), value))
            place = found.end()
            continue
        whole = False
        junk = _JUNK.match(text, place)
        if junk is None:  # the next tag begins
            break
        place = junk.end()
    return _Tag(attributes, place, closed=True, whole=False)


def _address(attributes: Mapping[str, str]) -> str:
    """The feed's address; some programs write ``url`` where ``xmlUrl`` belongs."""
    url = attributes.get("xmlurl", "").strip()
    if not url and attributes.get("type", "").strip().lower() in ("rss", "atom"):
        url = attributes.get("url", "").strip()
    return without_feed_scheme(url)


def _is_commented(attributes: Mapping[str, str]) -> bool:
    return attributes.get("iscomment", "").strip().lower() == "true"


def _name(attributes: Mapping[str, str]) -> str:
    return _one_line(attributes.get("text") or attributes.get("title", ""))


def _one_line(text: str) -> str:
    return cut(" ".join(clean(text).split()), NAME)
