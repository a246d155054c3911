"""Rules, entities and terms, compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from .words import Severity, TermKind, Tier


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
