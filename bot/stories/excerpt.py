"""Whether a text is nothing but a passage of another one, wherever in it that stands.

An editor who needs two inches takes a paragraph or two out of the middle of a wire's text. What he prints is short,
but nobody writes 25 words of prose like somebody else by chance; what reports share are quotations, and lines that an
agency or an office puts under everything, and none of these makes a text alone. A text that has an earlier one in
its middle is another matter: a round-up takes in what was told before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from bot.text import has_run_script

from .align import K
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
RUN = 12  # words of the sentences that were taken over as they stood
_RUN = re.compile(rb"\x01{%d,}" % RUN)


def is_excerpt(short: Reading, long: Reading, alignment: Alignment) -> bool:
    """Whether the shorter text was cut out of the longer, which came before it, and not a word was changed."""
    if short.at is None or long.at is None or short.at <= long.at:
        return False  # what was told before is taken into round-ups
    words = short.body.folded
    if _size(words) < LEAST or not all(alignment.marks_a):
        return False
    if _taken(long, alignment.marks_b) < len(words):
        return False
    prose = [word for word, quoted in zip(words, short.quoted, strict=True) if not quoted]
    said = {word for word in prose if word not in MINOR and word not in EMPTY}
    telling = {word for word in said if stem(word) not in COMMON}
    return _size(prose) >= PROSE and _size(said) >= WORDS and _size(telling) >= TELLING


def _taken(reading: Reading, marks: bytes) -> int:
    """Words of the sentences that stand whole in the other text; a word more in one of them may turn it."""
    begins = (*reading.sentences, len(reading.body.folded))
    taken = 0
    for match in _RUN.finditer(marks):
        start, end = match.span()
        last = begins[bisect_right(begins, end) - 1]  # the next sentence may begin with words that begin another there
        if start not in begins or end - last >= K:
            return 0
        taken += last - start
    return taken


def _size(words: Iterable[str]) -> float:
    """Words in all; of a script without spaces, two letters make one."""
    return sum(1 if word.isascii() or not has_run_script(word) else 0.5 for word in words)
