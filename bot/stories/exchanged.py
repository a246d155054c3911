"""Whether two texts that share most of their words exchange a fact where they part.

Each spot holds other words on either side. The grammar's words, other spellings and near synonyms say the same. What
remains is set fact against fact: figures and days, names, words that turn a sentence, negations. A fact on both sides
that is not the same was exchanged, and one exchange makes two pieces of news. A fact on one side alone was left out or
added, unless another word has taken its place. Words that are no facts may be others now and then: so many in a
hundred, and no pair of them twice, for that is the subject of a template.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.text import cut, has_run_script

from .common import stem
from .styled import same_amount
from .vocabulary import NEGATIONS, same_word
from .wording import GENERIC, MINOR, TURN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .align import Alignment, Spot
    from .reading import Reading
    from .tokens import Tokens

WORDS_PER_EXCHANGE = 30  # one exchanged word that is no fact is let pass in so many
INSERTED = 3  # words: a negation that comes with more than these belongs to a clause of its own
REPEATED = 3  # times that the same words come in one text only: they are what a template was filled with
REWORDED = 3  # words of a sentence that may be others where it is built in another order
SUBJECT = 20  # words of a text that say whom it is about
SHOWN = 60  # characters of each side of a change that a reason quotes
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DATED = frozenset(
    [*_WEEKDAYS, "today", "yesterday", "tomorrow", "tonight", "lastyear", "thisyear", "lastmonth", "thismonth"]
)
_MONTH, _YEAR = 1_000, 10_000  # above any count of days, so that months and years are told apart from them


@dataclass(frozen=True, slots=True)
class _Side:
    """What one text has at a spot: the facts, and the other words that say something."""

    facts: tuple[str, ...]
    turns: frozenset[str]
    words: tuple[str, ...]


def exchanges(a: Reading, b: Reading, alignment: Alignment, alike: bool) -> str | None:
    """The reason why what stands at ``spots`` makes two texts different news; ``alike``: so are their headlines."""
    budget = min(len(a.body.folded), len(b.body.folded)) // WORDS_PER_EXCHANGE
    pairs: Counter[tuple[str, ...]] = Counter()
    added: Counter[tuple[str, ...]] = Counter()
    apart = set(a.headline) ^ set(b.headline) if alike else set()
    for spot in alignment.spots:
        left, right = a.body.folded[spot.a0 : spot.a1], b.body.folded[spot.b0 : spot.b1]
        if not left or not right:
            if len(left + right) <= INSERTED and NEGATIONS & {*left, *right}:
                return f"a negation in one only: {' '.join(left + right)}"
            added[tuple(word for word in left + right if word not in MINOR)] += 1
            continue
        cost = _cost(a, b, _trimmed(a, b, spot), apart)
        if cost is None:
            if not _rearranged(a, b, spot, apart):
                said = sorted((" ".join(left), " ".join(right)))
                return f"changed: {' / '.join(cut(side, SHOWN) for side in said)}"
            cost = 1
        budget -= cost
        if cost:
            pairs[tuple(sorted((*left, "/", *right)))] += 1
    if budget < 0 or any(count > 1 for count in pairs.values()):
        return "too many words exchanged"
    repeated = next((words for words, count in added.items() if count >= REPEATED and len(words) > 1), None)
    return f"in one only, again and again: {' '.join(repeated)}" if repeated else None


def has_other_subject(a: Reading, b: Reading, spots: Iterable[Spot]) -> bool:
    """Whether other names stand in the first words of both texts, where each says whom it is about."""
    for spot in spots:
        if max(spot.a0, spot.b0) < SUBJECT:
            left, right = _side(a, spot.a0, spot.a1), _side(b, spot.b0, spot.b1)
            left, right = _unmatched(left, right, a.at or b.at)
            if _names(left) and _names(right) and not _rearranged(a, b, spot, set()):
                return True
    return False


def _names(side: _Side) -> list[str]:
    return [fact for fact in side.facts if not fact[0].isdigit() and fact not in _DATED and fact not in _MONTHS]


def _trimmed(a: Reading, b: Reading, spot: Spot) -> Spot:
    """Where one text ends, the spot without what only follows in the other."""
    left, right = spot.a1 - spot.a0, spot.b1 - spot.b0
    if spot.a1 == len(a.body.folded) and right > left + INSERTED:
        return replace(spot, b1=spot.b0 + left + 1)
    if spot.b1 == len(b.body.folded) and left > right + INSERTED:
        return replace(spot, a1=spot.a0 + right + 1)
    return spot


def _cost(a: Reading, b: Reading, spot: Spot, apart: set[str]) -> int | None:
    """How many words that are no facts were exchanged; None where a fact was."""
    left, right = a.body.folded[spot.a0 : spot.a1], b.body.folded[spot.b0 : spot.b1]
    if _same_said(left, right):
        return 0
    mine, theirs = _side(a, spot.a0, spot.a1), _side(b, spot.b0, spot.b1)
    mine, theirs = _unmatched(mine, theirs, a.at or b.at)
    if (mine.facts and theirs.facts) or (mine.turns and theirs.turns) or "not" in mine.turns ^ theirs.turns:
        return None
    one_sided = bool(mine.facts or theirs.facts or mine.turns or theirs.turns)
    words, others = set(mine.words), set(theirs.words)
    if one_sided and (
        ((mine.facts or mine.turns) and others - GENERIC) or ((theirs.facts or theirs.turns) and words - GENERIC)
    ):
        return None
    if words and others and (words | others) & apart:
        return None
    return max(len(words), len(others)) if words and others else 0


def _same_said(left: Sequence[str], right: Sequence[str]) -> bool:
    """The same but for style: endings, titles, articles, hyphens, initials."""
    if _initials(left, right) or _initials(right, left):
        return True
    mine = [word for word in left if word not in MINOR]
    theirs = [word for word in right if word not in MINOR]
    if "".join(mine) == "".join(theirs):
        return not NEGATIONS & set(left) ^ NEGATIONS & set(right)
    return len(mine) == len(theirs) and all(same_word(x, y) for x, y in zip(mine, theirs, strict=True))


def _initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one side is the other's initials, as "ai" of "artificial intelligence"."""
    letters = {"".join(word[0] for word in long), "".join(word[0] for word in long if word not in MINOR)}
    return len(long) > 1 and bool({word for word in short if word not in MINOR or len(short) == 1} & letters)


def _side(reading: Reading, start: int, end: int) -> _Side:
    body = reading.body
    facts, turns, words = [], set(), []
    for at in range(start, end):
        word = body.folded[at]
        if word[0].isdigit() or word in _DATED or word in _MONTHS:
            facts.append(word)
        elif word in TURN:
            turns.add(TURN[word])
        elif word in MINOR:
            continue
        elif _is_name(reading, at) or (not word.isascii() and has_run_script(word)):
            facts.append(word)
        else:
            words.append(word)
    return _Side(tuple(facts), frozenset(turns), tuple(words))


def _is_name(reading: Reading, at: int) -> bool:
    """Whether the word is a name: by its capital, or where a sentence begins by what it is elsewhere."""
    body = reading.body
    if body.is_name(at):
        return True
    word = body.folded[at]
    if not body.text[body.spans[at][0]].isupper():
        return False
    return any(body.folded[place] == word and body.is_name(place) for place in range(len(body.folded)))


def _unmatched(mine: _Side, theirs: _Side, at: datetime | None) -> tuple[_Side, _Side]:
    """Both sides without what the other has too."""
    left, right = list(mine.facts), list(theirs.facts)
    for fact in mine.facts:
        same = next((other for other in right if _same_fact(fact, other, at)), None)
        if same is not None:
            left.remove(fact)
            right.remove(same)
    turns = mine.turns & theirs.turns
    words, others = _differing(mine.words, theirs.words), _differing(theirs.words, mine.words)
    return _Side(tuple(left), mine.turns - turns, words), _Side(tuple(right), theirs.turns - turns, others)


def _differing(words: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    known = {stem(other) for other in others}
    return tuple(word for word in words if stem(word) not in known and not any(same_word(word, x) for x in others))


def _same_fact(left: str, right: str, at: datetime | None) -> bool:
    if left[0].isdigit() and right[0].isdigit() and same_amount(left, right):
        return True
    return left == right or same_word(left, right) or _same_day(left, right, at) or _derived(left, right)


def _derived(left: str, right: str) -> bool:
    """Peru and Peruvian, but not Niger and Nigeria."""
    short, long = sorted((left, right), key=len)
    return (
        len(short) > 3 and long.startswith(short[:-1]) and long[len(short) - 1 :].endswith(("an", "ish", "ese", "vian"))
    )


def _same_day(left: str, right: str, at: datetime | None) -> bool:
    """Whether two words name one day, of an article that came out ``at`` that moment."""
    if at is None:
        return False
    if left in _MONTHS or right in _MONTHS:
        month = {f".{_MONTHS.index(word) + 1}." for word in (left, right) if word in _MONTHS}
        if len(month) == 1 and any(word.endswith(tuple(month)) for word in (left, right)):
            return True
    return bool(_days(left, at) & _days(right, at))


def _days(word: str, at: datetime) -> set[int]:
    """The days, counted from that of publication, that a word may stand for; zones shift it by one."""
    if word in _WEEKDAYS:
        first = (_WEEKDAYS.index(word) - at.weekday()) % 7
        return {first, first - 7}
    if word in ("today", "tonight"):
        return {-1, 0, 1}
    if word == "yesterday":
        return {-2, -1, 0}
    if word == "tomorrow":
        return {0, 1, 2}
    if word.endswith(".") and word[0].isdigit():
        day, month = (int(part) for part in word.split(".")[:2])
        return {
            off
            for off in range(-7, 8)
            if ((at + timedelta(days=off)).day, (at + timedelta(days=off)).month) == (day, month)
        }
    if word in ("lastmonth", "thismonth"):
        return {_MONTH + (at.month - 1 - (word == "lastmonth")) % 12}
    if word in _MONTHS:
        return {_MONTH + _MONTHS.index(word)}
    if word in ("lastyear", "thisyear"):
        return {_YEAR + at.year - (word == "lastyear")}
    return {_YEAR + int(word)} if word.isdecimal() and len(word) == 4 else set()


def _rearranged(a: Reading, b: Reading, spot: Spot, apart: set[str]) -> bool:
    """Whether the sentences around hold the same facts, in the same order of names unless one is passive."""
    mine, theirs = _sentence(a.body, spot.a0, spot.a1), _sentence(b.body, spot.b0, spot.b1)
    left, right = _side(a, *mine), _side(b, *theirs)
    if Counter(left.turns) != Counter(right.turns) or not left.facts:
        return False
    names, others = _names(left), _names(right)
    rest, other_rest = _unmatched(left, right, a.at or b.at)
    said, instead = set(rest.words), set(other_rest.words)
    if rest.facts or other_rest.facts or max(len(said), len(instead)) > REWORDED:
        return False
    if said and instead and (said | instead) & apart:
        return False
    return names == others or _is_passive(a.body, *mine) != _is_passive(b.body, *theirs)


def _is_passive(body: Tokens, start: int, end: int) -> bool:
    words = body.folded[start:end]
    return "by" in words and bool({"was", "were", "been", "is", "are", "be"} & set(words))


def _sentence(body: Tokens, start: int, end: int) -> tuple[int, int]:
    while start > 0 and not _parts(body, start):
        start -= 1
    while end < len(body.folded) and not _parts(body, end):
        end += 1
    return start, end


def _parts(body: Tokens, at: int) -> bool:
    """Whether a sentence ends before this word."""
    between = body.text[body.spans[at - 1][1] : body.spans[at][0]]
    return any(sign in between for sign in ".!?\n。！？")
