"""Does a feed break off? A server that dies on its way, or a cache that kept half of an answer, sends no error.

What stands before is read, since half a feed may hold news. But what the server calls this answer by is not to be sent
back: a 304 to it would keep the other half away until something else changes.
"""

from __future__ import annotations

import re

from .markup import root

_HEAD = 5_000  # bytes in which the first element begins
_END = 20_000  # bytes: some sites write remarks, scripts or warnings behind a feed that is whole
_ROOTS = frozenset({"rss", "rdf", "feed", "channel", "entry", "urlset", "sitemapindex"})
BREAKS_OFF = "the feed breaks off: what follows its last item is missing, and is asked for again at the next poll"


def breaks_off(body: bytes) -> bool:
    """Whether ``body`` is a feed in XML whose first element is not closed. Of JSON that breaks off nothing is read."""
    name, _ = root(_text(body[:_HEAD]))
    local = name.rpartition(":")[2].lower()
    if local not in _ROOTS:
        return False
    ends = "rss|channel" if local == "rss" else local
    own = re.escape(name)
    end = _text(body[-_END:])
    return not re.search(rf"</(?:{own}|{ends})\s*>|<{own}\b[^<>]*/>", end, re.IGNORECASE)


def _text(part: bytes) -> str:
    """Its ASCII, in whatever encoding: UTF-16 and UTF-32 write zeros between."""
    return part.replace(b"\0", b"").decode("ascii", "ignore")
