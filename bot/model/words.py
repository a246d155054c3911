"""The words that kinds and states are told by; they are what is stored and shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

SourceKind = Literal["feed", "folder", "sitemap"]
Tier = Literal["official", "wire", "outlet", "aggregator"]
Severity = Literal["low", "normal", "high", "urgent"]
TextSeen = Literal["title", "summary", "full"]
TextField = Literal["title", "body"]
KeyKind = Literal["guid", "link", "url", "fingerprint"]
MetaField = Literal["author", "source", "tier", "lang", "url"]
TermKind = Literal["plain", "exact", "wildcard", "regex"]
MemberKind = Literal["item", "copy", "same story", "related"]
ArticleState = Literal["alerted", "in digest", "muted", "copy", "no rule", "baseline", "error"]
DeliveryState = Literal["pending", "sending", "sent", "unknown", "held", "dead"]
DeliveryOp = Literal["post", "reply", "update"]
DestinationKind = Literal["slack", "console", "webhook", "feed", "apprise", "mail", "file"]
# Where the time between two polls of a source comes from.
IntervalBy = Literal["config", "rhythm", "folder", "gap", "server"]
PayloadKind = Literal["alert", "group", "note", "digest", "notice"]

# Why further reports of a story that was told stay out of a channel; see ``alerts.reasons``.
KEPT_BACK = ("inhibited", "repeat", "too many")
SEVERITIES: tuple[Severity, ...] = ("low", "normal", "high", "urgent")
TIERS: tuple[Tier, ...] = ("official", "wire", "outlet", "aggregator")
LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
"""A language tag as our files have it: RFC 5646, 2.1, the language in small letters, without the rare forms."""
# How the reason of a decision begins that was made because somebody held a rule against the archive.
APPLIED = "applied to the archive on request"
# A bot wall is not climbed: what helps is being known, or another door.
WAY_IN = (
    "ask the publisher to let our User-Agent in, with contact set under [network], or for another address of the feed"
)
EVIDENCE_SCHEMA = 1
LEAD = 60
"""Words in the lead unless a rule says otherwise."""
NORMALISER_VERSION = 3  # counts up when the same item would become another text


def lead_words(place: str) -> int:
    """How many words of the body "lead" or "lead:N" stands for."""
    return int(place.partition(":")[2] or LEAD)


def joined(parts: Sequence[str], joint: str = "", *, comma: str = ", ", apart: bool = False, most: int = 0) -> str:
    """A list as it stands in a sentence: ``a, b or c`` with the ``joint`` "or", with ``apart`` ``a, b, or c``.

    Of more than ``most`` only the first are named, with the number of all.
    """
    if most and len(parts) > most:
        return f"{comma.join(parts[: most - 1])} … ({len(parts):,} in all)"
    if not joint or len(parts) < 2:
        return comma.join(parts)
    return f"{comma.join(parts[:-1])}{',' * apart} {joint} {parts[-1]}"


def plural(number: int, noun: str) -> str:
    """``1 alert``, ``2 alerts``, ``3 days``, ``1,000 stories``."""
    changes = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    ending = noun if number == 1 else (noun[:-1] + "ies" if changes else noun + "s")
    return f"{number:,} {ending}"
