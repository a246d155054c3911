"""What the rules nearly matched: asked of the archive by a person, and told to ``[ops]`` once a week."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from .alerts.compose_notices import compose_notices
from .alerts.notices import Notice, Trouble
from .match import NearMisses
from .model.words import plural
from .store import articles, outbox, weekly

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from .desk import Desk
    from .match import NearMiss
    from .model import Rule
    from .store import Tx
    from .store.records import Archived

    Place = tuple[datetime, int]
    """Where a page of the archive ends: the last article's ``order_at`` and id."""

WEEK = timedelta(days=7)
MOST = 20_000
"""Articles that are looked at, the newest first."""
AT_ONCE = 100
"""Articles that are held against the rules in one go while the service runs."""
SHOWN = 6
"""Rules that the weekly message names."""
UID_SPACE = uuid.UUID("5f3a0c0e-6f0b-5c57-9a52-3c3a7f5d7a10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An archived article, and what it missed by one thing."""

    stored: Archived
    miss: NearMiss


def near_misses(
    tx: Tx, rules: Iterable[Rule], since: datetime, *, on_article: Callable[[], None] = lambda: None
) -> Iterator[Missed]:
    """What the archive of the time since then missed by one thing, newest first; at most ``MOST`` articles are read."""
    finder = NearMisses(rules)
    for stored in articles.archive(tx, since=since, limit=MOST):
        on_article()
        yield from _missed(finder, stored)


async def tell_near_misses(desk: Desk) -> int:
    """Queue the week's near misses for ``[ops]``, if a week is over; of how many articles. Raises StoreError.

    The first week begins when this is first called: nobody hears of what was there before.
    """
    if not desk.config.ops_notify or not await desk.call(_is_due, desk):
        return 0
    now = desk.now()
    finder = NearMisses(desk.rules().ruleset.rules.values())
    found: list[Missed] = []
    after, read = None, AT_ONCE
    for _ in range(MOST // AT_ONCE):
        if read < AT_ONCE or desk.stopping:
            break
        missed, after, read = await desk.call(_look, desk, finder, now - WEEK, after)
        found += missed
    return 0 if desk.stopping else await desk.call(_tell, desk, found, now)


def _is_due(desk: Desk) -> bool:
    """Whether a week is over since the last message; the first call begins one."""
    now = desk.now()
    with desk.store.read() as tx:
        last = weekly.near_misses_told(tx)
    if last is None:
        with desk.store.write() as tx:
            weekly.remember_near_misses(tx, now)
    return last is not None and now - last >= WEEK


def _look(
    desk: Desk, finder: NearMisses, since: datetime, after: Place | None
) -> tuple[list[Missed], Place | None, int]:
    """What the next articles missed, the place of the last of them, and how many there were."""
    with desk.store.read() as tx:
        found = articles.page(tx, since, after, AT_ONCE)
    missed = [miss for stored in found for miss in _missed(finder, stored)]
    return missed, (found[-1].order_at, found[-1].id) if found else after, len(found)


def _missed(finder: NearMisses, stored: Archived) -> Iterator[Missed]:
    return (Missed(stored=stored, miss=miss) for miss in finder.of(stored.article, stored.order_at.date()))


def _tell(desk: Desk, found: Sequence[Missed], now: datetime) -> int:
    """Queue the message, and note the week as told, in one transaction; of two processes one does it."""
    kinds = {destination.id: destination.kind for destination in desk.config.destinations}
    with desk.store.write() as tx:
        last = weekly.near_misses_told(tx)
        if last is not None and now - last < WEEK:
            return 0
        weekly.remember_near_misses(tx, now)
        notices = [_notice(found)] if found else []
        for name in desk.config.ops_notify if notices else ():
            uid = str(uuid.uuid5(UID_SPACE, f"{name} {now.isoformat()}"))
            payload = compose_notices(notices, kinds[name])
            outbox.enqueue(tx, uid=uid, alert=None, destination=name, op="post", payload=payload, at=now)
    return len({each.stored.id for each in found})


def _notice(found: Sequence[Missed]) -> Notice:
    number = plural(len({each.stored.id for each in found}), "article")
    return Notice(
        step="begins",
        trouble=Trouble(
            key="near misses",
            kind="rule",
            title=f"{number} of the last week missed a rule by one thing",
            detail="; ".join(summary(found)),
            remedy="presswatch rules near-miss shows them, each with the change that would have caught it",
            lasts=False,
        ),
    )


def summary(found: Collection[Missed]) -> list[str]:
    """Of each rule how many articles missed it, and the change that would have caught most of them; most first."""
    numbers = Counter(each.miss.rule.id for each in found)
    lines = []
    for id_, number in numbers.most_common(SHOWN):
        changes = Counter(each.miss.change for each in found if each.miss.rule.id == id_)
        change, caught = changes.most_common(1)[0]
        lines.append(f"{id_}: {number:,} ({caught:,} by “{change}”)")
    rest = len(numbers) - len(lines)
    return [*lines, f"and {plural(rest, 'more rule')}"] if rest else lines
