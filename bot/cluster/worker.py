"""A worker: takes jobs from the queue until it is told to stop, whatever becomes of the database meanwhile."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import procrastinate
from procrastinate.exceptions import ProcrastinateException

from bot import pipeline
from bot.errors import StoreUnreachable
from bot.logs import logger
from bot.scheduler import DRAIN, RELOAD_EVERY, log_reload
from bot.store import queue, vitals

from .doing import Doing
from .presence import Presence
from .stopping import beside, on_signals, waited
from .tasks import Tasks, register
from .timing import Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk import Desk
    from bot.pipeline import Wishes

QUEUES = ("desk", "deliver", "ingest", "folders")
CONCURRENCY = 32
# Connections for taking and finishing jobs, beside those of the store.
CONNECTIONS = 4

# Jobs are hints: what a crash of the server takes of them is written again, and nobody waits for its disk.
LOOSELY = "-c synchronous_commit=off"

log = logger()


@dataclass(kw_only=True)
class Worker:
    """One worker process. ``queues`` are those it takes jobs of, ``concurrency`` how many it does at a time."""

    desk: Desk
    queues: Sequence[str] = QUEUES
    concurrency: int = CONCURRENCY
    wishes: Wishes | None = None
    timing: Timing = field(default_factory=Timing)
    tasks: Tasks = field(init=False)
    doing: Doing = field(init=False)

    def __post_init__(self) -> None:
        """Make the tasks."""
        self.tasks = Tasks(self.desk, wishes=self.wishes)
        self.doing = Doing(self.desk.store)

    async def serve(self) -> None:
        """Work until SIGTERM or SIGINT; SIGHUP reads configuration and rules again. Raises StoreError at the start."""
        stop, hurry = on_signals()
        await self.desk.call(queue.prepare, self.desk.store)
        self.desk.store.hint = queue.hint
        log_reload(await pipeline.reload_rules(self.desk))
        presence = Presence(self.desk, "worker", self.queues, every=self.timing.heartbeat)
        log.info("working", queues=list(self.queues), concurrency=self.concurrency)
        _quieten()
        try:
            async with beside(presence.keep(), self.doing.keep(self.timing.heartbeat), self._reload(hurry)):
                while not stop.is_set():
                    await self.tasks.guarded("queue", partial(self._work, stop))
                    await waited(stop, self.timing.again)
        finally:
            await self.tasks.drain(DRAIN)
            await presence.end()
            log.info("stopped")

    async def _reload(self, hurry: asyncio.Event) -> None:
        while True:
            anyway = await waited(hurry, RELOAD_EVERY)
            hurry.clear()
            await self.tasks.guarded("reload", partial(self.tasks.reload, anyway=anyway))

    async def _work(self, stop: asyncio.Event) -> None:
        """Take jobs until ``stop`` is set or the database goes away, which raises StoreError."""
        await self.desk.call(vitals, self.desk.store)  # a pool would wait for a server that is not there
        connector = procrastinate.PsycopgConnector(
            conninfo=queue.address(self.desk.store),
            kwargs={"options": LOOSELY},
            configure=_at_once,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=5.0,
        )
        app = procrastinate.App(connector=connector)
        register(app, self.tasks, self.doing)
        try:
            async with app.open_async():
                await self._take_jobs(app, stop)
        except (ProcrastinateException, OSError) as error:
            raise _lost(self.desk, error.__cause__ or error) from error

    async def _take_jobs(self, app: procrastinate.App, stop: asyncio.Event) -> None:
        taking = asyncio.create_task(
            app.run_worker_async(
                queues=list(self.queues),  # a tuple would be one value to the database
                name=self.desk.owner,
                concurrency=self.concurrency,
                delete_jobs="always",
                install_signal_handlers=False,
                shutdown_graceful_timeout=DRAIN,
                update_heartbeat_interval=self.timing.heartbeat,
                stalled_worker_timeout=self.timing.stalled,
                fetch_job_polling_interval=self.timing.poll,
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((taking, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set():
            self.desk.stopping = True  # what is under way may end, nothing new is begun
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
            return
        await taking
        # It has noticed that its connection is gone, and ended as if all were well.
        raise _lost(self.desk, "the queue's connection was lost")


async def _at_once(connection: Any) -> None:  # noqa: ANN401 – the driver's own
    """Each statement is a transaction of its own: the library has none of several, and two round trips are saved."""
    await connection.set_autocommit(True)


def _quieten() -> None:
    """What the library has to say of each job, and of lost connections, is said here already."""
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        if not isinstance(context.get("exception"), ProcrastinateException):
            loop.default_exception_handler(context)

    asyncio.get_running_loop().set_exception_handler(handle)


def _lost(desk: Desk, reason: object) -> StoreUnreachable:
    return StoreUnreachable(f"{desk.store.place} has gone away ({reason}): the worker goes on as soon as it is back")
