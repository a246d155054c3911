"""TOML with places: any mistake in a file a person edits is named with file, line, column and a remedy.

Reading is ``tomllib``'s; places come from a second parse by tree-sitter, made only when somebody asks
for one, so a file without mistakes costs nothing extra. Used by the rooms ``config`` and ``rules``.
"""

from .reading import DEPTH_LIMIT, LARGE_LIMIT, SIZE_LIMIT, Character, TomlFile, TomlPath, decode, parse
from .suggest import did_you_mean
from .syntax import place_of

__all__ = [
    "DEPTH_LIMIT",
    "LARGE_LIMIT",
    "SIZE_LIMIT",
    "Character",
    "TomlFile",
    "TomlPath",
    "decode",
    "did_you_mean",
    "parse",
    "place_of",
]
