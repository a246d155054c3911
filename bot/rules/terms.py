"""One term as people type it → a :class:`Term` or a reference to an entity or list."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot import folding
from bot.model import Term
from bot.text import fold
from bot.tomlfile.models import Mistake

from .regex import check_regex

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 200
"""Characters of one term; more is a paragraph pasted by mistake."""

WILDCARD_AFTER = 3
WILDCARD_AFTER_CJK = 2
"""Literal characters before the first * or ?: fewer would match much of the language."""

CJK = re.compile(f"[{folding.CJK}]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
OPERATOR = re.compile(r"(?<!\S)(?P<word>AND|OR|NOT|O?NEAR(?:/\d+)?|ATLEAST/\d+|IN (?:SENTENCE|PARAGRAPH) WITH)(?!\S)")
# "3 OF (" and "NEAR/5" without a blank around them count too.
GLUED = re.compile(r"O?NEAR/\d+|ATLEAST/\d+|\d+ OF \(")
BRACKET = re.compile(r"[()\[\]{}|\"]")
FIELDS = ("title", "lead", "body", "author", "source", "tier", "lang", "url")
FIELD = re.compile(rf"({'|'.join(FIELDS)}):")
ESCAPED = re.compile(r"\\.")
LIST_NAME = re.compile(r"\$[^\W\d]\S*")
REMEDIES = {
    "AND": 'write all = ["{left}", "{right}"], or =… if the word belongs to the text',
    "OR": 'write any = ["{left}", "{right}"], or =… if the word belongs to the text',
    "NOT": 'write none = ["{right}"], or =… if the word belongs to the text',
}


@dataclass(frozen=True, slots=True)
class Reference:
    """``@id`` or ``$id`` in a list of terms."""

    kind: Literal["entity", "list"]
    id: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How remedies write things where the term stands: text to be looked for as it is, and several terms."""

    exactly: Callable[[str], str]
    several: str
    one_line: str


LISTED = Manner(
    exactly=lambda text: f'"={text}"',
    several="several go into a list",
    one_line="write one term per item, on one line",
)


def parse_term(text: str) -> Term | Reference:
    """Read one typed term; raises :class:`Mistake` for anything that would not mean what it seems to."""
    _refuse_shape(text, LISTED)
    return reference(text) or parse_plain(text)


def parse_plain(text: str) -> Term:
    """Read a term that stands for itself: no references. Raises :class:`Mistake`."""
    _refuse_shape(text, LISTED)
    if text.startswith("/"):
        return _regex(text)
    if text.startswith("="):
        return _exact(text[1:])
    _refuse_operators(text)
    return word_term(text, LISTED)


def reference(text: str) -> Reference | None:
    """What ``@id`` or ``$id`` names; None for any other text. Raises :class:`Mistake` for a name with a blank."""
    if text.startswith("@"):
        return Reference("entity", _reference_id(text, "entity"))
    if LIST_NAME.fullmatch(text):
        return Reference("list", _reference_id(text, "list"))
    return None


def typed(term: Term) -> str:
    """A term as it is typed in a list of a rule."""
    if term.kind == "exact":
        return f"={term.text}"
    return f"/{term.text}/" if term.kind == "regex" else term.text


def in_quotes(term: Term) -> str:
    """The same as messages name it, between straight quotation marks, as in the files."""
    return f'"{typed(term)}"'


def word_term(text: str, manner: Manner) -> Term:
    """A word or phrase, with wildcards if it has ``*`` or ``?``. Raises :class:`Mistake`."""
    _refuse_shape(text, manner)
    if "*" in text or "?" in text:
        _check_wildcards(text, manner)
        return Term(text=text, kind="wildcard")
    return Term(text=text)


def exact_term(text: str, manner: Manner) -> Term:
    """Text to be found as it is written. Raises :class:`Mistake`."""
    _refuse_shape(text, manner)
    return Term(text=text, kind="exact")


def regex_term(pattern: str, manner: Manner) -> Term:
    r"""The regular expression between two slashes; ``\/`` in it is a slash. Raises :class:`Mistake`."""
    _refuse_shape(f"/{pattern}/", manner)
    pattern = unslashed(pattern)
    check_regex(pattern)
    return Term(text=pattern, kind="regex")


def unslashed(pattern: str) -> str:
    r"""The pattern with ``\/`` written as ``/``, which means the same."""
    return ESCAPED.sub(lambda pair: "/" if pair[0] == "\\/" else pair[0], pattern)


def _refuse_shape(text: str, manner: Manner) -> None:
    if not text.strip():
        raise Mistake("is empty", "write a word or phrase, or remove it")
    if CONTROL.search(text):
        raise Mistake("holds a line break or control character", manner.one_line)
    if text != text.strip():
        raise Mistake("begins or ends with a blank", f'write "{text.strip()}": terms keep to whole words by themselves')
    if len(text) > LONGEST:
        raise Mistake(f"is longer than {LONGEST} characters", f"a term is a word or phrase; {manner.several}")
    if not any(unicodedata.category(char)[0] in "LN" for char in fold(text)):
        raise Mistake("holds no letter or digit", "there would be nothing to look for")


def _reference_id(text: str, kind: Literal["entity", "list"]) -> str:
    name = text[1:]
    if re.search(r"\s", name):
        sigil = text[0]
        raise Mistake(
            f'is read as the name of an {kind}, because it begins with "{sigil}", and has a blank in it',
            f'write "={text}" to look for this very text',
        )
    return name


def _regex(text: str) -> Term:
    if len(text) < 3 or not text.endswith("/"):
        raise Mistake(
            'begins with "/" but does not end with one',
            f'a regular expression is "/…/"; write "={text}" to look for this very text',
        )
    return regex_term(text[1:-1], LISTED)


def _exact(text: str) -> Term:
    if text != text.strip() or not text:
        raise Mistake('has a blank after "="', f'write "={text.strip()}"')
    return exact_term(text, LISTED)


def _refuse_operators(text: str) -> None:
    """Operators, brackets and fields belong to the query language; in a typed term they are mistakes, not words."""
    query = f"write query = '''{text}''' in place of any and all; \"={text}\" looks for this very text"
    operator = OPERATOR.search(text)
    if operator:
        left, right = text[: operator.start()].strip() or "…", text[operator.end() :].strip() or "…"
        word = operator["word"]
        raise Mistake(f'holds the operator "{word}"', REMEDIES.get(word, "").format(left=left, right=right) or query)
    if GLUED.search(text):
        raise Mistake("holds an operator of the query language", query)
    field = FIELD.match(text)
    if field:
        raise Mistake(
            f'begins with the field "{field[1]}:"',
            f'use where = ["title"] or sources = {{ … }} of the rule, or {query}',
        )
    bracket = BRACKET.search(text)
    if bracket:
        sign = "a quotation mark" if bracket.group() == '"' else f'"{bracket.group()}"'
        raise Mistake(f"holds {sign}: a term is one word or phrase", f'write "={text}" to look for this very text')


def _check_wildcards(text: str, manner: Manner) -> None:
    first = min(place for place in (text.find("*"), text.find("?")) if place >= 0)
    before = [char for char in fold(text[:first]) if _of_a_word(char)]
    needed = WILDCARD_AFTER_CJK if before and all(CJK.match(char) for char in before) else WILDCARD_AFTER
    if len(before) < needed:
        raise Mistake(
            f'needs {needed} letters or digits before its first "{text[first]}"',
            f"write more of the word, or {manner.exactly(text)} to look for this very text",
        )
    for star in re.finditer(r"\*", text):
        if _of_a_word(text[star.end() : star.end() + 1]):
            raise Mistake('has "*" inside a word; it may only stand at the end of one', 'use "?" for single characters')
    if re.search(r"\*[*?]|\?\*", text):
        raise Mistake("has two wildcards side by side", '"*" alone means any ending, "??" any two characters')
    # Python's \w leaves out combining marks, which end many words of Hindi and Thai.
    if any(char not in "?_" and not _of_a_word(char) for char in re.findall(r"(.)[*?]", text)):
        raise Mistake(
            "has a wildcard that belongs to no word", f"write it right after a word, or {manner.exactly(text)}"
        )


def _of_a_word(char: str) -> bool:
    """Whether this is a letter, a digit or a mark on one; no character at all is not."""
    return bool(char) and unicodedata.category(char)[0] in "LMN"
