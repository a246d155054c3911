"""Notices that stand in an article's place: consent walls, pay-walls, and pages that ask whether we are human.

The theory. A *false wall* takes an article's text away: words that only its page holds are seen by no rule, and where
no rule matches, no alert goes out that could say so. A *miss* takes a notice for the article: since what the source
listed stands before the page's text (bot/fulltext.py), no match is lost that the summary gives, but an alert may claim
a text that was not there, and a rule on privacy may match the notice. So **a false wall is worse than a miss**, and
nothing is called a wall on a word alone:

- the publisher's own word counts by itself: ``isAccessibleForFree: false`` of schema.org on the article (what
  developers.google.com/search/docs/appearance/structured-data/paywalled-content asks of publishers), and an address
  whose host serves nothing but consent;
- a sentence that bars the way ("subscribe to continue reading") counts where the article's text ends with it, or where
  it stands beside the text and little of that was found: an article *about* such walls goes on behind the sentence;
- a consent notice says what the site does ("we use"), asks the reader for something ("accept"), and speaks of nothing
  else in most of its sentences; an article about cookies does not, nor does one with a banner below it;
- a page that asks for proof of a human is short and says little else.

Known exceptions: a metered site that counts free articles and shows them whole is no wall; a wall in a language without
phrases in wallwords is missed, unless the publisher marks it. tests/ingest/test_ingest_walls.py keeps the score.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.folding import CJK
from bot.text import sentences

from . import wallwords

if TYPE_CHECKING:
    from collections.abc import Iterator

PAYWALL = "its page is for subscribers"
CONSENT = "its page asks for consent to cookies"
HUMAN = "its page asks whether we are human"

SHORT = 1_500  # characters: with less than this found, a sentence that bars the way explains why
TAIL = 400  # characters at the end of the article's text
NOTICE = 6_000  # characters: no consent notice that stands for a page is longer
CHALLENGE = 600  # characters: the same of a page that asks for proof of a human
MOSTLY = 0.5  # share of a notice's characters that stand in sentences about itself
MAX_DATA = 300_000  # characters of one block of structured data


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it answered at ``url``: its ``markup``, all that is ``seen`` of it, what was taken for its ``text``."""

    url: str
    markup: str
    seen: str
    text: str


def wall(page: Page) -> str:
    """What stands in the article's place, in words that go on after "only the summary was seen:"; empty if nothing."""
    if _consent_host(page.url) or _is_notice(page.text) or (len(page.text) < SHORT and _is_notice(page.seen)):
        return CONSENT
    if _for_subscribers(page.markup) or _bars_the_way(page):
        return PAYWALL
    if len(page.seen) < CHALLENGE and wallwords.CHALLENGE.search(page.seen):
        return HUMAN
    return ""


# ── the publisher's own word ─────────────────────────────────────────────────────────────────────

_DATA = re.compile(r"<script[^>]{0,300}application/ld\+json[^>]{0,300}>", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)
_FLAG = re.compile(r'"isAccessibleForFree"\s*:\s*"?(true|false)\b', re.IGNORECASE)
_MICRODATA = re.compile(
    r"<(?:meta|span|div|link)\s[^>]{0,200}itemprop\s*=\s*[\"']isAccessibleForFree[\"'][^>]{0,200}", re.IGNORECASE
)
_FALSE = re.compile(r"(?:content|value)\s*=\s*[\"']?false\b", re.IGNORECASE)
_WRITING = ("article", "posting", "report", "webpage", "creativework", "review")
_MAX_NODES = 1_000


def _for_subscribers(markup: str) -> bool:
    """Whether the page says of its article that it is not free. The first thing that says so, or says no, decides."""
    said = next((said for data in _blocks(markup) if (said := _said(data[:MAX_DATA])) is not None), None)
    if said is None and (found := _MICRODATA.search(markup)):
        said = not _FALSE.search(found[0])
    return said is False


def _blocks(markup: str) -> Iterator[str]:
    """The blocks of JSON-LD."""
    place = 0
    while (begin := _DATA.search(markup, place)) and (end := _END.search(markup, begin.end())):
        yield markup[begin.end() : end.start()]
        place = end.end()


def _said(data: str) -> bool | None:
    """Whether the article is free, as one block of JSON-LD says; None if it does not say."""
    try:
        nodes = list(_nodes(json.loads(data)))
    except (ValueError, RecursionError):
        # Publishers' templates leave commas and line breaks in it; then all that is said must agree.
        flags = {flag.lower() for flag in _FLAG.findall(data)}
        return flags == {"true"} if len(flags) == 1 else None
    for node in nodes:
        if "isAccessibleForFree" in node and _is_writing(node):
            return _truth(node["isAccessibleForFree"])
    return None


def _nodes(data: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 – whatever JSON holds
    """The things that the page is about: not lists of other articles, nor what a thing merely refers to."""
    waiting, seen = [data], 0
    while waiting and seen < _MAX_NODES:
        seen += 1
        match waiting.pop(0):
            case list() as many:
                waiting[:0] = many[:_MAX_NODES]
            case dict() as node:
                yield node
                waiting += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart") if key in node]


def _is_writing(node: dict[str, Any]) -> bool:
    """Events and places can be free of charge as well."""
    kinds = node.get("@type", "")
    return any(str(kind).lower().endswith(_WRITING) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _truth(value: object) -> bool | None:
    text = str(value).strip().lower().rpartition("/")[2]  # "http://schema.org/False" is written, too
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


# ── sentences that bar the way ───────────────────────────────────────────────────────────────────

_AFTER = 220  # Latin characters that may follow: what a pay-wall says of prices and logging in
_CJK = re.compile(f"[{CJK}]")


def _bars_the_way(page: Page) -> bool:
    """Whether the text ends with such a sentence, or the page shows one beside a short text."""
    tail = page.text[-TAIL:]
    if any(_ends(tail, found.end()) for found in wallwords.BAR.finditer(tail)):
        return True
    return len(page.text) < SHORT and any(_beside(page, found) for found in wallwords.BAR.finditer(page.seen))


def _ends(tail: str, place: int) -> bool:
    """Whether hardly anything follows, and no quotation is closed: then the article speaks about walls."""
    rest = tail[place:]
    # A Chinese or Japanese character says as much as three Latin ones.
    length = len(rest) + 2 * len(_CJK.findall(rest))
    return length <= _AFTER and len(rest.strip().split("\n\n")) <= 3 and rest[:1] not in '”"»“'


def _beside(page: Page, found: re.Match[str]) -> bool:
    """Whether the sentence stands outside the article's own text."""
    begin = page.seen.rfind("\n", 0, found.start()) + 1
    end = page.seen.find("\n", found.end())
    paragraph = page.seen[begin : end if end >= 0 else None]
    return " ".join(paragraph.split()) not in " ".join(page.text.split())


# ── consent ──────────────────────────────────────────────────────────────────────────────────────


def _consent_host(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return bool(wallwords.CONSENT_HOST.search(host))


def _is_notice(text: str) -> bool:
    """Whether most of the text speaks to the reader about consent."""
    if not text or len(text) > NOTICE or not (wallwords.OPENING.search(text) and wallwords.ASK.search(text)):
        return False
    about = whole = 0
    for start, end in sentences(text):
        sentence = text[start:end]
        whole += len(sentence)
        # Buttons and headings are too short to speak to anybody.
        if wallwords.CONSENT.search(sentence) and (len(sentence) < 40 or wallwords.ADDRESS.search(sentence)):
            about += len(sentence)
    return about > MOSTLY * whole
