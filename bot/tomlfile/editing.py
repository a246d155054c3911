"""A file that a person edits, changed by a program: line ends and byte order mark stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import decode
from .saving import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MARK = b"\xef\xbb\xbf"


def edit(path: Path, change: Callable[[str], str]) -> bool:
    """Let ``change`` make another text of the file's, which has no carriage returns; whether it did.

    Raises ConfigError if the file cannot be read or written, or was written by somebody else meanwhile.
    """
    raw = path.read_bytes()
    text = decode(raw, str(path))
    end = "\r\n" if "\r\n" in text else "\n"
    before = text.replace("\r\n", "\n")
    made = change(before)
    if made == before:
        return False
    mark = MARK if raw.startswith(MARK) else b""
    save(path, mark + made.replace("\n", end).encode(), raw)
    return True
