"""Worker processes for parsing: limited in memory, processor time and wall time, killed when they overstep.

Two lanes. In the quick one a parse may take :data:`QUICK` seconds; what takes longer is stopped and tried
again in the patient lane, where it has :data:`WALL` seconds. So a hostile feed can hold up other feeds by less
than a second, however many of the patient ones are waiting. The patient lane has two workers, so that one
hostile feed does not keep the large honest ones waiting that begin there.

Workers are forked from a small server process (``forkserver``), never from this process with its threads and
event loop, and do not import the program's main module. Nothing is started before the first body comes.
"""

from __future__ import annotations

import asyncio
import math
import signal
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.errors import TooLarge, Unreadable

from .forkserver import context
from .limits import MAX_PAGE
from .parse import parse_bytes, read_bytes, show_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Self

    from bot.model import Article, Source

    from .parsed import LinkedFeed, PageText, ParsedFeed, Past, ReadFeed, ShownFeed
    from .robots import Leave

T = TypeVar("T")

MEMORY = 1_000_000_000  # bytes of address space of one worker
CPU = 10  # seconds of processor time for one body
WALL = 15.0  # seconds for one body, all in all
QUICK = 0.6  # seconds after which a body must leave the quick lane
PATIENT = 2  # workers of the patient lane
LARGE = 1_000_000  # bytes from which a body goes to the patient lane at once
TASKS = 2_000  # bodies after which a worker is replaced, so that memory lost to fragments comes back
# What a worker needs, loaded once by the server process and shared by all workers.
# "forked" comes last: it leaves all that is loaded by then to all workers alike.
_PRELOAD = tuple(
    f"bot.ingest.{name}"
    for name in ("parse", "plainfeed", "feedxml", "jsonfeed", "sitemapxml", "recall", "savedpages", "forked")
)
# The same for the pages behind items: loading it takes longer than a body may in the quick lane.
_PRELOAD_PAGES = ("bot.ingest.pagetext", "trafilatura", "protego")


class ParserPool:
    """Parses bodies from strangers in killable processes, of which ``workers`` serve the quick lane.

    Use as an async context manager or call :meth:`aclose`. The limits are those of the module, in seconds
    and bytes. ``pages``: web pages will be read as well, which takes the extra "fulltext".
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        quick: float = QUICK,
        wall: float = WALL,
        cpu: int = CPU,
        memory: int = MEMORY,
        pages: bool = False,
    ) -> None:
        self._wall = wall
        preload = (*(_PRELOAD_PAGES if pages else ()), *_PRELOAD)
        self._quick = _Lane(workers, quick, cpu, memory, preload)
        self._patient = _Lane(PATIENT, wall, cpu, memory, preload)

    @property
    def started(self) -> bool:
        """Whether any process has been started."""
        return self._quick.started or self._patient.started

    async def parse(self, body: bytes, content_type: str | None = None, url: str | None = None) -> ParsedFeed:
        """The feed in ``body``, as :func:`~bot.ingest.parse.parse_bytes` reads it; raises the same errors.

        Unreadable is also raised when the worker dies or runs out of time, TooLarge when it runs out of memory.
        """
        return await self._run(parse_bytes, body, content_type, url)

    async def read(
        self, body: bytes, content_type: str | None, url: str | None, source: Source, past: Past | None = None
    ) -> ReadFeed:
        """The feed's items as articles of ``source``, but for those of the ``past``; raises as :meth:`parse`."""
        return await self._run(read_bytes, body, content_type, url, _without_secrets(source), past)

    async def show(self, body: bytes, content_type: str | None, url: str | None, source: Source) -> ShownFeed:
        """The feed as articles and as items for somebody to look at; raises as :meth:`parse`."""
        return await self._run(show_bytes, body, content_type, url, _without_secrets(source))

    async def saved_page(self, body: bytes, source: Source) -> Article | None:
        """The article in a saved web page, see :mod:`bot.ingest.savedpages`; raises Unreadable and TooLarge."""
        return await self._run(_saved_page, body, _without_secrets(source), what="page")

    async def discover(self, body: bytes, content_type: str | None, url: str) -> tuple[LinkedFeed, ...]:
        """The feeds that a web page names, see :mod:`bot.ingest.discover`; raises Unreadable and TooLarge.

        What stands at an address is known only when it has been read, as long as a feed may be; a page may be shorter.
        """
        if len(body) > MAX_PAGE:
            found = f"the answer is no feed; as a web page it is too long ({len(body) / 1e6:.1f} MB)"
            raise TooLarge(f"{found} to look for one: {MAX_PAGE / 1e6:.0f} MB is the most that is read")
        return await self._run(_linked_feeds, body, content_type, url, what="page")

    async def article_text(self, body: bytes, content_type: str | None, url: str) -> PageText:
        """The article's text on the web page at ``url``, see :mod:`bot.ingest.pagetext`; raises as :meth:`parse`."""
        return await self._run(_page_text, body, content_type, url, what="page")

    async def robots(self, body: bytes, url: str, token: str) -> Leave:
        """What a robots.txt says of ``url`` to the program ``token``; raises Unreadable and TooLarge."""
        return await self._run(_leave, body, url, token, what="robots.txt")

    async def _run(self, function: Callable[..., T], body: bytes, *args: object, what: str = "feed") -> T:
        if len(body) < LARGE:
            try:
                return await self._quick.run(what, function, body, *args)
            except TimeoutError:
                pass  # perhaps honest work on a slow machine: once more, where it delays nobody
        try:
            return await self._patient.run(what, function, body, *args)
        except TimeoutError:
            raise Unreadable(f"the {what} takes longer than {self._wall:g} s to parse; it was given up") from None

    async def aclose(self) -> None:
        """Stop the workers; a parse under way is cancelled."""
        await asyncio.gather(self._quick.stop(), self._patient.stop())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


class _Lane:
    """Workers that share a time limit."""

    def __init__(self, workers: int, seconds: float, cpu: int, memory: int, preload: tuple[str, ...]) -> None:
        self._workers, self._seconds, self._cpu, self._memory = workers, seconds, cpu, memory
        self._preload = preload
        self._pool: ProcessPool | None = None
        self._opening: asyncio.Future[ProcessPool] | None = None
        self._starting = asyncio.Lock()

    @property
    def started(self) -> bool:
        return self._pool is not None

    async def run(self, what: str, function: Callable[..., T], *args: object) -> T:
        """Run it in a worker. Raises TimeoutError, Unreadable if the worker dies, and what the function raises.

        ``what`` is being read, for the sentences of errors.
        """
        try:
            return await self._submit(await self._open(), what, function, args)
        except (BrokenExecutor, _NotActiveError):
            await self.stop()  # an idle worker was killed from outside: a new pool, once
        try:
            return await self._submit(await self._open(), what, function, args)
        except (BrokenExecutor, _NotActiveError) as error:
            raise Unreadable(
                f"no process for parsing could be started ({error}): is the machine out of memory?"
            ) from error

    async def _submit(self, pool: ProcessPool, what: str, function: Callable[..., T], args: tuple[object, ...]) -> T:
        try:
            future: Future[T] = pool.schedule(_limited, args=[what, self._cpu, function, *args], timeout=self._seconds)
        except RuntimeError as error:  # pebble: "The Pool is not active"
            raise _NotActiveError(str(error)) from error
        try:
            return await asyncio.wrap_future(future)
        except ProcessExpired as error:
            raise _death(what, error.exitcode, self._cpu) from error

    async def _open(self) -> ProcessPool:
        async with self._starting:
            if self._pool is None:
                # Starting the server process takes a third of a second, which the event loop has not got.
                opening = self._opening or asyncio.ensure_future(asyncio.to_thread(self._start))
                # Who waits may be cancelled; the processes are there all the same, for the next or to be stopped.
                self._opening = opening
                try:
                    self._pool = await asyncio.shield(opening)
                finally:
                    if opening.done():
                        self._opening = None
            return self._pool

    def _start(self) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=TASKS,
            initializer=_begin,
            initargs=[self._memory, self._preload],
            context=context(self._preload),
        )
        _ = pool.active  # starts it
        return pool

    async def stop(self) -> None:
        if self._opening is not None:
            (opened,) = await asyncio.gather(self._opening, return_exceptions=True)
            self._opening, self._pool = None, opened if isinstance(opened, ProcessPool) else None
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_stop, pool)


def _without_secrets(source: Source) -> Source:
    """The source for a process that reads what strangers wrote: no credentials go there."""
    return replace(source, headers={})


class _NotActiveError(Exception):
    """The pool has stopped by itself."""


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _death(what: str, code: int | None, cpu: int) -> Unreadable:
    if code == -signal.SIGXCPU:
        return Unreadable(f"the {what} takes more than {cpu} s of processor time to parse; it was given up")
    cause = f"signal {-code}" if code and code < 0 else f"exit code {code}"
    sentence = f"the process that parsed the {what} died ({cause}): the {what} may be too large or built to do harm"
    return Unreadable(sentence)


# ── inside the worker ────────────────────────────────────────────────────────────────────────────


def _begin(memory: int, preload: tuple[str, ...]) -> None:
    """Prepare a worker: everything loaded, killed at once when told to stop, no core files, bounded memory."""
    import resource

    for name in preload:  # the server process may not have found them (Python 3.11 does not hand it sys.path)
        import_module(name)

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _linked_feeds(body: bytes, content_type: str | None, url: str) -> tuple[LinkedFeed, ...]:
    from .discover import linked_feeds  # needed when somebody adds a source, not for polling

    return linked_feeds(body, content_type, url)


def _saved_page(body: bytes, source: Source) -> Article | None:
    from .savedpages import read_page

    return read_page(body, source)


def _page_text(body: bytes, content_type: str | None, url: str) -> PageText:
    from .pagetext import page_text

    return page_text(body, content_type, url)


def _leave(body: bytes, url: str, token: str) -> Leave:
    from .robots import leave

    return leave(body, url, token)


def _limited(what: str, cpu: int, function: Callable[..., T], *args: object) -> T:
    """Run the function within ``cpu`` more seconds of processor time and the worker's memory."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + cpu, hard))
    try:
        return function(*args)
    except MemoryError:
        raise TooLarge(f"the {what} needs more memory than a parser may use; it was given up") from None
