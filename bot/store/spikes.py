"""Spikes: what was told of them, so that nobody is told twice, and the stories behind one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model.volume import Spike, SpikeStory

from . import stories
from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.model.volume import SubjectKind

    from .store import Tx

# Databases limit the parameters of one statement.
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A spike that was told: when last, whether it lasts, and the moment up to which that was looked at."""

    id: int
    kind: SubjectKind
    subject: str
    at: datetime
    seen_at: datetime
    ended_at: datetime | None


def latest(tx: Tx, since: datetime) -> dict[tuple[SubjectKind, str], Told]:
    """The last spike of each subject, of those that last or were told since then."""
    columns = t.spike.c
    wanted = sa.or_(columns.ended_at.is_(None), columns.at >= since)
    names = tuple(Told.__slots__)
    rows = tx.rows(sa.select(*(columns[name] for name in names)).where(wanted).order_by(columns.at, columns.id))
    return {(row["kind"], row["subject"]): Told(**{name: row[name] for name in names}) for row in rows}


def any_lasts(tx: Tx) -> bool:
    """Whether any spike that was told is not over."""
    return tx.value(sa.select(t.spike.c.id).where(t.spike.c.ended_at.is_(None)).limit(1)) is not None


def add(tx: Tx, spike: Spike) -> int | None:
    """Write down that a spike is told; its id, None if this subject was told of on this day already."""
    statement = insert(tx.dialect, t.spike).values(
        kind=spike.kind,
        subject=spike.subject,
        day=spike.at.date(),
        at=spike.at,
        seen_at=spike.at,
        content=spike.as_json(),
    )
    once = statement.on_conflict_do_nothing(index_elements=["kind", "subject", "day"])
    found: int | None = tx.value(once.returning(t.spike.c.id))
    return found


def lasts(tx: Tx, ids: Collection[int], at: datetime) -> None:
    """These spikes were looked at and last."""
    tx.run(sa.update(t.spike).where(t.spike.c.id.in_(list(ids))).values(seen_at=at))


def end(tx: Tx, ids: Collection[int], at: datetime) -> None:
    """These spikes are over."""
    tx.run(sa.update(t.spike).where(t.spike.c.id.in_(list(ids))).values(seen_at=at, ended_at=at))


def told(tx: Tx, begin: datetime, end: datetime) -> tuple[Spike, ...]:
    """The spikes that were told from ``begin`` to before ``end``, in order."""
    columns = t.spike.c
    query = sa.select(columns.content).where(columns.at >= begin, columns.at < end).order_by(columns.at, columns.id)
    return tuple(Spike.from_json(row["content"]) for row in tx.rows(query))


def top(tx: Tx, wanted: Sequence[int], most: int) -> tuple[SpikeStory, ...]:
    """The stories that most outlets carry, of equals the newest; each by its leading article."""
    carried = stories.outlets_of(tx, list(wanted))
    names = {story: {(outlet.name, outlet.source) for outlet in outlets} for story, outlets in carried.items()}
    best = sorted(carried, key=lambda story: (len(names[story]), story), reverse=True)[:most]
    leads = {row["id"]: row for row in tx.rows(_leads(best))} if best else {}
    return tuple(
        SpikeStory(
            headline=leads[story]["title"],
            url=leads[story]["url"],
            source=carried[story][0].name,
            outlets=len(names[story]),
        )
        for story in best
        if story in leads
    )


def _leads(wanted: Sequence[int]) -> sa.Select[Any]:
    article, version, story = t.article.c, t.article_version.c, t.story.c
    return (
        sa.select(story.id, version.title, article.url)
        .join_from(t.story, t.article, article.id == story.lead)
        .join(t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .where(story.id.in_(list(wanted)))
    )


def evidence(tx: Tx, wanted: Sequence[int], rules: Sequence[str]) -> list[tuple[int, str, Any]]:
    """What was found in these stories: (story, rule, evidence) of every mention of these rules."""
    article, version, mention = t.article.c, t.article_version.c, t.mention.c
    query = (
        sa.select(article.story, mention.rule, mention.evidence)
        .join_from(t.article, t.article_version, version.article == article.id)
        .join(t.mention, mention.article_version == version.id)
        .order_by(mention.id)
    )
    found: list[tuple[int, str, Any]] = []
    for start in range(0, len(wanted), _CHUNK):
        some = list(wanted[start : start + _CHUNK])
        rows = tx.rows(query.where(article.story.in_(some), mention.rule.in_(list(rules))))
        found += [(row["story"], row["rule"], row["evidence"]) for row in rows]
    return found
