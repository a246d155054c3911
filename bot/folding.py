"""Folding: one spelling for all the ways a text may write the same words, with the way back.

Order of work for each piece of text: NFKC and case fold (Unicode 15, annexes 15 and 31: the two are
repeated until nothing changes), quotes and dashes to one kind, white space to one kind, zero-width
characters, soft hyphens and the Arabic tatweel away, accents off, traditional Chinese to simplified
(OpenCC's table of single characters). Terms and texts go through the very same functions.

Most characters fold to exactly one character. Those that do not – ligatures, combining marks, conjoining
jamo, half-width kana with a voicing mark, invisible ones – are folded cluster by cluster, a cluster being
a character with everything that joins it; :class:`OffsetMap` remembers where they stood.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    class _Converter(Protocol):
        """What is used of OpenCC."""

        def convert(self, text: str) -> str:
            """The text with its characters simplified."""


# Stands for "does not fold to one character" while a text is translated; a real DEL is declared such a
# character too, so no text can fake it. ASCII, because ASCII strings translate about ten times faster.
_COMPLEX = "\x7f"

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\U0001b000-\U0001b16f"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7a3\ud7b0-\ud7ff"
CJK = _HAN + _KANA + _HANGUL  # the inside of a regular expression's character class
_IS_HAN = re.compile(f"[{_HAN}]")

# The Hebrew signs for abbreviations and the Uzbek and Hawaiian turned comma are typed as quotes as often as not.
_QUOTES = dict.fromkeys("‘’‚‛ʻʼ`´′׳", "'") | dict.fromkeys("“”„‟״", '"')
_NEWLINES = "\n\x85\u2028"
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Format characters that are seen: the Arabic, Syriac and Kaithi signs that span the number after them.
_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Draws an Arabic word out to fill a line, and may carry the vowel signs of the letter before it.
_TATWEEL = "\u0640"
# NFKC would glue "TM" to the name before it, which would then be another word.
_DROPPED = frozenset({"™", "℠", _TATWEEL})
_STROKES = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i"}

_LATIN_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]")
# й, ї, ў, ѓ, ќ are letters of their own; only the stress marks and the dots of ё are accents.
_CYRILLIC_MARKS = re.compile("[\u0300\u0301\u0304]")
# Vowel signs; the hamza (0653-0655) makes another letter.
_ARABIC_MARKS = re.compile("[\u064b-\u0652\u0656-\u065f\u0670]")
_HEBREW_MARKS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")
_ACCENTS = (
    (re.compile("[a-z\u00aa-\u024f\u0250-\u02af\u0370-\u03ff\u1e00-\u1fff]"), _LATIN_MARKS),
    (re.compile("[\u0400-\u0432\u0434-\u0439\u043b-\u052f]"), _CYRILLIC_MARKS),
    (re.compile("[\u0600-\u06ff\u0750-\u077f]"), _ARABIC_MARKS),
    (re.compile("[\u0590-\u05ff]"), _HEBREW_MARKS),
)


def is_invisible(char: str) -> bool:
    """Whether a character takes no room and says nothing: zero-width, soft hyphen, direction marks."""
    if unicodedata.category(char) == "Cf":
        return char not in _VISIBLE_FORMAT
    return _INVISIBLE.match(char) is not None


@cache
def _joins(char: str) -> bool:
    """Whether a character may change or be changed by the one before it."""
    if is_invisible(char):
        return True
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or "\u1161" <= first <= "\u11ff" or first == _TATWEEL


@cache
def _simplifier() -> _Converter:
    """OpenCC's converter (traditional → simplified); loaded when the first Han character is seen."""
    import opencc

    return cast("_Converter", opencc.OpenCC("t2s"))


def _simplified(char: str) -> str:
    previous = ""
    while previous != char:  # the table is not closed: a few results are themselves traditional forms
        previous, converted = char, _simplifier().convert(char)
        char = converted if len(converted) == 1 else char
    return char


def _one_kind(char: str) -> str:
    """A character after NFKC and case fold, with quotes, dashes, white space and Chinese unified."""
    if char == _TATWEEL:
        return ""
    if char in _QUOTES:
        return _QUOTES[char]
    if char in _NEWLINES:
        return "\n"
    if char.isspace():
        return "\n\n" if char == "\u2029" else " "
    category = unicodedata.category(char)
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Cs":
        return "\ufffd"
    return _simplified(char) if _IS_HAN.match(char) else char


def _is_accent(base: str, mark: str) -> bool:
    if base == "е" and mark == "\u0308":  # ё
        return True
    return any(letters.match(base) and marks.match(mark) for letters, marks in _ACCENTS)


def _compatible(text: str, *, case: bool) -> str:
    """NFKC, with case fold unless ``case`` is kept, repeated until nothing changes."""
    previous = ""
    while previous != text:
        previous = text
        text = unicodedata.normalize("NFKC", text if case else text.casefold())
    return text


def _visible(text: str) -> str:
    return "".join(_QUOTES.get(char, char) for char in text if char not in _DROPPED and not is_invisible(char))


@lru_cache(maxsize=65_536)
def fold_cluster(cluster: str) -> tuple[str, tuple[str, ...]]:
    """A cluster's folded characters, and for each the accents that were taken off it."""
    bare: list[str] = []
    accents: list[str] = []
    for char in "".join(map(_one_kind, _compatible(_visible(cluster), case=False))):
        decomposed = unicodedata.normalize("NFD", char)
        base, marks = decomposed[0], decomposed[1:]
        if bare and not marks and _is_accent(bare[-1], char):
            accents[-1] += char
        elif marks and all(_is_accent(base, mark) for mark in marks):
            bare.append(_STROKES.get(base, base))
            accents.append((base if base in _STROKES else "") + marks)
        else:
            bare.append(_STROKES.get(char, char))
            accents.append(char if char in _STROKES else "")
    return "".join(bare), tuple(accents)


def fold_closely(text: str) -> tuple[str, tuple[str, ...]]:
    """The folded characters one by one, as everywhere else, and for each the accents that were taken off."""
    folded = [fold_cluster(cluster) for cluster in _clusters(text)] if text else []
    return "".join(bare for bare, _ in folded), tuple(mark for _, marks in folded for mark in marks)


class _Table(dict[int, str]):
    """Code point → its one folded character, or ``_COMPLEX``; filled as characters are first met."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        bare, _ = fold_cluster(char)
        folded = bare if len(bare) == 1 and char != _COMPLEX and not _joins(char) else _COMPLEX
        self[point] = folded
        return folded


class Translation:
    """``str.translate`` by a table that gives one ASCII character for each of ASCII.

    What is ASCII, which is most of most texts, is translated as bytes: thirty times faster.
    """

    def __init__(self, table: Mapping[int, str]) -> None:
        self._table = table
        self._ascii = "".join(table[point] for point in range(128)).encode("ascii") + bytes(128)

    def __call__(self, text: str) -> str:
        """The text translated."""
        if text.isascii():
            return text.encode("ascii").translate(self._ascii).decode("ascii")
        pieces = _NON_ASCII.split(text)
        pieces[::2] = map(self, pieces[::2])
        pieces[1::2] = [piece.translate(self._table) for piece in pieces[1::2]]
        return "".join(pieces)


_NON_ASCII = re.compile("([^\x00-\x7f]+)")
_translated = Translation(_Table())


@dataclass(slots=True)
class OffsetMap:
    """The way from offsets of a folded text back to those of the text it was made from.

    Segments begin at ``starts`` in the folded text and at ``origins`` before; in one of width 0 the
    characters run in step, in any other all of them stand for that many characters before.
    """

    starts: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    def add(self, start: int, origin: int, width: int = 0) -> None:
        """Append a segment."""
        self.starts.append(start)
        self.origins.append(origin)
        self.widths.append(width)

    def begin(self, place: int) -> int:
        """Where the character at ``place`` begins."""
        segment = bisect_right(self.starts, place) - 1
        step = 0 if self.widths[segment] else place - self.starts[segment]
        return self.origins[segment] + step

    def end(self, place: int) -> int:
        """Where the character before ``place`` ends (exclusive)."""
        segment = bisect_right(self.starts, place - 1) - 1
        return self.origins[segment] + (self.widths[segment] or place - self.starts[segment])

    def place(self, origin: int) -> int:
        """The way forward: which folded character stands for the one at ``origin``."""
        segment = bisect_right(self.origins, origin) - 1
        place = self.starts[segment] + (0 if self.widths[segment] else origin - self.origins[segment])
        following = segment + 1
        return min(place, self.starts[following] - 1) if following < len(self.starts) else place


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters stood in ``original``."""

    original: str
    text: str
    maps: tuple[OffsetMap, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that the folded [start, end) was made from."""
        if start >= end:
            raise ValueError(f"an empty span ({start}, {end}) has no place in the original text")
        for offsets in self.maps:
            start, end = offsets.begin(start), offsets.end(end)
        while end > start + 1 and is_invisible(self.original[end - 1]):
            end -= 1
        return start, end

    def aligned(self) -> str | None:
        """The original characters, each at the place of its folded one; None unless all but white space is in step."""
        if len(self.maps) > 1:
            return None
        offsets = self.maps[0]
        ends = (*offsets.starts[1:], len(self.text))
        return "".join(
            self.original[origin : origin + (end - start)]
            for start, end, origin in zip(offsets.starts, ends, offsets.origins, strict=True)
        )

    def find(self, start: int, end: int) -> tuple[int, int]:
        """The folded characters that stand for [start, end) of the original; the reverse of :meth:`span`."""
        last = end - 1
        for offsets in reversed(self.maps):
            start, last = offsets.place(start), offsets.place(last)
        return start, last + 1


def _clusters(text: str) -> list[str]:
    """A run of complex characters (its first may be the base of a mark), one cluster an entry."""
    clusters = [text[0]]
    for char in text[1:]:
        if _joins(char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _expand(text: str, translated: str) -> tuple[str, OffsetMap]:
    """Replace the runs of ``_COMPLEX`` in a translated text by what their clusters fold to."""
    pieces: list[str] = []
    offsets = OffsetMap()
    length = done = 0
    place = translated.find(_COMPLEX)
    while place >= 0:
        begin = place - 1 if place > done and _joins(text[place]) else place
        end = place
        while end < len(text) and translated[end] == _COMPLEX:
            end += 1
        pieces.append(translated[done:begin])
        offsets.add(length, done)
        length += begin - done
        for cluster in _clusters(text[begin:end]):
            bare, _ = fold_cluster(cluster)
            if bare:
                # Marks that stay as they are (Hindi, Thai) keep one place for each character.
                in_step = len(bare) == len(cluster) and unicodedata.is_normalized("NFKC", cluster)
                offsets.add(length, begin, 0 if in_step else len(cluster))
                pieces.append(bare)
                length += len(bare)
            begin += len(cluster)
        done = end
        place = translated.find(_COMPLEX, done)
    pieces.append(translated[done:])
    offsets.add(length, done)
    return "".join(pieces), offsets


def fold_characters(text: str) -> tuple[str, OffsetMap | None]:
    """Every character folded, white space not yet collapsed. No map: nothing moved."""
    folded = _translated(text)
    return _expand(text, folded) if _COMPLEX in folded else (folded, None)


# Two patterns with literal beginnings instead of one class: eight times faster on a news article.
_LINES = re.compile(r"\n[ \n]*")
_BLANKS = re.compile("  +")


def _gaps(text: str) -> list[tuple[int, int]]:
    """Where runs of spaces and line feeds are, single spaces left out."""
    found = [blanks.span() for blanks in _BLANKS.finditer(text)]
    for lines in _LINES.finditer(text):
        begin, end = lines.span()
        found.append((begin - (begin > 0 and text[begin - 1] == " "), end))
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _collapse(text: str) -> tuple[str, OffsetMap]:
    """Gaps of any length to one space, or to one line feed where they hold a blank line."""
    pieces: list[str] = []
    offsets = OffsetMap()
    offsets.add(0, 0)
    length = done = 0
    for begin, end in _gaps(text):
        pieces.append(text[done:begin])
        pieces.append("\n" if text.count("\n", begin, end) > 1 else " ")
        length += begin - done + 1
        if end - begin > 1:
            offsets.add(length - 1, begin, end - begin)
            offsets.add(length, end)
        done = end
    pieces.append(text[done:])
    return "".join(pieces), offsets


_NOTHING = Folded("", "", (_collapse("")[1],))


def view(text: str, *, hyphens: bool = False) -> Folded:
    """The folded text with its offset map: paragraphs apart (a line feed), any other gap one space.

    Hyphens count as spaces unless ``hyphens`` keeps them.
    """
    if not text:
        return _NOTHING
    folded, first = fold_characters(text)
    collapsed, second = _collapse(folded if hyphens else folded.replace("-", " "))
    return Folded(text, collapsed, (second,) if first is None else (second, first))


def fold_exactly(text: str) -> str:
    """The light fold behind ``=Term``: NFKC, quotes, dashes and white space; case and accents stay."""
    kept = (char if _IS_HAN.match(char) else _one_kind(char) for char in _compatible(_visible(text), case=True))
    return " ".join("".join(kept).split())
