"""Why a rule matches an article or does not: the same evaluation as the matcher's, told clause by clause.

Whether a rule matches is never worked out a second time: every clause is judged by ``tree.hold`` over the
occurrences that ``Reading`` counts. What is added here is only what became of those that do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import TIERS
from bot.model.words import plural

from .clauses import asks, atoms, conjuncts, is_positive
from .engine import enough, expired, for_language, for_tier
from .evidence import hit, mention
from .obstacles import SHOWN, Obstacle, Obstacles
from .spans import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.model import Article, Mention, Rule

    from .engine import Matcher
    from .reading import Reading
    from .tree import Compiled, Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One condition of a rule, whether it holds, and ``found``: the words that fulfil it, as they stand there.

    ``about``: it is what the rule is about, the first of its clauses that asks for words.
    """

    text: str
    holds: bool
    found: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    about: bool = False


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
        """Whether it does not match although what it is about stands in the article.

        The other clauses are the company that must be kept: "China" alone brings no rule near, nor does one
        side of a NEAR without the other.
        """
        return self.mention is None and any(
            clause.holds or any(obstacle.hits and obstacle.kind != "absent" for obstacle in clause.obstacles)
            for clause in self.clauses
            if clause.about
        )


def explain(matcher: Matcher, article: Article, on: date | None = None, *, touched: bool = False) -> list[Explanation]:
    """For every rule of the matcher, in order, why it matches the article or does not; ``on`` as for ``match``.

    With ``touched`` only the rules of which a term stands in the article that they are about: all others are far off.
    """
    cases = (_Case(reading, compiled, on) for reading, compiled in matcher.read(article))
    return [case.explanation() for case in cases if not touched or case.is_touched()]


class _Case:
    """One rule before one article."""

    def __init__(self, reading: Reading, compiled: Compiled, on: date | None) -> None:
        self.reading, self.page, self.compiled, self.rule, self.on = reading, reading.page, compiled, compiled.rule, on
        self.obstacles = Obstacles(reading, compiled)

    def explanation(self) -> Explanation:
        found = self.reading.occurrences(self.compiled)
        clauses = (*self._parts(), *self._restrictions(found))
        matches = found is not None and all(clause.holds for clause in clauses)
        return Explanation(
            rule=self.rule,
            clauses=clauses,
            mention=mention(self.compiled, self.reading, found) if matches and found is not None else None,
            occurs=any(self.reading.raw(atom) for atom in atoms(self.compiled.tree)),
        )

    def is_touched(self) -> bool:
        """Whether a term of what the rule is about occurs, whether it counts or not."""
        about = next((part for part in conjuncts(self.compiled.tree) if is_positive(part)), self.compiled.tree)
        return any(self.reading.raw(atom) for atom in atoms(about))

    # ── the clauses ──

    def _parts(self) -> Iterator[Clause]:
        parts = tuple(conjuncts(self.compiled.tree))
        about = next((part for part in parts if is_positive(part)), None)
        for part in parts:
            found = part.hold(self.obstacles.view)
            yield Clause(
                text=asks(part),
                holds=found is not None,
                found=self._words(found or ()),
                obstacles=() if found is not None else tuple(self.obstacles.of(part)),
                about=part is about,
            )

    def _restrictions(self, found: Sequence[Found] | None) -> Iterator[Clause]:
        """The conditions beside the expression, each only where the rule has it."""
        rule, article = self.rule, self.page.article
        if rule.min_hits > 1 and found is not None:  # where the expression is not true, nothing was counted
            count = distinct((start, end) for _, start, end in found)
            text = f"{plural(count, 'occurrence')} that count, and the rule asks for at least {rule.min_hits}"
            few = Obstacle(kind="few", text=text, asked=rule.min_hits, there=count)
            yield _condition(f"at least {rule.min_hits} occurrences", few, holds=enough(self.compiled, found))
        if rule.until is not None:
            text = f'the rule is off since its "until" ({rule.until}) has passed'
            off = Obstacle(kind="expired", text=text)
            yield _condition(f"until {rule.until}", off, holds=not expired(rule, self.on))
        if rule.tiers:
            named = ", ".join(tier for tier in TIERS if tier in rule.tiers)
            text = f"the rule is for sources of tier {named} only, and this one's is {article.tier}"
            tier = Obstacle(kind="tier", text=text)
            yield _condition(f"sources of tier {named}", tier, holds=for_tier(rule, article))
        if rule.langs:
            named = ", ".join(rule.langs)
            text = f"the rule is for articles in {named} only, and this one is in {article.lang}"
            language = Obstacle(kind="language", text=text)
            yield _condition(f"articles in {named}", language, holds=for_language(rule, article))

    def _words(self, found: Iterable[Found]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit(self.page, one).text for one in list(found)[:SHOWN]))


def _condition(text: str, obstacle: Obstacle, *, holds: bool) -> Clause:
    return Clause(text=text, holds=holds, obstacles=() if holds else (obstacle,))
