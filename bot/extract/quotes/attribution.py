"""Where a sentence says that somebody speaks: "X said", "said X", "X, a fellow at Y, told", "according to X".

A verb of speech whose subject cannot be read is an attribution to nobody: it parts what stands before it from what
stands behind, so that no words are given to the wrong speaker.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import continental
from . import words as w
from .continental_words import TRIGGERS as CONTINENTAL
from .forms import Attribution, lower_at
from .speakers import Named, read
from .subjects import RUN, from_run, opening, over_apposition, over_relative, run_before, with_apposition
from .tokens import is_when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tokens import Sentence, Token

_TRIGGERS = w.SPEECH | w.JUDGEMENT | w.GERUNDS | w.BASE | {"according", "quoted", "put", "read"} | CONTINENTAL

_READ = 12  # tokens between a verb and the colon that its words follow


def find(text: str, sentence: Sentence) -> list[Attribution]:
    """All attributions of a sentence, in order of their verbs."""
    found: list[Attribution] = []
    for place, token in enumerate(sentence):
        if token.lower not in _TRIGGERS:
            continue
        if token.kind != "word" and not (place == 0 or sentence[place - 1].lower == "—"):
            continue
        if token.lower in CONTINENTAL:
            one = continental.attribution(text, sentence, place)
        else:
            one = _at(sentence, place, token.lower, found)
        if one is None or (found and found[-1].last >= one.verb and found[-1].named):
            continue
        if one.named is None and _is_no_verb(sentence, place):
            continue
        if not one.beside or _touches(sentence, one):
            found.append(one)
    return found


def _is_no_verb(sentence: Sentence, place: int) -> bool:
    """Whether what looks like a verb is a noun here: "the claims", "its comments"."""
    return sentence[place].lower in w.NOUNS and lower_at(sentence, place - 1) not in ("who", "which", "that")


def _touches(sentence: Sentence, one: Attribution) -> bool:
    """Whether a passage stands right before or behind an attribution."""
    before = one.first - 1
    before -= lower_at(sentence, before) == ","
    behind = one.last + 1
    behind += lower_at(sentence, behind) in (",", ":")
    if behind == one.last + 1:  # "posted on his channel: …"
        behind = next(
            (each + 1 for each in range(behind, min(behind + _READ, len(sentence))) if lower_at(sentence, each) == ":"),
            behind,
        )
    return any(0 <= each < len(sentence) and sentence[each].kind == "quote" for each in (before, behind))


def _at(sentence: Sentence, place: int, word: str, found: Sequence[Attribution]) -> Attribution | None:
    if word == "according" and lower_at(sentence, place + 1) == "to":
        return _according(sentence, place)
    if word == "quoted":
        return _quoted(sentence, place)
    if word == "put" and lower_at(sentence, place + 1) == "it":
        return replace(_subject_first(sentence, place, found), last=place + 1)
    if word == "read" and lower_at(sentence, place + 1) in ("from", "out", "aloud"):
        return _reads(sentence, place, found)
    if word in w.GERUNDS:
        return _following(sentence, place, found)
    if word in w.SPEECH or word in w.JUDGEMENT:
        return _verb(sentence, place, word, found)
    if word in w.BASE and place and _is_many(sentence[place - 1]):
        return _subject_first(sentence, place, found)
    return None


def _reads(sentence: Sentence, place: int, found: Sequence[Attribution]) -> Attribution:
    """Who reads his own words aloud: "She read from a card: …"; a letter's may be another's."""
    another = any(token.lower in w.DOCUMENTS - {"statement"} for token in sentence[place : place + _READ])
    if another:
        return Attribution("X said", None, place, place, place)
    return replace(_subject_first(sentence, place, found), beside=True)


def _is_many(token: Token) -> bool:
    return token.lower.endswith("s") or token.lower in ("they", "people", "who")


def _verb(sentence: Sentence, place: int, word: str, found: Sequence[Attribution]) -> Attribution | None:
    before = _subject_end(sentence, place)
    if _passive(sentence, before, place):
        return Attribution("X said", None, place, place, place)
    judges = word in w.JUDGEMENT
    beside = word in w.AFTER_ONLY
    if not judges and _verb_may_lead(sentence, place):
        behind = _verb_first(sentence, place)
        if behind is not None:
            return replace(behind, beside=beside)
    ahead = _subject_first(sentence, place, found)
    return replace(ahead, judges=judges, beside=beside)


def _subject_end(sentence: Sentence, place: int) -> int:
    """The last token of what stands before a verb and the words between."""
    before = place - 1
    while before >= 0 and (sentence[before].lower in w.BETWEEN or _is_manner(sentence[before])):
        before -= 1
    return before


def _is_manner(token: Token) -> bool:
    return token.kind == "word" and token.lower.endswith("ly") and token.lower not in ("family", "assembly", "ally")


def _passive(sentence: Sentence, before: int, place: int) -> bool:
    """Whether nobody speaks here: "is said to", "would say", "did not say"."""
    words = {sentence[each].lower for each in range(max(0, before), place)}
    if words & (w.BE | w.NEGATIVE | w.MODAL) or any(word.endswith("n't") for word in words):
        return True
    if (
        sentence[place].lower in ("responded", "responds", "objected", "added")
        and lower_at(sentence, place + 1) == "to"
    ):
        return True
    return (
        sentence[place].lower in ("said", "believed")
        and lower_at(sentence, place + 1) == "to"
        and (lower_at(sentence, place + 2) in ("be", "have"))
    )


# ── the speaker behind the verb ──────────────────────────────────────────────────────────────────


def _verb_may_lead(sentence: Sentence, place: int) -> bool:
    if sentence[place].lower in ("told", "tells"):
        return False
    if place == 0:
        return True
    before = sentence[place - 1]
    return before.kind == "quote" or before.lower in (",", "—", "–", "--", ")")


def _verb_first(sentence: Sentence, place: int) -> Attribution | None:
    """The speaker behind the verb: "… ," said Lu Xiang, an expert."""
    begin = place + 1
    end = begin
    while end < len(sentence) and end - begin < RUN and _goes_on(sentence, begin, end):
        end += 1
    following = sentence[end] if end < len(sentence) else None
    if following is not None and following.is_word and following.lower not in w.STOPS_NAME and not is_when(following):
        return None
    if following is not None and following.kind == "quote":
        return None  # "X, a fellow, said firms “…”"
    named = read(sentence[begin:end])
    if named is None or (named.kind == "pronoun" and following is not None and following.is_word):
        return None
    if place == 0 and not (following is not None and following.lower in (":", ",")):
        return None
    if following is not None and following.lower in w.BE | w.MODAL | {"has", "have", "had", "did", "do", "does"}:
        return None
    last, named = with_apposition(sentence, end, named)
    return Attribution("said X", named, place, place, last)


def _goes_on(sentence: Sentence, begin: int, end: int) -> bool:
    token = sentence[end]
    if not token.is_word or (is_when(token) and token.kind == "name" and end > begin):
        return False
    return token.lower not in w.STOPS_NAME or (token.lower == "and" and _is_inside_name(sentence, begin, end))


def _is_inside_name(sentence: Sentence, begin: int, place: int) -> bool:
    """Whether an "and" belongs to a name: "the Bureau of Industry and Security"."""
    capital_after = place + 1 < len(sentence) and sentence[place + 1].kind == "name"
    inside = any(lower_at(sentence, each) in ("of", "for") for each in range(begin, place))
    return capital_after and sentence[place - 1].kind == "name" and inside


# ── the speaker before the verb ──────────────────────────────────────────────────────────────────


def _subject_first(sentence: Sentence, place: int, found: Sequence[Attribution]) -> Attribution:
    """The speaker before it: "X said", "X, a fellow at Y, said", "X praised it and said"."""
    nobody = Attribution("X said", None, place, place, place)
    before = _subject_end(sentence, place)
    if before < 0 or _passive(sentence, before, place):
        return nobody
    if sentence[before].lower in ("and", "but", "then") or (
        sentence[before].lower == "," and before and sentence[before - 1].lower in ("and", "but")
    ):
        return _shared(sentence, place, before, found)
    begin, end = run_before(sentence, before)
    if begin < end:
        one = from_run(sentence, place, begin, end)
        return one if one.named is not None else over_relative(sentence, place, begin) or one
    closes = sentence[before].lower in (",", ")", "—", "–", "--") or _ends_in_comma(sentence[before])
    return over_apposition(sentence, place, before) or nobody if closes else nobody


def _ends_in_comma(token: Token) -> bool:
    return token.kind == "quote"


def _shared(sentence: Sentence, place: int, before: int, found: Sequence[Attribution]) -> Attribution:
    """Of "X praised it but said" the subject of the verb before, or the one that the sentence begins with."""
    nobody = Attribution("X said", None, place, place, place)
    del before
    if found:
        last = found[-1]
        return replace(nobody, named=last.named) if last.form == "X said" else nobody
    subject = opening(sentence, place)
    return replace(nobody, named=subject) if subject is not None else nobody


# ── other forms ──────────────────────────────────────────────────────────────────────────────────


def _according(sentence: Sentence, place: int) -> Attribution:
    begin = place + 2
    end = begin
    while end < len(sentence) and end - begin < RUN and _goes_on(sentence, begin, end):
        end += 1
    named = read(sentence[begin:end])
    if lower_at(sentence, begin) in ("him", "her") and end == begin + 1:
        named = Named("pronoun", sentence[begin].start, sentence[begin].end)
    following = sentence[end] if end < len(sentence) else None
    if following is not None and following.is_word and following.lower not in w.STOPS_NAME and not is_when(following):
        named = None
    if named is None:
        return Attribution("according to X", None, place, place, max(place, end - 1))
    last, named = with_apposition(sentence, end, named)
    return Attribution("according to X", named, place, place, last)


def _following(sentence: Sentence, place: int, found: Sequence[Attribution]) -> Attribution:
    """Whose sentence it is: ", saying that"."""
    nobody = Attribution("saying", None, place, place, place)
    before = lower_at(sentence, place - 1)
    if before in w.BE or (
        before not in (",", "while", "and", "—", "–") and not (place and sentence[place - 1].kind == "quote")
    ):
        return nobody
    judges = sentence[place].lower in (
        "calling",
        "describing",
        "accusing",
        "denouncing",
        "condemning",
        "branding",
        "labelling",
    )
    if found:
        last = found[-1]
        named = last.named if last.form != "according to X" else None
        return replace(nobody, named=named, judges=judges)
    return replace(nobody, named=opening(sentence, place), judges=judges)


def _quoted(sentence: Sentence, place: int) -> Attribution | None:
    """Whom another quotes: "X was quoted as saying", "Xinhua quoted X as saying"."""
    saying = next(
        (each for each in range(place + 1, min(place + 14, len(sentence))) if lower_at(sentence, each) == "saying"), 0
    )
    if not saying or lower_at(sentence, saying - 1) != "as":
        return Attribution("quoted as saying", None, place, place, place)
    if lower_at(sentence, place - 1) in w.BE:
        begin, end = run_before(sentence, place - 2)
        if begin == end and lower_at(sentence, end - 1) == ",":
            ahead = over_apposition(sentence, place, end - 1)
            return replace(ahead, form="quoted as saying", verb=saying, last=saying) if ahead else None
        return Attribution("quoted as saying", read(sentence[begin:end]), begin, saying, saying)
    run = sentence[place + 1 : saying - 1]
    comma = next((each for each, token in enumerate(run) if token.lower == ","), len(run))
    return Attribution("quoted as saying", read(run[:comma]), place, saying, saying)
