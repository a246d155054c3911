"""What two articles have in common, and what each has that the other lacks.

Terms are weighed by what they tell: a name more than a word, a word more than one that news always use, and all of
them more in a headline.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.text import has_run_script

from .common import ACTS, COMMON, COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Traits

_NAME, _WORD, _USUAL = 1.6, 1.0, 0.3  # what a term tells, by what it is
NAMES = 2  # telling names in each of two heads, none of which is the same: they speak of others
_DIGITS = re.compile(r"\d(?<=\|.)[^|]*")  # terms that begin with one, among terms each behind a bar
KEPT = 1_500  # articles that are kept ready
_ACTING = frozenset(ACTS)
_HEADLINE = 1.5  # times as much, where it stands in a headline


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one event, and what against it; shares are 0…1, weights about 1 a telling word."""

    head: float  # of the weight of both heads, how much they share
    support: float  # of the headline that is less so, how much the other text bears out
    best: float  # of the other one
    title: float  # likeness of the headlines
    figures: float  # weight of the figures in both
    quotes: int
    references: int
    days: int  # 1 the same, -1 others, 0 unknown
    other_names: float  # names of each headline that the other text lacks: the lesser weight
    other_words: float  # the same of words
    acts: int  # what one headline says is done, of which the other text knows nothing
    other_references: bool  # both name official numbers of a kind, and none is the same
    exchanged: float  # what stands for something else in texts that are nearly the same
    reframed: float  # what stands for something else in headlines that are built alike
    other_values: bool  # figures of one unit, and none is the same
    apart_by: float  # days between them
    strangers: bool = False  # both name somebody or something, and nobody and nothing is the same
    both: tuple[str, ...] = ()  # telling names in both heads
    shared: tuple[str, ...] = ()  # all telling terms in both heads
    same_figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """The traits of an article with what each comparison needs of them, so that it is worked out once."""

    traits: Traits
    heads: frozenset[str]
    whole: frozenset[str]
    usual: frozenset[str]  # of the whole and the headline

    @classmethod
    def of(cls, traits: Traits) -> Side:
        """Make an article's traits ready to be compared."""
        heads = traits.names | traits.words
        whole = heads | traits.later
        terms = whole | traits.headline
        digits = _DIGITS.findall("|".join(("", *terms)))
        return cls(traits, heads, whole, COMMON.intersection(terms).union(digits))  # as is_usual() says


@lru_cache(maxsize=KEPT)
def side(traits: Traits) -> Side:
    """An article's traits made ready; the reports of one event are compared again and again."""
    return Side.of(traits)


def evidence(one: Side, other: Side, gap: timedelta = timedelta()) -> Evidence:
    """Two articles set against each other that were published ``gap`` apart."""
    one, other = _comparable(one, other), _comparable(other, one)
    a, b = one.traits, other.traits
    heads_a, heads_b, all_a, all_b = one.heads, other.heads, one.whole, other.whole
    shared = heads_a & heads_b
    scales = _Scales.of(one, other)
    weigh, usual = scales.weigh, scales.usual
    lacking_a, lacking_b = a.headline - all_b, b.headline - all_a
    supported = [
        1 - (weigh(lacking) / weigh(side.headline) if lacking else 0.0)
        for side, lacking in ((a, lacking_a), (b, lacking_b))
        if side.headline
    ]
    title = _title(a.title, b.title)
    head = _cosine(weigh(shared), weigh(heads_a), weigh(heads_b))
    others = [_other(side, lacking) for side, lacking in ((a, lacking_a), (b, lacking_b))]
    names, words = min(others[0][0], others[1][0]), min(others[0][1], others[1][1])
    both = (shared & (a.names | b.names)) - usual
    return Evidence(
        head=head,
        support=min(supported, default=0.0),
        best=max(supported, default=0.0),
        title=title,
        figures=sum(map(_exact, a.figures & b.figures)) + sum(0.5 * _exact(n) for n in a.numbers & b.numbers),
        quotes=len(a.quotes & b.quotes),
        references=len(a.references & b.references),
        days=0 if not (a.days and b.days) else (1 if a.days & b.days else -1),
        other_names=names,
        other_words=words,
        acts=_other_acts(lacking_a, all_b) + _other_acts(lacking_b, all_a),
        other_references=_conflict(a.references, b.references),
        exchanged=2 * max(0.0, head - 0.5) * (names + words),
        reframed=2 * max(0.0, title - 0.5) * (names + words),
        other_values=_conflict(_units(a.figures), _units(b.figures)),
        apart_by=abs(gap) / timedelta(days=1),
        strangers=not both and min(len(a.names - usual), len(b.names - usual)) >= NAMES,
        both=tuple(sorted(both)),
        shared=tuple(sorted(shared - usual)),
        same_figures=tuple(sorted(a.figures & b.figures)),
    )


def _other(side: Traits, lacking: frozenset[str]) -> tuple[int, int]:
    """Telling names and words of a headline that the other text lacks."""
    telling = lacking - COMMON | (lacking & COUNTRIES)
    names = {term for term in telling if term in side.names or term in COUNTRIES or term[0].isdigit()}
    return len(names), len(telling - names)


def _other_acts(lacking: frozenset[str], text: frozenset[str]) -> int:
    """How many acts a headline speaks of of which the other text knows nothing."""
    acts = _acts(lacking)
    return len(acts - _acts(text)) if acts else 0


def _acts(terms: Iterable[str]) -> set[int]:
    return {ACTS[term] for term in _ACTING.intersection(terms)}


def _conflict(a: frozenset[str], b: frozenset[str]) -> bool:
    kinds = {each.split()[0] for each in a} & {each.split()[0] for each in b}
    return any(not {each for each in a & b if each.split()[0] == kind} for kind in kinds)


def _units(figures: frozenset[str]) -> frozenset[str]:
    """Figures as references are: the unit first."""
    return frozenset(f"{unit or '-'} {value}" for value, _, unit in (each.partition(" ") for each in figures))


def _comparable(one: Side, other: Side) -> Side:
    """The traits without the terms of a script that the other article does not use."""
    a, b = one.traits, other.traits
    if not any(map(_is_run, a.headline)) or any(map(_is_run, b.headline | b.words)):
        return one
    return Side.of(
        replace(
            a,
            title="",
            headline=_spaced(a.headline),
            names=_spaced(a.names),
            words=_spaced(a.words),
            later=_spaced(a.later),
        )
    )


def _spaced(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms if not _is_run(term))


def _is_run(term: str) -> bool:
    return not term.isascii() and has_run_script(term)


def _cosine(shared: float, one: float, other: float) -> float:
    return shared / math.sqrt(one * other) if one and other else 0.0


@dataclass(frozen=True, slots=True)
class _Scales:
    """What terms of two articles weigh. Sets are counted rather than gone through: this is done most of all."""

    usual: frozenset[str]
    names: frozenset[str]
    headline: frozenset[str]

    @classmethod
    def of(cls, one: Side, other: Side) -> _Scales:
        a, b, usual = one.traits, other.traits, one.usual | other.usual
        return cls(usual, (a.names | b.names) - usual, a.headline | b.headline)

    def weigh(self, terms: frozenset[str]) -> float:
        """The weight of a set of terms."""
        return self._plain(terms) + (_HEADLINE - 1) * self._plain(terms & self.headline)

    def _plain(self, terms: frozenset[str]) -> float:
        few, named = len(terms & self.usual), len(terms & self.names)
        return _USUAL * few + _NAME * named + _WORD * (len(terms) - few - named)


def _exact(figure: str) -> float:
    """What a figure tells: "8.8 %" is hardly named by chance, "25 %" or "3" may be."""
    value = figure.split(maxsplit=1)[0]
    return 1.0 if len(value.replace(".", "").strip("0")) > 1 and ("." in value or len(value) > 2) else 0.6


def _title(a: str, b: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.token_set_ratio(a, b) / 100 if a and b else 0.0
