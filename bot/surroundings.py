"""``doctor``'s questions about the machine: the database's program, the disks, the clock.

What is looked up is handed in; each function here decides, and names the remedy.
"""

from __future__ import annotations

import shutil
import zoneinfo
from datetime import timedelta
from typing import TYPE_CHECKING

from .deliver.report import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from .store.records import Version, Vitals

# RETURNING came with 3.35, STRICT tables with 3.37 (sqlite.org/changes.html); Debian 12 has 3.40.
OLDEST_SQLITE = (3, 37)
# Below this much free space SQLite's journal may not find room for a large transaction.
LOW_DISK = 200 * 1024 * 1024
# Times in the database may be this much ahead of the clock: two machines are never quite of one mind.
AHEAD = timedelta(minutes=2)
# Between the clock here and the one of Slack's answer, whose Date header counts whole seconds.
DRIFT, FAR_OFF = timedelta(seconds=60), timedelta(minutes=10)
SET_CLOCK = "let the machine keep its time: timedatectl set-ntp true, or its like"


def database(version: Version, vitals: Vitals, place: str) -> list[Finding]:
    """The schema, and whether the program behind it can do what is asked of it."""
    found = [Finding(name="database", state="ok", detail=f"schema {version.revision}, {place}")]
    if vitals.kind == "postgresql":
        return [*found, Finding(name="PostgreSQL", state="ok", detail=f"version {vitals.version}")]
    return [*found, _sqlite(vitals)]


def _sqlite(vitals: Vitals) -> Finding:
    remedy = "use a Python that comes with a newer SQLite (python.org, Debian 12, Ubuntu 22.04 or later)"
    if _numbers(vitals.version) < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        detail = f"version {vitals.version} is older than {oldest}, the oldest that Presswatch works with"
        return Finding(name="SQLite", state="fail", detail=detail, remedy=remedy)
    if not vitals.full_text:
        detail = f"version {vitals.version} was built without FTS5, so that nothing can be searched"
        return Finding(name="SQLite", state="fail", detail=detail, remedy=remedy)
    return Finding(name="SQLite", state="ok", detail=f"version {vitals.version} with FTS5")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def disks(data_dir: Path, database_path: Path | None) -> list[Finding]:
    """The free space where the data lie, and where the database does, if that is another disk."""
    found = [disk("disk", data_dir, shutil.disk_usage(data_dir).free)]
    folder = database_path.parent if database_path is not None else None
    if folder is not None and folder.stat().st_dev != data_dir.stat().st_dev:
        found.append(disk("disk of the database", folder, shutil.disk_usage(folder).free))
    return found


def disk(name: str, folder: Path, free: int) -> Finding:
    """Whether ``free`` bytes are enough."""
    detail = f"{free / 1e9:.1f} GB free at {folder}"
    if free < LOW_DISK:
        return Finding(
            name=name, state="fail", detail=detail, remedy="free some space: alerts cannot be queued without"
        )
    return Finding(name=name, state="ok", detail=detail)


def clock(now: datetime, newest: datetime | None) -> Finding:
    """Whether the clock stands behind a time at which something was written."""
    if newest is not None and newest - now > AHEAD:
        detail = f"it is {now:%Y-%m-%d %H:%M} UTC here, but the database holds {newest:%Y-%m-%d %H:%M} UTC: "
        detail += "the clock was set back, or ran fast before"
        return Finding(name="clock", state="warn", detail=detail, remedy=SET_CLOCK)
    return Finding(name="clock", state="ok", detail=f"{now:%Y-%m-%d %H:%M} UTC")


def time_zones(available: Iterable[str]) -> Finding:
    """Whether the time zone database is there, by which digests and quiet hours find their local time."""
    number = len(set(available))
    if number:
        return Finding(name="time zones", state="ok", detail=f"{number} known")
    remedy = "apt-get install tzdata, or pip install tzdata"
    return Finding(name="time zones", state="fail", detail="the time zone database is missing", remedy=remedy)


def known_zones() -> set[str]:
    """The time zones this machine knows."""
    return zoneinfo.available_timezones()


def drift(told: datetime, before: datetime, after: datetime) -> Finding:
    """Our clock against ``told``, Slack's, in an answer that came between ``before`` and ``after`` by ours."""
    off = max(told - after, before - told, timedelta(0))
    name = "clock against Slack's"
    if off <= DRIFT:
        return Finding(name=name, state="ok", detail="less than a minute apart")
    side = "behind" if told > after else "ahead"
    detail = (
        f"{_span(off)} {side}: alerts show wrong times, and what is due comes {'late' if told > after else 'early'}"
    )
    return Finding(name=name, state="fail" if off > FAR_OFF else "warn", detail=detail, remedy=SET_CLOCK)


def _span(off: timedelta) -> str:
    minutes = round(off.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"
