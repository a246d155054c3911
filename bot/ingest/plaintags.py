"""The names that feedparser gives to elements: which of them a plain feed may use, and what they do there.

feedparser knows a namespace by its address, whatever prefix a feed binds it to, and calls ``dc:creator`` what
has the name ``creator`` there. Names of no known namespace keep their prefix. tests/ingest hold these tables
against feedparser's own: every name that it treats in a way of its own is in one of them.
"""

from __future__ import annotations

import re


def words(listed: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(listed.split())


ATOM = "http://www.w3.org/2005/atom"
_RSS_1, _RSS_09 = "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Namespaces in small letters → feedparser's prefix. Names of the first three are written without one.
BARE = frozenset({ATOM, _RSS_1, _RSS_09})
PREFIXES = {
    **dict.fromkeys(BARE, ""),
    RDF: "rdf",
    "http://webns.net/mvcb/": "admin",
    "http://web.resource.org/cc/": "cc",
    "http://creativecommons.org/ns#license": "cc",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://podlove.org/simple-chapters": "psc",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
# Namespaces that feedparser treats in ways which are not followed here.
REFUSED_NAMESPACES = frozenset(
    {
        "http://backend.userland.com/rss",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://example.com/newformat#",
        "http://example.com/necho",
        "http://purl.org/echo/",
        "uri/of/echo/namespace#",
        "http://purl.org/pie/",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/modules/rss091#",
        "http://example.com/dtds/podcast-1.0.dtd",
    }
)
_USERLAND = "backend.userland.com/rss"  # feedparser takes every address with this in it for RSS's own
# Prefixes that only their own namespace may have: the others would be taken for it, or their names for fields.
RESERVED = words(
    "admin author cc content copyright created creativecommons date dc dcterms description expired feedburner"
    " generator georss gml image info issued itunes media modified pheedo psc published publisher rdf rights rss"
    " subtitle summary sy tagline textinput title updated validity xhtml xml"
)
# Bare names that mean something to feedparser and are not followed here, and names of its own fields.
REFUSED = words(
    "abstract authors base body channel contributors date enclosures entries expirationdate feed fullitem geom"
    " geometry georssgeom guidislink homepage issued license links modified newlocation publisher rss tags"
    " tagline validity where"
)
_REFUSED_PREFIXES = frozenset({"georss", "gml", "psc", "xhtml"})
_REFUSED_NAMES = frozenset({"dcterms:valid", "itunes:link", "rdf:rdf"})
_PLAIN_ADDRESS = re.compile(r"[!-|~]+")  # no space and no "}", by which the two parsers part address and name


class NotPlain(Exception):
    """The feed holds what is not read here."""


def unprefixed(declared: list[tuple[str, str]], root: str) -> set[str]:
    """The unknown namespaces whose names feedparser takes for bare ones; ``declared`` are (prefix, address).

    Raises NotPlain where the declarations leave a doubt which name is which in a ``root`` feed.
    """
    prefixes = {prefix for prefix, _ in declared}
    seen: dict[str, str] = {}
    bare: set[str] = set()
    for prefix, address in declared:
        known = address.lower()
        own = PREFIXES.get(known)
        if not _PLAIN_ADDRESS.fullmatch(address) or known in REFUSED_NAMESPACES or _USERLAND in known:
            raise NotPlain
        if not prefix:
            bare.update([address] if own is None else [])
        elif seen.setdefault(prefix, address) != address or _is_unclear(prefix, prefixes, own):
            raise NotPlain
    if _dialect(declared) == {"feed": "rss", "rdf:rdf": "atom"}.get(root):
        raise NotPlain
    return bare


def _is_unclear(prefix: str, prefixes: set[str], own: str | None) -> bool:
    """Whether names with this prefix could be taken for others: feedparser knows all in small letters."""
    small = prefix.lower()
    if own is not None:
        return small in RESERVED and small != own
    return small in RESERVED or (small != prefix and small in prefixes)


def _dialect(declared: list[tuple[str, str]]) -> str:
    """What feedparser takes a feed for by its namespaces, whatever its root: the first one that it knows decides."""
    for prefix, address in declared:
        known = address.lower()
        if known == ATOM:
            return "atom"
        if known == _RSS_1 or (known == _RSS_09 and not prefix):
            return "rss"
    return ""


def name_of(tag: str) -> str:
    """The name that feedparser gives an element: in small letters, with the prefix that it knows its namespace by.

    An element of a namespace that feedparser does not know is "?:name" here: it keeps whatever prefix it has.
    """
    address, _, local = tag.rpartition("}")
    prefix = PREFIXES.get(address[1:].lower(), "?") if address else ""
    return f"{prefix}:{local.lower()}" if prefix else local.lower()


def is_refused(name: str) -> bool:
    """Whether a name that has no role could still change what is kept."""
    prefix, _, local = name.rpartition(":")
    if local in ("svg", "math") or name in _REFUSED_NAMES or prefix in _REFUSED_PREFIXES:
        return True
    return not prefix and (local in REFUSED or "_" in local)
