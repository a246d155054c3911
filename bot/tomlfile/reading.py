"""Bytes → text → data, with every syntax error in plain words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigError, Fault

from .syntax import TOKEN, explain, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .places import Places

SIZE_LIMIT = 256 * 1024
"""Bytes of one file (rules are semi-trusted input; a hand-written file has a few thousand)."""

LARGE_LIMIT = 8 * 1024 * 1024
"""Bytes of a file that a program may have filled: ``config.toml`` with 10,000 imported sources has 2.4 MB."""

DEPTH_LIMIT = 32
"""Brackets or dotted key parts inside one another. tomllib needs memory with the square of a dotted key's length."""

TomlPath = tuple[str | int, ...]

HEADER = re.compile(r"^[ \t]*\[\[([\w. \t-]+)\]\]", re.MULTILINE)


class Character(int):
    """As the last step of a path: that character, from 0, of the text that the path leads to, however it is quoted."""


@dataclass(frozen=True)
class TomlFile:
    """A parsed file: ``data`` is what tomllib gives, ``text`` has no byte order mark and no carriage returns."""

    file: str
    text: str
    data: dict[str, Any]

    @cached_property
    def places(self) -> Places:
        """Where everything stands; parsed a second time on the first question."""
        from .places import Places  # tree-sitter is loaded only when there is a mistake to show

        return Places(self.text)

    def position(self, path: TomlPath, *, key: bool = False) -> tuple[int, int]:
        """(line, column) of the value at ``path`` (of its key with ``key``), from 1, columns in characters.

        For something missing: the table it is missing from. A path may end with a :class:`Character` of a text.
        """
        if path and isinstance(path[-1], Character):
            return self.places.inside(path[:-1], [path[-1]])[0]
        return self.places.find(path, key=key)

    def positions_inside(self, path: TomlPath, offsets: Iterable[int]) -> list[tuple[int, int]]:
        """(line, column) of the characters at ``offsets`` (from 0) of the text at ``path``, however it is quoted."""
        return self.places.inside(path, offsets)

    def line(self, path: TomlPath) -> int:
        """The line in which the table at ``path`` begins; costs little where it has a ``[[header]]``."""
        return self._headers.get(path) or (self.position(path)[0] if self.text else 1)

    @cached_property
    def _headers(self) -> dict[TomlPath, int]:
        bare = TOKEN.sub(lambda token: token["mark"] or "\n" * token.group().count("\n"), self.text)
        lengths: dict[TomlPath, int] = {}
        lines: dict[TomlPath, int] = {}
        line = 1
        end = 0
        for header in HEADER.finditer(bare):
            line, end = line + bare.count("\n", end, header.start()), header.start()
            path: TomlPath = ()
            for key in header[1].split("."):
                path = (*path, lengths[path] - 1, key.strip()) if path in lengths else (*path, key.strip())
            lengths[path] = lengths.get(path, 0) + 1
            lines[*path, lengths[path] - 1] = line
        return lines

    def fault(self, path: TomlPath, message: str, remedy: str = "", *, subject: str = "", key: bool = False) -> Fault:
        """A mistake at ``path``."""
        line, column = self.position(path, key=key)
        return Fault(file=self.file, line=line, column=column, message=message, remedy=remedy, subject=subject)


def decode(raw: bytes, file: str, limit: int = SIZE_LIMIT) -> str:
    """The text of a TOML file, which is UTF-8 by definition; a byte order mark is left out.

    Raises ConfigError, with the place of the first wrong byte, for another encoding and for files of more than
    ``limit`` bytes.
    """
    if len(raw) > limit:
        raise ConfigError([_too_large(file, limit)])
    every_other_is_nul = b"\0\0" in (raw[0:4:2], raw[1:4:2])
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or every_other_is_nul:
        message = "the file is encoded as UTF-16"
        raise ConfigError([Fault(file=file, line=1, column=1, message=message, remedy='save it as "UTF-8"')])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw.removeprefix(b"\xef\xbb\xbf")[: error.start].decode("utf-8", "replace")
        line, column = place_of(before, len(before))
        message = f"the file is not UTF-8: byte 0x{error.object[error.start]:02X} cannot stand here"
        remedy = 'save it as "UTF-8" (another encoding, such as Windows-1252 or GB18030, was used)'
        fault = Fault(file=file, line=line, column=column, message=message, remedy=remedy)
        raise ConfigError([fault]) from error


def parse(text: str, file: str, limit: int = SIZE_LIMIT) -> TomlFile:
    """Parse ``text``; ``file`` is its name in messages.

    Raises ConfigError with one fault, in its place, if it is not TOML, too large or nested too deeply.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text) > limit or len(text.encode("utf-8", "replace")) > limit:
        raise ConfigError([_too_large(file, limit)])
    _refuse_depth(text, file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([explain(text, file, str(error))]) from None
    except ValueError as error:  # an integer with more digits than Python converts
        message = f"a value cannot be read: {error}"
        raise ConfigError([Fault(file=file, message=message, remedy="look for a very long number")]) from None
    return TomlFile(file=file, text=text, data=data)


def _too_large(file: str, limit: int) -> Fault:
    size = f"{limit // 1024} KB" if limit < LARGE_LIMIT else f"{limit // 1024**2} MB"
    remedy = "split it into several files" if limit < LARGE_LIMIT else "remove what is no longer needed"
    return Fault(file=file, message=f"the file is larger than {size}", remedy=remedy)


def _refuse_depth(text: str, file: str) -> None:
    """Before tomllib sees it: brackets and dotted keys are counted over the tokens, strings and comments skipped."""
    depth = dots = 0
    for token in TOKEN.finditer(text):
        mark = token["mark"]
        if mark is None:
            continue
        dots = dots + 1 if mark == "." else 0
        depth += (mark in ("[", "{")) - (mark in ("]", "}") and depth > 0)
        if max(depth, dots) > DEPTH_LIMIT:
            line, column = place_of(text, token.start())
            message = f"more than {DEPTH_LIMIT} brackets or dotted key parts inside one another"
            remedy = "nothing here needs that depth; look for a bracket that is never closed"
            raise ConfigError([Fault(file=file, line=line, column=column, message=message, remedy=remedy)])
