"""What is new in a story: what an article states is set against what the story holds, and written down.

It is asked of articles that some rule matches, and of those that join a story somebody has been told of; what the
others state is nobody's concern. What it costs does not grow with the archive, nor with the story.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .extract import references
from .model import Facts
from .store import archive, facts
from .stories import novelty, stated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .model import Article, News, Reference, TextField
    from .store import Tx
    from .stories.stated import Stated

# Of a story that was told before anything was written down so many articles are read again.
RECALLED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """An article that is or becomes a member of a story.

    ``alone``: nothing else is in the story. ``copied``: it is a copy; ``edited``: a new version of one that is stored;
    ``silent``: it was there when its source was first polled, and brings nothing now.
    """

    article: Article
    id: int
    story: int
    source_name: str
    alone: bool = False
    copied: bool = False
    edited: bool = False
    silent: bool = False


def learn(tx: Tx, joining: Joining, now: datetime, *, told: bool) -> tuple[News, ...]:
    """What the article brings, the weightiest first; the story holds it from now on. Raises StoreError.

    ``told``: somebody has been told of the story. A new version is asked for before it is stored.
    """
    said = stated(joining.article, _found(joining.article), source=joining.source_name)
    news: tuple[News, ...] = ()
    if not joining.alone and not joining.silent:
        if told and not facts.any_of(tx, joining.story):
            _recall(tx, joining)
        held = facts.held(tx, joining.story, said.asks, said.topics)
        news = novelty(said, held, copied=joining.copied, edited=joining.edited)
    facts.add(tx, joining.story, joining.id, said.facts)
    facts.add_news(tx, joining.story, joining.id, news, now)
    return news


def _recall(tx: Tx, joining: Joining) -> None:
    """Write down what the articles of an older story state, as they are stored."""
    for number in facts.members(tx, joining.story, RECALLED):
        stored = archive.get(tx, number) if number != joining.id or joining.edited else None
        if stored is not None:
            facts.add(tx, joining.story, number, _read(stored.article).facts)


def _read(article: Article) -> Stated:
    return stated(article, _found(article))


def _found(article: Article) -> Facts:
    return Facts(references=tuple(_references(article)))


def _references(article: Article) -> Iterator[Reference]:
    fields: tuple[tuple[TextField, str], ...] = (("title", article.title), ("body", article.body))
    for field, text in fields:
        yield from (replace(reference, field=field) for reference in references(text))
