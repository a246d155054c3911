"""What is allowed but looks like a mistake: warnings, which keep no rule back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.model import AllOf, AnyOf, AtLeast, CountOf, InField, Term, children
from bot.text import cut
from bot.tomlfile import Character

from .query import Placed, write
from .terms import CJK, in_quotes
from .vetoes import coarse_in_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.errors import Fault
    from bot.model import Expr, Rule
    from bot.tomlfile import TomlPath

    from .conflicts import Note
    from .drafts import Draft
    from .files import RuleTable

SHOWN = 60
"""Characters of a query's piece in a warning."""


def lint(draft: Draft[RuleTable, Rule]) -> list[Fault]:
    """Warnings about a rule that has no faults, in the order of their places."""
    if draft.table is None:
        return []
    rule = draft.table
    found = [*_tests(rule), *_repeated(rule), *_vetoed(rule), *_short(rule), *draft.remarks]
    faults = [
        draft.file.fault((*draft.path, *path), f"{draft.subject}: {message}", remedy, subject=draft.subject)
        for path, message, remedy in found
    ]
    return sorted(faults, key=lambda fault: (fault.line, fault.column))


def lint_query(query: Expr, placed: Placed, vetoed: Iterable[Expr] = ()) -> Iterator[Note]:
    """The same of a query, each at its word; ``vetoed`` is what must not occur besides."""
    apart = frozenset(vetoed)
    groups = dict.fromkeys(_groups(query))
    yield from coarse_in_query(groups, query, placed)
    for group in groups:
        if isinstance(group, Term):
            at = _at(placed.start(group))
            if group.kind == "plain" and len(group.text) == 1:
                yield at, *_single(group.text)
            if group in apart:
                yield at, f"{in_quotes(group)} stands in none too, so it never makes a match", "remove one of the two"
        elif isinstance(group, (AllOf, AnyOf, CountOf)):
            twice = dict.fromkeys(part for part, times in Counter(group.parts).items() if times > 1)
            remedy = "remove one; ATLEAST/2 counts one several times" if isinstance(group, CountOf) else "remove one"
            for part in twice:
                at = _at(placed.again(part, group, group.parts))
                yield at, f"{cut(write(part), SHOWN)} stands twice side by side", remedy


def _at(start: int | None) -> TomlPath:
    return ("query",) if start is None else ("query", Character(start))


def _groups(expr: Expr) -> Iterator[Expr]:
    """What counts by itself wherever it stands, from the whole down to words; a name is somebody else's matter.

    What must stand near something else is left out: with that beside it a single letter may be just right.
    """
    if isinstance(expr, AnyOf) and expr.name:
        return
    yield expr
    if isinstance(expr, (AllOf, AnyOf, CountOf, InField, AtLeast)):
        for part in children(expr):
            yield from _groups(part)


def _tests(rule: RuleTable) -> Iterator[Note]:
    wanted = {"match": "that must match", "no": "that must not match"}
    missing = [words for kind, words in wanted.items() if kind not in {test.expect for test in rule.test}]
    if len(missing) == 2:
        yield (), "has no tests", 'add [[rule.test]] with text = "…" and expect = "match" or "no"'
    elif missing:
        yield (), f"has no test {missing[0]}", "add one: it shows what the rule is for, and guards it"


def _repeated(rule: RuleTable) -> Iterator[Note]:
    for key, terms in _lists(rule):
        seen: dict[str, int] = {}
        for number, term in enumerate(terms):
            first = seen.setdefault(_same(term), number)
            if first != number:
                yield (key, number), f'"{term}" stands twice in {key}', "remove one"


def _vetoed(rule: RuleTable) -> Iterator[Note]:
    vetoed = {_same(term) for term in rule.none}
    for key, terms in (("any", rule.any), ("all", rule.all)):
        for number, term in enumerate(terms):
            if _same(term) in vetoed:
                yield (key, number), f'"{term}" stands in none too, so it never makes a match', "remove one of the two"


def _short(rule: RuleTable) -> Iterator[Note]:
    for key, terms in (("any", rule.any), ("all", rule.all)):
        for number, term in enumerate(terms):
            if len(term) == 1:
                yield (key, number), *_single(term)


def _single(term: str) -> tuple[str, str]:
    kind = "Chinese or Japanese character" if CJK.match(term) else "letter or digit"
    return f'"{term}" is a single {kind} and will match very often', "use a longer term"


def _lists(rule: RuleTable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("any", rule.any), ("all", rule.all), ("none", rule.none), ("mask", rule.mask)


def _same(term: str) -> str:
    return term if term.startswith(("=", "/")) else term.casefold()
