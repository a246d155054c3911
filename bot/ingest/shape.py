"""Articles copied from web pages, mended: advertisements, captions and pull quotes are no part of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

_ADVERTISEMENT = re.compile(
    r"[\W_]*(?:(?:story|article|content)?\s*continues?\s+(?:below|after)\s+(?:this\s+)?(?:the\s+)?advert(?:isement)?s?|"
    r"advertisements?|advert|sponsored(?:\s+content)?|scroll\s+to\s+continue|广告|廣告)[\W_]*",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\s+(?=\S)")
_CREDIT = re.compile(
    r"(?:photo(?:graph)?|image|picture|video|illustration|credit|图|圖)s?\s*(?:by\b|[:：/])", re.IGNORECASE
)
_OFFICE = re.compile(
    r"\b(?:secretary|minister|president|premier|chancellor|ambassador|senator|representative|governor|commissioner|chairman|"
    r"chairwoman|chair|director|chief|general|ceo|envoy|spokesman|spokeswoman|spokesperson|professor|dr|mr|mrs|ms)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    {
        "de",
        "da",
        "di",
        "del",
        "della",
        "der",
        "den",
        "van",
        "von",
        "bin",
        "binti",
        "al",
        "el",
        "la",
        "le",
        "ibn",
        "of",
        "the",
        "and",
    }
)
_STOPS = ".!?…。！？;:；：”\"'’»」』)）"
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}，。、；：！？])\n(?=[{_CJK}（《“])")
_CAPTION_WORDS = 8
_CAPTION_LENGTH = 200
_QUOTE_LETTERS = 20  # fewer are no quotation worth pulling out
_QUOTE_HAN = 8
_NAME_WORDS = 5


def mend(text: str) -> str:
    """The text with its paragraphs apart by blank lines and without what a page put between them.

    Left out: advertisement lines, video captions (a running time, or the same words twice on one line),
    photo credits, captions that are only an office and a name, pull quotes (words of another paragraph with
    the speaker's name glued to the end) and paragraphs that come twice. Nothing else is touched or moved.
    """
    kept = [paragraph for paragraph in _paragraphs(text) if not _is_furniture(paragraph)]
    letters = [_letters(paragraph) for paragraph in kept]
    everything = "\n".join(letters)
    result: list[str] = []
    seen: set[str] = set()
    for paragraph, own in zip(kept, letters, strict=True):
        if own and own in seen:
            continue
        if result and (_is_name_caption(paragraph) or _is_pull_quote(paragraph, own, everything)):
            continue
        if not result and _is_pull_quote(paragraph, own, everything):
            continue
        seen.add(own)
        result.append(paragraph)
    return "\n\n".join(result)


def _paragraphs(text: str) -> list[str]:
    """Paragraphs as lines of text; a file without blank lines but with long ones has one in each line."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if not line or not _is_furniture(line)]
    if "" not in lines and any(len(line) > 120 for line in lines):
        return [line for line in lines if line]
    blocks = re.split(r"\n{2,}", "\n".join(lines).strip("\n"))
    return [_BETWEEN_CJK.sub("", block).replace("\n", " ") for block in blocks if block]


def _is_furniture(line: str) -> bool:
    if _ADVERTISEMENT.fullmatch(line):
        return True
    if len(line) > 2 * _CAPTION_LENGTH:
        return False
    clock = _CLOCK.match(line)
    rest = line[clock.end() :] if clock else line
    if _is_doubled(rest):
        return True
    unfinished = rest[-1:] not in _STOPS and len(rest) <= _CAPTION_LENGTH
    return unfinished and bool(clock or _CREDIT.match(rest))


def _is_doubled(text: str) -> bool:
    """Whether a line says the same thing twice, as a player's title and its label do."""
    half = len(text) // 2
    if half < 15 and not (half >= 6 and re.search(f"[{_CJK}]", text)):
        return False
    first, second = text[:half].strip(), text[len(text) - half :].strip()
    return first == second


_ASCII_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}


def _letters(text: str) -> str:
    """Letters and digits alone: what is left when quotation marks, case and spacing do not count."""
    if text.isascii():
        return text.translate(_ASCII_SIGNS).casefold()
    return "".join(re.findall(r"[^\W_]+", text)).casefold()


def _is_pull_quote(paragraph: str, own: str, everything: str) -> bool:
    """Whether its words, a name at the end left off, also stand within another paragraph."""
    if paragraph[-1:] in _STOPS:
        return False
    pieces = re.split(r"(?:\s|——|—|–)+", paragraph)
    least = _QUOTE_HAN if re.search(f"[{_CJK}]", paragraph) else _QUOTE_LETTERS
    for count in range(min(_NAME_WORDS, len(pieces) - 1) + 1):
        name = pieces[len(pieces) - count :]
        if not all(_in_name(piece) for piece in name):
            return False
        words = _letters(" ".join(pieces[: len(pieces) - count]))
        if len(words) < least:
            return False
        if everything.count(words) > (1 if own.startswith(words) else 0):
            return True
    return False


def _in_name(word: str) -> bool:
    return not word[:1].islower() or word.lower() in _PARTICLES


def _is_name_caption(paragraph: str) -> bool:
    """Whether it is only an office and a name: "Commerce Secretary …"."""
    words = paragraph.split()
    if not 3 <= len(words) <= _CAPTION_WORDS or paragraph[-1] in _STOPS:
        return False
    return bool(_OFFICE.search(paragraph)) and all(_in_name(word) for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The ``key: value`` lines between ``---`` fences at the top of a file, and the text after them.

    ``fault`` names the line at which the block is broken, with the remedy; "" if it is sound or there is none.
    """

    values: dict[str, str]
    text: str
    fault: str = ""


KEYS = ("title", "url", "source", "author", "published", "language")
_FENCE = re.compile(r"-{3,}\s*")
_KEY = re.compile(r"([A-Za-z_-]{1,30})\s*:(?:\s+(.*)|)")


def front_matter(text: str) -> FrontMatter:
    """The file's front matter. Of a broken block only the :data:`KEYS` count; all other lines stay in the text.

    A ``---`` before a blank line is a rule drawn across the page and opens nothing, unless all up to the next
    one is ``key: value``.
    """
    opening = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    lines = text[opening:].splitlines()
    if not lines or not _FENCE.fullmatch(lines[0]):
        return FrontMatter(values={}, text=text)
    end = next((place for place, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), 0)
    broken = next((place for place, line in enumerate(lines[1:end], 1) if not _is_sound(line)), 0)
    if end and not broken:
        return FrontMatter(values=_values(lines[1:end]), text="\n".join(lines[end + 1 :]))
    if not "".join(lines[1:2]).strip():
        return FrontMatter(values={}, text=text)
    first = len((text[:opening] + "-").splitlines())
    if not end:
        fault = f"line {first} opens front matter with --- and no line closes it; put --- on a line after the last key"
    else:
        fault = (
            f'line {first + broken} "{cut(lines[broken].strip(), 60)}" stands in the front matter and is no '
            '"key: value"; write it so, or close the front matter with --- above it'
        )
    return _salvaged(lines[1:], fault)


def _is_sound(line: str) -> bool:
    """Whether it may stand in front matter: a key with its value, a comment, or nothing."""
    line = line.strip()
    return not line or line.startswith("#") or bool(_KEY.fullmatch(line))


def _values(lines: Iterable[str]) -> dict[str, str]:
    found = (_KEY.fullmatch(line.strip()) for line in lines)
    return {key[1].lower(): _unquoted((key[2] or "").strip()) for key in found if key}


def _salvaged(lines: list[str], fault: str) -> FrontMatter:
    """What a broken block still says: its known keys, up to the first blank line or fence."""
    end = next((place for place, line in enumerate(lines) if not line.strip() or _FENCE.fullmatch(line)), len(lines))
    known = [line for line in lines[:end] if _values([line]).keys() & set(KEYS)]
    others = [line for line in lines[:end] if line not in known]
    fenced = end < len(lines) and _FENCE.fullmatch(lines[end])
    rest = lines[end + 1 :] if fenced else lines[end:]
    return FrontMatter(values=_values(known), text="\n".join([*others, *rest]), fault=fault)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


_MD_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_MD_LINK = re.compile(r"\[([^\[\]\n]+)\]\([^()\s]+(?:\s+\"[^\"\n]*\")?\)")
_MD_STRONG = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_MD_MARK = re.compile(r"^[ \t]{0,3}(?:>[ \t]?|[-*+][ \t]+|#{1,6}[ \t]+)", re.MULTILINE)
_MD_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE)
_MD_TITLE = re.compile(r"\s*#[ \t]+([^\n]+?)[ \t]*#*[ \t]*(?:\n|$)")


def markdown(text: str) -> tuple[str, str]:
    """Title (the first line, if it is a heading of the first order) and text of a Markdown file, without marks."""
    found = _MD_TITLE.match(text)
    title = _plain(found[1]) if found else ""
    rest = text[found.end() :] if found else text
    return title, _plain(_MD_MARK.sub("", _MD_RULE.sub("", rest)))


def _plain(text: str) -> str:
    return _MD_STRONG.sub(r"\2", _MD_LINK.sub(r"\1", _MD_IMAGE.sub("", text)))
