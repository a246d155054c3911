"""Wiring: opens and closes a desk and owns the program's only clock; tests hand in their own parts here."""

from __future__ import annotations

import os
import platform
import random
import uuid
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .config.kept import parts
from .desk import Desk, no_checkpoint
from .errors import ConfigError, StoreUnreachable
from .model import FACTS_VERSION
from .senders import Parts, SharedPace, senders
from .store import LOCK_TIMEOUT, Store, configs, digests, facts, sources
from .store.outbox import Policy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from .config import Config
    from .deliver.console import ConsoleSender
    from .deliver.slack_api import Wire
    from .net import Door


def now() -> datetime:
    """The time, in UTC. Nobody else reads a clock: everywhere below, time is an argument."""
    return datetime.now(UTC)


@contextmanager
def open_store(config: Config, *, patience: float = LOCK_TIMEOUT) -> Iterator[Store]:
    """The configured database, upgraded if it must be (its file is copied to ``backups`` first). Raises StoreError.

    Stored texts that were not read for references and days yet are read now. ``patience``: how many seconds a
    transaction waits for its turn.
    """
    store = Store(config.database_url, timeout=patience)
    store.open(backup_dir=config.data_dir / "backups")
    try:
        if not facts.is_filled(store, FACTS_VERSION):
            from .extract import facts as read_facts

            facts.catch_up(store, read_facts, FACTS_VERSION)
        yield store
    finally:
        store.close()


def database_exists(config: Config) -> bool:
    """Whether there is a database to look into; a server's is assumed to be there."""
    path = config.database_url.removeprefix("sqlite:///")
    return path == config.database_url or Path(path).exists()


def open_door(config: Config) -> Door:
    """The way out to the web as it is configured; an async context manager.

    Raises ConfigError where it may not be opened, because a proxy is wanted and not known.
    """
    from .net import Door

    network = config.network
    if network.closed is not None:
        raise ConfigError([network.closed])
    return Door(
        user_agent=network.user_agent,
        contact=network.contact,
        allow=network.allow,
        proxy=network.proxy,
        ca_file=network.ca_file,
        deadline=network.deadline,
    )


@asynccontextmanager
async def open_desk(  # noqa: PLR0913 – one argument for each part that can be another
    config: Config,
    *,
    console: ConsoleSender | None = None,
    verbose: int = 0,
    service: bool = False,
    patience: float = LOCK_TIMEOUT,
    policy: Policy | None = None,
    wire: Wire | None = None,
    cluster: bool = False,
    clock: Callable[[], datetime] = now,
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> AsyncIterator[Desk]:
    """Everything the pipeline works with, opened; closed again at the end of the block.

    ``console`` is where console destinations print; ``wire`` how Slack is spoken to. In a ``cluster`` other processes
    send to the same channels. ``clock`` and ``checkpoint``
    are for tests. Raises StoreError, and ConfigError as :func:`open_door`.
    """
    from . import logs
    from .ingest.articlepages import Pages
    from .ingest.workers import ParserPool

    logs.configure(verbose=verbose, service=service, secrets=config.secrets())
    door = open_door(config)
    _make_data_dir(config)
    async with AsyncExitStack() as stack:
        store = stack.enter_context(open_store(config, patience=patience))
        await stack.enter_async_context(door)
        pool = ParserPool(pages=any(source.fulltext for source in config.sources))
        desk = Desk(
            config=config,
            store=store,
            door=door,
            pool=pool,
            pages=Pages(door, pool),
            senders={},
            now=clock,
            owner=f"{platform.node()}:{os.getpid()}:{uuid.uuid4().hex[:8]}",
            policy=policy or Policy(),
            jitter=random.random,
            checkpoint=checkpoint,
        )
        stack.callback(desk.stop_thread)
        stack.push_async_callback(desk.pool.aclose)
        parts = Parts(console=console, wire=wire, shared=SharedPace(store) if cluster else None)
        desk.make_senders = lambda made: senders(desk, made, parts)
        desk.hide_secrets = lambda secrets: logs.configure(verbose=verbose, service=service, secrets=secrets)
        desk.senders.update(senders(desk, config, parts))
        stack.push_async_callback(_close_senders, desk)
        await desk.call(_sync, desk)
        yield desk


async def _close_senders(desk: Desk) -> None:
    for sender in (*desk.retired, *desk.senders.values()):
        await sender.aclose()


def _make_data_dir(config: Config) -> None:
    try:
        config.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnreachable(
            f"The data folder {config.data_dir} cannot be made ({error.strerror}): "
            "set data_dir or PRESSWATCH_DATA_DIR to a place you may write to."
        ) from error


def _sync(desk: Desk) -> None:
    with desk.store.write() as tx:
        now = desk.now()
        sources.sync(tx, desk.config.sources, now)
        digests.sync(tx, desk.config.digests, now)
        since = configs.record(tx, parts(desk.config), now)
    desk.configure(desk.config, since)
