"""The words that kinds and states are told by; they are what is stored and shown."""

from __future__ import annotations

from typing import Literal

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
DestinationKind = Literal["slack", "console", "mail", "file"]
PayloadKind = Literal["alert", "digest", "notice"]

SEVERITIES: tuple[Severity, ...] = ("low", "normal", "high", "urgent")
TIERS: tuple[Tier, ...] = ("official", "wire", "outlet", "aggregator")
EVIDENCE_SCHEMA = 1
LEAD = 60
"""Words in the lead unless a rule says otherwise."""
NORMALISER_VERSION = 3  # counts up when the same item would become another text


def lead_words(place: str) -> int:
    """How many words of the body "lead" or "lead:N" stands for."""
    return int(place.partition(":")[2] or LEAD)


def plural(number: int, noun: str) -> str:
    """``1 alert``, ``2 alerts``, ``1,000 stories``."""
    ending = noun if number == 1 else (noun[:-1] + "ies" if noun.endswith("y") else noun + "s")
    return f"{number:,} {ending}"
