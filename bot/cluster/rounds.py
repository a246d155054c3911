"""What is due at a tick of the clock, as jobs: sources by server, destinations with something to send, and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import pipeline
from bot.store import queue, sources
from bot.store.queue import Job

from .hosts import jobs

if TYPE_CHECKING:
    from bot.desk import Desk


async def polls(desk: Desk) -> list[Job]:
    """A job for each server of which a source is due."""
    return await desk.call(_polls, desk)


def _polls(desk: Desk) -> list[Job]:
    with desk.store.read() as tx:
        due = sources.due_ids(tx, desk.now())
    return jobs(desk.config.sources, due)


async def deliveries(desk: Desk) -> list[Job]:
    """A job for each destination at which something can be done now."""
    return [queue.delivery(name) for name in await pipeline.due_destinations(desk)]


def chore(name: str) -> Job:
    """The job of what is done once for the whole desk."""
    return Job(queue="desk", task=name, key=f"desk:{name}")
