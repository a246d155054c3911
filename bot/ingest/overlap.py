"""Does a poll join the one before? Pure: what a feed showed then against what it shows now.

*The theory.* A feed is a window on a stream: new items come in at one end and old ones go out at the other. If
something that it showed last time is still in it, nothing has come and gone in between – provided that it stands
in the stream at all. What is kept at its place (an item pinned to the top for weeks) proves nothing. So an item of
last time that is still there is a *witness* unless

- it is outlasted: of the items that came into the feed after it, more than half have gone;
- it stands beside the stream: everything that went and everything that is new stood on the same side of it. In a
  feed that lists the newest first the new ones stand before it, those that went stood behind it; where the newest
  come last, it is the other way round.

Known exceptions, all on the side of silence, since a warning that comes too often is not read. If more than half of
last time's items are still there, they are taken as proof, whatever their order: lists that are sorted by other
things than time change like that, and one item that is replaced by a corrected one must not look like a gap. So pins
that make up more than half of a feed hide one. Of items that all came at once and stand in no order, any one that
stays is taken as a witness. An item that comes back – of an old page, or because it was edited – was not in the last
poll and is none. A feed that shows nothing new has nothing to prove: a shorter list, a stale copy of the page.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Of a longer feed both ends are remembered: items come and go there.
END = 250
_LETTERS = 12  # of a hash: two of 500 items have the same once in two thousand million polls


def short(key: str) -> str:
    """The name under which an item's key is remembered."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]


def remembered(before: Mapping[str, int], now: Sequence[str], number: int) -> dict[str, int]:
    """What to remember of a poll: each name in the feed's order, with the ``number`` of the poll that first had it.

    An item that was away begins anew.
    """
    ends = now if len(now) <= 2 * END else (*now[:END], *now[-END:])
    return {name: before.get(name, number) for name in ends}


def witnesses(before: Mapping[str, int], now: Sequence[tuple[str, bool]], *, ordered: bool = True) -> int:
    """How many items of the last poll prove that nothing is missing between it and this one; 0: there is no proof.

    ``before`` is what :func:`remembered` gave, ``now`` the names in the feed's order, each with whether it is new.
    Where the source is not ``ordered``, as sitemaps are not, places tell nothing and nothing is pinned to one.
    """
    places = {name: place for place, (name, _) in enumerate(now)}
    stayed = [name for name in before if name in places]
    gone = [name for name in before if name not in places]
    if len(stayed) > len(gone):
        return len(stayed)
    went = [place for place, name in enumerate(before) if name not in places]
    came = [place for place, (_, new) in enumerate(now) if new]
    order = {name: place for place, name in enumerate(before)}
    all_since, gone_since = sorted(before.values()), sorted(before[name] for name in gone)

    def is_outlasted(name: str) -> bool:
        later = len(all_since) - bisect_right(all_since, before[name])
        return 2 * (len(gone_since) - bisect_right(gone_since, before[name])) > later

    def is_beside(name: str) -> bool:
        side = _side(order[name], went)
        return ordered and side != 0 and side == _side(places[name], came)

    return sum(not (is_outlasted(name) or is_beside(name)) for name in stayed)


def _side(place: int, others: Sequence[int]) -> int:
    """Where all of the ``others``, in ascending order, stand: 1 behind the place, -1 before it; 0 on both sides."""
    if not others or others[0] < place < others[-1]:
        return 0
    return 1 if others[0] > place else -1
