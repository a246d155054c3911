"""A web page where a feed was looked for: what kind of page it is, and what helps."""

from __future__ import annotations

import re

from bot.model.words import WAY_IN

from . import wallwords
from .htmltext import html_to_text, one_line
from .walls import CHALLENGE

_TITLE = re.compile(r"<title[^<>]*>([^<]{0,200})", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^<>]{0,300}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_HEAD, _LOOKED_AT = 20_000, 200_000  # characters
# Scripts of bot walls, by the names in their addresses. Sites put them into their ordinary pages, too: they count only
# where a page says next to nothing.
_SCRIPTS = (
    ("/cdn-cgi/challenge-platform/", "Cloudflare"),
    ("_Incapsula_Resource", "Imperva"),
    ("captcha-delivery.com", "DataDome"),
    (".awswaf.com/", "AWS WAF"),
    ("/.within.website/x/cmd/anubis/", "Anubis"),
)


def described(markup: str) -> str:
    """The error for a page: a bot wall, a login, or any other, with its title and what can be done."""
    found = _TITLE.search(markup, 0, _HEAD)
    title = one_line(found[1])[:80] if found else ""
    named = f" (“{title}”)" if title else ""
    return f"the answer is a web page{named}, not a feed: {_advice(markup, title)}"


def _advice(markup: str, title: str) -> str:
    wall = _wall(markup[:_LOOKED_AT], title)
    if wall is not None:
        return f"it looks like a bot wall{wall and f' of {wall}'}: {WAY_IN}"
    if _PASSWORD.search(markup, 0, _LOOKED_AT):
        return (
            "it asks for a login: look for a public address of the feed, or, if the site takes them in a header, name "
            "your credentials in auth_env"
        )
    return "look for the site's feed address, or a login or bot check"


def _wall(markup: str, title: str) -> str | None:
    """Whose bot wall the page is; "" if that is not to be told, None if it is none."""
    seen = html_to_text(markup)
    if len(seen) >= CHALLENGE:
        return None
    name = next((name for sign, name in _SCRIPTS if sign in markup), "")
    asks = wallwords.CHALLENGE.search(f"{title}\n{seen}")
    return name if name or asks else None
