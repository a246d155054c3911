"""What a later article of a story brings that the story did not hold, with a reason and a weight for each.

Theory. Something is new if it cannot be found among the facts that the earlier articles stated, in whatever way they
wrote it: figures have keys that do not depend on spelling, and one with fewer digits is the same figure rounded; dates
are days; a name is known once any of its telling words was written with a capital. Precision comes before recall: what
may only look new is left out, for every false "new" teaches a reader to overlook the true ones. A copy brings nothing
but a correction that it announces, and the weight of its source.

Known gaps: a figure that the story knows of one thing is not noticed when it becomes the value of another; figures
without a unit, and what stands in background sentences (:mod:`bot.stories.trivia`), are never news.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import News

from .named import initials

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Fact, NewsKind

    from .amounts import Amount
    from .named import Named
    from .stated import Stated, Statement

WEIGHTS: dict[NewsKind, float] = {
    "correction": 1.0,
    "official": 0.95,
    "severity": 0.92,
    "update": 0.9,
    "change": 0.85,
    "deadline": 0.8,
    "reference": 0.65,
    "figure": 0.45,
    "quote": 0.35,
    "person": 0.3,
    "organisation": 0.3,
    "date": 0.3,
}
# Of a stored article somebody has changed just this: the note says what the words around it do not.
EDITED = 0.95
COPIED = frozenset({"correction", "update", "official"})
# Bodies that English speaks of with an article: "the Federal Register", but "Reuters".
_WITH_ARTICLE = re.compile(
    r"\b(?:Register|Department|Ministry|Office|Bureau|Commission|Agency|Council|Administration|Committee|Court|Service"
    r"|House|Representative|Journal|Board|Authority|Treasury|Parliament|Union|Government|Gazette)\b"
)
_HAS_ARTICLE = re.compile(r"\A(?:The|the)\s|['’]s\s")


@dataclass(frozen=True, slots=True)
class _Held:
    """The facts that a story holds, by kind and value, and by what they are of."""

    facts: dict[tuple[str, str], Fact]
    topics: dict[str, list[Fact]]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> _Held:
        found: dict[tuple[str, str], Fact] = {}
        topics: dict[str, list[Fact]] = {}
        for fact in facts:
            found[fact.kind, fact.value] = fact
            if fact.topic:
                topics.setdefault(fact.topic, []).append(fact)
        return cls(found, topics)

    def has(self, kind: str, *values: str) -> bool:
        return any((kind, value) in self.facts for value in values)


def novelty(stated: Stated, held: Iterable[Fact], *, copied: bool = False, edited: bool = False) -> tuple[News, ...]:
    """What ``stated`` brings beyond ``held``, the weightiest first, each thing once.

    ``copied``: it is a copy of an earlier article; ``edited``: a new version of one. Of a story that holds nothing
    nothing can be called new. ``held`` need only be what ``stated`` asks for.
    """
    known = _Held.of(held)
    if not known.facts:
        return ()
    found: dict[tuple[str, str], News] = {}
    for one in stated.statements:
        news = None if copied and one.kind not in COPIED else _news(one, stated, known, edited=edited)
        if news is not None and news.weight > 0:
            found.setdefault((news.kind, news.value), news)
    changed = {value for kind, value in found if kind == "change"}
    kept = (news for news in found.values() if news.kind != "figure" or news.value not in changed)
    return tuple(sorted(kept, key=lambda news: -news.weight))


def _news(one: Statement, stated: Stated, known: _Held, *, edited: bool) -> News | None:
    if one.amount is not None:
        return _figure(one, one.amount, stated, known)
    if one.named is not None:
        return None if _is_known(one, one.named, known) else _made(one, f"no earlier article names this {one.kind}")
    if any(known.has(fact.kind, fact.value) for fact in one.facts if fact.kind != "date" or one.kind == "date"):
        return None
    if one.kind == "deadline":
        return _deadline(one, known)
    if one.kind == "official":
        return _made(one, "no official source told of it before", text=f"Confirmed by {_with_article(one.text)}")
    if one.kind in ("correction", "update"):
        weight = EDITED if edited and one.facts[0].text else None
        return _made(one, "the article announces it of itself", weight=weight)
    return _made(one, _REASONS[one.kind])


_REASONS = {
    "reference": "no earlier article names this number",
    "date": "a coming day that no earlier article names",
    "quote": "words that no earlier article quotes",
}


def _made(one: Statement, reason: str, *, text: str = "", weight: float | None = None) -> News:
    own = one.weight if one.weight is not None else WEIGHTS[one.kind]
    return News(
        kind=one.kind,
        value=one.facts[0].value,
        text=text or one.text,
        reason=reason,
        weight=own if weight is None else max(weight, own),
        sentence=one.sentence,
    )


def _with_article(name: str) -> str:
    return f"the {name}" if _WITH_ARTICLE.search(name) and not _HAS_ARTICLE.search(name) else name


# ── figures and deadlines ────────────────────────────────────────────────────────────────────────


def _figure(one: Statement, amount: Amount, stated: Stated, known: _Held) -> News | None:
    if known.has("figure", amount.key, *amount.rounded) or known.has("rounded", amount.key):
        return None
    before = _before(amount, stated, known) or _corrected(one, amount, stated, known)
    if before is None:
        return _made(one, "no earlier article has this figure", weight=None)
    of = f" ({amount.head})" if amount.head and not amount.is_count else ""
    return News(
        kind="change",
        value=amount.key,
        text=f"{before} → {amount.text}{of}",
        reason=f"earlier articles have {before}",
        weight=WEIGHTS["change"],
        sentence=one.sentence,
    )


def _before(amount: Amount, stated: Stated, known: _Held) -> str | None:
    """The figure that this one takes the place of, as it was written; None where none is known for certain."""
    if amount.old is not None:
        held = known.facts.get(("figure", amount.old.key))
        return amount.old.text if held is not None else None
    others = [fact for fact in known.topics.get(amount.topic, ()) if fact.kind == "about" and _same(amount, fact)]
    rivals = {
        each.amount.key for each in stated.statements if each.amount is not None and each.amount.topic == amount.topic
    }
    if len({fact.value for fact in others}) != 1 or len(rivals) != 1:
        return None
    still = f"{others[0].value.rpartition(': ')[2]}"
    restated = any(fact.kind == "figure" and fact.value == still for fact in stated.facts)
    return None if restated else others[0].text


def _corrected(one: Statement, amount: Amount, stated: Stated, known: _Held) -> str | None:
    """The held figure beside which a correction puts this one, where it names these two of the unit and no others."""
    if one.sentence is None or not any(
        each.kind == "correction" and each.sentence and each.sentence.start == one.sentence.start
        for each in stated.statements
    ):
        return None
    beside = {
        each.amount.key: each.amount
        for each in stated.statements
        if each.amount is not None and each.sentence and each.sentence.start == one.sentence.start
        if each.sentence.field == one.sentence.field and each.amount.unit == amount.unit
    }
    others = [other for key, other in beside.items() if key != amount.key]
    return others[0].text if len(others) == 1 and known.has("figure", others[0].key) else None


def _same(amount: Amount, fact: Fact) -> bool:
    """Whether a held figure is of the very same thing: the noun is the same already, what is about it agrees."""
    mine, theirs = amount.about, frozenset(fact.about)
    if mine and mine == theirs:
        return True
    nested = mine <= theirs or theirs <= mine
    return nested and (len(mine & theirs) > 1 or (amount.moved and (bool(mine & theirs) or not (mine and theirs))))


def _deadline(one: Statement, known: _Held) -> News:
    fact = one.facts[0]
    earlier = {held.text: held for held in known.topics.get(fact.topic, ()) if held.kind == "deadline"}
    if len(earlier) == 1:
        before = next(iter(earlier))
        changed = one.text.removesuffix(fact.text) + f"{before} → {fact.text}"
        return _made(one, f"earlier articles have {before}", text=changed)
    return _made(one, "no earlier article names this day")


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _is_known(one: Statement, named: Named, known: _Held) -> bool:
    if one.kind == "organisation":
        short = initials(named.text)
        return known.has("organisation", one.facts[0].value) or known.has("name", named.words[0], short)
    first, last = named.words[0], named.words[-1]
    if known.has("name", last):
        return True
    held = known.facts.get(("name", first))
    # The first word may be a family name ("Minister Wang"), or the given name of somebody else.
    return held is not None and len(held.text.split()) == 1


def strongest(news: Sequence[News], least: float) -> tuple[News, ...]:
    """Those that weigh at least so much."""
    return tuple(one for one in news if one.weight >= least)
