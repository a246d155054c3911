"""The subject of a verb of speech: before it, over what is set between commas, or where its sentence begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words as w
from .forms import Attribution, lower_at
from .speakers import Named, describes, describes_institution, read
from .tokens import is_when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tokens import Sentence

_FAR = 48  # tokens between a name and its verb
RUN = 16
_STATEMENT = w.PREPOSITIONS & {"on", "in", "at"}


_RELATIVE = w.listed("who whose which speaking writing citing quoting referring age aged also")
_APPOSITION_ENDS = frozenset(",.;:—–()!?") | {"who", "which", "--"}


def begins_apposition(sentence: Sentence, place: int) -> bool:
    """Whether what stands here can tell more of the name in front of the comma before it."""
    token = sentence[place]
    return (
        token.lower in w.APPOSITION
        or token.lower in w.ROLES
        or token.kind == "number"
        or (token.kind == "name" and any(each.lower in w.ROLES for each in sentence[place : place + 6]))
    )


def with_apposition(sentence: Sentence, end: int, named: Named) -> tuple[int, Named]:
    """What is set behind a name: where it ends, and the speaker with it as role."""
    if lower_at(sentence, end) != "," or named.kind == "pronoun":
        return end - 1, named
    begin = end + 1
    if named.kind in ("office", "crowd"):
        last = next((each for each in range(begin, len(sentence)) if sentence[each].kind != "name"), len(sentence))
        person = read(sentence[begin:last])
        if person is not None and person.kind == "name" and (last == len(sentence) or not sentence[last].is_word):
            return last - 1, person.with_role(named.start, named.end)
    if begin >= len(sentence) or not begins_apposition(sentence, begin):
        return end - 1, named
    last = begin + (lower_at(sentence, begin) in _RELATIVE)
    while last < len(sentence) and sentence[last].kind != "quote" and sentence[last].lower not in _APPOSITION_ENDS:
        last += 1
    if last == begin or lower_at(sentence, begin) in _RELATIVE:
        return max(end - 1, last - 1), named
    return last - 1, named if named.role_end else named.with_role(sentence[begin].start, sentence[last - 1].end)


def run_before(sentence: Sentence, before: int) -> tuple[int, int]:
    """The words that end with the token ``before``, back to where another clause ends."""
    end, begin = before + 1, before + 1
    while begin > 0 and end - begin < RUN:
        token = sentence[begin - 1]
        if not token.is_word or (token.lower in w.CLAUSE and (token.kind == "word" or begin == 1)):
            break
        begin -= 1
    return _without_time(sentence, begin, end)


def _without_time(sentence: Sentence, begin: int, end: int) -> tuple[int, int]:
    """The subject alone of "The ministry on Monday said", "Lee in an interview said"."""
    for place in range(begin + 1, end):
        lower = sentence[place].lower
        if is_when(sentence[place]) and place == end - 1:
            return begin, place - 1 if sentence[place - 1].lower in ("on", "late", "early", "last") else place
        if (
            lower in _STATEMENT
            and place + 2 < end
            and lower_at(sentence, place + 1) in ("a", "an", "his", "her", "its", "the")
        ) and sentence[end - 1].lower in _OCCASIONS:
            return begin, place
    return begin, end


_OCCASIONS = w.listed("statement interview briefing conference speech post email tweet note letter report hearing")


def from_run(sentence: Sentence, place: int, begin: int, end: int) -> Attribution:
    """The whole run, or what stands behind an "and" in it."""
    starts = [begin, *(each + 1 for each in range(begin, end) if sentence[each].lower in ("and", "but"))]
    for start in starts:
        if start > begin and start < end and _is_two(sentence, begin, start):
            break
        named = read(sentence[start:end])
        if named is not None:
            if _is_object(sentence, start, named):
                break
            return Attribution("X said", named, start, place, place)
    return Attribution("X said", None, end - 1, place, place)


def _is_two(sentence: Sentence, begin: int, start: int) -> bool:
    """Whether the "and" before ``start`` joins two speakers: "Smith and Jones said"."""
    return read(sentence[begin : start - 1]) is not None


def _is_object(sentence: Sentence, start: int, named: Named) -> bool:
    """Whether what looks like a subject follows a preposition: "in a call with X said" is read as a whole or not."""
    return start > 0 and sentence[start - 1].lower in w.PREPOSITIONS and named.kind != "pronoun"


def over_relative(sentence: Sentence, place: int, begin: int) -> Attribution | None:
    """Whom a clause is about: "An official who took part said"."""
    if lower_at(sentence, begin - 1) != "who" or place - begin > RUN:
        return None
    start, end = run_before(sentence, begin - 2)
    named = next(_readings(sentence, start, end), None)
    if named is None or named.kind == "pronoun":
        return None
    return Attribution("X said", named, start, place, place)


def over_apposition(sentence: Sentence, place: int, before: int) -> Attribution | None:
    """Back over what is set between commas to the name in front of it; the first one counts, for roles nest."""
    best: Attribution | None = None
    if sentence[before].lower == ")":
        before = next((each for each in range(before, max(-1, before - 10), -1) if lower_at(sentence, each) == "("), 0)
    edges = [
        each
        for each in range(before - 1, max(0, before - _FAR), -1)
        if lower_at(sentence, each) in (",", "—", "–", "--")
    ]
    if sentence[before].lower == "(":
        edges.insert(0, before)
    for edge in edges:
        inner = edge + 1
        if sentence[edge].lower != "(" and not begins_apposition(sentence, inner):
            best = best or _name_behind(sentence, place, edge, before)
            continue
        begin, end = run_before(sentence, edge - 1)
        named = next(_readings(sentence, begin, end), None)
        if named is None or named.kind == "pronoun" or any(_is_verb(sentence, each) for each in range(inner, before)):
            continue
        if sentence[edge].lower != "(" and not named.role_end and lower_at(sentence, inner) not in _RELATIVE:
            named = named.with_role(sentence[inner].start, _role_end(sentence, inner, before))
        if best is None or named.kind in ("person", "name", "institution"):
            best = Attribution("X said", named, begin, place, place)
    return best


def _name_behind(sentence: Sentence, place: int, edge: int, before: int) -> Attribution | None:
    """The name between the commas: "A lawyer for one of them, Castellanos, said"."""
    begin, end = run_before(sentence, edge - 1)
    begin += lower_at(sentence, begin) in ("and", "but")
    named = read(sentence[edge + 1 : before])
    if named is None or named.kind not in ("person", "name"):
        return None
    run = sentence[begin:end]
    if describes_institution(run):
        named = Named("institution", named.start, named.end, run[0].start, run[-1].end)
    elif describes(run):
        named = named.with_role(run[0].start, run[-1].end)
    else:
        return None
    return Attribution("X said", named, begin, place, place)


def _readings(sentence: Sentence, begin: int, end: int) -> Iterator[Named]:
    starts = [begin, *(each + 1 for each in range(begin, end) if lower_at(sentence, each) in ("and", "but"))]
    for start in starts:
        named = read(sentence[start:end])
        if named is not None:
            yield named


def _is_verb(sentence: Sentence, place: int) -> bool:
    return (
        sentence[place].kind == "word"
        and sentence[place].lower in ("said", "says", "told")
        and (lower_at(sentence, place - 1) not in ("who", "also"))
    )


def _role_end(sentence: Sentence, begin: int, before: int) -> int:
    last = begin
    while last + 1 < before and sentence[last + 1].lower not in _APPOSITION_ENDS:
        last += 1
    return sentence[last].end


def opening(sentence: Sentence, limit: int) -> Named | None:
    """The subject that a sentence begins with, where a small word, its verb, stands right behind it."""
    begin = _after_introduction(sentence, limit)
    if _is_after_name(sentence, begin):
        return introduced(sentence)
    for end in range(min(limit, begin + RUN), begin, -1):
        following = sentence[end] if end < len(sentence) else None
        if (
            following is None
            or following.kind != "word"
            or following.lower in w.PREPOSITIONS
            or following.lower in ("and", "'s")
        ):
            continue
        if any(not token.is_word for token in sentence[begin:end]):
            continue
        named = read(sentence[begin:end])
        if named is not None and following.lower not in w.ROLES | w.INSTITUTIONS:
            return named
    return None


def introduced(sentence: Sentence) -> Named | None:
    """Whom a sentence sets before the reader by name and office: the name counts, not the office.

    "The chief executive, Yeo, who …", "At a meeting in Oslo, Lund, who …", "In line stood Pell, the owner of …".
    """
    begin = _after_introduction(sentence, len(sentence))
    if _is_after_name(sentence, begin):
        name = begin - 2
        while sentence[name - 1].kind == "name":
            name -= 1
        return read(sentence[name : begin - 1]) if lower_at(sentence, name - 1) in _STANDS else None
    comma = _comma(sentence, begin)
    named = read(sentence[begin:comma])
    if named is None or not comma + 1 < len(sentence):
        return None
    if named.kind in ("office", "crowd"):
        closes = _comma(sentence, comma + 1)
        person = read(sentence[comma + 1 : closes])
        is_name = person is not None and person.kind == "name" and lower_at(sentence, closes + 1) not in ("and", "or")
        return person.with_role(named.start, named.end) if person is not None and is_name else None
    return named if named.kind in ("person", "name") and begins_apposition(sentence, comma + 1) else None


_STANDS = w.listed("stood sat came spoke was waited went stands sits comes is speaks waits worked works")
"""Verbs before whom they tell of, where a place or a time begins the sentence."""


def _comma(sentence: Sentence, begin: int) -> int:
    """The next comma within reach of words alone; ``begin`` if there is none."""
    for place in range(begin, min(len(sentence), begin + RUN)):
        if sentence[place].lower == ",":
            return place
        if not sentence[place].is_word:
            break
    return begin


def _is_after_name(sentence: Sentence, begin: int) -> bool:
    """Whether the words from here tell what the name before the comma is: "In line stood Pell, the owner of …"."""
    if begin < 3 or sentence[0].lower not in w.PREPOSITIONS or begin >= len(sentence):
        return False
    name = begin - 2
    if sentence[name].kind != "name" or is_when(sentence[name]) or not begins_apposition(sentence, begin):
        return False
    while name > 0 and sentence[name - 1].kind == "name":
        name -= 1
    before = sentence[name - 1] if name else None
    return before is not None and before.kind == "word" and before.lower in _STANDS


def _after_introduction(sentence: Sentence, limit: int) -> int:
    """Where the main clause begins: behind "On Tuesday," or "In response,"."""
    if sentence and sentence[0].lower in w.STARTERS - w.PRONOUNS - {"the", "a", "an", "its", "mr", "ms", "mrs"}:
        for place in range(min(limit, 12)):
            if sentence[place].lower == ",":
                return place + 1
    return 0
