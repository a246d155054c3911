"""What of an article names its event: names, telling words, figures, days, quoted passages, official numbers.

Only the beginning is read, where news says what happened. All values are folded, so that outlets which write them
differently agree; nothing depends on other articles.
"""

from __future__ import annotations

import re
import zlib
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.extract import figures, references
from bot.model import Traits
from bot.text import fold, has_run_script

from .common import EMPTY, glossed, is_usual, stem
from .headings import bare_title, gathers
from .tokens import tokens
from .vocabulary import announced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.extract import Figure
    from bot.model import Article

    from .headings import Habits
    from .tokens import Tokens

READ = 2_400  # characters of a body that are read: some 400 words
FACTS = 900  # of them in which figures and official numbers are looked for
SAID = 500  # of them in which days are: later ones belong to the story before this one
HEAD = 70  # words of a body that say something, and what happened
QUOTED = 5  # words of a passage that two people do not say by chance
_QUOTE = re.compile(r"“([^“”]{20,600})”|\"([^\"]{20,600})\"|「([^「」]{8,300})」")
_POSSESSIVE = re.compile(r"['’](?<=\w.)s\b")  # looks behind at a sign only, not at every letter
_SPEAKS = frozenset(["fr-document", "rin", "docket", "case", "investigation", "executive-order", "fr-citation"])
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_MONTH = r"(?P<month{0}>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}}\.?"
_DAY = re.compile(
    rf"\b{_MONTH.format(1)}\s(?P<day1>[0-3]?\d)\b(?!,?\s?\d{{3}})|\b(?P<day2>[0-3]?\d)\s{_MONTH.format(2)}\b"
    r"|(?P<month3>1?\d)月(?P<day3>[123]?\d)日|\b(?P<week>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?P<month4>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s(?P<day4>[0-3]?\d),\s(?:19|20)\d\d"
)
_DAY_NAMES = ("day", "月", *(month.capitalize() for month in _MONTHS))
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "gen", "gov", "sen", "rep", "st", "no", "vs"])


def traits(article: Article, habits: Habits | None = None) -> Traits:
    """The traits of an article; ``habits`` are those of its source's headlines."""
    title = _unpossessed(bare_title(article.title, habits))
    body = _unpossessed(article.body[:READ])
    names, words, later, headline = _terms(title, body)
    facts = f"{title}\n{body[:FACTS]}"
    own, bare = _figures(facts)
    named = frozenset(f"{found.kind} {found.value}" for found in references(facts) if found.kind in _SPEAKS)
    documents = frozenset(
        found.value for found in references(article.canonical_url or "") if found.kind == "fr-document"
    )
    return Traits(
        publisher=_publisher(article),
        official=article.tier == "official" or bool(documents),
        gathers=gathers(article.title, habits),
        dated=article.published_at is not None,
        title=" ".join(tokens(title).folded),
        headline=frozenset(headline),
        names=frozenset(names),
        words=frozenset(words),
        later=frozenset(later),
        figures=frozenset(own),
        numbers=frozenset(bare),
        days=frozenset(_days(f"{title}\n{body[:SAID]}", article.published_at)),
        quotes=frozenset(_quotes(body)),
        references=named,
        documents=documents,
        announces=frozenset(announced(title)),
    )


def _unpossessed(text: str) -> str:
    return _POSSESSIVE.sub("", text) if "'s" in text or "’s" in text else text


def _publisher(article: Article) -> str:
    try:
        host = urlsplit(article.canonical_url).hostname if article.canonical_url else None
    except ValueError:  # not an address after all
        host = None
    return host or article.source


def _terms(title: str, body: str) -> tuple[set[str], set[str], set[str], set[str]]:
    """Names and words of the head, terms of the rest, and the terms of the headline."""
    (known, title), (known_below, body) = _translated(title), _translated(body)
    top, rest = tokens(title), tokens(body)
    in_title, in_body = list(_words(top)), list(_words(rest))
    names = {term for term, capital in in_body if capital}
    if sum(capital for _, capital in in_title) * 3 < len(in_title) * 2:  # else all have one, and it says nothing
        names |= {term for term, capital in in_title if capital}
    headline = {term for term, _ in in_title} | known
    head = [term for term, _ in in_body[:HEAD]]
    heads = headline | set(head) | (known_below if len(rest.folded) <= 3 * HEAD else set())
    later = {term for term, _ in in_body[HEAD:]} | known_below
    return heads & names, heads - names, later - heads, headline


def _translated(text: str) -> tuple[set[str], str]:
    return glossed(fold(text)) if has_run_script(text) else (set(), text)


def _words(found: Tokens) -> Iterator[tuple[str, bool]]:
    """Every word that says something, with whether it has capitals that no beginning of a sentence explains."""
    text, last = found.text, ""
    for (start, end), word in zip(found.spans, found.folded, strict=True):
        term = _term(word)
        if term:
            capital = text[start].isupper() and end - start > 1
            yield term, capital and ((end - start < 6 and text[start:end].isupper()) or not _begins(text, start, last))
        elif term is None and last and not last.isascii() and text[start - 1 : start].strip():
            yield last + word, False  # of scripts without spaces two letters are the least that says something
        last = word


@lru_cache(maxsize=1 << 16)
def _term(word: str) -> str | None:
    """What a folded word is compared as, empty if it says nothing; None for one letter of a script without spaces."""
    if word[0].isdigit():
        return word
    if len(word) == 1:
        return "" if word.isascii() else None
    term = stem(word)
    return "" if word in EMPTY or term in EMPTY else term


def _begins(text: str, start: int, last: str) -> bool:
    """Whether a sentence or quotation begins here."""
    place = start - 1
    while place >= 0 and text[place] in " \"“'’(":
        place -= 1
    return place < 0 or (text[place] in ".!?:;\n" and last not in _TITLES)


def _figures(text: str) -> tuple[set[str], set[str]]:
    """Figures with a unit or a size that is not usual, and bare numbers; neither years nor days."""
    own: set[str] = set()
    bare: list[Figure] = []
    for figure in figures(text):
        if figure.unit or figure.value > 2_100 or figure.value % 1:
            own.add(figure.key)
        elif 2 < figure.value < 1_900:
            bare.append(figure)
    dates = [match.span() for match in _dates(text)] if bare else []
    return own, {figure.key for figure in bare if not any(a <= figure.start < b for a, b in dates)}


def _dates(text: str) -> Iterator[re.Match[str]]:
    """The days that are named; to look for the names first is many times as fast."""
    return _DAY.finditer(text) if any(name in text for name in _DAY_NAMES) else iter(())


def _days(text: str, published: datetime | None) -> Iterator[str]:
    """Days that are named, as "MM-DD"; a weekday is the last one of that name, where the article has a date."""
    for match in _dates(text):
        if match["week"]:
            yield _weekday(match["week"][:3].lower(), published)
            continue
        month = match["month1"] or match["month2"] or match["month3"] or match["month4"]
        day = match["day1"] or match["day2"] or match["day3"] or match["day4"]
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
        yield f"{number:02}-{int(day):02}"


def _weekday(name: str, published: datetime | None) -> str:
    if published is None:
        return name
    back = (published.weekday() - _WEEKDAYS.index(name)) % 7
    return (published - timedelta(days=back)).strftime("%m-%d")


def _quotes(text: str) -> Iterator[str]:
    """Names of quoted passages: of runs of five words, those that any cut of the passage would choose too."""
    for match in _QUOTE.finditer(text):
        said = tokens(next(part for part in match.groups() if part)).folded
        runs = [zlib.crc32(" ".join(said[at : at + QUOTED]).encode()) for at in range(len(said) - QUOTED + 1)]
        yield from (f"{run:08x}" for run in runs if run % 4 == 0 or run == min(runs))


def keys(found: Traits) -> tuple[int, ...]:
    """What an article is looked up by: telling terms alone, common ones of the headline in twos."""
    head = found.names | found.words
    telling = {f"w {term}" for term in head if not is_usual(term)}
    paired = sorted(term for term in found.headline if is_usual(term))[:6]
    telling |= {f"p {one} {two}" for at, one in enumerate(paired) for two in paired[at + 1 :]}
    telling |= _marked("f", found.figures) | _marked("q", found.quotes) | _marked("r", found.references)
    return tuple(sorted({zlib.crc32(key.encode()) for key in telling}))


def _marked(mark: str, values: Iterable[str]) -> set[str]:
    return {f"{mark} {value}" for value in values}
