"""What comes in: items, articles, and what rules find in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .words import EVIDENCE_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .words import KeyKind, TextField, TextSeen, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry as the source published it; texts may still hold HTML. Nothing is invented here.

    ``outlet`` is the publication's name, where the entry itself gives it (news sitemaps).
    """

    guid: str | None = None
    link: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    published_raw: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    lang: str | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An item that was fetched and can be no article: ``name`` and ``reason`` for a reader.

    ``key`` is that of the item as it is: seen again unchanged it is the same one, mended it is a new item.
    ``url`` (canonical) and ``guid`` are those that the item itself gives, as far as it could be read.
    """

    key: str
    name: str
    reason: str
    url: str | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A normalised item: visible text only, ready to be matched and stored.

    ``key`` identifies it within its source, ``fingerprint`` by its words, ``content_hash`` says
    whether this version differs from the stored one. ``published_at`` is as given, or None.
    ``outlet`` is the publication's name where the item itself gives it (front matter, news sitemaps).
    ``text_seen`` says how much of it ``body`` is; ``text_reason`` why, where the page behind the item was to be read:
    then ``fingerprint`` and ``content_hash`` stay those of the words that the source listed.
    ``excerpt`` is how many characters of it its source lets readers see, None if it sets no limit; see ``rights``.
    """

    source: str
    key: str
    key_kind: KeyKind
    fingerprint: str
    content_hash: str
    title: str
    body: str
    title_derived: bool = False
    url: str | None = None
    canonical_url: str | None = None
    author: str = ""
    outlet: str = ""
    lang: str | None = None
    tier: Tier = "outlet"
    text_seen: TextSeen = "full"
    text_reason: str = ""
    excerpt: int | None = None
    published_raw: str | None = None
    published_at: datetime | None = None
    date_origin: Literal["published", "updated", "front matter", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One occurrence of a term: ``text`` is what stands at [start, end) of the article's field."""

    term: str
    field: TextField
    start: int
    end: int
    text: str
    entity: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence worth showing. ``start``/``end`` point into the field, ``spans`` into ``text``."""

    field: TextField
    start: int
    end: int
    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One rule's match in one article, with the evidence; ``text_seen`` and ``text_reason`` are the article's."""

    rule: str
    rule_hash: str
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...]
    clauses: tuple[str, ...] = ()
    score: float = 0.0
    text_seen: TextSeen = "full"
    text_reason: str = ""
    date_known: bool = True

    def evidence(self) -> dict[str, Any]:
        """The part that is stored as JSON, with its own schema version."""
        return {
            "schema": EVIDENCE_SCHEMA,
            "hits": [
                {
                    "term": hit.term,
                    "field": hit.field,
                    "start": hit.start,
                    "end": hit.end,
                    "text": hit.text,
                    "entity": hit.entity,
                    "alias": hit.alias,
                }
                for hit in self.hits
            ],
            "sentences": [
                {"field": s.field, "start": s.start, "end": s.end, "text": s.text, "spans": [list(p) for p in s.spans]}
                for s in self.sentences
            ],
            "clauses": list(self.clauses),
            "text_seen": self.text_seen,
            "text_reason": self.text_reason,
            "date_known": self.date_known,
        }

    @classmethod
    def from_evidence(cls, rule: str, rule_hash: str, score: float, evidence: Mapping[str, Any]) -> Mention:
        """The mention that :meth:`evidence` was taken from."""
        return cls(
            rule=rule,
            rule_hash=rule_hash,
            score=score,
            hits=tuple(Hit(**hit) for hit in evidence["hits"]),
            sentences=tuple(
                Sentence(**{**s, "spans": tuple((a, b) for a, b in s["spans"])}) for s in evidence["sentences"]
            ),
            clauses=tuple(evidence["clauses"]),
            text_seen=evidence["text_seen"],
            text_reason=evidence.get("text_reason", ""),  # unknown to the first versions
            date_known=evidence["date_known"],
        )
