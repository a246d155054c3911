"""The grammar of the query language as data: the reference page is written from it, and tests derive queries from it.

It says how a query is put together. What a rule may mean – that something must occur, that fields do not contradict
each other – is said by ``lowering`` and ``conflicts``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from bot.model import TIERS
from bot.rules.terms import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

Piece = Union["Sign", "Use", "Row", "Choice", "More"]


@dataclass(frozen=True, slots=True)
class Sign:
    """What is written as it stands; ``n`` in it is a number."""

    text: str


@dataclass(frozen=True, slots=True)
class Use:
    """Another production, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One after the other; ``close``: without blanks between them."""

    parts: tuple[Piece, ...]
    close: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these."""

    parts: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class More:
    """The part twice or more often, with ``between`` in between."""

    part: Piece
    between: Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """What something is made of, what it means, and examples: all that a reader needs of it."""

    made: Piece
    meaning: str
    examples: tuple[str, ...] = ()


def uses(piece: Piece) -> set[str]:
    """The names of the productions that stand in a piece."""
    if isinstance(piece, Use):
        return {piece.name}
    if isinstance(piece, More):
        return uses(piece.part)
    return set() if isinstance(piece, Sign) else set().union(*map(uses, piece.parts))


def _signs(*texts: str) -> Choice:
    return Choice(tuple(map(Sign, texts)))


TEXT_FIELDS, FACT_FIELDS = FIELDS[:3], FIELDS[3:]

GRAMMAR: Mapping[str, Production] = {
    "query": Production(
        made=Choice((Use("and"), Use("or"), Use("operand"))),
        meaning="AND and OR stand on one level only with brackets: nothing is guessed. "
        "Something must occur in every article that a query finds, so NOT alone is no query.",
        examples=("tariff", "tariff AND (steel OR tin)"),
    ),
    "and": Production(
        made=More(Use("operand"), Sign("AND")),
        meaning="All hold. The first is what the query is about: alerts show sentences with it.",
        examples=("tariff AND steel AND NOT beer",),
    ),
    "or": Production(
        made=More(Use("operand"), Sign("OR")), meaning="One at least holds.", examples=("tariff OR duty OR levy",)
    ),
    "operand": Production(
        made=Choice((Use("pair"), Use("not"), Use("field"), Use("fact"), Use("count"), Use("least"), Use("single"))),
        meaning="What AND and OR join.",
    ),
    "not": Production(
        made=Row((Sign("NOT"), Use("single"))),
        meaning="It holds nowhere in the article, or in the field around it. NOT takes the one operand behind it.",
        examples=("tariff AND NOT (beer OR wine)",),
    ),
    "pair": Production(
        made=Row((Use("group"), Use("nearness"), Use("group"))),
        meaning="Occurrences of both, which do not overlap, stand in one paragraph, as near as the operator asks. "
        "It binds before NOT, AND and OR, and there is none inside another.",
        examples=("(tariff OR duty) NEAR/5 steel",),
    ),
    "nearness": Production(
        made=Choice((*_signs("NEAR/n", "ONEAR/n", "NOT NEAR/n", "IN SENTENCE WITH", "IN PARAGRAPH WITH").parts,)),
        meaning="At most n words between them, in any order; the same in this order; some occurrence of the left one "
        "has none of the right one so near; both begin in one sentence; in one paragraph. A phrase counts as one "
        "word, a hyphenated word as two, a Chinese or Japanese character as one; NEAR/0 is side by side.",
        examples=(
            "tariff NEAR/3 steel",
            "tariff ONEAR/0 act",
            "tariff NOT NEAR/4 act",
            "tariff IN SENTENCE WITH steel",
        ),
    ),
    "group": Production(
        made=Choice((Use("term"), Row((Sign("("), More(Use("term"), Sign("OR")), Sign(")")), close=True))),
        meaning="What can stand beside an operator of nearness, and be counted: terms, and alternatives of them.",
        examples=('(tariff OR "import duty") NEAR/2 tin',),
    ),
    "field": Production(
        made=Row(
            (Choice((*_signs(*(f"{name}:" for name in TEXT_FIELDS)).parts, Sign("lead:n:"))), Use("single")), close=True
        ),
        meaning="It holds when only this piece is looked at: the title, the text's first 60 (or n) words, the text.",
        examples=("title:tariff", "lead:20:(tariff AND steel)"),
    ),
    "fact": Production(
        made=Row((_signs(*(f"{name}:" for name in FACT_FIELDS)), Use("value")), close=True),
        meaning="What is known of the article: a term in its author's name; the id of its source; the source's tier "
        f"({', '.join(TIERS)}); its language; a piece of its address. A query needs a term beside it.",
        examples=("tariff AND tier:official", 'tariff AND url:"/press/"', "tariff AND lang:en"),
    ),
    "count": Production(
        made=Row((Sign("n OF"), Row((Sign("("), More(Use("group"), Sign(",")), Sign(")")), close=True))),
        meaning="So many different ones of these occur, each at a place of its own.",
        examples=("2 OF (tariff, quota, licence)",),
    ),
    "least": Production(
        made=Row((Sign("ATLEAST/n"), Use("group"))),
        meaning="It occurs n times at least; occurrences that overlap count once.",
        examples=("ATLEAST/3 tariff",),
    ),
    "single": Production(
        made=Choice((Use("term"), Row((Sign("("), Use("query"), Sign(")")), close=True))),
        meaning="A term, or anything in brackets.",
        examples=("tariff AND (steel OR (tin AND lead))",),
    ),
    "term": Production(
        made=Choice((Use("word"), Use("phrase"), Use("exact"), Use("expression"), Use("entity"), Use("list"))),
        meaning="What is looked for. Two side by side without an operator are a mistake.",
    ),
    "word": Production(
        made=_signs("tariff", "chip*", "organi?ation", "出口管制"),
        meaning="A word with its regular plurals and its possessive. * at its end is any ending, ? one character.",
        examples=("chip*",),
    ),
    "phrase": Production(
        made=_signs('"export control"', '"AND"', '"export control*"'),
        meaning='Words side by side. What stands in quotation marks is text: "AND" is a word.',
        examples=('"export control*"',),
    ),
    "exact": Production(
        made=_signs("=Tariff", '="Entity List"'),
        meaning="As it is written, with its case, and no plural.",
        examples=('="Entity List"',),
    ),
    "expression": Production(
        made=_signs("/section 30[12]/"),
        meaning="An RE2 expression on the folded, lower-case text, with a plain piece of three letters.",
        examples=("/section 30[12]/",),
    ),
    "entity": Production(
        made=_signs("@huawei"), meaning="Any alias of the entity that is valid.", examples=("@huawei",)
    ),
    "list": Production(made=_signs("$china"), meaning="Any term of the list.", examples=("$china",)),
    "value": Production(
        made=Choice((Use("word"), Use("phrase"))),
        meaning="A plain word or phrase; for author: any term that is one.",
    ),
}
