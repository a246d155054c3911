"""The stories of articles that nobody stores: they come home like every new article, in a database for the moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .model import Source
from .placing import settle
from .store import Store, members, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from .model import Article
    from .store.records import StoryRecord
    from .store.store import Tx


def stories_of(
    articles: Sequence[Article], now: datetime, on_article: Callable[[Article], None] = lambda _article: None
) -> list[StoryRecord]:
    """Bring these articles together as if each had come in when it was published; the newest story comes first.

    Undated ones come last, at ``now``. An outlet that an article names is its source. Of two articles of one source
    with one key only the first counts. ``on_article`` is called as each is placed. Raises StoreError.
    """
    with TemporaryDirectory(prefix="presswatch-") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'stories.db'}")
        store.open()
        try:
            with store.write() as tx:
                _place(tx, articles, now, on_article)
            with store.read() as tx:
                return members.recent(tx, len(articles))
        finally:
            store.close()


def _place(tx: Tx, articles: Sequence[Article], now: datetime, on_article: Callable[[Article], None]) -> None:
    mine = [replace(article, source=article.outlet or article.source) for article in articles]
    names = {article.source: article.tier for article in mine}
    sources.sync(tx, [Source(id=name, kind="folder", name=name, tier=tier) for name, tier in names.items()], now)
    seen: set[tuple[str, str]] = set()
    for article in sorted(mine, key=lambda article: article.published_at or now):
        if (article.source, article.key) not in seen:
            seen.add((article.source, article.key))
            settle(tx, article, state="no rule", now=article.published_at or now)
        on_article(article)
