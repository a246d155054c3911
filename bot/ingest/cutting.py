"""A feed's text cut into what stands before the items, the items, and what stands behind them.

An item is known again by its text, so that nothing of it need be parsed. The text of an item means the same wherever it
stands among the items of a feed, provided that

- it is one whole element. A cut is made at every "<item" and behind the next "</item>", so a text begins with the one,
  ends with the other and holds no further "<item". Whether these are tags, and not part of a comment or of marked text,
  is asked of the parser (:func:`stand`): where as many items stand in the feed as there are texts, each "<item" begins
  one, so that each text has to end where its item does. The check is made once, when the text is met first;
- nothing outside of it says how it is read, but what :func:`surroundings` holds: the tags around the items and the
  namespaces. What stands between the items and behind them is white space and closing tags, so it says nothing;
- it says nothing of how others are read: it declares no namespace.

Where any of this fails, the feed is not cut. tests/ingest hold feeds that are read so against feeds read whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .markup import root

if TYPE_CHECKING:
    from .plainfeed import Walk

_ITEMS = {"rss": "item", "feed": "entry"}
_END = r"(?:\s|<!--[^<>]*-->)*"
_TAILS = {
    "rss": re.compile(rf"\s*</channel\s*>\s*</rss\s*>{_END}"),
    "feed": re.compile(rf"\s*</feed\s*>{_END}"),
}
_OPENING = {"rss": re.compile(r"<rss[^<>]*>\s*<channel[^<>]*>"), "feed": re.compile(r"<feed[^<>]*>")}
_DECLARED = re.compile(r"xmlns[^<>]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A feed from its first element on: ``head``, the texts of its ``items`` (elements called ``name``), ``tail``."""

    name: str
    head: str
    items: list[str]
    tail: str

    def with_items(self, items: list[str]) -> str:
        """The feed with these of its items only."""
        return f"{self.head}{''.join(items)}{self.tail}"


def cut(text: str) -> Cut | None:
    """The feed in ``text`` cut into parts, None where it cannot be."""
    kind, start = root(text)
    name = _ITEMS.get(kind)
    if name is None:
        return None
    head, *pieces = text[start:].split(f"<{name}")
    items, gap, closing = [], "", f"</{name}>"
    for piece in pieces:
        inside, closed, after = piece.partition(closing)
        if not closed or (gap and not gap.isspace()):
            return None
        items.append(f"<{name}{inside}{closing}")
        gap = after
    if not items or not _TAILS[kind].fullmatch(gap) or not _OPENING[kind].match(head):
        return None
    return Cut(name=name, head=head, items=items, tail=gap)


def surroundings(whole: Cut) -> str:
    """All that stands before the items and says how they are read, but for the feed's own language."""
    opening = _OPENING["rss" if whole.name == "item" else "feed"].match(whole.head)
    end = opening.end() if opening else 0
    return "\n".join((whole.head[:end], *_DECLARED.findall(whole.head, end)))


def stand(whole: Cut, met: list[str], walk: Walk) -> bool:
    """Whether the texts ``met`` for the first time, which the ``walk`` has read, can be known again. See the module."""
    if walk.carried or walk.parent is None or f":{whole.name}" in whole.head:
        return False
    own = sum(child.tag.rpartition("}")[2] == whole.name for child in walk.parent)
    return own == len(met) == len(walk.entries) and not any("xmlns" in item for item in met)
