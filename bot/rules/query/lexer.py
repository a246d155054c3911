"""A query's text → tokens. Whatever is no part of the language is told here and becomes a "bad" token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.rules.terms import FIELDS, unslashed
from bot.text import cut

from . import repairs
from .misspelled import misspelled
from .nodes import QueryFault
from .spelling import QUOTES, as_phrase, exactly

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal[
    "word", "phrase", "exact", "regex", "entity", "list", "bad",
    "field", "of", "atleast", "not", "and", "or", "near", "with", "(", ")", ",", "end",
]  # fmt: skip

MOST_BETWEEN = 1000
MOST_COUNTED = 1000
SINGLE = "'‘’‚‛"
# No group is repeated possessively: Python before 3.11.5 matches nothing there (python/cpython issue 106052).
_BLANK = re.compile(r"\s*+")
_RUN = re.compile(rf"(?:[^\s(),（）{QUOTES}]|(?<=[0-9]),(?=[0-9]))+")
_EDGE = rf"(?![^\s(),（）{QUOTES}])"
_PHRASE = re.compile(rf"(?:[^\\{QUOTES}\n]|\\[^\n])*")
_REGEX = re.compile(r"(?:[^\\/\n]|\\[^\n])*")
# Where a phrase that is never closed probably ends.
_STOP = re.compile(r"(?<!\s)(?:\s++(?:AND|OR|NOT|O?NEAR/[0-9]++|IN (?:SENTENCE|PARAGRAPH) WITH)(?=[\s(]|$)|\s*+[),])")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SINGLE = re.compile(
    rf"[{SINGLE}](?P<text>[^\s{SINGLE}(),{QUOTES}][^\n(),{QUOTES}]*?)[{SINGLE}](?=[\s(),]|$)", re.MULTILINE
)
# Possessive throughout: a run of blanks is read once, whatever follows.
_OPERATOR = re.compile(
    r"(?:(?i:"
    r"(?P<with>IN\s++(?P<unit>SENTENCE|PARAGRAPH)\s++WITH)"
    r"|(?P<near>(?P<not>NOT\s++)?(?P<which>O?NEAR)\s*+(?:/\s*+)?(?P<within>[0-9]++))"
    r"|(?P<atleast>ATLEAST\s*+(?:/\s*+)?(?P<least>[0-9]++))"
    r"|(?P<of>(?P<count>[0-9]++)(?:\s++(?-i:OF)|\s*+OF(?=\s*+\())))"
    rf"|(?P<loose>(?P<no>NOT\s++)?(?P<wide>O?NEAR|ATLEAST))|(?P<plain>(?i:AND|OR|NOT))){_EDGE}"
)
_FIELD = re.compile(rf"(?P<name>lead:(?P<words>[0-9]+)(?=:)|{'|'.join(FIELDS)}):")
SIGNS: dict[str, Literal["and", "or"]] = {"&&": "and", "||": "or", "&": "and", "|": "or"}


class Token(NamedTuple):
    """One sign of the language at [start, end).

    ``text``: a term's text, a field's name, "NEAR", "ONEAR", "NOT NEAR", "SENTENCE" or "PARAGRAPH"; ``number``: its n.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    number: int = 0


class Lexer:
    """Reads one text once, from left to right."""

    def __init__(self, text: str, faults: list[QueryFault]) -> None:
        self.text = text
        self.faults = faults
        self.tokens: list[Token] = []
        self.tidy = True
        self._no_single_until = self._no_slash_until = 0

    def read(self) -> list[Token]:
        """All tokens, an "end" last; ``tidy`` tells afterwards whether every quotation mark is closed."""
        at = self._blank(0)
        while at < len(self.text):
            token = self._token(at)
            self.tokens.append(token)
            at = self._blank(token.end)
        self.tokens.append(Token("end", len(self.text), len(self.text)))
        return self.tokens

    def _blank(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def _token(self, at: int) -> Token:
        char = self.text[at]
        if char in "(),":
            kinds: dict[str, Kind] = {"(": "(", ")": ")", ",": ","}
            return Token(kinds[char], at, at + 1)
        if char in "（）":
            plain: Literal["(", ")"] = "(" if char == "（" else ")"
            self._fault(
                at,
                at + 1,
                f'"{char}" is a full-width bracket',
                f'write {plain}, or put the text that it belongs to into "…"',
            )
            return Token(plain, at, at + 1)
        if char in QUOTES:
            return self._phrase(at, at, "phrase")
        if char == "=":
            return self._exact(at)
        if self.tokens and self.tokens[-1] == ("field", self.tokens[-1].start, at, "url", 0):
            return Token("phrase", at, *self._run(at))
        for read in (self._regex, self._single, self._operator, self._field):
            if token := read(at):
                return token
        return self._word(at)

    def _run(self, at: int) -> tuple[int, str]:
        found = _RUN.match(self.text, at)
        end = found.end() if found else at + 1
        return end, self.text[at:end]

    # ── text in marks ────────────────────────────────────────────────────────────────────────────

    def _phrase(self, start: int, mark: int, kind: Kind) -> Token:
        """Text between quotation marks of any shape, on one line."""
        found = _PHRASE.match(self.text, mark + 1)
        end = found.end() if found else mark + 1
        raw = self.text[mark + 1 : end]
        if end >= len(self.text) or self.text[end] not in QUOTES:
            self.tidy = False
            line = self._line_end(mark)
            stop = _STOP.search(raw)
            words, rest = (raw[: stop.start()], raw[stop.start() :]) if stop else (raw, "")
            words = words.strip().rstrip("\\")
            sign = "=" if kind == "exact" else ""
            remedy = (
                f"write {self._shown(sign + as_phrase(words) + rest.rstrip())}" if words else "close it, or remove it"
            )
            more = " on its line" if line < len(self.text) else ""
            return self._bad(start, max(mark + 1, line), f"this quotation mark is never closed{more}", remedy)
        for pair in _ESCAPE.finditer(raw):
            if pair[1] not in QUOTES + "\\":
                place = mark + 1 + pair.start()
                self._fault(
                    place,
                    place + 2,
                    f'"{pair[0]}" means nothing between quotation marks',
                    r"write \\ for a backslash, \" for a quotation mark",
                )
                return Token("bad", start, end + 1)
        return Token(kind, start, end + 1, _ESCAPE.sub(r"\1", raw))

    def _exact(self, at: int) -> Token:
        after = self.text[at + 1 : at + 2]
        if after and after in QUOTES:
            return self._phrase(at, at + 1, "exact")
        end, run = self._run(at)
        if run == "=":
            return self._bad(
                at, end, '"=" stands alone', 'write it right before a word or phrase: =Apple, ="Big Apple"'
            )
        if "\\" in run:
            return self._backslash(at, end, run[1:], exact=True)
        return Token("exact", at, end, run[1:])

    def _regex(self, at: int) -> Token | None:
        if self.text[at] != "/":
            return None
        end = at
        if at >= self._no_slash_until:
            found = _REGEX.match(self.text, at + 1)
            end = found.end() if found else at + 1
        if end == at or self.text[end : end + 1] != "/":
            if at >= self._no_slash_until:
                self._no_slash_until = self._line_end(at)
            end, run = self._run(at)
            return self._bad(
                at,
                end,
                'this begins with "/", but no "/" closes it',
                f"a regular expression is /…/; write {self._shown(as_phrase(run))} for text",
            )
        after, rest = self._run(end + 1) if end + 1 < len(self.text) else (end + 1, "")
        if rest.strip() and rest[0] not in "(),":
            return self._bad(
                at,
                after,
                "this goes on after the regular expression",
                rf'its second "/" ends it: write \/ for a slash, or {self._shown(as_phrase(self.text[at:after]))}',
            )
        return Token("regex", at, end + 1, unslashed(self.text[at + 1 : end]))

    def _single(self, at: int) -> Token | None:
        if self.text[at] not in SINGLE or at < self._no_single_until:
            return None
        found = _SINGLE.match(self.text, at)
        if not found:
            self._no_single_until = self._line_end(at)
            return None
        return self._bad(
            at,
            found.end(),
            "single quotation marks do not make a phrase",
            f"write {self._shown(as_phrase(found['text']))}",
        )

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return at + len(self.text[at:end].rstrip())

    # ── operators and fields ─────────────────────────────────────────────────────────────────────

    def _operator(self, at: int) -> Token | None:
        found = _OPERATOR.match(self.text, at)
        if not found:
            return None
        if found["plain"]:
            return self._plain(found)
        if found["loose"]:
            return self._loose(found)
        token, spelled = self._numbered(found)
        written = " ".join(found[0].split())
        if written != spelled:
            reason = "operators are written in capitals" if written.upper() == spelled else "no operator is written so"
            remedy = f"write {spelled}, or {as_phrase(written)} to look for the words"
            self._fault(token.start, token.end, f'"{written}": {reason}', remedy)
        return token

    def _plain(self, found: re.Match[str]) -> Token:
        kinds: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not"}
        word = found[0]
        if word != word.upper():
            self._fault(
                *found.span(),
                f'"{word}": operators are written in capitals',
                f"write {word.upper()}, or {as_phrase(word)} to look for the word",
            )
        return Token(kinds[word.upper()], *found.span())

    def _loose(self, found: re.Match[str]) -> Token:
        """NEAR or ATLEAST without its number."""
        word = " ".join(found[0].split())
        number = 3 if found["wide"] == "ATLEAST" else 5
        fixed = f"{found['wide'] if found['wide'] == 'ATLEAST' else _pair_word(found)}/{number}"
        self._fault(
            *found.span(),
            f'"{word}" needs a number',
            f"write {fixed}, or {as_phrase(word)} to look for the word",
        )
        kind: Kind = "atleast" if found["wide"] == "ATLEAST" else "near"
        return Token(kind, *found.span(), fixed.partition("/")[0], number)

    def _numbered(self, found: re.Match[str]) -> tuple[Token, str]:
        """The token, and how it is spelled."""
        span = found.span()
        if found["with"]:
            unit = found["unit"].upper()
            return Token("with", *span, unit), f"IN {unit} WITH"
        if found["near"]:
            word = _pair_word(found)
            number = self._number(found, "within", 0, MOST_BETWEEN)
            return Token("near", *span, word, number), f"{word}/{found['within']}"
        if found["atleast"]:
            number = self._number(found, "least", 1, MOST_COUNTED)
            return Token("atleast", *span, "", number), f"ATLEAST/{found['least']}"
        return Token("of", *span, "", self._number(found, "count", 1, MOST_COUNTED)), f"{found['count']} OF"

    def _number(self, found: re.Match[str], group: str, least: int, most: int) -> int:
        digits = found[group].lstrip("0") or "0"
        number = int(digits) if len(digits) < 10 else most + 1
        if not least <= number <= most:
            shown = digits if len(digits) < 10 else digits[:9] + "…"
            self._fault(*found.span(group), f"{shown} is out of range", f"write a number from {least} to {most:,}")
        return max(least, min(number, most))

    def _field(self, at: int) -> Token | None:
        found = _FIELD.match(self.text, at)
        if not found:
            return None
        words = found["words"]
        if words and (words[0] == "0" or len(words) > 4):
            self._fault(
                *found.span("words"), f'"lead:{words[:9]}:" is no field', "write a number from 1 to 9999: lead:100:"
            )
            return Token("field", at, found.end(), "lead")
        return Token("field", at, found.end(), found["name"])

    # ── words ────────────────────────────────────────────────────────────────────────────────────

    def _word(self, at: int) -> Token:
        end, run = self._run(at)
        if run in SIGNS:
            kind = SIGNS[run]
            self._fault(at, end, f'"{run}" is no operator here', f"write {kind.upper()}")
            return Token(kind, at, end)
        if "\\" in run:
            return self._backslash(at, end, run)
        if wrong := misspelled(run, self.text[end : end + 1]):
            message, remedy = wrong
            return self._bad(at, end, message, repairs.short(remedy, 'put what is text into "…"'))
        if run[0] == "@":
            return Token("entity", at, end, run[1:])
        if run[0] == "$" and (run[1:2].isalpha() or run[1:2] == "_"):
            return Token("list", at, end, run[1:])
        return Token("word", at, end, run)

    def _backslash(self, at: int, end: int, word: str, *, exact: bool = False) -> Token:
        place = self.text.index("\\", at)
        write: Callable[[str], str] = exactly if exact else as_phrase
        bare = word.replace("\\", "")
        remedy = f"remove it; for one in the text write {self._shown(write(word))}" if bare else "remove it"
        self._fault(place, place + 1, "a backslash means nothing here", remedy)
        return Token("bad", at, end)

    def _bad(self, start: int, end: int, message: str, remedy: str) -> Token:
        self._fault(start, end, message, remedy)
        return Token("bad", start, end)

    def _fault(self, start: int, end: int, message: str, remedy: str) -> None:
        self.faults.append(QueryFault(start=start, end=end, message=message, remedy=remedy))

    @staticmethod
    def _shown(text: str) -> str:
        return cut(text, 200)


def _pair_word(found: re.Match[str]) -> str:
    """NEAR, ONEAR or NOT NEAR; there is no NOT ONEAR."""
    negated, word = found["not"] or found["no"], (found["which"] or found["wide"]).upper()
    return "NOT NEAR" if negated else word
