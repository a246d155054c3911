"""Under which entries an article is looked up: address, words, headline, and a sketch of its passages.

The sketch is by *winnowing* (Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003): of every window of ``WINDOW`` consecutive shingles (Broder's runs of ``SHINGLE``
words) the one with the least hash is kept. Unlike a bottom-k sketch of the whole text it has a guarantee
that survives length: any passage of at least ``WINDOW + SHINGLE - 1`` words that two texts share gives them
a common entry, whether one is a summary of sixty words or the full report. It costs about
2 / (WINDOW + 1) entries a word: some thirty for an article of 2 kB. Of a text of few words smaller windows are
taken, which keep what the larger ones keep and more, so that two bulletins meet with a word exchanged in each.
Entries only nominate candidates; :mod:`bot.stories.compare` decides. Hashes do not depend on the process (no salted
``hash()``).
"""

from __future__ import annotations

import zlib
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.model import Features

from .styled import styled_title, styled_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Article

SHINGLE = 5
WINDOW = 20
ENTRIES = 64  # of passages per article; longer ones are sketched from their beginning, where news stands
FEW = 60  # words; a text of no more has no passage to spare
NARROW = 8  # shingles of a window in such a text
TITLE_WORDS = 4  # fewer say too little to look anything up by
_LIMIT = 14 * ENTRIES  # words that give about ENTRIES entries
_HEAD = 12 * _LIMIT  # characters that surely hold so many words


def features(article: Article) -> Features:
    """Index entries (kind, value), sorted: "passage" for every kept shingle, "text", "title" and "url"."""
    body, title = styled_words(article.body[:_HEAD]), styled_title(article.title)
    entries = [("passage", value) for value in sorted(passages(body[:_LIMIT]))]
    if body or title:
        entries.append(("text", digest(body or title)))
    if len(title) >= TITLE_WORDS:
        entries.append(("title", digest(title)))
    if article.canonical_url:
        entries.append(("url", digest([article.canonical_url])))
    return Features(entries=tuple(entries))


def digest(words: Iterable[str]) -> str:
    """A name for a sequence of words, the same on every machine."""
    return blake2b(" ".join(words).encode(), digest_size=12).hexdigest()


def passages(words: Sequence[str]) -> list[str]:
    """The winnowed shingles of a text, as eight hexadecimal digits each, in order of place."""
    hashes = _shingle_hashes(words)
    if not hashes:
        return []
    width = NARROW if len(words) <= FEW else WINDOW
    last, least = _least(hashes[:width])
    kept = {least: None}
    for place, value in enumerate(hashes[width:], width):
        if value <= least:
            last, least = place, value
        elif place - last < width:
            continue
        else:  # it has left the window
            begin = place - width + 1
            last, least = _least(hashes[begin : place + 1])
            last += begin
        kept[least] = None
    return [f"{value:08x}" for value in list(kept)[:ENTRIES]]


def _least(window: Sequence[int]) -> tuple[int, int]:
    """The last place of the least hash, and that hash."""
    least = min(window)
    return len(window) - 1 - window[::-1].index(least), least


def _shingle_hashes(words: Sequence[str]) -> list[int]:
    joined = " ".join(words)
    text = joined.encode()
    lengths = map(len, words if joined.isascii() else [word.encode() for word in words])
    # Where each word begins, counting the blank behind the one before; the end of the last is no beginning.
    starts = list(accumulate([length + 1 for length in lengths], initial=0))
    return [zlib.crc32(text[start : end - 1]) for start, end in zip(starts, starts[SHINGLE:], strict=False)]
