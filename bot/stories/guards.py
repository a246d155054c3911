"""What forbids to call two articles copies, however many of their words they share.

A copy leaves out or adds; it does not *exchange* one fact for another. Official notices are written from
templates: two of them may differ in a date, a number, a country or a product alone, and it is just this that
makes them two pieces of news. So a changed figure, name, negation, ordinal or month, a document number of its
own, or a headline that announces a correction keeps two articles apart. Every guard answers with its reason,
or with None, and the same for (a, b) as for (b, a).
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.extract import figures
from bot.text import cut

from .common import COMMON, COUNTRIES, stem
from .vocabulary import EMPTY_WORDS, NEGATIONS, SPELLED_OUT, STYLE, TURNS, same_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.extract import Reference

    from .align import Spot
    from .reading import Reading

WORDS_PER_EXCHANGE = 100  # one exchanged word that says nothing by itself is let pass in so many
LONG = 100  # words of a body that bears out its own headline
DAY = timedelta(days=1)
SHOWN = 60  # characters of each side of a change that a reason quotes
ALIKE = 0.5  # headlines that share so much of their words are two versions of one


def forbids(a: Reading, b: Reading) -> str | None:
    """The reason why these two are different news, judged without setting their bodies side by side."""
    return _references(a, b) or _updates(a, b) or _headlines(a, b) or _published_again(a, b)


def _published_again(a: Reading, b: Reading) -> str | None:
    """One publisher gives two pages to it: a notice that comes every week, or a rewritten report."""
    if not a.host or a.host != b.host or a.url == b.url:
        return None
    same_day = a.at is not None and b.at is not None and abs(a.at - b.at) <= DAY
    if same_day and a.headline == b.headline and a.body.folded == b.body.folded:
        return None
    return f"{a.host} publishes them as two"


def _references(a: Reading, b: Reading) -> str | None:
    if a.documents and b.documents and a.documents != b.documents:
        return "different documents: " + " and ".join(sorted(a.documents | b.documents))
    mine, theirs = _by_kind(a.references), _by_kind(b.references)
    for kind in sorted(mine.keys() & theirs.keys()):
        if mine[kind] - theirs[kind] and theirs[kind] - mine[kind]:
            return "different references: " + " and ".join(sorted(mine[kind] ^ theirs[kind])[:2])
    return None


def _by_kind(found: Iterable[Reference]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for reference in found:
        kinds.setdefault(reference.kind, set()).add(reference.value)
    return kinds


def _updates(a: Reading, b: Reading) -> str | None:
    """One announces a correction, extension, delay …, of which the other knows nothing."""
    if a.announced != b.announced and likeness(a.headline, b.headline) >= ALIKE:
        return f"only one headline announces: {', '.join(sorted(a.announced ^ b.announced))}"
    missing = (a.announced_first - b.announced_anywhere) | (b.announced_first - a.announced_anywhere)
    return f"only one announces: {', '.join(sorted(missing))}" if missing else None


def _headlines(a: Reading, b: Reading) -> str | None:
    """The headlines speak of different facts, and neither text bears out the other's."""
    if a.headline == b.headline or not a.headline or not b.headline:
        return None
    only_a, only_b = _unsupported(a, b), _unsupported(b, a)
    figures_a, figures_b = _numbers(only_a, a, b), _numbers(only_b, a, b)
    alike, both = likeness(a.headline, b.headline) >= ALIKE, _telling(only_a) and _telling(only_b)
    if min(len(a.body.folded), len(b.body.folded)) < LONG:
        differ = (figures_a or figures_b) or (alike and both)
    else:
        differ = (figures_a and figures_b) or (alike and (figures_a or figures_b or both))
    return f"different headlines: {', '.join(sorted(only_a | only_b))}" if differ else None


def _unsupported(a: Reading, b: Reading) -> set[str]:
    return {word for word in a.headline if word not in b.vocabulary and word not in EMPTY_WORDS and word not in STYLE}


def _telling(words: Iterable[str]) -> set[str]:
    return {word for word in words if stem(word) not in COMMON or stem(word) in COUNTRIES}


def _numbers(words: Iterable[str], a: Reading, b: Reading) -> set[str]:
    """The figures among words that neither the year nor an exacter figure of the texts explains."""
    years = {str(each.at.year) for each in (a, b) if each.at is not None}
    whole = {word.partition(".")[0] for word in a.vocabulary & b.vocabulary if "." in word}
    return {word for word in words if word.isdigit()} - years - whole


def likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """Jaccard similarity of two sets of words, 0…1."""
    left, right = set(a), set(b)
    return len(left & right) / len(left | right) if left or right else 1.0


def exchanges(a: Reading, b: Reading, spots: Iterable[Spot]) -> str | None:
    """The reason why what stands at ``spots`` makes two texts different news."""
    budget = min(len(a.body.folded), len(b.body.folded)) // WORDS_PER_EXCHANGE
    pairs: Counter[tuple[str, ...]] = Counter()
    for spot in spots:
        left, right = a.body.folded[spot.a0 : spot.a1], b.body.folded[spot.b0 : spot.b1]
        if not left or not right:
            if len(left + right) <= 3 and NEGATIONS & {*left, *right}:
                return f"a negation in one only: {' '.join(left + right)}"
        elif not _same_said(left, right) and not _same_figures(a, b, spot):
            if _weighs(a, b, spot):
                said = sorted((" ".join(left), " ".join(right)))
                return f"changed: {' / '.join(cut(side, SHOWN) for side in said)}"
            budget -= max(len(left), len(right))
            pairs[tuple(sorted((*left, "/", *right)))] += 1
    if budget < 0 or any(count > 1 for count in pairs.values()):
        return "too many words exchanged"
    return None


def _same_said(left: Sequence[str], right: Sequence[str]) -> bool:
    """The same but for style: spelling, endings, titles, articles, hyphens."""
    mine = [word for word in (SPELLED_OUT.get(w, w) for w in left) if word not in STYLE]
    theirs = [word for word in (SPELLED_OUT.get(w, w) for w in right) if word not in STYLE]
    if "".join(mine) == "".join(theirs) or _initials(mine, theirs) or _initials(theirs, mine):
        return True
    return len(mine) == len(theirs) and all(same_word(x, y) for x, y in zip(mine, theirs, strict=True))


def _initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one side is the other's initials, as "ai" of "artificial intelligence"."""
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long)


def _same_figures(a: Reading, b: Reading, spot: Spot) -> bool:
    mine, theirs = _figures(a, spot.a0, spot.a1), _figures(b, spot.b0, spot.b1)
    return bool(mine) and mine == theirs


def _figures(reading: Reading, start: int, end: int) -> set[str]:
    return {figure.key for figure in figures(reading.body.between(start, end))}


def _weighs(a: Reading, b: Reading, spot: Spot) -> bool:
    """Figures, names, turns of meaning, and words that one headline has and the other has not."""
    left, right = a.body.folded[spot.a0 : spot.a1], b.body.folded[spot.b0 : spot.b1]
    words = {*left, *right} - STYLE
    if words & (TURNS | NEGATIONS) or any(word[0].isdigit() for word in words):
        return True
    if _figures(a, spot.a0, spot.a1) or _figures(b, spot.b0, spot.b1):
        return True
    if words & (set(a.headline) ^ set(b.headline)):
        return True
    return _names(a, spot.a0, spot.a1) or _names(b, spot.b0, spot.b1)


def _names(reading: Reading, start: int, end: int) -> bool:
    body = reading.body
    return any(body.is_name(at) and body.folded[at] not in STYLE for at in range(start, end))
