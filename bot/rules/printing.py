"""A rule for readers: the tree as a query, an English sentence, its anchor, and every form that will match."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.model import AnyOf, Term, children, terms_of
from bot.model.words import joined, plural
from bot.tomlfile.durations import written

from .anchors import anchor, by_length
from .english import anchor_sentence, cited, sentence
from .query import as_tree, frame, spell, write
from .terms import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.model import Expr, Rule

    from .anchors import Cost
    from .query.nodes import Node

WIDTH = 100
INDENT = 2


def show(rule: Rule, forms: Callable[[Term], Sequence[str]] | None = None, cost: Cost = by_length) -> str:
    """All there is to know about a rule, over several lines.

    ``forms`` gives what a term will match, ``cost`` what it costs, by which the anchor is chosen.
    """
    lines = [f"{rule.id} – {rule.title}", *(f"  {line}" for line in _facts(rule)), "", tree(rule.expr)]
    if named := names(rule):
        lines += ["", *(f"  {name} stands for {', '.join(found)}" for name, found in named.items())]
    lines += ["", f"In words: {sentence(rule)}", "", anchor_sentence(anchor(rule.expr, cost))]
    if forms:
        lines += ["", "Forms that will match:"]
        lines += [f"  {cited(term)}: {', '.join(found := forms(term))}{_case(term, found)}" for term in distinct(rule)]
    return "\n".join(lines)


def details(rule: Rule, forms: Callable[[Term], Sequence[str]], cost: Cost = by_length) -> dict[str, object]:
    """The same for scripts, piece by piece."""
    return {
        "tree": tree(rule.expr),
        "names": [{"name": name, "terms": found} for name, found in names(rule).items()],
        "sentence": sentence(rule),
        "anchor": [typed(term) for term in anchor(rule.expr, cost) or ()],
        "forms": [{"term": typed(term), "forms": forms(term)} for term in distinct(rule)],
    }


def tree(expr: Expr) -> str:
    """The expression as a query with every bracket written, over several lines where one would be too long."""
    return "\n".join(_laid_out(as_tree(expr), 0))


def names(rule: Rule) -> Mapping[str, tuple[str, ...]]:
    """What each ``@id`` and ``$id`` in the rule's expression stands for, in the spelling of the query language."""
    found: dict[str, tuple[str, ...]] = {}
    _note_names(rule.expr, found)
    return found


def distinct(rule: Rule) -> list[Term]:
    """The terms of a rule, each once: what it looks for, what it masks and what must not stand near."""
    apart = [term for near in rule.not_near for term in (*near.term, *near.of)]
    return list(dict.fromkeys([*terms_of(rule.expr), *rule.mask, *apart]))


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────


def _laid_out(node: Node, indent: int) -> list[str]:
    """The lines of a node, none longer than WIDTH where it can be parted."""
    pad, line = " " * indent, spell(node)
    before, parts, between, after = frame(node)
    if not parts or indent + len(line) <= WIDTH:
        return [pad + line]
    if len(parts) == 1 and not after:
        first, *others = _laid_out(parts[0], indent)
        return [f"{pad}{before}{first.lstrip()}", *others]
    if all(not frame(part).parts for part in parts):
        return [pad + before, *_filled([spell(part) for part in parts], between, indent + INDENT), pad + after]
    return [pad + before, *_stacked(parts, between.strip(), indent + INDENT), pad + after]


def _stacked(parts: Sequence[Node], between: str, indent: int) -> Iterator[str]:
    """One part below the other; an operator has a line of its own, a comma ends one."""
    for number, part in enumerate(parts, 1):
        lines = _laid_out(part, indent)
        comma = between == "," and number < len(parts)
        yield from [*lines[:-1], lines[-1] + "," * comma]
        if between != "," and number < len(parts):
            yield " " * indent + between


def _filled(parts: Sequence[str], between: str, indent: int) -> Iterator[str]:
    """As many parts to a line as there is room for, an operator before the next one, a comma after the last."""
    operator = between.strip()
    line = ""
    for number, part in enumerate(parts, 1):
        comma = operator == "," and number < len(parts)
        piece = (f"{operator} " if number > 1 and operator != "," else "") + part + "," * comma
        if line and indent + len(line) + 1 + len(piece) > WIDTH:
            yield " " * indent + line
            line = ""
        line = f"{line} {piece}".lstrip()
    yield " " * indent + line


def _note_names(expr: Expr, found: dict[str, tuple[str, ...]]) -> None:
    if isinstance(expr, AnyOf) and expr.name:
        found[expr.name] = tuple(_bare(part) for part in expr.parts)
    for part in children(expr):
        _note_names(part, found)


def _bare(expr: Expr) -> str:
    """A member of a group: an alias by its text."""
    return write(replace(expr, entity=None, alias=None) if isinstance(expr, Term) else expr)


# ── beside it ────────────────────────────────────────────────────────────────────────────────────


def _facts(rule: Rule) -> Iterator[str]:
    yield f"severity {rule.severity}" + (f", theme {rule.theme}" if rule.theme else "")
    yield "told to " + (", ".join(rule.notify) if rule.notify else "the routes and default destinations")
    if rule.inhibited_by:
        yield f"silent on a story that {joined(rule.inhibited_by, 'or')} has told"
    if rule.repeat is not None:
        yield f"tells nothing further of a story for {written(rule.repeat)}"
    if rule.owner:
        yield f"owner {rule.owner}"
    if rule.expect:
        yield f"expected volume {rule.expect}"
    if rule.until:
        yield f"until {rule.until}"
    place = f"{rule.file}:{rule.line}, " if rule.file else ""
    yield f"{place}version {rule.hash[:12]}, {plural(len(rule.tests), 'test')}"


def _case(term: Term, forms: Sequence[str]) -> str:
    """Where the case of a term matters, what of it does."""
    if term.kind == "exact":
        return " (exactly as written)"
    capitals = term.kind != "regex" and any(char.isupper() for form in forms for char in form)
    return " (capitals match capitals only)" if capitals else ""
