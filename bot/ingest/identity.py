"""Which items are the same: keys, fingerprints, and the articles of one feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import normalise
from .fingerprints import bounded, content_hash, fingerprint, refusal
from .links import canonical_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Article, Item, KeyKind, Refusal, Source

__all__ = ["articles", "bounded", "canonical_url", "content_hash", "fingerprint", "read"]

_KINDS: tuple[KeyKind, ...] = ("guid", "link", "fingerprint")


def articles(items: Sequence[Item], source: Source, *, lang: str | None = None) -> list[Article]:
    """The feed's items as articles, in the feed's order, each with a key that is its own within the feed.

    A kind of key – guid, else canonical link, else fingerprint – is used only if no two different items of
    the feed share one: feeds exist whose guids are all the same, and whose links all lead to the front page.
    An item that lacks it takes the next kind. The same item listed twice comes once, in its newest form.
    ``lang`` is the feed's own language. An item that cannot become an article is left out; :func:`read` tells of it.
    """
    return read(items, source, lang=lang)[0]


def read(items: Sequence[Item], source: Source, *, lang: str | None = None) -> tuple[list[Article], list[Refusal]]:
    """The same, with the items that can be no articles: one of them must not take the others along."""
    made: list[tuple[Article, Item]] = []
    refused: dict[str, Refusal] = {}
    for item in items:
        try:
            made.append((normalise.article(item, source, lang=lang), item))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 – whatever it is, it is this item's error, and is told as such
            found = _refusal(item, error)
            refused.setdefault(found.key, found)
    return _keyed(_merged(made)), list(refused.values())


def _refusal(item: Item, error: Exception) -> Refusal:
    reason = f"Presswatch itself failed on it ({type(error).__name__}: {error}): please report this"
    own = item.guid or item.link
    parts = (own,) if own else (item.title, item.summary, item.content, item.published_raw or "")
    return refusal(item.title or own or "", reason, *parts, url=item.link, guid=item.guid)


def _keyed(drafts: Sequence[tuple[Article, Item]]) -> list[Article]:
    found: list[tuple[KeyKind, str] | None] = [None] * len(drafts)
    for kind in _KINDS:
        keys = [_key(kind, article, item) for article, item in drafts]
        if kind == "fingerprint" or _distinguishes(keys, drafts):
            found = [before or ((kind, key) if key else None) for before, key in zip(found, keys, strict=True)]
        if all(found):
            break
    chosen: dict[str, Article] = {}
    for (article, _), (kind, key) in zip(drafts, filter(None, found), strict=True):
        if key not in chosen:
            chosen[key] = normalise.keyed(article, key, kind)
    return list(chosen.values())


def _merged(drafts: Sequence[tuple[Article, Item]]) -> list[tuple[Article, Item]]:
    """Drafts with their items; of several versions of one item only the one changed last.

    Versions share guid, link and date of publication (without one: the title). Guid and link alone do not
    prove it: feeds exist in which both are those of the front page, for every item.
    """
    latest: dict[tuple[object, ...], tuple[Article, Item]] = {}
    for place, (article, item) in enumerate(drafts):
        name: tuple[object, ...] = (item.guid, article.canonical_url, item.published_at or article.title)
        if not all(name):
            name = (place,)
        before = latest.get(name)
        if before is None or _changed(item) > _changed(before[1]):
            latest[name] = (article, item)
    return list(latest.values())


def _changed(item: Item) -> float:
    when: datetime | None = item.updated_at or item.published_at
    return when.timestamp() if when else float("-inf")


def _distinguishes(keys: Sequence[str], drafts: Sequence[tuple[Article, Item]]) -> bool:
    """Whether no two items share one of these keys, two with the very same words excepted."""
    words: dict[str, str] = {}
    for key, (article, _) in zip(keys, drafts, strict=True):
        if key and words.setdefault(key, article.fingerprint) != article.fingerprint:
            return False
    return True


def _key(kind: KeyKind, article: Article, item: Item) -> str:
    if kind == "guid":
        return bounded(item.guid or "")
    return bounded(article.canonical_url or "") if kind == "link" else article.fingerprint
