"""Whether a file in a drop folder is still being written: half an article must not be taken for a whole one."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import stat_result

# Where nobody can be asked who has a file open, it counts as finished when it has not changed for so long.
SETTLED = timedelta(seconds=2)


class Watch:
    """Watches the files of one look at a folder, which began at ``now``; without it nothing is waited for."""

    def __init__(self, now: datetime | None) -> None:
        self._now = now
        self._started = time.monotonic()

    def is_unfinished(self, file: int, status: stat_result) -> bool:
        """Whether the file is being written; ``file`` is a descriptor opened for reading only, ``status`` its state.

        Where that cannot be asked, a file that has just changed is watched until it is :data:`SETTLED`. Files that
        came together settle together, so the wait is one for all of them.
        """
        is_written = _is_open_for_writing(file)
        if is_written is not None or self._now is None:
            return bool(is_written)
        gone = timedelta(seconds=time.monotonic() - self._started)
        age = self._now + gone - datetime.fromtimestamp(status.st_mtime, UTC)
        if abs(age) >= SETTLED:
            return False
        time.sleep((SETTLED - age).total_seconds())
        return has_changed(file, status)


def _is_open_for_writing(file: int) -> bool | None:
    """Asked by a read lease (fcntl(2), "Leases"); None where there are none.

    Linux gives one only on a file that nobody writes, and only to the file's owner.
    """
    lease = getattr(fcntl, "F_SETLEASE", None)
    if lease is None:
        return None
    try:
        # If somebody opens the file in between, the kernel tells us by a signal: one that is ignored, not SIGIO,
        # which ends a process.
        fcntl.fcntl(file, getattr(fcntl, "F_SETSIG"), signal.SIGURG)  # noqa: B009 – macOS has no such name
        fcntl.fcntl(file, lease, fcntl.F_RDLCK)
        fcntl.fcntl(file, lease, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    return False


def has_changed(file: int, status: stat_result) -> bool:
    """Whether the file is no longer as it was at ``status``."""
    after = os.fstat(file)
    return (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns)
