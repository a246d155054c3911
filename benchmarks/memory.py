"""What compiled rules take in memory, measured in a process of its own."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import pickle
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from bot.match import Matcher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    from bot.model import Rule


_CHUNK = 1_000  # rules sent together: few, so that reading them leaves no room for the matcher to move into


def bytes_a_rule(rules: Sequence[Rule]) -> float:
    """What a matcher adds to a process that holds its rules already (memory that no other process shares)."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_measure, args=(there,))
    child.start()
    there.close()
    for first in range(0, len(rules), _CHUNK):
        here.send_bytes(pickle.dumps(list(rules[first : first + _CHUNK])))
    here.send_bytes(b"")
    added: int = here.recv()
    child.join()
    return added / len(rules)


def _measure(pipe: Connection) -> None:
    Matcher(()).match  # noqa: B018 - what an empty one loads is not the rules'
    rules: list[Rule] = []
    while chunk := pipe.recv_bytes():
        rules += pickle.loads(chunk)
    before = _own()
    matcher = Matcher(rules)
    pipe.send(_own() - before)
    del matcher


def _own() -> int:
    """Bytes that are this process's alone, once what is free has been given back."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(AttributeError):  # musl keeps nothing back
            ctypes.CDLL(None).malloc_trim(0)
    return psutil.Process().memory_full_info().uss
