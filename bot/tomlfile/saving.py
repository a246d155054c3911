"""Putting an edited file in its place as a whole, so that nobody reads half of it and nobody's edit is lost."""

from __future__ import annotations

import contextlib
import os
import stat
import uuid
from typing import TYPE_CHECKING

from bot.errors import ConfigError, Fault

if TYPE_CHECKING:
    from pathlib import Path


def save(path: Path, made: bytes, before: bytes | None) -> None:
    """Put ``made`` in the place of the file, which holds ``before`` (None: there is none), with the mode it had.

    Where the file is a link, what it leads to is written. Raises ConfigError.
    """
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        like = path.stat() if before is not None else None
        if (path.read_bytes() if path.exists() else None) != before:
            raise unwritten(path, "it was changed meanwhile", "try again")
        _write(beside, made, like)
        beside.replace(path)
    except OSError as error:
        raise unwritten(path, error.strerror or str(error), "check the folder's permissions") from error
    finally:
        beside.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make the folder and those above it, where they are missing. Raises ConfigError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritten(path, error.strerror or str(error), "check the permissions of the folder above") from error


def unwritten(path: Path, reason: str, remedy: str) -> ConfigError:
    """The error for a file that stays as it is."""
    return ConfigError([Fault(file=str(path), message=f"cannot be written: {reason}", remedy=remedy)])


def _write(path: Path, made: bytes, like: os.stat_result | None) -> None:
    with path.open("xb") as stream:
        if like is not None:
            path.chmod(stat.S_IMODE(like.st_mode))
            with contextlib.suppress(PermissionError):  # only root may give a file away; the mode is what matters
                os.chown(path, like.st_uid, like.st_gid)
        stream.write(made)
        stream.flush()
        os.fsync(stream.fileno())
