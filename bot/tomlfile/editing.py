"""A file that a person edits, changed by a program: line ends and byte order mark stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ConfigError, Fault

from .reading import decode
from .saving import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MARK = b"\xef\xbb\xbf"


def edit(path: Path, change: Callable[[str], str], *, write: bool = True) -> bool:
    """Let ``change`` make another text of the file's, which has no carriage returns; whether it did, or would.

    Raises ConfigError if the file cannot be read or written, or was written by somebody else meanwhile.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        fault = Fault(file=str(path), message=f"cannot be read: {error.strerror}", remedy="check its permissions")
        raise ConfigError([fault]) from error
    text = decode(raw, str(path))
    end = "\r\n" if "\r\n" in text else "\n"
    before = text.replace("\r\n", "\n")
    made = change(before)
    if made == before or not write:
        return made != before
    mark = MARK if raw.startswith(MARK) else b""
    save(path, mark + made.replace("\n", end).encode(), raw)
    return True
