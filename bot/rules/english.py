"""A rule in English, to be read aloud: one statement for every expression, none of which can be taken for another.

Each statement shows by its own words where it ends: one of two parts begins with "either" or "both", one of more
announces a numbered list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import (
    AllOf,
    AnyOf,
    AtLeast,
    CountOf,
    FarFrom,
    InField,
    Meta,
    Near,
    Not,
    Term,
    Together,
    children,
    terms_of,
)
from bot.model.words import joined, lead_words, plural

from .terms import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import Alias, Expr, Rule

PLACES = {"title": "title", "body": "text"}
MOST = 6
"""Terms of an anchor that are named."""


def sentence(rule: Rule) -> str:
    """What the rule does."""
    parts = rule.expr.parts if isinstance(rule.expr, AllOf) else (rule.expr,)
    wanted = [part for part in parts if not isinstance(part, Not) or _is_fact(part.part)] or list(parts)
    vetoes = [part.part for part in parts if isinstance(part, Not) and part not in wanted]
    said = f"An article matches when {_statements(wanted, 'and')}"
    if vetoes:
        said += f", unless {_statements(vetoes, 'or')}"
    return " ".join([f"{said}.", *_conditions(rule)])


def _statements(parts: Sequence[Expr], joint: str) -> str:
    return joined([_statement(part, alone=len(parts) == 1) for part in parts], joint, apart=True)


def anchor_sentence(terms: Sequence[Term] | None) -> str:
    """Where a rule with this anchor is looked at."""
    if terms is None:
        return "Looked at for every article."
    named = joined([cited(term) for term in terms], "or", most=MOST)
    return f"Looked at only where {'one of ' * (len(terms) > 1)}{named} occurs."


def cited(term: Term) -> str:
    """A term as it is typed, between the quotation marks of a sentence."""
    return f"“{typed(term)}”"


# ── the expression ───────────────────────────────────────────────────────────────────────────────


def _statement(expr: Expr, at: str = "", *, alone: bool = False) -> str:
    """What is so if the expression is true; ``at`` numbers it in a list, ``alone`` it needs no sign of its end."""
    if _is_words(expr):
        named = _or(_nouns(expr)) if alone and isinstance(expr, AnyOf) and not expr.name else _noun(expr)
        return f"{named} occurs"
    if _is_fact(expr):
        return _fact(expr, denied=False)
    match expr:
        case Not():
            return _denied(expr.part, at)
        case InField():
            return f"in its {_place(expr.field)} {_statement(expr.part, at)}"
        case AllOf() if all(map(_is_words, expr.parts)):
            return f"{joined([_noun(part) for part in expr.parts], 'and', apart=not _are_terms(expr.parts))} occur"
        case AllOf():
            return _listed(expr.parts, at, "both", "and", "all of this is so")
        case AnyOf():
            return _listed(expr.parts, at, "either", "or", "at least one of these is so")
        case _:
            return _counting(expr, at)


def _counting(expr: Expr, at: str) -> str:
    """What is said of occurrences together."""
    match expr:
        case Near():
            order = " in this order" if expr.ordered else ""
            return f"{_pair(expr)} occur{order} with {_distance(expr.within)} between them"
        case FarFrom():
            none = f"none of {_or(found)}" if len(found := _nouns(expr.of)) > 1 else f"no {found[0]}"
            away = f"{_distance(expr.within)} away from it" if expr.within else "directly beside it"
            return f"{_noun(expr.part)} occurs somewhere with {none} {away}"
        case Together():
            return f"{_pair(expr)} occur in one {expr.unit}"
        case AtLeast():
            return f"at least {plural(expr.count, 'time')} in all {_or(_nouns(expr.part))} occurs"
        case CountOf() if all(map(_is_words, expr.parts)):
            named = joined([_noun(part) for part in expr.parts], "and", apart=not _are_terms(expr.parts))
            return f"of {named} at least {expr.count} occur, each at a place of its own"
        case CountOf():
            total = f"at least {expr.count} of these {len(expr.parts)} are so, each at a place of its own"
            return f"{total}: {_numbered(expr.parts, at, 'and')}"
        case _:
            return ""


def _denied(expr: Expr, at: str) -> str:
    if _is_fact(expr):
        return _fact(expr, denied=True)
    if isinstance(expr, Term) or (isinstance(expr, AnyOf) and expr.name):
        return f"no {_noun(expr)} occurs"
    if _is_words(expr):
        return f"none of {_or(_nouns(expr))} occurs"
    return f"it is not so that {_statement(expr, at)}"


def _listed(parts: Sequence[Expr], at: str, before: str, joint: str, many: str) -> str:
    """Two statements between two words, more of them numbered."""
    if len(parts) == 1:
        return _statement(parts[0], at)
    if len(parts) == 2:
        first, second = (_statement(part, at) for part in parts)
        return f"{before} {first}, {joint} {second}"
    return f"{many}: {_numbered(parts, at, joint)}"


def _numbered(parts: Sequence[Expr], at: str, joint: str) -> str:
    items = [f"({at}{number}) {_statement(part, f'{at}{number}.')}" for number, part in enumerate(parts, 1)]
    return joined(items, joint, apart=True)


def _is_words(expr: Expr) -> bool:
    """Whether it is a term or a choice of terms."""
    return isinstance(expr, Term) or (isinstance(expr, AnyOf) and all(map(_is_words, expr.parts)))


def _are_terms(parts: Iterable[Expr]) -> bool:
    return all(isinstance(part, Term) or (isinstance(part, AnyOf) and part.name) for part in parts)


def _noun(expr: Expr) -> str:
    """A term, a name, or one of several."""
    if isinstance(expr, Term):
        return cited(expr)
    found = _nouns(expr)
    return found[0] if len(found) == 1 else f"one of {_or(found)}"


def _nouns(expr: Expr) -> list[str]:
    """The parts of a choice; a name stands for all of its own."""
    if isinstance(expr, AnyOf):
        return [expr.name] if expr.name else [_noun(part) for part in expr.parts]
    return [_noun(expr)]


def _pair(expr: Near | Together) -> str:
    return joined([_noun(part) for part in children(expr)], "and", apart=not _are_terms(children(expr)))


def _distance(within: int) -> str:
    return f"at most {plural(within, 'word')}" if within else "no word"


def _place(name: str) -> str:
    return PLACES.get(name) or f"first {lead_words(name)} words"


# ── what is known of the article ─────────────────────────────────────────────────────────────────


def _is_fact(expr: Expr) -> bool:
    """Whether it is about one fact, with one value or a choice."""
    return len({fact.field for fact in _facts(expr)}) == 1


def _facts(expr: Expr) -> tuple[Meta, ...]:
    """The facts of which one must be so; () if it is about anything else."""
    parts = expr.parts if isinstance(expr, AnyOf) else (expr,)
    found = tuple(part for part in parts if isinstance(part, Meta))
    return found if len(found) == len(parts) else ()


def _fact(expr: Expr, *, denied: bool) -> str:
    facts = _facts(expr)
    name, terms = facts[0].field, [fact.term for fact in facts]
    values = _or([term.text for term in terms])
    words = _or([cited(term) for term in terms])
    match name:
        case "author":
            return f"its author is {'not ' * denied}called {words}"
        case "url":
            return f"its address {'does not contain' if denied else 'contains'} {words}"
        case "tier":
            return f"its source is {'not ' * denied}of the tier {values}"
        case "source":
            return f"its source is {'not ' * denied}{values}"
        case "lang":
            return f"its language is {f'not {values}' if denied else f'{values}, or unknown,'}"


# ── beside the expression ────────────────────────────────────────────────────────────────────────


def _conditions(rule: Rule) -> Iterator[str]:
    if not {"title", "body"} <= set(rule.where):
        places = joined([_place(name) for name in rule.where], "and")
        besides = "; what must not occur is looked for in the whole article" if _denies(rule.expr) else ""
        yield f"Only what stands in its {places} counts{besides}."
    if rule.min_hits > 1:
        yield f"At least {plural(rule.min_hits, 'occurrence')} are needed in all."
    if rule.mask:
        yield f"Occurrences inside {_or([cited(term) for term in rule.mask])} do not count."
    for near in rule.not_near:
        first, second = (_or([cited(term) for term in terms]) for terms in (near.term, near.of))
        yield f"Occurrences of {first} with {_distance(near.within)} between them and {second} do not count."
    if rule.tiers:
        yield f"Only sources of the tier {_or(rule.tiers)} count."
    if rule.langs:
        yield f"Only articles in the language {_or(rule.langs)}, or in one that is unknown, count."
    if rule.until:
        yield f"The rule is off after {rule.until}."
    apart = [term for near in rule.not_near for term in (*near.term, *near.of)]
    ambiguous = dict.fromkeys(term for term in (*terms_of(rule.expr), *rule.mask, *apart) if term.alias)
    yield from (words for term in ambiguous if (words := _alias(term, term.alias)))


def _denies(expr: Expr) -> bool:
    """Whether something in it must not occur."""
    if isinstance(expr, Not):
        return not _is_fact(expr.part)
    return isinstance(expr, FarFrom) or any(map(_denies, children(expr)))


def _alias(term: Term, alias: Alias | None) -> str:
    if alias is None:
        return ""
    conditions = []
    if alias.requires:
        near = _or([f"“{word}”" for word in alias.requires])
        conditions.append(f"with {near} within {alias.within} words, or beside a full name of @{term.entity}")
    if alias.without:
        far = _or([f"“{word}”" for word in alias.without])
        conditions.append(f"without {far} within {alias.within} words")
    if alias.valid_from or alias.valid_until:
        since = f"from {alias.valid_from}" if alias.valid_from else ""
        until = f"until {alias.valid_until}" if alias.valid_until else ""
        conditions.append(f"in articles dated {since} {until}".replace("  ", " ").rstrip())
    return f"{cited(term)} counts only {', and '.join(conditions)}." if conditions else ""


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def _or(words: Iterable[str]) -> str:
    return joined(list(words), "or")
