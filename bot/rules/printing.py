"""A rule for readers: the bracketed tree, an English sentence, and every form that will match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import AllOf, AnyOf, Not, Term, children, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.model import Alias, Expr, Rule

WIDTH = 100
PLACES = {"title": "title", "body": "text", "lead": "first 60 words"}


def show(rule: Rule, forms: Callable[[Term], Sequence[str]] | None = None) -> str:
    """All there is to know about a rule, over several lines; ``forms`` gives what a term will match."""
    lines = [f"{rule.id} – {rule.title}", *(f"  {line}" for line in _facts(rule)), "", tree(rule.expr), ""]
    lines += [f"In words: {sentence(rule)}"]
    if forms:
        lines += ["", "Forms that will match:"]
        lines += [f"  {_quoted(term)}: {', '.join(forms(term))}" for term in _distinct(rule)]
    return "\n".join(lines)


def tree(expr: Expr, indent: int = 0) -> str:
    """The expression with every bracket written, on one line where that fits, else one part per line."""
    line = _flat(expr)
    if len(line) + indent <= WIDTH or isinstance(expr, Term):
        return " " * indent + line
    pad = " " * indent
    if isinstance(expr, Not):
        return f"{pad}NOT {tree(expr.part, indent).lstrip()}"
    word = "OR" if isinstance(expr, AnyOf) else "AND"
    parts = f"\n{pad}  {word}\n".join(tree(part, indent + 2) for part in children(expr))
    if all(isinstance(part, Term) for part in children(expr)):
        parts = _wrapped([_flat(part) for part in children(expr)], word, indent + 2)
    return f"{pad}(\n{parts}\n{pad})"


def sentence(rule: Rule) -> str:
    """What the rule does, in English."""
    places = _or([_place(name) for name in rule.where])
    positive, vetoes = _sides(rule.expr)
    times = f" at least {rule.min_hits} times in all" if rule.min_hits > 1 else ""
    found = f"An article matches when its {places} {'have' if len(rule.where) > 1 else 'has'} "
    found += _groups(positive) + times
    if vetoes:
        found += ", unless " + " or ".join(_phrase(part) for part in vetoes) + " occurs there"
    return " ".join([found + ".", *_conditions(rule)])


def _groups(parts: Sequence[Expr]) -> str:
    """Everything that must occur; several choices are kept apart so that nobody reads "or" and "and" on one level."""
    if len(parts) == 1:
        return _phrase(parts[0])
    return ", and ".join(f"one of {_phrase(part)}" if isinstance(part, AnyOf) else _phrase(part) for part in parts)


def _facts(rule: Rule) -> Iterator[str]:
    yield f"severity {rule.severity}" + (f", theme {rule.theme}" if rule.theme else "")
    yield "told to " + (", ".join(rule.notify) if rule.notify else "the routes and default destinations")
    if rule.owner:
        yield f"owner {rule.owner}"
    if rule.expect:
        yield f"expected volume {rule.expect}"
    if rule.until:
        yield f"until {rule.until}"
    place = f"{rule.file}:{rule.line}, " if rule.file else ""
    yield f"{place}version {rule.hash[:12]}, {_count(len(rule.tests), 'test')}"


def _conditions(rule: Rule) -> Iterator[str]:
    if rule.mask:
        yield f"Occurrences inside {_or([_quoted(term) for term in rule.mask])} do not count."
    for near in rule.not_near:
        first, second = (_or([_quoted(term) for term in terms]) for terms in (near.term, near.of))
        yield f"Nor do those of {first} with at most {_count(near.within, 'word')} between them and {second}."
    if rule.tiers:
        yield f"Only sources of the tier {_or(rule.tiers)} count."
    if rule.langs:
        yield f"Only articles in the language {_or(rule.langs)} count."
    ambiguous = [term for term in _distinct(rule) if term.alias]
    yield from (words for term in ambiguous if (words := _alias(term, term.alias)))


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
    return f"{_quoted(term)} counts only {', and '.join(conditions)}." if conditions else ""


def _flat(expr: Expr) -> str:
    if isinstance(expr, Term):
        return _quoted(expr)
    if isinstance(expr, Not):
        return f"NOT {_flat(expr.part)}"
    word = " OR " if isinstance(expr, AnyOf) else " AND "
    return f"({word.join(_flat(part) for part in children(expr))})"


def _wrapped(parts: Sequence[str], word: str, indent: int) -> str:
    lines, line = [], ""
    for number, part in enumerate(parts):
        piece = f"{word} {part}" if number else part
        if line and len(line) + len(piece) + indent >= WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {piece}".lstrip()
    return "\n".join(" " * indent + text for text in [*lines, line])


def _sides(expr: Expr) -> tuple[list[Expr], list[Expr]]:
    parts = expr.parts if isinstance(expr, AllOf) else (expr,)
    vetoes = [part.part for part in parts if isinstance(part, Not)]
    return [part for part in parts if not isinstance(part, Not)], vetoes


def _phrase(expr: Expr) -> str:
    if isinstance(expr, Term):
        return _quoted(expr)
    if isinstance(expr, Not):
        return f"not {_phrase(expr.part)}"
    named = list(dict.fromkeys(_named(part) for part in children(expr)))
    return _or(named) if isinstance(expr, AnyOf) else " and ".join(named)


def _named(expr: Expr) -> str:
    """An entity by its id rather than by all its aliases."""
    entities = {term.entity for term in terms_of(expr)}
    entity = next(iter(entities)) if len(entities) == 1 else None
    return f"@{entity}" if entity else _phrase(expr)


def _quoted(term: Term) -> str:
    shown = {"exact": f"={term.text}", "regex": f"/{term.text}/"}.get(term.kind, term.text)
    return f"“{shown}”"


def _place(name: str) -> str:
    return PLACES.get(name) or f"first {name.partition(':')[2]} words"


def _distinct(rule: Rule) -> list[Term]:
    return list(dict.fromkeys([*terms_of(rule.expr), *rule.mask]))


def _or(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
