"""Digests and who gets them: mail addresses and folders become destinations of their own.

So each recipient has its own queue, with everything that queues have: leases, retries, holds. The ids of these
destinations hold a colon, which no id that people write can.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from bot.model import Destination, Digest
from bot.model.config import OWNERS
from bot.tomlfile.models import ID

from . import kinds, models
from .lists import check_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .tables import Tables
    from .values import Mail

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAILTO = "mailto:"
FOLDER = "digests"
OWNERS_MAIL = Destination(id=OWNERS, kind="mail", default=False)
# Where nobody has asked for a digest: one on every weekday, in a folder.
DEFAULT = Digest(id="daily", to=(f"file:{FOLDER}",), at=time(7, 30))


def digests(tables: Tables, usable: Sequence[Destination]) -> tuple[Digest, ...]:
    """The digests, their recipients as ids of destinations; one to a folder where none is configured."""
    tables.refuse_twins("digest")
    check_names(tables, "digest", "to")
    _check_addresses(tables)
    known = {destination.id for destination in usable}
    found = [
        _digest(table, tuple(dict.fromkeys(_recipients(table, known))))
        for _, table in tables.elements("digest", models.DigestTable)
    ]
    return tuple(found) if tables.file.data.get("digest") else (DEFAULT,)


def recipients(
    tables: Tables, digests_: Sequence[Digest], *, mail: Mail | None, folder: Path
) -> tuple[Destination, ...]:
    """A destination for each mail address and folder among the digests' recipients; without ``[mail]`` a folder."""
    names = dict.fromkeys(name for digest in digests_ for name in digest.to)
    found = [_destination(name, mail, folder) for name in names if ":" in name]
    unmailed = [name.removeprefix(MAILTO) for name in names if name.startswith(MAILTO)]
    if unmailed and "mail" not in tables.file.data:
        who = ", ".join(unmailed)
        tables.notices.append(f"There is no [mail], so the digests for {who} are written to {folder}.")
    return tuple(found)


def _destination(name: str, mail: Mail | None, folder: Path) -> Destination:
    if mail is not None and name.startswith(MAILTO):
        return Destination(id=name, kind="mail", target=name.removeprefix(MAILTO), default=False)
    return Destination(id=name, kind="file", target=str(folder), default=False)


def _digest(table: models.DigestTable, to: tuple[str, ...]) -> Digest:
    return Digest(
        id=table.id,
        to=to,
        at=time.fromisoformat(table.at),
        zone=table.zone,
        days=frozenset(DAYS.index(day) for day in table.days),
        themes=table.themes,
        rules=table.rules,
        empty=table.empty,
    )


def _recipients(table: models.DigestTable, known: set[str]) -> Iterator[str]:
    """The ids of those that this version serves; of two spellings of one domain the first counts."""
    for name in table.to:
        if "@" in name:
            local, _, domain = name.rpartition("@")
            yield f"{MAILTO}{local}@{domain.lower()}"
        elif name in known:
            yield name


def _check_addresses(tables: Tables) -> None:
    for path, value in tables.strings("digest", "to"):
        if "@" in value and not kinds.is_address(value):
            tables.fault(path, f'"{value[:64]}" is no mail address', 'for example "news-desk@example.org"')
        elif "@" not in value and not ID.fullmatch(value):
            tables.fault(path, f'"{value[:64]}" is neither a mail address nor a destination', "")
