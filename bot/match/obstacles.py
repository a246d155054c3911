"""What keeps a part of a rule from holding, and how near it was.

Nothing is judged here a second time: a part is asked whether it holds, as the matcher asks it, and of what
does not hold it is told what stands in the article all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.model.words import plural
from bot.rules.terms import in_quotes, typed
from bot.text import cut

from .clauses import asks, atoms, bracketed, is_plain, occurring, what_held, zone_name
from .evidence import best_sentences, hit
from .naming import context, listed, names, occur, short_names
from .pairs import places_of_their_own
from .parted import parted
from .reading import inside
from .spans import Spans, distinct
from .tree import Atom, Beside, Fact, Inside, Joint, Lone, No, Often, Several, Some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import Hit, Sentence, Term

    from .page import Span
    from .reading import Reading
    from .tree import Compiled, Found, Node, View

Kind = Literal[
    "absent", "veto", "date", "without", "context", "masked", "field", "not near", "beside", "apart", "order", "few",
    "author", "source", "tier", "language", "address", "expired",
]  # fmt: skip
SHOWN = 50
"""Hits kept of one obstacle."""
TRACED = 500
"""Occurrences of one term whose fate is told; an article with more repeats itself."""
LONGEST = 400
"""Characters of a sentence about an obstacle."""

_FACTS: dict[str, Kind] = {"lang": "language", "url": "address", "author": "author", "source": "source", "tier": "tier"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that keeps a rule from matching, as a sentence; ``hits`` is what stands in the article all the same.

    ``terms`` are those concerned, as they are typed in a rule. ``sentences`` show the hits. ``asked`` is the number
    that the rule asks for, of words between two or of occurrences, and ``there`` the one that is; 0 if there is none.
    """

    kind: Kind
    text: str
    terms: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    asked: int = 0
    there: int = 0


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a part of a rule looks at: the fields around it, and whether a Not around it looks at the whole article."""

    view: View
    fields: tuple[str, ...] = ()
    negative: bool = False

    def inside(self, field: str) -> _Sight:
        return replace(self, view=self.view.inside(field), fields=(*self.fields, field))

    def negated(self) -> _Sight:
        return replace(self, view=self.view.negative(), negative=True)


class Obstacles:
    """What is in the way of one rule in one article."""

    def __init__(self, reading: Reading, compiled: Compiled) -> None:
        self.reading, self.page, self.compiled, self.rule = reading, reading.page, compiled, compiled.rule
        self.view = reading.view(compiled)
        self.masked = reading.masked(compiled)
        self.zones = self.page.zones(self.rule.where)

    def of(self, node: Node) -> list[Obstacle]:
        """Why a part of the rule, which does not hold, does not; never empty."""
        return self._of(node, _Sight(self.view))

    def _of(self, node: Node, sight: _Sight) -> list[Obstacle]:
        found = self._one(node, sight) if isinstance(node, (Atom, No, Fact, Inside)) else self._several(node, sight)
        return found or [Obstacle(kind="absent", text=f"not so: {asks(node)}")]

    def _one(self, node: Atom | No | Fact | Inside, sight: _Sight) -> list[Obstacle]:
        match node:
            case Atom():
                return self._of_term(node, sight)
            case No():
                return self._veto(node.part, sight)
            case Fact():
                return [self._of_facts([node])]
            case Inside():
                return self._of(node.part, sight.inside(node.field))

    def _several(self, node: Some | Beside | Lone | Joint | Several | Often, sight: _Sight) -> list[Obstacle]:
        match node:
            case Some(every=True):
                failing = (part for part in node.parts if part.hold(sight.view) is None)
                return _merged(each for part in failing for each in self._of(part, sight))
            case Some():
                return self._of_choice(node, sight)
            case Beside() | Joint():
                return self._of_pair(node, sight)
            case Lone():
                return self._of_lone(node, sight)
            case Several():
                return self._of_count(node, sight)
            case Often():
                found = node.part.hold(sight.view)
                return self._of(node.part, sight) if found is None else [self._too_few(node, found)]

    # ── terms ──

    def _of_term(self, atom: Atom, sight: _Sight) -> list[Obstacle]:
        lost: dict[tuple[Kind, str], list[Found]] = {}
        valid = set(self.reading.valid(atom))
        for span in self.reading.raw(atom)[:TRACED]:
            lost.setdefault(self._loss(atom, span, sight, valid=span in valid), []).append((atom, *span))
        if not lost:
            return [_absent([atom])]
        return [
            self._obstacle(kind, self._sentence(kind, field, atom, found), [atom.term], found)
            for (kind, field), found in lost.items()
        ]

    def _loss(self, atom: Atom, span: Span, sight: _Sight, *, valid: bool) -> tuple[Kind, str]:
        """The first condition that an occurrence which does not count fails, in the matcher's own order.

        ``valid``: the alias's own conditions are met. With "field" comes the field it should stand in, or nothing if
        that is the rule's ``where``.
        """
        alias = atom.term.alias
        if alias is not None and not self.reading.in_date(atom):
            return "date", ""
        if alias is not None and not valid:
            beside = atom.without and self.reading.beside(atom.without, span, alias.within)
            return ("without" if beside else "context"), ""
        if self.masked.overlap(*span):
            return "masked", ""
        if not sight.negative and not inside(self.zones, span):
            return "field", ""
        outside = next((field for field in sight.fields if not inside(self.page.zones((field,)), span)), None)
        return ("field", outside) if outside else ("not near", "")

    def _sentence(self, kind: Kind, field: str, atom: Atom, found: Sequence[Found]) -> str:
        name, alias = names([atom.term]), atom.term.alias
        if alias is not None and kind == "date":
            bounds = (("from", alias.valid_from), ("until", alias.valid_until))
            valid = " ".join(f"{word} {day}" for word, day in bounds if day)
            return f"{name} is valid {valid} only, and the article is from {self.page.date}"
        if alias is not None and kind == "without":
            return f"{name} has {context(alias.without, 'or')} within {alias.within} words, which says it means another"
        if alias is not None and kind == "context":
            full = ", and no full name of it" if atom.full else ""
            return f"{name} has none of {context(alias.requires)} within {alias.within} words{full}"
        if kind == "masked":
            return f"{name} stands inside {names(self._masks(found), 'or')}, where it does not count"
        if kind == "field":
            places = [zone_name(each) for each in ((field,) if field else self.rule.where)]
            return f"{name} occurs, but not in {listed(places, 'or')}"
        return f"{name} stands near {' or '.join(self._neighbours(found))}, where it does not count"

    def _neighbours(self, found: Sequence[Found]) -> Iterator[str]:
        """The terms that stand too near to these occurrences, those of one distance together."""
        lost = Spans((start, end) for _, start, end in found)
        beside: dict[int, list[Term]] = {}
        for near in self.compiled.apart:
            for other in near.of:
                if any(lost.overlap(*span) for span in self.reading.apart(replace(near, of=(other,)))):
                    beside.setdefault(near.within, []).append(other.term)
        return (f"{names(terms, 'or')} (within {plural(within, 'word')})" for within, terms in beside.items())

    def _masks(self, found: Sequence[Found]) -> list[Term]:
        """Those of the rule's masks that hide these occurrences."""
        hidden = Spans((start, end) for _, start, end in found)
        masks = self.compiled.mask
        return [atom.term for atom in masks if any(hidden.overlap(*span) for span in self.reading.valid(atom))]

    # ── NOT, OR, facts ──

    def _veto(self, part: Node, sight: _Sight) -> list[Obstacle]:
        """What is there and must not be."""
        sight = sight.negated()
        if isinstance(part, No):  # a Not within a Not: something had to occur and does not
            return self._of(part.part, sight.negated())
        found = part.hold(sight.view) or []
        terms = list(dict.fromkeys(atom.term for atom, _, _ in found))
        what = f"{names(terms)} {occur(terms)}" if is_plain(part) else what_held(part, sight.view)
        return [self._obstacle("veto", f"vetoed: {what}, which the rule excludes", terms, found)]

    def _of_choice(self, node: Some, sight: _Sight) -> list[Obstacle]:
        """Of alternatives, those that came nearest say why; what does not occur at all is only then the reason."""
        found = [each for part in node.parts if not isinstance(part, Fact) for each in self._of(part, sight)]
        near = [obstacle for obstacle in found if obstacle.hits]
        if near:
            return _merged(near)
        facts: dict[str, list[Fact]] = {}
        for part in node.parts:
            if isinstance(part, Fact):
                facts.setdefault(part.field, []).append(part)
        others = [obstacle for obstacle in found if obstacle.kind != "absent"]
        return _merged([*self._nowhere([node]), *others, *map(self._of_facts, facts.values())])

    def _nowhere(self, nodes: Iterable[Node]) -> list[Obstacle]:
        """That the terms of these parts which stand nowhere in the article do not occur."""
        missing = [atom for node in nodes for atom in atoms(node) if not self.reading.raw(atom)]
        return [_absent(missing)] if missing else []

    def _of_facts(self, facts: Sequence[Fact]) -> Obstacle:
        """Facts of one field, of which one must be so."""
        field, article = facts[0].field, self.page.article
        asked = [in_quotes(fact.term) if field in ("author", "url") else fact.term.text for fact in facts]
        address = article.url or article.canonical_url
        is_so = {
            "author": f'the article\'s author is "{cut(article.author, 80)}"'
            if article.author
            else "the article's author is unknown",
            "source": f"the article's source is {article.source}",
            "tier": f"the article's source is of the tier {article.tier}",
            "lang": f"the article's language is {article.lang or 'unknown'}",
            "url": f"the article's address is {cut(address, 80)}" if address else "the article has no address",
        }[field]
        text = f"{is_so}, the rule asks for {listed(asked, 'or')}"
        return Obstacle(kind=_FACTS[field], text=cut(text, LONGEST), terms=tuple(typed(fact.term) for fact in facts))

    # ── places and numbers ──

    def _of_pair(self, node: Beside | Joint, sight: _Sight) -> list[Obstacle]:
        left, right = node.left.hold(sight.view), node.right.hold(sight.view)
        if left and right:
            return [self._too_far(node, left, right)]
        missing = [part for part, found in ((node.left, left), (node.right, right)) if found is None]
        found = [obstacle for part in missing for obstacle in self._of(part, sight)]
        lost = [obstacle for obstacle in found if obstacle.kind != "absent"]
        lacking, present = self._nowhere(missing), left or right
        if lost or not lacking or not present:
            return _merged(lost) or lacking
        terms = list(dict.fromkeys(atom.term for atom, _, _ in present))
        text = f"{lacking[0].text} ({names(terms)} {'does' if len(short_names(terms)) == 1 else 'do'})"
        return [replace(self._obstacle("absent", text, [], present), terms=lacking[0].terms)]

    def _too_far(self, node: Beside | Joint, left: Sequence[Found], right: Sequence[Found]) -> Obstacle:
        """Both sides occur, but not as they should stand to each other."""
        kind, how, pair, words = parted(node, left, right, self.page)
        terms = [atom.term for atom, _, _ in pair]
        text = f"{' and '.join(names([term]) for term in terms)} both occur, {how}"
        told = self._obstacle(kind, text, terms, sorted(pair, key=lambda one: one[1]), most=2)
        return replace(told, asked=node.within, there=words) if isinstance(node, Beside) and words else told

    def _of_lone(self, node: Lone, sight: _Sight) -> list[Obstacle]:
        """None of the occurrences is far enough from what they should be far from."""
        found, others = node.part.hold(sight.view), node.of.hold(sight.view.negative())
        if not found or not others:
            return self._of(node.part, sight)
        terms = list(dict.fromkeys(atom.term for atom, _, _ in found))
        every = f"every occurrence of {names(terms, 'or')}"
        text = f"{every} has {names(self._beside(node, found, others), 'or')} within {plural(node.within, 'word')}"
        return [self._obstacle("beside", text, terms, found)]

    def _beside(self, node: Lone, found: Sequence[Found], others: Sequence[Found]) -> list[Term]:
        """Those of the others that stand beside one of the first occurrences."""
        spans: dict[Term, list[Span]] = {}
        for atom, start, end in others:
            spans.setdefault(atom.term, []).append((start, end))
        beside = {term: Spans(each) for term, each in spans.items()}
        return [
            term
            for term, each in beside.items()
            if any(each.near(self.page, one[1:], node.within, one_paragraph=True) for one in found[:SHOWN])
        ]

    def _of_count(self, node: Several, sight: _Sight) -> list[Obstacle]:
        """Too few of the parts occur, or too few at places of their own."""
        results = [(part, part.hold(sight.view)) for part in node.parts]
        there = [found for _, found in results if found]
        lost = [obstacle for part, found in results if found is None for obstacle in self._of(part, sight)]
        lost = [obstacle for obstacle in lost if obstacle.kind != "absent"]
        if not there:
            return _merged(lost) or self._nowhere([node])
        found = [one for each in there for one in each]
        if len(there) < node.count:
            missing = listed([bracketed(part) for part, each in results if not each])
            text = f"{occurring(node, sight.view)}; the rule asks for {node.count}; missing: {missing}"
        else:
            places = plural(places_of_their_own(there, node.count), "place")
            text = (
                f"{occurring(node, sight.view)}, but at only {places}, as they overlap; the rule asks for {node.count}"
            )
        few = self._obstacle("few", text, (atom.term for atom, _, _ in found), found)
        return _merged([replace(few, asked=node.count, there=min(len(there), node.count - 1)), *lost])

    def _too_few(self, node: Often, found: Sequence[Found]) -> Obstacle:
        terms = list(dict.fromkeys(atom.term for atom, _, _ in found))
        number = distinct((start, end) for _, start, end in found)
        times = plural(number, "time")
        together = " together" if len(short_names(terms)) > 1 else ""
        text = f"{names(terms)} {occur(terms)} {times}{together}, the rule asks for at least {node.count:,}"
        return replace(self._obstacle("few", text, terms, found), asked=node.count, there=number)

    # ── what all have in common ──

    def _obstacle(
        self, kind: Kind, text: str, terms: Iterable[Term], found: Sequence[Found], most: int = 1
    ) -> Obstacle:
        hits = tuple(hit(self.page, one) for one in found[:SHOWN])
        named = tuple(dict.fromkeys(map(typed, terms)))
        shown = best_sentences(self.page, hits)[:most]
        return Obstacle(kind=kind, text=cut(text, LONGEST), terms=named, hits=hits, sentences=shown)


def _absent(missing: Iterable[Atom]) -> Obstacle:
    terms = list(dict.fromkeys(atom.term for atom in missing))
    several = len(short_names(terms)) > 1
    text = f"none of {names(terms)} occurs" if several else f"{names(terms)} does not occur"
    return Obstacle(kind="absent", text=text, terms=tuple(dict.fromkeys(map(typed, terms))))


def _merged(obstacles: Iterable[Obstacle]) -> list[Obstacle]:
    """Each sentence once."""
    return list({obstacle.text: obstacle for obstacle in obstacles}.values())
