"""From an edited ``config.toml`` to the configuration in force, while the program runs – or keep the one there is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .config.kept import parts
from .errors import ConfigError, Fault
from .store import configs, digests, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .config import Config
    from .config.origin import Origin
    from .desk import Desk

LOOKS = 8
"""How often an edit is looked at again until two looks see the same."""

# What is built once, when the program starts.
AT_START = {"network": "[network]", "database_url": "[database]", "data_dir": "data_dir", "listen": "[web]"}
# What a sender is made of.
OUTWARD = ("destinations", "slack", "mail", "addresses")
AT_ONCE = {
    "sources": "[[source]]",
    "destinations": "[[destination]]",
    "addresses": "[[destination]]",
    "routes": "[[route]]",
    "digests": "[[digest]]",
    "ops_notify": "[ops]",
    "slack": "[slack]",
    "mail": "[mail]",
    "retention": "[retention]",
    "rules_dir": "rules",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconfigured:
    """What an edit brought, by the names of tables and keys.

    ``changed`` is in force now, ``waiting`` from the next start on; with ``faults`` nothing has changed.
    """

    changed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


async def reload_config(desk: Desk, *, anyway: bool = False) -> Reconfigured | None:
    """Look at ``config.toml``; None where nothing changed since the last look, or it is still being written.

    ``anyway`` reads it even so: a token in a file of its own may be another one. Raises StoreError.
    """
    if desk.origin is None:
        return None
    async with desk.reloading:
        digest = await _changed(desk, desk.origin)
        if digest is None and not anyway:
            return None
        try:
            wanted = await asyncio.to_thread(_load, desk, desk.origin)
        except ConfigError as error:
            desk.config_digest = digest if digest is not None else desk.config_digest
            new = error.faults != desk.config_faults
            desk.config_faults = error.faults
            return Reconfigured(faults=error.faults) if new else None
        found = await _apply(desk, wanted)
        desk.config_digest = digest if digest is not None else desk.config_digest
        mended, desk.config_faults = bool(desk.config_faults), ()
        return found if found.changed or found.waiting or mended else None


async def _changed(desk: Desk, origin: Origin) -> str | None:
    """The digest of an edit that two looks in a row see."""
    seen = await asyncio.to_thread(origin.digest)
    for _ in range(LOOKS):
        if seen == desk.config_digest:
            return None
        await desk.settle()
        again = await asyncio.to_thread(origin.digest)
        if again == seen:
            return seen
        seen = again
    return None


def _load(desk: Desk, origin: Origin) -> Config:
    """Raises ConfigError; also for a file that is gone, for nobody means the embedded defaults by that."""
    made = origin.load()
    if made.path is None and desk.config.path is not None:
        remedy = "put it back; the configuration in force stays until then"
        raise ConfigError([Fault(file=str(desk.config.path), message="the configuration is gone", remedy=remedy)])
    if made.network.closed is not None:
        raise ConfigError([made.network.closed])
    return made


async def _apply(desk: Desk, wanted: Config) -> Reconfigured:
    """Put in force what can be, everything at once between two transactions of the store's thread."""
    before = desk.config
    if wanted.data_dir != before.data_dir:  # paths of destinations lie in it, so everything waits
        names = {**AT_START, **AT_ONCE}
        return Reconfigured(waiting=_words(names, [name for name in names if _differ(wanted, before, name)]))
    waiting = [name for name in AT_START if _differ(wanted, before, name)]
    made = replace(wanted, network=before.network, database_url=before.database_url, listen=before.listen)
    differing = [name for name in AT_ONCE if _differ(made, before, name)]
    if differing:
        desk.hide_secrets((*before.secrets(), *made.secrets()))  # the old ones may still be in use
        if any(name in OUTWARD for name in differing):
            _renew_senders(desk, made)
        await desk.call(_switch, desk, made)
        if desk.live is not None:  # what rules may name is looked at again
            desk.live = replace(desk.live, digest="")
    return Reconfigured(changed=_words(AT_ONCE, differing), waiting=_words(AT_START, waiting))


def _differ(one: Config, other: Config, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _words(names: Mapping[str, str], chosen: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names[name] for name in chosen))


def _switch(desk: Desk, made: Config) -> None:
    with desk.store.write() as tx:
        now = desk.now()
        sources.sync(tx, made.sources, now)
        digests.sync(tx, made.digests, now)
        since = configs.record(tx, parts(made), now)
    desk.configure(made, since)


def _renew_senders(desk: Desk, made: Config) -> None:
    """Senders of the new configuration; those of the old one are closed once nothing is under way with them."""
    new = desk.make_senders(made)
    desk.retired += [old for kind, old in desk.senders.items() if kind in new and new[kind] is not old]
    desk.senders.update(new)


async def close_retired(desk: Desk) -> None:
    """Close the senders of earlier configurations, unless a delivery is under way."""
    if any(lock.locked() for lock in desk.delivering.values()):
        return
    while desk.retired:
        await desk.retired.pop().aclose()
