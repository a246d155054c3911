"""Whether a file in a drop folder is still being written: half an article must not be taken for a whole one."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import stat_result

# Where nobody can be asked who has the file open, it counts as finished when it has not changed for so long.
SETTLED = timedelta(seconds=2)


def is_unfinished(file: int, status: stat_result, now: datetime | None) -> bool:
    """Whether somebody has the file open for writing; ``file`` is a descriptor opened for reading only.

    Asked by a read lease (fcntl(2), "Leases"), which Linux gives only on a file that nobody writes, and only to the
    file's owner. Elsewhere a file that changed within :data:`SETTLED` of ``now`` counts as unfinished.
    """
    lease = getattr(fcntl, "F_SETLEASE", None)
    if lease is not None:
        try:
            # If somebody opens the file in between, the kernel tells us by a signal: one that is ignored, not SIGIO,
            # which ends a process.
            fcntl.fcntl(file, getattr(fcntl, "F_SETSIG"), signal.SIGURG)  # noqa: B009 – macOS has no such name
            fcntl.fcntl(file, lease, fcntl.F_RDLCK)
            fcntl.fcntl(file, lease, fcntl.F_UNLCK)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return True
        else:
            return False
    changed = datetime.fromtimestamp(status.st_mtime, UTC)
    return now is not None and abs(now - changed) < SETTLED


def has_changed(file: int, status: stat_result) -> bool:
    """Whether the file is no longer as it was at ``status``."""
    after = os.fstat(file)
    return (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns)
