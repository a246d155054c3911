"""Sentences whose figures, names and dates are news of nothing: weather, markets in passing, what a firm is.

Every report of an event adds some of these, and a reader who is told of them stops reading. So a whole sentence is
left out where its words show that it is background; a fact that only stands there is missed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PATTERNS = [
    # Weather.
    (
        r"\b(?:weather|temperatures?|humidity|rainfall|snowfall|drizzle|sunny|cloudy|degrees\s(?:celsius|fahrenheit)"
        r"|chance\sof\s(?:rain|snow|showers|storms?))\b|°\s?[CF]\b|气温|降雨"
    ),
    # Markets in passing.
    (
        r"\b(?:shares?|stocks?)\s(?:\w+\s){0,4}(?:rose|fell|gained|lost|slid|jumped|dropped|climbed|closed|were|was|ended|traded)\b"
        r"|\b(?:S&P\s500|Nasdaq|Dow\sJones|Hang\sSeng|Nikkei|FTSE|CSI\s?300|Shanghai\sComposite|Wall\sStreet|futures|bond\syields?"
        r"|premarket|pre-market|after-hours|market\s(?:cap|capitali[sz]ation|value))\b|\ba\sshare\b|股价"
    ),
    # What a firm is.
    (
        r"\b(?:founded|established|incorporated|headquartered|based)\s(?:in|by)\s(?:18|19|20)\d\d\b|\bheadquartered\sin\b"
        r"|\b(?:was|were)\s(?:founded|established)\b|\bemploys\s(?:about|around|some|more|over|nearly|\d)|(?-i:^About\s[A-Z])"
    ),
    # What belongs to the page.
    (
        r"©|\(c\)\s?\d{4}|\bcopyright\b|\ball\srights\sreserved\b|\bsubscri(?:be|ption|bers?)\b|\bnewsletter\b|\bsign\sup\b"
        r"|\bread\smore\b|\bclick\shere\b|\badvertis(?:e|ement|ing)\b|\bcookies?\b|\bfollow\sus\b|\bphoto(?:graph)?\sby\b"
        r"|\b(?:additional\s)?(?:reporting|writing|editing)\sby\b|(?-i:^By\s[A-Z]\w+\s[A-Z])|^\(?(?:Reporting|Editing|Writing)\b"
        r"|\bfor\s(?:further\s)?information,?\s(?:please\s)?contact\b|\btelephone\b|\be-?mail\b|责任编辑|记者"
    ),
]
_TRIVIAL = re.compile("|".join(_PATTERNS), re.IGNORECASE)
# Every sentence that the patterns find has one of these in small letters: looking for them is thirty times faster.
_WESTERN = """weather|temperature|humidity|rainfall|snowfall|drizzle|sunny|cloudy|degrees|chance of|°|share|stock|s&p
|nasdaq|dow jones|hang seng|nikkei|ftse|csi|shanghai comp|wall street|futures|bond yield|premarket|pre-market|market cap
|market value|after-hours|founded|established|incorporated|based|headquartered|employs|©|(c)|copyright|rights|subscri
|newsletter|sign up|read more|click here|advertis|cookie|follow us|photo|reporting|writing|editing|information|telephone
|mail"""
_SIGNS = (*_WESTERN.replace("\n", "").split("|"), "气温", "降雨", "股价", "责任编辑", "记者")
_BEGINNINGS = ("By ", "About ")


def signs(text: str) -> tuple[str, ...]:
    """The signs of background that occur anywhere in a text, for :func:`is_trivial`."""
    small = text.lower()
    return tuple(sign for sign in _SIGNS if sign in small)


def is_trivial(sentence: str, among: Iterable[str] = _SIGNS) -> bool:
    """Whether this sentence is background, whatever it states; only the signs ``among`` can occur in it."""
    small = sentence.lower()
    likely = sentence.startswith(_BEGINNINGS) or any(sign in small for sign in among)
    return likely and _TRIVIAL.search(sentence) is not None
