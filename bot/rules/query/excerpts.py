"""The place of a mistake, drawn under the query's own line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.text import columns

if TYPE_CHECKING:
    from .nodes import QueryFault

WIDTH = 76
"""Columns of an excerpt; a longer line is cut around the place."""

BEFORE = 40
"""Columns shown before the place where a line is cut."""

# Letters of Persian and of Indic scripts have them between, and they take no column.
_JOINERS = re.compile("[\u200c\u200d]")


def excerpt(text: str, fault: QueryFault) -> str:
    """The line in which the fault begins, and under it ``^`` for each column of its place.

    Blanks of any kind are shown as one blank each, control characters as "�", and what joins letters or keeps them
    apart not at all, so that the carets stand where they belong.
    """
    begin = text.rfind("\n", 0, fault.start) + 1
    end = text.find("\n", fault.start)
    end = len(text) if end < 0 else end
    first = _back(text, begin, fault.start)
    last = _forth(text, first, end)
    lead = ("…" if first > begin else "") + _shown(text[first : fault.start])
    place = _shown(text[fault.start : min(fault.end, last)])
    line = lead + _shown(text[fault.start : last]) + ("…" if last < end else "")
    return f"{line.rstrip()}\n{' ' * columns(lead)}{'^' * max(1, columns(place))}"


def _back(text: str, begin: int, place: int) -> int:
    """Where the excerpt begins: with the line, or ``BEFORE`` columns before the place."""
    first, used = place, 0
    while first > begin and used <= BEFORE:
        first -= 1
        used += columns(_shown(text[first]))
    return first + 1 if used > BEFORE else first


def _forth(text: str, first: int, end: int) -> int:
    last, used = first, 1
    while last < end and used < WIDTH - 1:
        used += columns(_shown(text[last]))
        last += 1
    return last if used < WIDTH else last - 1


def _shown(text: str) -> str:
    return "".join(" " if char.isspace() else char if char.isprintable() else "�" for char in _JOINERS.sub("", text))
