"""The matcher: rules in, then article by article the mentions out.

An article is folded once and scanned once for all terms of all rules. A rule is looked at only if one of its
anchor's terms occurred – the group of terms, of which every match must have one, that is met least. What the
presence of terms decides (:mod:`bot.match.gates`) needs no places; they are worked out for what is left, and for
the evidence of what is true.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.rules.anchors import by_length
from bot.rules.facts import primary

from .block import Block
from .evidence import mention
from .page import Page
from .reading import Reading
from .spans import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.model import Article, Mention, Rule
    from bot.rules.anchors import Cost

    from .gates import Gate
    from .tree import Compiled, Found


SETTLED = 10
"""One rule in so many may be compiled apart from the others before all are compiled anew."""


class Matcher:
    """All rules that are live together, compiled. Never changes; may be used by several threads.

    ``frequency`` is how often a term is met, as a share of the articles; without it the length of terms is a guess.
    Raises ``re2.error`` for a regular expression that the rules room would have refused.
    """

    def __init__(self, rules: Iterable[Rule], frequency: Cost | None = None, *, base: Block | None = None) -> None:
        self._rules = tuple(rules)
        self._ids = [rule.id for rule in self._rules]
        self._parts = _parts(self._rules, frequency or by_length, base)

    def updated(self, rules: Iterable[Rule], frequency: Cost | None = None) -> Matcher:
        """The matcher of these rules: what ``Matcher(rules, frequency)`` is, but sooner where few of them are new.

        Those with the hash that they have in this matcher stay compiled, the others are compiled apart from them.
        """
        return Matcher(rules, frequency, base=self._parts[0].block)

    def match(self, article: Article, on: date | None = None) -> list[Mention]:
        """The mentions of every rule that the article meets, in the order of the rules.

        ``on`` is today's date, by which expired rules are off; without it none expires. Aliases are
        valid by the article's own date.
        """
        page = Page(article)
        found: dict[int, Mention] = {}
        for part in self._parts:
            sight = _Sight(part.block, page)
            found.update((part.places[number], sight.mention(number)) for number in part.live(sight.held(on)))
        return [found[place] for place in sorted(found)]

    def matching(self, article: Article, on: date | None = None) -> list[str]:
        """The ids of the rules that the article meets, as :meth:`match` has them, without the evidence."""
        page = Page(article)
        found: list[int] = []
        for part in self._parts:
            found += part.placed(_Sight(part.block, page).held(on))
        found.sort()
        return [self._ids[place] for place in found]

    def mention(self, rule: Rule, article: Article) -> Mention | None:
        """The mention of one of the matcher's own rules, judged in full, by no date. Raises KeyError for any other."""
        for part in self._parts:
            number = part.block.number(rule)
            if number is not None and part.places[number] >= 0:
                sight = _Sight(part.block, Page(article))
                return sight.mention(number) if applies(rule, article, None) and sight.holds(number) else None
        raise KeyError(rule.id)

    def scan(self, article: Article) -> int:
        """Fold and scan an article, and leave it at that; how many different things were found (for measurements)."""
        page = Page(article)
        return sum(len(part.block.index.scan(page).seen) for part in self._parts)

    def read(self, article: Article) -> list[tuple[Reading, Compiled]]:
        """The article as it is matched, and every rule in order (for :func:`bot.match.explain`)."""
        page = Page(article)
        found: dict[int, tuple[Reading, Compiled]] = {}
        for part in self._parts:
            reading = _Sight(part.block, page).reading
            for number, place in enumerate(part.places):
                if place >= 0:
                    found[place] = reading, replace(part.block.compiled(number), rule=self._rules[place])
        return [found[place] for place in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Part:
    """A block, and the place of each of its rules among all; -1 if the rule is off."""

    block: Block
    places: Sequence[int]

    def live(self, numbers: Iterable[int]) -> Iterable[int]:
        """Those that are not off."""
        if isinstance(self.places, range):
            return numbers
        return [number for number in numbers if self.places[number] >= 0]

    def placed(self, numbers: Iterable[int]) -> Iterable[int]:
        """The places of those that are not off."""
        if isinstance(self.places, range):  # they are the numbers themselves
            return numbers
        return [place for place in map(self.places.__getitem__, numbers) if place >= 0]


def _parts(rules: Sequence[Rule], cost: Cost, base: Block | None) -> list[_Part]:
    """The rules of ``base`` that are still the same, and the others; or all anew if these are too many."""
    if base is not None:
        places, added = base.placed(rules)
        gone = len(base.rules) - (len(rules) - len(added))
        if SETTLED * (len(added) + gone) <= len(base.rules):
            others = [_Part(Block([rules[place] for place in added], cost), added)] if added else []
            return [_Part(base, places), *others]
    return [_Part(Block(rules, cost), range(len(rules)))]


class _Sight:
    """A page before the rules of a block."""

    def __init__(self, block: Block, page: Page) -> None:
        self._block = block
        self._page = page
        self._scan = block.index.scan(page)

    @cached_property
    def reading(self) -> Reading:
        """The page for rules that are judged in full."""
        return Reading(self._page, self._scan, self._block.index)

    def held(self, on: date | None) -> set[int]:
        """The numbers of the rules that hold."""
        seen = self._scan.seen
        held, candidates = self._block.presence(seen)
        near = []
        for number, gate, verdict in candidates:
            if gate.limited and not applies(self._block.rules[number], self._page.article, on):
                continue
            if gate.nearby:
                near.append((number, gate, verdict))
            elif verdict or self.holds(number):
                held.add(number)
        if near:
            held.update(self._near(near))
        return held

    def _near(self, candidates: Sequence[tuple[int, Gate, bool | None]]) -> Iterator[int]:
        """Those rules of which all is true that must be near each other, and the rest as well."""
        proximity = self._scan.proximity(pair for _, gate, _ in candidates for pair in gate.nearby)
        for number, gate, verdict in candidates:
            near = {proximity.near(pair, self._scan.seen) for pair in gate.nearby}
            if False not in near and ((verdict and None not in near) or self.holds(number)):
                yield number

    def holds(self, number: int) -> bool:
        """Whether a rule's expression is true, and often enough, judged in full."""
        compiled = self._block.compiled(number)
        found = compiled.tree.hold(self.reading.view(compiled))
        return found is not None and enough(compiled, found)

    def mention(self, number: int) -> Mention:
        """The evidence for a rule that holds."""
        compiled = self._block.compiled(number)
        return mention(compiled, self.reading, self.reading.occurrences(compiled) or ())


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
