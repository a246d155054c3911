"""What a colleague would say who reads the rules beside the archive: remarks, which keep nothing back.

Each of them would be wrong for some rule, so none is a mistake, and each says how to do better.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import Fault
from .impact import STORM_SAMPLE, storms
from .model import AllOf, AnyOf, Not, Term
from .model.words import plural
from .rules import distinct, typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .impact import Survey
    from .model import Entity, Expr, Rule, RuleSet

# Of two rules that share so much one is hardly needed; of fewer articles the share says little.
SHARED, SHARED_SAMPLE = 0.9, 10
ACRONYM = re.compile(r"[A-Z]{2,3}")
# Capitals that mean one thing in the news of the world. All others name an office here and a disease there.
KNOWN = frozenset(["US", "USA", "UK", "EU", "UN", "UAE", "WTO", "IMF", "WHO", "FBI", "CIA", "FTC", "SEC", "ECB", "PRC"])


def remarks(ruleset: RuleSet, survey: Survey, today: date) -> Iterator[Fault]:
    """Everything there is to say, rule by rule where that can be."""
    for rule in ruleset.rules.values():
        yield from _acronyms(rule)
        yield from _offices(rule, ruleset, today)
    yield from storms(survey.costs, ruleset)
    yield from _silent(survey, ruleset)
    yield from _overlaps(survey, ruleset)


def _remark(rule: Rule, message: str, remedy: str) -> Fault:
    return Fault(
        file=rule.file,
        line=rule.line,
        column=1,
        subject=f"rule {rule.id}",
        message=f"rule {rule.id}: {message}",
        remedy=remedy,
    )


# ── what the rules alone show ────────────────────────────────────────────────────────────────────


def _acronyms(rule: Rule) -> Iterator[Fault]:
    """Two or three capitals that are enough for a match by themselves."""
    for term in _sufficient(rule.expr):
        word = term.text.replace(".", "")
        if term.kind in ("plain", "exact") and ACRONYM.fullmatch(word) and word not in KNOWN and _is_bare(term):
            context = 'give the alias a with = ["…"]' if term.entity else "ask for a second term in all, or use NEAR"
            named = f"{typed(term)} (of @{term.entity})" if term.entity else typed(term)
            message = f"{named} alone is enough, and so few capitals stand for many things"
            yield _remark(rule, message, f"{context}; or look for the name written out")


def _is_bare(term: Term) -> bool:
    return term.alias is None or not (term.alias.requires or term.alias.without)


def _sufficient(expr: Expr) -> Iterator[Term]:
    """Terms of which one is enough, whatever else stands in the article, but for what must not."""
    if isinstance(expr, Term):
        yield expr
    elif isinstance(expr, AnyOf):
        for part in expr.parts:
            yield from _sufficient(part)
    elif isinstance(expr, AllOf):
        wanted = [part for part in expr.parts if not isinstance(part, Not)]
        if len(wanted) == 1:
            yield from _sufficient(wanted[0])


def _offices(rule: Rule, ruleset: RuleSet, today: date) -> Iterator[Fault]:
    """Entities that no article of today can name, because each of their aliases has had its time."""
    for id_ in dict.fromkeys(term.entity for term in distinct(rule) if term.entity):
        entity = ruleset.entities.get(id_)
        if entity is not None and (ended := _ended(entity, today)) is not None:
            yield _remark(
                rule,
                f"@{id_} finds nothing in articles after {ended}: its aliases are valid until then or earlier",
                "name who holds the office now, add an alias without an end, or give the rule an until",
            )


def _ended(entity: Entity, today: date) -> date | None:
    """The last day on which one of its aliases was valid, if that is past."""
    ends = [alias.valid_until for alias in entity.aliases]
    last = max((end for end in ends if end is not None), default=None)
    return last if None not in ends and last is not None and last < today else None


# ── what the archive shows ───────────────────────────────────────────────────────────────────────


def _silent(survey: Survey, ruleset: RuleSet) -> Iterator[Fault]:
    archived = survey.costs[0].archived if survey.costs else 0
    if archived >= STORM_SAMPLE:
        for id_ in survey.silent:
            message = f"matches none of {plural(archived, 'archived article')}, and never did"
            remedy = f"presswatch rules show {id_} tells what would match; make it wider, or take it out"
            yield _remark(ruleset.rules[id_], message, remedy)


def _overlaps(survey: Survey, ruleset: RuleSet) -> Iterator[Fault]:
    """The rule of two that has hardly an article of its own, with the one that has them too."""
    hits = {cost.rule: cost.hits for cost in survey.costs}
    told: set[str] = set()
    for (one, other), shared in sorted(survey.together.items(), key=lambda pair: -pair[1]):
        narrow, wide = (one, other) if hits[one] <= hits[other] else (other, one)
        if narrow not in told and hits[narrow] >= SHARED_SAMPLE and shared >= SHARED * hits[narrow]:
            told.add(narrow)
            message = f"{shared:,} of its {plural(hits[narrow], 'archived article')} are those of rule {wide} too"
            remedy = "keep one of the two, or ask here for what the other does not"
            yield _remark(ruleset.rules[narrow], message, remedy)
