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

from .common import glossed, is_usual
from .headings import bare_title, gathers
from .languages import CAPITALISED, empty_in, language
from .memo import Memo
from .terms import Terms, terms
from .tokens import body_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.extract import Figure
    from bot.model import Article

    from .headings import Habits

READ = 2_400  # characters of a body that are read: some 400 words
FACTS = 900  # of them in which figures and official numbers are looked for
SAID = 500  # of them in which days are: later ones belong to the story before this one
HEAD = 70  # words of a body that say something, and what happened
LISTENED = 150  # words of a body by which its language is told
QUOTED = 5  # words of a passage that two people do not say by chance
# A sign is searched for fast; which one it is is asked where one stands.
_SCHEME = len("https://")
_QUOTE = re.compile(r"[“\"「](?:(?<=“)([^“”]{20,600})”|(?<=\")([^\"]{20,600})\"|(?<=「)([^「」]{8,300})」)")
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
_DAY_SIGN = re.compile("|".join(["月", *(name.capitalize() for name in [*_MONTHS, *_WEEKDAYS])]))
_BEFORE_SIGN = 3  # characters of a day that stand before its sign at most: "12 March"


def traits(article: Article, habits: Habits | None = None) -> Traits:
    """The traits of an article; ``habits`` are those of its source's headlines."""
    title = _unpossessed(bare_title(article.title, habits))
    body = _unpossessed(article.body[:READ])
    known, shown = _translated(title)
    top = terms(shown)
    names, words, later, headline = _terms(top, body, known)
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
        title=" ".join(top.words if shown is title else body_words(title)),
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
    )


def _unpossessed(text: str) -> str:
    return _POSSESSIVE.sub("", text) if "'s" in text or "’s" in text else text


def _publisher(article: Article) -> str:
    address = article.canonical_url
    return (_host(address[: address.find("/", _SCHEME) + 1] or address) if address else None) or article.source


@lru_cache(maxsize=1 << 12)
def _host(address: str) -> str | None:
    """The host in the beginning of an address, of which few publishers have many."""
    try:
        return urlsplit(address).hostname
    except ValueError:  # not an address after all
        return None


def _terms(top: Terms, body: str, known: set[str]) -> tuple[set[str], set[str], set[str], set[str]]:
    """Names and words of the head, terms of the rest, and the terms of the headline."""
    known_below, body = _translated(body)
    rest = terms(body)
    spoken = language((*top.words, *rest.words[:LISTENED]))
    top, rest = _without(top, spoken), _without(rest, spoken)
    names = set(rest.names)
    if len(top.names) * 3 < len(top.said) * 2:  # else all have a capital, and it says nothing
        names.update(top.names)
    headline = known.union(top.said)
    heads = headline.union(rest.said[:HEAD], known_below if len(rest.words) <= 3 * HEAD else ())
    return heads & names, heads - names, known_below.union(rest.said[HEAD:]) - heads, headline


def _without(found: Terms, spoken: str | None) -> Terms:
    """The terms without those that say nothing in this language, and without names where every noun looks like one."""
    if spoken is None:
        return found
    empty = empty_in(spoken)
    names = [] if spoken == CAPITALISED else [term for term in found.names if term not in empty]
    return Terms(found.words, [term for term in found.said if term not in empty], names)


def _translated(text: str) -> tuple[set[str], str]:
    return glossed(fold(text)) if has_run_script(text) else (set(), text)


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
    """The days that are named, as ``finditer`` would find them: only where a month's or weekday's name is near."""
    begin = 0
    for sign in _DAY_SIGN.finditer(text):
        for start in range(max(begin, sign.start() - _BEFORE_SIGN), sign.start() + 1):
            match = _DAY.match(text, start)
            if match is not None:
                begin = match.end()
                yield match
                break


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
        said = body_words(next(part for part in match.groups() if part))
        runs = [zlib.crc32(" ".join(said[at : at + QUOTED]).encode()) for at in range(len(said) - QUOTED + 1)]
        yield from (f"{run:08x}" for run in runs if run % 4 == 0 or run == min(runs))


def keys(found: Traits) -> tuple[int, ...]:
    """What an article is looked up by: telling terms alone, common ones of the headline in twos."""
    head = found.names | found.words
    hashes = {key for key in map(_WORD_KEYS.__getitem__, head) if key is not None}
    paired = sorted(term for term in found.headline if _WORD_KEYS[term] is None)[:6]
    telling = [f"p {one} {two}" for at, one in enumerate(paired) for two in paired[at + 1 :]]
    telling += [*_marked("f", found.figures), *_marked("q", found.quotes), *_marked("r", found.references)]
    hashes.update(map(_key, telling))
    return tuple(sorted(hashes))


def _marked(mark: str, values: Iterable[str]) -> Iterator[str]:
    return (f"{mark} {value}" for value in values)


def _key(value: str) -> int:
    return zlib.crc32(value.encode())


_WORD_KEYS: Memo[int | None] = Memo(lambda term: None if is_usual(term) else _key(f"w {term}"))
