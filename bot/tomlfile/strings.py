"""Text as TOML writes it."""

from __future__ import annotations

import re

_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
FORBIDDEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""What may not stand in a basic string as it is, nor in a comment."""


def toml_string(text: str) -> str:
    """``text`` as a basic string of TOML (toml.io/en/v1.0.0#string), whatever it holds."""
    return '"' + FORBIDDEN.sub(_escaped, text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if "\ud800" <= character <= "\udfff":  # TOML has no way to write half a character
        return "\ufffd"
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"
