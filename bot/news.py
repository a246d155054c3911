"""What is new in a story: what an article states is set against what the story holds, and written down.

It is asked of articles that some rule matches, and of those that join a story somebody has been told of; what the
others state is nobody's concern. What it costs does not grow with the archive, nor with the story.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .extract import facts as read_facts
from .rights import Allowance
from .store import archive, news
from .stories import novelty, stated

if TYPE_CHECKING:
    from datetime import datetime

    from .model import Article, Facts, News
    from .store import Tx

# Of a story that was told before anything was written down so many articles are read again.
RECALLED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """An article that is or becomes a member of a story.

    ``found`` are its references, deadlines and quotes. ``alone``: nothing else is in the story. ``copied``: it is a
    copy; ``edited``: a new version of one that is stored; ``silent``: it was there when its source was first polled,
    and brings nothing now.
    """

    article: Article
    found: Facts
    id: int
    story: int
    source_name: str
    alone: bool = False
    copied: bool = False
    edited: bool = False
    silent: bool = False


def take_note(tx: Tx, joining: Joining, now: datetime, *, told: bool) -> tuple[News, ...]:
    """What the article brings, the weightiest first; the story holds it from now on. Raises StoreError.

    ``told``: somebody has been told of the story. A new version is asked for before it is stored.
    """
    copied = joining.copied and news.any_of(tx, joining.story)
    said = stated(joining.article, joining.found, source=joining.source_name, copied=copied)
    new: tuple[News, ...] = ()
    if not joining.alone and not joining.silent:
        if told and not news.any_of(tx, joining.story):
            _recall(tx, joining)
        held = news.held(tx, joining.story, said.asks, said.topics)
        new = novelty(said, held, copied=joining.copied, edited=joining.edited)
        quoted = Allowance(joining.article.excerpt).news(new)
        # Sentences are limited where they are shown; the words of a quotation go into messages about other articles.
        new = tuple(replace(one, text=shown.text) for one, shown in zip(new, quoted, strict=True))
    news.add(tx, joining.story, joining.id, said.facts)
    news.add_news(tx, joining.story, joining.id, new, now)
    return new


def _recall(tx: Tx, joining: Joining) -> None:
    """Write down what the articles of an older story state, as they are stored."""
    for number in news.members(tx, joining.story, RECALLED):
        stored = archive.get(tx, number) if number != joining.id or joining.edited else None
        if stored is not None:
            said = stated(stored.article, read_facts(stored.article))
            news.add(tx, joining.story, number, said.facts)
