"""A search string of another service → its brackets, phrases, words and operators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.rules.query import QUOTES, QueryFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .dialects import Dialect, Join

SignKind = Literal["(", ")", "word", "exact", "join", "not", "field", "least", "end"]

_RUN = rf"[^\s()\[\]{{}}{QUOTES}]"
_STRANGE = re.compile(r"[~^$#@|<>=+!/\\%{}\[\]]")
_TAG = re.compile(r"[a-z]+", re.IGNORECASE)


class Sign(NamedTuple):
    """One sign with its place; ``text`` is the word, phrase or our field, ``number`` a count of words or times."""

    kind: SignKind
    start: int
    end: int
    text: str = ""
    join: Join | None = None
    number: int = 0


class Signs:
    """Cuts a string; faults are what has no like here, and quotation marks without their other half."""

    def __init__(self, text: str, dialect: Dialect, faults: list[QueryFault]) -> None:
        self._text = text
        self._dialect = dialect
        self._faults = faults
        self._open: list[str] = []
        flags = 0 if dialect.capitals else re.IGNORECASE
        glued = dialect.glued
        self._chunks = re.compile(rf"{glued}|(?:(?!{glued}){_RUN})+" if glued else f"{_RUN}+", re.IGNORECASE)
        self._joins = [(re.compile(_in_case(join.sign, dialect), flags), join) for join in dialect.joins]

    def read(self) -> list[Sign]:
        """All signs in order, an end last."""
        return [*self._signs(), Sign("end", len(self._text), len(self._text))]

    def _fault(self, start: int, end: int, message: str, remedy: str = "") -> None:
        self._faults.append(QueryFault(start=start, end=end, message=message, remedy=remedy))

    def _signs(self) -> Iterator[Sign]:
        text, at = self._text, 0
        while at < len(text):
            char = text[at]
            if char.isspace() or (char == "'" and self._dialect.equals):
                at += 1
            elif char in QUOTES:
                end = next((place for place in range(at + 1, len(text)) if text[place] in QUOTES), -1)
                if end < 0:
                    self._fault(at, len(text), "the quotation marks are never closed", "add the closing one")
                    yield Sign("word", at, len(text), text[at + 1 :])
                    return
                yield from self._phrase(at, end + 1)
                at = end + 1
            elif char == "{" and self._dialect.braces and (end := text.find("}", at)) > at:
                yield Sign("exact", at, end + 1, text[at + 1 : end].strip())
                at = end + 1
            elif char in "()" or (char in "[]" and "[" in self._dialect.brackets):
                yield Sign("(" if char in "([" else ")", at, at + 1)
                at += 1
            elif found := self._chunks.match(text, at):
                sign = self._chunk(at, found.end())
                yield sign
                at = sign.end
            else:
                self._strange(at, at + 1, char)
                at += 1

    def _phrase(self, start: int, end: int) -> Iterator[Sign]:
        words = " ".join(self._text[start + 1 : end - 1].split())
        if not words:
            self._fault(start, end, "the quotation marks are empty", "write the phrase, or remove them")
            return
        yield Sign("word", start, end, self._wild(words, start, end))

    def _chunk(self, start: int, end: int) -> Sign:
        """What a run of signs without blanks is; one that was told to be a mistake is read on as a word."""
        text = self._text
        if joined := self._join(start, end):
            return joined
        chunk = text[start:end]
        if chunk[0] == "-" and len(chunk) > 1 and self._dialect.minus:
            return Sign("not", start, start + 1)
        for special in (self._tagged, self._called, self._least):
            sign = special(start, end)
            if sign is not None:
                return sign
        if chunk.lower() in self._dialect.absent and _STRANGE.search(chunk):
            self._fault(start, end, *self._unlike(chunk, chunk.lower()))
        elif (found := _STRANGE.search(self._bare(chunk))) is not None:
            self._strange(start, end, found[0])
        return Sign("word", start, end, self._wild(chunk, start, end))

    def _join(self, start: int, end: int) -> Sign | None:
        """The longest operator that begins with this chunk: some are two words."""
        ends = [end]
        if following := re.compile(r"\s+").match(self._text, end):
            second = self._chunks.match(self._text, following.end())
            ends += [second.end()] if second else []
        for last in reversed(ends):
            words = " ".join(self._text[start:last].split())
            for pattern, join in self._joins:
                if found := pattern.fullmatch(words):
                    number = _number(found, join)
                    return Sign("join", start, last, words, join, number)
        return None

    def _tagged(self, start: int, end: int) -> Sign | None:
        """A field: ``title:`` or ``hd=``."""
        mark = "=" if self._dialect.equals else ":"
        name, found, _ = self._text[start:end].partition(mark)
        if not found or not _TAG.fullmatch(name):
            return None
        after = start + len(name) + 1
        if (ours := self._dialect.fields.get(name.lower())) is not None:
            return Sign("field", start, after, ours)
        self._fault(start, after, *self._unlike(f"{name}{mark}", name.lower()))
        return Sign("field", start, after, "title")  # what stands behind it is read on as if it were known

    def _called(self, start: int, end: int) -> Sign | None:
        """``HEADLINE(…)`` and what else stands right before a bracket."""
        if self._text[end : end + 1] != "(" or not self._dialect.calls:
            return None
        name = self._text[start:end].lower()
        if name in ("allcaps", "nocaps"):
            return self._cased(start, end, upper=name == "allcaps")
        if (ours := self._dialect.calls.get(name)) is not None:
            return Sign("field", start, end, ours)
        if name in self._dialect.absent or _TAG.fullmatch(name):
            self._fault(start, end, *self._unlike(f"{self._text[start:end]}(…)", name))
            return Sign("field", start, end, "title")
        return None

    def _cased(self, start: int, end: int, *, upper: bool) -> Sign:
        closing = self._text.find(")", end)
        words = self._text[end + 1 : closing if closing > 0 else len(self._text)].strip(QUOTES + " ")
        last = closing + 1 if closing > 0 else len(self._text)
        if not words or "(" in words or _STRANGE.search(words):
            self._fault(start, last, f"{self._text[start:end]}(…) takes one word or phrase", "write them one by one")
        return Sign("exact", start, last, words.upper() if upper else words.lower())

    def _least(self, start: int, end: int) -> Sign | None:
        """``atleast5``."""
        word = self._dialect.least
        found = re.fullmatch(rf"{word}(?P<n>\d+)", self._text[start:end], re.IGNORECASE) if word else None
        return Sign("least", start, end, number=int(found["n"])) if found else None

    def _unlike(self, sign: str, name: str) -> tuple[str, str]:
        told = f'"{sign}" of {self._dialect.title} has no like here'
        return told, self._dialect.absent.get(name, "leave it out, or say it in words")

    def _strange(self, start: int, end: int, char: str) -> None:
        told = f'"{char}" is an operator of {self._dialect.title} that has no like here'
        self._fault(start, end, told, f'leave it out, or put "{self._text[start:end]}" in quotation marks')

    def _bare(self, chunk: str) -> str:
        """The chunk without what is a wildcard in this dialect."""
        return chunk.replace(self._dialect.ending, "").replace(self._dialect.letter, "")

    def _wild(self, words: str, start: int, end: int) -> str:
        """The words with wildcards as we write them."""
        ending = self._dialect.ending
        if ending != "*" and "*" in words:
            told = f'"*" in {self._dialect.title} is one letter or any ending, depending on the service'
            self._fault(start, end, told, f'write "{ending}" for any ending, "{self._dialect.letter}" for one letter')
        return words.replace(ending, "*")


def _in_case(sign: str, dialect: Dialect) -> str:
    """An operator's pattern in the case in which the dialect asks for it; what counts or follows it keeps its own."""
    if not dialect.capitals:
        return sign
    return re.sub(r"^[a-z]+|(?<=\|)[a-z]+", lambda found: found[0].upper(), sign)


def _number(found: re.Match[str], join: Join) -> int:
    """The words between, as a join's number and its way of counting give them; -1 where they are fewer than none."""
    groups = [value for value in found.groupdict().values() if value is not None]
    written = int(groups[0]) if groups else join.default
    return 0 if written is None else written - join.less
