"""tantivy as a matcher: articles are indexed in memory, a batch at a time, and every rule is asked of the batch."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from peers import Column, bare, best, clock

from bot.model import AllOf, AnyOf, Near, Not, Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tantivy

    from bot.model import Expr, Rule

NAME = "tantivy"
BATCHES = (100, 1_000)
_HEAP = 50_000_000


class Tantivy:
    """Rules as prepared queries. Raises ImportError if the package is not installed."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        import tantivy

        self._tantivy = tantivy
        self._schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace").build()
        # Nobody asks for a score: without one a query is a sixth faster.
        asked = tantivy.Query.const_score_query
        self._queries = [(rule.id, asked(self._query(rule.expr), 1.0)) for rule in rules]

    def _query(self, expr: Expr) -> tantivy.Query:
        """The expression in tantivy's words. Its slop asks for an order: near becomes and."""
        query, occur = self._tantivy.Query, self._tantivy.Occur
        if isinstance(expr, Term):
            words = expr.text.split()
            if expr.kind == "wildcard":
                return query.regex_query(self._schema, "text", words[0].replace("*", ".*"))
            if len(words) == 1:
                return query.term_query(self._schema, "text", words[0], "basic")
            return query.phrase_query(self._schema, "text", words)
        if isinstance(expr, AnyOf):
            return query.boolean_query([(occur.Should, self._query(part)) for part in expr.parts])
        assert isinstance(expr, (AllOf, Near))
        parts = (expr.left, expr.right) if isinstance(expr, Near) else expr.parts
        return query.boolean_query(
            [
                (occur.MustNot, self._query(part.part)) if isinstance(part, Not) else (occur.Must, self._query(part))
                for part in parts
            ]
        )

    def meets(self, texts: Sequence[str]) -> list[set[str]]:
        """See :class:`peers.Peer`: one batch, the making of its index included."""
        index = self._tantivy.Index(self._schema)
        analyzer = self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("whitespace", analyzer)
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for text in texts:
            writer.add_document(self._tantivy.Document(text=text))
        writer.commit()
        index.reload()
        searcher = index.searcher()
        if searcher.num_segments != 1:
            raise RuntimeError("the batch is in several segments: articles cannot be told by their number")
        found: list[set[str]] = [set() for _ in texts]
        for rule, query in self._queries:
            for _, address in searcher.search(query, limit=len(texts), count=False).hits:
                found[address.doc].add(rule)
        return found


def measure(rules: Sequence[Rule], texts: Sequence[str], rounds: int) -> Column:
    """The better of the batch sizes; making words bare is not counted."""
    try:
        build, peer = clock(lambda: Tantivy(rules))
    except ImportError as error:
        return Column(NAME, missing=str(error.name))
    pages = [bare(text) for text in texts]
    columns = []
    for size in dict.fromkeys(min(size, len(pages)) for size in BATCHES):
        column = Column(f"{NAME}, {size:,} a batch", build=build, batched=True)
        taken = pages[: 2 * size] if size <= BATCHES[0] else pages
        batches = [taken[first : first + size] for first in range(0, len(taken), size)]
        for batch, time, found in zip(batches, *best(peer.meets, batches, rounds), strict=True):
            column.times += [time / len(batch)] * len(batch)
            column.found += found
        columns.append(column)
    return min(columns, key=lambda column: statistics.mean(column.times))
