"""Sources by the server they are asked of: one job for each, so that nobody asks a server twice at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.errors import Refused
from bot.net.address import parse
from bot.store.queue import Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import Source

INGEST, FOLDERS = "ingest", "folders"


def host_of(source: Source) -> str:
    """The server of a source; of a folder, and of an address that is refused anyway, a name of its own."""
    if source.kind == "folder" or source.url is None:
        return f"folder {source.id}"
    try:
        address = parse(source.url)
    except Refused:
        return f"source {source.id}"
    # Like the lanes of bot.net: the two web ports are one server, any other port is one of its own.
    return address.host if address.port in {80, 443} else f"{address.host}:{address.port}"


def by_host(sources: Iterable[Source]) -> Mapping[str, Sequence[str]]:
    """The ids of the sources of each server."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for source in sources:
        found[host_of(source)].append(source.id)
    return found


def jobs(sources: Iterable[Source], due: Iterable[str]) -> list[Job]:
    """One job for each server of which a source is due."""
    wanted = set(due)
    hosts = dict.fromkeys((host_of(source), source.kind) for source in sources if source.id in wanted)
    return [
        Job(queue=FOLDERS if kind == "folder" else INGEST, task="ingest", key=f"host:{host}", args={"host": host})
        for host, kind in hosts
    ]
