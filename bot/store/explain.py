"""All that is known of an article, read back for people who ask why they were told of it, or why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Mention
from bot.model.words import APPLIED

from . import archive, facts, issues, looks, merges
from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.model import DeliveryOp, DeliveryState, Facts, MemberKind, Severity, TextSeen

    from .issues import IssueHistory
    from .records import Archived
    from .store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version of an article.

    ``text_kept`` is False once retention has removed the body, at ``text_removed_at``; evidence stays.
    """

    n: int
    at: datetime
    title: str
    text_seen: TextSeen
    text_reason: str
    content_hash: str
    text_kept: bool
    text_removed_at: datetime | None
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """A poll that brought a version of the article: how many items it listed, how many were new, how long it took.

    ``status`` "part": a part of a large one. ``note`` is what else a reader should know of it.
    """

    at: datetime
    status: str
    fetched: int
    new: int
    ms: int
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecord:
    """An article of the story: how it joined (score 0…1, reason), and of which article it is a copy."""

    article: int
    source: str
    source_name: str
    title: str
    url: str | None
    first_seen: datetime
    kind: MemberKind
    score: float
    reason: str
    copy_of: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A line of the ledger. ``reason`` is as it is stored; ``alerts.decide.explain`` makes a sentence of it."""

    rule: str | None
    destination: str | None
    verdict: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRecord:
    """A message of the outbox. ``op`` "update" changes the message that stands; ``error`` is its last trouble."""

    id: int
    uid: str
    op: DeliveryOp
    state: DeliveryState
    attempt: int
    created_at: datetime
    sent_at: datetime | None
    channel_id: str | None
    ts: str | None
    thread_ts: str | None
    error: str | None
    may_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHistory:
    """An alert of the story, which another article of it may have set off, with its messages in order."""

    id: int
    article: int
    destination: str
    kind: str
    severity: Severity
    at: datetime
    rules: tuple[str, ...]
    deliveries: tuple[SentRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An article with everything that happened to it.

    ``story`` is the one its own may have been merged into; ``members`` and ``alerts`` are of all that were, ``merged``
    their numbers. ``facts`` are those of the newest version, ``fetches`` the polls that brought its versions, as long
    as these are kept.
    """

    stored: Archived
    source_name: str
    story: int
    versions: tuple[VersionRecord, ...]
    members: tuple[MemberRecord, ...]
    decisions: tuple[DecisionRecord, ...]
    alerts: tuple[AlertHistory, ...]
    issues: tuple[IssueHistory, ...]
    facts: Facts
    merged: tuple[int, ...] = ()
    fetches: tuple[FetchRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A poll that nothing joins with the one before: what came and went between these two may have been missed."""

    source: str
    at: datetime
    begin: datetime | None
    end: datetime | None


def by_id(tx: Tx, article_id: int) -> bool:
    """Whether there is such an article."""
    return tx.value(sa.select(t.article.c.id).where(t.article.c.id == article_id)) is not None


def find(tx: Tx, *, urls: Collection[str] = (), keys: Collection[str] = ()) -> list[int]:
    """Ids of the articles with one of these addresses (as given or canonical) or item keys, the first seen first.

    Reads through all articles: no index knows the addresses.
    """
    article = t.article.c
    wanted = sa.or_(article.url.in_(list(urls)), article.canonical_url.in_(list(urls)), article.key.in_([*keys, *urls]))
    return [row["id"] for row in tx.rows(sa.select(article.id).where(wanted).order_by(article.id))]


def history(tx: Tx, article_id: int) -> History | None:
    """Everything that is stored about an article."""
    stored = archive.get(tx, article_id)
    if stored is None:
        return None
    story = _standing(tx, stored.story)
    versions = _versions(tx, article_id)
    family = tx.rows(sa.select(t.story.c.id).where(sa.or_(t.story.c.id == story, t.story.c.merged_into == story)))
    told_together = [row["id"] for row in family]
    return History(
        stored=stored,
        source_name=tx.value(sa.select(t.source.c.name).where(t.source.c.id == stored.article.source)),
        story=story,
        versions=versions,
        members=_members(tx, told_together),
        decisions=_decisions(tx, article_id),
        alerts=_alerts(tx, told_together),
        issues=issues.of(tx, article_id, stored.first_seen),
        facts=facts.of(tx, article_id),
        merged=tuple(sorted({*told_together} - {story})),
        fetches=_fetches(tx, stored.article.source, versions),
    )


def history_at(tx: Tx, article_id: int, at: datetime) -> History | None:
    """What was stored about an article at a moment, as far as that can still be told; None if it was not seen yet.

    Of a message that had not arrived by then it says that it waits: what had been tried is not kept. Stories that were
    related and have become one since are not listed as such. ``facts`` are those of the version of then.
    """
    now = archive.get(tx, article_id)
    versions = tuple(one for one in _versions(tx, article_id) if one.at <= at)
    if now is None or not versions:
        return None
    n, decided = versions[-1].n, _decisions(tx, article_id)
    versions = _without_later(versions, decided, at)
    article = looks.articles(tx, [article_id])[article_id, n]
    plain = article or replace(now.article, title=versions[-1].title, body="")
    ties = merges.around(tx, [_first_story(tx, article_id)])
    upto = merges.until(ties, at)
    story = ties.standing(_first_story(tx, article_id), upto)
    family = ties.family(story, upto)
    return History(
        stored=replace(now, article=plain, story=story),
        source_name=tx.value(sa.select(t.source.c.name).where(t.source.c.id == now.article.source)),
        story=story,
        versions=versions,
        members=_members_at(tx, family, at),
        decisions=tuple(one for one in decided if one.at <= at),
        alerts=tuple(_then(one, at) for one in _alerts(tx, family) if one.at <= at),
        issues=tuple(_issue_then(one, at) for one in issues.of(tx, article_id, now.first_seen) if one.at <= at),
        facts=facts.of(tx, article_id, n),
        merged=tuple(sorted({*family} - {story})),
        fetches=_fetches(tx, now.article.source, versions),
    )


def _without_later(
    versions: Sequence[VersionRecord], decided: Sequence[DecisionRecord], at: datetime
) -> tuple[VersionRecord, ...]:
    """The versions without what somebody had a rule find in them afterwards."""
    later = {one.rule for one in decided if one.at > at and one.reason.startswith(APPLIED)}
    later -= {one.rule for one in decided if one.at <= at}
    return tuple(
        replace(one, mentions=tuple(found for found in one.mentions if found.rule not in later)) for one in versions
    )


def _first_story(tx: Tx, article_id: int) -> int:
    """The story that the article was brought into, whatever became of that."""
    return int(tx.value(sa.select(t.article.c.story).where(t.article.c.id == article_id)))


def _members_at(tx: Tx, family: Sequence[int], at: datetime) -> tuple[MemberRecord, ...]:
    """The members of then, as they came: a merge makes "same story" of what opened one."""
    members = [one for one in _members(tx, family) if one.at <= at]
    opened = looks.opened(tx, [one.article for one in members])
    return tuple(
        replace(one, kind="item", reason="") if one.kind == "same story" and one.article in opened else one
        for one in members
    )


def _then(alert: AlertHistory, at: datetime) -> AlertHistory:
    sent = (_sent_then(one, at) for one in alert.deliveries if one.created_at <= at)
    return replace(alert, deliveries=tuple(sent))


def _sent_then(one: SentRecord, at: datetime) -> SentRecord:
    if one.sent_at is not None and one.sent_at <= at:
        return one
    waits: dict[str, Any] = {"sent_at": None, "channel_id": None, "ts": None, "error": None}
    return replace(one, state="pending", attempt=0, may_repeat=False, **waits)


def _issue_then(one: IssueHistory, at: datetime) -> IssueHistory:
    if one.sent_at is not None and one.sent_at <= at:
        return one
    return replace(one, state="pending", sent_at=None, error=None, may_repeat=False)


def _standing(tx: Tx, story: int) -> int:
    merged = tx.value(sa.select(t.story.c.merged_into).where(t.story.c.id == story))
    return story if merged is None else int(merged)


def _fetches(tx: Tx, source: str, versions: Sequence[VersionRecord]) -> tuple[FetchRecord, ...]:
    """The source's polls that began when these versions are of."""
    columns = t.poll.c
    times = sorted({one.at for one in versions})
    query = sa.select(t.poll).where(columns.source == source, columns.at.in_(times)).order_by(columns.id)
    names = FetchRecord.__slots__
    return tuple(FetchRecord(**{name: row[name] for name in names}) for row in tx.rows(query))


def _versions(tx: Tx, article_id: int) -> tuple[VersionRecord, ...]:
    version, mention = t.article_version.c, t.mention.c
    found: dict[int, list[Mention]] = {}
    of_article = sa.select(version.id).where(version.article == article_id)
    query = sa.select(t.mention).where(mention.article_version.in_(of_article)).order_by(mention.id)
    for row in tx.rows(query):
        one = Mention.from_evidence(row["rule"], row["rule_hash"], row["score"], row["evidence"])
        found.setdefault(row["article_version"], []).append(one)
    rows = tx.rows(sa.select(t.article_version).where(version.article == article_id).order_by(version.n))
    return tuple(
        VersionRecord(
            **{name: row[name] for name in ("n", "at", "title", "text_seen", "content_hash")},
            text_reason=row["text_reason"] or "",
            text_kept=row["text"] is not None,
            text_removed_at=row["text_removed_at"],
            mentions=tuple(found.get(row["id"], ())),
        )
        for row in rows
    )


def _members(tx: Tx, family: Sequence[int]) -> tuple[MemberRecord, ...]:
    member, article, version = t.story_member.c, t.article.c, t.article_version.c
    query = (
        sa.select(
            t.story_member,
            article.source,
            article.url,
            article.first_seen,
            archive.title_shown().label("title"),
            t.source.c.name.label("source_name"),
        )
        .join_from(t.story_member, t.article, article.id == member.article)
        .join(t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .join(t.source, t.source.c.id == article.source)
        .where(member.story.in_(family))
        .order_by(member.article)
    )
    names = MemberRecord.__slots__
    return tuple(MemberRecord(**{name: row[name] for name in names}) for row in tx.rows(query))


def _decisions(tx: Tx, article_id: int) -> tuple[DecisionRecord, ...]:
    query = sa.select(t.decision).where(t.decision.c.article == article_id).order_by(t.decision.c.id)
    names = DecisionRecord.__slots__
    return tuple(DecisionRecord(**{name: row[name] for name in names}) for row in tx.rows(query))


def _alerts(tx: Tx, family: Sequence[int]) -> tuple[AlertHistory, ...]:
    rows = tx.rows(sa.select(t.alert).where(t.alert.c.story.in_(family)).order_by(t.alert.c.id))
    ids = [row["id"] for row in rows]
    rules: dict[int, list[str]] = {}
    columns = t.alert_rule.c
    for row in tx.rows(sa.select(t.alert_rule).where(columns.alert.in_(ids)).order_by(columns.rule)):
        rules.setdefault(row["alert"], []).append(row["rule"])
    sent = _sent(tx, ids)
    names = ("id", "article", "destination", "kind", "severity", "at")
    return tuple(
        AlertHistory(
            **{name: row[name] for name in names},
            rules=tuple(rules.get(row["id"], ())),
            deliveries=tuple(sent.get(row["id"], ())),
        )
        for row in rows
    )


def _sent(tx: Tx, alerts: Sequence[int]) -> dict[int, list[SentRecord]]:
    """The messages of each alert; one that shares a message is where that is."""
    found: dict[int, list[SentRecord]] = {}
    names, columns, shared = SentRecord.__slots__, t.delivery.c, t.delivery.alias("shared")
    carried = {"state", "attempt", "error"} & set(names)
    said = [sa.func.coalesce(shared.c[name], columns[name]).label(name) for name in sorted(carried)]
    query = (
        sa.select(columns.alert, *(columns[name] for name in names if name not in carried), *said)
        .outerjoin_from(t.delivery, shared, shared.c.id == columns.grouped_in)
        .where(columns.alert.in_(alerts))
        .order_by(columns.id)
    )
    for row in tx.rows(query):
        found.setdefault(row["alert"], []).append(SentRecord(**{name: row[name] for name in names}))
    return found


# ── what was never seen ──────────────────────────────────────────────────────────────────────────


def carriers(tx: Tx, host: str) -> set[str]:
    """Sources that brought articles of this host (as in canonical addresses: small letters, no ``www.``)."""
    article = t.article.c
    query = sa.select(article.source).distinct()
    at_host = article.canonical_url.startswith(f"https://{host}/", autoescape=True)
    return {row["source"] for row in tx.rows(query.where(at_host))}


def gaps(tx: Tx, sources: Collection[str], limit: int) -> list[Gap]:
    """The newest possible gaps of these sources, newest first."""
    poll = t.poll.c
    query = sa.select(poll.source, poll.at, poll.gap_from.label("begin"), poll.gap_to.label("end"))
    query = query.where(poll.source.in_(list(sources)), sa.or_(poll.gap_from.is_not(None), poll.gap_to.is_not(None)))
    rows = tx.rows(query.order_by(poll.at.desc(), poll.id.desc()).limit(limit))
    return [Gap(**{name: row[name] for name in Gap.__slots__}) for row in rows]


def in_force_since(tx: Tx) -> dict[str, datetime]:
    """Rule → since when its version in force has been that."""
    columns = t.rule_version.c
    query = sa.select(columns.rule, columns.active_from).where(columns.active_until.is_(None))
    return {row["rule"]: row["active_from"] for row in tx.rows(query)}
