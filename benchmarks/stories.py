"""What finding copies costs: an article's index entries, and one word-by-word comparison.

python benchmarks/stories.py [FOLDER]     (a folder of .txt files; else a made-up text of 2 kB)

Prints medians, and the ratio to merely folding the text, measured in the same run.
"""

import random
import statistics
import sys
import timeit
from pathlib import Path

from bot.model import Article
from bot.stories import features
from bot.stories.place import compare
from bot.stories.reading import Reading
from bot.text import fold


def article(title: str, body: str) -> Article:
    return Article(source="s", key=title, key_kind="guid", fingerprint="", content_hash="", title=title, body=body)


def made_up(size: int = 2_000) -> str:
    dice = random.Random(1)
    words = [f"{dice.choice('bcdfgklmnprst')}{dice.choice('aeiou')}{n}" for n in range(400)]
    text = ""
    while len(text) < size:
        text += " ".join(dice.choices(words, k=16)).capitalize() + ". "
    return text


def median(work, repeat: int = 30) -> float:  # noqa: ANN001
    """Milliseconds."""
    return statistics.median(timeit.repeat(work, number=1, repeat=repeat)) * 1000


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    texts = [path.read_text("utf-8", "replace") for path in sorted(folder.glob("*.txt"))] if folder else [made_up()]
    articles = [article(f"Headline {n}", text) for n, text in enumerate(texts)]
    folding = statistics.median(median(lambda a=a: fold(a.body)) for a in articles)
    indexing = statistics.median(median(lambda a=a: features(a)) for a in articles)
    retitled = [(a, article("Another headline", a.body + " One more sentence.")) for a in articles]
    comparing = statistics.median(median(lambda p=p: compare(Reading.of(p[0]), Reading.of(p[1]))) for p in retitled)
    print(f"{len(articles)} articles, {statistics.median(len(a.body) for a in articles):.0f} characters (median)")
    for name, value in (("fold", folding), ("index entries", indexing), ("compare with one copy", comparing)):
        print(f"{name:24} {value:8.3f} ms   {value / folding:6.1f} x fold")


if __name__ == "__main__":
    main()
