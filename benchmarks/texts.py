"""Texts to measure with: of a folder, or made up with the word frequencies of a language."""

from __future__ import annotations

import gzip
import json
import random
import re
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.model import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SYLLABLES = re.findall("..", "bacedifogukaleminopurasetivowuxayezitrstpldr")
LENGTH = 2200


def vocabulary_of(rng: random.Random) -> tuple[list[str], list[float]]:
    """Made-up words and how often they are drawn (cumulative): frequencies fall as in language (Zipf)."""
    vocabulary = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(30_000)]
    return vocabulary, list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))


def generated(count: int, rng: random.Random) -> list[str]:
    """Texts of words that are drawn from one vocabulary."""
    vocabulary, weights = vocabulary_of(rng)
    texts = []
    for _ in range(count):
        drawn = rng.choices(vocabulary, cum_weights=weights, k=LENGTH // 7)
        texts.append(" ".join(word + ("." if rng.random() < 0.06 else "") for word in drawn))
    return texts


def read(folder: Path, count: int) -> list[str]:
    """Up to ``count`` texts of a folder, each cut to the length of a news article."""
    texts: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".txt", ".md"}:
            texts.append(path.read_text("utf-8", "replace"))
        elif path.name.endswith((".jsonl", ".jsonl.gz")):
            with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
                texts += [row["text"] for row in map(json.loads, lines) if row.get("text")]
    random.Random(5).shuffle(texts)
    return [text[:LENGTH] for text in texts if len(text) > 200][:count]


def joined(texts: Iterable[str]) -> Iterator[str]:
    """Texts as long as a news article: short ones are put together, a paragraph each, and the last is cut."""
    article = ""
    for text in texts:
        article += ("\n\n" if article else "") + text
        if len(article) >= LENGTH:
            yield article[:LENGTH]
            article = ""


def article(text: str) -> Article:
    """An article with this text and no title."""
    return Article(
        source="s", key="k", key_kind="url", fingerprint="", content_hash="", title="", body=text, text_seen="full"
    )
