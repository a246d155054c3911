"""A text as stories compare it: words, without the marks of a house's style.

Two outlets that run one wire text differ in quotes, dashes, spacing, dateline, credits and habits of spelling
("per cent" and "%", "U.S." and "US"). All of that is taken away here; what still differs afterwards differs
in substance. Capitals are kept aside, for a changed name is a changed fact.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from bot.text import fold

TOKENS = 6_000  # of one text that are compared: beyond any article, a bound for transcripts

# Place, date and agency, or some of them: "BEIJING, Aug 29 (Reuters) –", "SHANGHAI —", "(AP) –",
# In Chinese place, day and 电 with the reporter behind it, an agency in brackets, or "据…消息，".
# and in Chinese: "新华社北京12月3日电（记者 …）", "（路透社北京）", "【北京讯】", "据…消息，".
_DAY = r"(?:[A-Z][a-zä]{2,8}\.?\s\d{1,2}|\d{1,2}\.?\s[A-Z][a-zä]{2,8}\.?)(?:,?\s\d{4})?"
_PLACE = r"[A-ZÄÖÜ][A-ZÄÖÜ.'’ /]{2,40}(?:,\s?[A-Za-z.]{2,12}){0,2}"
_AGENCY = r"\([A-Z][\w .’'-]{1,30}\)"
_DATELINE = re.compile(
    rf"\A\s*(?:{_PLACE}(?:,?\s{_DAY})?\s*(?:{_AGENCY}\s*)?[-–—:|]+\s(?:{_DAY}\s*[-–—:]\s)?"
    rf"|(?:{_DAY}\s*)?{_AGENCY}\s*[-–—]+\s"
    rf"|[A-ZÄÖÜ][\w.'’ -]{{2,30}}(?:,\s{_DAY})?\s*\([A-Za-z][\w/ .’'-]{{1,30}}\)\s*[-–—]+\s"
    r"|[A-ZÄÖÜ]{3,20}\.\s(?=[A-ZÄÖÜ][a-zäöü])|[（(【][\w ]{2,20}[)）】]\s*"
    r"|[\u4e00-\u9fff]{2,16}\d{1,2}月\d{1,2}日[电電讯訊]\s*(?:[（(][^）)\n]{2,30}[）)]\s*)?"
    r"|[据據][^，。\n]{2,20}(?:消息|[报報][道导導])，)"
)
_BYLINE = re.compile(r"\A\s*By\s(?:(?:[A-Z][\w.’'-]+[ ,]*(?:and\s)?){1,8}|(?:our|staff|the)\s[^\n.]{3,60})\n+")
# Credits, signposts and cut marks at the end are the outlet's or the feed's, not the text's.
# Each with signs of which any such has one, in small letters with single blanks; none holds an "i", of which there are
# four.
_CREDITS = (
    (r"\((?:Additional\s)?(?:Reporting|Writing|Editing)\sby[^)]*\)", ("ng by",)),
    (r"\[\+\d+ chars\]", ("[+",)),
    (r"\[(?:…|\.\.\.)\]", ("[…]", "[...]")),
    (
        r"(?:Continue\sreading|Read\s(?:more|the\sfull\s\w+))[^\n]{0,80}",
        ("e read", "read more", "read the full"),
    ),
    (r"(?:©|\(c\)|Copyright)[^\n]{0,120}", ("©", "(c)", "copyr")),
    (r"\bBy\s(?:our|staff)\s[^\n.]{3,60}", ("by our", "by staff")),
    (r"\(?(?:—\s?)?\bwith\s[^\n.()]{0,30}\bagenc(?:y|ies)\)?\.?", ("agenc",)),
    (r"\(with\s[^\n()]{2,40}\)", ("(w",)),
    (r"\n[^\n.]{2,60}\scontributed\sto\sthis\s(?:report|article|story)\.?", ("contr",)),
    (r"\bSource:\s[^\n]{2,40}", ("source:",)),
    (r"\((?:[a-z]{2,4}/)+[a-z]{2,4}\)", ("/",)),
    (r"[（(]完[）)]", ("完",)),
    (
        r"[（(]?(?:责任编辑|責任編輯|编辑|編輯|来源|來源)[：:][^\n]{1,30}",
        ("编", "編", "来源", "來源"),
    ),
)
_CREDIT_SIGNS = tuple((sign, kind) for kind, signs in _CREDITS for sign in signs)
_CUT_WORD = re.compile(r"\s\S+?(?:…|\.\.\.)\s*\Z")
_TITLE = 500  # characters of a headline that count
_TAIL = 400  # characters that hold any credits
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}(?!\w)")
_INITIAL = re.compile(r"\.[A-Za-z]\.")  # the least of them, which is searched for fast
_PER_CENT = re.compile(r"per(?<=\bper)\scent\b")  # what begins with letters is searched for fast
_GONE = "\u00ad\u200b\u200c\u200d\u2060\ufeff'’ʼ‘"
# Signs that are in no word, and what stands in ASCII for them: none of it is in one either. A quotation mark at the
# end must not become one at the beginning.
_TYPED = (("“", '"'), ("”", ")"), ("–", "-"), ("—", "-"), ("‐", "-"), ("•", "*"))
# Scripts without spaces count by the character: Han, kana, Hangul.
RUN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{RUN}]|[^\W\d_{RUN}]+\d*|[%$€£¥]")
# The same for a text that is ASCII throughout, in half the time.
_ASCII_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+[0-9]*|[%$]")
_GROUPED = re.compile(r",[0-9]")  # digits are written in groups
_SHORTHAND = {"%": "percent", "mn": "million", "bn": "billion", "tn": "trillion"}
# Chinese outlets put their name behind a sign without spaces.
_OUTLET = re.compile(rf"(?:\s+[-–—|·]\s+(?P<name>[^-–—|·]{{2,40}})|[_|｜丨](?P<han>[{RUN}]{{2,12}}))\Z")


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
    found = plain(body_of(text))
    pattern = _ASCII_TOKEN if found.isascii() else _TOKEN
    spans = tuple([match.span() for match in islice(pattern.finditer(found), TOKENS)])
    return Tokens(text=found, spans=spans, folded=_all_folded(found)[:TOKENS])


@lru_cache(maxsize=4)  # sketch and traits of an article read one text, if it is not too long
def plain_words(text: str) -> tuple[str, tuple[str, ...]]:
    """The text whose words :func:`tokens` finds, and these words, folded, without their places.

    Signs that typographers use are as they are typed, so that the text of most articles is ASCII.
    """
    typed = typed_signs(plain(body_of(text)))
    return typed, _all_folded(typed)[:TOKENS]


@lru_cache(maxsize=8)
def ascii_words(text: str) -> tuple[str, ...]:
    """The words of an ASCII text in small letters: what sketch and traits of an article are both made of."""
    return tuple(_ASCII_TOKEN.findall(text.lower()))


def body_words(text: str) -> tuple[str, ...]:
    """The words of a body as :func:`tokens` folds them, without their places."""
    return plain_words(text)[1]


def title_words(title: str) -> tuple[str, ...]:
    """The words of a headline without the outlet's name at its end ("… – Reuters")."""
    return _all_folded(plain(without_outlet(title)))


def without_outlet(title: str) -> str:
    """The headline in one line, at most 500 characters, without the outlet's name at its end where four words stay."""
    title = " ".join(title[:_TITLE].split())
    suffix = _OUTLET.search(title)
    if suffix and (suffix["han"] or (len(suffix["name"].split()) <= 5 and suffix["name"][:1].isupper())):
        stripped = title[: suffix.start()]
        return stripped if len(_all_folded(plain(stripped))) >= 4 else title
    return title


def typed_signs(text: str) -> str:
    """The text with signs as they are typed where typographers have their own; its words are the same."""
    for sign, typed in _TYPED if not text.isascii() else ():
        text = text.replace(sign, typed)
    return text


def _all_folded(text: str) -> tuple[str, ...]:
    if not text.isascii():
        return tuple(map(folded, _TOKEN.findall(text)))
    # Of ASCII, folding changes letters to small ones and nothing else: it is done for all words at once.
    words = ascii_words(text)
    if not _SHORTHAND.keys().isdisjoint(words):
        words = tuple([_SHORTHAND.get(word, word) for word in words])
    return tuple([word.replace(",", "") for word in words]) if _GROUPED.search(text) else words


def body_of(text: str) -> str:
    """A body without the dateline before it, and the credits and signs of a cut behind it."""
    text = _without_start(_DATELINE, _without_start(_BYLINE, text.strip()))
    # Only the end is searched: over a long run of blanks these patterns would take the square of its length.
    head, tail = text[:-_TAIL], text[-_TAIL:]
    signs = " ".join(tail.casefold().split())
    if found := [kind for sign, kind in _CREDIT_SIGNS if sign in signs]:
        tail = _credits(*found).sub("", tail, count=1)
    return head + (_CUT_WORD.sub("", tail, count=1) if tail.rstrip().endswith(("…", "...")) else tail)


@cache
def _credits(*kinds: str) -> re.Pattern[str]:
    """Credits of these kinds at the end: every kind is tried at each place, and a text has signs of few or none."""
    which = "|".join(dict.fromkeys(kinds))
    return re.compile(rf"(?:\s*(?:{which}))+\s*\Z", re.IGNORECASE)


def _without_start(pattern: re.Pattern[str], text: str) -> str:
    # Not with sub(), which goes on to try a pattern that begins with \A at every later place.
    found = pattern.match(text)
    return text[found.end() :] if found else text


def plain(text: str) -> str:
    """The text in one form of its letters, with initials, and per cent, as one word each."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for sign in _GONE if not text.isascii() else ():
            text = text.replace(sign, "")
    if text.isascii():
        text = text.replace("'", "")
    if _INITIAL.search(text):
        text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    return _PER_CENT.sub("percent", text) if "cent" in text else text


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """One word as it is compared."""
    if word[0].isdigit():
        return word.replace(",", "")
    small = fold(word)
    return _SHORTHAND.get(small, small)
