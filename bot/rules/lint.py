"""What is allowed but looks like a mistake: warnings, which keep no rule back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .terms import CJK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.errors import Fault
    from bot.model import Rule
    from bot.tomlfile import TomlPath

    from .drafts import Draft
    from .files import RuleTable


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


def _tests(rule: RuleTable) -> Iterator[tuple[TomlPath, str, str]]:
    wanted = {"match": "that must match", "no": "that must not match"}
    missing = [words for kind, words in wanted.items() if kind not in {test.expect for test in rule.test}]
    if len(missing) == 2:
        yield (), "has no tests", 'add [[rule.test]] with text = "…" and expect = "match" or "no"'
    elif missing:
        yield (), f"has no test {missing[0]}", "add one: it shows what the rule is for, and guards it"


def _repeated(rule: RuleTable) -> Iterator[tuple[TomlPath, str, str]]:
    for key, terms in _lists(rule):
        seen: dict[str, int] = {}
        for number, term in enumerate(terms):
            first = seen.setdefault(_same(term), number)
            if first != number:
                yield (key, number), f'"{term}" stands twice in {key}', "remove one"


def _vetoed(rule: RuleTable) -> Iterator[tuple[TomlPath, str, str]]:
    vetoed = {_same(term) for term in rule.none}
    for key, terms in (("any", rule.any), ("all", rule.all)):
        for number, term in enumerate(terms):
            if _same(term) in vetoed:
                yield (key, number), f'"{term}" stands in none too, so it never makes a match', "remove one of the two"


def _short(rule: RuleTable) -> Iterator[tuple[TomlPath, str, str]]:
    for key, terms in (("any", rule.any), ("all", rule.all)):
        for number, term in enumerate(terms):
            if len(term) == 1:
                kind = "Chinese or Japanese character" if CJK.match(term) else "letter or digit"
                yield (key, number), f'"{term}" is a single {kind} and will match very often', "use a longer term"


def _lists(rule: RuleTable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("any", rule.any), ("all", rule.all), ("none", rule.none), ("mask", rule.mask)


def _same(term: str) -> str:
    return term if term.startswith(("=", "/")) else term.casefold()
