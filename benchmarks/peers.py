"""What the matcher is measured against: what peers have in common, and one regular expression for each keyword."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from rulebook import has_near

from bot.match import forms
from bot.model import AllOf, AnyOf, Near, Not, Term
from bot.text import fold, word_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bot.model import Expr, Rule

_Result = TypeVar("_Result")
# Regular expressions: rules at most, and rules times articles at most.
_CHUNK, _SEARCHED = 1_000, 30_000


@dataclass
class Column:
    """One engine's figures: microseconds of each article, and the rules that each article met."""

    name: str
    times: list[float] = field(default_factory=list)
    build: float | None = None
    found: list[set[str]] = field(default_factory=list)
    scale: float = 1.0
    """Times were measured with a share of the rules and multiplied by this; 1 if they were not."""
    batched: bool = False
    """The articles of a batch wait for each other: their times are a mean."""
    missing: str = ""
    """The package that is not installed."""


class Peer(Protocol):
    """An engine with rules in it."""

    def meets(self, texts: Sequence[str]) -> list[set[str]]:
        """The ids of the rules that each text meets."""


def clock(call: Callable[[], _Result]) -> tuple[float, _Result]:
    """Seconds of a call, and what it gave."""
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def best(call: Callable[[Any], _Result], inputs: Sequence[Any], rounds: int) -> tuple[list[float], list[_Result]]:
    """Microseconds of a call for each input, the best of the rounds over all of them, and what it gave."""
    return in_turn((call,), inputs, rounds)[0]


def in_turn(
    calls: Sequence[Callable[[Any], Any]], inputs: Sequence[Any], rounds: int
) -> list[tuple[list[float], list[Any]]]:
    """The same for several calls that take turns, so that each finds the caches as the others leave them.

    No two turns in a row have the same input.
    """
    shift = len(inputs) // len(calls)
    taken: list[list[float]] = [[math.inf] * len(inputs) for _ in calls]
    given: list[dict[int, Any]] = [{} for _ in calls]
    for _ in range(rounds):
        for turn in range(len(inputs)):
            for number, call in enumerate(calls):
                place = (turn + number * shift) % len(inputs)
                seconds, result = clock(partial(call, inputs[place]))
                taken[number][place] = min(taken[number][place], seconds * 1e6)
                given[number].setdefault(place, result)
    return [(times, [found[place] for place in sorted(found)]) for times, found in zip(taken, given, strict=True)]


def one_by_one(column: Column, peer: Peer, texts: Sequence[str], rounds: int) -> Column:
    """The column with the times and matches of texts that are put to the peer singly."""
    times, found = best(lambda text: peer.meets([text])[0], texts, rounds)
    column.times, column.found = [time * column.scale for time in times], found
    return column


_WORDS = re.compile(r"[^\W_]+")


def bare(text: str) -> str:
    """Folded words with a blank between them: what engines see that know no punctuation."""
    return " ".join(_WORDS.findall(fold(text)))


@dataclass(frozen=True)
class Differences:
    """Mentions in so many articles, and how many of them only one of two engines found."""

    articles: int
    of: int
    wrong: int
    looser: int
    """Mentions that only the peer found because it does not ask how near words are."""

    def __str__(self) -> str:
        also = f" (+{self.looser:,} for want of NEAR)" if self.looser else ""
        return f"{self.wrong:,} of {self.of:,}{also}"


def compare(ours: Sequence[set[str]], theirs: Sequence[set[str]], loose: AbstractSet[str] = frozenset()) -> Differences:
    """Count them over the articles that both have seen. Of ``loose`` rules the peer may find more."""
    articles = of = wrong = looser = 0
    for mine, other in zip(ours, theirs, strict=False):
        more = (other - mine) & loose
        articles, of, looser = articles + 1, of + len(mine | other) - len(more), looser + len(more)
        wrong += len((mine ^ other) - more)
    return Differences(articles, of, wrong, looser)


def near_rules(rules: Iterable[Rule]) -> frozenset[str]:
    """The ids of those that ask for two things near each other."""
    return frozenset(rule.id for rule in rules if has_near(rule.expr))


# ── one regular expression for each keyword ──────────────────────────────────────────────────────


class Naive:
    """The obvious way: a pattern for each keyword, search after search. Sees the article as it was published."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [(rule.id, _compiled(rule.expr)) for rule in rules]

    def meets(self, texts: Sequence[str]) -> list[set[str]]:
        """See :class:`Peer`."""
        return [{number for number, holds in self._rules if holds(text)} for text in texts]


def _compiled(expr: Expr) -> Callable[[str], bool]:
    if isinstance(expr, Term):
        search = _pattern(expr).search
        return lambda text: search(text) is not None
    if isinstance(expr, Not):
        unwanted = _compiled(expr.part)
        return lambda text: not unwanted(text)
    if isinstance(expr, Near):
        return _near(expr)
    assert isinstance(expr, (AnyOf, AllOf))
    parts = [_compiled(part) for part in expr.parts]
    joined = any if isinstance(expr, AnyOf) else all
    return lambda text: joined(holds(text) for holds in parts)


def _pattern(term: Term) -> re.Pattern[str]:
    """The keyword with its plural and 's, a hyphen being as good as a blank."""
    written = "|".join(_spelled(form) for form in sorted(forms(term), key=len, reverse=True))
    return re.compile(rf"(?i)\b(?:{written})\b")


def _spelled(form: str) -> str:
    escaped = "[ -]+".join(re.escape(word) for word in form.split())
    return escaped.replace(r"\*", r"\w*").replace("'", "['’]")


def _near(expr: Near) -> Callable[[str], bool]:
    left, right = _patterns(expr.left), _patterns(expr.right)

    def holds(text: str) -> bool:
        ones = [found.span() for pattern in left for found in pattern.finditer(text)]
        others = [found.span() for pattern in right for found in pattern.finditer(text)] if ones else []
        if not others:
            return False
        starts = word_starts(text.lower())
        return any(_close(text, starts, *sorted((one, other)), expr.within) for one in ones for other in others)

    return holds


def _patterns(expr: Expr) -> list[re.Pattern[str]]:
    return [_pattern(term) for term in _terms(expr)]


def _terms(expr: Expr) -> Iterator[Term]:
    if isinstance(expr, Term):
        yield expr
    else:
        assert isinstance(expr, AnyOf)
        for part in expr.parts:
            yield from _terms(part)


def _close(text: str, starts: list[int], first: tuple[int, int], second: tuple[int, int], words: int) -> bool:
    between = sum(first[1] <= start < second[0] for start in starts)
    return first[1] <= second[0] and "\n" not in text[first[1] : second[0]] and between <= words


def measure_naive(rules: Sequence[Rule], texts: Sequence[str], rounds: int) -> Column:
    """Regular expressions over as many articles as some seconds a round allow."""
    few = rules[:_CHUNK]
    build, peer = clock(lambda: Naive(few))
    column = Column("naive re", scale=len(rules) / len(few), build=build * len(rules) / len(few))
    return one_by_one(column, peer, texts[: max(3, _SEARCHED // len(few))], rounds)
