"""What the pipeline's functions work with: one open desk, wired by ``app``, taken apart by nobody else."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from .batching import Batches
from .remembered import Remembered
from .store import sources
from .store.outbox import Policy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
    from datetime import datetime

    from .config import Config, Origin
    from .deliver.report import Finding
    from .errors import Fault
    from .ingest.articlepages import Pages
    from .ingest.workers import ParserPool
    from .match import Matcher
    from .model import Delivery, Destination, LookUp, Outcome, RuleSet, Source
    from .net import Door
    from .rules import Known
    from .store import Store
    from .store.records import PollRecord

P = ParamSpec("P")
T = TypeVar("T")


class Sender(Protocol):
    """A way out to destinations of one kind. It never retries by itself and never raises for the service's faults."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once and say what became of it."""

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:
        """Say which of these deliveries already stand at the destination."""

    async def check(self, destination: Destination) -> tuple[Finding, ...]:
        """What is right and wrong with this destination, each with its remedy; writes nothing there."""

    async def try_out(self, destination: Destination) -> Finding:
        """Write a test message, and remove it again where that is possible."""

    async def aclose(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The rules in force and their matcher, replaced as one, so that no article sees half an edit.

    ``digest`` is the content hash of the files they came from, ``kept`` names the rules that keep
    their last good version because the file's newer one is at fault. Not ``readable``: the folder could not be read
    as a whole, so these are the rules from before. ``known`` is what the next load need not do again. ``owners`` are
    those of the rules at fault, by id. ``since``: when these rules were written down as those in force.
    """

    ruleset: RuleSet
    matcher: Matcher
    digest: str
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    kept: tuple[str, ...] = ()
    readable: bool = True
    owners: Mapping[str, str] = field(default_factory=dict)
    known: Known | None = None
    since: datetime | None = None


def no_checkpoint(name: str) -> None:
    """Pass every named point of ingest and delivery; tests put a SIGKILL here."""


def no_senders(config: Config) -> dict[str, Sender]:  # noqa: ARG001 – what stands here until the wiring is done
    """No way out."""
    return {}


async def a_moment() -> None:
    """Wait as long as an editor takes to write a file, many times over."""
    await asyncio.sleep(0.3)


@dataclass(slots=True, kw_only=True)
class Desk:
    """An open desk. ``now`` is the program's only clock; ``checkpoint`` is called at named points."""

    config: Config
    store: Store
    door: Door
    pool: ParserPool
    pages: Pages
    senders: dict[str, Sender]
    now: Callable[[], datetime]
    owner: str
    live: Live | None = None
    policy: Policy = field(default_factory=Policy)
    jitter: Callable[[], float] = lambda: 0.5
    checkpoint: Callable[[str], None] = no_checkpoint
    # Where the configuration is read again while the program runs, what it was when it was read last, and what is
    # wrong with it since; nowhere, where the program does one thing and ends.
    origin: Origin | None = None
    config_digest: str = ""
    config_faults: tuple[Fault, ...] = ()
    # Since when the configuration has been written down as the one in force.
    config_at: datetime | None = None
    make_senders: Callable[[Config], dict[str, Sender]] = no_senders
    hide_secrets: Callable[[Sequence[str]], None] = lambda _secrets: None
    # Senders of earlier configurations that are not closed yet.
    retired: list[Sender] = field(default_factory=list)
    # Waits between two looks at edited rules, which must see the same.
    settle: Callable[[], Awaitable[None]] = a_moment
    remembered: Remembered = field(default_factory=Remembered)
    # Seconds that the store's own thread has worked, and in how many calls: all writing goes through it.
    worked: float = 0.0
    calls: int = 0
    # Set before the desk is closed: what is under way may end, nothing new is begun.
    stopping: bool = False
    # Two workers at one destination would break its order; two reloads at once, the history of the rules.
    delivering: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    reloading: asyncio.Lock = field(default_factory=asyncio.Lock)
    # One writer at a time: placing, deciding and writing is a serial lane (SQLite allows one anyway).
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
    )

    # Polls that brought nothing: a crash loses no more than when they were, and they fall due again.
    _quiet: Batches[PollRecord] = field(init=False)
    _sources: dict[str, Source] = field(init=False)

    def __post_init__(self) -> None:
        """Make what follows from the other parts."""
        self._quiet = Batches(self._record_together)
        self._sources = {}
        self.configure(self.config)

    def watch_config(self, origin: Origin) -> None:
        """Let the configuration be read again from where it came."""
        self.origin, self.config_digest = origin, origin.digest()

    def configure(self, config: Config, since: datetime | None = None) -> None:
        """Make this the configuration. Only in the store's thread, so that no transaction sees two of them."""
        self.config, self.config_at = config, since
        self._sources |= {source.id: source for source in config.sources}

    def source(self, source_id: str) -> Source:
        """A source that is, or was, configured since the start. Raises KeyError if there is none of that id."""
        return self._sources[source_id]

    async def record(self, poll: PollRecord) -> None:
        """Write a poll that brought nothing, together with others of the same moment. Raises StoreError."""
        await self._quiet.add(poll)

    async def _record_together(self, polls: Sequence[PollRecord]) -> None:
        await self.call(self._record, polls)

    def _record(self, polls: Sequence[PollRecord]) -> None:
        with self.store.write() as tx:
            self.checkpoint("quiet.begun")
            sources.record_polls(tx, polls)
            self.checkpoint("quiet.recorded")
        self.checkpoint("quiet.committed")

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a synchronous store function in the store's own thread and return its result."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, self._timed, partial(function, *args, **kwargs)
        )

    def _timed(self, work: Callable[[], T]) -> T:
        begun = perf_counter()
        try:
            return work()
        finally:  # nobody else writes these: there is one such thread
            self.worked += perf_counter() - begun
            self.calls += 1

    def rules(self) -> Live:
        """The rules in force. Raises RuntimeError before the first ``reload_rules``: a bug of the caller."""
        if self.live is None:
            raise RuntimeError("reload_rules must run before anything is matched")
        return self.live

    def stop_thread(self) -> None:
        """Wait for the store's last call and end its thread."""
        self._thread.shutdown(wait=True)


async def gather(*work: Coroutine[Any, Any, T]) -> list[T]:
    """Run these side by side; if one raises, the others are stopped and the first error is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in work]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
