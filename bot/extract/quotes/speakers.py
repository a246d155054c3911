"""Who a run of words names: a person with a role, an office, an institution, a pronoun – or nobody.

The whole run must be read; one word that does not fit, and nobody is named. ``Secretary of State Antony Blinken``,
``lead economist Louise Loo``, ``a spokesman for the embassy``, ``the Bureau of Industry and Security``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import words as w

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tokens import Token

SpeakerKind = Literal["person", "name", "institution", "office", "crowd", "pronoun"]
"""A person for certain, a name that may be a person's or another, an institution, an office without a name,
many or any ("analysts", "an official"), or a pronoun."""

_MOST_NAMES = 4
_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Named:
    """A speaker at [start, end) of the text, with the [start, end) of the role, which may be empty."""

    kind: SpeakerKind
    start: int
    end: int
    role_start: int = 0
    role_end: int = 0

    def with_role(self, start: int, end: int) -> Named:
        """The same with a role that stands behind."""
        return Named("person" if self.kind == "name" else self.kind, self.start, self.end, start, end)


def read(run: Sequence[Token]) -> Named | None:
    """Whom the whole run names, or None."""
    if not run or len(run) > _MOST_WORDS or not all(token.is_word for token in run):
        return None
    if len(run) == 1 and run[0].lower in w.PRONOUNS:
        return Named("pronoun", run[0].start, run[0].end)
    determined = run[0].lower in w.DETERMINERS
    definite = run[0].lower in ("the", "his", "her", "its", "their")
    run = run[1:] if determined else run
    if not run or any(token.lower in w.OWN or token.lower in w.PRONOUNS for token in run if token.kind == "word"):
        return None
    if determined and run[0].lower in ("of", "who"):
        return None
    return (
        _capitals(run)
        or _name_last(run)
        or _head_last(run, determined=determined, definite=definite)
        or _paper(run)
        or _head_first(run, determined=determined)
    )


def _capitals(run: Sequence[Token]) -> Named | None:
    """Capitals all through, with small words inside: a name, a title with a name, or an institution."""
    if not all(token.kind == "name" or token.lower in w.PARTICLES or _joins(token) for token in run):
        return None
    if run[0].kind != "name" and run[0].lower not in w.PARTICLES:
        return None
    titled = _last_title(run)
    if titled >= 0:
        return _titled(run, titled)
    if len(run) == 1 and run[0].lower in w.ROLES:
        return Named("crowd", run[0].start, run[0].end)
    place = next((place for place, token in enumerate(run) if _joins(token)), 0)
    if place:
        return _institution(run) if run[-1].kind == "name" and run[place - 1].lower in w.NAMED_INSTITUTIONS else None
    return _plain_name(run)


def _joins(token: Token) -> bool:
    return token.lower in ("of", "and", "for", "the", "on", "in", "at") and token.kind == "word"


def _last_title(run: Sequence[Token]) -> int:
    places = [place for place, token in enumerate(run) if token.lower in w.TITLES or token.lower.endswith(_GERMAN)]
    return places[-1] if places else -1


_GERMAN = (
    "minister",
    "ministerin",
    "kanzler",
    "kanzlerin",
    "präsident",
    "präsidentin",
    "sprecher",
    "sprecherin",
    "chef",
    "chefin",
)


def _titled(run: Sequence[Token], place: int) -> Named | None:
    """A title and what follows it; nothing does: an office ("the White House spokesman")."""
    rest = run[place + 1 :]
    if rest and rest[0].lower in ("of", "for"):  # "Secretary of State Ann Lee": what is headed may have a long name
        rest = rest[-2:] if len(rest) > 3 and not any(_joins(token) for token in rest[-2:]) else []
    if not rest:
        return Named("office", run[0].start, run[-1].end)
    if not _is_name(rest):
        return None
    honorific = place == 0 and run[0].lower in w.HONORIFICS
    role = (0, 0) if honorific else (run[0].start, run[len(run) - len(rest) - 1].end)
    return Named("person", rest[0].start, rest[-1].end, *role)


def _plain_name(run: Sequence[Token]) -> Named | None:
    if any(token.lower in w.NAMED_INSTITUTIONS for token in run) or _is_place(run) or _is_acronym(run):
        return _institution(run)
    if not _is_name(run):
        return None
    return Named("name", run[0].start, run[-1].end)


def _institution(run: Sequence[Token]) -> Named | None:
    if run[-1].lower.endswith(("'s", "s'")):
        return None
    return Named("institution", run[0].start, run[-1].end)


def _is_acronym(run: Sequence[Token]) -> bool:
    return len(run) == 1 and run[0].text.isupper() and len(run[0].text) > 1


def _is_place(run: Sequence[Token]) -> bool:
    return len(run) == 1 and run[0].lower in w.PLACES


def _is_name(run: Sequence[Token]) -> bool:
    """Whether these can be the words of one name."""
    if not 0 < len(run) <= _MOST_NAMES or run[-1].kind != "name":
        return False
    if any(token.lower in w.MONTHS_AND_DAYS for token in run) and len(run) == 1:
        return False
    if any(token.lower.endswith(("'s", "s'")) or token.kind == "number" for token in run):
        return False
    # "He" may be a surname, where a name follows.
    first = 1 if len(run) > 1 and run[0].lower in w.SURNAMES_FIRST else 0
    if any(token.lower in _NO_NAMES for token in run[first:]):
        return False
    return all(token.kind == "name" or token.lower in w.PARTICLES for token in run)


_NO_NAMES = w.STARTERS | w.BETWEEN | w.CLAUSE | w.NEGATIVE | w.MODAL | w.DOCUMENTS - {"page", "rule", "law", "line"}
_NO_NAMES |= {"mp", "commerce", "foreign", "state"}


def _name_last(run: Sequence[Token]) -> Named | None:
    """A description in front of a name: its last word, in small letters, says what the person is."""
    place = len(run)
    while place > 0 and (run[place - 1].kind == "name" or (place < len(run) and run[place - 1].lower in w.PARTICLES)):
        place -= 1
    name, before = run[place:], run[:place]
    while name and name[0].lower in w.TITLES | w.PARTICLES - {"van", "von", "de", "al", "el", "bin"} and len(name) > 1:
        before, name = [*before, name[0]], name[1:]
    if not before or not name or not _is_name(name):
        return None
    last = before[-1].lower
    owner = last.endswith(("'s", "s'"))
    if owner and last.removesuffix("'s") in w.INSTITUTIONS and len(name) > 1:
        return Named("person", name[0].start, name[-1].end)
    if last not in w.ROLES and last not in ("economist", "head", "chief"):
        return None
    if any(token.lower in w.CLAUSE or token.lower in w.SPEECH for token in before if token.kind == "word"):
        return None
    if any(token.lower in w.NAMED_INSTITUTIONS for token in name):
        return None
    return Named("person", name[0].start, name[-1].end, before[0].start, before[-1].end)


def _head_last(run: Sequence[Token], *, determined: bool, definite: bool = False) -> Named | None:
    """An office or an institution by its kind: "the ministry", "a Commerce Department spokesperson"."""
    head = run[-1].lower
    if any(_joins(token) for token in run) or run[-1].kind == "number" or _has_verb(run):
        return None
    exact = any(token.kind == "name" or _owner(token.lower) in w.INSTITUTIONS for token in run[:-1])
    span = (run[0].start, run[-1].end)
    if head in w.ROLES:
        return Named("office" if exact or (definite and not head.endswith("s")) else "crowd", *span)
    owned = len(run) > 1 and _is_owner(run[-2].lower)
    if _singular(head) in w.INSTITUTIONS and (determined or exact or owned):
        return Named("institution", *span)
    # "The commission's statement" is the commission's word.
    if head in w.DOCUMENTS and owned and _owner(run[-2].lower) in w.INSTITUTIONS:
        return Named("institution", *span)
    return None


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _is_owner(word: str) -> bool:
    return word.endswith(("'s", "s'"))


def _owner(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")


def _has_verb(run: Sequence[Token]) -> bool:
    return any(token.lower in _VERBS for token in run if token.kind == "word")


_VERBS = w.SPEECH - w.NOUNS | w.CLAUSE | w.BE | w.MODAL - {"to"} | {"has", "have", "had", "did", "does", "do"}


def _paper(run: Sequence[Token]) -> Named | None:
    """Whose paper speaks: "a brief of the merchants' association", "a statement from the ministry"."""
    if len(run) < 3 or run[0].lower not in w.DOCUMENTS or run[1].lower not in ("of", "by", "from"):
        return None
    named = read(run[2:])
    return named if named is not None and named.kind in ("institution", "office") else None


def _head_first(run: Sequence[Token], *, determined: bool) -> Named | None:
    """What is named further by what follows: "a spokesman for the embassy", "Paul Triolo of Albright Stonebridge"."""
    place = next((place for place, token in enumerate(run) if token.lower in w.PREPOSITIONS), 0)
    head, rest = run[:place], run[place + 1 :]
    if (
        not head
        or not rest
        or run[place].lower not in ("of", "for", "at", "from", "in", "with", "on")
        or _has_verb(rest)
    ):
        return None
    exact = any(token.kind == "name" or _singular(_owner(token.lower)) in w.INSTITUTIONS for token in rest)
    named = _capitals(head) or _name_last(head) or _head_last(head, determined=determined)
    if named is None or (head[-1].lower in w.DOCUMENTS):
        return None
    if named.kind in ("person", "name"):
        last = rest[-1]
        if not exact or (last.kind != "name" and last.lower not in w.INSTITUTIONS):
            return None
        return Named("person", named.start, named.end, rest[0].start, rest[-1].end)
    if not exact and not determined:
        return None
    kind: SpeakerKind = "office" if named.kind == "crowd" else named.kind
    return Named(kind, head[0].start, rest[-1].end)


def describes(run: Sequence[Token]) -> bool:
    """Whether the run tells what somebody is, whose name then follows between commas."""
    return _tells(run) and any(token.lower in w.ROLES for token in run[1:5])


def describes_institution(run: Sequence[Token]) -> bool:
    """Whether it tells so of what is no person: "one supplier", "its parent company"."""
    return _tells(run) and run[-1].lower in w.INSTITUTIONS and not describes(run)


def _tells(run: Sequence[Token]) -> bool:
    return (
        len(run) > 1
        and (run[0].lower in w.DETERMINERS or any(_is_owner(token.lower) for token in run[:3]))
        and all(token.is_word for token in run)
        and not _has_verb(run)
    )
