"""What stands in a digest beside its stories: how many are usual for each theme, and the rules off their ``expect``.

It is read before the issue is written, so that nobody waits for the database meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import expected
from .alerts import counting, expect
from .alerts.digest_content import chosen, watched
from .alerts.volume import DAY, HOUR, Past, usual
from .model import Aside, RuleOff
from .volume import series

if TYPE_CHECKING:
    from datetime import date, datetime

    from .alerts.expect import Standing
    from .model import Digest, RuleSet, Window
    from .store import Tx

# Of longer windows eight weeks tell too little.
LONGEST = 7 * DAY


def hours_of(window: Window) -> int:
    """How many hours are counted of a window: readers of one digest, written to one after the other, share them."""
    return max(1, round((window.end - window.begin) / HOUR))


def aside(tx: Tx, digest: Digest, window: Window, ruleset: RuleSet, *, before: date | None, now: datetime) -> Aside:
    """What an issue says beside its stories; ``before`` is the local date of the one before it. Raises StoreError."""
    rules = [rule for rule in ruleset.rules.values() if chosen(digest, rule.id, ruleset.rules)]
    standings = expected.standings(tx, rules, now)
    return Aside(
        before=before,
        normal=_normal(tx, digest, window, ruleset, now),
        off=tuple(_off(one) for one in standings if one.verdict in ("low", "high")),
    )


def _normal(tx: Tx, digest: Digest, window: Window, ruleset: RuleSet, now: datetime) -> dict[str, tuple[int, int]]:
    """From how many to how many stories are usual in such a window, for the themes of which enough is known."""
    hours = hours_of(window)
    if hours > LONGEST:
        return {}
    themes, found = watched(digest, ruleset.rules), {}
    for subject in counting.subjects(ruleset).values():
        if subject.kind == "theme" and subject.id in themes:
            past = Past(series(tx, subject, now, earlier=max(0, hours - DAY)))
            normal = usual(past, hours)
            if normal.filled:
                found[subject.id] = (normal.low, normal.high)
    return found


def _off(standing: Standing) -> RuleOff:
    return RuleOff(
        rule=standing.rule,
        title=standing.title,
        verdict="low" if standing.verdict == "low" else "high",
        detail=expect.sentence(standing),
        cause=expect.cause(standing),
    )
