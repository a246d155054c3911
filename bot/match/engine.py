"""The matcher: rules in, then article by article the mentions out.

An article is folded once and scanned once for all terms of all rules. A rule is looked at only if one of
its anchor's terms occurred – the group of terms, of which every match must have one, that is met least –
so most rules cost an article nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.facts import primary

from .evidence import mention
from .index import Index
from .page import Page
from .reading import Reading
from .spans import distinct
from .tree import Compiled, Compiler

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.model import Article, Mention, Rule

    from .page import Span
    from .tree import Found


class Matcher:
    """All rules that are live together, compiled. Never changes; may be used by several threads.

    Raises ``re2.error`` for a regular expression that the rules room would have refused.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._index, self._authors = Index(), Index()
        compiler = Compiler(self._index, self._authors)
        self._rules = [compiler.compile(rule) for rule in rules]
        self._anchored: dict[int, list[int]] = {}
        self._always: list[int] = []
        for number, compiled in enumerate(self._rules):
            if compiled.anchor is None:
                self._always.append(number)
            for leaf in compiled.anchor or ():
                self._anchored.setdefault(leaf, []).append(number)
        self._index.build()
        self._authors.build()

    def match(self, article: Article, on: date | None = None) -> list[Mention]:
        """The mentions of every rule that the article meets, in the order of the rules.

        ``on`` is today's date, by which expired rules are off; without it none expires. Aliases are
        valid by the article's own date.
        """
        reading, found = self._read(article)
        tried = {number for leaf in found if leaf in self._anchored for number in self._anchored[leaf]}
        tried.update(self._always)
        mentions = []
        for number in sorted(tried):
            compiled = self._rules[number]
            if not applies(compiled.rule, article, on):
                continue
            occurrences = reading.occurrences(compiled)
            if occurrences is not None and enough(compiled, occurrences):
                mentions.append(mention(compiled, reading, occurrences))
        return mentions

    def _read(self, article: Article) -> tuple[Reading, dict[int, list[Span]]]:
        page = Page(article)
        found = self._index.scan(page)
        return Reading(page, found, self._authors), found

    def read(self, article: Article) -> tuple[Reading, Sequence[Compiled]]:
        """The article as it is matched, and all rules (for :func:`bot.match.explain`)."""
        return self._read(article)[0], self._rules


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
