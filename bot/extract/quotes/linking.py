"""Which passage of a sentence belongs to which attribution, and which to none.

A passage that stands right beside an attribution is speech. One further inside what somebody is reported to have said
is his, too, unless another verb of speech, or a turn to another clause, comes between. A name, a title or a term that
the writer marks is nobody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import continental_words as c
from . import words as w
from .attribution import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .forms import Attribution
    from .marks import Passage
    from .tokens import Sentence, Token

_CONTRAST = w.listed("but while although though whereas even despite whose where")
_LINKS = w.listed(", : that as is was it are were be been being – — -- and")
_LONGEST = 400  # tokens of a sentence that somebody wrote as one
_SOME = 3  # words that even somebody without a name is quoted with inside reported speech
_TERM = 4  # words of a term, at most
_TITLE = 9
_MOSTLY = 0.6  # of the words of a title begin with a capital
_REFERRED = w.listed("referred known defined termed labeled labeling listed classified designated")
_TITLED = w.TITLED | c.TITLED
_TRAILING = 14  # tokens that may follow an attribution at a sentence's end


class Linker:
    """The attributions of one sentence and what each passage in it has to do with them."""

    def __init__(self, text: str, sentence: Sentence) -> None:
        self.text = text
        self.sentence = sentence
        self.attributions = find(text, sentence) if len(sentence) <= _LONGEST else []

    def attribution(self, place: int) -> tuple[Attribution, bool] | None:
        """Who says the passage at this token, and whether it stands right beside; None: nobody known."""
        if any(one.first < place < one.verb or one.verb < place <= one.last for one in self.attributions):
            return None
        if self._is_defined(place):
            return None
        before = [one for one in self.attributions if one.last < place]
        behind = [one for one in self.attributions if one.first > place]
        last, following = (before[-1] if before else None), (behind[0] if behind else None)
        if following is not None and self._beside(place, following):
            differs = last is not None and self._introduces(last, place) and last.named != following.named
            if differs or self._is_titled(place):
                return None
            return (following, True) if following.named is not None else None
        if last is not None:
            return self._after(last, place)
        return self._trailing(place, following) if following is not None else None

    def _beside(self, place: int, one: Attribution) -> bool:
        """Whether the attribution follows the passage directly: "…," said X."""
        if one.judges:
            return False
        comma = self._lower(place + 1) in (",", "—", "–", "--")
        direct = comma or self._last(place) in ",?!…—–-，！？"
        begins = place + 2 if comma else place + 1
        begins += self._lower(begins) == "as"
        if self._lower(one.verb + 1) == ":" and self._last(place) != ",":
            return False
        if one.form == "X said":
            return direct and one.first == begins
        if one.form == "according to X":
            return direct and one.first == begins
        return (
            one.form == "said X" and one.verb == begins and (direct or (self._last(place) != "." and not one.foreign))
        )

    def _introduces(self, one: Attribution, place: int) -> bool:
        return all(token.lower in _LINKS for token in self.sentence[one.last + 1 : place])

    def _after(self, one: Attribution, place: int) -> tuple[Attribution, bool] | None:
        """A passage behind an attribution: the words themselves, or a part of what is reported."""
        if one.named is None:
            return None
        between = self.sentence[one.last + 1 : place]
        opens = bool(between) and between[-1].lower in (",", ":")
        if (
            (
                opens
                and len(between) <= 12
                and not any(token.lower in w.CLAUSE and token.kind == "word" for token in between)
            )
            and one.form in ("X said", "said X", "saying", "quoted as saying", "according to X")
            and not self._is_titled(place)
        ):
            if one.form != "said X" or len(between) == 1:
                return one, True
            return None
        if not between and self._is_utterance(place) and not one.judges:
            return one, True
        if one.beside or one.form == "said X" or (one.named.kind == "crowd" and self._count(place) < _SOME):
            return None
        if _turns(between) or self._is_term(place, one) or (one.foreign and self._count(place) <= _TERM):
            return None
        return one, False

    def _is_utterance(self, place: int) -> bool:
        passage = self._passage(place)
        return self.text[passage.start].isupper() and self._count(place) > _TERM

    def _trailing(self, place: int, one: Attribution) -> tuple[Attribution, bool] | None:
        """A passage in a clause that an attribution at the sentence's end reports: "they have “…”, said X."."""
        if one.named is None or one.named.kind in ("crowd", "pronoun") or one.judges or one.beside or one.foreign:
            return None
        before = one.first if one.form == "X said" else one.verb
        edge = self.sentence[before - 1]
        closes = edge.lower in (",", "—", "–", "--") or (edge.kind == "quote" and self._last(before - 1) in ",?!")
        if not closes or self._is_term(place, one) or _turns(self.sentence[place + 1 : before - 1]):
            return None
        rest = self.sentence[one.last + 1 :]
        if len(rest) > _TRAILING and one.form != "X said":
            return None
        return one, False

    # ── what is no quotation ─────────────────────────────────────────────────────────────────────

    def _is_titled(self, place: int) -> bool:
        """Whether the words before say that a name or a title follows."""
        before = self._lower(place - 1)
        if before == ",":
            before = self._lower(place - 2)
            return before in _TITLED | w.DOCUMENTS and self._capitals(place) > _MOSTLY
        if before == "as" and any(self._lower(place - back) in _REFERRED for back in (2, 3, 4)):
            return True
        return before in _TITLED or (before in ("of", "in") and self._is_capitalised(place))

    def _is_term(self, place: int, one: Attribution) -> bool:
        """Whether a passage inside reported speech is more likely a name or a term than somebody's words."""
        named = self._is_titled(place) and not (one.judges and one.last == place - 1)
        if named or self._is_capitalised(place) or self._is_defined(place):
            return True
        count = self._count(place)
        before = self.sentence[place - 1] if place else None
        passage = self._passage(place)
        if self.text[passage.start].isupper() and (before is None or before.lower not in _OPENING):
            return True
        if count > _TERM or one.judges:
            return False
        owned = before is not None and (before.lower in _OWNED or before.lower.endswith(("'s", "s'")))
        if owned:
            return True
        following = self.sentence[place + 1] if place + 1 < len(self.sentence) else None
        modifies = following is not None and following.kind in ("word", "name") and _is_noun(following)
        if modifies and before is not None and (before.lower in w.MODIFIER_BEFORE or before.kind == "name"):
            return True
        return count == 1 and not (before is not None and before.lower in w.BE | w.BETWEEN | {"as", "a", "an", "very"})

    def _is_defined(self, place: int) -> bool:
        """Whether it stands in brackets, as the short name of what was named before."""
        return "(" in (self._lower(place - 1), self._lower(place - 2)) and self._count(place) <= _TITLE

    def _is_capitalised(self, place: int) -> bool:
        """Whether it is written like a name: “Made in China 2025”."""
        passage = self._passage(place)
        words = self.text[passage.start : passage.end].split()
        long = [word for word in words if len(word.strip(",.;:!?")) > 3 or word[:1].isupper()]
        if len(words) > _TITLE or self.text[passage.end - 1] in ".?!":
            return False
        return (
            bool(long)
            and all(word[:1].isupper() or word[:1].isdigit() for word in long)
            and (len(long) > 1 or self.text[passage.end - 1] != ",")
        )

    def _capitals(self, place: int) -> float:
        """The share of its longer words that begin with a capital."""
        passage = self._passage(place)
        long = [word for word in self.text[passage.start : passage.end].split() if len(word) > 3]
        return sum(word[0].isupper() for word in long) / len(long) if long else 0.0

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def _lower(self, place: int) -> str:
        return self.sentence[place].lower if 0 <= place < len(self.sentence) else ""

    def _passage(self, place: int) -> Passage:
        passage = self.sentence[place].passage
        assert passage is not None  # noqa: S101
        return passage

    def _last(self, place: int) -> str:
        return self.text[self._passage(place).end - 1]

    def _count(self, place: int) -> int:
        passage = self._passage(place)
        return len(self.text[passage.start : passage.end].split())


_OPENING = frozenset(("that", ",", ":", "because", "and", "whether", "if"))
_OWNED = w.listed("its their his her our so-called")


def _is_noun(token: Token) -> bool:
    """Whether a word behind a passage can be what the passage describes."""
    if token.kind == "word" and token.lower.endswith("ly"):
        return False
    return token.lower not in (
        w.PREPOSITIONS
        | w.CLAUSE
        | w.BE
        | w.MODAL
        | w.STOPS_NAME
        | w.BETWEEN
        | w.SPEECH
        | {"and", "or", "it", "them", "him"}
    )


def _turns(between: Sequence[Token]) -> bool:
    """Whether another clause begins between: "…, but", ";"."""
    for place, token in enumerate(between):
        if token.lower == ";":
            return True
        if token.lower in (",", "—", "–", "--") and place + 1 < len(between) and between[place + 1].lower in _CONTRAST:
            return True
    return False
