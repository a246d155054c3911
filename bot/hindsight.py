"""An article as it stood at a moment of the past: its text, the rules, its story, and who would have been told.

Everything is read from versions that were in force from one moment to another. What is not kept is said by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .alerts.muting import mute_of, names
from .alerts.routes import routed
from .config.kept import rebuilt as kept_config
from .desk import Live
from .explain import Dossier, InForce, dossier
from .match import Matcher
from .model import RuleSet
from .reload import rebuilt
from .store import configs, merges, mutes, retention
from .store import explain as stored
from .store import rules as stored_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .config.kept import Kept
    from .model import Article, ArticleState, Destination, Mute, MuteKind
    from .store import Tx
    from .store.explain import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a rule that matches was to be told: the destinations of that time, and for each the mute that kept it."""

    rule: str
    destinations: tuple[Destination, ...]
    muted: tuple[Mute | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """An article ``at`` a moment: the dossier of then, and where the rules that match were to be told.

    ``alerts`` is whether its source was to alert anybody, None where that is not known. ``missing`` says what is not
    kept of that time, a sentence each.
    """

    at: datetime
    dossier: Dossier
    ways: tuple[Way, ...]
    alerts: bool | None
    missing: tuple[str, ...]


def in_force(tx: Tx, at: datetime) -> InForce:
    """The rules of a moment, compiled; those that this version does not understand any more count as rejected then."""
    kept = stored_rules.in_force(tx, at)
    rules = {id_: rule for id_, (_, definition) in kept.items() if (rule := rebuilt(definition)) is not None}
    live = Live(ruleset=RuleSet(rules=rules), matcher=Matcher(rules.values()), digest="")
    return InForce(live=live, since=stored_rules.began(tx, at))


def then(tx: Tx, article: int, rules: InForce, at: datetime) -> Then | None:
    """The article as of a moment; None if it had not been seen yet. ``rules`` are those of then. Raises StoreError."""
    history = stored.history_at(tx, article, at)
    if history is None:
        return None
    first = configs.kept_since(tx)
    known = first is not None and first <= at
    config = kept_config(configs.in_force(tx, at)) if known else None
    source = config.sources.get(history.stored.article.source) if config else None
    if source is not None:
        history = _with(history, replace(history.stored.article, tier=source.tier))
    found = dossier(tx, history, rules, config.digests if config else (), at)
    history = replace(found.history, stored=replace(found.history.stored, state=_state(found)))
    found = replace(found, history=history)
    return Then(
        at=at,
        dossier=found,
        ways=tuple(_ways(tx, found, config, at)) if config else (),
        alerts=source.alerts if source else None,
        missing=tuple(_missing(tx, found, first, rules, at)),
    )


def _with(history: History, article: Article) -> History:
    return replace(history, stored=replace(history.stored, article=article))


def _state(found: Dossier) -> ArticleState:
    """The article's place in the ledger, as far as it follows from what was decided by then."""
    decided = found.history.decisions
    if any(each.verdict != "no" for each in decided):
        return "alerted"
    if found.issues:
        return "in digest"
    if any(each.reason.partition(":")[0] == "baseline" for each in decided) or found.history.stored.state == "baseline":
        return "baseline"
    own = next((each for each in found.history.members if each.article == found.history.stored.id), None)
    if own is not None and own.kind == "copy":
        return "copy"
    return "muted" if found.matched else "no rule"


def _ways(tx: Tx, found: Dossier, config: Kept, at: datetime) -> list[Way]:
    by_id, held = {each.id: each for each in config.destinations}, _mutes(tx, at)
    ways = []
    for each in found.rules:
        if each.mention is None:
            continue
        places = routed(each.rule, config.destinations, config.routes)
        named: dict[MuteKind, list[str]] = {
            "source": [found.history.stored.article.source],
            "story": [str(found.history.story)],
        }
        kept_off = [mute_of(held, {**named, **names(each.rule, each.mention)}, place) for place in places]
        ways.append(
            Way(
                rule=each.rule.id,
                destinations=tuple(by_id[place] for place in places),
                muted=tuple(kept_off),
            )
        )
    return ways


def _mutes(tx: Tx, at: datetime) -> Sequence[Mute]:
    """The mutes of then; one of a story names the one that it had been merged into by then."""
    held = [mute for mute in reversed(mutes.recent(tx)) if mute.in_force(at)]
    ties = merges.around(tx, [int(mute.value) for mute in held if mute.kind == "story"])
    upto = merges.until(ties, at)
    return [
        replace(mute, value=str(ties.standing(int(mute.value), upto))) if mute.kind == "story" else mute
        for mute in held
    ]


def _missing(tx: Tx, found: Dossier, first: datetime | None, rules: InForce, at: datetime) -> list[str]:
    said = []
    if first is None or at < first:
        since = f"it has been written down since {first:%Y-%m-%d %H:%M} UTC" if first else "it was never written down"
        said.append(
            f"The configuration of then is not kept: {since}. So nothing is said of destinations, routes, mutes."
        )
    if not rules.live.ruleset.rules:
        said.append("No rule was in force, or none is kept of that time.")
    removed = retention.decisions_since(tx)
    if removed is not None and found.history.stored.first_seen < removed:
        said.append(f"Decisions from before {removed:%Y-%m-%d %H:%M} UTC are no longer kept.")
    waiting = [one for alert in found.history.alerts for one in alert.deliveries if one.state != "sent"]
    if waiting:
        said.append("Of messages that had not arrived by then it is not kept what had been tried.")
    return said
