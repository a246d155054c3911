"""The fullest name that a text gives for whom it names by a surname, and whom a pronoun stands for.

Both are told only where the text leaves no choice: two people of one surname stay apart, and "he" behind a sentence
with two names is nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import continental_words as c
from . import words as w

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .speakers import Named, SpeakerKind
    from .tokens import Sentence, Token

_CAPITAL = r"(?:[^\W\d_a-z]\.|[^\W\d_a-z][\w’'‑-]*)"
_PARTICLE = "(?:van|von|de|del|della|di|da|dos|du|la|le|der|den|ter|bin|bint|al|el|ibn|ben|zu|zur)"
_RUN = re.compile(rf"(?<![\w’'-]){_CAPITAL}(?:[^\S\n]+(?:{_PARTICLE}[^\S\n]+){{0,3}}{_CAPITAL})+")
_WORD = re.compile(rf"(?:{_PARTICLE}[^\S\n]+){{0,3}}{_CAPITAL}")
_BEFORE = 3  # words that stand before a surname, at most
_CANDIDATES = 8

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A speaker as the text names them most fully, [start, end); the [role_start, role_end) may be empty."""

    kind: SpeakerKind
    name: str
    start: int
    end: int
    role_start: int = 0
    role_end: int = 0


class Names:
    """The names of one text, read when the first is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._heads: dict[str, Span | None] = {}
        self._surnames: dict[str, dict[str, Span]] | None = None

    def speaker(self, named: Named) -> Speaker:
        """The speaker whom a mention names."""
        start, end, kind = named.start, named.end, named.kind
        if kind in ("person", "name"):
            full = self.fuller(self.text[start:end])
            if full is not None:
                (start, end), kind = full, "person"
        if kind == "institution":
            start, end = self._ministry(start, end)
        return Speaker(
            kind=kind,
            name=" ".join(self.text[start:end].split()),
            start=start,
            end=end,
            role_start=named.role_start,
            role_end=named.role_end,
        )

    def fuller(self, written: str) -> Span | None:
        """Where a surname stands with more, if all such places tell of one person."""
        if self._surnames is None:
            self._surnames = self._read()
        found = self._surnames.get(written)
        if not found or written in found:
            return None
        firsts = {name.split()[0] for name in found}
        return found[max(found, key=len)] if len(firsts) == 1 else None

    def _read(self) -> dict[str, dict[str, Span]]:
        """Surname → the names that end with it, or begin with it where surnames do, each with its first place."""
        surnames: dict[str, dict[str, Span]] = {}
        for run in _RUN.finditer(self.text):
            words = [(word[0], word.start(), word.end()) for word in _WORD.finditer(self.text, *run.span())]
            for place in range(1, len(words)):
                name = _bare(words[max(0, place - _BEFORE) : place + 1])
                if len(name) < 2:
                    continue
                last = name[-1][0].removesuffix("’s").removesuffix("'s")
                end = name[-1][1] + len(last)
                self._note(surnames, last, name[0][1], end)
                first = name[-2][0]
                if first.lower() in w.SURNAMES_FIRST and last.lower() not in w.NAMED_INSTITUTIONS | w.STARTERS:
                    self._note(surnames, first, name[-2][1], end)
        return surnames

    def _note(self, surnames: dict[str, dict[str, Span]], surname: str, start: int, end: int) -> None:
        found = surnames.setdefault(surname, {})
        if len(found) < _CANDIDATES:
            found.setdefault(" ".join(self.text[start:end].split()), (start, end))

    def _ministry(self, start: int, end: int) -> Span:
        """The whole name of "the ministry", if the text names one alone."""
        word = self.text[start:end]
        if not word.islower() or " " in word:
            return start, end
        if word not in self._heads:
            self._heads[word] = self._look_up(word.capitalize())
        return self._heads[word] or (start, end)

    def _look_up(self, head: str) -> Span | None:
        before = rf"(?:{_CAPITAL}[^\S\n]+){{1,4}}{head}(?![\w-])(?! of )"
        behind = rf"{head} of (?:the )?{_CAPITAL}(?: (?:and )?{_CAPITAL})*"
        found: dict[str, Span] = {}
        for match in re.finditer(f"{before}|{behind}", self.text):
            first, _, _ = match[0].partition(" ")
            begin = match.start() + (len(first) + 1 if first.lower() in w.STARTERS | w.TITLES else 0)
            if match.end() - begin > len(head):
                found.setdefault(self.text[begin : match.end()], (begin, match.end()))
        return next(iter(found.values())) if len(found) == 1 else None


def _bare(words: Sequence[tuple[str, int, int]]) -> Sequence[tuple[str, int, int]]:
    """The words of a name without what stands in front of it."""
    for place in range(len(words) - 2, -1, -1):
        if _is_no_given_name(words[place][0]):
            return words[place + 1 :]
    return words


def _is_no_given_name(word: str) -> bool:
    lower = word.lower()
    return lower in _NO_GIVEN_NAMES or lower.endswith(_NO_GIVEN_ENDS) or (word.isupper() and len(word) > 2)


_NO_GIVEN_ENDS = ("'s", "’s", "s’", *c.GERMAN_ROLES)
_NO_GIVEN_NAMES = w.TITLES | w.NATIONALITIES | w.PLACES | w.NAMED_INSTITUTIONS | w.HONORIFICS | w.STARTERS
_NO_GIVEN_NAMES = (_NO_GIVEN_NAMES | c.ROLES | c.HONORIFICS) - {"he", "will"}


# ── whom a pronoun stands for ────────────────────────────────────────────────────────────────────


def fits(pronoun: str, name: str) -> bool:
    """Whether a given name that is a man's or a woman's allows "he" or "she"."""
    given = name.split(maxsplit=1)[0].lower()
    if pronoun == "he":
        return given not in w.WOMEN
    return not (pronoun == "she" and given in w.MEN)


def is_given(name: str) -> bool:
    """Whether a name begins with a given name that is known."""
    return name.split(maxsplit=1)[0].lower() in w.WOMEN | w.MEN


def people(names: Names, sentence: Sentence) -> set[str]:
    """The people that a sentence may name outside quotation marks, as far as capitals tell."""
    found: set[str] = set()
    run: list[Token] = []
    for place, token in enumerate([*sentence, None]):
        if token is not None and token.kind == "name":
            run.append(token)
            if not token.lower.endswith(("'s", "s'")):
                continue
        if run:
            end = place + (token is run[-1])  # a genitive is the last of its own run
            found |= _people(names, run, described=_is_described(sentence, end - len(run), end))
            run = []
    return found


def _is_described(sentence: Sentence, begin: int, end: int) -> bool:
    """Whether an office stands beside a name: "The chief executive, Yeo, left", "Yeo, the minister, left"."""
    if begin > 1 and sentence[begin - 1].lower == "," and sentence[begin - 2].lower in w.ROLES:
        return True
    if begin and sentence[begin - 1].kind == "word" and sentence[begin - 1].lower in w.ROLES:
        return True
    if end + 1 >= len(sentence) or sentence[end].lower != ",":
        return False
    following = sentence[end + 1]
    return following.lower == "who" or (
        following.kind == "word"
        and (following.lower in w.DETERMINERS or following.lower in w.ROLES)
        and any(token.lower in w.ROLES for token in sentence[end + 1 : end + 5])
    )


def _people(names: Names, run: Sequence[Token], *, described: bool) -> set[str]:
    words = [(token.text.removesuffix("’s").removesuffix("'s"), token.start, token.end) for token in run]
    parts = [word for word, _, _ in _bare([*words, ("", 0, 0)])[:-1]]
    lower = {part.lower() for part in parts}
    if not parts or lower & (w.NAMED_INSTITUTIONS | w.PLACES | w.NATIONALITIES | w.MONTHS_AND_DAYS):
        return set()
    if len(parts) > 1:
        return {" ".join(parts)}
    full = names.fuller(parts[0])
    if full is None:
        return {parts[0]} if described else set()
    return {" ".join(names.text[full[0] : full[1]].split())}


def one_of(found: Iterable[str]) -> str | None:
    """The only one, or None."""
    listed = list(found)
    return listed[0] if len(listed) == 1 else None
