"""Items of a feed that are known from its last poll are not read again: neither parsed nor made into articles.

Each item has a mark, a hash of all that decides what article it becomes: its text and what :mod:`.cutting` says of it
where the feed can be cut, else the item as it was parsed; the source; the normaliser. An item with the mark of one that
is known is that one. What an item is known by, its key, depends on the other items of the feed, too (:mod:`.identity`);
so items are remembered only where every item of the feed has a key of the same kind, a guid or a link, and no two
share one, and the past is of use only while that stays so. In every other case the feed is read whole.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from bot.model import NORMALISER_VERSION

from . import identity
from .cutting import cut, stand, surroundings
from .overlap import short
from .parsed import MARK, NAME, Marked, Past, ReadFeed
from .plainfeed import Walk, is_small, walk_through
from .translating import feed_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import Article, Item, KeyKind, Source

    from .cutting import Cut
    from .parsed import ParsedFeed


class Parse(Protocol):
    """Parses the whole feed; ``plain`` as in :func:`bot.ingest.parse.parse_bytes`."""

    def __call__(self, *, plain: bool) -> ParsedFeed:
        """The feed. Raises SourceError."""


def read(text: str, url: str | None, source: Source, past: Past, parse: Parse) -> ReadFeed:
    """The feed in ``text``, of which only the items are read that the ``past`` does not know. Raises SourceError."""
    whole = cut(text) if text.startswith("<") and is_small(text) else None
    if whole is None:
        return _read_items(parse(plain=True), source, past)
    marks = _marks(whole.items, _context(source, surroundings(whole), url or ""))
    known = _places(past, marks)
    if known and (found := _read_met(whole, url, source, past, marks, known)) is not None:
        return found
    walk = Walk()
    with feed_errors():
        feed = walk_through(walk, whole.with_items(whole.items), url)
    if feed is None or not feed.items:
        return _read_items(parse(plain=False), source, past)
    if stand(whole, whole.items, walk):
        return read_whole(feed, source, marks)
    return _read_items(feed, source, past)


def read_whole(feed: ParsedFeed, source: Source, marks: Sequence[bytes] = ()) -> ReadFeed:
    """All items of the feed as articles; with the ``marks`` of all items they can be recalled, if that is possible."""
    articles, refused = identity.read(feed.items, source, lang=feed.lang)
    kind = _kind_of(articles, feed.items) if marks and not (feed.refused or refused) else None
    return ReadFeed(
        kind=feed.kind,
        title=feed.title,
        articles=tuple(articles),
        fetched=len(feed.items) + len(feed.refused),
        ttl=feed.ttl,
        refused=(*feed.refused, *refused),
        children=feed.children,
        marked=_marked(marks, {}, kind, feed.lang) if kind is not None else None,
    )


def _read_met(
    whole: Cut, url: str | None, source: Source, past: Past, marks: Sequence[bytes], known: Mapping[bytes, int]
) -> ReadFeed | None:
    """The feed without its known items, which are not even parsed; None if it must be read whole."""
    met = [item for item, mark in zip(whole.items, marks, strict=True) if mark not in known]
    walk = Walk()
    with feed_errors():
        feed = walk_through(walk, whole.with_items(met), url)
    if feed is None or feed.lang != past.lang or not stand(whole, met, walk):
        return None
    return _recalled(feed, feed.items, source, past, marks, known)


def _read_items(feed: ParsedFeed, source: Source, past: Past) -> ReadFeed:
    """A feed that was parsed whole; its known items are not made into articles."""
    marks = _marks(map(repr, feed.items), _context(source, feed.lang or ""))
    known = _places(past, marks)
    if known and feed.lang == past.lang and not feed.refused:
        met = [item for item, mark in zip(feed.items, marks, strict=True) if mark not in known]
        if (found := _recalled(feed, met, source, past, marks, known)) is not None:
            return found
    return read_whole(feed, source, marks)


def _recalled(
    feed: ParsedFeed,
    met: Sequence[Item],
    source: Source,
    past: Past,
    marks: Sequence[bytes],
    known: Mapping[bytes, int],
) -> ReadFeed | None:
    """The feed with the items ``met`` for the first time as its articles; None where the known ones matter for them."""
    articles, refused = identity.read(met, source, lang=feed.lang)
    if refused or len(known) + len(met) != len(marks) or _share(articles, past, known):
        return None
    if met and _kind_of(articles, met) != past.keyed:
        return None
    return ReadFeed(
        kind=feed.kind,
        title=feed.title,
        articles=tuple(articles),
        fetched=len(marks),
        ttl=feed.ttl,
        marked=_marked(marks, known, past.keyed, feed.lang),
    )


def _kind_of(articles: Sequence[Article], items: Sequence[Item]) -> KeyKind | None:
    """The kind of all the keys, if every item has become an article with a guid, or, in want of guids, with a link."""
    kinds = {article.key_kind for article in articles}
    if len(articles) != len(items) or len(kinds) != 1:
        return None
    (kind,) = kinds
    return kind if kind == "guid" or (kind == "link" and not any(item.guid for item in items)) else None


def _share(articles: Iterable[Article], past: Past, known: Mapping[bytes, int]) -> bool:
    """Whether one has the key of a known item, or its name by chance."""
    names = {past.names[place * NAME : (place + 1) * NAME] for place in known.values()}
    return any(bytes.fromhex(short(article.key)) in names for article in articles)


def _context(source: Source, *parts: str) -> bytes:
    """What all items of a feed have in common, as the key of their hashes."""
    said = "\0".join((str(NORMALISER_VERSION), repr(source), *parts))
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def _marks(texts: Iterable[str], context: bytes) -> list[bytes]:
    start = blake2b(digest_size=MARK, key=context)
    marks = []
    for text in texts:
        mark = start.copy()
        mark.update(text.encode("utf-8", "surrogatepass"))
        marks.append(mark.digest())
    return marks


def _places(past: Past, marks: Sequence[bytes]) -> dict[bytes, int]:
    """The marks that the past knows, each with its item's place there."""
    known = {past.marks[start : start + MARK]: start // MARK for start in range(0, len(past.marks), MARK)}
    return {mark: known[mark] for mark in marks if mark in known}


def _marked(marks: Sequence[bytes], known: Mapping[bytes, int], kind: KeyKind, lang: str | None) -> Marked:
    return Marked(marks=b"".join(marks), places=tuple(known.get(mark, -1) for mark in marks), keyed=kind, lang=lang)
