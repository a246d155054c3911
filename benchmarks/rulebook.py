"""Rules as analysts write them, made of the words of texts.

Four in ten are lists of an entity's aliases, the others look for topics: two groups of which one of each must
occur, a group without some words, two groups near each other, lists with open endings. 4.5 terms a rule.
All is in small letters without accents, so that engines that know no case or accents can be asked the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from texts import article

from bot.match.frequency import Frequencies
from bot.model import Alias, AllOf, AnyOf, Near, Not, Rule, Term, children

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from bot.model import Expr

RARE, COMMON, ENDS = 1 / 500, 1 / 50, 1 / 10
"""Shares of the texts: a name is met in no more than the first, a topic in no more than the second.

No phrase begins or ends with a word that is met in more than the third."""
STEM = 5
"""Letters of an open ending at least."""

_WORD = re.compile(r"(?<![^\W_])[a-z]{3,}(?![^\W_])")
_PHRASES = 400  # drawn from each text: of 4,000 texts, 100,000 rules have 65,000 different terms


@dataclass(frozen=True)
class Pool:
    """What rules are made of, with how many texts each word stands in and how often a term is met."""

    names: list[str]
    topics: list[str]
    stems: list[str]
    words: Counter[str]
    frequency: Frequencies

    @classmethod
    def of(cls, texts: Sequence[str], rng: random.Random) -> Pool:
        """The phrases of some texts. Raises ValueError if they have no names or no topics to offer."""
        listed = [list(_WORD.finditer(text.lower())) for text in texts]
        frequency = Counter(word for words in listed for word in {found[0] for found in words})
        rare, common = max(2, len(texts) * RARE), max(5, len(texts) * COMMON)
        drawn = [
            phrase
            for text, words in zip(texts, listed, strict=True)
            for phrase in dict.fromkeys(_drawn(text.lower(), words, rng))
            if all(frequency[word] <= len(texts) * ENDS for word in (phrase.split()[0], phrase.split()[-1]))
        ]
        times = Counter(drawn)
        names = [phrase for phrase in drawn if times[phrase] <= rare and frequency.get(phrase, 0) <= rare]
        topics = [phrase for phrase in drawn if rare < frequency.get(phrase, times[phrase]) <= common]
        stems = _stems(frequency, rare)
        if not (names and topics and stems):
            raise ValueError("these texts are too few or too much alike to make rules of")
        return cls(names, topics, stems, frequency, Frequencies(map(article, texts)))


def _drawn(text: str, words: list[re.Match[str]], rng: random.Random) -> Iterator[str]:
    """One to three words with nothing but a blank between them."""
    for _ in range(_PHRASES if words else 0):
        place = rng.randrange(len(words))
        taken = words[place : place + rng.choice([1, 2, 2, 3])]
        phrase = text[taken[0].start() : taken[-1].end()]
        if phrase == " ".join(word[0] for word in taken):
            yield phrase


def _stems(frequency: Counter[str], rare: float) -> list[str]:
    """Beginnings of words that together are rare."""
    found: Counter[str] = Counter()
    for word, count in frequency.items():
        found.update({word[:length]: count for length in range(STEM, len(word))})
    return sorted(stem for stem, count in found.items() if 1 < count <= rare)


def rules_of(count: int, pool: Pool, rng: random.Random) -> list[Rule]:
    """That many rules, every kind in its share."""
    kinds = (_aliases,) * 8 + (_two_groups,) * 5 + (_without,) * 3 + (_nearby,) * 2 + (_open_endings,) * 2
    return [
        Rule(id=f"r{number}", title="", expr=kinds[number % len(kinds)](f"e{number}", pool, rng))
        for number in range(count)
    ]


def _aliases(entity: str, pool: Pool, rng: random.Random) -> Expr:
    names = _some(pool.names, rng, 2, 6)
    return AnyOf(tuple(_alias(name, entity) for name in names), f"@{entity}")


def _two_groups(_: str, pool: Pool, rng: random.Random) -> Expr:
    return AllOf((_group(pool.topics, rng, 2, 4), _group(pool.topics, rng, 2, 4)))


def _without(_: str, pool: Pool, rng: random.Random) -> Expr:
    return AllOf((_group(pool.names, rng, 2, 4), Not(_group(pool.topics, rng, 1, 2))))


def _nearby(_: str, pool: Pool, rng: random.Random) -> Expr:
    return Near(_group(pool.topics, rng, 1, 2), _group(pool.topics, rng, 1, 3), rng.choice([3, 5, 10]))


def _open_endings(_: str, pool: Pool, rng: random.Random) -> Expr:
    stems = tuple(Term(text=f"{stem}*", kind="wildcard") for stem in _some(pool.stems, rng, 1, 2))
    return AnyOf((*stems, *_group(pool.names, rng, 1, 3).parts))


def _group(pool: list[str], rng: random.Random, least: int, most: int) -> AnyOf:
    return AnyOf(tuple(Term(text=text) for text in _some(pool, rng, least, most)))


def _some(pool: list[str], rng: random.Random, least: int, most: int) -> list[str]:
    return list(dict.fromkeys(rng.choices(pool, k=rng.randint(least, most))))


def _alias(text: str, entity: str) -> Term:
    return Term(text=text, entity=entity, alias=Alias(text=text))


def without_plurals(expr: Expr) -> Expr:
    """The same with every word an alias, which is looked for as it is written."""
    if isinstance(expr, Term):
        return _alias(expr.text, "e") if expr.kind == "plain" else expr
    if isinstance(expr, AnyOf):
        return AnyOf(tuple(map(without_plurals, expr.parts)))
    if isinstance(expr, AllOf):
        return AllOf(tuple(map(without_plurals, expr.parts)))
    if isinstance(expr, Not):
        return Not(without_plurals(expr.part))
    assert isinstance(expr, Near)
    return replace(expr, left=without_plurals(expr.left), right=without_plurals(expr.right))


def has_near(expr: Expr) -> bool:
    """Whether it asks for two things near each other."""
    return isinstance(expr, Near) or any(map(has_near, children(expr)))
