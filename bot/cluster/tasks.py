"""What a worker can do: the knocks of the scheduler, each as one job that is over when its work is."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import pipeline
from bot.scheduler import Knocks

from .hosts import by_host

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from procrastinate import App, JobContext

    from bot.config import Config
    from bot.desk import Desk
    from bot.pipeline import Wishes

    from .doing import Doing

# The tasks that are done for the desk as a whole, by name; each is called with nothing.
DESK = ("digests", "notify", "volume", "purge", "near_misses", "resume")
# Sources of one server that are polled in one go; between two of them a worker can be stopped.
AT_ONCE = 20


class Tasks(Knocks):
    """The jobs of one worker. Trouble is said as the service says it, and no job fails: what is due stays due."""

    def __init__(self, desk: Desk, *, wishes: Wishes | None = None) -> None:
        super().__init__(desk, wishes=wishes)
        self._by_host: tuple[Config | None, Mapping[str, Sequence[str]]] = (None, {})

    async def deliver(self) -> None:
        """Nothing: with each message a job is committed, which any worker may take."""

    async def poll_host(self, host: str) -> None:
        """Poll the sources of a server that are due."""
        states = await pipeline.due_at(self.desk, self._sources_of(host))
        for start in range(0, len(states), AT_ONCE):
            if self.desk.stopping:
                break
            part = states[start : start + AT_ONCE]
            await asyncio.gather(*(self.guarded("poll", partial(self._poll, state)) for state in part))

    def _sources_of(self, host: str) -> Sequence[str]:
        config = self.desk.config
        if self._by_host[0] is not config:
            self._by_host = (config, by_host(config.sources))
        return self._by_host[1].get(host, ())

    async def deliver_to(self, destination: str) -> None:
        """A round at a destination, if this worker knows it."""
        for known in self.desk.config.destinations:
            if known.id == destination:
                await self._deliver(known)

    async def purge(self) -> None:
        """The day's purge, if it is due."""
        await self._purge()

    async def near_misses(self) -> None:
        """The week's near misses, if they are due."""
        await self._near_misses()


def register(app: App, tasks: Tasks, doing: Doing) -> None:
    """Make these tasks known to the queue's library by their names."""

    @app.task(name="ingest", pass_context=True)
    async def ingest(context: JobContext, host: str) -> None:
        with doing.job(context):
            await tasks.guarded("ingest", partial(tasks.poll_host, host))

    @app.task(name="deliver", pass_context=True)
    async def deliver(context: JobContext, destination: str) -> None:
        with doing.job(context):
            await tasks.guarded("deliver", partial(tasks.deliver_to, destination))

    for name in DESK:
        app.task(name=name, pass_context=True)(_desk_task(tasks, doing, name))


def _desk_task(tasks: Tasks, doing: Doing, name: str) -> Callable[[JobContext], Coroutine[Any, Any, None]]:
    work = getattr(tasks, name)

    async def task(context: JobContext) -> None:
        with doing.job(context):
            await tasks.guarded(name, work)

    return task
