"""What an alert says, before it takes the look of a destination: clean text, dates, links, excerpts, reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from bot.model.words import plural
from bot.text import clean, cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date as date_
    from datetime import datetime

    from bot.model import AlertContent, Joined, News, Outlet, Sentence, Severity, Tier, Why

HEADLINE = 300
NAME = 80
QUOTE = 400
QUOTES = 2
FOUND = 6
NEWS = 3
NEWS_LINE = 160
OUTLETS = 8
JOINED = 3
JOINED_HEADLINE = 80
SEEN_REASON = 160
LONGEST_LINK = 2000
# Not strftime: its month names follow the locale of the machine.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NO_HEADLINE = "(no headline)"
LOUD: dict[Severity, str] = {"high": "High", "urgent": "Urgent"}
TIER_NOTES: dict[Tier, str] = {"official": "official source", "wire": "wire", "aggregator": "aggregator", "outlet": ""}
SEEN_NOTES = {"title": "only the headline was seen", "summary": "only the summary was seen", "full": ""}
# What RFC 3986 allows in an address, without what has a meaning in Slack's markup or quotes it.
_LINK_SAFE = "/:?#[]@!$&'(),;=%+-._~"
RESENT = "sent again on request"
ONE_STORY = "One story with"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quoted sentence: ``hit`` if it is what the rule found."""

    text: str
    hit: bool = False


def line(text: str, limit: int) -> str:
    """Text from outside on one line: no control or direction characters, white space single, cut."""
    return cut(_SPACE.sub(" ", clean(text)).strip(), limit)


def headline(content: AlertContent) -> str:
    """The headline, never empty."""
    return line(content.headline, HEADLINE) or NO_HEADLINE


def link(url: str | None) -> str | None:
    """A web address that is safe in any markup; None for other schemes, logins in it and what is none."""
    if not url or len(url) > LONGEST_LINK:
        return None
    try:
        parts = urlsplit(clean(url).strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return None
    name = _host(host)
    if name is None:
        return None
    place = name if port is None else f"{name}:{port}"
    rest = [quote(part.encode("utf-8", "replace"), safe=_LINK_SAFE) for part in parts[2:]]
    made = urlunsplit((parts.scheme, place, *rest))
    return made if len(made) <= LONGEST_LINK else None


def _host(host: str) -> str | None:
    """The host name in ASCII; None if it has characters that no host name has."""
    if host.isascii():
        return f"[{host}]" if ":" in host else (host if re.fullmatch(r"[a-z0-9._-]+", host) else None)
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return name if re.fullmatch(r"[a-z0-9._-]+", name) else None


def has_time(moment: datetime) -> bool:
    """Whether the time of day was told: feeds and front matter give days as midnight."""
    return (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def day(moment: date_) -> str:
    """Like "28 Aug 2023"."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def date(moment: datetime | None) -> str:
    """Like "28 Aug 2023, 14:05 UTC"; the day alone where no time was told, "no date" where none was."""
    if moment is None:
        return "no date"
    return f"{day(moment)}, {moment:%H:%M} UTC" if has_time(moment) else day(moment)


def source(content: AlertContent) -> str:
    """The source's name with what kind of source it is, where that says something."""
    note = TIER_NOTES[content.tier]
    name = line(content.source, NAME)
    return f"{name} ({note})" if note else name


def outlets(content: AlertContent) -> list[tuple[str, list[Outlet]]]:
    """The other outlets, with what they have in common before them: "Also carried by 2 outlets".

    Those that carry the same text come before those that tell the story in words of their own; each stands once by
    name, in order of arrival.
    """
    seen = {line(content.source, NAME).casefold()}
    found = []
    for what, listed in (("carried", content.copies), ("reported", content.reports)):
        kept = []
        for outlet in listed:
            name = line(outlet.name, NAME).casefold()
            if name not in seen:
                seen.add(name)
                kept.append(outlet)
        if kept:
            found.append((f"Also {what} by {plural(len(kept), 'outlet')}", kept))
    return found


def news(content: AlertContent) -> list[str]:
    """What is new, in clean lines, and how much more there is."""
    return news_lines(content.news)


def news_lines(found: Sequence[News]) -> list[str]:
    """The first of it, each thing once, and how much more there is."""
    lines = list(dict.fromkeys(line(one.text, NEWS_LINE) for one in found))
    rest = len(lines) - NEWS
    return [*lines[:NEWS], *([f"and {rest} more"] if rest > 0 else [])]


def notes(content: AlertContent) -> list[str]:
    """What a reader should know of this alert: how much was seen and may be shown, that it was asked for again."""
    return [note for note in (seen(content), content.excerpt_note, RESENT if content.resent else "") if note]


def seen(content: AlertContent) -> str:
    """How much of the text was seen and, where its page was to be read, why not all of it; empty for all of it."""
    note, reason = SEEN_NOTES[content.text_seen], line(content.text_reason, SEEN_REASON)
    return f"{note}: {reason}" if note and reason else note


def carried(content: AlertContent) -> list[str]:
    """Like "Also carried by 2 outlets: one, another", a line for each kind of outlet."""
    lines = []
    for what, others in outlets(content):
        names = ", ".join(line(outlet.name, NAME) or outlet.source for outlet in others[:OUTLETS])
        rest = len(others) - OUTLETS
        lines.append(f"{what}: {names}" + (f" and {rest} more" if rest > 0 else ""))
    return lines


def joined_headline(other: Joined) -> str:
    """The headline of another message, never empty."""
    return line(other.headline, JOINED_HEADLINE) or NO_HEADLINE


def one_story(content: AlertContent, *, spelled: bool = False) -> list[tuple[str, str | None]]:
    """The other messages on this story in pieces, each with its address: "One story with: ", "Salt", " and 1 more".

    ``spelled``: the address itself follows in brackets, where a piece cannot be a link. Empty where there are none.
    """
    pieces: list[tuple[str, str | None]] = []
    for other in content.joined[:JOINED]:
        url = link(other.url)
        pieces += [(", " if pieces else f"{ONE_STORY}: ", None), (joined_headline(other), url)]
        pieces += [(" (", None), (url, url), (")", None)] if spelled and url else []
    rest = len(content.joined) - JOINED
    return [*pieces, *([(f" and {rest} more", None)] if rest > 0 else [])]


def rule_title(why: Why) -> str:
    """The rule as people call it."""
    return line(why.title, NAME) or line(why.rule, NAME)


def found(why: Why) -> list[str]:
    """What was found for a rule: aliases with the entity they stand for, then the other terms, each once."""
    shown = [_alias(entity, text) for entity, text in why.aliases]
    spoken = {line(text, NAME).casefold() for _, text in why.aliases}
    shown += [f"“{line(term, NAME)}”" for term in why.terms if line(term, NAME).casefold() not in spoken]
    kept = [phrase for phrase in dict.fromkeys(shown) if phrase != "“”"]
    return kept if len(kept) <= FOUND else [*kept[:FOUND], f"{len(kept) - FOUND} more"]


def _alias(entity: str, text: str) -> str:
    """“Commerce Secretary” (gina-raimondo); the id only where it says more than the text."""
    phrase, name = line(text, NAME), line(entity, NAME)
    plain = re.sub(r"[\W_]+", " ", name).strip().casefold()
    same = re.sub(r"[\W_]+", " ", phrase).strip().casefold() == plain
    return f"“{phrase}”" if same or not name else f"“{phrase}” ({name})"


def more_rules(rest: Sequence[Why]) -> str:
    """The rules that have no line of their own, by name; empty where there are none."""
    if not rest:
        return ""
    titles = ", ".join(rule_title(why) for why in rest[:FOUND])
    return f"and {len(rest)} more: {titles}" + (" …" if len(rest) > FOUND else "")


def stands_for_headline(content: AlertContent) -> Sentence | None:
    """The quoted sentence that a derived headline was cut from: showing both would say it twice."""
    if not content.title_derived:
        return None
    beginning = headline(content).removesuffix("…").casefold()
    for sentence in content.sentences:
        if line(sentence.text, len(sentence.text)).casefold().startswith(beginning):
            return sentence
    return None


def quotes(content: AlertContent, *, without: Sentence | None = None) -> list[list[Piece]]:
    """The sentences to be quoted, in pieces; what merely repeats the headline is left out."""
    told = headline(content).casefold()
    shown = []
    for sentence in content.sentences:
        pieces = excerpt(sentence)
        text = "".join(piece.text for piece in pieces)
        if sentence is not without and text and text.casefold() != told:
            shown.append(pieces)
    return shown[:QUOTES]


def headline_pieces(content: AlertContent) -> list[Piece]:
    """The headline with the hits in it, where the evidence is the headline itself."""
    told = headline(content)
    for sentence in content.sentences:
        pieces = excerpt(sentence, HEADLINE)
        if "".join(piece.text for piece in pieces) == told:
            return pieces
    return [Piece(told)]


def excerpt(sentence: Sentence, limit: int = QUOTE) -> list[Piece]:
    """The sentence in clean pieces, at most ``limit`` characters, cut so that the first hits stay in sight."""
    pieces = _tidy(_split(sentence.text, sentence.spans))
    if sum(len(piece.text) for piece in pieces) <= limit:
        return pieces
    first = next((place for place, piece in enumerate(pieces) if piece.hit), 0)
    before = "".join(piece.text for piece in pieces[:first])
    # A third of the room for what leads up to the hit, the rest for the hit and what follows.
    lead = before if len(before) <= limit // 3 else "…" + _from_word(before, limit // 3 - 1)
    return [*([Piece(lead)] if lead else []), *_head(pieces[first:], limit - len(lead))]


def _split(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The text in stretches, those inside a span marked; spans may overlap or touch."""
    marked: list[list[int]] = []
    for start, end in sorted((max(0, a), min(len(text), b)) for a, b in spans):
        if end <= start:
            continue
        if marked and start <= marked[-1][1]:
            marked[-1][1] = max(marked[-1][1], end)
        else:
            marked.append([start, end])
    pieces, at = [], 0
    for start, end in marked:
        pieces += [Piece(text[at:start]), Piece(text[start:end], hit=True)]
        at = end
    return [*pieces, Piece(text[at:])]


def _tidy(pieces: Iterable[Piece]) -> list[Piece]:
    """Clean stretches on one line: white space single also across their borders, hits without it at their edges."""
    tidy: list[Piece] = []
    for piece in pieces:
        for part in _edged(piece):
            ended = tidy[-1].text.endswith(" ") if tidy else True
            text = part.text.removeprefix(" ") if ended else part.text
            if text:
                tidy.append(Piece(text, part.hit))
    if tidy and tidy[-1].text.endswith(" "):
        last = tidy.pop()
        tidy += [Piece(last.text.rstrip(), last.hit)] if last.text.strip() else []
    return tidy


def _edged(piece: Piece) -> list[Piece]:
    """The clean piece; white space at the edges of a hit stands outside of it."""
    text = _SPACE.sub(" ", clean(piece.text))
    core = text.strip()
    if not piece.hit or not core:
        return [Piece(text)]
    before, _, after = text.partition(core)
    return [Piece(before), Piece(core, hit=True), Piece(after)]


def _from_word(text: str, length: int) -> str:
    """The last ``length`` characters, begun at a word if one begins near."""
    tail = text[-length:] if length > 0 else ""
    _, space, rest = tail[:30].partition(" ")
    return rest + tail[30:] if space else tail


def _head(pieces: Iterable[Piece], room: int) -> list[Piece]:
    """The first ``room`` characters of the pieces."""
    kept = []
    for piece in pieces:
        kept.append(Piece(cut(piece.text, room), piece.hit))
        room -= len(piece.text)
        if room <= 0:
            break
    return [piece for piece in kept if piece.text]
