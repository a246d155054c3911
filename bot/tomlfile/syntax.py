"""tomllib's errors in plain words, at the place where the mistake was made rather than where it was noticed."""

from __future__ import annotations

import re

from bot.errors import Fault

AT = re.compile(r" \((?:at line (?P<line>\d+), column (?P<column>\d+)|at end of document)\)$")
# One token: text in any of the four quotes, a comment, or a mark. Text that is never closed runs to the end (of its
# line, if in single quotes) and sets group "open…". Nothing is tried twice, whatever the input.
# No group is repeated possessively: Python before 3.11.5 matches nothing there (python/cpython issue 106052).
TOKEN = re.compile(
    r'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*(?:"{3,5}+|(?P<open_multi>))'
    r"|'''[^']*+(?:'(?!'')[^']*+)*(?:'{3,5}+|(?P<open_raw_multi>))"
    r'|"(?:[^"\\\n]|\\[^\n])*(?:"|(?P<open>))'
    r"|'[^'\n]*+(?:'|(?P<open_raw>))"
    r"|#[^\n]*+|(?P<mark>[\[\]{}=,\n.])",
    re.DOTALL,
)
OPEN = frozenset({"open", "open_raw", "open_multi", "open_raw_multi"})
CURLY = "“”„‟‘’‚«»"
WORD = re.compile(r"[^\s,#\]}]+")

SIMPLE = (
    (
        "Expected '=' after a key",
        'a key must be followed by "="',
        'write key = value; a key with blanks or other signs needs quotes: "my key" = value',
    ),
    ("Expected ']]' at the end", 'a "[[" line must end with "]]"', "write [[name]] on a line of its own"),
    ("Expected ']' at the end", 'a "[" line must end with "]"', "write [name] on a line of its own"),
    (
        "Expected newline or end of document",
        "something is left over after the value",
        "one key = value per line; put text into quotes, and lists into [ ]",
    ),
    (
        "Invalid initial character for a key part",
        "a key is expected here",
        "a table in braces stands on one line, with no comma after its last value",
    ),
    ("Invalid statement", "a line must be key = value, [table] or [[list]]", "a comment begins with #"),
    (
        "Unescaped '\\' in a string",
        'a backslash in "…" begins an escape, and this is none',
        r"write \\ for a backslash, or use single quotes: '…'",
    ),
    ("Escaped character is not", "this escape names no character", r"write the character itself instead of \u…"),
    ("Invalid hex value", r"\u needs 4 and \U needs 8 hexadecimal digits", "write the character itself instead"),
    ("Invalid date", "this is no date that exists", "write dates as 2027-01-31"),
)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at ``offset``."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def explain(text: str, file: str, error: str) -> Fault:
    """A fault for tomllib's message ``error``, such as "Invalid value (at line 1, column 5)"."""
    at = AT.search(error)
    message = error[: at.start()] if at else error
    line, column = _reported(text, at)
    offset = offset_of(text, line, column)
    for rule in (_twice, _unclosed, _value, _character, _simple):
        found = rule(text, message, offset)
        if found:
            place, words, remedy = found
            line, column = place_of(text, place)
            return Fault(file=file, line=line, column=column, message=words, remedy=remedy)
    return Fault(file=file, line=line, column=column, message=message, remedy="see https://toml.io for how TOML works")


def _reported(text: str, at: re.Match[str] | None) -> tuple[int, int]:
    if at and at["line"]:
        return int(at["line"]), int(at["column"])
    return place_of(text, max(len(text.rstrip()), 0))


def offset_of(text: str, line: int, column: int) -> int:
    """Where the character in this line and column, from 1, stands."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


Explained = tuple[int, str, str] | None


def _twice(text: str, message: str, offset: int) -> Explained:
    if not message.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate inline")):
        return None
    from .places import Places

    found = Places(text).twice
    if not found:
        words = "this stands in the way of something of the same name above"
        return offset, words, "a key is either a value, a table or a list, and given once"
    path, first, second = found[0]
    name = path[-1] if isinstance(path[-1], str) else path[-2]
    words = f'"{name}" is given twice (the first is in line {first[0]})'
    return offset_of(text, *second), words, "remove one, or join the two; for several of a kind write [[name]]"


def _unclosed(text: str, message: str, offset: int) -> Explained:
    """Text or brackets that never end: the place where they begin is the one to show."""
    if message.startswith(("Unterminated", "Expected \"'", "Illegal character '\\n'")):
        begin = next((token.start() for token in TOKEN.finditer(text) if token.lastgroup in OPEN), None)
        if begin is not None:
            return (
                begin,
                "this text is never closed",
                "put the same quotes at its end; text over several lines needs three",
            )
    if message.startswith(("Unclosed array", "Unclosed inline table", "Invalid value")):
        begin = _last_open(text, offset)
        at_end = not text[offset:].strip()
        if message.startswith("Unclosed") or (at_end and begin is not None):
            what = "list" if begin is not None and text[begin] == "[" else "table in braces"
            if at_end and begin is not None:
                return begin, f"this {what} is never closed", f'put "{"]" if what == "list" else "}"}" at its end'
            return offset, f"this {what} needs a comma or its end here", "put a comma between two values"
    return None


def _last_open(text: str, end: int) -> int | None:
    open_: list[int] = []
    for token in TOKEN.finditer(text, 0, end):
        if token["mark"] in ("[", "{"):
            open_.append(token.start())
        elif token["mark"] in ("]", "}") and open_:
            open_.pop()
    return open_[-1] if open_ else None


def _value(text: str, message: str, offset: int) -> Explained:
    if message != "Invalid value":
        return None
    rest = text[offset:].split("\n", 1)[0]
    word = WORD.match(rest)
    if not word:
        return (
            offset,
            "a value is missing here",
            'write text in quotes: "…"; lists in [ ]; true, false, a number or a date',
        )
    if word.group()[0] in CURLY:
        return offset, "curly quotes do not count as quotes", 'use straight ones: "…"'
    if word.group().lower() in ("true", "false", "yes", "no", "on", "off", "none", "null"):
        return (
            offset,
            f"{word.group()} is no value in TOML",
            'write true or false in small letters, or text in quotes: "…"',
        )
    if word.group()[0] == "=":
        return offset, 'one "=" is enough', "write key = value"
    return offset, f"text needs quotes: {_cut(word.group())}", 'write it as "…"'


def _character(_text: str, message: str, offset: int) -> Explained:
    found = re.match(r"(?:Illegal|Found invalid) character (?P<shown>.+)", message)
    if not found:
        return None
    shown = found["shown"].strip("'\"")
    if shown == "\\x00":
        return offset, "the file holds a NUL character", "save it again as plain text"
    return offset, f"the character {shown} cannot stand here", "remove it, or write it as an escape in quotes"


def _simple(text: str, message: str, offset: int) -> Explained:
    for start, words, remedy in SIMPLE:
        if message.startswith(start):
            in_escape = start.startswith(("Unescaped", "Escaped", "Invalid hex"))
            return max(text.rfind("\\", 0, offset), 0) if in_escape else offset, words, remedy
    return None


def _cut(word: str) -> str:
    return word if len(word) <= 40 else word[:39] + "…"
