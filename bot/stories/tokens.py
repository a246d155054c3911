"""A text as stories compare it: words, without the marks of a house's style.

Two outlets that run one wire text differ in quotes, dashes, spacing, dateline, credits and habits of spelling
("per cent" and "%", "U.S." and "US"). All of that is taken away here; what still differs afterwards differs
in substance. Capitals are kept aside, for a changed name is a changed fact.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.text import fold

TOKENS = 6_000  # of one text that are compared: beyond any article, a bound for transcripts

# Place, date and agency, or some of them: "BEIJING, Aug 29 (Reuters) –", "SHANGHAI —", "(AP) –", "（路透社北京）".
_DATELINE = re.compile(
    r"\A\s*(?:[A-Z][A-Z.'’ /]{2,40}(?:,\s?[A-Za-z.]{2,12}){0,2}(?:,?\s[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,\s\d{4})?)?\s*"
    r"(?:\([A-Z][\w .’'-]{1,30}\)\s*)?[-–—:]+\s|(?:[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,\s\d{4})?\s*)?"
    r"\([A-Z][\w .’'-]{1,30}\)\s*[-–—]+\s|[（(【][\w ]{2,20}[)）】]\s*)"
)
_BYLINE = re.compile(r"\A\s*By\s(?:(?:[A-Z][\w.’'-]+[ ,]*(?:and\s)?){1,8}|(?:our|staff|the)\s[^\n.]{3,60})\n+")
# Credits, signposts and cut marks at the end are the outlet's or the feed's, not the text's.
_CREDITS = re.compile(
    r"(?:\s*(?:\((?:Additional\s)?(?:Reporting|Writing|Editing)\sby[^)]*\)|\[\+\d+ chars\]|\[(?:…|\.\.\.)\]"
    r"|(?:Continue\sreading|Read\s(?:more|the\sfull\s\w+))[^\n]{0,80}|(?:©|\(c\)|Copyright)[^\n]{0,120}"
    r"|\bBy\s(?:our|staff)\s[^\n.]{3,60}))+\s*\Z",
    re.IGNORECASE,
)
_CUT_WORD = re.compile(r"\s\S+?(?:…|\.\.\.)\s*\Z")
_TITLE = 500  # characters of a headline that count
_TAIL = 400  # characters that hold any credits
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}(?!\w)")
_PER_CENT = re.compile(r"\bper\scent\b")
_GONE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff'’ʼ‘"))
# Scripts without spaces count by the character: Han, kana, Hangul.
_RUN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{_RUN}]|[^\W\d_{_RUN}]+\d*|[%$€£¥]")
# The same for a text that is ASCII throughout, in half the time.
_ASCII_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+[0-9]*|[%$]")
_SHORTHAND = {"%": "percent", "mn": "million", "bn": "billion", "tn": "trillion"}
# Chinese outlets put their name behind a sign without spaces.
_OUTLET = re.compile(rf"(?:\s+[-–—|·]\s+(?P<name>[^-–—|·]{{2,40}})|[_|｜丨](?P<han>[{_RUN}]{{2,12}}))\Z")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of ``text`` at ``spans``, ``folded`` for comparing, one for one."""

    text: str
    spans: tuple[tuple[int, int], ...]
    folded: tuple[str, ...]

    def between(self, start: int, end: int) -> str:
        """The text of the words [start, end) with the signs around them, as in "$370bn"."""
        left = self.spans[start - 1][1] if start else 0
        right = self.spans[end][0] if end < len(self.spans) else len(self.text)
        return self.text[left:right]

    def is_name(self, at: int) -> bool:
        """Whether the word is written with a capital that the beginning of a sentence does not explain."""
        begin = self.spans[at][0]
        if not self.text[begin].isupper():
            return False
        before = self.text[:begin].rstrip(' "“”(')
        return bool(before) and before[-1] not in ".!?:;\n"


def tokens(text: str) -> Tokens:
    """The words of a body, at most :data:`TOKENS` of them."""
    plain = _plain(_body(text))
    spans = tuple(match.span() for _, match in zip(range(TOKENS), _TOKEN.finditer(plain), strict=False))
    return Tokens(text=plain, spans=spans, folded=tuple(_folded(plain[start:end]) for start, end in spans))


def body_words(text: str) -> tuple[str, ...]:
    """The words of a body as :func:`tokens` folds them, without their places."""
    return _words(_body(text))[:TOKENS]


def title_words(title: str) -> tuple[str, ...]:
    """The words of a headline without the outlet's name at its end ("… – Reuters")."""
    return _words(without_outlet(title))


def without_outlet(title: str) -> str:
    """The headline in one line, at most 500 characters, without the outlet's name at its end where four words stay."""
    title = " ".join(title[:_TITLE].split())
    suffix = _OUTLET.search(title)
    if suffix and (suffix["han"] or (len(suffix["name"].split()) <= 5 and suffix["name"][:1].isupper())):
        stripped = title[: suffix.start()]
        return stripped if len(_words(stripped)) >= 4 else title
    return title


def _words(text: str) -> tuple[str, ...]:
    plain = _plain(text)
    return tuple(map(_folded, (_ASCII_TOKEN if plain.isascii() else _TOKEN).findall(plain)))


def _body(text: str) -> str:
    text = _DATELINE.sub("", _BYLINE.sub("", text.strip(), count=1), count=1)
    # Only the end is searched: over a long run of blanks these patterns would take the square of its length.
    head, tail = text[:-_TAIL], text[-_TAIL:]
    return head + _CUT_WORD.sub("", _CREDITS.sub("", tail, count=1), count=1)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_GONE)
    text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    return _PER_CENT.sub("percent", text) if "cent" in text else text


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "")
    folded = fold(word)
    return _SHORTHAND.get(folded, folded)
