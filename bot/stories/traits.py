"""What of an article names its event: names, telling words, figures, days, quoted passages, official numbers.

Only the beginning is read, where news says what happened. All values are folded, so that outlets which write them
differently agree; nothing depends on other articles.
"""

from __future__ import annotations

import re
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.extract import figures, references
from bot.model import Traits
from bot.text import fold, has_run_script

from .common import EMPTY, glossed, is_usual, stem
from .headings import bare_title, gathers
from .tokens import tokens
from .vocabulary import UPDATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.model import Article

    from .headings import Habits
    from .tokens import Tokens

READ = 3_000  # characters of a body that are read: some 480 words
HEAD = 70  # words of a body that say what happened
QUOTED = 5  # words of a passage that two people do not say by chance
_QUOTE = re.compile(r"“([^“”]{20,600})”|\"([^\"]{20,600})\"|「([^「」]{8,300})」")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_SPEAKS = frozenset(["fr-document", "rin", "docket", "case", "investigation", "executive-order", "fr-citation"])
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_MONTH = r"(?P<month{0}>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}}\.?"
_DAY = re.compile(
    rf"\b{_MONTH.format(1)}\s(?P<day1>[0-3]?\d)\b(?!,?\s?\d{{3}})|\b(?P<day2>[0-3]?\d)\s{_MONTH.format(2)}\b"
    r"|(?P<month3>1?\d)月(?P<day3>[123]?\d)日|\b(?P<week>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?P<month4>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s(?P<day4>[0-3]?\d),\s(?:19|20)\d\d"
)
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "gen", "gov", "sen", "rep", "st", "no", "vs"])


def traits(article: Article, habits: Habits | None = None) -> Traits:
    """The traits of an article; ``habits`` are those of its source's headlines."""
    title = _POSSESSIVE.sub("", bare_title(article.title, habits))
    body = _POSSESSIVE.sub("", article.body[:READ])
    names, words, later, headline = _terms(title, body)
    own, bare = _figures(f"{title}\n{body}")
    named = frozenset(
        f"{found.kind} {found.value}" for found in references(f"{title}\n{body}") if found.kind in _SPEAKS
    )
    documents = frozenset(
        found.value for found in references(article.canonical_url or "") if found.kind == "fr-document"
    )
    return Traits(
        publisher=_publisher(article),
        official=article.tier == "official" or bool(documents),
        gathers=gathers(article.title, habits),
        title=" ".join(tokens(title).folded),
        headline=frozenset(headline),
        names=frozenset(names),
        words=frozenset(words),
        later=frozenset(later),
        figures=frozenset(own),
        numbers=frozenset(bare),
        days=frozenset(_days(f"{title}\n{body[: _head_of(body)]}", article.published_at)),
        quotes=frozenset(_quotes(body)),
        references=named,
        documents=documents,
        announces=frozenset(kind for kind, pattern in UPDATES.items() if pattern.search(title)),
    )


def _publisher(article: Article) -> str:
    try:
        host = urlsplit(article.canonical_url).hostname if article.canonical_url else None
    except ValueError:  # not an address after all
        host = None
    return host or article.source


def _head_of(body: str) -> int:
    """Where the beginning of a body ends, in characters."""
    spans = tokens(body[: HEAD * 12]).spans
    return spans[HEAD - 1][1] + 24 if len(spans) >= HEAD else len(body)


def _terms(title: str, body: str) -> tuple[set[str], set[str], set[str], set[str]]:
    """Names and words of the head, terms of the rest, and the terms of the headline."""
    (known, title), (known_below, body) = _translated(title), _translated(body)
    top, rest = tokens(title), tokens(body)
    in_title, in_body = list(_words(top)), list(_words(rest))
    names = {term for term, capital in in_body if capital}
    if sum(capital for _, capital in in_title) * 3 < len(in_title) * 2:
        names |= {term for term, capital in in_title if capital}  # else every word has one, and it says nothing
    names |= {term for term, _ in in_title if term in names} | _acronyms(top) | _acronyms(rest)
    headline = {term for term, _ in in_title} | known
    head = [term for term, _ in in_body[:HEAD]]
    heads = headline | set(head) | (known_below if len(rest.folded) <= 3 * HEAD else set())
    later = {term for term, _ in in_body[HEAD:]} | known_below
    return heads & names, heads - names, later - heads, headline


def _translated(text: str) -> tuple[set[str], str]:
    return glossed(fold(text)) if has_run_script(text) else (set(), text)


def _words(found: Tokens) -> Iterator[tuple[str, bool]]:
    """Every word that says something, with whether it has a capital that no beginning of a sentence explains."""
    text, before = found.text, ""
    for (start, end), word in zip(found.spans, found.folded, strict=True):
        last, before = before, word
        if word[0].isdigit():
            yield word, False
            continue
        if word in EMPTY or (len(word) == 1 and word.isascii()):
            continue
        term = stem(word)
        if term in EMPTY:
            continue
        if not word.isascii() and len(word) == 1:
            if start and last and text[start - 1 : start].strip() and not last.isascii():
                yield last + word, False  # scripts without spaces: two letters are the least that says something
            continue
        yield term, text[start].isupper() and not _begins(text, start, last) and end - start > 1


def _begins(text: str, start: int, last: str) -> bool:
    """Whether a sentence or quotation begins here."""
    place = start - 1
    while place >= 0 and text[place] in " \"“'’(":
        place -= 1
    return place < 0 or (text[place] in ".!?:;\n" and last not in _TITLES)


def _acronyms(found: Tokens) -> set[str]:
    text = found.text
    spans = zip(found.spans, found.folded, strict=True)
    return {stem(word) for (a, b), word in spans if b - a in range(2, 6) and text[a:b].isupper() and word not in EMPTY}


def _figures(text: str) -> tuple[set[str], set[str]]:
    """Figures with a unit or a size that is not usual, and bare numbers; neither years nor days."""
    own, bare = set[str](), set[str]()
    dates = [match.span() for match in _DAY.finditer(text)]
    for figure in figures(text):
        if figure.unit or figure.value > 2_100 or figure.value % 1:
            own.add(figure.key)
        elif 2 < figure.value < 1_900 and not any(a <= figure.start < b for a, b in dates):
            bare.add(figure.key)
    return own, bare


def _days(text: str, published: datetime | None) -> Iterator[str]:
    """Days that are named, as "MM-DD"; a weekday is the last one of that name, where the article has a date."""
    for match in _DAY.finditer(text):
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
