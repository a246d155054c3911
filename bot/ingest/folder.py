"""The files of a watched folder: which are read, and why others are not."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Unreadable

from . import savedpages
from .limits import MAX_FILE, MAX_ITEMS
from .unfinished import Watch, has_changed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .faults import Faults

TEXTS = (".txt", ".md")
SUFFIXES = (*TEXTS, *savedpages.SUFFIXES)
# Files that somebody may have put there to be read, and that cannot be; any other file is nobody's article.
DOCUMENTS = (
    ".doc", ".docx", ".eml", ".epub", ".json", ".markdown", ".mht", ".mhtml", ".msg", ".odt", ".pages", ".pdf", ".rss",
    ".rtf", ".text", ".webarchive", ".xml",
)  # fmt: skip
# How browsers, by their language, call the folder with the parts of a page that they save.
_PARTS_OF_PAGE = ("_files", ".files", "-Dateien", "_fichiers", "_archivos")


def contents(path: Path, faults: Faults, now: datetime | None = None) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each text, Markdown and HTML file below ``path``, or of that one file, in order of names.

    Hidden files, a folder's own README and the parts of saved pages are passed over. Links are followed as long as
    they stay within the folder. What cannot or must not be read is a fault; a file that is still being written at
    ``now`` is told as such. Raises Unreadable if the folder cannot be listed.
    """
    watch = Watch(now)
    for file in _files(path):
        name = file.name if file == path else file.relative_to(path).as_posix()
        if file != path and _leads_out(file, path):
            faults.refuse(name, "is a link out of the folder; put the file itself here, or make its folder a source")
            continue
        if file.suffix.lower() in DOCUMENTS:
            sentence = f"{file.suffix.lower()} files are not read; save its text as .txt, .md or .html"
            faults.refuse(name, sentence)
            continue
        try:
            body = _read(file, name, faults, watch)
        except OSError as error:
            faults.refuse(name, f"cannot be read ({error.strerror}); check its permissions")
            continue
        if body is not None:
            yield name, body


def _read(file: Path, name: str, faults: Faults, watch: Watch) -> bytes | None:
    """The file's content; None, with a fault, for a pipe or device, whose end may never come, or a huge file.

    None also for a file that is not written to its end, which is no fault: it is read when it is.
    """
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        faults.refuse(name, "is not a regular file; move it out of the folder")
        return None
    if status.st_size > MAX_FILE:
        size = status.st_size / 1e6
        faults.refuse(name, f"{size:.1f} MB is too long for an article ({MAX_FILE / 1e6:.0f} MB); split it")
        return None
    with open(file, "rb", opener=_at_once) as content:
        status = os.fstat(content.fileno())
        if not watch.is_unfinished(content.fileno(), status):
            body = content.read(MAX_FILE)
            if not has_changed(content.fileno(), status):
                return body
    faults.unfinished.append(name)
    return None


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
    inside = file.relative_to(root)
    if any(part.startswith(".") for part in inside.parts):
        return False
    if any(_is_part_of_page(root / folder) for folder in inside.parents):
        return False
    if file.is_dir():
        return _leads_out(file, root)
    return file.suffix.lower() in (*SUFFIXES, *DOCUMENTS) and file.stem.lower() != "readme"


def _is_part_of_page(folder: Path) -> bool:
    """Whether it is what a browser saved beside a page: its pictures, scripts and frames."""
    ending = next((ending for ending in _PARTS_OF_PAGE if folder.name.endswith(ending)), None)
    page = folder.name.removesuffix(ending) if ending else ""
    return bool(page) and any(folder.with_name(page + suffix).exists() for suffix in savedpages.SUFFIXES)


def _leads_out(file: Path, root: Path) -> bool:
    """Whether it is a link to a place that is not below ``root``."""
    return file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root))
