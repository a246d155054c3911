"""Mutes: added, listed, ended. They are never deleted, for old decisions name them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.model import Mute

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import MuteKind

    from .store import Tx


def add(
    tx: Tx,
    *,
    kind: MuteKind,
    value: str,
    author: str,
    comment: str,
    at: datetime,
    expires_at: datetime,
    destination: str | None = None,
) -> Mute:
    """Store a mute that holds from now on."""
    values = {
        "kind": kind,
        "value": value,
        "destination": destination,
        "author": author,
        "comment": comment,
        "created_at": at,
        "expires_at": expires_at,
    }
    id_ = tx.value(insert(tx.dialect, t.mute).returning(t.mute.c.id), values)
    return Mute(
        id=int(id_),
        kind=kind,
        value=value,
        author=author,
        comment=comment,
        created_at=at,
        expires_at=expires_at,
        destination=destination,
    )


def in_force(tx: Tx, at: datetime) -> tuple[Mute, ...]:
    """The mutes that hold now, in the order of their ids; one of a merged story names the story it went into."""
    mutes = [mute for mute in _mutes(tx, t.mute.c.expires_at > at) if mute.in_force(at)]
    return tuple(replace(mute, value=_story_now(tx, mute.value)) if mute.kind == "story" else mute for mute in mutes)


def recent(tx: Tx) -> list[Mute]:
    """All mutes, those that have ended included, newest first."""
    return _mutes(tx, sa.true())[::-1]


def get(tx: Tx, id_: int) -> Mute | None:
    """One mute as it is stored."""
    return next(iter(_mutes(tx, t.mute.c.id == id_)), None)


def end(tx: Tx, id_: int, at: datetime) -> Mute | None:
    """End a mute before its time; the mute as it is now, None if there is none of that id."""
    columns = t.mute.c
    running = sa.and_(columns.id == id_, columns.ended_at.is_(None), columns.expires_at > at)
    tx.run(sa.update(t.mute).where(running).values(ended_at=at))
    return get(tx, id_)


def _mutes(tx: Tx, where: sa.ColumnElement[bool]) -> list[Mute]:
    return [Mute(**row) for row in tx.rows(sa.select(t.mute).where(where).order_by(t.mute.c.id))]


def _story_now(tx: Tx, value: str) -> str:
    merged = tx.value(sa.select(t.story.c.merged_into).where(t.story.c.id == int(value)))
    return value if merged is None else str(merged)
