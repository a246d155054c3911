"""How a worker starts: forked from a small server process, and without the program's main module."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess

_hiding = threading.Lock()


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Keeps multiprocessing from having every worker import the main module (the whole command line) again.

    It looks at ``sys.modules["__main__"]`` when a process is started and has no switch for it.
    """
    with _hiding:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class _Worker(multiprocessing.context.ForkServerProcess):
    """A process that is started without the program's main module."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: ANN401, N802 – multiprocessing's name and its undocumented type
        with _main_hidden():
            return multiprocessing.context.ForkServerProcess._Popen(process_obj)  # noqa: SLF001


class _Context(multiprocessing.context.ForkServerContext):
    """The forkserver way to start a process, with our worker class."""

    Process = _Worker


def context(preload: tuple[str, ...]) -> multiprocessing.context.BaseContext:
    """The way workers are started; the server process loads the modules of ``preload`` once for all of them."""
    made = _Context()
    made.set_forkserver_preload(list(preload))
    return made
