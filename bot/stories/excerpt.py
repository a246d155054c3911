"""Whether a text is nothing but a passage of another one, wherever in it that stands.

An editor who needs two inches takes a paragraph or two out of the middle of a wire's text. What he prints is short,
but nobody writes 25 words of prose like somebody else by chance; what reports share are quotations, and lines that an
agency or an office puts under everything, and none of these makes a text alone. A text that has an earlier one in
its middle is another matter: a round-up takes in what was told before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.text import has_run_script

from .common import COMMON, EMPTY, stem
from .wording import MINOR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .align import Alignment
    from .reading import Reading

LEAST = 25  # words of a text that has been cut out
PROSE = 20  # of them outside quotation marks: reports of one statement share what was said
WORDS = 10  # different words of that prose that are more than grammar, and
TELLING = 4  # of these, words that news do not always use: a greeting or a house's own lines have none
STRAY = 2  # words of the text that need not stand in the other one
RUN = 12  # words of a passage that was taken over as it stood
_RUN = re.compile(rb"\x01{%d,}" % RUN)


def is_excerpt(short: Reading, long: Reading, alignment: Alignment) -> bool:
    """Whether the shorter text was cut out of the longer, which came before it; that no fact was exchanged is known."""
    if short.at is None or long.at is None or short.at < long.at:
        return False
    words, marks = short.body.folded, alignment.marks_a
    if _size(words) < LEAST or sum(marks) < len(words) - STRAY:
        return False
    if any(
        set(words[spot.a0 : spot.a1]) - MINOR and set(long.body.folded[spot.b0 : spot.b1]) - MINOR
        for spot in alignment.spots
    ):
        return False  # a word for another, if it be no fact
    whole = sum(len(match[0]) for match in _RUN.finditer(alignment.marks_b))
    if whole < len(words) - STRAY:
        return False
    prose = [word for word, mark, quoted in zip(words, marks, short.quoted, strict=True) if mark and not quoted]
    said = {word for word in prose if word not in MINOR and word not in EMPTY}
    telling = {word for word in said if stem(word) not in COMMON}
    return _size(prose) >= PROSE and _size(said) >= WORDS and _size(telling) >= TELLING


def _size(words: Iterable[str]) -> float:
    """Words in all; of a script without spaces, two letters make one."""
    return sum(1 if word.isascii() or not has_run_script(word) else 0.5 for word in words)
