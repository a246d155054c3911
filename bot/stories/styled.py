"""A text as copies are compared: words in one form, and figures, dates and times as one word each, however written.

"$370bn", "US$370 billion" and "370 billion dollars" become one word, so do "6 May" and "May 6th", "8 a.m." and
"08:00", "four per cent" and "4%". A word that begins with a digit is a fact that may be exchanged. Every word keeps
its place in the text, a figure all of it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from bot.text import fold

from .memo import Memo
from .tokens import RUN, TOKENS, Tokens, ascii_words, body_of, plain, typed_signs, without_outlet
from .wording import PHRASES, common_form

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = rf"[0-2]?\d:[0-5]\d(?!\d)|\d+(?:[.,]\d+)*|[{RUN}]|[^\W\d_{RUN}]+\d*|[%$€£¥]"
_TOKEN = re.compile(_WORDS)
_ASCII_TOKEN = re.compile(r"[0-2]?[0-9]:[0-5][0-9](?![0-9])|[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+[0-9]*|[%$]")
_TIME = re.compile(r":[0-5][0-9]")
_POSSESSIVE = re.compile(r"['’](?<=\w.)s\b")
_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u202f\u00a0]\d{3})+(?![\d,.]?\d)")
_CODES = re.compile(r"\b(USD|EUR|GBP|NOK|SEK|DKK|CNY|RMB|CHF)(?=\d)")
_DOLLARS = re.compile(r"\b(NT|T|AU?|CA?|HK|S|NZ)\$(?=\s?\d)")
_COUNTRIES = {
    "NT": "TWD",
    "T": "TWD",
    "A": "AUD",
    "AU": "AUD",
    "C": "CAD",
    "CA": "CAD",
    "HK": "HKD",
    "S": "SGD",
    "NZ": "NZD",
}
_NUMBERED = re.compile(r"\b[Nn]o\. (?=\d)")  # which denies nothing
_CODE = re.compile(r"[BDFKPRY]\d")  # the end of one
_APART = re.compile(r"[0-9](?:(?<=[BDFKPRY].)| [0-9]{3})")  # in ASCII: either a code or groups
_GROUPED = re.compile(r"[0-9][ \u202f\u00a0][0-9]{3}")
_DIGITS = frozenset("0123456789")
_THOUSANDS = re.compile(r"\d{1,3}(?:[,.]\d{3})+(?=\Z|[,.]\d{1,2}\Z)")

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
NUMBERS = {word: n for n, word in enumerate(f"{_SMALL} seventeen eighteen nineteen".split())}
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
NUMBERS |= _TENS
NUMBERS |= {
    word: n
    for n, word in enumerate(
        ["zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf"], 2
    )
}
NUMBERS["dozen"] = 12
del NUMBERS["zero"], NUMBERS["one"]
_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_SCALES = {
    "dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mn": 10**6, "mio": 10**6, "millionen": 10**6, "bn": 10**9, "mrd": 10**9, "milliarden": 10**9, "tn": 10**12,
}  # fmt: skip
_CURRENCIES = {
    "$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "usd": "usd", "eur": "eur", "gbp": "gbp", "nok": "nok",
    "sek": "sek", "dkk": "dkk", "cny": "cny", "rmb": "cny", "jpy": "jpy", "chf": "chf", "inr": "inr", "krw": "krw",
    "twd": "twd", "aud": "aud", "cad": "cad", "hkd": "hkd", "sgd": "sgd", "nzd": "nzd",
    "dollar": "usd", "dollars": "usd", "euro": "eur", "euros": "eur", "pound": "gbp", "pounds": "gbp", "yuan": "cny",
    "yen": "jpy", "kroner": "nok", "kronor": "sek", "rupees": "inr", "won": "krw", "franken": "chf", "francs": "chf",
}  # fmt: skip
_NATIONS = frozenset(
    ["us", "american", "norwegian", "swedish", "chinese", "japanese", "indian", "korean", "swiss", "british"]
)
_UNITS = {
    "%": "%", "percent": "%", "pc": "%", "pct": "%", "prozent": "%",
    "km": "km", "kilometer": "km", "kilometers": "km", "kilometre": "km", "kilometres": "km", "m": "m?",
    "meter": "m", "meters": "m", "metre": "m", "metres": "m", "cm": "cm", "kg": "kg", "kilograms": "kg",
    "kilogram": "kg", "mile": "mi", "miles": "mi", "foot": "ft", "feet": "ft", "ft": "ft", "yard": "yd", "yards": "yd",
    "day": "day", "days": "day", "month": "month", "months": "month", "year": "year", "years": "year", "hour": "hour",
    "hours": "hour",
}  # fmt: skip
_MULTIPLES = {
    "bp": ("pp", Decimal("0.01")), "bps": ("pp", Decimal("0.01")), "week": ("day", Decimal(7)),
    "weeks": ("day", Decimal(7)), "decade": ("year", Decimal(10)), "decades": ("year", Decimal(10)),
    "century": ("year", Decimal(100)), "centuries": ("year", Decimal(100)),
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january januar",
            "feb february februar",
            "mar march marz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october oktober",
            "nov november",
            "dec december dezember",
        ],
        1,
    )
    for name in names.split()
}
_SUFFIXES = frozenset(["st", "nd", "rd", "th"])
_FIGURES = NUMBERS.keys() | _CURRENCIES.keys() | _MONTHS.keys() | {"one", "half", "us"}
_BEGINS = _FIGURES | PHRASES.keys()
# Words behind a number that may belong to it.
_GO_ON = (
    (_SCALES.keys() | _CURRENCIES.keys() | _UNITS.keys() | _MULTIPLES.keys() | _MONTHS.keys() | NUMBERS.keys())
    | (_SUFFIXES | _NATIONS | {"one", "am", "pm", "of", "a", "basis", "percentage"})
    | {phrase[1] for listed in PHRASES.values() for phrase, _ in listed}
)
_SECOND = {word: {phrase[1] for phrase, _ in listed} for word, listed in PHRASES.items()}


def styled(text: str) -> Tokens:
    """The words of a body, at most about :data:`TOKENS` of them, in the form that copies are compared in."""
    found = _plain(body_of(text))
    pattern = _ASCII_TOKEN if found.isascii() else _TOKEN
    spans = [match.span() for match in islice(pattern.finditer(found), TOKENS)]
    forms, places = _parts(_folded(found, [found[start:end] for start, end in spans]))
    for first, last in reversed(places):
        spans[first:last] = [(spans[first][0], spans[last - 1][1])]
    return Tokens(text=found, spans=tuple(spans), folded=tuple(forms))


def styled_words(text: str) -> tuple[str, ...]:
    """The words of a body as :func:`styled` gives them, without their places."""
    return _forms(_plain(body_of(text)))


def styled_title(title: str) -> tuple[str, ...]:
    """The same of a headline, without the outlet's name at its end ("… – Reuters")."""
    return _forms(_plain(without_outlet(title)))


def _forms(found: str) -> tuple[str, ...]:
    typed = typed_signs(found)
    if not typed.isascii():
        words: Sequence[str] = _folded(typed, _TOKEN.findall(typed))
    elif ":" in typed and _TIME.search(typed):
        words = _ASCII_TOKEN.findall(typed.lower())
    else:
        words = ascii_words(typed)
    return tuple(_parts(words[:TOKENS])[0])


def _plain(text: str) -> str:
    if "'s" in text or "’s" in text:
        text = _POSSESSIVE.sub("", text)
    text = plain(text)
    if "$" in text:
        text = _DOLLARS.sub(lambda match: f"{_COUNTRIES[match[1]]} ", text)
    if "o. " in text:
        text = _NUMBERED.sub("number ", text)
    if text.isascii() and not _APART.search(text):
        return text
    if _CODE.search(text):
        text = _CODES.sub(r"\1 ", text)
    return _GROUPS.sub(lambda match: re.sub(r"\D", "", match[0]), text) if _GROUPED.search(text) else text


_folded_word = lru_cache(maxsize=1 << 16)(fold)


def _folded(text: str, words: Sequence[str]) -> Sequence[str]:
    return [word.lower() for word in words] if text.isascii() else [_folded_word(word) for word in words]


def _parts(words: Sequence[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Every word or figure in its form, and the places [start, end) of those that are of several words."""
    known = list(map(_FORMS.__getitem__, words))
    if "" not in known:
        return known, []
    forms: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0
    known.append("")  # where the search ends
    while (at := known.index("", done)) < len(words):
        forms += known[done:at]
        form, end = _several(words, at) or (common_form(words[at]), at + 1)
        forms.append(form)
        done = min(end, len(words))
        if done > at + 1:
            places.append((at, done))
    return forms + known[done:-1], places


def _form(word: str) -> str:
    """A word in its form; nothing where it may be the first of several."""
    return "" if word in _BEGINS or word[0] in _DIGITS else common_form(word)


_FORMS = Memo(_form)


def _several(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The form of a figure or phrase that begins at ``at``, and its end."""
    word, following = words[at], _next(words, at + 1)
    if word[0] in _DIGITS or word in NUMBERS:
        if following not in _GO_ON and ":" not in word:  # most numbers stand alone
            return _ALONE[word], at + 1
    elif word not in _FIGURES:
        return _phrase(words, at) if following in _SECOND[word] else None
    return _figure(words, at) or _date(words, at) or _phrase(words, at)


def _next(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _phrase(words: Sequence[str], at: int) -> tuple[str, int] | None:
    for phrase, form in PHRASES.get(words[at], ()):
        end = at + len(phrase)
        if tuple(words[at:end]) == phrase:
            return form, end
    return None


def _figure(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A figure with its scale and unit, a day of a month, a time or an ordinal."""
    start = at + 1 if words[at] == "us" and _next(words, at + 1) == "$" else at
    money = _CURRENCIES.get(words[start])
    value, end = _value(words, start + (money is not None))
    if value is None:
        return None
    if money:
        scale = 10**6 if _next(words, end) == "m" else 1
        return f"{_written(value * scale)}{money}", end + (scale > 1)
    return _dated(words, at, value, end) or _measured(words, value, end)


def _value(words: Sequence[str], at: int) -> tuple[Decimal | None, int]:
    word = _next(words, at)
    if word[:1].isdigit():
        if ":" in word:
            return None, at
        value, at = Decimal(_digits(word)), at + 1
    elif word in NUMBERS:
        value, at = Decimal(NUMBERS[word]), at + 1
        if word in _TENS and 1 < NUMBERS.get(_next(words, at), 1) < 10:
            value, at = value + NUMBERS[words[at]], at + 1
        elif word in _TENS and _next(words, at) == "one":
            value, at = value + 1, at + 1
    elif word in ("one", "half") and (_scaled(words, at + 1)):
        skip = 1 + (word == "half" and _next(words, at + 1) == "a")
        value, at = Decimal(1 if word == "one" else "0.5"), at + skip
    else:
        return None, at
    while _next(words, at) in _SCALES:
        value, at = value * _SCALES[words[at]], at + 1
    return value, at


def _scaled(words: Sequence[str], at: int) -> bool:
    following = _next(words, at + 1) if _next(words, at) == "a" else _next(words, at)
    return following in _SCALES or following in ("percent", "percentage")


def _digits(word: str) -> str:
    """Figures without separators of thousands, with a point before the decimals.

    >>> [_digits(word) for word in ("1,200", "4.500", "86,0", "1.5", "0.587", "1,234,567.8", "2,5")]
    ['1200', '4500', '86.0', '1.5', '0.587', '1234567.8', '2.5']
    """
    grouped = _THOUSANDS.match(word)
    if grouped and not word.startswith("0"):
        whole, rest = re.sub(r"[.,]", "", grouped[0]), word[grouped.end() :]
        return whole + rest.replace(",", ".")
    first, _, rest = word.replace(",", ".").partition(".")
    return f"{first}.{rest.replace('.', '')}" if rest else first


def _written(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _dated(words: Sequence[str], at: int, value: Decimal, end: int) -> tuple[str, int] | None:
    """What a number up to 31 or 12 may be besides: a day, an hour, an ordinal."""
    if value != int(value) or not 1 <= value <= 31 or end != at + 1:
        return None
    following = _next(words, end)
    if following in ("am", "pm") and value <= 12:
        hour = int(value) % 12 + 12 * (following == "pm")
        return f"{hour}:00", end + 1
    ordinal = following in _SUFFIXES
    end += ordinal
    month = _next(words, end + (_next(words, end) == "of"))
    if month in _MONTHS and not (month == "may" and not words[at].isdigit()):
        return f"{int(value)}.{_MONTHS[month]}.", end + 1 + (_next(words, end) == "of")
    if ordinal:
        return (_ORDINALS[int(value)] if value <= 12 else f"{int(value)}th"), end
    return None


def _date(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A month with its day behind it, or a time."""
    if ":" in words[at]:
        hour, _, minute = words[at].partition(":")
        after = _next(words, at + 1)
        late = 12 if after == "pm" and int(hour) < 12 else 0
        return f"{int(hour) + late}:{minute}", at + 1 + (after in ("am", "pm"))
    day = _next(words, at + 1)
    if words[at] not in _MONTHS or not (day.isdecimal() and 1 <= int(day) <= 31 and len(day) < 3):
        return None
    return f"{int(day)}.{_MONTHS[words[at]]}.", at + 2 + (_next(words, at + 2) in _SUFFIXES)


def _measured(words: Sequence[str], value: Decimal, end: int) -> tuple[str, int]:
    unit, after = _next(words, end), _next(words, end + 1)
    if unit in _NATIONS and after in _CURRENCIES:
        return f"{_written(value)}{_CURRENCIES[after]}", end + 2
    if unit in _CURRENCIES:
        return f"{_written(value)}{_CURRENCIES[unit]}", end + 1
    if unit in ("basis", "percentage") and after in ("points", "point"):
        return f"{_written(value / (100 if unit == 'basis' else 1))}pp", end + 2
    if unit == "a" and after == "percentage":
        return f"{_written(value)}pp", end + 3
    if unit in _UNITS:
        return f"{_written(value)}{_UNITS[unit]}", end + 1
    if unit in _MULTIPLES:
        kind, times = _MULTIPLES[unit]
        return f"{_written(value * times)}{kind}", end + 1
    return _written(value), end


def _alone(word: str) -> str:
    return _written(Decimal(NUMBERS[word] if word in NUMBERS else _digits(word)))


_ALONE = Memo(_alone)


def same_amount(left: str, right: str) -> bool:
    """Whether two figures may be one: the same, or one with a length that the other gives in other units.

    >>> same_amount("120m?", "120m"), same_amount("3m?", "3000000"), same_amount("22yd", "20m"), same_amount("3%", "4%")
    (True, True, True, False)
    """
    if left == right:
        return True
    for one, other in ((left, right), (right, left)):
        if one.endswith("m?") and other in (one[:-1], _written(Decimal(one[:-2]) * 10**6)):
            return True
        if one == "half" and other == "50%":
            return True
        if one.replace(".", "").isdigit() and _UNIT.sub("", other) == one:  # "between 1.7 and 1.9 billion euros"
            return True
    return _same_length(left, right)


_UNIT = re.compile(r"(?:%|mi|km|[a-z]{3})\Z")
_METERS = {"km": 1_000.0, "m": 1.0, "m?": 1.0, "cm": 0.01, "mi": 1_609.0, "ft": 0.3048, "yd": 0.9144}
_MEASURE = re.compile(r"([\d.]+)(km|m\??|cm|mi|ft|yd)\Z")


def _same_length(left: str, right: str) -> bool:
    one, other = _MEASURE.match(left), _MEASURE.match(right)
    if not one or not other or one[2] == other[2]:
        return False
    a, b = float(one[1]) * _METERS[one[2]], float(other[1]) * _METERS[other[2]]
    return abs(a - b) <= 0.05 * max(a, b)
