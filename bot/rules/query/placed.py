"""Where the parts of an expression stand in the query that they were read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Expr

    Span = tuple[int, int]
    """[start, end) in code points of the query."""


class Placed:
    """The places of parts, each known by what it is, not by what it says: the same word may stand in two places."""

    def __init__(self, found: Iterable[tuple[Expr, int, int]] = ()) -> None:
        self._parts: list[Expr] = []  # held, so that no other part is ever taken for one of them
        self._spans: dict[int, list[Span]] = {}
        for part, start, end in found:
            self._parts.append(part)
            self._spans.setdefault(id(part), []).append((start, end))

    def spans(self, part: Expr) -> Sequence[Span]:
        """All its places, in order: an entity or a list may be named several times. None if it is no part of it."""
        return self._spans.get(id(part), ())

    def start(self, part: Expr | None) -> int | None:
        """Where it first stands; None if that is nowhere, as for a term of a list that the query names."""
        spans = self.spans(part) if part is not None else ()
        return spans[0][0] if spans else None

    def word(self, start: int) -> Span:
        """The shortest part that begins there."""
        return min(span for spans in self._spans.values() for span in spans if span[0] == start)

    def again(self, part: Expr, group: Expr, parts: Sequence[Expr]) -> int | None:
        """Where, among the parts of a group, one stands for the second time; if that is not known, the group's own."""
        around = self.spans(group)[:1]
        same = {id(other): other for other in parts if other == part}.values()
        inside = sorted(
            start for other in same for start, _ in self.spans(other) for first, end in around if first <= start < end
        )
        return inside[1] if len(inside) > 1 else self.start(group)
