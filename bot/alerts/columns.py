"""Wrapping plain text by the columns it takes: Chinese characters take two, and a line may end after any of them."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from bot.text import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

# What East Asian texts are made of: kana, ideographs, Hangul, full-width forms.
_EAST = "\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
# Such a character with the punctuation that must not begin a line, or a run of others.
_PIECE = re.compile(rf"\s+|[{_EAST}][、。，．：；？！）】》」』〉”’]*|[^\s{_EAST}]+")


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """``text`` in lines of at most ``width`` columns, wider words whole; ``first`` and ``rest`` indent them."""
    if columns(text) == len(text):
        return textwrap.wrap(
            text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
        )
    return list(_lines(text, width, first, rest))


def _lines(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    line, used, empty = first, columns(first), True
    for match in _PIECE.finditer(text):
        piece = match[0]
        space, wide = piece.isspace(), columns(piece)
        if not empty and not space and used + wide > width:
            yield line.rstrip()
            line, used, empty = rest, columns(rest), True
        if empty and space:
            continue
        piece = " " if space else piece
        line, used, empty = line + piece, used + columns(piece), False
    if not empty:
        yield line.rstrip()
