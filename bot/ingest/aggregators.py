"""Aggregators' links: many carry the address that they lead to, and then nobody has to be asked for it.

Only what stands in the link itself, or in the item beside it, is read. A link that has to be followed to learn its
target (t.co, news.google.com/rss/articles, feedproxy.google.com) stays as it is: following it would tell the
aggregator who reads what, and most of them forbid it to programs.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from .links import absolute

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_GOOGLE = r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}"
# Host and path of a link, and the parameters of its query that may hold the target: in the form in which these
# sites write them into their feeds, alerts and pages.
_PARAMETERS = tuple(
    (re.compile(host), re.compile(path), names)
    for host, path, names in (
        (_GOOGLE, r"/url", ("url", "q")),  # Google Alerts writes url, search results q
        (r"news\.google\.(?:com?\.)?[a-z]{2,3}", r"(?:/news)?/url", ("url", "q")),  # feeds until 2017
        (r"(?:www\.)?(?:bing|msn)\.com", r"/news/apiclick\.aspx", ("url",)),  # Bing News' feeds
        (r"(?:l|lm|www|m)\.facebook\.com|l\.instagram\.com", r"/(?:l\.php)?", ("u",)),
        (r"(?:www\.)?youtube\.com", r"/redirect", ("q",)),
        (r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|safety/go)", ("url",)),
        (r"out\.reddit\.com", r"/.*", ("url",)),
        (r"t\.umblr\.com", r"/redirect", ("z",)),
        (r"(?:www\.)?duckduckgo\.com", r"/l/?", ("uddg",)),
        (r"(?:m\.)?vk\.com", r"/away(?:\.php)?", ("to",)),
        (r"[a-z0-9-]+\.safelinks\.protection\.outlook\.com", r"/.*", ("url",)),  # in mail made into a feed
    )
)
# The same for those that write the target into the path; "s/" before it stands for https.
_PATHS = tuple(
    (re.compile(host), re.compile(path))
    for host, path in (
        (_GOOGLE, r"/amp/(?P<tls>s/)?(?P<rest>[^/]+\.[^/]+/.*)"),
        (r"[a-z0-9-]+\.cdn\.ampproject\.org", r"/[cv]/(?P<tls>s/)?(?P<rest>[^/]+\.[^/]+/.*)"),
        (r"(?:r|news)\.search\.yahoo\.com", r".*/RU=(?P<whole>[^/]+)/.*"),
    )
)
# Aggregators whose items carry the article's address as the first link of their text (Google News' feeds until 2019).
_TELLS_IN_TEXT = re.compile(r"news\.google\.(?:com?\.)?[a-z]{2,3}")
_LINK = re.compile(r"""<a\s[^<>]{0,500}?href\s*=\s*["']?([^"'\s<>]{1,4000})""", re.IGNORECASE)
_HEAD = 20_000  # characters of the text in which that link must stand

# What each of all these hosts has in its name: other links, which are most, cost nothing more than this.
_ANY = (
    "google", "bing", "msn", "facebook", "instagram", "youtube", "linkedin", "reddit", "umblr", "duckduckgo", "vk.com",
    "outlook", "ampproject", "yahoo",
)  # fmt: skip

_NESTED = 3  # one aggregator's link inside another's; more is a game
# Names that exist inside a network only (RFC 6761, 6762, 8375), and hosts written as numbers: no article lies there.
_NO_SITE = re.compile(
    r"localhost|.*\.(?:localhost|local|internal|home\.arpa|test|invalid|onion)|.*(?:^|\.)[0-9][0-9a-fx]*"
)
_NAME = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}")


def target_of(link: str | None, text: str = "") -> str | None:
    """The address that an aggregator's ``link`` leads to, as far as it says so; None for any other link.

    ``text`` is the item's own, as HTML. What stands there instead of a web address of a public name – another
    scheme, a user name, an IP address in any spelling, an odd port – is no target.
    """
    parts = link.split("/", 3) if link else ()
    if len(parts) < 3 or not _may_tell(parts[2]):
        return None
    found = None
    for _ in range(_NESTED):
        inner = _inner(found or link)
        if inner is None:
            break
        found = inner
    return found or _in_text(link, text)


@lru_cache(maxsize=1_000)
def _may_tell(host: str) -> bool:
    small = host.lower()
    return any(name in small for name in _ANY)


def _inner(link: str | None) -> str | None:
    """The target that stands in the link itself."""
    parts = _parts(link)
    if parts is None:
        return None
    host = (parts.hostname or "").rstrip(".")
    for hosts, paths, names in _PARAMETERS:
        if hosts.fullmatch(host) and paths.fullmatch(parts.path or "/"):
            values = dict(reversed(_query(parts.query)))
            return next((each for name in names if (each := _public(values.get(name)))), None)
    for hosts, paths in _PATHS:
        if hosts.fullmatch(host) and (found := paths.fullmatch(parts.path)):
            return _public(_from_path(found, parts.query))
    return None


def _query(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, max_num_fields=100)
    except ValueError:  # more fields than that
        return []


def _from_path(found: re.Match[str], query: str) -> str:
    whole = found.groupdict().get("whole")
    if whole:
        return unquote(whole)
    return f"http{'s' if found['tls'] else ''}://{found['rest']}" + (f"?{query}" if query else "")


def _in_text(link: str | None, text: str) -> str | None:
    """The first link of the item's text, where its own link is one of those that keep their target to themselves."""
    parts = _parts(link)
    if parts is None or not _TELLS_IN_TEXT.fullmatch((parts.hostname or "").rstrip(".")):
        return None
    first = _LINK.search(text[:_HEAD])
    told = html.unescape(first[1]) if first else None
    own = _parts(told)
    if own is None or _TELLS_IN_TEXT.fullmatch((own.hostname or "").rstrip(".")):
        return None
    return _inner(told) or _public(told)


def _parts(link: str | None) -> SplitResult | None:
    address = absolute(link, None)
    return urlsplit(address) if address else None


def _public(text: str | None) -> str | None:
    """The address, if it is one that an article may have."""
    address = absolute(text, None)
    if address is None or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    sound = parts.username is None and "@" not in parts.netloc and port in (None, 80, 443)
    return address if sound and _NAME.fullmatch(host) and not _NO_SITE.fullmatch(host) else None
