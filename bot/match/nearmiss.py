"""Articles that a rule missed by one thing, each with a change that would have caught it.

Judged by :func:`~bot.match.explain`, of which only those rules are kept that fail by one clause and one obstacle – and
by a second matcher whose terms are spelled more loosely: aliases and exact terms in any case and number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.model import AllOf, AnyOf, AtLeast, CountOf, FarFrom, InField, Near, Term, Together, terms_of

from .engine import Matcher
from .explaining import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from bot.model import Article, Expr, Mention, Rule, Sentence

    from .explaining import Explanation
    from .obstacles import Obstacle

FURTHEST = 2
"""So many times the words that a NEAR allows, and a few, still count as a near miss."""
FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A rule that would have matched, had it said one thing otherwise.

    ``reason`` is what stood in the way, ``change`` the line that would let it pass, ``sentence`` where it stands.
    ``kind`` is the obstacle's, or "spelling".
    """

    rule: Rule
    kind: str
    reason: str
    change: str
    sentence: Sentence | None = None


class NearMisses:
    """Finds what some rules nearly matched."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._matcher = Matcher(self._rules.values())
        loose = (replace(rule, expr=_loose(rule.expr)) for rule in self._rules.values())
        self._loose = Matcher(rule for rule in loose if rule.expr != self._rules[rule.id].expr)

    def of(self, article: Article, on: date | None = None) -> list[NearMiss]:
        """What the article missed by one thing, by rule."""
        matched = set(self._matcher.matching(article, on))
        found = {miss.rule.id: miss for miss in self._misspelled(article, on, matched)}
        for explanation in explain(self._matcher, article, on, touched=True):
            if explanation.rule.id not in matched | found.keys() and (miss := _missed(explanation)) is not None:
                found[miss.rule.id] = miss
        return [found[id_] for id_ in self._rules if id_ in found]

    def _misspelled(self, article: Article, on: date | None, matched: set[str]) -> Iterator[NearMiss]:
        for mention in self._loose.match(article, on):
            if mention.rule not in matched:
                yield _misspelled(self._rules[mention.rule], mention, article)


def _missed(explanation: Explanation) -> NearMiss | None:
    """The one thing that kept a rule back, if it is one, and one that a change of the rule would mend."""
    if not explanation.near or len(explanation.clauses) - explanation.held != 1:
        return None
    obstacles = [each for each in explanation.obstacles if each.kind in _CHANGES]
    if len(obstacles) != 1 or len(explanation.obstacles) != 1:
        return None
    change = _CHANGES[obstacles[0].kind](obstacles[0])
    if not change:
        return None
    shown = next(iter(obstacles[0].sentences), None)
    return NearMiss(
        rule=explanation.rule, kind=obstacles[0].kind, reason=obstacles[0].text, change=change, sentence=shown
    )


# ── what to change ───────────────────────────────────────────────────────────────────────────────


def _named(obstacle: Obstacle) -> str:
    return ", ".join(obstacle.terms[:FEW]) + (" …" if len(obstacle.terms) > FEW else "")


def _veto(obstacle: Obstacle) -> str:
    return f"make {_named(obstacle)} a mask or not_near in place of none (in a query: NOT NEAR/5 in place of AND NOT)"


def _context(obstacle: Obstacle) -> str:
    return f'add a word of this sentence to "with" of the alias {_named(obstacle)}'


def _without(obstacle: Obstacle) -> str:
    return f'take a word out of "without" of the alias {_named(obstacle)}, or lower its "within"'


def _date(obstacle: Obstacle) -> str:
    return f'move "from" or "until" of the alias {_named(obstacle)}'


def _masked(obstacle: Obstacle) -> str:
    return f"make the mask over {_named(obstacle)} narrower"


def _field(obstacle: Obstacle) -> str:
    return f"look for {_named(obstacle)} there, too: a wider where, or no field before it"


def _not_near(obstacle: Obstacle) -> str:
    return f'lower "within" of the not_near of {_named(obstacle)}'


def _beside(obstacle: Obstacle) -> str:
    return f"a smaller number in NOT NEAR/n after {_named(obstacle)}"


def _apart(obstacle: Obstacle) -> str:
    """Only where a larger number would do, and one that is not out of all proportion."""
    if not obstacle.there or obstacle.there > FURTHEST * obstacle.asked + FEW:
        return ""
    return f"NEAR/{obstacle.there} in place of NEAR/{obstacle.asked}"


def _order(_: Obstacle) -> str:
    return "NEAR in place of ONEAR"


def _few(obstacle: Obstacle) -> str:
    """Only where one more would have been enough."""
    if obstacle.there != obstacle.asked - 1:
        return ""
    return f"ask for {obstacle.there} in place of {obstacle.asked}"


_CHANGES: Mapping[str, Callable[[Obstacle], str]] = {
    "veto": _veto,
    "context": _context,
    "without": _without,
    "date": _date,
    "masked": _masked,
    "field": _field,
    "not near": _not_near,
    "beside": _beside,
    "apart": _apart,
    "order": _order,
    "few": _few,
}


# ── spelling ─────────────────────────────────────────────────────────────────────────────────────


def _loose(expr: Expr) -> Expr:
    """The expression with aliases and exact terms as plain ones; what must not occur stays as it is."""
    if isinstance(expr, Term):
        return _loose_term(expr)
    if isinstance(expr, AnyOf):
        return AnyOf(_all_loose(expr.parts), expr.name)
    if isinstance(expr, AllOf):
        return AllOf(_all_loose(expr.parts))
    if isinstance(expr, CountOf):
        return CountOf(expr.count, _all_loose(expr.parts))
    if isinstance(expr, (Near, Together)):
        return replace(expr, left=_loose(expr.left), right=_loose(expr.right))
    return replace(expr, part=_loose(expr.part)) if isinstance(expr, (AtLeast, InField, FarFrom)) else expr


def _all_loose(parts: Sequence[Expr]) -> tuple[Expr, ...]:
    return tuple(map(_loose, parts))


def _loose_term(term: Term) -> Term:
    """An alias with conditions keeps them: that they are not met is an obstacle of its own."""
    if term.kind == "exact":
        return replace(term, kind="plain")
    alias = term.alias
    if alias is None or alias.requires or alias.without or alias.valid_from or alias.valid_until:
        return term
    return replace(term, entity=None, alias=None)


def _misspelled(rule: Rule, mention: Mention, article: Article) -> NearMiss:
    """Of the words that the loose terms found, the first that none of the rule's own finds."""
    words = replace(rule, expr=AnyOf(tuple(terms_of(rule.expr, positive=True))), min_hits=1)
    known = {(hit.field, hit.start, hit.end) for own in Matcher([words]).match(article) for hit in own.hits}
    new = [hit for hit in mention.hits if (hit.field, hit.start, hit.end) not in known] or mention.hits
    return NearMiss(
        rule=rule,
        kind="spelling",
        reason=f'"{new[0].text}" stands there, which no term of the rule finds',
        change=f'add "{new[0].text}"',
        sentence=next(iter(mention.sentences), None),
    )
