"""Searching the archive, the part without a database: the words that are indexed, what people may ask, what is shown.

Pure. The store indexes the words of :func:`indexed` and answers a :class:`Query`; :func:`snippet` shows where in an
article the query's words stand.
"""

from .query import Query, Term, parse
from .snippet import Snippet, around, mark, snippet
from .words import INDEX_VERSION, indexed

__all__ = ["INDEX_VERSION", "Query", "Snippet", "Term", "around", "indexed", "mark", "parse", "snippet"]
