"""Addresses: made absolute, and brought to one spelling so that the same page is the same address."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

# Parameters that say where a reader came from, not what is read.
_TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|yclid|msclkid|twclid|igshid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|"
    r"vero_id|oly_(?:anon|enc)_id|wt\.\w+|at_(?:medium|campaign|custom\d)|xtor|ns_\w+|cmpid|smid|"
    r"ref_?src|feedtype|ftag|partner|s_cid|guce_\w+|_ga|__twitter_impression",
    re.IGNORECASE,
)
# Addresses that are written as they will be: no port, no escapes in the path, nothing to resolve.
_PLAIN = re.compile(
    r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[A-Za-z0-9/_~.!$&'()*+,:@=-]*)?)(?:\?([A-Za-z0-9/_~.%!$&'()*+,:@=?-]+))?"
)
_FEED_SCHEME = re.compile(r"feed:(?://)?(https?:)?", re.IGNORECASE)
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_MAX_URL = 4_000
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]+")
_NO_HOST = re.compile(r"[\x00-\x20\x7f/?#@:\\%\[\]]")


def absolute(link: str | None, base: str | None) -> str | None:
    """The link as an http or https address, resolved against ``base``; None if it is none."""
    text = re.sub(r"[\x00-\x20\x7f]+", "", link or "") if link and "\n" in link else (link or "").strip()
    if not text or len(text) > _MAX_URL:
        return None
    if _PLAIN.fullmatch(text):
        return text
    try:
        parts = urlsplit(urljoin(base or "", text))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    if _UNPRINTABLE.search(parts.netloc):  # no host has them, and with percent signs the address cannot be cut again
        return None
    return _UNPRINTABLE.sub(lambda run: quote(run[0]), urlunsplit(parts))


def without_feed_scheme(url: str) -> str:
    """What stands behind ``feed:https://…``, or behind ``feed://…`` for http, as some write it; other text as it is."""
    scheme = _FEED_SCHEME.match(url)
    return (scheme[1] or "http://") + url[scheme.end() :] if scheme else url


def canonical_url(url: str | None) -> str | None:
    """One spelling for all addresses of a page; None for what is no http or https address.

    Scheme and host in small letters (https for both), default ports, fragments, tracking parameters,
    ``www.``, a closing slash and needless percent signs go; the other parameters are sorted. RFC 3986 §6.2
    and the habits of news sites. Meant for comparison, not for fetching.
    """
    if url and len(url) <= _MAX_URL and (plain := _PLAIN.fullmatch(url)):
        host, path, query = plain.groups()
        query = _query(query) if query else ""
        path = re.sub(r"/{2,}", "/", path) if "//" in path else path
        return f"https://{host.removeprefix('www.')}{path.rstrip('/')}{'?' if query else ''}{query}"
    address = absolute(url, None)
    return _canonical(address) if address else None


def _canonical(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if host.isascii() else _ascii(host)
    except ValueError:
        return None
    host = host.rstrip(".").removeprefix("www.")  # once more: other scripts have full stops of their own
    if not host:
        return None
    place = f"[{host}]" if ":" in host else host
    if port not in (None, 80, 443):
        place += f":{port}"
    path = quote(
        unquote(parts.path, errors="surrogateescape"), safe=_SAFE_PATH.replace("%", ""), errors="surrogateescape"
    )
    path = re.sub(r"/{2,}", "/", path)
    return urlunsplit(("https", place, path.rstrip("/"), _query(parts.query), _route(parts.fragment)))


def _ascii(host: str) -> str:
    """A host name of another script in IDNA. Raises ValueError for one that would mean another address."""
    name = host.encode("idna").decode("ascii").lower()
    if _NO_HOST.search(name):  # letters exist that stand for a blank, or for "a/c"
        raise ValueError(f"no host name: {host!r}")
    return name


def is_named_news(url: str) -> bool:
    """Whether the address, its host left out, says that news are there."""
    parts = urlsplit(url)
    return "news" in f"{parts.path}?{parts.query}".lower()


def _query(query: str) -> str:
    parts = query.replace(";", "&").split("&")
    return "&".join(sorted([part for part in parts if part and not _TRACKING.fullmatch(part.partition("=")[0])]))


def _route(fragment: str) -> str:
    """A fragment is dropped unless it names the page itself, as in sites built on ``#!``."""
    return fragment if fragment.startswith(("!", "/")) else ""
