"""Who said what: quotations with their speakers, written with each version of an article and found by the speaker.

A speaker is found by any run of words of the name: "Lu Xiang" by "lu". The words lead to the versions that quote
somebody of such a name, so that a search does not grow with the archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Quote
from bot.search.words import search_words

from . import tables as t
from .prepared import at_once, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .store import Tx

_NAMES = ("speaker", "role", "text", "field", "start", "end", "speaker_start", "speaker_end", "rule")
# Databases limit the parameters of one statement (SQLite: 32,766, https://sqlite.org/limits.html).
_CHUNK = 500


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def add(tx: Tx, found: Iterable[tuple[int, Sequence[Quote]]]) -> None:
    """Store the quotations of versions of articles."""
    rows: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for version, quotes in found:
        rows += [_row(version, quote) for quote in quotes]
        named = {word for quote in quotes for word in search_words(quote.speaker)}
        words += [{"word": word, "article_version": version} for word in sorted(named)]
    tx.run_many(_add_to(t.quote), rows)
    tx.run_many(_add_to(t.speaker_word), words)


@prepared
def _add_to(table: sa.Table) -> sa.Insert:
    return at_once(sa.insert(table))


def remove(tx: Tx, versions: Sequence[int]) -> None:
    """Forget the quotations of these versions, which are to be read anew."""
    for table in (t.quote, t.speaker_word):
        tx.run(sa.delete(table).where(table.c.article_version.in_(versions)))


def _row(version: int, quote: Quote) -> dict[str, Any]:
    values = {name: getattr(quote, name) for name in _NAMES}
    spans = [list(span) for span in quote.spans]
    return {"article_version": version, "speaker_folded": _folded(quote.speaker), "spans": spans, **values}


def _folded(speaker: str) -> str:
    """The name's words between single spaces, so that whole ones can be looked for."""
    return f" {' '.join(search_words(speaker))} "


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def of(tx: Tx, articles: Sequence[int], speaker: str | None = None) -> dict[int, tuple[Quote, ...]]:
    """Article → the quotations of its newest version in order of place, all or those of one ``speaker``."""
    query = _newest().order_by(t.quote.c.article_version, t.quote.c.id)
    if speaker is not None:
        query = query.where(_is(speaker))
    found: dict[int, list[Quote]] = {}
    for start in range(0, len(articles), _CHUNK):
        chunk = list(articles[start : start + _CHUNK])
        for row in tx.rows(query.where(t.article.c.id.in_(chunk))):
            found.setdefault(row["article"], []).append(_quote(row))
    return {article: tuple(quotes) for article, quotes in found.items()}


def of_version(tx: Tx, article: int, n: int) -> tuple[Quote, ...]:
    """The quotations of one version, whether it is the newest or not."""
    version, quote = t.article_version.c, t.quote.c
    query = sa.select(t.quote).join_from(t.quote, t.article_version, version.id == quote.article_version)
    rows = tx.rows(query.where(version.article == article, version.n == n).order_by(quote.id))
    return tuple(map(_quote, rows))


def is_name(speaker: str) -> bool:
    """Whether there is anything in it that could be looked for."""
    return bool(search_words(speaker))


def articles_quoting(speaker: str) -> sa.Select[Any]:
    """Ids of the articles whose newest version quotes somebody of this name, or of a part of it."""
    version, word = t.article_version.c, t.speaker_word.c
    first = max(search_words(speaker), key=len, default="")
    return (
        sa.select(version.article)
        .join_from(t.speaker_word, t.article_version, version.id == word.article_version)
        .join(t.article, sa.and_(t.article.c.id == version.article, t.article.c.versions == version.n))
        .where(word.word == first, sa.exists().where(t.quote.c.article_version == version.id, _is(speaker)))
    )


def _is(speaker: str) -> sa.ColumnElement[bool]:
    return t.quote.c.speaker_folded.contains(_folded(speaker), autoescape=True)


def _newest() -> sa.Select[Any]:
    version = t.article_version.c
    return (
        sa.select(t.quote, t.article.c.id.label("article"))
        .join_from(t.quote, t.article_version, version.id == t.quote.c.article_version)
        .join(t.article, sa.and_(t.article.c.id == version.article, t.article.c.versions == version.n))
    )


def _quote(row: sa.RowMapping) -> Quote:
    spans = tuple((start, end) for start, end in row["spans"])
    return Quote(**{name: row[name] for name in _NAMES}, spans=spans)
