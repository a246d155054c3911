"""Text as people read it: folding, words, sentences, and what may be shown of text from outside."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import cache
from itertools import islice

from .folding import CJK, Translation, fold_characters, is_invisible

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
RUN_SCRIPTS = re.compile(f"[{CJK}\u0e01-\u0e3a\u0e40-\u0e4e]")
"""A letter of Han, Hiragana, Katakana, Hangul or Thai, which do without spaces."""
OTHER, WORD, RUN, MARK = 0, 1, 2, 3
_SURROGATES = re.compile("[\ud800-\udfff]")
_ASCII_CLEAN = b"\n" + bytes(range(0x20, 0x7F))


def fold(text: str) -> str:
    """The text in one spelling: NFKC, case fold, one kind of quote, dash and space, no accents, simplified Chinese."""
    return " ".join(fold_characters(text)[0].split())


# ── words ────────────────────────────────────────────────────────────────────────────────────────


class _Kinds(dict[str, int]):
    """Character → OTHER, WORD (letters and digits), RUN (letters of scripts without spaces) or MARK."""

    def __missing__(self, char: str) -> int:
        if unicodedata.category(char)[0] == "M":
            kind = MARK
        elif RUN_SCRIPTS.match(char):
            kind = RUN
        else:
            kind = WORD if char.isalnum() else OTHER
        self[char] = kind
        return kind


KINDS = _Kinds()
JOINTS = ("'", ".", ",")
"""Signs that may stand inside a word."""
JOINT = re.compile("[',.]")


class _WithoutSigns(dict[int, str]):
    """Code point → itself if it is a letter, digit or mark, else a space."""

    def __missing__(self, point: int) -> str:
        char = self[point] = chr(point) if KINDS[chr(point)] != OTHER else " "
        return char


without_signs = Translation(_WithoutSigns())
"""The text with a space for each character that is no letter, digit or mark."""


def has_run_script(text: str) -> bool:
    """Whether there is a letter of Han, Hiragana, Katakana, Hangul or Thai, which do without spaces."""
    return not text.isascii() and RUN_SCRIPTS.search(text) is not None


def breaks_word(text: str, place: int) -> bool:
    """Whether a word may start or end at this place: not between two letters or digits, not before a mark.

    Letters of Han, Hiragana, Katakana, Hangul and Thai have an edge on both sides.
    """
    if place <= 0 or place >= len(text):
        return True
    after = KINDS[text[place]]
    if after == MARK:
        return False
    before = place - 1
    while before > 0 and KINDS[text[before]] == MARK:
        before -= 1
    return after != WORD or KINDS[text[before]] not in (WORD, MARK)


@cache
def _word_pattern(*, ascii_only: bool) -> re.Pattern[str]:
    """A word: letters, digits and their marks; each CJK character alone; ``u.s.``, ``1,000``, ``don't`` are one each.

    Built on first use: Python's word class leaves out the combining marks, which have to be listed, and a
    class that long is slow, which a text in ASCII need not bear.
    """
    points = () if ascii_only else range(0x300, 0x1F000)
    marks = "".join(chr(point) for point in points if unicodedata.category(chr(point))[0] == "M")
    letter = "[a-z]" if ascii_only else rf"[^\W\d_{CJK}]"
    char = "[a-z0-9]" if ascii_only else rf"(?:[^\W_{CJK}]|[{marks}])"
    dotted = rf"{letter}(?:\.{letter}(?!{char}))+"
    joint = r"'|(?<=\d)[.,](?=\d)"
    pattern = rf"{dotted}|{char}+(?:(?:{joint}){char}+)*"
    return re.compile(pattern if ascii_only else rf"{pattern}|[{CJK}][{marks}]*")


def words(folded: str) -> list[str]:
    """The words of a folded text in order; an acronym comes without its dots (``u.s.`` → ``us``)."""
    return [
        word.replace(".", "") if "." in word and not word[0].isdigit() else word
        for word in _word_pattern(ascii_only=folded.isascii()).findall(folded)
    ]


def word_starts(folded: str) -> list[int]:
    """Where each word of a folded text begins."""
    pattern = _word_pattern(ascii_only=folded.isascii())
    if has_run_script(folded):
        return [word.start() for word in pattern.finditer(folded)]
    # Five to fifty times faster: what stands between signs, and the pattern only where a sign may be inside a word.
    bare = without_signs(folded)
    starts, place = [], 0
    for piece in bare.split(" "):
        if piece:
            starts.append(place)
        place += len(piece) + 1
    inner: set[int] = set()
    done = 0
    for joint in JOINT.finditer(folded):
        place = joint.start()
        if place > done and bare[place - 1] != " " and bare[place + 1 : place + 2] > " ":
            begin, done = bare.rfind(" ", 0, place) + 1, place
            while folded[done : done + 1] in JOINTS:
                done = bare.find(" ", done + 1)
                done = len(bare) if done < 0 else done
            inner |= _inside_words(pattern, folded, begin, done)
    return [start for start in starts if start not in inner] if inner else starts


def _inside_words(pattern: re.Pattern[str], folded: str, begin: int, end: int) -> set[int]:
    """Where signs inside [begin, end) end that are inside a word."""
    words = {begin + word.start() for word in pattern.finditer(folded[begin:end])}
    return {joint.end() for joint in JOINT.finditer(folded, begin, end)} - words


def nth_word(folded: str, count: int, begin: int = 0) -> int:
    """Where the word after the first ``count`` from ``begin`` on begins; the text's length if there is none."""
    following = next(islice(_word_pattern(ascii_only=folded.isascii()).finditer(folded, begin), count, None), None)
    return following.start() if following else len(folded)


# ── sentences ────────────────────────────────────────────────────────────────────────────────────

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|\u2029|\n(?=[^\S\n]*[-*•·‣▪◦][^\S\n])")
_STOP = re.compile(r"""[.!?…؟۔।]+["'”’»)\]]*(?=\s)|[。！？｡]+["'”’」』）)\]]*""")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Titles and the like are never the last word of a sentence; the second set is, if a new one clearly begins.
_NEVER_LAST = _set(
    "mr mrs ms messrs dr prof sen rep reps gov gen lt col sgt capt maj adm cmdr st mt hon rev amb sec fig figs art arts"
    " v vs cf approx e.g i.e pres supt pub mme mlle sra srta z.b d.h"
)
_MAYBE_LAST = _set(
    "inc co corp ltd plc llc bros cos pte pvt pty pt sdn bhd tbk ltda s.p.a sti tic jr sr etc dept est a.m p.m ph.d al"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
_BEFORE_NUMBERS = _set("no nos doc docs op reg regs mk para paras ch")
_STARTERS = _set(
    "the a an it its he his she her they their we our i you this that these those there in on at for from by with but"
    " and or so yet if when while as after before since although though however meanwhile both what who how why where"
    " not some many most all one two last earlier under according officials analysts mr ms mrs nobody none neither"
    " nothing everyone others then still instead even only such now today also since about"
)
_BEFORE = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)$")
_AFTER = re.compile(r"([\s\"'“”‘’«(\[]*)([^\W_]*)")
_MORE_DOTS = re.compile(r"[^\S\n]+\.(?!\S)")
_NUMBER = re.compile(r"\s*(?:\S*\d|Nos?\.)")
_NUMBERED = re.compile(r"(?:^|[\n\u2029])[^\S\n]*\d{1,3}$")


def _is_stop(text: str, begin: int, end: int) -> bool:
    """Whether the full stop at [begin, end) ends a sentence rather than an abbreviation."""
    opening, word = _beginning(text, end)
    if word[:1].islower():
        return False
    if text[begin] != "." or text.startswith("..", begin):
        return True
    if _MORE_DOTS.match(text, end) or _NUMBERED.search(text, max(0, begin - 24), begin):  # ". . ." and "1. First"
        return False
    preceding = _BEFORE.search(text, max(0, begin - 24), begin)
    last = preceding[1] if preceding else ""
    lower = last.lower()
    if lower in _NEVER_LAST or (lower in _BEFORE_NUMBERS and _is_numbering(text, last, end)):
        return False
    if len(last) == 1 and last.isupper():  # an initial, unless it is the pronoun
        return last == "I" and word.lower() in _STARTERS
    if lower in _MAYBE_LAST or ("." in last and last.replace(".", "").isupper()):
        return word.lower() in _STARTERS and "(" not in opening
    return True


def _beginning(text: str, place: int) -> tuple[str, str]:
    """The spaces, quotes and brackets at a place, and the word behind them."""
    found = _AFTER.match(text, place)
    return (found[1], found[2]) if found else ("", "")


def _is_numbering(text: str, last: str, end: int) -> bool:
    """Whether a number follows: "No. 5", "Nos. NPF-91 and 92". In small letters, "no" needs a digit next to it."""
    number = _NUMBER.match(text, end)
    return number is not None and (last[0].isupper() or number[0].lstrip()[:1].isdigit())


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    piece = text[begin:end]
    return begin + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _stops(text: str, begin: int, end: int) -> list[int]:
    """Where the sentences of one paragraph end."""
    places = [
        stop.end()
        for stop in _STOP.finditer(text, begin, end)
        if text[stop.start()] in "。！？｡" or _is_stop(text, stop.start(), stop.end())
    ]
    return [*places, end]


def sentences(text: str) -> list[tuple[int, int]]:
    """The [start, end) of each sentence, without white space around it.

    A blank line always ends a sentence, a single line feed only before a bullet. Knows abbreviations (``U.S.``,
    ``Mr.``, ``No. 5``, ``Inc.``) and the full stops of CJK, Arabic and Hindi.
    """
    found: list[tuple[int, int]] = []
    begin = 0
    for end, after in [*(gap.span() for gap in _PARAGRAPH.finditer(text)), (len(text), len(text))]:
        for stop in _stops(text, begin, end):
            first, last = _trimmed(text, begin, stop)
            if first < last:
                found.append((first, last))
            begin = stop
        begin = after
    return found


def sentences_around(spans: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The sentence that holds [start, end), or the joined ones if it crosses their borders.

    ``spans`` comes from :func:`sentences` and must not be empty.
    """
    first = max(0, bisect_left(spans, (start + 1, 0)) - 1)
    last = first
    while spans[last][1] < end and last + 1 < len(spans):
        last += 1
    return min(start, spans[first][0]), max(end, spans[last][1])


# ── what may be shown ────────────────────────────────────────────────────────────────────────────


def cut(text: str, limit: int) -> str:
    """The text if it has at most ``limit`` code points, else its beginning with "…", together ``limit`` at most.

    Never parts a letter from its marks.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = limit - 1
    while end > 0 and (unicodedata.combining(text[end]) or is_invisible(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + "…"


def columns(text: str) -> int:
    """The columns that ``text`` takes in a fixed-width font."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def is_clean(text: str) -> bool:
    """Whether :func:`clean` has nothing to do: all is printable or a line feed. Tabs are not, though they may stay."""
    if text.isascii():  # five times faster, and the same
        return not text.encode().translate(None, _ASCII_CLEAN)
    return (text.replace("\n", "") if "\n" in text else text).isprintable()


def clean(text: str) -> str:
    """The text without control and direction characters, safe to print; line ends become line feeds, tabs stay."""
    if is_clean(text):
        return text
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", text)
