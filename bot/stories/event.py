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
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.text import has_run_script

from .common import ACTS, COMMON, COUNTRIES, is_usual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.model import Traits

SAME = 0.6
RELATED = 0.35
WINDOW_OF_EVENTS = timedelta(hours=72)
LEAST_SHARED = 2  # keys of :func:`bot.stories.traits.keys` that two reports of one event have in common
NEARLY = 0.75  # of the weight of two heads: one publisher says it again because it is not the same
_NAME, _WORD, _USUAL = 1.6, 1.0, 0.3  # what a term tells, by what it is
_TERMS = ("headline", "names", "words", "later")
_HEADLINE = 1.5  # times as much, where it stands in a headline


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` 0…1 – from :data:`SAME` on one story, from :data:`RELATED` on related – and the reason in words."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one event, and what against it; shares are 0…1, weights about 1 a telling word."""

    head: float  # of the weight of both heads, how much they share
    whole: float  # the same of all that was read
    support: float  # of the headline that is less so, how much the other text bears out
    best: float  # of the other one
    title: float  # likeness of the headlines
    figures: float  # weight of the figures in both
    quotes: int
    references: int
    days: int  # 1 the same, -1 others, 0 unknown
    other_names: float  # names of each headline that the other text lacks: the lesser weight
    other_words: float  # the same of words
    other_figures: bool
    announces: bool  # only one headline announces a change
    acts: int  # what one headline says is done, of which the other text knows nothing
    other_references: bool  # both name official numbers of a kind, and none is the same
    exchanged: float  # what stands for something else in texts that are nearly the same
    apart_by: float  # days between them
    shared: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def compare(a: Traits, b: Traits, gap: timedelta = timedelta()) -> Verdict:
    """How likely two articles tell of one event that were published ``gap`` apart."""
    found = evidence(a, b, gap)
    score = _score(found)
    apart = _apart(a, b, found.head)
    if apart and score >= SAME:
        return Verdict(SAME - 0.01, f"{apart}; {_reason(found)}")
    return Verdict(round(score, 2), _reason(found))


def _apart(a: Traits, b: Traits, head: float) -> str | None:
    """Why these are related at the most, whatever they have in common."""
    if a.gathers or b.gathers:
        return "one of them gathers many events or looks back"
    if a.documents and b.documents and a.documents != b.documents:
        return "two official documents"
    if a.publisher != b.publisher:
        return None
    if a.official and b.official:
        return f"{a.publisher} published them as two documents"
    if head >= NEARLY or (a.title and a.title == b.title):
        return f"{a.publisher} published both in nearly the same words"
    return None


def evidence(a: Traits, b: Traits, gap: timedelta = timedelta()) -> Evidence:
    """The traits of two articles set against each other."""
    a, b = _comparable(a, b), _comparable(b, a)
    heads_a, heads_b = a.names | a.words, b.names | b.words
    shared = heads_a & heads_b
    weigh = _weigher(a, b)
    all_a, all_b = heads_a | a.later, heads_b | b.later
    lacking_a, lacking_b = a.headline - all_b, b.headline - all_a
    supported = [
        1 - weigh(lacking) / weigh(side.headline) for side, lacking in ((a, lacking_a), (b, lacking_b)) if side.headline
    ]
    head = _cosine(weigh(shared), weigh(heads_a), weigh(heads_b))
    others = [_other(side, lacking) for side, lacking in ((a, lacking_a), (b, lacking_b))]
    names, words = min(others[0][0], others[1][0]), min(others[0][1], others[1][1])
    return Evidence(
        head=head,
        whole=_cosine(weigh(all_a & all_b), weigh(all_a), weigh(all_b)),
        support=min(supported, default=0.0),
        best=max(supported, default=0.0),
        title=_title(a.title, b.title),
        figures=sum(map(_exact, a.figures & b.figures)) + sum(0.5 * _exact(n) for n in a.numbers & b.numbers),
        quotes=len(a.quotes & b.quotes),
        references=len(a.references & b.references),
        days=0 if not (a.days and b.days) else (1 if a.days & b.days else -1),
        other_names=names,
        other_words=words,
        other_figures=bool(a.figures and b.figures and not a.figures & b.figures),
        announces=a.announces != b.announces,
        acts=len(_acts(lacking_a) - _acts(all_b)) + len(_acts(lacking_b) - _acts(all_a)),
        other_references=_conflict(a.references, b.references),
        exchanged=2 * max(0.0, head - 0.5) * (names + words),
        apart_by=abs(gap) / timedelta(days=1),
        shared=tuple(sorted(term for term in shared if not is_usual(term))),
        apart=tuple(sorted((lacking_a | lacking_b) - COMMON)),
    )


def _other(side: Traits, lacking: frozenset[str]) -> tuple[int, int]:
    """Telling names and words of a headline that the other text lacks."""
    telling = lacking - COMMON | (lacking & COUNTRIES)
    names = {term for term in telling if term in side.names or term in COUNTRIES or term[0].isdigit()}
    return len(names), len(telling - names)


def _acts(terms: Iterable[str]) -> set[int]:
    return {ACTS[term] for term in terms if term in ACTS}


def _conflict(a: frozenset[str], b: frozenset[str]) -> bool:
    kinds = {each.split()[0] for each in a} & {each.split()[0] for each in b}
    return any(not {each for each in a & b if each.split()[0] == kind} for kind in kinds)


def _comparable(a: Traits, b: Traits) -> Traits:
    """The traits without the terms of a script that the other article does not use."""
    if not any(map(_is_run, a.headline)) or any(map(_is_run, b.headline | b.words)):
        return a
    sets = {name: frozenset(each for each in getattr(a, name) if not _is_run(each)) for name in _TERMS}
    return replace(a, title="", **sets)


def _is_run(term: str) -> bool:
    return not term.isascii() and has_run_script(term)


def _cosine(shared: float, one: float, other: float) -> float:
    return shared / math.sqrt(one * other) if one and other else 0.0


def _weigher(a: Traits, b: Traits) -> Callable[[Iterable[str]], float]:
    names, headline = a.names | b.names, a.headline | b.headline

    def weigh(terms: Iterable[str]) -> float:
        return sum(
            (_USUAL if is_usual(term) else _NAME if term in names else _WORD) * (_HEADLINE if term in headline else 1.0)
            for term in terms
        )

    return weigh


def _exact(figure: str) -> float:
    """What a figure tells: "8.8 %" is hardly named by chance, "25 %" or "3" may be."""
    value = figure.split()[0]
    return 1.0 if len(value.replace(".", "").strip("0")) > 1 and ("." in value or len(value) > 2) else 0.6


def _title(a: str, b: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.token_set_ratio(a, b) / 100 if a and b else 0.0


def _score(found: Evidence) -> float:
    z = (
        -1.8
        + 4.5 * found.head
        + 2.6 * found.whole
        + 1.0 * found.support
        + 1.4 * found.best
        + 0.6 * found.title
        + 0.9 * min(found.figures, 4)
        + 1.2 * min(found.quotes, 2)
        + 0.8 * min(found.references, 2)
        + 0.7 * found.days
        - 0.4 * min(found.other_names, 3)
        - 0.15 * min(found.other_words, 4)
        - 0.6 * found.other_figures
        - 0.4 * found.announces
        - (0.5 + 5.0 * max(0.0, found.support - 0.5)) * min(found.acts, 2)
        - 2.0 * found.other_references
        - 3.0 * min(found.exchanged, 2)
        - 1.6 * found.apart_by
    )
    return 1 / (1 + math.exp(-z))


def _reason(found: Evidence) -> str:
    return ", ".join(found.shared[:6])
