"""A rule → a query of Lucene's standard query parser (flexible parser with interval functions, Lucene 9 and later).

The index it is for holds an article's title and body together in its default field, and the fields title, body, author,
source, tier and lang; its analyzer folds case and takes no stems, so every form of a term is written out. The functions
are those of the package ``org.apache.lucene.queryparser.flexible.standard``: ``fn:maxgaps`` counts the words between,
``fn:notWithin`` and ``fn:extend`` count positions, which are one more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import AllOf, AnyOf, AtLeast, CountOf, FarFrom, InField, Meta, Near, Not, Term, children
from bot.text import cut

from .query import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.model import Alias, Expr, Rule

    Forms = Callable[[Term], Sequence[str]]

FIELDS = ("title", "body")
_SPECIAL = re.compile(r'([+\-!(){}\[\]^"~*?:\\/&|<>=@\s])')
_WILD = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """``query`` only if all of the rule can be said; ``refused`` names what cannot, ``remarks`` what is near it."""

    query: str | None
    refused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def to_lucene(rule: Rule, forms: Forms) -> Exported:
    """Write a rule in Lucene's syntax; ``forms`` gives every form that a term matches."""
    writer = _Writer(rule, forms)
    query = writer.rule()
    refused = tuple(dict.fromkeys(writer.refused))
    return Exported(query=None if refused else query, refused=refused, remarks=tuple(dict.fromkeys(writer.remarks)))


class _Writer:
    def __init__(self, rule: Rule, forms: Forms) -> None:
        self._rule = rule
        self._forms = forms
        self.refused: list[str] = []
        self.remarks: list[str] = []

    def rule(self) -> str:
        rule = self._rule
        if rule.min_hits > 1:
            self.refused.append(f"min_hits = {rule.min_hits}: Lucene does not count occurrences")
        parts = [self._where(self._expr(rule.expr))]
        for field, values in (("tier", rule.tiers), ("lang", rule.langs)):
            if values:
                parts.append(_joined([f"{field}:{value}" for value in values], "OR"))
        if rule.langs:
            self.remarks.append("an article whose language is not known is left out there, and not here")
        return _joined(parts, "AND")

    def _where(self, query: str) -> str:
        where = self._rule.where
        if set(where) == set(FIELDS):
            return query
        if not set(where) <= set(FIELDS):
            self.refused.append(f"where = {list(where)}: Lucene has no field for the lead")
            return query
        return f"{where[0]}:({query})"

    # ── what is true of the whole article ────────────────────────────────────────────────────────

    def _expr(self, expr: Expr) -> str:
        if isinstance(expr, Term):
            return self._term(expr)
        if isinstance(expr, (AnyOf, AllOf)):
            return _joined(map(self._expr, expr.parts), "OR" if isinstance(expr, AnyOf) else "AND")
        if isinstance(expr, Not):
            return f"(*:* NOT {self._expr(expr.part)})"
        if isinstance(expr, InField):
            return self._field(expr)
        if isinstance(expr, Meta):
            return self._meta(expr)
        if isinstance(expr, CountOf):
            self.remarks.append(f'"{_shown(expr)}": overlapping occurrences count there, and not here')
            return f"({' OR '.join(map(self._expr, expr.parts))})@{expr.count}"
        if isinstance(expr, (Near, FarFrom)):
            return self._interval(expr)
        reason = "Lucene does not count occurrences" if isinstance(expr, AtLeast) else "Lucene knows no sentences"
        self.refused.append(f'"{_shown(expr)}": {reason}')
        return ""

    def _field(self, expr: InField) -> str:
        if expr.field not in FIELDS:
            self.refused.append(f'"{expr.field}:": Lucene has no field for the lead')
        return f"{expr.field}:({self._expr(expr.part)})"

    def _meta(self, expr: Meta) -> str:
        if expr.field == "url":
            self.refused.append('"url:" looks for a piece of the address')
            return ""
        return f"{expr.field}:{_quoted(expr.term.text)}"

    def _term(self, term: Term) -> str:
        """A term by itself, with what masks it and the conditions of its alias."""
        if self._conditions(term):
            return self._interval(term)
        return _joined((self._form(term, form) for form in self._written(term)), "OR")

    def _conditions(self, term: Term) -> bool:
        alias = term.alias
        beside = any(term in near.term for near in self._rule.not_near)
        return bool(self._rule.mask or beside or (alias and (alias.requires or alias.without)))

    def _form(self, term: Term, form: str) -> str:
        if " " not in form:
            return _escaped(form, wild=term.kind == "wildcard")
        return self._spelled(term, form) if term.kind == "wildcard" else _quoted(form)

    # ── intervals: what stands where ─────────────────────────────────────────────────────────────

    def _interval(self, expr: Expr) -> str:
        if isinstance(expr, Term):
            return self._conditioned(expr)
        if isinstance(expr, AnyOf):
            return f"fn:or({' '.join(map(self._interval, expr.parts))})"
        if isinstance(expr, Near):
            self.remarks.append("nearness reaches across paragraphs there, and not here")
            how = "fn:ordered" if expr.ordered else "fn:unorderedNoOverlaps"
            return f"fn:maxgaps({expr.within} {how}({self._interval(expr.left)} {self._interval(expr.right)}))"
        if isinstance(expr, FarFrom):
            return f"fn:notWithin({self._interval(expr.part)} {expr.within + 1} {self._interval(expr.of)})"
        self.refused.append(f'"{_shown(expr)}" beside NEAR: Lucene asks for words and groups of them')
        return " ".join(map(self._interval, children(expr)))

    def _conditioned(self, term: Term) -> str:
        written = [self._spelled(term, form) for form in self._written(term)]
        interval = written[0] if len(written) == 1 else f"fn:or({' '.join(written)})"
        if term.alias:
            interval = self._alias(term.alias, interval)
        for near in self._rule.not_near:
            if term in near.term:
                interval = f"fn:notWithin({interval} {near.within + 1} {self._either(near.of)})"
        if self._rule.mask:
            interval = f"fn:nonOverlapping({interval} {self._either(self._rule.mask)})"
        return interval

    def _alias(self, alias: Alias, interval: str) -> str:
        if alias.without:
            words = f"fn:or({' '.join(map(_quoted, alias.without))})"
            interval = f"fn:notWithin({interval} {alias.within + 1} {words})"
        if alias.requires:
            words = f"fn:or({' '.join(map(_quoted, alias.requires))})"
            near = f"fn:extend({words} {alias.within + 1} {alias.within + 1})"
            interval = f"fn:overlapping({interval} {near})"
        return interval

    def _either(self, terms: Sequence[Term]) -> str:
        return f"fn:or({' '.join(self._spelled(term, form) for term in terms for form in self._written(term))})"

    def _spelled(self, term: Term, form: str) -> str:
        if term.kind != "wildcard" or not _WILD.search(form):
            return _quoted(form)
        words = [_wildcard(word) if _WILD.search(word) else _escaped(word) for word in form.split()]
        return words[0] if len(words) == 1 else f"fn:phrase({' '.join(words)})"

    def _written(self, term: Term) -> Sequence[str]:
        """All forms of a term, folded; what the index cannot tell is refused or remarked."""
        if term.kind in ("regex", "exact"):
            kind = "a regular expression" if term.kind == "regex" else "found as it is written"
            self.refused.append(f'"{cut(term.text, 40)}" is {kind}, for which Lucene has nothing that means the same')
            return ("",)
        found = tuple(self._forms(term))
        if any(form != form.lower() for form in found):
            self.remarks.append(f'"{term.text}" is found in any case there, in capitals only here')
        if term.alias and (term.alias.valid_from or term.alias.valid_until):
            self.remarks.append(f'"{term.text}" is found at any date there, in its term of office only here')
        return tuple(dict.fromkeys(form.lower() for form in found))


def _joined(parts: Iterable[str], operator: str) -> str:
    parts = list(dict.fromkeys(parts))
    return parts[0] if len(parts) == 1 else f"({f' {operator} '.join(parts)})"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _escaped(word: str, *, wild: bool = False) -> str:
    escaped = _SPECIAL.sub(r"\\\1", word)
    return re.sub(r"\\([*?])", r"\1", escaped) if wild else escaped


def _wildcard(word: str) -> str:
    return f"fn:wildcard({_escaped(word, wild=True)})"


def _shown(expr: Expr) -> str:
    return cut(write(expr), 60)
