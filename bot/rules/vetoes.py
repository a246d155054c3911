"""What keeps whole articles out where it is meant to leave out single occurrences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Not, Term, terms_of
from bot.text import fold
from bot.tomlfile import Character

from .covering import Cover
from .terms import in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import Expr
    from bot.tomlfile import TomlPath

    from .conflicts import Note
    from .query import Placed

REMEDY = (
    "move it to mask, which leaves out these occurrences only; here one of them keeps the whole article out, "
    "whatever else it tells"
)


def coarse(items: Iterable[tuple[TomlPath, Expr]], positive: Iterable[Expr]) -> Iterator[Note]:
    """Those of the ``items`` of ``none`` that are a phrase around a term the rule looks for: what mask is made for."""
    cover = Cover(term for part in positive for term in terms_of(part, positive=True))
    for path, item in items:
        inside = cover.within(item) if isinstance(item, Term) else None
        # The same word in another spelling is told as standing in both.
        if isinstance(item, Term) and inside is not None and fold(inside.text) != fold(item.text):
            yield path, f"{in_quotes(item)} is a phrase around {in_quotes(inside)}, which the rule looks for", REMEDY


def coarse_in_query(groups: Iterable[Expr], query: Expr, placed: Placed) -> Iterator[Note]:
    """The same of every NOT of a query."""
    vetoes = [group.part for group in groups if isinstance(group, Not)]
    places = ((part, placed.start(part)) for part in vetoes)
    items = [(("query",) if start is None else ("query", Character(start)), part) for part, start in places]
    return coarse(items, [query])
