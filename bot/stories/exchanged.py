"""Whether two texts that share most of their words exchange a fact where they part.

Each spot holds other words on either side. The grammar's words, other spellings and near synonyms say the same. What
remains is set fact against fact: figures and days, names, words that turn a sentence, negations, and whether
something will be or only may be. A fact on both sides that is not the same was exchanged, and one exchange makes two
pieces of news. A fact on one side alone was left out or added, unless another word has taken its place. Words that are
no facts may be others now and then: so many in a hundred, and no pair of them twice, for that is the subject of a
template. A sentence that was written anew is judged as a whole (:mod:`bot.stories.retold`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.text import cut

from .moments import is_moment, same_moment
from .retold import RETOLD, contradicts, is_retold, sentence
from .sides import Side, side, unmatched
from .vocabulary import NEGATIONS, same_word
from .wording import GENERIC, MINOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .align import Alignment, Spot
    from .reading import Reading
    from .tokens import Tokens

WORDS_PER_EXCHANGE = 30  # one exchanged word that is no fact is let pass in so many
LEAST = 2  # such words that a short text may have, too
INSERTED = 3  # words: a negation that comes with more than these belongs to a clause of its own
REPEATED = 3  # times that the same words come in one text only: they are what a template was filled with
REWORDED = 3  # words of a sentence that may be others where it is built in another order
SUBJECT = 20  # words of a text that say whom it is about
SHOWN = 60  # characters of each side of a change that a reason quotes
_DOUBTFUL = frozenset(["left", "right"])  # a side, and also what remains and what is due
_OWN_LETTERS = frozenset(["us", "uk", "eu", "un"])  # they stand whole in longer initials: USTR


def exchanges(a: Reading, b: Reading, alignment: Alignment, alike: bool) -> str | None:
    """The reason why where they part makes two texts different news; ``alike``: so are their headlines."""
    budget = max(LEAST, min(len(a.body.folded), len(b.body.folded)) // WORDS_PER_EXCHANGE)
    pairs: Counter[tuple[str, ...]] = Counter()
    added: Counter[tuple[str, ...]] = Counter()
    retold: set[tuple[int, int]] = set()
    apart = set(a.headline) ^ set(b.headline) if alike else set()
    for spot in alignment.spots:
        left, right = a.body.folded[spot.a0 : spot.a1], b.body.folded[spot.b0 : spot.b1]
        if not left or not right:
            if _turns_round(a, b, spot):
                return f"a negation in one only: {' '.join(left + right)}"
            added[tuple(word for word in left + right if word not in MINOR)] += 1
            continue
        cost = _cost(a, b, _trimmed(a, b, spot), apart)
        if cost is None and is_retold(a, b, spot):
            retold.add(sentence(a, spot.a0, spot.a1))
            continue
        if cost is None:
            if not _rearranged(a, b, spot, apart):
                return _changed(left, right)
            cost = 1
        budget -= cost
        if cost:
            pairs[tuple(sorted((*left, "/", *right)))] += 1
    if budget < 0 or len(retold) > RETOLD or any(count > 1 for count in pairs.values()):
        return "too many words exchanged"
    denied = next((spot for spot in alignment.own if contradicts(a, b, spot)), None)
    if denied:
        return _changed(a.body.folded[denied.a0 : denied.a1], b.body.folded[denied.b0 : denied.b1])
    repeated = next((words for words, count in added.items() if count >= REPEATED and len(words) > 1), None)
    return f"in one only, again and again: {' '.join(repeated)}" if repeated else None


def _changed(left: Sequence[str], right: Sequence[str]) -> str:
    said = sorted((" ".join(left), " ".join(right)))
    return f"changed: {' / '.join(cut(part, SHOWN) for part in said)}"


def _turns_round(a: Reading, b: Reading, spot: Spot) -> bool:
    """Whether the few words that one text has more turn the sentence: a negation, or that it only may be."""
    reading, start, end = (a, spot.a0, spot.a1) if spot.a1 > spot.a0 else (b, spot.b0, spot.b1)
    words = reading.body.folded[start:end]
    if len(words) > INSERTED:
        return False
    if start in reading.sentences and (end in reading.sentences or end == len(reading.body.folded)):
        return False  # a sentence of its own, or the first words of one that was cut off
    return bool(NEGATIONS & {*words}) or "possible" in side(reading, start, end).modals


def has_other_subject(a: Reading, b: Reading, spots: Iterable[Spot]) -> bool:
    """Whether other names stand in the first words of both texts, where each says whom it is about."""
    for spot in spots:
        if max(spot.a0, spot.b0) < SUBJECT:
            left, right = side(a, spot.a0, spot.a1), side(b, spot.b0, spot.b1)
            left, right = unmatched(left, right, a.at or b.at)
            if left.names and right.names and not _rearranged(a, b, spot, set()):
                return True
    return False


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
    mine, theirs = side(a, spot.a0, spot.a1), side(b, spot.b0, spot.b1)
    mine, theirs = unmatched(mine, theirs, a.at or b.at)
    if _is_surer(mine, theirs):
        return None
    if _same_said(left, right) or _same_moment(a, b, spot):
        return 0
    if (mine.facts and theirs.facts) or (mine.turns and theirs.turns) or "not" in mine.turns + theirs.turns:
        return None
    if (mine.names and theirs.turns) or (theirs.names and mine.turns):
        return None
    if _other_nation(mine, theirs) or _other_nation(theirs, mine):
        return None
    words, others = set(mine.words), set(theirs.words)
    telling, other_telling = (bool(part.facts or set(part.turns) - _DOUBTFUL) for part in (mine, theirs))
    if (telling and others - GENERIC) or (other_telling and words - GENERIC):
        return None
    if words and others and (words | others) & apart:
        return None
    return min(len(words), len(others))  # more words on one side were added


def _other_nation(mine: Side, theirs: Side) -> bool:
    """Whether one side has a name where the other has America or Britain."""
    return bool(mine.names and theirs.nations - mine.nations and not theirs.facts)


def _is_surer(mine: Side, theirs: Side) -> bool:
    """Whether one side says that something is or will be, and the other only that it may or should."""
    return bool(mine.modals and theirs.modals) or "possible" in mine.modals ^ theirs.modals


def _same_moment(a: Reading, b: Reading, spot: Spot) -> bool:
    """Whether both sides, with the words beside them that both have, name one moment."""
    mine, theirs = a.body.folded, b.body.folded
    a0, a1, b0, b1 = spot.a0, spot.a1, spot.b0, spot.b1
    while min(a0, b0) > 0 and mine[a0 - 1] == theirs[b0 - 1] and is_moment(mine[a0 - 1]):
        a0, b0 = a0 - 1, b0 - 1
    while a1 < len(mine) and b1 < len(theirs) and mine[a1] == theirs[b1] and is_moment(mine[a1]):
        a1, b1 = a1 + 1, b1 + 1
    left, right = (
        [word for word in words if word == "last" or word not in MINOR] for words in (mine[a0:a1], theirs[b0:b1])
    )
    if not all(word == "last" or is_moment(word) for word in left + right):
        return False
    return same_moment(left, right, a.at or b.at)


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
    own = [word if word in _OWN_LETTERS else word[0] for word in long if word in _OWN_LETTERS or word not in MINOR]
    letters.add("".join(own))
    return len(long) > 1 and bool({word for word in short if word not in MINOR or len(short) == 1} & letters)


def _rearranged(a: Reading, b: Reading, spot: Spot, apart: set[str]) -> bool:
    """Whether the sentences around hold the same facts, in the same order of names unless one is passive."""
    mine, theirs = sentence(a, spot.a0, spot.a1), sentence(b, spot.b0, spot.b1)
    left, right = side(a, *mine), side(b, *theirs)
    if _turned(left.turns, right.turns) or not left.facts:
        return False
    names, others = left.names, right.names
    rest, other_rest = unmatched(left, right, a.at or b.at)
    said, instead = set(rest.words), set(other_rest.words)
    if _is_surer(rest, other_rest) or rest.facts or other_rest.facts or max(len(said), len(instead)) > REWORDED:
        return False
    if said and instead and (said | instead) & apart:
        return False
    return names == others or _is_passive(a.body, *mine) != _is_passive(b.body, *theirs)


def _turned(turns: Sequence[str], others: Sequence[str]) -> bool:
    """Whether sentences turn otherwise: by other words, or where one goes up and another down, in another order."""
    return Counter(turns) != Counter(others) or ({"up", "down"} <= {*turns} and turns != others)


def _is_passive(body: Tokens, start: int, end: int) -> bool:
    words = body.folded[start:end]
    return "by" in words and bool({"was", "were", "been", "is", "are", "be"} & set(words))
