"""Figures in a text – amounts, counts, percentages – with their value, unit and place.

Written differently, a figure stays the same: "US$370 billion", "$370bn" and "3700亿美元" have one key.
Digits and English number words from two to ninety-nine with their multiples are read ("one" is mostly
a pronoun); figures that are part of a name or code ("5G", "3A090", "A-570-601") are left alone, for they
count nothing. Years, dates and lone numbers are figures without a unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONES = ["two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = (
    {"one": 1}
    | {word: number for number, word in enumerate(_ONES, 2)}
    | {word: number for number, word in enumerate(_TEENS, 10)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
)
_SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "百": 100,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "百万": 10**6,
    "百萬": 10**6,
    "千万": 10**7,
    "千萬": 10**7,
    "亿": 10**8,
    "億": 10**8,
    "万亿": 10**12,
    "萬億": 10**12,
    # Only after a currency sign (see the pattern): elsewhere they may be metres or thousands of anything.
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
    "t": 10**12,
}
_UNITS = {
    "%": "%",
    "％": "%",
    "percent": "%",
    "per cent": "%",
    "百分之": "%",
    "percentage point": "points",
    "percentage points": "points",
    "个百分点": "points",
    "basis point": "basis points",
    "basis points": "basis points",
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "us dollars": "USD",
    "美元": "USD",
    "c$": "CAD",
    "a$": "AUD",
    "hk$": "HKD",
    "港元": "HKD",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "欧元": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "pounds": "GBP",
    "英镑": "GBP",
    "yuan": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "yen": "JPY",
    "jpy": "JPY",
    "日元": "JPY",
    "¥": "¥",  # yuan or yen: the sign alone does not tell
    "￥": "¥",
}
# Longer alternatives first, so that "HK$" is not read as "$" and "万亿" not as "万".
_BEFORE = r"US\$|HK\$|C\$|A\$|(?:USD|EUR|GBP|RMB|CNY|JPY)\s?|[$€£¥￥]|百分之"
_AFTER = (
    r"percentage\spoints?|basis\spoints?|per\scent\b|percent\b|[%％]|(?:US\s)?dollars\b|dollar\b|euros?\b|pounds\b"
    r"|yuan\b|yen\b|(?:USD|EUR|GBP|RMB|CNY|JPY)\b|个百分点|美元|港元|欧元|英镑|人民币|日元|元"
)
_SCALE = r"hundred|thousand|million|mn|billion|bn|trillion|tn"
_HAN_SCALE = r"万亿|萬億|百万|百萬|千万|千萬|[百千万萬亿億]"
_CODE = r"(?<![A-Za-z0-9])(?:[A-Za-z]+-?\d[\w-]*|\d+[A-Za-z][\w-]*\d[\w-]*)"
_DIGITS = re.compile(
    rf"(?P<before>{_BEFORE})?(?<![A-Za-z0-9_.,])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:[\s-]?(?P<scale>{_SCALE})\b|(?P<han>{_HAN_SCALE})|(?(before)(?P<letter>[kmbt])\b|(?!)))?"
    rf"(?:[\s-]?(?P<after>{_AFTER}))?(?![A-Za-z0-9]|[.,]\d)|(?P<code>{_CODE})",
    re.IGNORECASE,
)
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:one|{'|'.join(_ONES)}))?|{'|'.join(_TEENS)}|{'|'.join(_ONES)})"
_SPELLED = re.compile(
    rf"\b(?:(?P<hundreds>one|{_SMALL})\shundred(?:\s(?:and\s)?(?P<rest>{_SMALL}))?|(?P<small>{_SMALL})"
    rf"|(?P<lone>one)(?=\s(?:{_SCALE})))\b(?:[\s-](?P<scale>{_SCALE})\b)?(?:[\s-](?P<after>{_AFTER}))?",
    re.IGNORECASE,
)


_DIGIT = re.compile(r"\d")
_NUMBERED = tuple(dict.fromkeys([*_ONES, *_TEENS, *_TENS, "one"]))
_SIGN = len("US $")  # characters that a sign before a number takes at the most


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure at [start, end) of the text. ``unit`` is "%", "points", an ISO currency or empty."""

    start: int
    end: int
    text: str
    value: Decimal
    unit: str = ""

    @property
    def key(self) -> str:
        """Equal for every way of writing the same figure: ``"370000000000 USD"``."""
        return _key(self.value, self.unit)


@lru_cache(maxsize=1 << 13)
def _key(value: Decimal, unit: str) -> str:
    return f"{value.normalize():f} {unit}".rstrip()


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of ``text``, in order of place; offsets count code points."""
    found = [_from_digits(match) for match in _in_digits(text) if match["code"] is None]
    found += [_from_words(match) for match in _in_words(text)]
    return tuple(sorted(found, key=lambda figure: figure.start))


# To look for a digit or for a few words is many times as fast as to try the patterns everywhere: they are tried where
# something may begin.


def _in_digits(text: str) -> Iterator[re.Match[str]]:
    digit = _DIGIT.search(text)
    end = 0
    while digit is not None:
        begin = digit.start()
        # A code begins with letters, a figure with a sign.
        while begin > end and (text[begin - 1].isalpha() or text[begin - 1] == "-"):
            begin -= 1
        match = _DIGITS.search(text, max(end, min(begin, digit.start() - _SIGN)))
        if match is None:
            return
        yield match
        end = match.end()
        digit = _DIGIT.search(text, end)


def _in_words(text: str) -> Iterator[re.Match[str]]:
    small, end = text.lower(), 0
    if len(small) != len(text):  # of the few letters that become two when they become small
        yield from _SPELLED.finditer(text) if any(word in small for word in _NUMBERED) else ()
        return
    for begin in sorted(begin for word in _NUMBERED if word in small for begin in _places(word, small)):
        match = _SPELLED.match(text, begin) if begin >= end else None
        if match is not None:
            yield match
            end = match.end()


def _places(word: str, text: str) -> Iterator[int]:
    """Where ``text`` has a word, not a piece of one."""
    begin = text.find(word)
    while begin >= 0:
        end = begin + len(word)
        if not (text[begin - 1 : begin].isalnum() or text[end : end + 1].isalnum()):
            yield begin
        begin = text.find(word, end)


def _from_digits(match: re.Match[str]) -> Figure:
    value, unit = _digits_read(*match.group("number", "scale", "han", "letter", "before", "after"))
    return Figure(start=match.start(), end=match.end(), text=match[0], value=value, unit=unit)


@lru_cache(maxsize=1 << 13)
def _digits_read(number: str, *others: str | None) -> tuple[Decimal, str]:
    scale, han, letter, before, after = others
    value, scale = Decimal(number.replace(",", "")), scale or han or letter
    return value * _SCALES[scale.lower()] if scale else value, _unit(before or after)


def _from_words(match: re.Match[str]) -> Figure:
    if match["hundreds"]:
        number = 100 * _small(match["hundreds"]) + _small(match["rest"] or "")
    else:
        number = _small(match["small"] or match["lone"])
    scale = match["scale"]
    value = Decimal(number * _SCALES[scale.lower()] if scale else number)
    return Figure(start=match.start(), end=match.end(), text=match[0], value=value, unit=_unit(match["after"]))


def _small(words: str) -> int:
    return sum(_WORDS[word] for word in re.split(r"[\s-]", words.lower()) if word)


def _unit(written: str | None) -> str:
    return _UNITS[" ".join(written.lower().split())] if written else ""
