"""What has to be asked of the original text once a form's letters are found: capitals, accents, signs, spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.folding import fold_closely, fold_exactly
from bot.text import KINDS, OTHER, breaks_word

from .forms import LOWER, MANY, ONE, UPPER

if TYPE_CHECKING:
    from .forms import Form
    from .page import Page


def whole_word(text: str, end: int, *, possessive: bool) -> int:
    """The end of a hit whose form ends here, the possessive included; -1 inside a word."""
    after = KINDS[text[end]]
    if after == OTHER:
        if possessive and text[end] == "'" and text.startswith("'s", end) and breaks_word(text, end + 2):
            return end + 2
        return end
    return end if breaks_word(text, end) else -1


def verified(page: Page, start: int, form: Form) -> int:
    """The end of a hit of the form that begins here at a word edge; -1 if it is none."""
    if not page.text.startswith(form.literal, start) or (form.case and _small(page, start, form)):
        return -1
    places = _walk(page.text, start, form)
    if places is None:
        return -1
    end = places[-1]
    last = whole_word(page.text, end, possessive=form.possessive)
    if last < 0 or form.plain:
        return last
    if not _right_case(page, form, places) or not _right_accents(page, form, places):
        return -1
    if form.exact is not None and fold_exactly(page.source(start, end)) != form.exact:
        return -1
    return last if _dots_complete(page.text, start, end, form) else -1


def _small(page: Page, start: int, form: Form) -> bool:
    """Whether there is no capital where the form has one: "us" and "it" are met far more often than "US" and "IT"."""
    aligned, length = page.aligned, len(form.literal)
    return aligned is not None and UPPER in form.case[:length] and aligned[start : start + length].islower()


def _walk(text: str, start: int, form: Form) -> list[int] | None:
    """Where each character of the form stands, and at last where it ends; None if the text differs."""
    places = list(range(start, start + len(form.literal)))
    place = start + len(form.literal)
    for char in form.tail:
        places.append(place)
        if char == MANY:
            while KINDS[text[place]] & 1:
                place += 1
            continue
        if (char != text[place]) if char != ONE else KINDS[text[place]] == OTHER:
            return None
        place += 1
    return [*places, place]


def _right_case(page: Page, form: Form, places: list[int]) -> bool:
    for sign, place in zip(form.case, places, strict=False):
        if sign == UPPER and not _is_upper(page.source(place, place + 1)):
            return False
        if sign == LOWER and not page.source(place, place + 1).islower():
            return False
    return True


def _is_upper(source: str) -> bool:
    return source.isupper() or source.isdigit()


def _right_accents(page: Page, form: Form, places: list[int]) -> bool:
    return all(_accents_at(page, places[number]) == accents for number, accents in form.accents)


def _accents_at(page: Page, place: int) -> str:
    """The accents taken off one folded character; its place counts where one character became several."""
    _, accents = fold_closely(page.source(place, place + 1))
    origin = page.original(place, place + 1)
    before = 0
    while page.text[place - before - 1] != "\n" and page.original(place - before - 1, place - before) == origin:
        before += 1
    return accents[before] if before < len(accents) else ""


def _dots_complete(text: str, start: int, end: int, form: Form) -> bool:
    """Whether a dotted acronym is a whole one: ``U.S.`` is not in ``U.S.A.``, nor in ``P.U.S.``."""
    begins, ends = form.dotted
    if begins and text[start - 1] == "." and KINDS[text[start - 2]] & 1 and not KINDS[text[start - 3]] & 1:
        return False
    beyond = end + (text[end] == ".")
    dotted_on = KINDS[text[beyond]] & 1 and not KINDS[text[beyond + 1]] & 1
    return not (ends and dotted_on and text[beyond - 1] == ".")
