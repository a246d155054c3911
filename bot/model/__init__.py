"""The nouns: plain frozen values that travel between the rooms.

All times are aware datetimes in UTC; ids of sources, rules and destinations are the strings people
wrote; ids of stored rows are integers. Offsets count code points of the original text, ``end`` exclusive.
"""

from .alerts import Alert, AlertContent, Candidate, Decision, Features, Outlet, Placement, Told, Why
from .articles import Article, Hit, Item, Mention, Sentence
from .config import Destination, Route, Source
from .delivery import Delivered, Delivery, Held, Later, LookUp, Outcome, RefusedPayload, Unknown
from .reports import DeliverReport, IngestReport, SourceReport
from .rules import Alias, AllOf, AnyOf, Entity, Expr, Not, NotNear, Rule, RuleSet, RuleTest, Term
from .words import (
    EVIDENCE_SCHEMA,
    NORMALISER_VERSION,
    SEVERITIES,
    TIERS,
    ArticleState,
    DeliveryOp,
    DeliveryState,
    KeyKind,
    MemberKind,
    Severity,
    TermKind,
    TextField,
    TextSeen,
    Tier,
)

__all__ = [
    "EVIDENCE_SCHEMA",
    "NORMALISER_VERSION",
    "SEVERITIES",
    "TIERS",
    "Alert",
    "AlertContent",
    "Alias",
    "AllOf",
    "AnyOf",
    "Article",
    "ArticleState",
    "Candidate",
    "Decision",
    "DeliverReport",
    "Delivered",
    "Delivery",
    "DeliveryOp",
    "DeliveryState",
    "Destination",
    "Entity",
    "Expr",
    "Features",
    "Held",
    "Hit",
    "IngestReport",
    "Item",
    "KeyKind",
    "Later",
    "LookUp",
    "MemberKind",
    "Mention",
    "Not",
    "NotNear",
    "Outcome",
    "Outlet",
    "Placement",
    "RefusedPayload",
    "Route",
    "Rule",
    "RuleSet",
    "RuleTest",
    "Sentence",
    "Severity",
    "Source",
    "SourceReport",
    "Term",
    "TermKind",
    "TextField",
    "TextSeen",
    "Tier",
    "Told",
    "Unknown",
    "Why",
]
