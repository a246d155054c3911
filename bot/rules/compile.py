"""Drafts → entities, lists and rules: references resolved, the expression built, definition and hash written."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.model import Alias, AllOf, AnyOf, Entity, Not, NotNear, Rule, RuleTest, Term, terms_of
from bot.tomlfile.models import Mistake

from .conflicts import Claims, impossible, rare
from .definition import hash_of, write
from .drafts import Made
from .idle import idle
from .lint import lint, lint_query
from .queries import read_query
from .references import TOO_MANY, Book, Use, too_many
from .vetoes import coarse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.errors import Fault
    from bot.model import Expr
    from bot.tomlfile import TomlPath

    from .drafts import Draft, Drafts
    from .files import AliasTable, EntityTable, RuleTable
    from .query import Placed

ALIAS_WITHIN = 30
"""Words between an ambiguous alias and one of its ``with``."""


@dataclass
class Compiled:
    """What could be made of the drafts; whatever has a fault is not in it."""

    rules: dict[str, Rule] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    lists: dict[str, tuple[Term, ...]] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)


def compile_drafts(drafts: Drafts) -> Compiled:
    """Compile everything that has no fault; new faults are added to the drafts."""
    compiled = Compiled()
    book = compile_names(drafts, compiled)
    for rule in drafts.rules:
        made = _made(rule, book)
        if made:
            compiled.rules[rule.id] = made.value
            compiled.warnings += made.warnings
    return compiled


def _made(draft: Draft[RuleTable, Rule], book: Book) -> Made[Rule] | None:
    """The rule with its warnings, compiled anew unless nothing it depends on has changed; None if it has faults."""
    if not book.still(draft):
        draft.made = _compiled(draft, book)
    return draft.made


def _compiled(draft: Draft[RuleTable, Rule], book: Book) -> Made[Rule] | None:
    if draft.table is None:
        _note_unknown(draft, book)
        return None
    use = Use(book)
    rule = _rule(draft, draft.table, use)
    return Made(rule, *use.definition(), warnings=tuple(lint(draft))) if rule else None


def compile_names(drafts: Drafts, compiled: Compiled) -> Book:
    """Compile the entities and lists, which rules refer to."""
    book = Book(drafts)
    for entity in drafts.entities:
        if entity.table and not entity.faults:
            compiled.entities[entity.id] = _entity(entity.table)
            book.add_entity(entity, compiled.entities[entity.id])
    for terms in drafts.lists:
        if terms.table and not terms.faults:
            book.add_list(terms, terms.table)
    compiled.lists = {id_: tuple(terms_of(expr)) for id_, expr in book.lists.items()}
    return book


def _note_unknown(draft: Draft[RuleTable, Rule], book: Book) -> None:
    """Mistakes in a query and references that lead nowhere are told even where others keep the rule from being read."""
    use = Use(book)
    for key in ("any", "all", "none", "mask"):
        value = draft.raw.get(key)
        for number, text in enumerate(value if isinstance(value, list) else ()):
            if isinstance(text, str) and text[:1] in ("@", "$"):
                with suppress(Mistake):  # told already
                    use.terms(draft, (key,), [text], number)
    read_query(draft, use)


def _entity(table: EntityTable) -> Entity:
    return Entity(
        id=table.id, name=table.name, kind=table.kind, aliases=tuple(_alias(alias) for alias in table.aliases)
    )


def _alias(table: AliasTable) -> Alias:
    return Alias(
        text=table.text,
        requires=table.requires,
        within=ALIAS_WITHIN if table.within is None else table.within,
        without=table.without,
        valid_from=table.valid_from,
        valid_until=table.valid_until,
    )


def _rule(draft: Draft[RuleTable, Rule], table: RuleTable, use: Use) -> Rule | None:
    """The rule; None (with faults in the draft) if it refers to something unusable or is too large."""
    any_, all_, none, mask = (use.terms(draft, (key,), getattr(table, key)) for key in ("any", "all", "none", "mask"))
    near = [use.terms(draft, ("not_near", number, "term"), one.term) for number, one in enumerate(table.not_near)]
    not_near = tuple(_not_near(draft, use, number, table, terms) for number, terms in enumerate(near))
    query, placed = read_query(draft, use)
    parts = _parts(query, any_, all_, none)
    if not draft.faults and too_many((*(part for _, part in parts), *mask)):
        draft.fault((), f"{draft.subject} {TOO_MANY}", "use wildcards, or split the rule")
    if not draft.faults:
        claims = _claims(table, parts, mask, near, placed)
        for path, message, remedy in impossible(claims):
            draft.fault(path, f"{draft.subject} {message}", remedy)
        vetoes = (((("none", number)), part) for number, part in enumerate(none))
        draft.remarks += [*rare(claims), *idle(claims), *coarse(vetoes, [part for _, part in parts])]
        draft.remarks += lint_query(query, placed, none) if query else ()
    if draft.faults:
        return None
    definition = write(draft.raw, *use.definition())
    return Rule(
        id=table.id,
        title=table.title or table.id,
        expr=_all([part for _, part in parts]),
        theme=table.theme or "",
        severity=table.severity,
        owner=table.owner,
        notify=_once(table.notify),
        mask=tuple(term for part in mask for term in terms_of(part)),
        not_near=not_near,
        where=_once(table.where) or ("title", "body"),
        min_hits=table.min_hits,
        tiers=_once(table.sources.tier),
        langs=_once(table.sources.lang),
        inhibited_by=_once(table.inhibited_by),
        repeat=table.repeat,
        expect=table.expect,
        until=table.until,
        tests=tuple(_test(draft, number, table) for number in range(len(table.test))),
        hash=hash_of(definition),
        definition=definition,
        file=draft.file.file,
        line=draft.line,
    )


def _parts(
    query: Expr | None, any_: Sequence[Expr], all_: Sequence[Expr], none: Sequence[Expr]
) -> tuple[tuple[TomlPath, Expr], ...]:
    """What must hold all at once, each with its place in the rule."""
    some = [(("query",), query)] if query else [(("any",), _any(any_))] if any_ else []
    veto = [(("none",), Not(_any(none)))] if none else []
    return (*some, *((("all", number), part) for number, part in enumerate(all_)), *veto)


def _claims(
    table: RuleTable,
    parts: tuple[tuple[TomlPath, Expr], ...],
    mask: Sequence[Expr],
    near: Sequence[Sequence[Expr]],
    placed: Placed,
) -> Claims:
    terms = (
        (("not_near", number, "term", at), tuple(terms_of(part)))
        for number, item in enumerate(near)
        for at, part in enumerate(item)
    )
    return Claims(
        parts=parts,
        mask=tuple((("mask", number), tuple(terms_of(part))) for number, part in enumerate(mask)),
        not_near=tuple(terms),
        where=table.where or ("title", "body"),
        tiers=table.sources.tier,
        langs=table.sources.lang,
        placed=placed,
    )


def _not_near(draft: Draft[RuleTable, Rule], use: Use, number: int, table: RuleTable, terms: Sequence[Expr]) -> NotNear:
    near = table.not_near[number]
    of = use.terms(draft, ("not_near", number, "of"), near.of)
    return NotNear(
        term=tuple(term for part in terms for term in terms_of(part)),
        of=tuple(term for part in of for term in terms_of(part)),
        within=near.within,
    )


def _test(draft: Draft[RuleTable, Rule], number: int, table: RuleTable) -> RuleTest:
    test = table.test[number]
    return RuleTest(
        text=test.text,
        expect=test.expect,
        title=test.title,
        date=test.date,
        lang=test.lang,
        source=test.source,
        author=test.author or "",
        url=test.url,
        line=draft.file.line((*draft.path, "test", number)),
    )


def _any(parts: Sequence[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _all(parts: Sequence[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _once(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
