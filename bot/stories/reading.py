"""An article, stored or new, read for comparing: each part is worked out once, when it is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.extract import references

from .align import sentences
from .announced import announcements
from .headings import UPDATE_MARK, is_fuller
from .styled import styled, styled_title, styled_words
from .vocabulary import announced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.extract import Reference
    from bot.model import Article, Candidate

    from .tokens import Tokens

QUOTED = 4  # words that make a quotation, if the shortest one
_QUOTED = re.compile(
    r"“[^“”]{12,900}”|\"[^\"]{12,900}\"|„[^„“]{12,900}“|«[^«»]{12,900}»|‘[^‘]{12,900}?’(?![a-zA-Z])|「[^「」]{6,300}」"
)
LEAD = 60  # words of a body that announce what the article is


def _runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[offset:] for offset in range(QUOTED)), strict=False)


@dataclass(frozen=True)
class Reading:
    """What the comparison knows of one article."""

    title: str
    text: str
    url: str | None
    at: datetime | None
    source: str = ""

    @classmethod
    def of(cls, article: Article | Candidate) -> Reading:
        """Read a new article or a stored one."""
        url, at = article.canonical_url, article.published_at
        return cls(title=article.title, text=article.body, url=url, at=at, source=article.source)

    @cached_property
    def body(self) -> Tokens:
        """The words of the body."""
        return styled(self.text)

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """The places of the body's words that begin a sentence."""
        return sentences(self.body)

    @cached_property
    def quoted(self) -> bytes:
        """A 1 for each of the body's words that stands in a quotation of some length."""
        words, marks = self.body.folded, bytearray(len(self.body.folded))
        runs = {run for match in _QUOTED.finditer(self.text) for run in _runs(styled_words(match[0]))}
        for place, run in enumerate(_runs(words)) if runs else ():
            if run in runs:
                marks[place : place + QUOTED] = b"\x01" * QUOTED
        return bytes(marks)

    @cached_property
    def updates(self) -> bool:
        """Whether a wire marks it as a fuller version of what it has told ("UPDATE 2-…")."""
        return is_fuller(self.title)

    @cached_property
    def headline_words(self) -> tuple[str, ...]:
        """The words of the headline, without the wire's mark and the outlet's name."""
        return styled_title(UPDATE_MARK.sub("", self.title, count=1))

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The words of the headline; none where it only repeats the body's beginning."""
        words = self.headline_words
        return () if words == self.body.folded[: len(words)] else words

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of headline and body."""
        return frozenset(self.headline) | frozenset(self.body.folded)

    @cached_property
    def host(self) -> str | None:
        """The publisher's host, where an address is known."""
        try:
            return urlsplit(self.url).hostname if self.url else None
        except ValueError:
            return None

    @property
    def publisher(self) -> str:
        """Who published it: the host, else the source that brought it."""
        return self.host or self.source

    @cached_property
    def documents(self) -> frozenset[str]:
        """The numbers of Federal Register documents in its address."""
        return frozenset(found.value for found in references(self.url or "") if found.kind == "fr-document")

    @cached_property
    def announced(self) -> frozenset[str]:
        """The changes of kind that the headline speaks of."""
        return frozenset(announced(UPDATE_MARK.sub("", self.title, count=1)))

    @cached_property
    def announced_first(self) -> frozenset[str]:
        """Those that the headline announces as its form, and those that the first words of the body speak of."""
        spans = self.body.spans[:LEAD]
        lead = self.body.text[: spans[-1][1]] if spans else ""
        formal = {one.kind for one in announcements(self.title, "", ()) if one.kind != "update" or not self.updates}
        return frozenset(formal | announced(lead))

    @cached_property
    def announced_formally(self) -> frozenset[str]:
        """The changes that it announces of itself, as its form, and any word of correcting where it begins."""
        spans = self.body.spans[:LEAD]
        lead = self.body.text[: spans[-1][1]] if spans else ""
        formal = {one.kind for one in announcements(self.title, "", ()) if one.kind != "update" or not self.updates}
        return frozenset(formal | (announced(lead) & {"correction"}))

    @cached_property
    def correction(self) -> tuple[frozenset[str], frozenset[str]]:
        """Of a note that says what is corrected, the facts that the text bears out, and those that it does not."""
        if "correction" not in self.announced_formally:
            return frozenset(), frozenset()
        ends = [at for at in (*self.sentences[1:], len(self.body.folded)) if at <= LEAD]
        note = next(
            (end for end in ends if "correction" in announced(self.body.text[: self.body.spans[end - 1][1]])), 0
        )
        rest = frozenset(self.body.folded[note:])
        facts = {
            self.body.folded[at]
            for at in range(note)
            if (self.body.folded[at][0].isdigit() or self.body.is_name(at)) and not self._counts(at)
        }
        return frozenset(facts & rest), frozenset(facts - rest)

    def _counts(self, at: int) -> bool:
        """Whether a figure only says in which paragraph it stands."""
        return at > 0 and self.body.folded[at - 1] in ("paragraph", "paragraphs", "graf", "para", "line")

    @cached_property
    def announced_anywhere(self) -> frozenset[str]:
        """The same of the headline and the whole body."""
        return self.announced | announced(self.text)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The official numbers in headline and body."""
        return references(f"{self.title}\n{self.text}")
