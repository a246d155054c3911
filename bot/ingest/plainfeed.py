"""Plain feeds in one walk over the tree that expat and C build: the same fields as feedparser's, many times faster.

feedparser calls a Python method for every tag and piece of text. Here only the elements below an item are
looked at, each once. What they do is what feedparser 6.0.14 does with them, odd as some of it is: a second
description counts as content, a title of media is passed over if one of the item's own came before. Whatever is
not known exactly – markup that is not escaped, xml:base, foreign dialects, names that feedparser confuses – is
refused, and feedparser reads the feed. A differential test over feeds of all kinds holds the two together.

Both use expat, so they agree on what is well-formed. There is no document type here, so no entity but XML's own.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, cast

from . import entries
from .limits import MAX_ITEMS
from .markup import references, root, shortened
from .parsed import ParsedFeed
from .plainroles import IN_ENTRY, IN_FEED, NESTED, read_entry, read_panel
from .plaintags import LANG, NotPlain, is_refused, name_of, unprefixed, words
from .plainvalues import check_attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .plainroles import Fields, Role

MAX_LENGTH = 2_000_000  # characters; longer feeds are none that have to be quick
MAX_SHORT = len("<item>") * MAX_ITEMS  # characters that cannot hold more items than are allowed
MAX_NESTING = 20  # elements of no interest inside one another

_SPACES = b" " * 16
_TO_SPACES = bytes.maketrans(b"\t\r\n", b"   ")
_CLOSED_LATE = re.compile(r"""="[^"<>]*>|='[^'<>]*>""")  # a ">" in an attribute, which the cap on depth mistakes
# Attributes that are met often and mean nothing where they are not asked for.
_HARMLESS = words(
    "url type width height medium domain href rel length isPermaLink term scheme label title version hreflang role"
    " expression fileSize duration text isDefault count average min max ref src"
)
_OPENING = frozenset({"base", "lang", "href", "lastmod"})  # the last two are CDF's


def parse_plain(text: str, url: str | None = None) -> ParsedFeed | None:
    """The feed in ``text``, as :func:`bot.ingest.feedxml.parse_xml` reads it; None if it is not plain, or no feed."""
    name, start = root(text)
    if name.rpartition(":")[2] not in ("rss", "feed", "RDF"):
        return None
    walk = Walk()
    text = text[start:]
    feed = walk_through(walk, text, url) if is_small(text) else None
    return feed if walk.entries else None


def is_small(text: str) -> bool:
    """Whether the caps on length, items and depth, which look at marked sections too, are out of reach."""
    return len(text) <= MAX_LENGTH and not (len(text) > MAX_SHORT and text.count("<") > MAX_ITEMS)


def walk_through(walk: Walk, text: str, url: str | None) -> ParsedFeed | None:
    """The feed in ``text``, which begins with its first element and may hold no items; None if it is not plain."""
    if _CLOSED_LATE.search(text):
        return None
    try:
        body = references(text).encode()
        if _SPACES in body.translate(_TO_SPACES):
            body = references(shortened(text)).encode()
        return walk.feed(body, url)
    except (NotPlain, ET.ParseError, UnicodeEncodeError):
        return None


class _Roles(dict[str, "Role | None"]):
    """Tag → what an element does; None for nothing that matters."""

    def __init__(self, known: dict[str, Role], unprefixed: set[str]) -> None:
        super().__init__()
        self._known, self._unprefixed = known, unprefixed

    def __missing__(self, tag: str) -> Role | None:
        name = name_of(tag)
        role = self._known.get(name)
        if name.startswith("?") and tag[1:].rpartition("}")[0] in self._unprefixed:
            name = name[2:]
        if role is None and (name in IN_ENTRY or name in IN_FEED or is_refused(name)):
            raise NotPlain
        self[tag] = role
        return role


class Walk:
    """One feed. ``title_depth`` and ``has_content`` are what feedparser remembers from one element to the next.

    ``parent`` is the element that holds the entries; ``carried``: the first of them was read as what stood before it
    has it.
    """

    def __init__(self) -> None:
        self.found: Fields = {}
        self.entries: list[Fields] = []
        self.fields = self.found
        self.lang: str | None = None
        self.title_depth = -1
        self.has_content = False
        self.carried = False
        self.parent: ET.Element | None = None
        self.unprefixed: set[str] = set()
        self.in_entry = _Roles(IN_ENTRY, self.unprefixed)
        self.in_feed = _Roles(IN_FEED, self.unprefixed)

    def feed(self, body: bytes, url: str | None) -> ParsedFeed:
        """Read it. Raises NotPlain and ParseError."""
        parser = ET.XMLParser()  # noqa: S314 – see above
        seen = ET.XMLPullParser(events=("start-ns", "pi"), _parser=parser)  # as ET.iterparse does, which is slower
        parser.feed(body)
        top: ET.Element = parser.close()
        events = list(cast("Iterator[tuple[str, Any]]", seen.read_events()))
        if any(event == "pi" for event, _ in events):  # what looks like a tag in it counts for the cap on depth
            raise NotPlain
        declared: list[tuple[str, str]] = [found for _, found in events]
        name = name_of(top.tag)
        self.unprefixed |= unprefixed(declared, name)
        self.open(top, names_language=name != "rdf:rdf")
        if name == "feed":
            self.parent = top
            self.walk(top, self.in_feed, 2)
        elif name in ("rss", "rdf:rdf"):
            for channel in top:
                self.channel(channel, alone=name == "rss")
        self.carried = self.carried or self.has_content
        atom = name == "feed"
        return ParsedFeed(
            kind="atom" if atom else "rss",
            title=entries.title(self.found),
            items=tuple(entries.item(entry, url, atom=atom) for entry in self.entries),
            ttl=entries.ttl(self.found),
            lang=entries.language(self.found),
        )

    def channel(self, element: ET.Element, *, alone: bool) -> None:
        """What stands below the first element: the channel, and in RDF its items and image beside it."""
        name, lang = name_of(element.tag), self.lang
        if name == "channel" and self.fields.setdefault("channel", element) is element:
            self.parent = element
            self.open(element)
            self.walk(element, self.in_feed, 3)
            self.lang = lang
        elif alone:
            raise NotPlain
        elif name == "item":
            read_entry(self, element, 2)
        elif name in ("image", "textinput"):
            read_panel(self, element, 2)
        else:
            raise NotPlain

    def open(self, element: ET.Element, *, names_language: bool = False) -> None:
        """The attributes of an element that holds others."""
        for name, value in element.items():
            if name == LANG:
                self.lang = value or None
                if value and names_language:
                    self.found["language"] = value.replace("_", "-")
            elif name.rpartition("}")[2].lower() in _OPENING:
                raise NotPlain

    def walk(self, parent: ET.Element, roles: _Roles, depth: int) -> None:
        """All elements of an entry or of a feed; ``depth`` is theirs."""
        for element in parent:
            role = roles[element.tag]
            if role is not None:
                role(self, element, depth)
            elif len(element):
                self.nested(element, roles, depth + 1)
            for name in element.keys():  # noqa: SIM118 – an element is no mapping
                if name not in _HARMLESS:
                    check_attribute(element, name)

    def nested(self, parent: ET.Element, roles: _Roles, depth: int) -> None:
        """Elements in one that itself says nothing, such as those of a media group."""
        if depth > MAX_NESTING:
            raise NotPlain
        for element in parent:
            role = roles[element.tag]
            if role in NESTED:
                role(self, element, depth)
            elif role is not None:
                raise NotPlain
            elif len(element):
                self.nested(element, roles, depth + 1)
            for name in element.keys():  # noqa: SIM118
                if name not in _HARMLESS:
                    check_attribute(element, name)
