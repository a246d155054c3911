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

from bot.model import Glance
from bot.model.words import plural

from .common import COMMON
from .evidence import evidence, side

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import Traits

    from .evidence import Evidence, Side

SAME = 0.6
CERTAIN = 0.8  # from which on articles are one story that may be months apart, for all that is known
RELATED = 0.3
WINDOW_OF_EVENTS = timedelta(hours=72)
LEAST_SHARED = 2  # keys of :func:`bot.stories.traits.keys` that two reports of one event have in common
FAR = 0.08  # of the telling terms of two heads: less is chance
_FEW_OF = FAR**2
FEW = 2  # telling words in both heads, where neither a name nor a figure is
ALIKE = 0.99  # headlines that say the same in another order
NEARLY = 0.75  # of the weight of two heads: one publisher says it again because it is not the same


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` 0…1 – from :data:`SAME` on one story, from :data:`RELATED` on related – and the reason in words."""

    score: float
    reason: str


def compare(
    a: Traits,
    b: Traits,
    gap: timedelta = timedelta(),
    *,
    mine: Side | None = None,
    told: frozenset[str] | None = None,
) -> Verdict:
    """How likely two articles tell of one event that were published ``gap`` apart.

    ``mine`` is the first made ready, and ``told`` what :func:`telling` says of it, for who sets it beside many others.
    """
    mine, other = mine or side(a), side(b)
    if _is_far(a, telling(a) if told is None else told, _glance(other)):
        return Verdict(0.0, "little in common")
    found = evidence(mine, other, gap)
    score = round(_score(found), 2)
    apart = _apart(a, b, found.head) or _too_little(found)
    if not apart and score < CERTAIN and not (a.dated and b.dated):
        apart = "not certain enough where a date is missing"
    if apart and score >= SAME:
        return Verdict(SAME - 0.01, f"{apart}; {_reason(found)}")
    return Verdict(score, _reason(found))


def resembles(a: Traits) -> Callable[[Glance], bool]:
    """Whether another article has so much in common with ``a`` that the two have to be compared."""
    told = telling(a)
    return lambda b: not _is_far(a, told, b)


def telling(traits: Traits) -> frozenset[str]:
    """The names and words of an article's head that not all news have."""
    return (traits.names | traits.words) - COMMON


def _glance(side: Side) -> Glance:
    own = side.traits
    return Glance(
        head=side.heads, figures=own.figures, numbers=own.numbers, quotes=own.quotes, references=own.references
    )


def _is_far(a: Traits, told: frozenset[str], b: Glance) -> bool:
    """Whether so little is shared that nothing has to be weighed: most neighbours share a word or two by chance."""
    shared, number = len(told.intersection(b.head)) ** 2, len(b.head)
    # What has enough of all terms has enough of the telling ones, which are fewer: most often they need no counting.
    if shared >= _FEW_OF * len(told) * number:
        return False
    if shared >= _FEW_OF * len(told) * (number - len(COMMON.intersection(b.head))):
        return False
    disjoint = a.figures.isdisjoint(b.figures) and a.numbers.isdisjoint(b.numbers)
    return disjoint and a.quotes.isdisjoint(b.quotes) and a.references.isdisjoint(b.references)


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


def _too_little(found: Evidence) -> str | None:
    """A few words in common are most of what two short texts have, and still may be chance."""
    if found.same_figures or found.quotes or found.references or found.title >= ALIKE:
        return None
    # One name says who it is about; where each headline has a word of its own, that is not yet what happened.
    firm = len(found.both) > (1 if found.other_names + found.other_words else 0)
    return None if firm or len(found.shared) > FEW - (not found.both) else "too few words to tell"


def _score(found: Evidence) -> float:
    """The weights are a logistic regression's over all labelled pairs of tests/replay, rounded.

    There a pair of two events counts four times, for a false merge is worse than a miss, and no weight may have the
    sign that its trait has not by the theory above. Traits that told nothing beside the others – official numbers in
    common among them, which bring articles here in the first place – have none.
    """
    z = (
        -0.3
        + 1.75 * found.head
        + 1.35 * found.support
        + 1.4 * found.best
        + 2.25 * min(found.figures, 4)
        + 1.2 * min(found.quotes, 2)
        + 0.55 * found.days
        - 0.55 * (not found.both)
        - 0.4 * found.strangers
        - 1.35 * min(found.other_names, 3)
        - 1.1 * (found.other_values and found.other_names + found.other_words > 0)
        - (0.2 + 3.5 * max(0.0, found.support - 0.5)) * min(found.acts, 2)
        - 1.9 * found.other_references
        - 3.3 * min(found.exchanged, 2)
        - 0.95 * min(found.reframed, 3)
        - 2.8 * found.apart_by
    )
    return 1 / (1 + math.exp(-z))


def _reason(found: Evidence) -> str:
    """What speaks for one event, the strongest first, and what speaks against it."""
    said = [f"both name {', '.join(name.capitalize() for name in found.both[:4])}"] if found.both else []
    said += [f"{len(found.shared)} telling words in common"] if found.shared else []
    said += [f"the same figures ({', '.join(found.same_figures[:3])})"] if found.same_figures else []
    said += [f"{plural(found.quotes, 'quoted passage')} in both"] if found.quotes else []
    said += ["the same official numbers"] if found.references else []
    said += ["the same day"] if found.days > 0 else []
    doubts = ["other official numbers"] if found.other_references else []
    doubts += ["other days"] if found.days < 0 else []
    doubts += ["other figures"] if found.other_values else []
    doubts += ["another act in the headline"] if found.acts else []
    doubts += [f"{found.apart_by:.0f} days apart"] if found.apart_by >= 1.5 else []
    return "; but ".join(", ".join(each) for each in (said or ["little in common"], doubts) if each)
