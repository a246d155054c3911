"""What compiled rules take in memory, measured in a process of its own."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from bot.match import Matcher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    from bot.model import Article, Rule
    from bot.rules.anchors import Cost


_ARTICLES = 100
_CHUNK = 1_000  # rules sent together: few, so that reading them leaves no room for the matcher to move into


def bytes_a_rule(rules: Sequence[Rule], frequency: Cost, articles: Sequence[Article]) -> float:
    """What a matcher adds to a process that holds its rules already, once it has matched some articles.

    Counted is memory that no other process shares.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_measure, args=(there,))
    child.start()
    there.close()
    here.send(frequency)
    here.send(articles[:_ARTICLES])
    for first in range(0, len(rules), _CHUNK):
        here.send(rules[first : first + _CHUNK])
    here.send(())
    added: int = here.recv()
    child.join()
    return added / len(rules)


def _measure(pipe: Connection) -> None:
    frequency: Cost = pipe.recv()
    articles: list[Article] = pipe.recv()
    rules: list[Rule] = []
    while chunk := pipe.recv():
        rules += chunk
    _match(Matcher(()), articles)  # what an empty one loads and keeps is not the rules'
    before = _own()
    matcher = Matcher(rules, frequency)
    _match(matcher, articles)
    pipe.send(_own() - before)


def _match(matcher: Matcher, articles: Sequence[Article]) -> None:
    for article in articles:
        matcher.match(article)


def _own() -> int:
    """Bytes that are this process's alone, once what is free has been given back."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(AttributeError):  # musl keeps nothing back
            ctypes.CDLL(None).malloc_trim(0)
    return psutil.Process().memory_full_info().uss
