"""What was found in the texts of articles: references, days that count, quotations, written with each version.

Articles that were stored before this was known, or read in an older manner, are read again when the database is
opened: see :func:`catch_up`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Deadline, Facts, Reference

from . import quotes, settings
from . import tables as t
from .archive import article_of
from .prepared import at_once, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.model import Article

    from .store import Store, Tx

PROGRESS_KEY = "facts"
BATCH = 200
# The kinds whose values go on behind a point or a space: a part of the CFR has sections, a heading subheadings.
_WITH_PARTS = ("cfr", "hts", "eccn")
_REFERENCE = ("kind", "value", "text", "field", "start", "end")
_DEADLINE = ("kind", "day", "text", "sentence", "field", "start", "end")


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def add(tx: Tx, version_id: int, facts: Facts) -> None:
    """Store what was found in one version of an article."""
    _add_all(tx, [(version_id, facts)])


def _add_all(tx: Tx, found: Iterable[tuple[int, Facts]]) -> None:
    references, deadlines, said = [], [], []
    for version, facts in found:
        said.append((version, facts.quotes))
        references += [{"article_version": version, **_values(one, _REFERENCE)} for one in facts.references]
        deadlines += [
            {"article_version": version, **_values(one, _DEADLINE), "derived": one.derived or None}
            for one in facts.deadlines
        ]
    tx.run_many(_add_to(t.reference), references)
    tx.run_many(_add_to(t.deadline), deadlines)
    quotes.add(tx, said)


@prepared
def _add_to(table: sa.Table) -> sa.Insert:
    return at_once(sa.insert(table))


def _values(one: Reference | Deadline, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def is_filled(store: Store, version: int) -> bool:
    """Whether every stored text was read as this ``version`` of the readers does. Raises StoreError."""
    with store.read() as tx:
        return bool(_progress(tx, version).get("done"))


def catch_up(store: Store, read: Callable[[Article], Facts], version: int) -> None:
    """Read what was stored before, in slices; where it is stopped it goes on next time. Raises StoreError.

    ``read`` is asked outside the writing transactions, so that others can write meanwhile. What was found in a text
    that is no longer kept stays as it is.
    """
    done = is_filled(store, version)
    while not done:
        with store.read() as tx:
            following = _following(tx, _progress(tx, version).get("upto") or 0)
        found = [(row["version"], read(article_of(row, row["text"]))) for row in following]
        with store.write() as tx:
            for kind in (t.reference, t.deadline):
                tx.run(sa.delete(kind).where(kind.c.article_version.in_([number for number, _ in found])))
            quotes.remove(tx, [number for number, _ in found])
            _add_all(tx, found)
            done = not found
            _put_progress(tx, {"version": version, "done": done, "upto": found[-1][0] if found else None})


def _following(tx: Tx, upto: int) -> Sequence[sa.RowMapping]:
    version = t.article_version.c
    names = ("title", "title_derived", "author", "outlet", "lang", "text", "text_seen", "text_reason", "content_hash")
    query = (
        sa.select(
            t.article,
            *(version[name] for name in names),
            version.id.label("version"),
            t.source.c.tier,
            t.source.c.excerpt,
        )
        .join_from(t.article_version, t.article, t.article.c.id == version.article)
        .join(t.source, t.source.c.id == t.article.c.source)
        .where(version.id > upto, version.text.is_not(None))
        .order_by(version.id)
        .limit(BATCH)
    )
    return tx.rows(query)


def _progress(tx: Tx, version: int) -> dict[str, Any]:
    value = settings.get(tx, PROGRESS_KEY) or {}
    return value if value.get("version") == version else {}


def _put_progress(tx: Tx, value: dict[str, Any]) -> None:
    settings.put(tx, [{"key": PROGRESS_KEY, "value": value}])


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def of(tx: Tx, article_id: int, n: int | None = None) -> Facts:
    """What was found in an article's newest version, or in the one of that number."""
    version = t.article_version.c
    wanted = t.article.c.versions if n is None else n
    asked = (
        sa.select(version.id)
        .join_from(t.article_version, t.article, t.article.c.id == version.article)
        .where(t.article.c.id == article_id, version.n == wanted)
        .scalar_subquery()
    )
    reference, deadline = t.reference.c, t.deadline.c
    references = tx.rows(sa.select(t.reference).where(reference.article_version == asked).order_by(reference.id))
    deadlines = tx.rows(sa.select(t.deadline).where(deadline.article_version == asked).order_by(deadline.id))
    return Facts(
        references=tuple(Reference(**{name: row[name] for name in _REFERENCE}) for row in references),
        deadlines=tuple(deadline_of(row) for row in deadlines),
        quotes=quotes.of(tx, [article_id]).get(article_id, ()) if n is None else quotes.of_version(tx, article_id, n),
    )


def deadline_of(row: sa.RowMapping) -> Deadline:
    """A row of the table as the noun."""
    return Deadline(**{name: row[name] for name in _DEADLINE}, derived=row["derived"] or "")


def articles_with(wanted: Reference) -> sa.Select[Any]:
    """Ids of the articles whose newest version holds the reference, or a part of it: 15 CFR 744 holds 744.23."""
    reference, version = t.reference.c, t.article_version.c
    same = reference.value == wanted.value
    if wanted.kind in _WITH_PARTS:
        parts = (reference.value.startswith(f"{wanted.value}{joint}", autoescape=True) for joint in (".", " "))
        same = sa.or_(same, *parts)
    return (
        sa.select(version.article)
        .join_from(t.reference, t.article_version, version.id == reference.article_version)
        .join(t.article, sa.and_(t.article.c.id == version.article, t.article.c.versions == version.n))
        .where(reference.kind == wanted.kind, same)
    )
