"""What an article is judged by: read for the decision, and as far as it could not be read again, kept with it.

``alerts.decide`` sees a :class:`Look` and nothing else. Of what stands in one, most can be read again for any moment of
the past: the text (``article_version``), the rules (``rule_version``), destinations and routes (``config_version``),
what had been told (``alert``, up to a number), which stories were one (``story_merge``, up to a number), and what
follows from these – who is crowded, which rules have spent what they expect. The rest is kept here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .model.volume import Contract
from .store import alerts, looks, merges

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .alerts.look import Look
    from .model import Destination, Rule
    from .store import Tx

HOUR = timedelta(hours=1)


def crowded(tx: Tx, destinations: Iterable[Destination], now: datetime, upto: int | None = None) -> set[str]:
    """The destinations that have had as many alerts in the last hour as they take.

    ``upto``: when that alert was the newest one.
    """
    capped = {each.id: each.max_per_hour for each in destinations if each.max_per_hour}
    told = alerts.counts(tx, capped, since=now - HOUR, upto=upto) if capped else {}
    return {name for name, most in capped.items() if told.get(name, 0) >= most}


def spent(tx: Tx, rules: Iterable[Rule], now: datetime, upto: int | None = None) -> set[str]:
    """Those of the rules that have told of more stories than they expect; ``upto`` as for :func:`crowded`."""
    contracts = {rule.id: Contract.read(rule.expect) for rule in rules if rule.expect}
    return {
        rule
        for rule, contract in contracts.items()
        if alerts.stories_of(tx, rule, since=now - contract.span, upto=upto) > contract.high
    }


def remember(
    tx: Tx,
    look: Look,
    *,
    version: int,
    rules_at: datetime | None,
    config_at: datetime | None,
    applied: bool = False,
) -> int:
    """Keep what cannot be read again, before anything is written of the decision; its id. Raises StoreError.

    ``version`` is the number of the article's, ``rules_at`` and ``config_at`` since when rules and configuration were
    those in force. ``applied``: one rule was held against the archive because somebody asked.
    """
    concerns = bool(look.mentions or look.told)
    return looks.add(
        tx,
        looks.Seen(
            at=look.now,
            article=look.article_id,
            version=version,
            story=look.story,
            rules_at=rules_at,
            config_at=config_at,
            alerts=alerts.newest(tx) if concerns else 0,
            merges=merges.newest(tx) if concerns else 0,
            held=held(look, applied=applied),
        ),
    )


def held(look: Look, *, applied: bool = False) -> dict[str, Any]:
    """What of a look stands nowhere else, or may not be there later, as it is stored; what is usual is left out.

    A story's later merges change what its members are; an article's state rises; who was read last and what a story
    held then is gone; groups may be refused for good; a mute may be ended while this is written.
    """
    placed = look.placement
    found: dict[str, Any] = {
        "kind": placed.kind if placed.kind != "new" else None,
        "why": placed.reason if placed.kind != "new" else None,
        "score": placed.score if placed.kind != "new" else None,
        "copy_of": placed.copy_of,
        "original": look.original,
        "baseline": look.baseline,
        "edited": look.edited,
        "applied": [each.rule for each in look.mentions] if applied else None,
        "silent": not look.source.alerts,
    }
    if look.mentions or look.told:
        found |= {
            "before": sorted(look.matched_before),
            "news": [replace(one, sentence=None).as_json() for one in look.news],
            "mutes": [mute.id for mute in look.mutes],
            "grouped": {name: at.isoformat() for name, at in sorted(_still_felt(look).items())},
        }
    return {name: value for name, value in found.items() if value or isinstance(value, float)}


def _still_felt(look: Look) -> dict[str, datetime]:
    """When alerts last went together, where that makes the next ones wait."""
    spans = {each.id: timedelta(seconds=each.group_interval) for each in look.destinations}
    return {name: at for name, at in look.last_group.items() if name in spans and at + spans[name] > look.now}
