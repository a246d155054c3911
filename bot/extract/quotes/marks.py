"""Where passages between quotation marks stand: curly, straight, guillemets, German and East Asian ones.

A mark is judged by its own paragraph alone, so that one that was never closed spoils nothing else. Of nested marks the
outer ones count. An apostrophe is no mark: a single one opens only before a word that nothing stands in front of, and
closes only behind one that nothing follows. A passage whose paragraph ends before it does counts where the next
paragraph opens with the same mark, as quotations of several paragraphs are printed. Every mark is looked at a fixed
number of times.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

_GAP = re.compile(
    r"\n[^\S\n]*\n\s*|\u2029\s*"
    # A single line feed parts paragraphs where a sentence has ended before it and another begins behind it.
    r"|(?<=[.!?…:”\"’»」』。！？：])[^\S\n]{0,8}\n\s*(?=[^a-z\s])"
)
_MARK = re.compile("[“”„‟«»‹›\"＂「」『』‘’‚‛']")
# What could open a quotation; a single mark only where a word begins. The mark is looked for first, which is fast.
_MAYBE = re.compile('[“”„‟«»‹›"＂「」『』]')
_MAYBE_SINGLE = re.compile("[‘‚'](?<![^\\W_].)[^\\W_]")
_CLOSERS = {
    "“": '”"',
    "”": "”",
    "‟": "”",
    "„": '“”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    '"': '"”',
    "＂": "＂",
    "「": "」",
    "『": "』",
}
_SINGLE_OPENERS, _SINGLE_CLOSERS = "‘‚'", "’'‘"
_ALWAYS_OPEN = "“„‟«‹「『"
_BEFORE_OPENING = "([{—–-/:,;“‘'「『，：；、。"
_SPEAKS = re.compile(r",[”\"’']?\s(?:said|says|added|told|asked)\b|\b(?:he|she|[A-Z]\w+)\s(?:said|says|added|told)\b")
# What may stand between two paragraphs of one quotation: the lines that pages put between paragraphs.
_SKIPPED = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands between two marks, at [start, end); the marks with it at [outer_start, outer_end).

    ``single``: between single marks. ``goes_on``: its next paragraph is the next passage.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    single: bool = False
    goes_on: bool = False


@dataclass(slots=True)
class Paragraph:
    """[start, end) of the text, without space around it, and its passages in order."""

    start: int
    end: int
    passages: list[Passage] = field(default_factory=list)
    unclosed: Passage | None = None


def may_quote(text: str) -> bool:
    """Whether there is anything that could open a quotation; cheap."""
    if text.isascii():
        return '"' in text or ("'" in text and _MAYBE_SINGLE.search(text) is not None)
    return _MAYBE.search(text) is not None or _MAYBE_SINGLE.search(text) is not None


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs that hold anything, with their passages."""
    found: list[Paragraph] = []
    begin = 0
    for end, after in [*(gap.span() for gap in _GAP.finditer(text)), (len(text), len(text))]:
        piece = text[begin:end]
        stripped = piece.strip()
        if stripped:
            start = begin + len(piece) - len(piece.lstrip())
            found.append(_Reader(text, Paragraph(start, start + len(stripped))).read())
        begin = after
    _join(text, found)
    if any(not passage.single for paragraph in found for passage in paragraph.passages):
        for paragraph in found:
            paragraph.passages = [one for one in paragraph.passages if not one.single or _is_direct(text, one)]
    return found


def _is_direct(text: str, passage: Passage) -> bool:
    """Whether a passage between single marks is speech, where double ones are what the text quotes with."""
    return text[passage.end - 1] in ",.!?…，。！？"


def _join(text: str, found: list[Paragraph]) -> None:
    """Passages that were not closed stay if the next paragraph goes on with them."""
    for place, paragraph in enumerate(found):
        last = paragraph.unclosed
        if last is None:
            continue
        following = [one for one in found[place + 1 : place + 2 + _SKIPPED] if not _is_between(text, one)]
        # Where somebody is named as the speaker in between, the mark that closes was forgotten.
        if _SPEAKS.search(text, last.start, last.end):
            continue
        if following and text[following[0].start] == text[last.outer_start] and _opens(following[0]):
            paragraph.passages.append(last)


def _is_between(text: str, paragraph: Paragraph) -> bool:
    return not paragraph.passages and paragraph.unclosed is None and text[paragraph.end - 1] not in ".!?…:。！？："


def _opens(paragraph: Paragraph) -> bool:
    first = paragraph.passages[0] if paragraph.passages else paragraph.unclosed
    return first is not None and first.outer_start == paragraph.start


class _Reader:
    """Finds the passages of one paragraph."""

    def __init__(self, text: str, paragraph: Paragraph) -> None:
        self.text = text
        self.paragraph = paragraph
        self.marks = [mark.start() for mark in _MARK.finditer(text, paragraph.start, paragraph.end)]
        self.closers: list[int] | None = None
        self.weak: list[int] = []
        self.openers: list[int] = []

    def read(self) -> Paragraph:
        """The paragraph with its passages."""
        number = 0
        while number < len(self.marks):
            number = self._take(number)
        return self.paragraph

    def _take(self, number: int) -> int:
        """Go on from the mark with this number; the number of the next one to look at."""
        place = self.marks[number]
        mark = self.text[place]
        if mark in "‘’‚‛'":
            end = self._single_end(place) if mark in _SINGLE_OPENERS and self._opens_single(place) else None
            if end is None:
                return number + 1
            self._add(place, end, single=True)
            return bisect_right(self.marks, end)
        if not (mark in _ALWAYS_OPEN or (mark in '"＂”»' and self._may_open(place))):
            return number + 1
        return self._double(number, mark)

    def _double(self, number: int, mark: str) -> int:
        opened = self.marks[number]
        closers = _CLOSERS[mark]
        for following in range(number + 1, len(self.marks)):
            place = self.marks[following]
            char = self.text[place]
            if char in closers and (char not in '"”' or mark != '"' or not self._reopens(place)):
                self._add(opened, place)
                return following + 1
            if char == mark or (char in _ALWAYS_OPEN and mark == '"'):
                return following  # opened again: where the first one was to end, nobody knows
        self.paragraph.unclosed = Passage(opened + 1, self.paragraph.end, opened, self.paragraph.end, goes_on=True)
        return len(self.marks)

    def _add(self, opened: int, closed: int, *, single: bool = False) -> None:
        inner = self.text[opened + 1 : closed]
        stripped = inner.strip()
        if any(char.isalnum() for char in stripped):
            start = opened + 1 + len(inner) - len(inner.lstrip())
            self.paragraph.passages.append(Passage(start, start + len(stripped), opened, closed + 1, single))

    def _may_open(self, place: int) -> bool:
        before = self.text[place - 1] if place > self.paragraph.start else " "
        after = self.text[place + 1] if place + 1 < self.paragraph.end else " "
        if after.isspace():
            return False
        return before.isspace() or before in _BEFORE_OPENING or "\u2e80" < before < "\uffef"

    def _reopens(self, place: int) -> bool:
        """Whether a straight mark opens rather than closes: space before it and none behind."""
        return self.text[place - 1].isspace() and self._may_open(place)

    def _opens_single(self, place: int) -> bool:
        before = self.text[place - 1] if place > self.paragraph.start else " "
        after = self.text[place + 1] if place + 1 < self.paragraph.end else " "
        return (before.isspace() or before in _BEFORE_OPENING) and (after.isalpha() or after in '“"[…£$€')

    def _single_end(self, place: int) -> int | None:
        """Where a passage that a single mark opened ends: before the next one opens.

        After a plural's s a mark is more likely to be an apostrophe ("the officials’ phones"), if another follows.
        """
        if self.closers is None:
            self._index_singles()
        closers = self.closers or []
        following = bisect_right(self.openers, place)
        border = self.openers[following] if following < len(self.openers) else self.paragraph.end
        for places in (closers, self.weak):
            first = bisect_left(places, place + 2)
            if first < len(places) and places[first] <= border:
                return places[first]
        return None

    def _index_singles(self) -> None:
        self.closers = []
        for place in self.marks:
            if self.text[place] in _SINGLE_OPENERS and self._opens_single(place):
                self.openers.append(place)
            elif self.text[place] in _SINGLE_CLOSERS and place > self.paragraph.start:
                after = self.text[place + 1] if place + 1 < self.paragraph.end else " "
                before = self.text[place - 1]
                if not before.isspace() and not after.isalnum():
                    (self.weak if before in "sS" and after.isspace() else self.closers).append(place)
