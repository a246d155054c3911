"""Decisions of the past made once more from what is stored, and compared with what was decided then.

For each look at an article (``store.looks``) the text of that version is held against the rules that were in force, and
the same function decides (:func:`bot.alerts.decide.decide`). What it sees is read again: destinations and routes from
the configuration of the time, what had been told from the alerts up to that moment, in the stories that were one by
then, and what follows from it. Only what nobody could know afterwards was kept with the look (:mod:`bot.looking`).
Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .alerts.decide import decide
from .alerts.look import Look
from .config.kept import rebuilt as kept_config
from .config.kept import source as kept_source
from .looking import crowded, spent
from .match import Matcher
from .model import News, Placement, Source
from .model.words import APPLIED
from .reload import rebuilt
from .store import alerts as stored_alerts
from .store import configs, looks, merges, mutes, retention
from .store import rules as stored_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .alerts.look import Verdict
    from .config import Config
    from .config.kept import Kept
    from .model import Alert, Article, Mention, Mute, Rule
    from .store import Tx
    from .store.looks import Alerted, Made, Seen
    from .store.merges import Merges

# Sets of rules that are compiled at one time: polls that began before an edit end after it.
COMPILED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that was decided otherwise: ``was`` is what is stored, ``now`` what the replay gives (None: nothing).

    ``kind`` "decision" names a rule and a destination (None: the question did not arise), "alert" a destination.
    """

    kind: str
    article: int
    at: datetime
    rule: str | None
    destination: str | None
    was: str | None
    now: str | None


@dataclass(slots=True, kw_only=True)
class Replay:
    """What a window's replay brought.

    ``decisions`` and ``alerts`` were compared, on ``looks`` looks at articles. ``apart`` are decisions that delivery or
    a person made, by their reasons; ``gone`` are those whose texts are no longer kept, ``unknown`` those made while
    nobody wrote down rules or configuration. ``lost`` rules were in force and are not understood by this version;
    ``programs`` are the versions that decided.
    """

    since: datetime
    until: datetime
    looks: int = 0
    decisions: int = 0
    alerts: int = 0
    differences: list[Difference] = field(default_factory=list)
    apart: dict[str, int] = field(default_factory=dict)
    gone: int = 0
    unknown: int = 0
    lost: set[str] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)


def refusal(tx: Tx, config: Config, since: datetime, now: datetime) -> str | None:
    """Why decisions from ``since`` on cannot be made once more; None where they can."""
    kept = config.retention.decisions
    limit = max(now - timedelta(seconds=kept), retention.decisions_since(tx) or now - timedelta(seconds=kept))
    if since < limit:
        days = f"{kept / 86400:g} days"
        return f"decisions are kept for {days} ([retention] decisions): the oldest ones are of {_words(limit)}"
    first = configs.kept_since(tx)
    if first is None:
        return "no configuration has been written down yet: presswatch run does that when it starts"
    if since < first:
        known = f"has been written down since {_words(first)}, and not before"
        return f"the configuration by which they were made {known}: --since {first.isoformat()}"
    return None


def replay(tx: Tx, since: datetime, until: datetime, on_look: Callable[[int], None] = lambda _total: None) -> Replay:
    """Make the decisions of this time once more; ``on_look`` is called for each look, with the number of all."""
    past, found = _Past(tx), Replay(since=since, until=until)
    total = looks.count(tx, since, until)
    for page in looks.between(tx, since, until):
        texts = looks.articles(tx, sorted({seen.article for seen in page}))
        order = looks.mentions(tx, page)
        made, told = looks.decisions(tx, page), looks.alerts(tx, page)
        for seen in page:
            key = seen.article, seen.version
            _one(past, found, seen, texts.get(key), order.get(key, ()), made[seen.id], told[seen.id])
            on_look(total)
    found.apart, orphans = looks.left_over(tx, since, until)
    found.gone += orphans
    found.lost |= past.lost
    return found


def _one(  # noqa: PLR0917 – one look, and all that is stored of it
    past: _Past,
    found: Replay,
    seen: Seen,
    article: Article | None,
    order: Sequence[str],
    made: Sequence[Made],
    told: Sequence[Alerted],
) -> None:
    if seen.rules_at is None or seen.config_at is None:
        found.unknown += len(made)
        return
    if article is None:
        found.gone += len(made)
        return
    found.looks += 1
    found.decisions += len(made)
    found.alerts += len(told)
    found.programs.add(past.config(seen.config_at).program)
    verdict = decide(past.look(seen, article, order))
    found.differences += _decisions(seen, made, verdict)
    found.differences += _alerts(past.tx, seen, told, verdict)


# ── compared ─────────────────────────────────────────────────────────────────────────────────────


def _decisions(seen: Seen, made: Sequence[Made], verdict: Verdict) -> Iterator[Difference]:
    prefix = f"{APPLIED} – " if "applied" in seen.held else ""
    was = _by_pair((each.rule, each.destination, f"{each.verdict}: {each.reason}") for each in made)
    now = _by_pair(
        (each.rule, each.destination, f"{each.verdict}: {prefix}{each.reason}") for each in verdict.decisions
    )
    for rule, destination in dict.fromkeys((*was, *now)):
        before, after = was.get((rule, destination), Counter()), now.get((rule, destination), Counter())
        if before != after:
            yield Difference(
                kind="decision",
                article=seen.article,
                at=seen.at,
                rule=rule,
                destination=destination,
                was=_joined(before),
                now=_joined(after),
            )


def _by_pair(told: Iterator[tuple[str | None, str | None, str]]) -> dict[tuple[str | None, str | None], Counter[str]]:
    found: dict[tuple[str | None, str | None], Counter[str]] = {}
    for rule, destination, said in told:
        found.setdefault((rule, destination), Counter())[said] += 1
    return found


def _joined(said: Counter[str]) -> str | None:
    return " | ".join(sorted(said.elements())) or None


def _alerts(tx: Tx, seen: Seen, told: Sequence[Alerted], verdict: Verdict) -> Iterator[Difference]:
    was = {each.destination: each for each in told}
    now = {each.destination: each for each in verdict.alerts}
    for destination in dict.fromkeys((*was, *now)):
        before = was.get(destination)
        after = now.get(destination)
        if before is None and after is not None and _known(tx, seen, after):
            continue  # the same had been told before
        old = _stored(before) if before else None
        new = _replayed(after) if after else None
        if old != new:
            yield Difference(
                kind="alert",
                article=seen.article,
                at=seen.at,
                rule=None,
                destination=destination,
                was=old,
                now=new,
            )


def _known(tx: Tx, seen: Seen, alert: Alert) -> bool:
    trigger = stored_alerts.trigger(alert)
    return looks.was_told(tx, alert.story, alert.destination, alert.kind, trigger, seen.alerts)


def _stored(each: Alerted) -> str:
    return _alert_words(each.kind, each.severity, each.story, each.rules, each.trigger)


def _replayed(each: Alert) -> str:
    return _alert_words(each.kind, each.severity, each.story, sorted(set(each.rules)), stored_alerts.trigger(each))


def _alert_words(kind: str, severity: str, story: int, rules: Sequence[str], trigger: str) -> str:
    because = f" because of {', '.join(rules)}" if rules else ""
    return f"{kind}, {severity}, story {story}{because}" + (f" ({trigger})" if trigger else "")


# ── read again ───────────────────────────────────────────────────────────────────────────────────


class _Past:
    """What was in force when, each read once."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.lost: set[str] = set()
        self.merges: Merges = merges.every(tx)
        self._mutes: dict[int, Mute] = {mute.id: mute for mute in mutes.recent(tx)}
        self._configs: dict[datetime, Kept] = {}
        self._rules: dict[tuple[str, str], Rule | None] = {}
        self._matchers: dict[datetime, tuple[dict[str, Rule], Matcher]] = {}

    def config(self, at: datetime) -> Kept:
        """The configuration that was in force from a moment on."""
        if at not in self._configs:
            self._configs[at] = kept_config(configs.in_force(self.tx, at))
        return self._configs[at]

    def rules(self, at: datetime) -> tuple[dict[str, Rule], Matcher]:
        """The rules that were in force from a moment on, compiled."""
        if at not in self._matchers:
            rules = {id_: rule for id_, rule in self._rebuilt(at) if rule is not None}
            newest = next(reversed(self._matchers.values()), None)
            matcher = newest[1].updated(rules.values()) if newest else Matcher(rules.values())
            while len(self._matchers) >= COMPILED:
                del self._matchers[next(iter(self._matchers))]
            self._matchers[at] = rules, matcher
        return self._matchers[at]

    def _rebuilt(self, at: datetime) -> Iterator[tuple[str, Rule | None]]:
        for id_, (hash_, definition) in stored_rules.in_force(self.tx, at).items():
            if (id_, hash_) not in self._rules:
                self._rules[id_, hash_] = rebuilt(definition)
            rule = self._rules[id_, hash_]
            if rule is None:
                self.lost.add(id_)
            yield id_, rule

    def look(self, seen: Seen, article: Article, order: Sequence[str]) -> Look:
        """What the decision saw; ``order`` is that in which the rules' mentions were written down."""
        assert seen.rules_at is not None and seen.config_at is not None  # noqa: S101, PT018 – asked by the caller
        held, config = seen.held, self.config(seen.config_at)
        rules, _ = self.rules(seen.rules_at)
        source = self._source(article.source, config, seen)
        article = replace(article, tier=source.tier)
        mentions = self._mentions(seen, article, order)
        told = looks.told(self.tx, self.merges.family(seen.story, seen.merges), seen.alerts)
        by_rule = [rules[each.rule] for each in mentions if each.rule in rules]
        usual = "applied" not in held
        return Look(
            now=seen.at,
            article_id=seen.article,
            article=article,
            story=seen.story,
            mentions=mentions,
            rules=rules,
            placement=_placement(seen),
            source=source,
            destinations=config.destinations,
            routes=config.routes,
            told=told,
            baseline=held.get("baseline", False),
            edited=held.get("edited", False),
            matched_before=frozenset(held.get("before", ())),
            original=held.get("original"),
            news=tuple(News.from_json(one) for one in held.get("news", ())),
            mutes=tuple(self._mute(id_, seen) for id_ in held.get("mutes", ()) if id_ in self._mutes),
            crowded=crowded(self.tx, config.destinations, seen.at, seen.alerts) if usual and told else (),
            spent=spent(self.tx, by_rule, seen.at, seen.alerts) if usual and told else (),
            last_group={name: datetime.fromisoformat(at) for name, at in held.get("grouped", {}).items()},
        )

    def _mentions(self, seen: Seen, article: Article, order: Sequence[str]) -> list[Mention]:
        assert seen.rules_at is not None  # noqa: S101 – asked by the caller
        rules, matcher = self.rules(seen.rules_at)
        if "applied" in seen.held:
            asked = [rules[id_] for id_ in seen.held["applied"] if id_ in rules]
            judged = (matcher.mention(rule, article) for rule in asked)
            return [one for one in judged if one is not None]
        place = {rule: number for number, rule in reversed([*enumerate(order)])}
        found = matcher.match(article, on=seen.at.date())
        return sorted(found, key=lambda mention: place.get(mention.rule, len(place)))

    def _mute(self, id_: int, seen: Seen) -> Mute:
        mute = self._mutes[id_]
        if mute.kind != "story":
            return mute
        return replace(mute, value=str(self.merges.standing(int(mute.value), seen.merges)))

    def _source(self, id_: str, config: Kept, seen: Seen) -> Source:
        """The source as it was; one that was taken out while it was polled, as it was before."""
        found = config.sources.get(id_)
        if found is None:
            content = configs.last_of(self.tx, "source", id_, seen.config_at or seen.at)
            found = kept_source(id_, content) if content else Source(id=id_, kind="feed", name=id_)
        return replace(found, alerts="silent" not in seen.held)


def _placement(seen: Seen) -> Placement:
    held: Mapping[str, Any] = seen.held
    return Placement(
        kind=held.get("kind", "new"),
        story=seen.story,
        reason=held.get("why", ""),
        score=held.get("score", 1.0),
        copy_of=held.get("copy_of"),
    )


def _words(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
