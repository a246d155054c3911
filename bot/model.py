"""The nouns: plain frozen values that travel between the rooms.

All times are aware datetimes in UTC; ids of sources, rules and destinations are the strings people
wrote; ids of stored rows are integers. Offsets count code points of the original text, ``end`` exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

Tier = Literal["official", "wire", "outlet", "aggregator"]
Severity = Literal["low", "normal", "high", "urgent"]
TextSeen = Literal["title", "summary", "full"]
TextField = Literal["title", "body"]
KeyKind = Literal["guid", "link", "url", "fingerprint"]
TermKind = Literal["plain", "exact", "wildcard", "regex"]
MemberKind = Literal["item", "copy", "same story", "related"]
ArticleState = Literal["alerted", "in digest", "muted", "copy", "no rule", "baseline", "error"]
DeliveryState = Literal["pending", "sending", "sent", "unknown", "held", "dead"]
DeliveryOp = Literal["post", "reply", "update"]

SEVERITIES: tuple[Severity, ...] = ("low", "normal", "high", "urgent")
TIERS: tuple[Tier, ...] = ("official", "wire", "outlet", "aggregator")
EVIDENCE_SCHEMA = 1


# ── what people configure ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something that publishes items. ``every`` is the wished polling interval in seconds."""

    id: str
    kind: Literal["feed", "folder"]
    name: str
    url: str | None = None
    path: str | None = None
    tier: Tier = "outlet"
    lang: str | None = None
    every: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    alerts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Somewhere alerts go. ``target`` is the Slack channel for Slack, empty for the console."""

    id: str
    kind: Literal["slack", "console"]
    target: str = ""
    default: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Sends what meets every given condition to ``notify``; first match wins unless ``go_on``."""

    notify: tuple[str, ...]
    theme: str | None = None
    rule: str | None = None
    severity: Severity | None = None
    go_on: bool = False


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One way an entity is written; ambiguous ones need context, offices are valid by date.

    ``requires`` (the file's ``with``): one of these words within ``within`` words, or a full,
    unambiguous alias of the same entity anywhere in the article. ``without``: none of these within
    the same distance. ``valid_from`` and ``valid_until`` bound the article's date, both inclusive.
    """

    text: str
    requires: tuple[str, ...] = ()
    within: int = 30
    without: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A person, organization, place, law, office or product with the aliases it is written by."""

    id: str
    name: str
    kind: Literal["person", "organization", "place", "law", "office", "product"]
    aliases: tuple[Alias, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A leaf of a rule: what must occur. ``text`` comes without its sigil (``=``, ``/…/``).

    Aliases of an entity are terms that carry the entity's id and the alias with its conditions;
    they take no plural, only the possessive.
    """

    text: str
    kind: TermKind = "plain"
    entity: str | None = None
    alias: Alias | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True if one part is."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True if every part is."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True if its part is not, anywhere in the article."""

    part: Expr


Expr = Term | AnyOf | AllOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNear:
    """Drops occurrences of ``term`` that have one of ``of`` at most ``within`` words between."""

    term: tuple[Term, ...]
    of: tuple[Term, ...]
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """An inline test: this text must, or must not, match. Undated tests ignore alias dates."""

    text: str
    expect: Literal["match", "no"]
    title: str = ""
    date: date | None = None
    lang: str | None = None
    source: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A compiled rule, complete in itself: entities and lists are resolved into ``expr``.

    ``hash`` covers the rule's text and every entity and list it refers to; ``definition`` is the
    canonical JSON of all of these, from which ``rules.rebuild`` makes the same rule again.
    ``where`` holds "title", "body", "lead" (= "lead:60") or "lead:N" (the first N words).
    """

    id: str
    title: str
    expr: Expr
    theme: str = ""
    severity: Severity = "normal"
    owner: str | None = None
    notify: tuple[str, ...] = ()
    mask: tuple[Term, ...] = ()
    not_near: tuple[NotNear, ...] = ()
    where: tuple[str, ...] = ("title", "body")
    min_hits: int = 1
    tiers: tuple[Tier, ...] = ()
    langs: tuple[str, ...] = ()
    expect: str | None = None
    until: date | None = None
    tests: tuple[RuleTest, ...] = ()
    hash: str = ""
    definition: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All rules that are live together, with the entities and lists of the folder, by id."""

    rules: Mapping[str, Rule]
    entities: Mapping[str, Entity] = field(default_factory=dict)
    lists: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)


# ── what comes in ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry as the source published it; texts may still hold HTML. Nothing is invented here."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A normalised item: visible text only, ready to be matched and stored.

    ``key`` identifies it within its source, ``fingerprint`` by its words, ``content_hash`` says
    whether this version differs from the stored one. ``published_at`` is as given, or None.
    ``outlet`` is the publication's name where the item itself gives it (front matter, aggregators).
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
    """One rule's match in one article, with the evidence."""

    rule: str
    rule_hash: str
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...]
    clauses: tuple[str, ...] = ()
    score: float = 0.0
    text_seen: TextSeen = "full"
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
            date_known=evidence["date_known"],
        )


# ── stories and alerts ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What an article is recognised by: index entries (kind, value) under which copies are looked up."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored article that shares an index entry with a new one."""

    article: int
    story: int
    source: str
    title: str
    body: str
    canonical_url: str | None
    shared: tuple[tuple[str, str], ...]
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs: a story of its own, or another's, with score 0…1 and the reason."""

    kind: Literal["new", "copy"]
    story: int | None
    reason: str
    score: float = 1.0
    copy_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A member of a story as readers know it."""

    source: str
    name: str
    url: str | None
    tier: Tier = "outlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a destination has already been told of a story: the rules, and the message it stands in."""

    destination: str
    rules: frozenset[str]
    alert: int
    delivery: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether a destination is told of an article because of a rule, with a named reason; "no" included."""

    article: int
    rule: str | None
    destination: str | None
    verdict: Literal["alert", "reply", "no"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to be written: every rule of one article that a destination must hear of.

    ``kind`` "first" opens a story at the destination; "new rule" follows in its thread.
    """

    story: int
    destination: str
    kind: Literal["first", "new rule"]
    article: int
    rules: tuple[str, ...]
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One rule's part of the reason: the words found, and the aliases that stand for entities."""

    rule: str
    title: str
    theme: str
    severity: Severity
    terms: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """All that a reader sees of an alert, before it takes the shape of a destination.

    ``aliases`` of each :class:`Why` pairs an entity's id with the text that stood for it; ``copies``
    are the other outlets that carry the same text.
    """

    kind: Literal["first", "new rule"]
    article: int
    story: int
    headline: str
    title_derived: bool
    url: str | None
    source: str
    tier: Tier
    published_at: datetime | None
    severity: Severity
    why: tuple[Why, ...]
    sentences: tuple[Sentence, ...]
    copies: tuple[Outlet, ...] = ()
    text_seen: TextSeen = "full"


# ── delivery ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the outbox, claimed: ``fence`` must still hold when the result is written.

    ``payload`` was frozen when the row was made: {"full": {...}, "minimal": {...}}; ``minimal_only``
    says that the full one was refused. ``ts`` of an update and ``thread_ts`` of a reply name the
    message it belongs to; ``may_repeat`` asks the sender to say that the reader may have seen it.
    """

    id: int
    uid: str
    destination: str
    op: DeliveryOp
    payload: Mapping[str, Any]
    attempt: int = 1
    fence: int = 0
    lease_until: datetime | None = None
    channel_id: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    minimal_only: bool = False
    may_repeat: bool = False
    created_at: datetime | None = None
    first_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """It stands there; ``ts`` and ``channel_id`` name the message where the service has such names."""

    channel_id: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Definitely not written; try again after ``seconds`` (None: the outbox's own back-off)."""

    reason: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPayload:
    """Definitely not written, and this payload never will be."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Definitely not written; the destination takes nothing until a person mends it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may or may not have been written."""

    reason: str


Outcome = Delivered | Later | RefusedPayload | Held | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Answer to "are these uids there?": ``found`` maps uid → (channel_id, ts).

    ``complete``: the whole window was read, so a uid not found is not there. ``possible`` False:
    this destination can never answer (no scope, not a member, a console). Neither: try again later.
    """

    found: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    complete: bool = False
    possible: bool = True
    reason: str = ""


# ── reports: what the pipeline's functions return, the log prints and the command line shows ─────


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One source's poll. ``note`` explains the status to a reader; ``ms`` is the time it took."""

    source: str
    name: str
    status: Literal["ok", "unchanged", "baseline", "error"]
    fetched: int = 0
    new: int = 0
    changed: int = 0
    matched: int = 0
    alerts: int = 0
    note: str = ""
    failing: bool = False
    ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """One round of polling."""

    sources: tuple[SourceReport, ...] = ()

    @property
    def alerts(self) -> int:
        """Alerts queued in this round, over all destinations."""
        return sum(report.alerts for report in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReport:
    """Rounds of delivery: how many rows reached which state; ``waiting`` is what is still queued at the end."""

    sent: int = 0
    later: int = 0
    held: int = 0
    unknown: int = 0
    dead: int = 0
    waiting: int = 0
    notes: tuple[str, ...] = ()

    def plus(self, later: DeliverReport) -> DeliverReport:
        """This report and a later one as one."""
        return DeliverReport(
            sent=self.sent + later.sent,
            later=self.later + later.later,
            held=self.held + later.held,
            unknown=self.unknown + later.unknown,
            dead=self.dead + later.dead,
            waiting=later.waiting,
            notes=tuple(dict.fromkeys((*self.notes, *later.notes))),
        )
