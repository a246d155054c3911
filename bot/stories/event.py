"""Whether two articles, each in its own words, tell of one event.

Theory. Reports of one event name the same actors, things, figures and days, whatever words they choose; what their
headlines say stands in the other's text. Two events of one affair have the actors in common and little else: other
figures, another day, another product or country in the headline. So what both have counts by how much it tells, what
each headline has that the other text lacks counts against it, and no single trait decides. Official documents are
events of their own, so two of them are related at the most, however alike they are.

The answer is the same for (a, b) as for (b, a) and depends on nothing but the two articles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from .common import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.model import Neighbour, Traits

SAME = 0.6
RELATED = 0.35
WINDOW_OF_EVENTS = timedelta(hours=72)
LEAST_SHARED = 2  # keys of :func:`bot.stories.traits.keys` that two reports of one event have in common
_NAME, _WORD, _USUAL = 1.6, 1.0, 0.3  # what a term tells, by what it is
_HEADLINE = 1.5  # times as much, where it stands in a headline


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` 0…1 – from :data:`SAME` on one story, from :data:`RELATED` on related – and the reason in words."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one event, and what against it; all but ``shared`` and ``apart`` are 0…1 or small counts."""

    head: float  # of the weight of both heads, how much they share
    support: float  # of the less supported headline, how much the other text has
    title: float  # likeness of the headlines
    figures: int
    quotes: int
    references: int
    days: int  # 1 the same, -1 others, 0 unknown
    exchanged: float  # telling terms of each headline that the other text lacks: the lesser weight
    other_figures: bool
    announces: bool  # only one headline announces a change
    shared: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def compare(a: Traits, b: Traits) -> Verdict:
    """How likely two articles tell of one event."""
    found = evidence(a, b)
    score = _score(found)
    apart = _apart(a, b)
    if apart and score >= SAME:
        return Verdict(SAME - 0.01, f"{apart}; {_reason(found)}")
    return Verdict(round(score, 2), _reason(found))


def _apart(a: Traits, b: Traits) -> str | None:
    """Why these are related at the most, whatever they have in common."""
    if a.documents and b.documents and a.documents != b.documents:
        return "two official documents"
    if a.publisher != b.publisher:
        return None
    if a.official and b.official:
        return f"{a.publisher} published them as two documents"
    return f"{a.publisher} published both under one headline" if a.title and a.title == b.title else None


def evidence(a: Traits, b: Traits) -> Evidence:
    """The traits of two articles set against each other."""
    heads_a, heads_b = a.names | a.words, b.names | b.words
    shared = heads_a & heads_b
    weigh = _weigher(a, b)
    whole = math.sqrt(weigh(heads_a) * weigh(heads_b))
    lacking_a, lacking_b = a.headline - heads_b - b.later, b.headline - heads_a - a.later
    supported = [
        1 - weigh(lacking) / weigh(side.headline) for side, lacking in ((a, lacking_a), (b, lacking_b)) if side.headline
    ]
    return Evidence(
        head=weigh(shared) / whole if whole else 0.0,
        support=min(supported, default=0.0),
        title=_title(a.title, b.title),
        figures=len(a.figures & b.figures) + len({*a.numbers} & {*b.numbers}),
        quotes=len(a.quotes & b.quotes),
        references=len(a.references & b.references),
        days=0 if not (a.days and b.days) else (1 if a.days & b.days else -1),
        exchanged=min(_telling(lacking_a, a), _telling(lacking_b, b)),
        other_figures=bool(a.figures and b.figures and not a.figures & b.figures),
        announces=a.announces != b.announces,
        shared=tuple(sorted(shared - COMMON)),
        apart=tuple(sorted((lacking_a | lacking_b) - COMMON)),
    )


def _weigher(a: Traits, b: Traits):  # noqa: ANN202
    names, headline = a.names | b.names, a.headline | b.headline

    def weigh(terms: Iterable[str]) -> float:
        return sum(
            (_USUAL if term in COMMON else _NAME if term in names else _WORD) * (_HEADLINE if term in headline else 1.0)
            for term in terms
        )

    return weigh


def _telling(terms: Iterable[str], of: Traits) -> float:
    return sum(_NAME if term in of.names else _WORD for term in terms if term not in COMMON)


def _title(a: str, b: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.token_set_ratio(a, b) / 100 if a and b else 0.0


def _score(found: Evidence) -> float:
    z = (
        -4.2
        + 7.0 * found.head
        + 2.2 * found.support
        + 1.5 * found.title
        + 0.5 * min(found.figures, 3)
        + 1.2 * min(found.quotes, 2)
        + 0.8 * min(found.references, 2)
        + 0.5 * found.days
        - 0.5 * min(found.exchanged, 4)
        - 0.6 * found.other_figures
        - 0.8 * found.announces
    )
    return 1 / (1 + math.exp(-z))


def _reason(found: Evidence) -> str:
    return ", ".join(found.shared[:6])
