"""The matcher: rules in, then article by article the mentions out.

An article is folded once and scanned once for all terms of all rules. A rule is looked at only if one of its
anchor's terms occurred – the group of terms, of which every match must have one, that is met least. What the
presence of terms decides (:mod:`bot.match.gates`) needs no places; they are worked out for what is left, and for
the evidence of what is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.anchors import by_length

from .block import Block
from .evidence import mention
from .page import Page
from .reading import Reading, primary
from .spans import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.model import Article, Mention, Rule
    from bot.rules.anchors import Cost

    from .tree import Compiled, Found


class Matcher:
    """All rules that are live together, compiled. Never changes; may be used by several threads.

    ``frequency`` is how often a term is met, as a share of the articles; without it the length of terms is a guess.
    Raises ``re2.error`` for a regular expression that the rules room would have refused.
    """

    def __init__(self, rules: Iterable[Rule], frequency: Cost | None = None) -> None:
        self._rules = tuple(rules)
        self._cost = frequency or by_length
        self._base = Block(self._rules, self._cost)

    def match(self, article: Article, on: date | None = None) -> list[Mention]:
        """The mentions of every rule that the article meets, in the order of the rules.

        ``on`` is today's date, by which expired rules are off; without it none expires. Aliases are
        valid by the article's own date.
        """
        page = Page(article)
        reading = _Sight(self._base, page)
        return [reading.mention(number) for number in reading.held(article, on)]

    def matching(self, article: Article, on: date | None = None) -> list[str]:
        """The ids of the rules that the article meets, as :meth:`match` has them, without the evidence."""
        page = Page(article)
        return [self._rules[number].id for number in _Sight(self._base, page).held(article, on)]

    def scan(self, article: Article) -> int:
        """Fold and scan an article, and leave it at that; the number of hits (for measurements)."""
        return len(self._base.index.scan(Page(article)).seen)

    def read(self, article: Article) -> tuple[Reading, Sequence[Compiled]]:
        """The article as it is matched, and all rules (for :func:`bot.match.explain`)."""
        page = Page(article)
        sight = _Sight(self._base, page)
        return sight.reading, [self._base.compiled(n) for n in range(len(self._rules))]


class _Sight:
    def __init__(self, block: Block, page: Page) -> None:
        self._block = block
        self._scan = block.index.scan(page)
        self.reading = Reading(page, self._scan, block.index)

    def held(self, article: Article, on: date | None) -> list[int]:
        """The numbers of the block's rules that hold, in order."""
        seen, gate_of = self._scan.seen, self._block.gate
        held = []
        for number in self._block.candidates(seen):
            gate = gate_of(number)
            if gate is None:
                held.append(number)
                continue
            verdict = gate.verdict(seen)
            if verdict is False or (gate.limited and not applies(self._block.rules[number], article, on)):
                continue
            if verdict or self._occurrences(number) is not None:
                held.append(number)
        held.sort()
        return held

    def _occurrences(self, number: int) -> list[Found] | None:
        compiled = self._block.compiled(number)
        found = self.reading.occurrences(compiled)
        return found if found is not None and enough(compiled, found) else None

    def mention(self, number: int) -> Mention:
        return mention(self._block.compiled(number), self.reading.page, self._occurrences(number) or ())


def applies(rule: Rule, article: Article, on: date | None) -> bool:
    """Whether the rule is on, and meant for articles of this tier and language.

    An article whose language is unknown is meant by every rule; of "en-US" only "en" is looked at.
    """
    return not expired(rule, on) and for_tier(rule, article) and for_language(rule, article)


def expired(rule: Rule, on: date | None) -> bool:
    """Whether the rule's last day is over."""
    return rule.until is not None and on is not None and on > rule.until


def for_tier(rule: Rule, article: Article) -> bool:
    """Whether the rule is meant for sources of this tier."""
    return not rule.tiers or article.tier in rule.tiers


def for_language(rule: Rule, article: Article) -> bool:
    """Whether the rule is meant for this language."""
    return not (rule.langs and article.lang) or primary(article.lang or "") in map(primary, rule.langs)


def enough(compiled: Compiled, occurrences: Sequence[Found]) -> bool:
    """Whether ``min_hits`` is reached, overlapping hits counted once."""
    wanted = compiled.rule.min_hits
    return wanted <= 1 or distinct((start, end) for _, start, end in occurrences) >= wanted
