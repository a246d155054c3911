"""Unpacking a body in bounded steps: no input makes it hold more than its limit plus one step."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from bot.errors import TooLarge, Unreachable, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP = 65_536
# A gzip file may consist of several (RFC 1952 §2.2); a server has no reason for many, and each one costs.
MAX_MEMBERS = 100

ACCEPTED = "gzip, deflate"
# The body as it is. Besides "identity", what some servers write there: a character set, or an encoding of mail.
_PLAIN = {"", "identity", "none", "binary", "8bit", "7bit", "utf-8", "utf8", "iso-8859-1", "windows-1252", "us-ascii"}
_GZIP = {"gzip", "x-gzip"}
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15


class Inflater:
    """Takes the wire's bytes piece by piece and gives the decoded ones in steps of at most 64 KB.

    ``coding`` is the Content-Encoding header, ``limit`` bounds the decoded bytes, ``who`` names the
    server in messages. Several codings on top of each other are refused: a few hundred bytes under
    three layers of gzip become gigabytes.
    """

    def __init__(self, coding: str, limit: int, who: str) -> None:
        self._coding = coding.strip().lower()
        if self._coding not in _PLAIN | _GZIP | {"deflate"}:
            raise Unreadable(f"{who} packed its answer as “{_printable(self._coding)}”, which was not asked for")
        self._limit = limit
        self._who = who
        self._given = 0
        self._members = 0
        self._held = b""
        self._unpack: zlib._Decompress | None = None
        self._done = False  # the end of at least one stream was seen

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decode one piece. Raises :class:`TooLarge` past the limit, :class:`Unreadable` for damaged data."""
        if self._coding in _PLAIN:
            yield self._counted(data)
            return
        data, self._held = self._held + data, b""
        while (unpack := self._unpack or self._begin(data)) is not None:
            out, data = self._step(unpack, data)
            if out:
                yield self._counted(out)
            # A full step with all input taken may still have more to give.
            if self._unpack is not None and not data and len(out) < STEP:
                return

    def finish(self) -> None:
        """Check that the packed data came to its end; raises :class:`Unreachable` if it broke off."""
        if self._unpack is not None or (self._held and not self._done):
            raise Unreachable(f"the answer of {self._who} broke off: the packed data end too early")

    def _begin(self, data: bytes) -> zlib._Decompress | None:
        """Start on a stream, or on the next member of a gzip file; padding and rubbish after the end are left."""
        if len(data) < 2:
            self._held = data
            return None
        if self._done and not (self._coding in _GZIP and data.startswith(_GZIP_MAGIC)):
            return None
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise Unreadable(f"{self._who} sent an answer packed in more than {MAX_MEMBERS} parts")
        self._unpack = zlib.decompressobj(_GZIP_WINDOW if self._coding in _GZIP else _deflate_window(data))
        return self._unpack

    def _step(self, unpack: zlib._Decompress, data: bytes) -> tuple[bytes, bytes]:
        """Decode at most one step; returns it with the input that is left."""
        try:
            out = unpack.decompress(data, STEP)
        except zlib.error as error:
            raise Unreadable(f"{self._who} sent a packed answer that is damaged") from error
        if not unpack.eof:
            return out, unpack.unconsumed_tail
        self._unpack, self._done = None, True
        return out, unpack.unused_data

    def _counted(self, out: bytes) -> bytes:
        self._given += len(out)
        if self._given > self._limit:
            raise TooLarge(f"the answer of {self._who} is more than {self._limit / 1e6:g} MB once unpacked")
        return out


def _deflate_window(data: bytes) -> int:
    """Which of the two: “deflate” means zlib (RFC 9110 §8.4.1.2), but some servers send the bare stream."""
    wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return _ZLIB_WINDOW if wrapped else _RAW_WINDOW


def _printable(text: str) -> str:
    return "".join(char for char in text[:40] if char.isascii() and char.isprintable())
