"""Which issues of digests could tell of an article, told by what each knew when it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.engine import RowMapping

    from bot.model import DeliveryState

    from .store import Tx

_NAMES = ("digest", "recipient", "day", "at", "state", "sent_at", "error", "may_repeat")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueHistory:
    """An issue of a digest that could tell of the article: ``rules`` matched it since the issue before.

    Which of them the digest asks for is not stored; that is its configuration. It was written ``at``; ``state`` is that
    of its message.
    """

    digest: str
    recipient: str
    day: date
    at: datetime
    rules: tuple[str, ...]
    state: DeliveryState
    sent_at: datetime | None
    error: str | None
    may_repeat: bool


def of(tx: Tx, article_id: int, first_seen: datetime) -> tuple[IssueHistory, ...]:
    """The issues, in order, that :func:`bot.store.material.material` gave a mention of the article.

    An issue that was written down but not sent, because it had nothing to tell, is none of them.
    """
    version, mention = t.article_version.c, t.mention.c
    query = sa.select(mention.id, mention.rule, version.n).join_from(t.mention, t.article_version)
    mentions = tx.rows(query.where(version.article == article_id).order_by(mention.id))
    found = []
    for row in tx.rows(_runs(mentions[0]["id"])) if mentions else ():
        rules = _told_by(row, mentions, first_seen)
        if rules:
            found.append(IssueHistory(rules=rules, **{name: row[name] for name in _NAMES}))
    return tuple(found)


def _runs(mention: int) -> sa.Select[Any]:
    """The issues that knew this mention, each with where the one before it ended."""
    run, sent = t.digest_run.c, t.delivery.c
    earlier = sa.select(run.id, _of_the_one_before(run.upto, "after"), _of_the_one_before(run.window_to, "ended"))
    before = earlier.subquery()
    return (
        sa.select(
            run.digest,
            run.recipient,
            run.local_date.label("day"),
            run.at,
            run.window_from,
            run.upto,
            before.c.after,
            before.c.ended,
            sent.state,
            sent.sent_at,
            sent.error,
            sent.may_repeat,
        )
        .join_from(t.digest_run, before, before.c.id == run.id)
        .join(t.delivery, sent.digest_run == run.id)
        .where(run.upto >= mention)
        .order_by(run.local_date, run.id)
    )


def _of_the_one_before(column: sa.ColumnElement[Any], name: str) -> sa.Label[Any]:
    run = t.digest_run.c
    lag = sa.func.lag(column, type_=column.type)
    return lag.over(partition_by=(run.digest, run.recipient), order_by=run.local_date).label(name)


def _told_by(issue: RowMapping, mentions: Sequence[RowMapping], first_seen: datetime) -> tuple[str, ...]:
    """The rules of the newest version in an issue's span; one that begins anew goes by when the article came."""
    goes_on = issue["after"] is not None and issue["ended"] == issue["window_from"]
    if not goes_on and first_seen < issue["window_from"]:
        return ()
    after = issue["after"] if goes_on else 0
    known = [row for row in mentions if after < row["id"] <= issue["upto"]]
    newest = max((row["n"] for row in known), default=0)
    return tuple(dict.fromkeys(row["rule"] for row in known if row["n"] == newest))
