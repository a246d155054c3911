"""What one issue of a digest has to tell, read in a number of statements that hardly grows with the day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Decision, Ledger, Matched, Material, Mention, SourceGap, SourceTrouble
from bot.model.words import KEPT_BACK

from . import deadlines, news, quotes, rules, spikes, stories
from . import tables as t
from .archive import article_of
from .sources import ACTIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import RowMapping

    from bot.model import Window

    from .store import Tx

# Databases limit the parameters of one statement (SQLite: 32,766, https://sqlite.org/limits.html).
_CHUNK = 500
# A source that has not answered for so long is named, whether or not it counts as failing yet.
SILENT = timedelta(hours=24)
# How far it looks ahead for days that count.
AHEAD = timedelta(days=30)


def material(tx: Tx, window: Window, *, after: int | None, news_after: int | None = None) -> Material:
    """All that a digest may tell of ``window``.

    Articles count whose mentions were written after the mention ``after``, the last that the issue before could
    know of. None: there was no issue before; then the articles count that were first seen in the window. Their
    texts are left out: what readers see of them stands in the mentions. ``news_after`` is the same for what was new in
    their stories, and in those that the issue before could know of.
    """
    upto = tx.value(sa.select(sa.func.coalesce(sa.func.max(t.mention.c.id), 0)))
    new = t.article.c.first_seen >= window.begin if after is None else t.mention.c.id > after
    matched = _matched(tx, tx.rows(_mentions().where(new)))
    new_stories = {one.story for one in matched}
    changed = news.changed(tx, news_after) - new_stories if news_after is not None else set()
    told = _told(tx, sorted(new_stories | changed), after)
    going_on = sorted(changed & told.keys())
    return Material(
        upto=upto,
        matched=matched,
        going_on=_going_on(tx, going_on, after),
        told=told,
        news=news.news_of(tx, sorted(new_stories.union(going_on)), after=news_after, since=window.begin),
        news_upto=news.newest(tx),
        deadlines=deadlines.between(tx, window.day, window.day + AHEAD),
        troubles=_troubles(tx, window),
        gaps=_gaps(tx, window),
        spikes=spikes.told(tx, window.begin, window.end),
        rule_changes=rules.changes(tx, window.begin, window.end) if after is not None else (),
        ledger=_ledger(tx, window),
    )


def _mentions() -> sa.Select[Any]:
    """Mentions with their articles as they were when they were found, the newest version of each first."""
    article, version, mention = t.article.c, t.article_version.c, t.mention.c
    story, member, source = t.story.c, t.story_member.c, t.source.c
    own = sa.and_(member.article == article.id, member.kind != "related")
    return (
        sa.select(
            mention.rule,
            mention.rule_hash,
            mention.score,
            mention.evidence,
            t.article,
            version.n,
            version.title,
            version.title_derived,
            version.author,
            version.outlet,
            version.lang,
            version.text_seen,
            version.text_reason,
            version.content_hash,
            source.tier,
            source.excerpt,
            source.name.label("source_name"),
            story.opened_at,
            sa.func.coalesce(story.merged_into, story.id).label("family"),
            sa.func.coalesce(member.kind, "item").label("kind"),
        )
        .join_from(t.mention, t.article_version, version.id == mention.article_version)
        .join(t.article, article.id == version.article)
        .join(t.source, source.id == article.source)
        .join(t.story, story.id == article.story)
        .outerjoin(t.story_member, own)
        .order_by(article.order_at.desc(), article.id.desc(), version.n.desc(), mention.id)
    )


def _told(tx: Tx, wanted: Sequence[int], after: int | None) -> dict[int, frozenset[str]]:
    """Of these stories, as they stand now, those with mentions up to ``after``, and the rules of these."""
    story, mention, version = t.story.c, t.mention.c, t.article_version.c
    family = sa.func.coalesce(story.merged_into, story.id).label("family")
    query = (
        sa.select(family, mention.rule)
        .join_from(t.mention, t.article_version, version.id == mention.article_version)
        .join(t.article, t.article.c.id == version.article)
        .join(t.story, story.id == t.article.c.story)
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for chunk in _chunks(wanted) if after is not None else ():
        for row in tx.rows(query.where(_of_stories(chunk), mention.id <= after)):
            found.setdefault(row["family"], set()).add(row["rule"])
    return {family: frozenset(rules) for family, rules in found.items()}


def _going_on(tx: Tx, wanted: Sequence[int], after: int | None) -> tuple[Matched, ...]:
    """The articles of these stories that the issue before could know of."""
    query = _mentions().where(t.mention.c.id <= (after or 0))
    rows = [row for chunk in _chunks(wanted) for row in tx.rows(query.where(_of_stories(chunk)))]
    return _matched(tx, rows)


def _of_stories(wanted: Sequence[int]) -> sa.ColumnElement[bool]:
    """Whether a story is one of these, or was merged into one."""
    return sa.or_(t.story.c.id.in_(list(wanted)), t.story.c.merged_into.in_(list(wanted)))


def _matched(tx: Tx, rows: Sequence[RowMapping]) -> tuple[Matched, ...]:
    """One for each article, newest first, with the mentions of its newest version among ``rows``."""
    newest: dict[int, list[RowMapping]] = {}
    for row in rows:
        of_article = newest.setdefault(row["id"], [])
        if not of_article or of_article[0]["n"] == row["n"]:
            of_article.append(row)
    carried = stories.outlets_of(tx, sorted({of_article[0]["family"] for of_article in newest.values()}))
    decided = _decisions(tx, sorted(newest))
    said = quotes.of(tx, sorted(newest))
    found = []
    for article_id, of_article in newest.items():
        row = of_article[0]
        found.append(
            Matched(
                article_id=article_id,
                article=article_of(row, ""),
                story=row["family"],
                story_opened_at=row["opened_at"],
                kind=row["kind"],
                state=row["state"],
                first_seen=row["first_seen"],
                source_name=row["source_name"],
                mentions=tuple(_mention(each) for each in of_article),
                outlets=carried.get(row["family"], ()),
                decisions=tuple(decided.get(article_id, ())),
                quotes=said.get(article_id, ()),
            )
        )
    return tuple(found)


def _mention(row: RowMapping) -> Mention:
    return Mention.from_evidence(row["rule"], row["rule_hash"], row["score"], row["evidence"])


def _decisions(tx: Tx, articles: Sequence[int]) -> dict[int, list[Decision]]:
    columns = t.decision.c
    names = ("article", "rule", "destination", "verdict", "reason")
    query = sa.select(*(columns[name] for name in names)).order_by(columns.id)
    found: dict[int, list[Decision]] = {}
    for chunk in _chunks(articles):
        for row in tx.rows(query.where(columns.article.in_(chunk))):
            found.setdefault(row["article"], []).append(Decision(**row))
    return found


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def _troubles(tx: Tx, window: Window) -> tuple[SourceTrouble, ...]:
    """Sources that a person should look at, have been silent for long or never answered."""
    columns = t.source.c
    silent = columns.first_failed_at <= window.end - SILENT
    never = sa.and_(columns.last_ok_at.is_(None), columns.failures > 0)
    query = sa.select(columns.name, columns.last_error, columns.first_failed_at, columns.last_ok_at)
    rows = tx.rows(query.where(columns.state == ACTIVE, sa.or_(columns.failing, silent, never)).order_by(columns.name))
    return tuple(
        SourceTrouble(
            name=row["name"],
            reason=row["last_error"] or "",
            since=row["first_failed_at"] if row["last_ok_at"] else None,
        )
        for row in rows
    )


def _gaps(tx: Tx, window: Window) -> tuple[SourceGap, ...]:
    poll = t.poll.c
    query = (
        sa.select(t.source.c.name, poll.gap_from.label("begin"), poll.gap_to.label("end"))
        .join_from(t.poll, t.source, t.source.c.id == poll.source)
        .where(poll.gap_from.is_not(None), poll.gap_to.is_not(None), poll.at >= window.begin, poll.at < window.end)
        .order_by(poll.gap_from, poll.id)
    )
    return tuple(SourceGap(**row) for row in tx.rows(query))


def _ledger(tx: Tx, window: Window) -> Ledger:
    article, poll, delivery = t.article.c, t.poll.c, t.delivery.c
    copied = sa.exists().where(t.story_member.c.article == article.id, t.story_member.c.kind == "copy")
    version = t.article_version.c
    with_mention = sa.exists().where(version.article == article.id, t.mention.c.article_version == version.id)
    counted = sa.select(
        sa.func.count().label("articles"),
        _how_many(with_mention).label("matched"),
        _how_many(copied).label("copies"),
        _how_many(article.state == "alerted").label("alerted"),
        _how_many(article.state == "baseline").label("baseline"),
    ).where(article.first_seen >= window.begin, article.first_seen < window.end)
    waiting = sa.select(sa.func.count()).where(
        delivery.state.in_(("pending", "sending", "unknown", "held")),
        delivery.payload_kind == "alert",
        delivery.op != "update",
    )
    asked = sa.select(sa.func.count(poll.source.distinct())).where(poll.at >= window.begin, poll.at < window.end)
    figures = dict(tx.row(counted) or {})
    return Ledger(
        **{name: number or 0 for name, number in figures.items()},
        waiting=tx.value(waiting),
        sources=tx.value(asked),
        kept_back=tx.value(_kept_back(window)),
    )


def _kept_back(window: Window) -> sa.Select[Any]:
    """How many articles were kept from a destination that knew their stories."""
    columns = t.decision.c
    inside = sa.and_(columns.at >= window.begin, columns.at < window.end, columns.verdict == "no")
    named = [columns.reason.startswith(reason, autoescape=True) for reason in KEPT_BACK]
    return sa.select(sa.func.count(columns.article.distinct())).where(inside, sa.or_(*named))


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
