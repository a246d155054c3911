"""Drafts → entities, lists and rules: references resolved, the expression built, definition and hash written."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.model import Alias, AllOf, AnyOf, Entity, Not, NotNear, Rule, RuleTest, Term, terms_of
from bot.tomlfile import did_you_mean
from bot.tomlfile.models import Mistake

from .conflicts import Claims, impossible, remarks
from .definition import hash_of, write
from .lint import lint
from .terms import Reference, parse_plain, parse_term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.errors import Fault
    from bot.model import Expr
    from bot.tomlfile import TomlPath

    from .drafts import Draft, Drafts
    from .files import AliasTable, EntityTable, RuleTable, TermsTable

MOST_TERMS = 10_000
"""Terms of one rule with its entities and lists spelled out; rules are semi-trusted input."""


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
    book = _Book(drafts)
    for entity in drafts.entities:
        if entity.table and not entity.faults:
            compiled.entities[entity.id] = book.entities[entity.id] = _entity(entity.table)
            book.raw_entities[entity.id] = entity.raw
    for terms in drafts.lists:
        if terms.table and not terms.faults:
            book.add_list(terms, terms.table)
    compiled.lists = {id_: tuple(terms_of(expr)) for id_, expr in book.lists.items()}
    for rule in drafts.rules:
        if rule.table is None:
            _note_unknown(rule, book)
        made = _rule(rule, rule.table, book) if rule.table else None
        if made and not rule.faults:
            compiled.rules[rule.id] = made
            compiled.warnings += lint(rule)
    return compiled


class _Book:
    """Entities and lists by id, with the raw tables that definitions hold."""

    def __init__(self, drafts: Drafts) -> None:
        self.entities: dict[str, Entity] = {}
        self.lists: dict[str, Expr] = {}
        self.raw_entities: dict[str, Any] = {}
        self.raw_lists: dict[str, Any] = {}
        self.entities_of_list: dict[str, set[str]] = {}
        self.known = {(draft.kind, draft.id): draft for draft in drafts.all if draft.kind != "rule"}
        self.doubtful = sorted(drafts.doubtful)
        self._aliases_of: dict[str, Expr] = {}

    def add_list(self, draft: Draft[TermsTable], table: TermsTable) -> None:
        use = _Use(draft, self)
        parts = use.terms("any", table.any, lists=False)
        if not draft.faults:
            self.lists[draft.id] = AnyOf(tuple(parts), f"${draft.id}")
            self.raw_lists[draft.id] = draft.raw
            self.entities_of_list[draft.id] = use.entities

    def entity(self, id_: str) -> Expr:
        """Any alias of the entity; one shared value, however many rules refer to it."""
        if id_ not in self._aliases_of:
            aliases = [_alias_term(id_, alias) for alias in self.entities[id_].aliases]
            self._aliases_of[id_] = AnyOf(tuple(aliases), f"@{id_}")
        return self._aliases_of[id_]


@dataclass
class _Use:
    """The references of one rule or list."""

    draft: Draft[Any]
    book: _Book
    entities: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)

    def terms(self, key: str, texts: Sequence[str], at: TomlPath = (), *, lists: bool = True) -> list[Expr]:
        """What the terms under ``key`` stand for; a reference to something unusable is a fault and left out."""
        found = []
        for number, text in enumerate(texts):
            term = parse_term(text)
            path = (*at, key, number)
            expr = self.reference(term, path, lists=lists)
            if expr is not None:
                found.append(expr)
        return found

    def reference(self, reference: Term | Reference, path: TomlPath, *, lists: bool = True) -> Expr | None:
        """What a reference stands for; a plain term stands for itself."""
        if isinstance(reference, Term):
            return reference
        book = self.book
        if reference.kind == "entity" and reference.id in book.entities:
            self.entities.add(reference.id)
            return book.entity(reference.id)
        if reference.kind == "list" and not lists:
            self.draft.fault(path, f'"${reference.id}": a list cannot hold another list', "write its terms here")
        elif reference.kind == "list" and reference.id in book.lists:
            self.lists.add(reference.id)
            self.entities |= book.entities_of_list[reference.id]
            return book.lists[reference.id]
        else:
            self._missing(reference, path)
        return None

    def _missing(self, reference: Reference, path: TomlPath) -> None:
        sigil, key = ("@", "entity") if reference.kind == "entity" else ("$", "terms")
        name = f"{sigil}{reference.id}"
        broken = self.book.known.get((key, reference.id))
        if broken:
            place = f"{broken.file.file}:{broken.line}"
            self.draft.fault(path, f'"{name}" has a mistake itself', f"mend it first: {place}")
            return
        known = [f"{sigil}{id_}" for kind, id_ in self.book.known if kind == key and id_]
        remedy = did_you_mean(name, known) or f'define it with [[{key}]], or write "={name}" to look for this very text'
        if self.book.doubtful:
            remedy += f" – it may stand in a file that cannot be read: {', '.join(self.book.doubtful)}"
        self.draft.fault(path, f'there is no {reference.kind} "{name}"', remedy)


def _note_unknown(draft: Draft[RuleTable], book: _Book) -> None:
    """References that lead nowhere are told even where other mistakes keep the rule from being read."""
    use = _Use(draft, book)
    for key in ("any", "all", "none", "mask"):
        value = draft.raw.get(key)
        for number, text in enumerate(value if isinstance(value, list) else ()):
            if isinstance(text, str) and text[:1] in ("@", "$"):
                with suppress(Mistake):  # told already
                    use.reference(parse_term(text), (key, number))


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


def _alias_term(entity: str, alias: Alias) -> Term:
    term = parse_plain(alias.text)
    return Term(text=term.text, kind=term.kind, entity=entity, alias=alias)


def _rule(draft: Draft[RuleTable], table: RuleTable, book: _Book) -> Rule | None:
    """The rule; None (with faults in the draft) if it refers to something unusable or is too large."""
    use = _Use(draft, book)
    any_, all_ = use.terms("any", table.any), use.terms("all", table.all)
    none, mask = use.terms("none", table.none), use.terms("mask", table.mask)
    near = [use.terms("term", one.term, ("not_near", number)) for number, one in enumerate(table.not_near)]
    not_near = tuple(_not_near(use, number, table, terms) for number, terms in enumerate(near))
    if not draft.faults and sum(1 for part in (*any_, *all_, *none, *mask) for _ in terms_of(part)) > MOST_TERMS:
        draft.fault(
            (), f"{draft.subject} stands for more than {MOST_TERMS:,} terms", "use wildcards, or split the rule"
        )
    parts = _parts(any_, all_, none)
    if not draft.faults:
        claims = _claims(table, parts, mask, near)
        for path, message, remedy in impossible(claims):
            draft.fault(path, f"{draft.subject} {message}", remedy)
        draft.remarks += remarks(claims)
    if draft.faults:
        return None
    definition = write(
        draft.raw,
        {id_: book.raw_entities[id_] for id_ in use.entities},
        {id_: book.raw_lists[id_] for id_ in use.lists},
    )
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
        expect=table.expect,
        until=table.until,
        tests=tuple(_test(draft, number, table) for number in range(len(table.test))),
        hash=hash_of(definition),
        definition=definition,
        file=draft.file.file,
        line=draft.line,
    )


def _parts(any_: Sequence[Expr], all_: Sequence[Expr], none: Sequence[Expr]) -> tuple[tuple[TomlPath, Expr], ...]:
    """What must hold all at once, each with its place in the rule."""
    some = [(("any",), _any(any_))] if any_ else []
    veto = [(("none",), Not(_any(none)))] if none else []
    return (*some, *((("all", number), part) for number, part in enumerate(all_)), *veto)


def _claims(
    table: RuleTable,
    parts: tuple[tuple[TomlPath, Expr], ...],
    mask: Sequence[Expr],
    near: Sequence[Sequence[Expr]],
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
    )


def _not_near(use: _Use, number: int, table: RuleTable, terms: Sequence[Expr]) -> NotNear:
    near = table.not_near[number]
    return NotNear(
        term=tuple(term for part in terms for term in terms_of(part)),
        of=tuple(term for part in use.terms("of", near.of, ("not_near", number)) for term in terms_of(part)),
        within=near.within,
    )


def _test(draft: Draft[RuleTable], number: int, table: RuleTable) -> RuleTest:
    test = table.test[number]
    return RuleTest(
        text=test.text,
        expect=test.expect,
        title=test.title,
        date=test.date,
        lang=test.lang,
        source=test.source,
        line=draft.file.line((*draft.path, "test", number)),
    )


def _any(parts: Sequence[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _all(parts: Sequence[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _once(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
