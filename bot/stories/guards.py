"""What forbids to call two articles copies, however many of their words they share.

A copy leaves out or adds; it does not *exchange* one fact for another. Official notices are written from
templates: two of them may differ in a date, a number, a country or a product alone, and it is just this that
makes them two pieces of news. So a changed figure, name, negation, ordinal or month, a document number of its
own, or a headline that announces a correction keeps two articles apart. Every guard answers with its reason,
or with None, and the same for (a, b) as for (b, a).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from .common import COMMON, COUNTRIES, stem
from .vocabulary import EMPTY_WORDS
from .wording import MINOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.extract import Reference

    from .reading import Reading

TELLING = 30  # words of a body that bears out its own headline
FEW = 20  # words of a body that two publishers do not write alike
ADDED = 25  # words after which a publisher may have added something to one text
LETTERS = 4  # of a script without spaces that make a word of some weight
_UNIT = re.compile(r"[\d.:]+")
DAY = timedelta(days=1)
ALIKE = 0.5  # headlines that share so much of their words are two versions of one


def forbids(a: Reading, b: Reading) -> str | None:
    """The reason why these two are different news, judged without setting their bodies side by side."""
    return _references(a, b) or _updates(a, b) or _headlines(a, b) or _published_again(a, b)


def _published_again(a: Reading, b: Reading) -> str | None:
    """One publisher gives two pages to it: a notice that comes every week, or a rewritten report."""
    if not a.host or a.host != b.host or a.url == b.url or a.updates != b.updates:
        return None
    same_day = a.at is not None and b.at is not None and abs(a.at - b.at) <= DAY
    if same_day and a.headline == b.headline and _continues(a, b, ADDED):
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


def _continues(a: Reading, b: Reading, least: int) -> bool:
    """Whether both bodies are the same words, or one of them at least so many and the beginning of the other."""
    short, long = sorted((a.body.folded, b.body.folded), key=len)
    return short == long or (len(short) >= least and long[: len(short)] == short)


def _updates(a: Reading, b: Reading) -> str | None:
    """One announces a correction, extension, delay …, of which the other knows nothing.

    Of two publishers, neither of them an office's with a document of its own, each tells of other people's extensions
    and delays in any sentence; only the forms in which a text announces a change of its own say something there.
    """
    if a.publisher != b.publisher and not a.documents and not b.documents:
        missing = a.announced_formally ^ b.announced_formally
        if "correction" in missing and _carries_correction(a, b):
            missing -= {"correction"}
        return f"only one announces: {', '.join(sorted(missing))}" if missing else None
    if a.announced != b.announced and likeness(a.headline, b.headline) >= ALIKE:
        return f"only one headline announces: {', '.join(sorted(a.announced ^ b.announced))}"
    missing = (a.announced_first - b.announced_anywhere) | (b.announced_first - a.announced_anywhere)
    return f"only one announces: {', '.join(sorted(missing))}" if missing else None


def _carries_correction(a: Reading, b: Reading) -> bool:
    """Whether one has a note that says what it corrects, and the other the right fact and not the wrong one."""
    noted, other = (a, b) if any(a.correction) else (b, a)
    right, wrong = noted.correction
    return bool(right) and right <= other.vocabulary and not wrong & other.vocabulary


def _headlines(a: Reading, b: Reading) -> str | None:
    """The headlines speak of different facts, and neither text bears out the other's."""
    if a.headline == b.headline or not a.headline or not b.headline:
        return None
    only_a, only_b = _unsupported(a, b), _unsupported(b, a)
    figures_a, figures_b = _numbers(only_a, a, b), _numbers(only_b, a, b)
    alike, both = likeness(a.headline, b.headline) >= ALIKE, bool(_telling(only_a) and _telling(only_b))
    short = min(len(a.body.folded), len(b.body.folded))
    if _one_unit(figures_a, figures_b):
        differ = True
    elif a.publisher != b.publisher:  # one text may be retitled, but not with another figure in the place of one
        exchanged = _one_unit(figures_a, _figures(b.headline)) or _one_unit(figures_b, _figures(a.headline))
        retitled = short >= TELLING or (short >= FEW and _continues(a, b, FEW))
        differ = alike and (exchanged or (both and not retitled))
    else:
        differ = (bool(figures_a or figures_b) and (alike or short < TELLING)) or (alike and both)
    return f"different headlines: {', '.join(sorted(only_a | only_b))}" if differ else None


def _unsupported(a: Reading, b: Reading) -> set[str]:
    """The words of a headline that the other article does not have in any form."""
    only = {word for word in a.headline if word not in b.vocabulary and word not in EMPTY_WORDS and word not in MINOR}
    heads = {word[:3] for word in only}
    known = {stem(word) for word in b.vocabulary if word[:3] in heads} if only else set()
    return {word for word in only if stem(word) not in known}


def _one_unit(a: Iterable[str], b: Iterable[str]) -> bool:
    """Whether figures on both sides measure one thing, so that one stands for the other."""
    return bool({_UNIT.sub("", word) for word in a} & {_UNIT.sub("", word) for word in b})


def _figures(words: Iterable[str]) -> set[str]:
    return {word for word in words if word[0].isdigit()}


def _telling(words: Iterable[str]) -> set[str]:
    """Those that say what it is about; single letters of a script without spaces do only together."""
    found = {word for word in words if stem(word) not in COMMON or stem(word) in COUNTRIES}
    letters = {word for word in found if len(word) == 1}
    return found if len(letters) >= LETTERS else found - letters


def _numbers(words: Iterable[str], a: Reading, b: Reading) -> set[str]:
    """The figures among words that neither the year nor an exacter figure of the texts explains."""
    years = {str(each.at.year) for each in (a, b) if each.at is not None}
    whole = {word.partition(".")[0] for word in a.vocabulary & b.vocabulary if "." in word}
    bare = {word.rstrip("abcdefghijklmnopqrstuvwxyz%?") for word in a.vocabulary & b.vocabulary if word[0].isdigit()}
    return _figures(words) - years - whole - bare


def likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """Jaccard similarity of two sets of words, 0…1."""
    left, right = set(a), set(b)
    return len(left & right) / len(left | right) if left or right else 1.0
