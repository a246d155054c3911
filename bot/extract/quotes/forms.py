"""What an attribution is: somebody, a verb, and the tokens of a sentence that they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .speakers import Named
    from .tokens import Sentence

Form = Literal["X said", "said X", "according to X", "saying", "quoted as saying"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Tokens ``first`` to ``last`` of a sentence say that ``named`` (None: nobody knows who) speaks by ``verb``.

    ``judges``: what is quoted is said of something. ``beside``: the verb tells of speech only beside the words.
    ``foreign``: it was read by the rules for other languages than English.
    """

    form: Form
    named: Named | None
    first: int
    verb: int
    last: int
    judges: bool = False
    beside: bool = False
    foreign: bool = False


def lower_at(sentence: Sentence, place: int) -> str:
    """The word or sign at a place of a sentence in small letters; empty outside of it."""
    return sentence[place].lower if 0 <= place < len(sentence) else ""
