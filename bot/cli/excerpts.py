"""An excerpt of a query on a narrow terminal: cut around the carets, so that they stay in their place."""

from __future__ import annotations

from bot.text import columns

LEAST = 20
"""Columns below which a line is not cut any more: nothing could be read in it."""


def narrowed(excerpt: str, width: int) -> str:
    """The line and the carets under it in at most ``width`` columns; what is left out is shown as "…".

    ``excerpt`` is that of a :class:`~bot.errors.Fault`.
    """
    line, carets = excerpt.split("\n")
    width = max(width, LEAST)
    if max(columns(line), len(carets)) <= width:
        return excerpt
    at = carets.index("^")
    starts = [columns(line[:place]) for place in range(len(line) + 1)]
    first = _first(line, starts, at, width)
    lead = "…" if first else ""
    room = width - len(lead)
    last = len(line)
    if starts[last] - starts[first] > room:
        last = max(place for place in range(first, len(line)) if starts[place] - starts[first] <= room - 1)
    shown = f"{lead}{line[first:last]}" + ("…" if last < len(line) else "")
    before = at - starts[first] + len(lead)
    number = min(carets.count("^"), max(1, width - before))
    return f"{shown}\n{' ' * before}{'^' * number}"


def _first(line: str, starts: list[int], at: int, width: int) -> int:
    """Where the line begins to be shown: with its own beginning if the carets lie near it, or somewhat before them."""
    if at + 1 <= width // 2:
        return 0
    place = next(place for place in range(len(line) + 1) if at - starts[place] <= width // 3)
    while place < len(line) and starts[place + 1] == starts[place]:  # a mark belongs to the letter before it
        place += 1
    return place
