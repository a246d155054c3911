"""Why a rule matches an article or does not: the same evaluation as the matcher's, told clause by clause.

Whether a rule matches is never worked out a second time: every clause is judged by ``tree.hold`` over the
occurrences that ``Reading`` counts. What is added here is only what became of those that do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.model import TIERS

from .engine import enough, expired, for_language, for_tier
from .evidence import atoms, best_sentences, hit, label, mention, zone_name
from .naming import names, number_of, occur, quoted, short_names
from .reading import inside
from .spans import Spans, distinct
from .tree import Atom, No, Some, inner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.model import Article, Hit, Mention, Rule, Sentence, Term

    from .engine import Matcher
    from .page import Span
    from .reading import Reading
    from .tree import Compiled, Found, Node, View

Kind = Literal[
    "absent", "veto", "date", "without", "context", "masked", "field", "not near", "few", "expired", "tier", "language"
]
SHOWN = 50
"""Hits kept of one obstacle."""
TRACED = 500
"""Occurrences of one term whose fate is told; an article with more repeats itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that keeps a rule from matching, as a sentence; ``hits`` is what stands in the article all the same.

    ``terms`` are those concerned, as they are typed in a rule. ``sentences`` show the hits.
    """

    kind: Kind
    text: str
    terms: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One condition of a rule, whether it holds, and ``found``: the words that fulfil it, as they stand there."""

    text: str
    holds: bool
    found: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rule held against an article. ``mention`` is what the matcher gives, None if it does not match.

    ``occurs``: at least one of the terms it looks for stands in the article, whether it counts or not.
    """

    rule: Rule
    clauses: tuple[Clause, ...]
    mention: Mention | None
    occurs: bool

    @property
    def held(self) -> int:
        """How many clauses hold, of ``len(clauses)``."""
        return sum(clause.holds for clause in self.clauses)

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """All that keeps the rule from matching; nothing exactly if it matches."""
        return tuple(obstacle for clause in self.clauses if not clause.holds for obstacle in clause.obstacles)

    @property
    def near(self) -> bool:
        """Whether it does not match although what it is about, its first clause, stands in the article.

        The other clauses are the company that must be kept: "China" alone brings no rule near.
        """
        about = self.clauses[0]
        return self.mention is None and (about.holds or any(obstacle.hits for obstacle in about.obstacles))


def explain(matcher: Matcher, article: Article, on: date | None = None) -> list[Explanation]:
    """For every rule of the matcher, in order, why it matches the article or does not; ``on`` as for ``match``."""
    return [_Case(reading, compiled, on).explanation() for reading, compiled in matcher.read(article)]


class _Case:
    """One rule before one article."""

    def __init__(self, reading: Reading, compiled: Compiled, on: date | None) -> None:
        self.reading, self.page, self.compiled, self.rule, self.on = reading, reading.page, compiled, compiled.rule, on
        self.view = reading.view(compiled)
        self.masked = reading.masked(compiled)
        self.zones = self.page.zones(self.rule.where)

    def explanation(self) -> Explanation:
        found = self.reading.occurrences(self.compiled)
        clauses = (*self._parts(), *self._restrictions(found))
        matches = found is not None and all(clause.holds for clause in clauses)
        return Explanation(
            rule=self.rule,
            clauses=clauses,
            mention=mention(self.compiled, self.page, found) if matches and found is not None else None,
            occurs=any(self.reading.raw(atom) for atom in atoms(self.compiled.tree)),
        )

    # ── the clauses ──

    def _parts(self) -> Iterator[Clause]:
        tree = self.compiled.tree
        for part in tree.parts if isinstance(tree, Some) and tree.every else (tree,):
            found = part.hold(self.view)
            yield Clause(
                text=_clause(part),
                holds=found is not None,
                found=self._words(found or ()),
                obstacles=() if found is not None else tuple(self._obstacles(part, self.view)),
            )

    def _restrictions(self, found: Sequence[Found] | None) -> Iterator[Clause]:
        """The conditions beside the expression, each only where the rule has it."""
        rule, article = self.rule, self.page.article
        if rule.min_hits > 1 and found is not None:  # where the expression is not true, nothing was counted
            count = distinct((start, end) for _, start, end in found)
            text = f"{number_of(count, 'occurrence')} that count, and the rule asks for at least {rule.min_hits}"
            yield _condition(f"at least {rule.min_hits} occurrences", enough(self.compiled, found), "few", text)
        if rule.until is not None:
            text = f'the rule is off since its "until" ({rule.until}) has passed'
            yield _condition(f"until {rule.until}", not expired(rule, self.on), "expired", text)
        if rule.tiers:
            named = ", ".join(tier for tier in TIERS if tier in rule.tiers)
            text = f"the rule is for sources of tier {named} only, and this one's is {article.tier}"
            yield _condition(f"sources of tier {named}", for_tier(rule, article), "tier", text)
        if rule.langs:
            named = ", ".join(rule.langs)
            text = f"the rule is for articles in {named} only, and this one is in {article.lang}"
            yield _condition(f"articles in {named}", for_language(rule, article), "language", text)

    def _words(self, found: Iterable[Found]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit(self.page, one).text for one in list(found)[:SHOWN]))

    # ── what is in the way ──

    def _obstacles(self, node: Node, view: View) -> list[Obstacle]:
        """Why a part of the expression, which is not true, is not."""
        if isinstance(node, Atom):
            return self._of_term(node, view)
        if isinstance(node, No):
            return [self._veto(node.part)]
        failing = [part for part in inner(node) if part.hold(view) is None]
        found = [obstacle for part in failing for obstacle in self._obstacles(part, view)]
        near = [obstacle for obstacle in found if obstacle.kind != "absent"]
        if isinstance(node, Some) and node.every:
            return found
        # Of alternatives, those that came nearest say why; what does not occur at all is only then the reason.
        return _merged(near) if near else [_absent(atoms(node))]

    def _veto(self, part: Node) -> Obstacle:
        found = part.hold(self.view.negative()) or []
        terms = list(dict.fromkeys(atom.term for atom, _, _ in found))
        if not terms:  # a Not within a Not: something had to occur and does not
            return _absent(atoms(part))
        return self._obstacle("veto", f"vetoed: {names(terms)} {occur(terms)}, which the rule excludes", terms, found)

    def _of_term(self, atom: Atom, view: View) -> list[Obstacle]:
        lost: dict[Kind, list[Found]] = {}
        for span in self.reading.raw(atom)[:TRACED]:
            lost.setdefault(self._loss(atom, span, view), []).append((atom, *span))
        if not lost:
            return [_absent([atom])]
        return [
            self._obstacle(kind, self._sentence(kind, atom, found), [atom.term], found) for kind, found in lost.items()
        ]

    def _loss(self, atom: Atom, span: Span, view: View) -> Kind:
        """The first condition that an occurrence which does not count fails, in the matcher's own order."""
        alias = atom.term.alias
        if alias is not None and not self.reading.in_date(atom):
            return "date"
        if alias is not None and span not in self.reading.valid(atom):
            beside = atom.without and self.reading.beside(atom.without, span, alias.within)
            return "without" if beside else "context"
        if self.masked.overlap(*span):
            return "masked"
        if view is self.view and not inside(self.zones, span):
            return "field"
        return "not near"

    def _sentence(self, kind: Kind, atom: Atom, found: Sequence[Found]) -> str:
        name, alias, rule = names([atom.term]), atom.term.alias, self.rule
        if alias is not None and kind == "date":
            bounds = (("from", alias.valid_from), ("until", alias.valid_until))
            valid = " ".join(f"{word} {day}" for word, day in bounds if day)
            return f"{name} is valid {valid} only, and the article is from {self.page.date}"
        if alias is not None and kind == "without":
            return f"{name} has {quoted(alias.without, 'or')} within {alias.within} words, which says it means another"
        if alias is not None and kind == "context":
            full = ", and no full name of it" if atom.full else ""
            return f"{name} has none of {quoted(alias.requires)} within {alias.within} words{full}"
        if kind == "masked":
            return f"{name} stands inside {names(self._masks(found), 'or')}, where it does not count"
        if kind == "field":
            return f"{name} occurs, but not in {', '.join(map(zone_name, rule.where))}"
        return f"{name} stands near {' or '.join(self._neighbours(found))}, where it does not count"

    def _neighbours(self, found: Sequence[Found]) -> Iterator[str]:
        """The terms that stand too near to these occurrences, those of one distance together."""
        lost = Spans((start, end) for _, start, end in found)
        beside: dict[int, list[Term]] = {}
        for near in self.compiled.apart:
            for other in near.of:
                if any(lost.overlap(*span) for span in self.reading.apart(replace(near, of=(other,)))):
                    beside.setdefault(near.within, []).append(other.term)
        return (f"{names(terms, 'or')} (within {number_of(within, 'word')})" for within, terms in beside.items())

    def _masks(self, found: Sequence[Found]) -> list[Term]:
        """Those of the rule's masks that hide these occurrences."""
        hidden = Spans((start, end) for _, start, end in found)
        masks = self.compiled.mask
        return [atom.term for atom in masks if any(hidden.overlap(*span) for span in self.reading.valid(atom))]

    def _obstacle(self, kind: Kind, text: str, terms: Iterable[Term], found: Sequence[Found]) -> Obstacle:
        hits = tuple(hit(self.page, one) for one in found[:SHOWN])
        named = tuple(map(label, terms))
        return Obstacle(kind=kind, text=text, terms=named, hits=hits, sentences=best_sentences(self.page, hits)[:1])


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def _condition(text: str, holds: bool, kind: Kind, why_not: str) -> Clause:
    return Clause(text=text, holds=holds, obstacles=() if holds else (Obstacle(kind=kind, text=why_not),))


def _clause(node: Node) -> str:
    if isinstance(node, Atom):
        return names([node.term])
    if isinstance(node, No):
        return f"none of: {names((atom.term for atom in atoms(node.part)), 'or')}"
    return f"{'all' if isinstance(node, Some) and node.every else 'any'} of: {names(atom.term for atom in atoms(node))}"


def _absent(listed: Iterable[Atom]) -> Obstacle:
    terms = list(dict.fromkeys(atom.term for atom in listed))
    named = tuple(dict.fromkeys(map(label, terms)))
    several = len(set(short_names(terms))) > 1
    text = f"none of {names(terms)} occurs" if several else f"{names(terms)} does not occur"
    return Obstacle(kind="absent", text=text, terms=named)


def _merged(obstacles: Iterable[Obstacle]) -> list[Obstacle]:
    """Each sentence once."""
    return list({obstacle.text: obstacle for obstacle in obstacles}.values())
