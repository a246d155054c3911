"""Loaded by the server process that parser workers are forked from: what is true of each of them from its birth."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say what went wrong in a worker, unless the program went away while the worker was still being born.

    Then its pipe is closed and its locks are gone, which is no fault of anybody's: a run that is over when its
    second worker is not up yet.
    """
    if not isinstance(error, EOFError | OSError):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = report
# What is loaded by now stays: a collection in a worker that looked at it would copy its pages, for each worker anew.
gc.collect()
gc.freeze()
