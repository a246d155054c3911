"""How terms are spelled in a query."""

from __future__ import annotations

import re

QUOTES = '"“”„‟'
_MARKS = re.compile(rf"[\\{QUOTES}]")
_SLASH = re.compile(r"\\.|/", re.DOTALL)


def as_phrase(text: str) -> str:
    """The text as a phrase: between quotation marks, those in it and backslashes escaped."""
    return '"' + _MARKS.sub(r"\\\g<0>", text) + '"'


def exactly(text: str) -> str:
    """The text as one that is found as it is written."""
    return "=" + as_phrase(text)


def regex(pattern: str) -> str:
    """The regular expression between slashes, those in it escaped."""
    return "/" + _SLASH.sub(lambda found: r"\/" if found[0] == "/" else found[0], pattern) + "/"
