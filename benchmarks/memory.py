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


def bytes_a_rule(rules: Sequence[Rule]) -> float:
    """What a matcher adds to a process that holds its rules already (memory that no other process shares)."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_measure, args=(there,))
    child.start()
    there.close()
    here.send_bytes(pickle.dumps(list(rules)))
    added: int = here.recv()
    child.join()
    return added / len(rules)


def _measure(pipe: Connection) -> None:
    Matcher(()).match  # noqa: B018 - what an empty one loads is not the rules'
    rules = pickle.loads(pipe.recv_bytes())
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
