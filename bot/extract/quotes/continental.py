"""German, French and Spanish attributions: „…“, sagte Minister Vogt; « … », a déclaré Ann Roche; según Luis Mora, «…».

Their verbs stand before the speaker where the words come first, offices have no article in apposition, and German
nouns all begin with a capital. So they are read by rules of their own: what stands beside the verb must be wholly read
as a name, an office or an institution, and must end where a clause or an aside begins; else nobody speaks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import continental_words as c
from .forms import Attribution, lower_at
from .speakers import Named

if TYPE_CHECKING:
    from .tokens import Sentence, Token

_FAR = 24  # tokens between where a subject begins and its verb
_OFFICE = 14  # tokens of an office with what it is the office of
_NAMES = 4


def attribution(text: str, sentence: Sentence, place: int) -> Attribution | None:
    """What the word of ``c.TRIGGERS`` at this place says of a speaker; None where it is no verb of speech here."""
    word = sentence[place].lower
    if word in c.ACCORDING:
        found = _behind(sentence, place, place, "according to X")
        # German papers are nouns with a capital, too: "laut Mitteilung".
        papers = word == "laut" and found.named is not None and found.named.kind == "name"
        return _nobody(place, place) if papers and found.last == place + 1 else found
    if word == "so":
        return _behind(sentence, place, place, "said X") if _follows_german(text, sentence, place) else None
    first = place
    if word in c.PARTICIPLES or word == "dit":
        first -= lower_at(sentence, place - 1) in c.AUXILIARIES
        if first == place and word != "dit":
            return None
    before = lower_at(sentence, first - 1)
    if before in c.NEGATIVE or lower_at(sentence, place + 1) in c.NEGATIVE:
        return Attribution("X said", None, first, place, place)
    ahead = sentence[first - 1] if first else None
    if ahead is not None and (ahead.kind == "quote" or before in (",", "—", "–", "-")):
        behind = _behind(sentence, first, place, "said X")
        if behind is not None and behind.named is not None:
            return behind
    return _ahead(sentence, first, place) or _announced(sentence, first, place)


def _follows_german(text: str, sentence: Sentence, place: int) -> bool:
    """Whether a "so" stands behind words between German marks, as in „…“, so Vogt."""
    back = place - 1 - (lower_at(sentence, place - 1) == ",")
    return back >= 0 and sentence[back].kind == "quote" and text[sentence[back].start] in "„»‚"


def _behind(sentence: Sentence, first: int, place: int, form: str) -> Attribution:
    found = _speaker(sentence, place + 1 + (lower_at(sentence, place + 1) in c.DAYS))
    if found is None:
        return _nobody(first, place)
    named, end = found
    if form == "according to X":
        return Attribution("according to X", named, first, place, end - 1, foreign=True)
    return Attribution("said X", named, first, first, end - 1, foreign=True)


def _nobody(first: int, place: int) -> Attribution:
    return Attribution("X said", None, first, place, place, foreign=True)


def _ahead(sentence: Sentence, first: int, place: int) -> Attribution | None:
    """The speaker before the verb: the first reading of a clause that reaches to it."""
    for begin in range(max(0, first - _FAR), first):
        if begin and lower_at(sentence, begin - 1) not in (",", "—", "–", "-", "--"):
            continue
        found = _speaker(sentence, begin, verb=first)
        if found is not None and found[1] + (lower_at(sentence, found[1]) == ",") == first:
            beside = lower_at(sentence, place + 1 + (lower_at(sentence, place + 1) == ",")) not in c.THAT
            return Attribution("X said", found[0], begin, place, place, beside=beside, foreign=True)
    return None


def _announced(sentence: Sentence, first: int, place: int) -> Attribution:
    """The speaker behind a verb that the words follow: Am Freitag sagte Vogt: „…“."""
    behind = _behind(sentence, first, place, "said X")
    announces = lower_at(sentence, behind.last + 1) == ":"
    return replace(behind, verb=place) if announces and behind.named is not None else _nobody(first, place)


# ── who ──────────────────────────────────────────────────────────────────────────────────────────


def _speaker(sentence: Sentence, begin: int, *, verb: int = -1) -> tuple[Named, int] | None:
    """Whom the tokens from ``begin`` name, and where that ends: at a sign, an aside, or at the verb."""
    place = begin + (lower_at(sentence, begin) in c.DETERMINERS)
    if lower_at(sentence, place) in c.HONORIFICS:
        return _named(sentence, place + 1, verb)
    if place >= len(sentence):
        return None
    determined = place > begin or _elided(sentence[place]) > 0
    if _is_role(sentence[place]):
        found = _titled(sentence, place, verb, determined=determined)
        if found is not None:
            return found
    elif determined:
        found = _institution(sentence, place, verb)
        is_name = found is None and verb < 0 and sentence[begin].kind == "name"  # "dit Le Gall"
        return _named(sentence, begin, verb) if is_name else found
    return None if determined else _named(sentence, place, verb)


def _elided(token: Token) -> int:
    """The characters of an article that is written together with its noun: "l'économiste"."""
    return 2 if token.lower.startswith("l'") and len(token.text) > 2 else 0


def _is_role(token: Token) -> bool:
    lower = token.lower[_elided(token) :]
    return token.is_word and (lower in c.ROLES or (token.kind == "name" and lower.endswith(c.GERMAN_ROLES)))


def _titled(sentence: Sentence, begin: int, verb: int, *, determined: bool) -> tuple[Named, int] | None:
    """An office and the name beside it; the office alone only where no name can be meant."""
    start = sentence[begin].start + _elided(sentence[begin])
    end = _office_end(sentence, begin, verb)
    name_end = _name_end(sentence, end, verb)
    if end < name_end and _closes(sentence, name_end, verb):
        return _person(sentence, end, name_end, start, sentence[end - 1].end), name_end
    if lower_at(sentence, end) == ",":
        name_end = _name_end(sentence, end + 1, verb)
        if end + 1 < name_end and _closes(sentence, name_end, verb):
            return _person(sentence, end + 1, name_end, start, sentence[end - 1].end), name_end
    if not determined or not _closes(sentence, end, verb) or _capitals_before(sentence, begin, end) > 1:
        return None
    # "El presidente" is somebody whom the text has named before; whoever that is, the office is not the answer.
    if lower_at(sentence, begin - 1) not in c.INDEFINITE and not any(
        token.lower in c.TIES or token.lower.startswith("d'") for token in sentence[begin + 1 : end]
    ):
        return None
    return Named("office", start, sentence[end - 1].end), end


def _person(sentence: Sentence, begin: int, end: int, role_start: int, role_end: int) -> Named:
    return Named("person", sentence[begin].start, sentence[end - 1].end, role_start, role_end)


def _office_end(sentence: Sentence, begin: int, verb: int) -> int:
    """Where an office ends with what it is the office of: a name that no preposition ties to it is not part of it."""
    end, tied = begin + 1, False
    limit = min(len(sentence), begin + _OFFICE)
    while (
        end < limit
        and end != verb
        and sentence[end].is_word
        and (not _is_stop(sentence, end) or (end == begin + 1 and lower_at(sentence, end) in ("der", "vom")))
    ):
        token = sentence[end]
        if token.kind == "name" and not tied and not token.lower.startswith(("d'", "l'")):
            break
        tied = token.kind == "name" or token.lower in c.TIES
        end += 1
    return end


def _capitals_before(sentence: Sentence, begin: int, end: int) -> int:
    """How many capitals an office ends with: two may hold the name of a person, but for "Den Haag"."""
    place = end - 1
    while place > begin and sentence[place].kind == "name":
        place -= 1
    return sum(token.lower not in c.DETERMINERS for token in sentence[place + 1 : end])


def _institution(sentence: Sentence, begin: int, verb: int) -> tuple[Named, int] | None:
    head = sentence[begin]
    if not head.is_word or head.lower[_elided(head) :] not in c.INSTITUTIONS:
        return None
    end = _office_end(sentence, begin, verb)
    while end < len(sentence) and end != verb and sentence[end].kind == "name":
        end += 1  # "el Banco Central"
    if not _closes(sentence, end, verb):
        return None
    return Named("institution", head.start + _elided(head), sentence[end - 1].end), end


def _named(sentence: Sentence, begin: int, verb: int) -> tuple[Named, int] | None:
    """A name without an office before it, with the one behind it as role."""
    end = _name_end(sentence, begin, verb)
    if end == begin or not _closes(sentence, end, verb):
        return None
    written = sentence[begin].text
    acronym = end == begin + 1 and written.isupper() and len(written) > 1
    named = Named("institution" if acronym else "name", sentence[begin].start, sentence[end - 1].end)
    inner = end + 1 + (lower_at(sentence, end + 1) in c.DETERMINERS)
    if acronym or lower_at(sentence, end) != "," or inner >= len(sentence) or not _is_role(sentence[inner]):
        return named, end
    last = _office_end(sentence, inner, verb)
    while last < len(sentence) and last != verb and sentence[last].is_word:
        last += 1
    role_start = sentence[inner].start + _elided(sentence[inner])
    return named.with_role(role_start, sentence[last - 1].end), last


def _name_end(sentence: Sentence, begin: int, verb: int) -> int:
    """Where a name ends that begins here; ``begin`` if none does."""
    end = names = 0
    place = begin
    while place < len(sentence) and place != verb and names <= _NAMES:
        token = sentence[place]
        if token.kind == "name" and _may_be_name(token):
            names, end = names + 1, place + 1
        elif token.lower not in c.PARTICLES or (place == begin and token.kind == "word" and token.lower != "von"):
            break
        place += 1
    return end if 0 < names <= _NAMES else begin


def _may_be_name(token: Token) -> bool:
    lower = token.lower
    return not (
        lower in c.NO_NAMES
        or lower in c.DAYS
        or lower in c.DETERMINERS - c.PARTICLES
        or lower in c.STOPS
        or lower in c.INSTITUTIONS
        or lower.endswith(("'s", "s'"))
    )


def _closes(sentence: Sentence, end: int, verb: int) -> bool:
    """Whether a speaker may end before this token."""
    if end >= len(sentence) or end == verb:
        return True
    token = sentence[end]
    if token.kind == "sign":
        return token.lower not in ("&", "/", "(")
    return token.kind == "quote" or _is_stop(sentence, end)


def _is_stop(sentence: Sentence, place: int) -> bool:
    """Whether an aside begins: when, where, to whom, on what occasion."""
    lower = sentence[place].lower
    if lower in c.DAYS:
        return True
    if lower in c.STOPS:
        return True
    if lower in ("el", "le", "der", "den"):
        return lower_at(sentence, place + 1) in c.DAYS
    # "Maria Vogt von der Kommission"; a name would go on with a capital.
    is_of = lower in c.OF and place + 1 < len(sentence) and sentence[place - 1].kind == "name"
    return is_of and sentence[place + 1].kind == "word"
