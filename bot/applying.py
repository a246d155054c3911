"""``rules apply``: a rule held against the archive because somebody asked, and told of where that is wished for.

What it finds is stored as if it had been found when the article came, and the ledger says that it was not. Where a
destination knows the story, the alert is a reply in its thread, elsewhere a message of its own: as always, at most one
of each story. Nothing is decided here that :mod:`bot.alerts.decide` does not decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .alerts.compose import compose
from .alerts.decide import Look, decide
from .errors import PresswatchError
from .looking import remember
from .match import Matcher
from .model import Decision, Placement, Source
from .model.words import APPLIED
from .reload import reload_rules
from .retelling import content_of, message_uid
from .store import alerts, applied, articles, mutes, outbox, sources, stories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from .desk import Desk
    from .model import Alert, Mention, Rule, Told
    from .store import Tx
    from .store.records import Archived

REASON = APPLIED
# Articles in one transaction: others want to write, too.
SLICE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for: articles since when, whether they are told of, and of how many stories at most.

    ``dry``: nothing is written.
    """

    since: datetime
    alert: bool = False
    most: int = 20
    dry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article that the rule matches. ``known``: it did when the article came; ``told`` are the destinations."""

    stored: Archived
    mention: Mention
    known: bool
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of it, the newest article first; ``left`` stories are not told, because there were more than wished."""

    rule: Rule
    archived: int
    matches: tuple[Match, ...]
    left: int = 0

    @property
    def new(self) -> tuple[Match, ...]:
        """Those that the rule had not matched before."""
        return tuple(match for match in self.matches if not match.known)

    @property
    def alerts(self) -> int:
        """How many were queued."""
        return sum(len(match.told) for match in self.matches)


async def apply(desk: Desk, id_: str, wish: Wish, on_article: Callable[[], None] = lambda: None) -> Applied:
    """Hold the rule against the stored articles, and write down what it finds. Raises StoreError.

    Raises PresswatchError for a rule that is off, or whose version in its file is not in force.
    """
    await reload_rules(desk)
    rule = _in_force(desk, id_)
    found = await desk.call(_search, desk, rule, wish, on_article)
    if wish.dry:
        return found
    chosen, left = _chosen(found.new, wish)
    done: dict[int, tuple[str, ...]] = {}
    oldest_first = list(reversed(found.new))
    for start in range(0, len(oldest_first), SLICE):
        done |= await desk.call(_write, desk, rule, oldest_first[start : start + SLICE], chosen)
    told = (replace(match, told=done.get(match.stored.id, ())) for match in found.matches)
    return replace(found, matches=tuple(told), left=left)


def _in_force(desk: Desk, id_: str) -> Rule:
    live = desk.rules()
    if id_ in live.kept or id_ not in live.ruleset.rules:
        raise PresswatchError(f'the rule "{id_}" as it stands in its file is not in force: presswatch rules check')
    rule = live.ruleset.rules[id_]
    if rule.until is not None and rule.until < desk.now().date():
        raise PresswatchError(f'the rule "{id_}" is off, because its "until" ({rule.until}) has passed')
    return rule


def _search(desk: Desk, rule: Rule, wish: Wish, on_article: Callable[[], None]) -> Applied:
    matcher, matches, archived = Matcher([rule]), [], 0
    with desk.store.read() as tx:
        for stored in articles.archive(tx, since=wish.since):
            archived += 1
            on_article()
            if (mention := matcher.mention(rule, stored.article)) is not None:
                matches.append(Match(stored=stored, mention=mention, known=rule.id in stored.rules))
    return Applied(rule=rule, archived=archived, matches=tuple(matches))


def _chosen(new: Sequence[Match], wish: Wish) -> tuple[frozenset[int], int]:
    """The newest stories, as many as are wished for, and how many are left."""
    every = list(dict.fromkeys(match.stored.story for match in new)) if wish.alert else []
    return frozenset(every[: wish.most]), max(0, len(every) - wish.most)


def _write(desk: Desk, rule: Rule, found: Sequence[Match], chosen: frozenset[int]) -> dict[int, tuple[str, ...]]:
    """Store these, and queue what is told of the ``chosen`` stories; article → destinations."""
    with desk.store.write() as tx:
        return {match.stored.id: _take(desk, tx, rule, match, alert=match.stored.story in chosen) for match in found}


def _take(desk: Desk, tx: Tx, rule: Rule, match: Match, *, alert: bool) -> tuple[str, ...]:
    """One article: what was found, and the alerts that follow."""
    now, stored = desk.now(), match.stored
    newest = applied.newest_version(tx, stored.id, stored.article.content_hash)
    if newest is None:  # a newer version came meanwhile, and was matched as it came
        return ()
    version, number = newest
    articles.add_mentions(tx, version, [match.mention])
    if not alert:
        decision = Decision(article=stored.id, rule=rule.id, destination=None, verdict="no", reason=REASON)
        articles.add_decisions(tx, [decision], now)
        return ()
    told = stories.told(tx, stored.story)
    asked = _look(desk, tx, match, told, now)
    times = {"rules_at": desk.rules().since, "config_at": desk.config_at}
    seen = remember(tx, asked, version=number, applied=True, **times)
    verdict = decide(asked)
    noted = [replace(each, reason=f"{REASON} – {each.reason}") for each in verdict.decisions]
    articles.add_decisions(tx, noted, now, seen)
    if verdict.alerts:
        articles.set_state(tx, stored.id, "alerted")
    return tuple(each.destination for each in verdict.alerts if _queue(desk, tx, each, told, seen))


def _look(desk: Desk, tx: Tx, match: Match, told: Mapping[str, Told], now: datetime) -> Look:
    stored, config = match.stored, desk.config
    return Look(
        now=now,
        article_id=stored.id,
        article=stored.article,
        story=stored.story,
        mentions=[match.mention],
        rules=desk.rules().ruleset.rules,
        placement=Placement(kind="new", story=stored.story, reason=REASON),
        source=_source(desk, tx, stored.article.source),
        told=told,
        mutes=mutes.in_force(tx, now),
        destinations=config.destinations,
        routes=config.routes,
    )


def _source(desk: Desk, tx: Tx, id_: str) -> Source:
    """The source as it is configured, or as it was when it still was."""
    try:
        return desk.source(id_)
    except KeyError:
        state = sources.get(tx, id_)
        return Source(id=id_, kind="folder", name=state.name if state else id_)


def _queue(desk: Desk, tx: Tx, alert: Alert, told: Mapping[str, Told], look: int) -> bool:
    """Whether the alert is new, and queued: as a reply where the story is known."""
    now, before = desk.now(), told.get(alert.destination)
    added = alerts.add(tx, alert, now, look)
    parts = alerts.content_parts(tx, added) if added is not None else None
    if added is None or parts is None:
        return False
    kind = next(each.kind for each in desk.config.destinations if each.id == alert.destination)
    outbox.enqueue(
        tx,
        uid=message_uid(added, alert.destination, now),
        alert=added,
        destination=alert.destination,
        op="post" if before is None else "reply",
        payload=compose(content_of(parts, desk.rules().ruleset.rules), kind),
        at=now,
        root=None if before is None else before.delivery,
    )
    return True
