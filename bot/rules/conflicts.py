"""A rule against itself, references resolved: what can never match, and what hardly ever can.

Nothing is called impossible that some article could match: where words leave a doubt, nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from bot.model import (
    TIERS,
    AllOf,
    AnyOf,
    AtLeast,
    CountOf,
    FarFrom,
    InField,
    Meta,
    Near,
    Not,
    Term,
    Together,
    children,
)
from bot.model.words import lead_words
from bot.tomlfile import Character

from .covering import Cover
from .facts import primary
from .query import Placed
from .terms import in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.model import Expr, MetaField
    from bot.tomlfile import TomlPath

    Note = tuple[TomlPath, str, str]
    """A place inside the rule, a message that follows the rule's name, a remedy."""
    Items = tuple[tuple[TomlPath, tuple[Term, ...]], ...]
    """Terms, each item of a list with its place."""

SHOWN = 3
"""Terms that a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a rule asks for: ``parts``, every one of which must hold, with their places; and what it does not count.

    ``placed`` are the places inside a query.
    """

    parts: tuple[tuple[TomlPath, Expr], ...]
    mask: Items = ()
    not_near: Items = ()
    where: tuple[str, ...] = ("title", "body")
    tiers: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    placed: Placed = field(default_factory=Placed)


def impossible(claims: Claims) -> Iterator[Note]:
    """Why no article whatever can match."""
    for path, why in _Case(claims).reasons():
        yield path, f"can never match: {why.text}", why.remedy


def rare(claims: Claims) -> Iterator[Note]:
    """Why only articles of a rare kind can match."""
    for path, why in _Case(claims, usual=True).reasons():
        yield path, f"can match only an article {why.unless}: {why.text}", why.remedy


# ── what can never be true ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """Why something can never be true, ``unless`` the article is of a rare kind; ``at`` is the part to blame."""

    kind: Literal["vetoed", "masked", "place", "fact", "count"]
    text: str
    terms: tuple[str, ...] = ()
    unless: str = ""
    at: Expr | None = None

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _REMEDIES[self.kind]


_REMEDIES = {
    "vetoed": "remove one of the two",
    "masked": "mask a longer phrase around the term, or remove one of the two",
    "place": "look in one place for both, or remove one of the two",
    "fact": "write OR between them, or remove one of them",
    "count": "ask for fewer, or mend the parts that can never occur",
}
_NO_TITLE = "without a title of its own"
_NO_LANGUAGE = "whose language is unknown"
_SINGLE: tuple[MetaField, ...] = ("tier", "source", "lang")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Veto:
    """What must not occur in these fields, one inside the other; none are the whole article."""

    fields: tuple[str, ...]
    terms: Cover
    others: frozenset[Expr]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Situation:
    """What is known where an expression stands.

    Each of ``places`` lists pieces of the article, in one of which an occurrence must lie; ``fields`` are those of
    the fields around it alone. ``facts`` are the values that are left, where not all are.
    """

    places: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...] = ()
    vetoes: tuple[_Veto, ...] = ()
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def inside(self, name: str) -> _Situation:
        """The same in a field."""
        return replace(self, places=(*self.places, (name,)), fields=(*self.fields, name))

    def reached_by(self, veto: _Veto) -> bool:
        """Whether all that may count here lies where the veto looks."""
        return all(any(all(_lies_in(one, name) for one in each) for each in self.places) for name in veto.fields)


class _Case:
    """One rule. With ``usual`` its articles have titles and languages, as nearly all do, and the rest is not told."""

    def __init__(self, claims: Claims, *, usual: bool = False) -> None:
        self._parts = claims.parts
        self._placed = claims.placed
        self._usual = usual
        self._mask = Cover(term for _, item in claims.mask for term in item)
        facts = {"tier": frozenset(claims.tiers or TIERS)}
        if usual and claims.langs:
            facts["lang"] = frozenset(map(primary, claims.langs))
        self._start = _Situation(places=(claims.where,), facts=facts)

    def reasons(self) -> Iterator[tuple[TomlPath, _Why]]:
        """The parts that can never be true beside all others, with their places."""
        here = self._together([part for _, part in self._parts], self._start)
        for path, part in self._parts:
            why = self._why(part, here)
            if why is not None and bool(why.unless) == self._usual:
                yield self._blamed(path, why), why
        if not any(self._why(part, here) for _, part in self._parts) and (why := self._facts_left(here)):
            yield self._parts[0][0][:1], why

    def _blamed(self, path: TomlPath, why: _Why) -> TomlPath:
        """Where to look first: the word of a query; in typed lists, judged together, what takes everything away."""
        if path == ("any",):
            return {"vetoed": ("none",), "masked": ("mask",)}.get(why.kind, path)
        start = self._placed.start(why.at)
        return path if start is None else (*path, Character(start))

    def _why(self, expr: Expr, here: _Situation) -> _Why | None:
        """Why an expression is never true here; None if it may be."""
        why = self._judged(expr, here)
        if why is None or self._placed.start(why.at) is not None or self._placed.start(expr) is None:
            return why
        return replace(why, at=expr)

    def _judged(self, expr: Expr, here: _Situation) -> _Why | None:
        if isinstance(expr, Term):
            return self._why_term(expr, here)
        if isinstance(expr, Meta):
            left = here.facts.get(expr.field)
            if left is not None and _value(expr) not in left:
                return _fact(expr.field)
        if any(veto.others and expr in veto.others and here.reached_by(veto) for veto in here.vetoes):
            return _Why(
                kind="vetoed",
                text="the same must hold and must not",
                unless="" if _known(expr) else _NO_LANGUAGE,
            )
        if isinstance(expr, AllOf):
            return self._why_all(expr, here)
        if isinstance(expr, (AnyOf, CountOf)):
            return self._why_some(expr, here)
        if isinstance(expr, (Near, Together)):
            return self._why(expr.left, here) or self._why(expr.right, here)
        if isinstance(expr, InField):
            return self._why(expr.part, here.inside(expr.field))
        return self._why(expr.part, here) if isinstance(expr, (FarFrom, AtLeast)) else None

    def _why_term(self, term: Term, here: _Situation) -> _Why | None:
        name = in_quotes(term)
        mask = self._mask.within(term)
        if mask is not None:
            return _Why(kind="masked", text=f"{name} always stands in the mask {in_quotes(mask)}", terms=(name,))
        for veto in here.vetoes:
            other = veto.terms.within(term) if here.reached_by(veto) else None
            if other is not None:
                but = "" if in_quotes(other) == name else f", since {in_quotes(other)} must not"
                return _Why(kind="vetoed", text=f"{name} must occur, and must not{but}", terms=(name,))
        if self._usual and not _meet(here.places):
            looked = " and ".join("/".join(each) for each in here.places)
            text = f"{name} would have to stand in two places at once ({looked})"
            return _Why(kind="place", text=text, terms=(name,), unless=_NO_TITLE)
        return None

    def _why_all(self, expr: AllOf, here: _Situation) -> _Why | None:
        inner = self._together(expr.parts, here)
        found = (why for part in expr.parts if (why := self._why(part, inner)) is not None)
        return next(found, None) or self._facts_left(inner)

    def _why_some(self, expr: AnyOf | CountOf, here: _Situation) -> _Why | None:
        found = [why for part in expr.parts if (why := self._why(part, here)) is not None]
        possible = len(expr.parts) - len(found)
        if isinstance(expr, AnyOf):
            return _merged(found) if found and not possible else None
        if possible >= expr.count:
            return None
        because = "".join(f": {one.text}" for one in found[:1])
        text = f"{expr.count} of {len(expr.parts)} are asked for, of which only {possible} can occur{because}"
        return _Why(kind="count", text=text, unless=_rarest(found))

    # ── what is known besides ──

    def _together(self, parts: Sequence[Expr], here: _Situation) -> _Situation:
        """What is known where all these hold at once."""
        vetoes = [one for part in parts for one in _vetoes(part, here.fields)]
        facts = dict(here.facts)
        for part in sorted(_flat(parts), key=lambda part: isinstance(part, Not)):
            facts |= self._narrowed(part, facts)
        return replace(here, vetoes=(*here.vetoes, *self._gathered(vetoes)), facts=facts)

    def _gathered(self, vetoes: Sequence[tuple[tuple[str, ...], Expr]]) -> Iterator[_Veto]:
        for fields in dict.fromkeys(fields for fields, _ in vetoes):
            here = [expr for among, expr in vetoes if among == fields]
            others = frozenset(
                expr for expr in here if not isinstance(expr, Term) and _grows(expr) and (self._usual or _known(expr))
            )
            yield _Veto(fields=fields, terms=Cover(expr for expr in here if isinstance(expr, Term)), others=others)

    def _narrowed(self, part: Expr, facts: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """The values of a fact that a part leaves."""
        away = isinstance(part, Not)
        named = _values(part.part if isinstance(part, Not) else part)
        if named is None or (named[0] == "lang" and not self._usual):
            return {}
        name, values = named
        if name not in facts:
            return {} if away else {name: values}
        return {name: facts[name] - values if away else facts[name] & values}

    def _facts_left(self, here: _Situation) -> _Why | None:
        return next((_fact(name) for name in _SINGLE if name in here.facts and not here.facts[name]), None)


def _merged(found: Sequence[_Why]) -> _Why:
    """One reason out of those of all alternatives."""
    if len(found) == 1:
        return found[0]
    kinds = {why.kind for why in found}
    named = [name for why in found for name in why.terms]
    more = f" … ({len(named)} in all)" if len(named) > SHOWN else ""
    every = f"{', '.join(named[:SHOWN])}{more}"
    unless = _rarest(found)
    if kinds == {"vetoed"} and named:
        text = f"{every} are looked for, and none of them may occur"
    elif kinds == {"masked"}:
        text = f"{every} are looked for, and each always stands in a mask"
    else:
        text = "; ".join(list(dict.fromkeys(why.text for why in found))[:SHOWN])
    return _Why(kind=found[0].kind, text=text, terms=tuple(named), unless=unless)


def _rarest(found: Iterable[_Why]) -> str:
    return next((why.unless for why in found if why.unless), "")


def _fact(name: str) -> _Why:
    called = {"lang": "language"}.get(name, name)
    unless = _NO_LANGUAGE if name == "lang" else ""
    return _Why(kind="fact", text=f"an article has only one {called}, and none fits all that is asked", unless=unless)


def _vetoes(part: Expr, fields: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Expr]]:
    """What a part that must hold forbids, with the fields in which it does."""
    if isinstance(part, Not):
        yield from _forbidden(part.part, fields)
    elif isinstance(part, AllOf):
        for inner in part.parts:
            yield from _vetoes(inner, fields)
    elif isinstance(part, InField):
        yield from _vetoes(part.part, (*fields, part.field))


def _forbidden(expr: Expr, fields: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Expr]]:
    if isinstance(expr, AnyOf):
        for part in expr.parts:
            yield from _forbidden(part, fields)
    elif isinstance(expr, InField):
        yield from _forbidden(expr.part, (*fields, expr.field))
    else:
        yield fields, expr


def _flat(parts: Iterable[Expr]) -> Iterator[Expr]:
    for part in parts:
        if isinstance(part, AllOf):
            yield from _flat(part.parts)
        else:
            yield part


def _grows(expr: Expr) -> bool:
    """Whether more occurrences can only make it true: counts are not so, for a longer hit takes the room of two."""
    kinds = (Term, Meta, AnyOf, AllOf, Near, Together, InField)
    return isinstance(expr, kinds) and all(_grows(part) for part in children(expr))


def _known(expr: Expr) -> bool:
    """Whether an article cannot be so and not so at once, as one without a language is."""
    return not (isinstance(expr, Meta) and expr.field == "lang") and all(_known(part) for part in children(expr))


def _values(expr: Expr) -> tuple[MetaField, frozenset[str]] | None:
    """The fact that an expression is about and the values it names, if an article has only one."""
    facts = expr.parts if isinstance(expr, AnyOf) else (expr,)
    found = {part.field: _value(part) for part in facts if isinstance(part, Meta) and part.field in _SINGLE}
    if len(found) != 1 or not all(isinstance(part, Meta) and part.field in found for part in facts):
        return None
    return next(iter(found)), frozenset(_value(part) for part in facts if isinstance(part, Meta))


def _value(fact: Meta) -> str:
    return primary(fact.term.text) if fact.field == "lang" else fact.term.text


def _meet(places: Iterable[Sequence[str]]) -> bool:
    """Whether one occurrence can lie in a place of each."""
    listed = list(places)
    in_title = all("title" in each for each in listed)
    return in_title or all(any(one != "title" for one in each) for each in listed)


def _lies_in(one: str, other: str) -> bool:
    """Whether all of one piece of the article is in the other."""
    if one == other or "title" in (one, other):
        return one == other
    return other == "body" or (one != "body" and lead_words(one) <= lead_words(other))
