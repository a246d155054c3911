"""The matcher against the obvious way: one regular expression for each keyword.

    python benchmarks/match.py [FOLDER] [--rules 100 1000 10000] [--articles 200]

Texts come from FOLDER (``.txt``, ``.md``, ``.jsonl`` and ``.jsonl.gz`` with a "text" field) or are generated.
Rules are synthetic and drawn from the words of other texts: or-lists of phrases, with every third an AND of
two groups and every fifth a NOT. Printed for each number of rules: the median time of an article, of
folding and scanning alone, of the regular expressions (on fewer articles), and the ratios.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from texts import generated, read

from bot.match.engine import Matcher
from bot.match.page import Page
from bot.model import AllOf, AnyOf, Article, Expr, Not, Rule, Term


def phrases(texts: list[str], rng: random.Random) -> list[str]:
    """One to three words in a row, of which one at least stands in no more than one text of five hundred."""
    listed = [re.findall(r"[^\W\d_]{3,}", text) for text in texts]
    frequency = Counter(word.lower() for words in listed for word in set(words))
    found = []
    for words in listed:
        for _ in range(40):
            place = rng.randrange(max(1, len(words) - 3))
            phrase = words[place : place + rng.choice([1, 1, 2, 3])]
            if phrase and min(frequency[word.lower()] for word in phrase) <= max(1, len(texts) // 500):
                found.append(" ".join(phrase))
    return found


def rule(number: int, pool: list[str], rng: random.Random) -> Rule:
    """A rule of the kind analysts write: about 4.5 terms."""

    def group(size: int) -> AnyOf:
        return AnyOf(tuple(Term(text=text) for text in rng.sample(pool, size)))

    parts: list[Expr] = [group(rng.randint(2, 6))]
    if number % 3 == 0:
        parts.append(group(2))
    if number % 5 == 0:
        parts.append(Not(group(1)))
    return Rule(id=f"r{number}", title="", expr=AllOf(tuple(parts)))


def naive(rules: list[Rule]) -> list[tuple[list[list[re.Pattern[str]]], list[re.Pattern[str]]]]:
    """Each rule as groups of regular expressions: (all groups needed, none of these)."""

    def compiled(part: Expr) -> list[re.Pattern[str]]:
        terms = part.parts if isinstance(part, AnyOf) else ()
        return [re.compile(rf"(?i)\b{re.escape(term.text)}(?:e?s|'s)?\b") for term in terms if isinstance(term, Term)]

    out = []
    for one in rules:
        parts = one.expr.parts if isinstance(one.expr, AllOf) else ()
        wanted = [compiled(part) for part in parts if not isinstance(part, Not)]
        out.append((wanted, [pattern for part in parts if isinstance(part, Not) for pattern in compiled(part.part)]))
    return out


def naive_match(prepared: list[tuple[list[list[re.Pattern[str]]], list[re.Pattern[str]]]], text: str) -> int:
    return sum(
        all(any(p.search(text) for p in group) for group in wanted) and not any(p.search(text) for p in unwanted)
        for wanted, unwanted in prepared
    )


def article(text: str) -> Article:
    return Article(
        source="s", key="k", key_kind="url", fingerprint="", content_hash="", title="", body=text, text_seen="full"
    )


def timed(call: object, inputs: list[object]) -> list[float]:
    """Microseconds of a call for each input."""
    assert callable(call)
    times = []
    for one in inputs:
        begin = time.perf_counter()
        call(one)
        times.append((time.perf_counter() - begin) * 1e6)
    return times


def measure(count: int, texts: list[str], pool: list[str], rng: random.Random) -> None:
    """Print the line of one number of rules."""
    rules = [rule(number, pool, rng) for number in range(count)]
    begin = time.perf_counter()
    matcher = Matcher(rules)
    built = time.perf_counter() - begin
    articles: list[object] = [article(text) for text in texts]
    timed(matcher.match, articles[:20])
    whole = timed(matcher.match, articles)
    scan = timed(lambda one: matcher._index.scan(Page(one)), articles)  # noqa: SLF001
    folded = timed(Page, articles)
    matched = statistics.mean(len(matcher.match(one)) for one in articles if isinstance(one, Article))
    prepared = naive(rules[: min(count, 1000)])
    few: list[object] = list(texts[: max(3, 3000 // count)])
    slow = statistics.median(timed(lambda text: naive_match(prepared, str(text)), few)) * count / len(prepared)
    ours = statistics.median(whole)
    p99 = statistics.quantiles(whole, n=100)[98]
    print(
        f"{count:>7} {statistics.median(folded):>9.0f} {statistics.median(scan):>9.0f} {ours:>9.0f} {p99 / ours:>7.1f}"
        f" {matched:>8.2f} {1e6 / ours:>11.0f} {1e6 / slow:>11.1f} {slow / ours:>8.0f}x {built:>8.2f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rules", nargs="+", type=int, default=[100, 1_000, 10_000])
    parser.add_argument("--articles", type=int, default=200)
    asked = parser.parse_args()
    rng = random.Random(7)
    wanted = asked.articles * 11  # rules are made of the words of ten times as many other texts
    every = read(asked.folder, wanted) if asked.folder else generated(wanted, rng)
    texts, others = every[: asked.articles], every[asked.articles :] or every
    pool = phrases(others, rng)
    print(f"{len(texts)} articles of {statistics.median(map(len, texts)):.0f} characters (medians; µs an article)")
    print("  rules      fold fold+scan     whole p99/p50 mentions  articles/s   naive re/s    ratio  build s")
    for count in asked.rules:
        measure(count, texts, pool, rng)


if __name__ == "__main__":
    main()
