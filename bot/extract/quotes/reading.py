"""A text's quotations: its paragraphs in order, each passage given to whom the text gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from bot.model import Quote
from bot.text import has_run_script as has_han

from . import hanzi
from . import words as w
from .linking import Linker
from .marks import may_quote, paragraphs
from .names import Names, Speaker, fits, is_given, one_of, people
from .speakers import read
from .subjects import begins_apposition, introduced, opening
from .tokens import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .forms import Attribution
    from .marks import Paragraph, Passage
    from .speakers import Named
    from .tokens import Sentence, Token

_BACK, _SENTENCES = 2, 12  # paragraphs and sentences that a pronoun reaches back
_LONGEST = 200  # characters of a speaker, which are a name and not half a page
_WHOLE = 6  # words of a passage that can stand for a whole sentence of its speaker


@dataclass(slots=True)
class _Found:
    speaker: Speaker
    rule: str
    spans: list[tuple[int, int]]


@dataclass(slots=True)
class _Told:
    """Who spoke last, and whether a passage was his."""

    speaker: Speaker
    beside: bool


@dataclass(slots=True)
class _Part:
    """A paragraph with what was read of it."""

    paragraph: Paragraph
    linkers: list[Linker]
    told: list[_Told | None] = field(default_factory=list)


def quotes(text: str) -> tuple[Quote, ...]:
    """Every quotation of ``text`` whose speaker it names, in order of place; offsets count code points."""
    if not may_quote(text):
        return ()
    return _Reading(text).read()


class _Reading:
    def __init__(self, text: str) -> None:
        self.text = text
        self.names = Names(text)
        self.parts: list[_Part] = []
        self.roles: dict[str, tuple[int, int]] = {}  # a name and where the text says first what the person is
        self.called: dict[str, str] = {}  # a name and the pronoun that stood for it
        self.found: list[_Found] = []
        self.open: _Found | None = None  # a quotation whose next paragraph follows
        self.waiting: list[tuple[int, int]] = []  # its paragraphs, as long as nobody has said it

    def read(self) -> tuple[Quote, ...]:
        """All quotations with their speakers."""
        real = [paragraph for paragraph in paragraphs(self.text) if not self._is_line(paragraph)]
        quoting = [bool(paragraph.passages) for paragraph in real]
        for place, paragraph in enumerate(real):
            needed = any(quoting[place : place + 1 + _BACK])
            tokens = sentences(self.text, paragraph) if needed else []
            self.parts.append(_Part(paragraph, [Linker(self.text, sentence) for sentence in tokens]))
            self._read_part(self.parts[-1])
        made = [self._quote(one) for one in self.found if len(one.speaker.name) <= _LONGEST]
        return tuple(sorted(made, key=lambda quote: quote.start))

    def _is_line(self, paragraph: Paragraph) -> bool:
        """Whether it is a heading, a caption or an advertisement rather than a sentence."""
        last = self.text[paragraph.end - 1]
        if last.isalnum() and not any(one.outer_end == paragraph.end for one in paragraph.passages):
            return paragraph.unclosed is None or not paragraph.passages
        return False

    def _read_part(self, part: _Part) -> None:
        for number, linker in enumerate(part.linkers):
            told = self._read_sentence(part, number, linker)
            part.told.append(told)

    def _read_sentence(self, part: _Part, number: int, linker: Linker) -> _Told | None:
        """Give each passage of a sentence to its speaker; who spoke last in it."""
        told: _Told | None = None
        places = [place for place, token in enumerate(linker.sentence) if token.kind == "quote"]
        speakers: dict[int, Speaker | None] = {}
        for place in places:
            passage = linker.sentence[place].passage
            if passage is None:
                continue
            linked = self._linked(part, linker, place)
            if linked is not None:
                one, beside = linked
                speaker = self._speaker(part, number, one, speakers)
                if speaker is not None and not (speaker.kind == "crowd" and self._is_crowd(speaker)):
                    self._add(speaker, one.form, passage, joins=self._joins(linker, place, one))
                    told = _Told(speaker, beside or (told is not None and told.beside))
            elif place == 0 and not self._goes_on_open(passage):
                before = self._before(part, number, linker)
                if before is not None:
                    self._add(before.speaker, "goes on", passage)
                    told = _Told(before.speaker, beside=True)
            if told is None and place == places[-1]:
                self._close(passage)
        if told is None and linker.attributions:
            last = linker.attributions[-1]
            speaker = self._speaker(part, number, last, speakers) if last.named is not None else None
            told = _Told(speaker, beside=False) if speaker is not None else None
        return told

    def _linked(self, part: _Part, linker: Linker, place: int) -> tuple[Attribution, bool] | None:
        """Who says a passage, and whether it stands right beside."""
        passage = linker.sentence[place].passage
        if passage is not None and has_han(self.text[max(0, passage.outer_start - 4) : passage.outer_end + 4]):
            one = hanzi.attribution(self.text, passage, part.paragraph.start, part.paragraph.end)
            return (one, True) if one is not None else None
        return linker.attribution(place)

    # ── whose words ──────────────────────────────────────────────────────────────────────────────

    def _speaker(self, part: _Part, number: int, one: Attribution, known: dict[int, Speaker | None]) -> Speaker | None:
        if one.named is None:
            return None
        named = one.named
        if named.start not in known:
            if named.kind == "pronoun":
                known[named.start] = self._antecedent(part, number, one, self.text[named.start : named.end].lower())
            else:
                speaker = known[named.start] = self.names.speaker(named)
                if speaker.role_end:
                    self.roles.setdefault(speaker.name, (speaker.role_start, speaker.role_end))
        return known[named.start]

    def _is_crowd(self, speaker: Speaker) -> bool:
        last = speaker.name.split()[-1].lower()
        return last.endswith("s") or last in ("people", "source")

    def _antecedent(self, part: _Part, number: int, one: Attribution, pronoun: str) -> Speaker | None:
        """Whom "he", "she" or "it" stands for: the last to speak, if nobody else was named since."""
        pronoun = {"him": "he", "her": "she"}.get(pronoun, pronoun)
        if pronoun == "they":
            return None
        sentence = part.linkers[number].sentence
        others = people(self.names, sentence[: one.first if one.form == "X said" else one.verb])
        if not others and number and part.told[number - 1] is None:
            introduced = self._introduced(part.linkers[number - 1])
            if introduced is not None and self._can_be(pronoun, introduced):
                return introduced
        for each, place in islice(self._backwards(part, number), _SENTENCES):
            told, linker = each.told[place], each.linkers[place]
            if told is not None and self._can_be(pronoun, told.speaker):
                name = told.speaker.name
                if {other for other in others if self._allows(pronoun, other)} - {name}:
                    return None
                self.called.setdefault(name, pronoun)
                return told.speaker
            if told is None and linker.attributions and linker.attributions[-1].named is None:
                return None  # somebody spoke, and nobody knows who
            if pronoun != "it" and told is None and self._names_an_office(linker):
                return None
            if not linker.sentence or linker.sentence[0].lower != pronoun:
                others |= people(self.names, linker.sentence)
        single = one_of(other for other in others if self._allows(pronoun, other))
        return self._person(single) if single and pronoun != "it" else None

    def _can_be(self, pronoun: str, speaker: Speaker) -> bool:
        if pronoun == "it":
            return speaker.kind == "institution"
        if speaker.kind == "crowd" and self._is_crowd(speaker):
            return False
        return speaker.kind != "institution" and self._allows(pronoun, speaker.name)

    def _allows(self, pronoun: str, name: str) -> bool:
        return fits(pronoun, name) and self.called.get(name, pronoun) == pronoun

    def _introduced(self, linker: Linker) -> Speaker | None:
        """Whom a sentence without speech begins with: "A customs officer opened the debate.", "Li Min, a farmer, …"."""
        sentence = linker.sentence
        if linker.attributions:
            return None
        named = introduced(sentence) or self._begins_with(sentence)
        if named is None or named.kind == "pronoun":
            return None
        speaker = self.names.speaker(named)
        return speaker if people(self.names, sentence) <= {speaker.name} else None

    def _begins_with(self, sentence: Sentence) -> Named | None:
        words = len(list(takewhile(lambda token: token.kind == "name", sentence)))
        if words and words + 1 < len(sentence) and sentence[words].lower == ",":
            return read(sentence[:words]) if begins_apposition(sentence, words + 1) else None
        named = opening(sentence, len(sentence) - 1)
        return None if named is not None and named.kind == "name" and words < 2 else named

    def _names_an_office(self, linker: Linker) -> bool:
        """Whether the sentence begins with somebody without a name: "The chairman was not convinced."."""
        named = opening(linker.sentence, len(linker.sentence) - 1)
        return named is not None and named.kind in ("office", "crowd")

    def _person(self, name: str) -> Speaker | None:
        start = self.text.find(name)
        if start < 0:
            return None
        # Behind a preposition stands a place as likely as a person: "on either side of the Bab el-Mandeb".
        before = self.text[max(0, start - 12) : start].lower().split()
        if before and (before[-1] in w.LOCAL or before[-1] == "the") and not is_given(name):
            return None
        return Speaker(kind="person", name=name, start=start, end=start + len(name))

    def _backwards(self, part: _Part, number: int) -> Iterable[tuple[_Part, int]]:
        yield from ((part, place) for place in range(number - 1, -1, -1))
        for each in self.parts[-2 : -2 - _BACK : -1]:
            yield from ((each, place) for place in range(len(each.linkers) - 1, -1, -1))

    def _before(self, part: _Part, number: int, linker: Linker) -> _Told | None:
        """Who goes on speaking in a sentence that begins with a passage and names nobody."""
        if linker.attributions or not self._stands_alone(linker, across=number == 0):
            return None
        if number:
            return part.told[number - 1]
        if len(self.parts) < 2:
            return None
        last = self.parts[-2]
        told = last.told[-1] if last.told else None
        if told is None:
            return None
        return told if told.beside or self._announces(last.linkers[-1].sentence) else None

    def _announces(self, sentence: Sequence[Token]) -> bool:
        return bool(sentence) and sentence[-1].lower in (":", "：")

    def _stands_alone(self, linker: Linker, *, across: bool) -> bool:
        """Whether the passage that a sentence begins with is a sentence of its own, or clearly somebody's speech."""
        passage = linker.sentence[0].passage
        if passage is None:
            return False
        said = self.text[passage.start : passage.end]
        words = said.lower().replace("’", "'").split()
        rest = [token for token in linker.sentence[1:] if token.is_word]
        if not rest:
            return said[-1] in ".?!…。！？" or passage.goes_on or len(words) >= _WHOLE
        return across and len(words) >= _WHOLE and any(word.split("'")[0] in w.OWN for word in words)

    # ── what is written down ─────────────────────────────────────────────────────────────────────

    def _joins(self, linker: Linker, place: int, one: Attribution) -> bool:
        """Whether a passage is the second half of one: "A," said X, "B"."""
        if (
            not self.found
            or place < 2
            or (linker.sentence[place - 1].lower not in (",", ":") and place - 1 != one.last)
        ):
            return False
        first = [each for each in range(one.first) if linker.sentence[each].kind == "quote"]
        passage = linker.sentence[first[-1]].passage if first else None
        ahead = place - 1 - one.last <= 1
        return passage is not None and ahead and self.found[-1].spans[-1] == self._span(passage)

    def _span(self, passage: Passage) -> tuple[int, int]:
        end = passage.end
        while end > passage.start + 1 and (self.text[end - 1] in ",，" or self.text[end - 1].isspace()):
            end -= 1
        return passage.start, end

    def _add(self, speaker: Speaker, rule: str, passage: Passage, *, joins: bool = False) -> None:
        if self.open is not None and self._is_next(passage):
            self.open.spans.append(self._span(passage))
        elif joins:
            self.found[-1].spans.append(self._span(passage))
        else:
            self.found.append(_Found(speaker, rule, [*self.waiting, self._span(passage)]))
        self.waiting = []
        self.open = self.found[-1] if passage.goes_on and not self.open else self.open if passage.goes_on else None

    def _is_next(self, passage: Passage) -> bool:
        return passage.outer_start == self.parts[-1].paragraph.start

    def _goes_on_open(self, passage: Passage) -> bool:
        """Whether the passage is the next paragraph of a quotation whose speaker is known; then it is added."""
        if self.open is None or not self._is_next(passage):
            return False
        self._add(self.open.speaker, self.open.rule, passage)
        return True

    def _close(self, passage: Passage) -> None:
        """A passage that nobody says: its paragraphs may wait for the last one, which names the speaker."""
        if self.open is None and passage.goes_on:
            self.waiting.append(self._span(passage))
        elif self.open is None:
            self.waiting = []

    def _quote(self, one: _Found) -> Quote:
        speaker = one.speaker
        start, end = self.roles.get(speaker.name, (0, 0))
        return Quote(
            speaker=speaker.name,
            role=" ".join(self.text[start:end].split()),
            text=" ".join(self.text[start:end] for start, end in one.spans),
            start=one.spans[0][0],
            end=one.spans[-1][1],
            spans=tuple(one.spans),
            speaker_start=speaker.start,
            speaker_end=speaker.end,
            rule=one.rule,
        )
