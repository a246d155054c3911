"""Alerts: which destination is told what, once, and how people look it up afterwards."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from bot.model import Mention, News

from . import archive, joined, stories
from . import tables as t
from .dialect import among, insert
from .prepared import at_once, prepared
from .records import AlertParts, AlertRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from bot.model import Alert

    from .store import Tx


def trigger(alert: Alert) -> str:
    """The fact that a destination must hear of only once in a story.

    A story's "first" alert needs none. A "new fact" is named by what is new and weighs most, whichever article brings
    it. A "new rule" is named by the article and the rules it adds, so that an article which is edited twice can bring
    two new rules in two alerts.
    """
    if alert.kind == "first":
        return ""
    if alert.kind == "new fact" and alert.news:
        return f"{alert.news[0].kind} {alert.news[0].value}"
    rules = hashlib.sha256("\n".join(sorted(alert.rules)).encode()).hexdigest()[:16]
    return f"article {alert.article}, rules {rules}"


def newest(tx: Tx) -> int:
    """The last alert that was written down; 0 before there is any. Ids rise with each."""
    return int(tx.value(_newest()))


@prepared
def _newest() -> sa.Select[Any]:
    return sa.select(sa.func.coalesce(sa.func.max(t.alert.c.id), 0))


def counts(tx: Tx, destinations: Iterable[str], *, since: datetime, upto: int | None = None) -> dict[str, int]:
    """How many alerts each of these destinations has been given since then; one without any is left out.

    ``upto``: those that there were when this one was the newest.
    """
    columns = t.alert.c
    query = sa.select(columns.destination, sa.func.count().label("number")).group_by(columns.destination)
    query = query.where(columns.at >= since, columns.destination.in_(list(destinations)))
    rows = tx.rows(query if upto is None else query.where(columns.id <= upto))
    return {row["destination"]: row["number"] for row in rows}


def stories_of(tx: Tx, rule: str, *, since: datetime, upto: int | None = None) -> int:
    """How many stories somebody was told of because of this rule since then; ``upto`` as for :func:`counts`."""
    alert, told = t.alert.c, t.alert_rule.c
    query = sa.select(sa.func.count(alert.story.distinct())).join_from(t.alert_rule, t.alert, alert.id == told.alert)
    query = query.where(told.rule == rule, alert.at >= since)
    return int(tx.value(query if upto is None else query.where(alert.id <= upto)))


def add(tx: Tx, alert: Alert, at: datetime, look: int | None = None) -> int | None:
    """Store an alert and its rules; None if this destination was told the same before. ``look`` as for decisions."""
    values = {
        "story": alert.story,
        "destination": alert.destination,
        "kind": alert.kind,
        "trigger": trigger(alert),
        "article": alert.article,
        "severity": alert.severity,
        "at": at,
        "news": [news.as_json() for news in alert.news] or None,
        "look": look,
    }
    alert_id = tx.value(_add(tx.dialect), values)
    if alert_id is None:
        return None
    tx.run_many(_add_rule(), [{"alert": alert_id, "rule": rule} for rule in dict.fromkeys(alert.rules)])
    return int(alert_id)


@prepared
def _add(dialect: str) -> sa.Insert:
    once = ["story", "destination", "kind", "trigger"]
    return insert(dialect, t.alert).on_conflict_do_nothing(index_elements=once).returning(t.alert.c.id)


@prepared
def _add_rule() -> sa.Insert:
    return at_once(sa.insert(t.alert_rule))


def recent(tx: Tx, limit: int, destination: str | None = None) -> list[AlertRecord]:
    """The newest alerts with what became of their messages, newest first."""
    query = _records().order_by(t.alert.c.at.desc(), t.alert.c.id.desc()).limit(limit)
    if destination is not None:
        query = query.where(t.alert.c.destination == destination)
    rows = tx.rows(query)
    rules = _rules(tx, [row["id"] for row in rows])
    carried = {story: _carriers(tx, story) for story in {row["story"] for row in rows}}
    plain = set(AlertRecord.__slots__) - {"rules", "outlets"}
    return [
        AlertRecord(
            **{name: row[name] for name in plain}, rules=rules.get(row["id"], ()), outlets=carried[row["story"]]
        )
        for row in rows
    ]


def _carriers(tx: Tx, story: int) -> int:
    """How many outlets carry a story; the same name at the same host is the same outlet, as in its message."""
    return len({(outlet.name, _host(outlet.url)) for outlet in stories.outlets(tx, story)})


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:  # not an address after all
        return None


def _records() -> sa.Select[Any]:
    alert, article, version, delivery = t.alert.c, t.article.c, t.article_version.c, t.delivery.c
    # The message itself: not the updates that came after it, and not those sent again on request.
    own, shared = t.delivery.alias("own"), t.delivery.alias("shared")
    group = shared.c
    message = (
        sa.select(own.c.id)
        .where(own.c.alert == alert.id, own.c.op != "update")
        .order_by(sa.case((own.c.state == "dead", 1), else_=0), own.c.id)
        .limit(1)
        .correlate(t.alert)
        .scalar_subquery()
    )
    return (
        sa.select(
            alert.id,
            alert.story,
            alert.article,
            alert.destination,
            alert.kind,
            alert.severity,
            alert.at,
            archive.title_shown().label("headline"),
            version.title_derived,
            version.text_seen,
            sa.func.coalesce(version.text_reason, "").label("text_reason"),
            article.url,
            article.source,
            t.source.c.name.label("source_name"),
            t.source.c.tier,
            article.published_at,
            delivery.id.label("delivery"),
            # Of an alert that shares a message, what has become of that message.
            sa.func.coalesce(group.state, delivery.state).label("delivery_state"),
            sa.func.coalesce(group.attempt, delivery.attempt, 0).label("attempt"),
            delivery.sent_at,
            delivery.channel_id,
            delivery.ts,
            sa.func.coalesce(group.error, delivery.error).label("error"),
            sa.func.coalesce(group.may_repeat, delivery.may_repeat, sa.false()).label("may_repeat"),
        )
        .join_from(t.alert, t.article, article.id == alert.article)
        .join(t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .join(t.source, t.source.c.id == article.source)
        .outerjoin(t.delivery, delivery.id == message)
        .outerjoin(shared, group.id == delivery.grouped_in)
    )


def _rules(tx: Tx, alerts: Iterable[int]) -> dict[int, tuple[str, ...]]:
    columns = t.alert_rule.c
    found: dict[int, tuple[str, ...]] = {}
    for row in tx.rows(sa.select(t.alert_rule).where(columns.alert.in_(list(alerts))).order_by(columns.rule)):
        found[row["alert"]] = (*found.get(row["alert"], ()), row["rule"])
    return found


def newest_stories(tx: Tx, limit: int) -> list[int]:
    """The first alert of each of the ``limit`` stories that were first alerted last, anywhere; newest first."""
    first = sa.func.min(t.alert.c.id).label("first")
    standing = sa.func.coalesce(t.story.c.merged_into, t.story.c.id)
    query = sa.select(first).join_from(t.alert, t.story, t.story.c.id == t.alert.c.story).group_by(standing)
    rows = tx.rows(query.order_by(first.desc()).limit(limit))
    return [int(row["first"]) for row in rows]


def content_parts(tx: Tx, alert_id: int, *, apart: bool = False) -> AlertParts | None:
    """All that is needed to write an alert's message anew, with the outlets of this moment.

    ``apart``: the message is not the one that its story lives in – another, of a story that turned out to be the same,
    is older – so what came to the others is left to that one.
    """
    row = tx.row(_one(), {"wanted": alert_id})
    article = archive.get(tx, row["article"]) if row is not None else None
    if row is None or article is None:
        return None
    return AlertParts(
        id=alert_id,
        kind=row["kind"],
        destination=row["destination"],
        severity=row["severity"],
        story=row["story"],
        article=article,
        source_name=tx.value(_name(), {"wanted": article.article.source}),
        mentions=_mentions(tx, row["article"], _rules(tx, [alert_id]).get(alert_id, ())),
        outlets=stories.outlets(tx, row["story"], apart=apart),
        news=_news(row["news"]),
        since=_since(tx, row, apart=apart),
        joined=joined.others(tx, row["story"], row["destination"], alert_id) if row["kind"] == "first" else (),
    )


@prepared
def _one() -> sa.Select[Any]:
    return sa.select(t.alert).where(t.alert.c.id == sa.bindparam("wanted", type_=t.ID))


@prepared
def _name() -> sa.Select[Any]:
    return sa.select(t.source.c.name).where(t.source.c.id == sa.bindparam("wanted", type_=t.Words))


def _news(stored: Sequence[Mapping[str, Any]] | None) -> tuple[News, ...]:
    return tuple(News.from_json(one) for one in stored or ())


def _since(tx: Tx, first: RowMapping, *, apart: bool) -> tuple[News, ...]:
    """What the destination was told as new in the same story after this alert, the newest alert first."""
    asked = {"story": first["story"], "told": first["destination"], "first": first["id"]}
    return tuple(one for row in tx.rows(_told_since(apart=apart), asked) for one in _news(row["news"]))


@prepared
def _told_since(*, apart: bool) -> sa.Select[Any]:
    alert = t.alert.c
    told = alert.destination == sa.bindparam("told", type_=t.Words)
    return (
        sa.select(alert.news)
        .join_from(t.alert, t.story, t.story.c.id == alert.story)
        .where(alert.story == sa.bindparam("story", type_=t.ID) if apart else stories.family())
        .where(told, alert.id > sa.bindparam("first", type_=t.ID), alert.news.is_not(None))
        .order_by(alert.id.desc())
    )


def _mentions(tx: Tx, article_id: int, rules: tuple[str, ...]) -> tuple[Mention, ...]:
    """Each rule's mention in the newest version that has one."""
    asked = {"wanted": article_id, "rules": list(rules)}
    newest = {row["rule"]: row for row in tx.rows(_mentions_of(tx.dialect), asked)}
    return tuple(
        Mention.from_evidence(rule, row["rule_hash"], row["score"], row["evidence"])
        for rule, row in sorted(newest.items())
    )


@prepared
def _mentions_of(dialect: str) -> sa.Select[Any]:
    mention, version = t.mention.c, t.article_version.c
    return (
        sa.select(mention.rule, mention.rule_hash, mention.score, mention.evidence)
        .join_from(t.mention, t.article_version, mention.article_version == version.id)
        .where(version.article == sa.bindparam("wanted", type_=t.ID), among(dialect, mention.rule, "rules"))
        .order_by(version.n, mention.id)
    )
