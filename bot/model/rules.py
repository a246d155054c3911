"""Rules, entities and terms, compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from .words import MetaField, Severity, TermKind, Tier


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
    """True if one part is. ``name`` is how a rule refers to the group, "@id" or "$id"; empty if it is written out."""

    parts: tuple[Expr, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    """True if every part is."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True if its part is not, anywhere in the article, or in the field that it stands in."""

    part: Expr


@dataclass(frozen=True, slots=True)
class Near:
    """True if occurrences of both stand in one paragraph with at most ``within`` words between them.

    They must not overlap; with ``ordered`` the left one comes first.
    """

    left: Expr
    right: Expr
    within: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class FarFrom:
    """True if an occurrence of ``part`` has none of ``of`` at most ``within`` words away: the query's NOT NEAR."""

    part: Expr
    of: Expr
    within: int


@dataclass(frozen=True, slots=True)
class Together:
    """True if occurrences of both, which do not overlap, begin in one sentence or paragraph. A title is one of each."""

    left: Expr
    right: Expr
    unit: Literal["sentence", "paragraph"]


@dataclass(frozen=True, slots=True)
class InField:
    """True if the part is when only this piece of the article is looked at.

    ``field``: "title", "body", "lead" (the first 60 words of the body) or "lead:N".
    """

    part: Expr
    field: str


@dataclass(frozen=True, slots=True)
class Meta:
    """True if the article's author contains the term, its url the text, or its source, tier or language is the one."""

    field: MetaField
    term: Term


@dataclass(frozen=True, slots=True)
class CountOf:
    """True if at least ``count`` of the parts occur, each at a place of its own: overlapping hits count once."""

    count: int
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True if the part occurs at least ``count`` times, overlapping hits counted once."""

    count: int
    part: Expr


Expr = Term | AnyOf | AllOf | Not | Near | FarFrom | Together | InField | Meta | CountOf | AtLeast


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one, in the order in which they are written."""
    if isinstance(expr, (AnyOf, AllOf, CountOf)):
        return expr.parts
    if isinstance(expr, (Near, Together)):
        return expr.left, expr.right
    if isinstance(expr, FarFrom):
        return expr.part, expr.of
    return (expr.part,) if isinstance(expr, (Not, InField, AtLeast)) else ()


def terms_of(expr: Expr, *, positive: bool = False) -> Iterator[Term]:
    """The terms looked for in the text, in order; ``positive`` leaves out what must not occur."""
    if isinstance(expr, Term):
        yield expr
    elif isinstance(expr, FarFrom) and positive:
        yield from terms_of(expr.part, positive=True)
    elif not (isinstance(expr, Not) and positive):
        for part in children(expr):
            yield from terms_of(part, positive=positive)


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
    author: str = ""
    url: str | None = None
    line: int = 0

    @property
    def shortened(self) -> str:
        """Its title and text on one line of at most 80 characters."""
        text = " ".join(f"{self.title} {self.text}".split())
        return text if len(text) <= 80 else text[:79] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A compiled rule, complete in itself: entities and lists are resolved into ``expr``.

    ``hash`` covers the rule's text and every entity and list it refers to; ``definition`` is the
    canonical JSON of all of these, from which ``rules.rebuild`` makes the same rule again.
    ``where`` holds "title", "body", "lead" (= "lead:60") or "lead:N" (the first N words). ``inhibited_by`` names rules
    beside which this one is silent on the same story; ``repeat`` is for how many seconds it tells nothing further of a
    story (None: as the destination has it).
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
    inhibited_by: tuple[str, ...] = ()
    repeat: float | None = None
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
