"""The matcher beside the engines one might use instead, in one run: who finds the same, and how fast.

    python benchmarks/match.py [FOLDER] [--rules 100 1000 10000 100000] [--articles 1000]
                               [--only ours re postgresql tantivy lucene] [--rounds 3] [--json FILE]

Texts come from FOLDER (``.txt``, ``.md``, ``.jsonl`` and ``.jsonl.gz`` with a "text" field; short ones are joined to
articles of 2,200 characters) or are generated. Rules are made of the words of other texts of the same kind, as
analysts write them (benchmarks/rulebook.py). For each number of rules:

    fold                 ours: the article in one spelling, and nothing else
    fold + scan          ours: every term of every rule found, no rule looked at
    ours: which rules    ours: the whole match, as ids
    ours: with evidence  ours: the whole match with hits, clauses and sentences
    naive re             a regular expression for each keyword; above 1,000 rules reckoned from 1,000, marked ~
    PostgreSQL           stored tsqueries with an anchor column, one prepared statement an article
    tantivy              a batch of articles indexed in memory, every rule asked of it; the better of 100 and 1,000
    Lucene Monitor       stored queries with a pre-search by their rarest words, timed in a Java machine that is warm

Times are microseconds an article, the best of the rounds for each, so that p99 tells how articles differ and not
what else the machine did; the first three lines take turns, article by article. Of a batch there is only the mean.
"ready in s" is what compiling or loading the rules took.
The peers are spared what they cannot do: PostgreSQL, tantivy and Lucene get words that are folded already and without
punctuation, they look for no plurals, and NEAR is AND.

Compared are the rules that each article meets. naive re is asked the very rules, of the very text. With the other
three both sides look at the bare words, and ours has every term as an alias, which takes no plural; of a rule with
NEAR they must find every mention of ours, and what they find beyond is counted apart. If anything else differs the
exit status is 1.

pip install -c constraints.txt -e '.[bench]' brings the peers but Lucene: that takes a JDK, and Lucene's jars, named by
PRESSWATCH_LUCENE (benchmarks/peers_lucene.py). A peer that is missing is named, and the run goes on.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import peers_lucene
import peers_postgres
import peers_tantivy
from figures import EVIDENCE, FOLD, SCAN, WHICH, Measured, as_json, growth, table
from memory import bytes_a_rule
from peers import Column, bare, best, clock, compare, in_turn, measure_naive, near_rules
from rulebook import Pool, rules_of, without_plurals
from texts import article, generated, joined, read

from bot.match import Matcher
from bot.match.page import Page
from bot.model import Rule, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.model import Article

    Engine = Callable[[Sequence[Rule], Pool, Sequence[str], int], Column]

ENGINES = ("ours", "re", "postgresql", "tantivy", "lucene")


# ── ours ─────────────────────────────────────────────────────────────────────────────────────────


def stages(matcher: Matcher, articles: Sequence[Article], rounds: int) -> Iterator[Column]:
    """Our match, each stage containing the one before it.

    The first three take turns: a scan that is made again and again, and nothing else, has the automaton in the
    processor's cache, where in the program the rules are as well.
    """
    turns = in_turn((lambda one: Page(one).text, matcher.scan, matcher.matching), articles, rounds)
    (folding, _), (scanning, _), (times, found) = turns
    yield Column(FOLD, folding)
    yield Column(SCAN, scanning)
    yield Column(WHICH, times, found=list(map(set, found)))
    times, mentions = best(matcher.match, articles, rounds)
    yield Column(EVIDENCE, times, found=[{one.rule for one in told} for told in mentions])


def ours(rules: Sequence[Rule], pool: Pool, texts: Sequence[str], rounds: int, result: Measured) -> list[set[str]]:
    """Put our figures into the result; what was found. Anchors are chosen by the other texts, as by an archive."""
    articles = [article(text) for text in texts]
    result.memory = bytes_a_rule(rules, pool.frequency, articles)
    seconds, matcher = clock(lambda: Matcher(rules, pool.frequency))
    gc.collect()
    gc.freeze()  # a collection amid an article would walk through all rules
    for one in articles:
        matcher.match(one)  # what is made once, when it is first needed, is not an article's cost
    fold, scan, ids, evidence = stages(matcher, articles, rounds)
    gc.unfreeze()
    ids.build = seconds
    result.columns += [fold, scan, ids]
    result.add(evidence, compare(ids.found, evidence.found))
    result.mentions = statistics.mean(map(len, ids.found))
    return ids.found


def without_plurals_found(rules: Sequence[Rule], texts: Sequence[str]) -> list[set[str]]:
    """The rules that the bare words of each text meet, by our matcher, when plurals are not looked for."""
    matcher = Matcher(Rule(id=rule.id, title="", expr=without_plurals(rule.expr)) for rule in rules)
    return [set(matcher.matching(article(bare(text)))) for text in texts]


# ── all of them ──────────────────────────────────────────────────────────────────────────────────


def others(only: Sequence[str], stack: ExitStack) -> Iterator[Engine]:
    """The engines whose terms know no plurals; one that is not installed gives a column that says so."""
    if "postgresql" in only:
        try:
            connection = stack.enter_context(peers_postgres.opened())
        except ImportError as error:
            absent = Column(peers_postgres.NAME, missing=str(error.name))
            yield lambda *_: absent
        else:
            yield partial(peers_postgres.measure, connection)
    if "tantivy" in only:
        yield lambda rules, _, texts, rounds: peers_tantivy.measure(rules, texts, rounds)
    if "lucene" in only:
        yield peers_lucene.measure


def measure(
    rules: Sequence[Rule], pool: Pool, texts: Sequence[str], asked: argparse.Namespace, engines: Sequence[Engine]
) -> Measured:
    """Every engine that was asked for, and where they differ from ours."""
    result = Measured(len(rules), statistics.mean(sum(1 for _ in terms_of(rule.expr)) for rule in rules))
    found = ours(rules, pool, texts, asked.rounds, result) if "ours" in asked.only else []
    if "re" in asked.only:
        column = measure_naive(rules, texts, asked.rounds)
        known = {rule.id for rule in rules[: round(len(rules) / column.scale)]}
        result.add(column, compare([one & known for one in found], column.found))
    columns = [engine(rules, pool, texts, asked.rounds) for engine in engines]
    found = without_plurals_found(rules, texts) if found and any(column.found for column in columns) else []
    for column in columns:
        result.add(column, compare(found, column.found, near_rules(rules)))
    return result


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    summary, _, more = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, help="texts to match; without it they are made up")
    parser.add_argument("--rules", nargs="+", type=int, default=[100, 1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--articles", type=int, default=1_000, metavar="N", help="1,000 fill tantivy's larger batch")
    parser.add_argument(
        "--only", nargs="+", choices=ENGINES, default=ENGINES, help="engines; nothing is compared without ours"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="times that each engine goes over the articles"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file as well")
    return parser.parse_args()


def texts_for(asked: argparse.Namespace, rng: random.Random) -> tuple[list[str], list[str]]:
    """The articles, and other texts, of whose words the rules are made: all of a folder, or ten for each article."""
    every = list(joined(read(asked.folder, sys.maxsize))) if asked.folder else generated(asked.articles * 11, rng)
    if len(every) < 2:
        sys.exit(f"{asked.folder} holds too little text to measure with")
    articles = every[: min(asked.articles, len(every) // 2)]
    return articles, every[len(articles) :]


def main() -> int:
    """Measure and print; 1 if an engine differs from ours."""
    asked = options()
    rng = random.Random(7)
    texts, more = texts_for(asked, rng)
    try:
        pool = Pool.of(more, rng)
    except ValueError as error:
        sys.exit(str(error))
    print(f"{len(texts):,} articles of {statistics.median(map(len, texts)):,.0f} characters; µs an article")
    results = []
    with ExitStack() as stack:
        engines = list(others(asked.only, stack))
        for count in asked.rules:
            results.append(measure(rules_of(count, pool, rng), pool, texts, asked, engines))
            print("", *table(results[-1]), sep="\n", flush=True)
    print("", *growth(results), sep="\n")
    if asked.json:
        asked.json.write_text(as_json(results))
    return int(any(one.wrong for result in results for one in result.differences.values()))


if __name__ == "__main__":
    sys.exit(main())
