"""Words of a query that look like signs of other query languages, or like a slip: told, never looked for."""

from __future__ import annotations

import re

from bot.rules.terms import FIELDS
from bot.text import cut
from bot.tomlfile import did_you_mean

from .spelling import as_phrase

DASHES = "-–—−"
_OPERATOR = re.compile(r"(?P<word>(?:O?NEAR|ATLEAST))/.*", re.IGNORECASE)
_BRACKET = re.compile(r"[\[\]{}【】「」『』«»‹›，、]")
_FUZZY = re.compile(r".*?[~^][0-9.]*")
_SHOWN = 60


def misspelled(word: str, after: str = "") -> tuple[str, str] | None:
    """Message and remedy for a bare word that would not mean what it seems to; ``after`` is the sign behind it."""
    for look in (_sigils, _signs, _joined, _colon, _brackets, _others):
        if found := look(word, after):
            return found
    return None


def _sigils(word: str, _after: str) -> tuple[str, str] | None:
    if word in ("@", "$"):
        what, example = ("an entity", "@huawei") if word == "@" else ("a list", "$chips")
        return f'"{word}" names nothing', f"write the id of {what} right behind it: {example}"
    return None


def _signs(word: str, after: str) -> tuple[str, str] | None:
    """+must -not !not, as search engines have them."""
    rest = word[1:]
    if word[0] == "+":
        remedy = f"write {rest}" if rest else "remove it"
        return (
            f'"{cut(word, _SHOWN)}": "+" is no operator here',
            f"{remedy}; what must occur is joined with AND{_or_text(word)}",
        )
    if word[0] in DASHES or word[0] == "!":
        remedy = (
            f"write NOT {rest}"
            if rest
            else ("write NOT" if after in ("(", '"') and after else "write NOT, or remove it")
        )
        return f'"{cut(word, _SHOWN)}": "{word[0]}" is no operator here', remedy + _or_text(word)
    return None


def _or_text(word: str) -> str:
    return f", or {as_phrase(word)} if the sign belongs to the text" if len(word) > 1 else ""


def _joined(word: str, _after: str) -> tuple[str, str] | None:
    for sign, operator in (("&&", "AND"), ("||", "OR"), ("|", "OR")):
        if sign in word:
            words = [part for part in word.split(sign) if part]
            return (
                f'"{cut(word, _SHOWN)}": "{sign}" is no operator here',
                f"write {f' {operator} '.join(words) or operator}",
            )
    found = _OPERATOR.fullmatch(word)
    if found:
        operator = found["word"].upper()
        number = 3 if operator == "ATLEAST" else 5
        return (
            f'"{cut(word, _SHOWN)}": a whole number must follow "{operator}/"',
            f"write {operator}/{number}, with a blank behind it",
        )
    return None


def _colon(word: str, after: str) -> tuple[str, str] | None:
    name, colon, rest = re.sub("：", ":", word).partition(":")
    if not colon or word[0] in "@$":
        return None
    meant = did_you_mean(f"{name.lower()}:", [f"{field}:" for field in FIELDS]) if name.isalpha() else ""
    found = re.fullmatch(r'did you mean "(.*)"\?', meant)
    as_text = f"write {as_phrase(word)} to look for this very text" if rest or after not in ("(", '"') else ""
    if found:
        said = f"write {found[1]}{rest}" if rest else f"write {found[1]}"
        return f'"{cut(name, _SHOWN)}:" is no field', f"{said}{', or ' + as_text[6:] if as_text and rest else ''}"
    known = f"fields are {', '.join(FIELDS)}"
    return f'"{cut(name, _SHOWN)}:" is no field', f"{as_text}; {known}" if as_text else known


def _brackets(word: str, _after: str) -> tuple[str, str] | None:
    found = _BRACKET.search(word)
    if not found:
        return None
    plain = _BRACKET.sub("", word)
    if found[0] in "，、":
        words = " OR ".join(piece for piece in re.split("[，、]", word) if piece)
        return (
            f'"{cut(word, _SHOWN)}" holds a full-width comma',
            f"write {words}, or {as_phrase(word)} if it belongs to the text",
        )
    if found[0] in "「」『』«»‹›" and plain:
        return f'"{cut(word, _SHOWN)}" holds "{found[0]}"', f"write {as_phrase(plain)}"
    return (
        f'"{cut(word, _SHOWN)}" holds "{found[0]}"',
        f"groups stand in ( ); write {as_phrase(word)} if it belongs to the text",
    )


def _others(word: str, _after: str) -> tuple[str, str] | None:
    if "," in word:
        return (
            f'"{cut(word, _SHOWN)}": a comma between digits can be read in two ways',
            f"write {as_phrase(word)} for one number, or {word.replace(',', ', ')} for several items",
        )
    if len(word) > 1 and _FUZZY.fullmatch(word):
        sign = "~" if "~" in word else "^"
        return (
            f'"{cut(word, _SHOWN)}": "{sign}" is no operator here',
            f"for words close to each other write a NEAR/5 b; write {as_phrase(word)} if it belongs to the text",
        )
    return None
