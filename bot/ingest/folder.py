"""The files of a watched folder: which are read, and why others are not."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Unreadable

from .limits import MAX_FILE, MAX_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .faults import Faults

SUFFIXES = (".txt", ".md")


def contents(path: Path, faults: Faults) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each ``.txt`` and ``.md`` file below ``path``, or of that one file, in order of names.

    Hidden files and a folder's own README are passed over. Links are followed as long as they stay within the
    folder. What cannot or must not be read is a fault. Raises Unreadable if the folder cannot be listed.
    """
    for file in _files(path):
        name = file.name if file == path else file.relative_to(path).as_posix()
        if file != path and _leads_out(file, path):
            faults.refuse(name, "is a link out of the folder; put the file itself here, or make its folder a source")
            continue
        try:
            body = _read(file, name, faults)
        except OSError as error:
            faults.refuse(name, f"cannot be read ({error.strerror}); check its permissions")
            continue
        if body is not None:
            yield name, body


def _read(file: Path, name: str, faults: Faults) -> bytes | None:
    """The file's content; None, with a fault, for a pipe or device, whose end may never come, or a huge file."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        faults.refuse(name, "is not a regular file; move it out of the folder")
        return None
    if status.st_size > MAX_FILE:
        size = status.st_size / 1e6
        faults.refuse(name, f"{size:.1f} MB is too long for an article ({MAX_FILE / 1e6:.0f} MB); split it")
        return None
    with open(file, "rb", opener=_at_once) as content:
        return content.read(MAX_FILE)


def _at_once(file: str, flags: int) -> int:
    """Open without waiting, should a pipe have taken the file's place since it was looked at."""
    return os.open(file, flags | os.O_NONBLOCK)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    try:
        next(path.iterdir(), None)  # rglob passes over a folder that it may not list
        found = [file for file in path.rglob("*") if _is_wanted(file, path)]
    except OSError as error:
        raise Unreadable(
            f"the folder {path} cannot be read ({error.strerror}): create it, or change the source's path"
        ) from error
    if len(found) > MAX_ITEMS:
        raise Unreadable(f"the folder {path} holds {len(found):,} files; {MAX_ITEMS:,} is the most that is read")
    return sorted(found)


def _is_wanted(file: Path, root: Path) -> bool:
    """Whether it is to be read, or is a linked folder outside, whose articles somebody will miss."""
    if any(part.startswith(".") for part in file.relative_to(root).parts):
        return False
    if file.is_dir():
        return _leads_out(file, root)
    return file.suffix.lower() in SUFFIXES and file.stem.lower() != "readme"


def _leads_out(file: Path, root: Path) -> bool:
    """Whether it is a link to a place that is not below ``root``."""
    return file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root))
