"""How two kinds of occurrences miss each other where a rule wants them together, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.words import plural

from .nearness import by_units, by_words, in_order, in_other_order, nearest
from .tree import Beside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from .page import Page
    from .tree import Found, Joint

    Parted = tuple[Literal["apart", "order"], str, tuple[Found, Found], int]
    """The kind, the end of a sentence that begins "… both occur, ", a left and a right occurrence to show, and how many
    words stand between them; 0 where words are not what parts them."""


def parted(node: Beside | Joint, left: Sequence[Found], right: Sequence[Found], page: Page) -> Parted:
    """Why these occurrences, of which no two fulfil the node, do not."""
    told = _beside(node, left, right, page) if isinstance(node, Beside) else None
    return told or _in_units(node, left, right, page)


def _beside(node: Beside, left: Sequence[Found], right: Sequence[Found], page: Page) -> Parted | None:
    """What can be told in words between two of one paragraph."""
    measure = by_words(page)
    ahead, behind = in_order(left, right, measure), in_other_order(left, right, measure)
    if node.ordered and behind and (ahead is None or behind.distance[0] <= node.within):
        order = f"but in the other order, {_words(behind.distance[0])} at the nearest"
        return "order", f"{order}; the rule asks for at most {node.within} in this one", (behind.left, behind.right), 0
    pair = ahead if node.ordered else min(filter(None, (ahead, behind)), key=lambda one: one.distance, default=None)
    if pair is None:
        return None
    order = " in this order" if node.ordered else ""
    apart = f"{_words(pair.distance[0])}{order} at the nearest"
    return "apart", f"{apart}; the rule asks for at most {node.within}", (pair.left, pair.right), pair.distance[0]


def _in_units(node: Beside | Joint, left: Sequence[Found], right: Sequence[Found], page: Page) -> Parted:
    """What can be told of two that stand in different sentences or paragraphs."""
    unit: Literal["sentence", "paragraph"] = "paragraph" if isinstance(node, Beside) else node.unit
    pair = nearest(left, right, by_units(page, unit))
    if pair is None:
        return _in_fields(left, right, page)
    if pair.distance[0] == 1:
        where = f"but never in one {unit}; at the nearest in neighbouring ones"
    else:
        where = f"but never in one {unit}; at the nearest {plural(pair.distance[0], unit)} apart"
    return "apart", where, (pair.left, pair.right), 0


def _in_fields(left: Sequence[Found], right: Sequence[Found], page: Page) -> Parted:
    """What can be told of two that never stand in one field beside each other."""
    for title, body in ((left, right), (right, left)):
        above = next((one for one in title if one[1] < page.border), None)
        below = next((one for one in body if one[1] >= page.border), None)
        if above and below:
            shown = (above, below) if title is left else (below, above)
            return "apart", "but one in the title and the other in the text", shown, 0
    return "apart", "but only where they overlap", (left[0], right[0]), 0


def _words(number: int) -> str:
    return f"{plural(number, 'word')} apart" if number else "side by side"
