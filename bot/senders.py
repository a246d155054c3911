"""The ways out of a desk: one sender for each kind of destination that is configured, loaded only where it is."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from .errors import StoreError
from .store import buckets, outbox, posted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .config import Config
    from .deliver.console import ConsoleSender
    from .deliver.pace import Shared
    from .deliver.slack_api import Wire
    from .desk import Desk, Sender
    from .model import Delivery, DestinationKind, Posted
    from .store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What tests and commands hand in: where the console prints, how Slack is spoken to, and who else speaks to it."""

    console: ConsoleSender | None = None
    wire: Wire | None = None
    shared: Shared | None = None


class SharedPace:
    """The pace of all processes that send with one token, kept in the database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, limits: Sequence[tuple[str, float, int]], rests: Sequence[str], longest: float) -> float:
        """As :meth:`bot.deliver.pace.Shared.take`; without the database nothing goes out."""
        try:
            return await asyncio.to_thread(self._take, limits, rests, longest)
        except StoreError:
            return longest + 1

    def _take(self, limits: Sequence[tuple[str, float, int]], rests: Sequence[str], longest: float) -> float:
        with self._store.beside() as tx:
            return buckets.take(tx, limits, rests, longest=longest)

    async def rest(self, name: str, seconds: float) -> None:
        """As :meth:`bot.deliver.pace.Shared.rest`."""
        with suppress(StoreError):  # then the others will be told by the service itself
            await asyncio.to_thread(self._rest, name, seconds)

    def _rest(self, name: str, seconds: float) -> None:
        with self._store.beside() as tx:
            buckets.rest(tx, name, seconds)


def senders(desk: Desk, config: Config, parts: Parts) -> dict[str, Sender]:
    """A sender for each kind of destination that is configured; mail takes an account, too."""
    kinds = {destination.kind for destination in config.destinations if destination.kind != "mail" or config.mail}
    return {kind: _MAKE[kind](desk, config, parts) for kind in _MAKE if kind in kinds}


def _file(desk: Desk, config: Config, parts: Parts) -> Sender:  # noqa: ARG001 – the same for all
    from .deliver.file import FileSender

    return FileSender(config.digest_dir)


def _mail(desk: Desk, config: Config, parts: Parts) -> Sender:  # noqa: ARG001
    from .deliver.mail import MailSender

    assert config.mail is not None  # noqa: S101 – asked before
    return MailSender(
        config.mail,
        config.destinations,
        ca_file=config.network.ca_file,
        still_mine=partial(_still_mine, desk),
        now=desk.now,
    )


def _console(desk: Desk, config: Config, parts: Parts) -> Sender:  # noqa: ARG001
    from .deliver.console import ConsoleSender

    return parts.console or ConsoleSender()


def _webhook(desk: Desk, config: Config, parts: Parts) -> Sender:  # noqa: ARG001
    from .config.addresses import key_of
    from .deliver.webhook import Hook, WebhookSender

    network = config.network
    hooks = {
        name: Hook(
            url=address.url.reveal() if address.url else None,
            key=key_of(address.secret.reveal()) if address.secret else None,
        )
        for name, address in config.addresses.items()
    }
    return WebhookSender(
        hooks, now=desk.now, still_mine=partial(_still_mine, desk), proxy=network.proxy, ca_file=network.ca_file
    )


def _apprise(desk: Desk, config: Config, parts: Parts) -> Sender:  # noqa: ARG001
    from .deliver.notify import NotifySender

    urls = {name: address.url.reveal() if address.url else None for name, address in config.addresses.items()}
    return NotifySender(urls, still_mine=partial(_still_mine, desk))


def _feed(desk: Desk, config: Config, parts: Parts) -> Sender:  # noqa: ARG001
    from .deliver.ownfeed import FeedSender

    async def entries(destination: str, limit: int, besides: tuple[int, ...]) -> list[Posted]:
        return await desk.call(_posted, desk, destination, limit, besides)

    return FeedSender(config.destinations, entries=entries)


def _slack(desk: Desk, config: Config, parts: Parts) -> Sender:
    from .deliver.slack import SlackSender

    slack, wire = config.slack, parts.wire or _wire(config)
    if parts.shared is not None:
        wire = replace(wire, pace=replace(wire.pace, shared=parts.shared))
    return SlackSender(
        slack.token.reveal() if slack.token else None,
        config.destinations,
        base_url=slack.base_url,
        wire=wire,
        still_mine=partial(_still_mine, desk),
        token_env=slack.token_env,
    )


_MAKE: Mapping[DestinationKind, Callable[[Desk, Config, Parts], Sender]] = {
    "file": _file,
    "mail": _mail,
    "console": _console,
    "webhook": _webhook,
    "apprise": _apprise,
    "feed": _feed,
    "slack": _slack,
}


def _wire(config: Config) -> Wire:
    """The way to Slack: the proxy and the authorities of everything else, unless Slack is a program of this machine."""
    from .deliver.slack_api import Wire, new_session

    network = config.network
    if (config.slack.base_url or "").startswith("http://"):
        return Wire()
    return Wire(proxy=network.proxy, session_factory=partial(new_session, ca_file=network.ca_file))


async def _still_mine(desk: Desk, delivery: Delivery) -> bool:
    return await desk.call(_holds, desk, delivery)


def _holds(desk: Desk, delivery: Delivery) -> bool:
    with desk.store.read() as tx:
        return outbox.still_mine(tx, delivery.id, delivery.fence, desk.now())


def _posted(desk: Desk, destination: str, limit: int, besides: tuple[int, ...]) -> list[Posted]:
    with desk.store.read() as tx:
        return posted.posted(tx, destination, limit, besides=besides)
