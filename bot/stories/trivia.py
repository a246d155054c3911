"""Sentences whose figures, names and dates are news of nothing: weather, markets in passing, what a firm is.

Every report of an event adds some of these, and a reader who is told of them stops reading. So a whole sentence is
left out where its words show that it is background; a fact that only stands there is missed.
"""

from __future__ import annotations

import re

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
        r"|\b(?:was|were)\s(?:founded|established)\b|\bemploys\s(?:about|around|some|more|over|nearly|\d)|^About\s[A-Z]"
    ),
    # What belongs to the page.
    (
        r"©|\(c\)\s?\d{4}|\bcopyright\b|\ball\srights\sreserved\b|\bsubscri(?:be|ption|bers?)\b|\bnewsletter\b|\bsign\sup\b"
        r"|\bread\smore\b|\bclick\shere\b|\badvertis(?:e|ement|ing)\b|\bcookies?\b|\bfollow\sus\b|\bphoto(?:graph)?\sby\b"
        r"|\b(?:additional\s)?(?:reporting|writing|editing)\sby\b|^By\s[A-Z]|^\(?(?:Reporting|Editing|Writing)\b"
        r"|\bfor\s(?:further\s)?information,?\s(?:please\s)?contact\b|\btelephone\b|\be-?mail\b|责任编辑|记者"
    ),
]
_TRIVIAL = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def is_trivial(sentence: str) -> bool:
    """Whether this sentence is background, whatever it states."""
    return _TRIVIAL.search(sentence) is not None
