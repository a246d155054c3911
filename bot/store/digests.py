"""Digests: since when each recipient waits for one, what its next issue has to tell, and the issues written.

An issue is written once: the unique key (digest, local date, recipient) decides, not an earlier look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import settings
from . import tables as t
from .dialect import insert
from .material import material
from .records import IssueRecord, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from bot.model import Digest, Window

    from .store import Tx

__all__ = ["freeze", "material", "recent", "standings", "sync"]

_PREFIX = "digest:"


def sync(tx: Tx, digests: Iterable[Digest], now: datetime) -> None:
    """Remember since when each digest is wished for by each recipient.

    One whose time, zone or days have changed counts as new, and so does one that comes back: its first issue is the
    next one, and nothing is made up for the time before.
    """
    wanted = {_key(digest.id, name): _schedule(digest) for digest in digests for name in digest.to}
    stored = {row["key"]: row["value"] for row in tx.rows(_settings())}
    gone = [key for key in stored if key not in wanted]
    if gone:
        tx.run(sa.delete(t.setting).where(t.setting.c.key.in_(gone)))
    changed = [{"key": key, "value": value, "at": now} for key, value in wanted.items() if stored.get(key) != value]
    settings.put(tx, changed)


def standings(tx: Tx) -> dict[tuple[str, str], Standing]:
    """Where every digest stands, by its id and its recipient."""
    run = t.digest_run.c
    latest = sa.select(run.digest, run.recipient, sa.func.max(run.local_date).label("day"))
    latest_of = latest.group_by(run.digest, run.recipient).subquery()
    same = sa.and_(
        run.digest == latest_of.c.digest,
        run.recipient == latest_of.c.recipient,
        run.local_date == latest_of.c.day,
    )
    query = sa.select(run.digest, run.recipient, run.local_date.label("last"), run.window_to, run.upto, run.news_upto)
    issues = {(row["digest"], row["recipient"]): row for row in tx.rows(query.join(latest_of, same))}
    found = {}
    for row in tx.rows(_settings()):
        digest, _, recipient = row["key"].removeprefix(_PREFIX).partition(" ")
        last = issues.get((digest, recipient))
        more = {name: last[name] for name in ("last", "window_to", "upto", "news_upto")} if last else {}
        found[digest, recipient] = Standing(since=row["at"], **more)
    return found


def freeze(
    tx: Tx,
    *,
    digest: str,
    recipient: str,
    window: Window,
    upto: int,
    news_upto: int | None = None,
    frozen: bytes,
    message_id: str,
    at: datetime,
) -> int | None:
    """Write an issue down as it goes out; its id, or None if the recipient has one for this local date already."""
    statement = insert(tx.dialect, t.digest_run).values(
        digest=digest,
        local_date=window.day,
        recipient=recipient,
        window_from=window.begin,
        window_to=window.end,
        frozen=frozen,
        message_id=message_id,
        at=at,
        upto=upto,
        news_upto=news_upto,
    )
    once = statement.on_conflict_do_nothing(index_elements=["digest", "local_date", "recipient"])
    run: int | None = tx.value(once.returning(t.digest_run.c.id))
    return run


def newest(tx: Tx, digest: str) -> tuple[date, bytes] | None:
    """The local date and the bytes of a digest's newest issue that was not skipped."""
    run = t.digest_run.c
    query = sa.select(run.local_date, run.frozen).where(run.digest == digest, run.frozen != b"")
    row = tx.row(query.order_by(run.local_date.desc(), run.id.desc()).limit(1))
    return (row["local_date"], row["frozen"]) if row else None


def recent(tx: Tx, limit: int = 1) -> list[IssueRecord]:
    """The newest issues, ``limit`` of each digest and recipient, with what became of them."""
    run, sent = t.digest_run.c, t.delivery.c
    place = sa.func.row_number().over(partition_by=(run.digest, run.recipient), order_by=run.local_date.desc())
    ranked = sa.select(run.id, place.label("place")).subquery()
    query = (
        sa.select(
            run.digest,
            run.recipient,
            run.local_date.label("day"),
            run.window_from,
            run.window_to,
            run.at,
            run.message_id,
            sent.state,
            sent.sent_at,
            sent.error,
            sa.func.coalesce(sent.may_repeat, sa.false()).label("may_repeat"),
        )
        .join_from(t.digest_run, ranked, ranked.c.id == run.id)
        .outerjoin(t.delivery, sent.digest_run == run.id)
        .where(ranked.c.place <= limit)
        .order_by(run.at.desc(), run.id.desc())
    )
    return [IssueRecord(**row) for row in tx.rows(query)]


def _settings() -> sa.Select[Any]:
    key = t.setting.c.key
    return sa.select(t.setting).where(key.startswith(_PREFIX, autoescape=True)).order_by(key)


def _key(digest: str, recipient: str) -> str:
    return f"{_PREFIX}{digest} {recipient}"


def _schedule(digest: Digest) -> dict[str, Any]:
    return {"at": f"{digest.at:%H:%M}", "zone": digest.zone, "days": sorted(digest.days)}
