"""What to write in place of a mistake, made of the query's own words."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from .nodes import And, Field, Leaf, Least, No, Or, Pair, is_broken
from .writer import joint, spell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .nodes import How, Node

LONGEST = 300
"""Characters of a repair; of a longer one only its idea is told."""

_FOREIGN = re.compile(r"(?P<word>o?near|w|pre|adj)/?(?P<number>[0-9]{1,3})?", re.IGNORECASE)


def written(text: str, node: Node) -> str:
    """The node on one line, with its brackets; one that is broken as it stands in the query, cut if it is too long."""
    if not is_broken(node):
        return spell(node)
    return " ".join(text[node.start : min(node.end, node.start + LONGEST + 1)].split())


def short(remedy: str, idea: str) -> str:
    """The remedy, unless it is too long or empty of words to be of use."""
    return remedy if len(remedy) <= LONGEST else idea


def readings(words: Sequence[str], joins: Sequence[str]) -> str:
    """Both ways to read AND and OR on one level: ``write (a AND b) OR c, or a AND (b OR c)``."""
    both = [_grouped(words, joins, tight, loose) for tight, loose in (("AND", "OR"), ("OR", "AND"))]
    return short(f"write {both[0]}, or {both[1]}", "put brackets around what belongs together")


def _grouped(words: Sequence[str], joins: Sequence[str], tight: str, loose: str) -> str:
    groups = [[words[0]]]
    for join, word in zip(joins, words[1:], strict=True):
        if join == tight:
            groups[-1].append(word)
        else:
            groups.append([word])
    return f" {loose} ".join(group[0] if len(group) == 1 else f"({f' {tight} '.join(group)})" for group in groups)


def chain(words: Sequence[str], joins: Sequence[str]) -> str:
    """``a NEAR/5 b NEAR/5 c`` as pairs: ``write (a NEAR/5 b) AND (b NEAR/5 c)``."""
    pairs = [f"({left} {join} {right})" for (left, right), join in zip(pairwise(words), joins, strict=True)]
    return short(f"write {' AND '.join(pairs)}", "write pairs, with AND between them")


def foreign_near(word: str) -> tuple[How, int] | None:
    """What NEAR/n or ONEAR/n a word of another query language, or one in small letters, stands for."""
    found = _FOREIGN.fullmatch(word)
    if not found:
        return None
    name, number = found["word"].lower(), found["number"]
    if number is None and name in ("w", "pre", "adj"):
        return None
    return ("ONEAR" if name in ("onear", "pre", "adj") else "NEAR"), int(number or 5)


# ── what cannot stand beside NEAR, or be counted ─────────────────────────────────────────────────

IDEA = "only words, phrases, @names, $lists and groups of these joined by OR can"


def word(pair: Pair) -> str:
    """How a pair's operator is written."""
    return joint(pair.how, pair.within)


def beside(pair: Pair, wrong: Node, show: Callable[[Node], str]) -> str:
    """The pair rewritten so that ``wrong``, which stands in it, is allowed; else what is allowed."""
    if wrong is pair.left or wrong is pair.right:
        made = _beside(pair, wrong, show)
        if made:
            return short(f"write {made}", IDEA)
    return IDEA


def _beside(pair: Pair, wrong: Node, show: Callable[[Node], str]) -> str:
    other = pair.right if wrong is pair.left else pair.left

    def with_other(part: str) -> str:
        sides = (part, show(other)) if wrong is pair.left else (show(other), part)
        return f"({f' {word(pair)} '.join(sides)})"

    if isinstance(wrong, Pair):
        pieces = [show(wrong), with_other(show(wrong.right if wrong is pair.left else wrong.left))]
        return " AND ".join(pieces if wrong is pair.left else reversed(pieces)) if _plain(other) else ""
    if isinstance(wrong, Field):
        return _in_field(pair, wrong, other, show)
    if not _plain(other):
        return ""
    if isinstance(wrong, And) and pair.how != "NOT NEAR" and all(map(_plain, wrong.parts)):
        return " AND ".join(with_other(show(part)) for part in wrong.parts)
    if isinstance(wrong, No) and wrong is pair.right and _plain(wrong.part):
        if pair.how == "NEAR":
            return f"{show(other)} NOT NEAR/{pair.within} {show(wrong.part)}"
        return f"{show(other)} AND NOT {with_other(show(wrong.part))}"
    if isinstance(wrong, Least) and _plain(wrong.part) and pair.how != "NOT NEAR":
        return f"{with_other(show(wrong.part))} AND ATLEAST/{wrong.count} {show(wrong.part)}"
    return ""


def _in_field(pair: Pair, wrong: Field, other: Node, show: Callable[[Node], str]) -> str:
    if not is_text(wrong.name):
        return f"{show(wrong)} AND {show(other)}" if _plain(other) else ""
    if isinstance(other, Field) and other.name == wrong.name:
        other = other.part
    if not (_plain(other) and _plain(wrong.part)):
        return ""
    sides = (show(wrong.part), show(other)) if wrong is pair.left else (show(other), show(wrong.part))
    return f"{wrong.name}:({f' {word(pair)} '.join(sides)})"


def _plain(node: Node) -> bool:
    return all(map(_plain, node.parts)) if isinstance(node, Or) else isinstance(node, Leaf)


def counted(wrong: Node, by: str, show: Callable[[Node], str]) -> str:
    """What to write for something that ``by``, "OF" or "ATLEAST/n", cannot count."""
    if by != "OF":
        if isinstance(wrong, Field) and is_text(wrong.name) and _plain(wrong.part):
            return short(f"write {wrong.name}:({by} {show(wrong.part)})", IDEA)
        return IDEA
    allowed = IDEA.removesuffix(" can") + ", and pairs such as a NEAR/5 b can"
    if isinstance(wrong, And) and len(wrong.parts) == 2 and all(map(_plain, wrong.parts)):
        pair = " IN PARAGRAPH WITH ".join(show(part) for part in wrong.parts)
        return short(f"{allowed}; for both in one paragraph write ({pair})", allowed)
    return allowed


def is_text(field: str) -> bool:
    """Whether a field is a piece of the text, not a fact about the article."""
    return field in ("title", "body") or field.startswith("lead")
