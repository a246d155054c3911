"""What there is of each theme, entity and rule: counted from new mentions, and read as a series of hours.

Counting goes mention by mention, in transactions of their own; which ones are counted is remembered in the same
transaction. Reading costs what the last eight weeks hold of one subject, whatever the archive holds.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from .alerts import counting
from .alerts.volume import FULL_DAYS, HOUR, HOURS, WEEKS
from .model.volume import Series
from .store import volume

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from .model import RuleSet
    from .model.volume import Subject, SubjectKind
    from .store import Store, Tx
    from .store.volume import Count, NewMention

    Key = tuple[SubjectKind, str]

# What a first look counts: the baseline, and a week that lies before it on the calendar.
REACH = timedelta(weeks=WEEKS + 1)
# Mentions in one transaction, and transactions in one look: others want to write meanwhile.
PART, PARTS = 1_000, 20
# Sources that are asked whether they were being read, those that bring most.
SOURCES = 8
YOUNG = timedelta(days=FULL_DAYS)
# A rule may have matched a story before the story came to be one of the subject.
BEFORE = timedelta(days=7)


def count(store: Store, ruleset: RuleSet, now: datetime) -> bool:
    """Count what is new; False while there is more to count. Raises StoreError."""
    themes = counting.themes(ruleset)
    for _ in range(PARTS):
        with store.read() as tx:
            upto = volume.counted(tx)
            if upto is not None and upto >= volume.newest(tx):
                return True
        with store.write() as tx:
            _count_part(tx, themes, now)
    return False


def touched(tx: Tx, ruleset: RuleSet, known: Collection[Key]) -> set[Key]:
    """The subjects of mentions that are counted and were not looked at since; all, where these are very many."""
    upto, looked = volume.counted(tx) or 0, volume.looked(tx)
    if looked >= upto:
        return set()
    mentions = volume.new_mentions(tx, looked, PART + 1)
    if len(mentions) > PART:
        return set(known)
    themes = counting.themes(ruleset)
    return {(each.kind, each.subject) for one in mentions for each in _counts(one, themes)} & set(known)


def finish(tx: Tx, upto: int, now: datetime) -> None:
    """The subjects of all mentions up to this one were looked at."""
    volume.remember(tx, now, upto=max(upto, volume.counted(tx) or 0), looked=max(upto, volume.looked(tx)))


def _count_part(tx: Tx, themes: Mapping[str, str], now: datetime) -> None:
    upto = volume.counted(tx)
    if upto is None:
        upto = volume.start(tx, now - REACH)
    mentions = volume.new_mentions(tx, upto, PART)
    counts = {(each.kind, each.subject, each.article): each for one in mentions for each in _counts(one, themes)}
    volume.add(tx, counts.values())
    volume.remember(tx, now, upto=mentions[-1].id if mentions else upto, looked=volume.looked(tx))


def _counts(mention: NewMention, themes: Mapping[str, str]) -> Iterator[Count]:
    at = counting.counted_at(mention.seen_at, mention.published_at, before=mention.before, interval=mention.interval)
    if at is None or mention.baseline:
        return
    subjects: list[tuple[SubjectKind, str]] = [("rule", mention.rule)]
    subjects += [("theme", themes[mention.rule])] if mention.rule in themes else []
    subjects += [("entity", entity) for entity in sorted(mention.entities)]
    for kind, id_ in subjects:
        yield volume.Count(
            kind=kind, subject=id_, story=mention.story, article=mention.article, source=mention.source, at=at
        )


def hour_of(moment: datetime) -> datetime:
    """The hour that a moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def series(tx: Tx, subject: Subject, now: datetime, *, closely: bool = True, earlier: int = 0) -> Series:
    """The subject's hours up to the current one, as many as a comparison needs, and so many ``earlier`` ones.

    Not ``closely``: every hour passes for one that was watched, which is quick, and good enough to rule most out.
    """
    length = HOURS + 1 + earlier
    begin = hour_of(now) - (length - 1) * HOUR
    found = volume.hours(tx, subject.kind, subject.id, begin)
    hours = [begin + place * HOUR for place in range(length)]
    watched = _watched(tx, subject, begin, length) if closely else (True,) * length
    return Series(
        begin=begin,
        stories=tuple(found[hour].stories if hour in found else 0 for hour in hours),
        watched=watched,
    )


def _watched(tx: Tx, subject: Subject, begin: datetime, length: int) -> tuple[bool, ...]:
    """The hours in which its sources were read and one of its rules was there.

    Of a subject without any story nobody knows who would bring one: then some of all sources tell.
    """
    feeders = volume.feeders(tx, subject.kind, subject.id, begin)[:SOURCES]
    weights = {each.source: float(each.stories) for each in feeders}
    weights = weights or dict.fromkeys(volume.active(tx, SOURCES), 1.0)
    intervals = volume.intervals(tx, list(weights))
    reached = [
        (weight, counting.in_reach(begin, length, volume.answered(tx, source, begin), intervals[source][0]))
        for source, weight in weights.items()
    ]
    since = min(volume.known_since(tx, subject.rules).values(), default=None)
    old = [since is not None and begin + place * HOUR >= since for place in range(length)]
    return tuple(one and other for one, other in zip(counting.watched(reached, length), old, strict=True))


def settled(tx: Tx, subject: Subject, now: datetime, since: datetime) -> list[Count]:
    """The subject's stories since then that the past can be compared with.

    What a new rule or a new source brings is more than there was before, but nothing has happened.
    """
    stories = volume.stories_since(tx, subject.kind, subject.id, since)
    known = volume.known_since(tx, subject.rules)
    old = [rule for rule in subject.rules if rule in known and now - known[rule] >= YOUNG]
    by_rule = volume.matched_by(tx, old, since - BEFORE)
    sources = volume.intervals(tx, sorted({story.source for story in stories}))
    return [story for story in stories if story.story in by_rule and _is_old(sources[story.source][1], now)]


def _is_old(first: datetime | None, now: datetime) -> bool:
    return first is not None and now - first >= YOUNG
