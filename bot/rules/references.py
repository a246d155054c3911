"""``@id`` and ``$id`` → the aliases and terms they stand for, for typed keys and for queries alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.model import AnyOf, Entity, Term, terms_of
from bot.tomlfile import did_you_mean
from bot.tomlfile.models import Mistake

from .drafts import Made
from .terms import Reference, parse_plain, parse_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Alias, Expr
    from bot.tomlfile import TomlPath

    from .drafts import Draft, Drafts
    from .files import TermsTable

MOST_TERMS = 10_000
"""Terms of one rule with its entities and lists spelled out; rules are semi-trusted input."""

TOO_MANY = f"stands for more than {MOST_TERMS:,} terms"

SIGILS = {"entity": "@", "list": "$"}
KEYS = {"entity": "entity", "list": "terms"}


def too_many(parts: Iterable[Expr]) -> bool:
    """Whether these stand for more than MOST_TERMS terms."""
    return len(list(islice((term for part in parts for term in terms_of(part)), MOST_TERMS + 1))) > MOST_TERMS


class Book:
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

    def add_entity(self, draft: Draft[Any, Any], entity: Entity) -> None:
        """Let ``@id`` stand for any alias of the entity."""
        self.entities[draft.id] = entity
        self.raw_entities[draft.id] = draft.raw

    def add_list(self, draft: Draft[TermsTable, Expr], table: TermsTable) -> None:
        """Let ``$id`` stand for any term of the list; faults go to the draft, and then it stands for nothing."""
        if not self.still(draft):
            use = Use(self, in_list=True)
            value = AnyOf(tuple(use.terms(draft, ("any",), table.any)), f"${draft.id}")
            draft.made = None if draft.faults else Made(value, *use.definition())
        if draft.made:
            self.lists[draft.id] = draft.made.value
            self.raw_lists[draft.id] = draft.raw
            self.entities_of_list[draft.id] = set(draft.made.entities)

    def still(self, draft: Draft[Any, Any]) -> bool:
        """Whether what was made of a table stands: it has no fault, and all it refers to says what it then said."""
        made = draft.made
        return (
            made is not None
            and not draft.faults
            and all(self.raw_entities.get(id_) == raw for id_, raw in made.entities.items())
            and all(self.raw_lists.get(id_) == raw for id_, raw in made.lists.items())
        )

    def entity(self, id_: str) -> Expr:
        """Any alias of the entity; one shared value, however many rules refer to it."""
        if id_ not in self._aliases_of:
            aliases = [_alias_term(id_, alias) for alias in self.entities[id_].aliases]
            self._aliases_of[id_] = AnyOf(tuple(aliases), f"@{id_}")
        return self._aliases_of[id_]

    def missing(self, reference: Reference, as_text: str) -> Mistake:
        """Why a reference leads nowhere."""
        sigil, key = SIGILS[reference.kind], KEYS[reference.kind]
        name = f"{sigil}{reference.id}"
        broken = self.known.get((key, reference.id))
        if broken:
            return Mistake(f'"{name}" has a mistake itself', f"mend it first: {broken.file.file}:{broken.line}")
        remedy = self._meant(reference) or (
            f"define it with [[{key}]], or write {as_text.format(name)} to look for this very text"
        )
        if self.doubtful:
            remedy += f" – it may stand in a file that cannot be read: {', '.join(self.doubtful)}"
        return Mistake(f'there is no {reference.kind} "{name}"', remedy)

    def _meant(self, reference: Reference) -> str:
        """What was probably meant: the same id with the other sign, or one that is written much alike."""
        sigil, key = SIGILS[reference.kind], KEYS[reference.kind]
        other = "list" if reference.kind == "entity" else "entity"
        if (KEYS[other], reference.id) in self.known:
            return f'did you mean "{SIGILS[other]}{reference.id}"?'
        return did_you_mean(
            f"{sigil}{reference.id}", [f"{sigil}{id_}" for kind, id_ in self.known if kind == key and id_]
        )


@dataclass
class Use:
    """The ids that one rule or list refers to; ``in_list`` says that a list does, which cannot hold another."""

    book: Book
    in_list: bool = False
    entities: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)

    def expand(self, reference: Reference, as_text: str = '"={}"') -> Expr:
        """What a reference stands for. Raises :class:`Mistake` if that is nothing usable.

        ``as_text`` is how one writes such a name where it is meant as text.
        """
        book = self.book
        if reference.kind == "entity" and reference.id in book.entities:
            self.entities.add(reference.id)
            return book.entity(reference.id)
        if reference.kind == "list" and self.in_list:
            raise Mistake(f'"${reference.id}": a list cannot hold another list', "write its terms here")
        if reference.kind == "list" and reference.id in book.lists:
            self.lists.add(reference.id)
            self.entities |= book.entities_of_list[reference.id]
            return book.lists[reference.id]
        raise book.missing(reference, as_text)

    def terms(self, draft: Draft[Any, Any], path: TomlPath, texts: Sequence[str], first: int = 0) -> list[Expr]:
        """What the terms at ``path`` stand for; a reference to something unusable is a fault and left out.

        ``first`` is the number that the first of ``texts`` has there.
        """
        found = []
        for number, text in enumerate(texts, first):
            term = parse_term(text)
            try:
                found.append(term if isinstance(term, Term) else self.expand(term))
            except Mistake as mistake:
                draft.fault((*path, number), str(mistake), mistake.remedy)
        return found

    def definition(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The raw tables of the entities and the lists that were referred to."""
        return (
            {id_: self.book.raw_entities[id_] for id_ in self.entities},
            {id_: self.book.raw_lists[id_] for id_ in self.lists},
        )


def _alias_term(entity: str, alias: Alias) -> Term:
    term = parse_plain(alias.text)
    return Term(text=term.text, kind=term.kind, entity=entity, alias=alias)
