"""Looking names up without standing still, whatever the system's own call does."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds after which a thread without a question ends: memory of a busy minute need not stay.
IDLE = 15.0


async def look_up(host: str, port: int) -> list[str]:
    """The addresses the system knows for ``host``, in its order.

    Every question has a daemon thread to itself: the system's call cannot be interrupted, and a pool whose threads hang
    in it would delay other feeds and the end of the program. The door bounds how many run at once.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str] | OSError) -> None:
        if answer.done():
            return  # the deadline was faster
        if isinstance(found, OSError):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def ask() -> None:
        found = _asked(host, port)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    _threads.run(ask)
    return await answer


def _asked(host: str, port: int) -> list[str] | OSError:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError as error:  # a label that the system's own IDNA does not take
        return OSError(f"{host} cannot be looked up: {error}")
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


class Threads:
    """Daemon threads that wait for another question after the first; whenever none is free there is one more."""

    def __init__(self, idle: float = IDLE) -> None:
        self._idle = idle
        self._questions: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._free = 0  # threads that wait, less the questions on their way to them

    @property
    def free(self) -> int:
        """How many threads the next questions will find waiting."""
        return self._free

    def run(self, question: Callable[[], None]) -> None:
        """Have it asked at once, however many others are still being asked. It must not raise."""
        with self._lock:
            waits = self._free > 0
            self._free -= waits
        if not waits:
            # Starting one makes the caller wait for it, which costs more than a look-up.
            threading.Thread(target=self._serve, name="look-up", daemon=True).start()
        self._questions.put(question)

    def _serve(self) -> None:
        while True:
            try:
                question = self._questions.get(timeout=self._idle)
            except Empty:
                with self._lock:
                    if self._free > 0:
                        self._free -= 1
                        return
                continue  # somebody counts on this thread: the question comes
            question()
            with self._lock:
                self._free += 1


_threads = Threads()
