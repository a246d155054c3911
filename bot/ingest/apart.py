"""Items that come under a guid which another item had before them. Pure.

Whether guids are unique can be seen only of items that a feed shows together. Of a feed that shows one item at a time,
always under the same guid, every news would be taken for an edit of the last, and nobody would be told of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from .fingerprints import bounded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.model import Article


class Stored(Protocol):
    """What tells whether an article is the one that is stored under its key."""

    @property
    def title(self) -> str:
        """The title of its newest version."""

    @property
    def canonical_url(self) -> str | None:
        """Its address in one spelling."""

    @property
    def published_at(self) -> datetime | None:
        """Its date as given."""


def told_apart(
    articles: Sequence[Article], stored: Mapping[str, Stored], others: Collection[str] = ()
) -> list[Article]:
    """The articles of one poll, those that are others than what is ``stored`` under their guid with another key.

    An article is another one if its title, its link and its date are: then its link is its key, or, where the poll
    holds that key already, its words; ``others`` are keys of the poll beside those of the ``articles``. A false alarm
    here costs little, for copies are recognised by their words.
    """
    taken = {*others, *(article.key for article in articles)}
    return [_named(article, stored.get(article.key), taken) for article in articles]


def _named(article: Article, before: Stored | None, taken: set[str]) -> Article:
    if before is None or article.key_kind != "guid" or not _is_another(article, before):
        return article
    link = replace(article, key=bounded(article.canonical_url or ""), key_kind="link")
    words = replace(article, key=article.fingerprint, key_kind="fingerprint")
    own = next((each for each in (link, words) if each.key not in taken), article)
    taken.add(own.key)
    return own


def _is_another(article: Article, before: Stored) -> bool:
    """Whether it cannot be an edit: one has the date, or at least the link, that it had, or it keeps its title."""
    same_date = article.published_at is not None and article.published_at == before.published_at
    links = article.canonical_url, before.canonical_url
    return not same_date and None not in links and links[0] != links[1] and article.title != before.title
