"""Facts about an article – who wrote it, where it stands – as a query asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import AllOf, AnyOf, Meta, Not, Term, terms_of
from bot.rules.facts import check_lang, check_tier
from bot.tomlfile.models import ID, Mistake

from .nodes import And, Broken, Field, Leaf, No, Or
from .spelling import as_phrase

if TYPE_CHECKING:
    from bot.model import Expr, MetaField

    from .lowering import Lowering
    from .nodes import Node


class Facts:
    """Lowers what stands behind ``author:`` and its kin: the field is asked of every term in the brackets."""

    def __init__(self, lowering: Lowering, field: str) -> None:
        self._lowering = lowering
        self._field: MetaField = field  # type: ignore[assignment]

    def expr(self, node: Node) -> Expr | None:
        """The expression, or None if there is a mistake in it."""
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, No):
            part = self.expr(node.part)
            return part and Not(part)
        if isinstance(node, (And, Or, Broken)):
            found = [self.expr(part) for part in node.parts]
            parts = tuple(part for part in found if part is not None)
            if isinstance(node, Broken) or len(parts) < len(found):
                return None
            return AllOf(parts) if isinstance(node, And) else AnyOf(parts)
        what = f'"{node.name}:"' if isinstance(node, Field) else "such an operator"
        self._lowering.fault(
            node,
            f'{what} cannot stand inside "{self._field}:"',
            "close its brackets first and join it with AND" if isinstance(node, Field) else "AND, OR and NOT can",
        )
        return None

    def _leaf(self, leaf: Leaf) -> Expr | None:
        if self._field == "author":
            return self._author(leaf)
        if leaf.form not in ("word", "phrase"):
            shown = self._lowering.written(leaf)
            remedy = f"write {self._field}:{as_phrase(shown)}" if self._field == "url" else "write the plain word"
            self._lowering.fault(leaf, f'"{self._field}:" takes plain words only', remedy)
            return None
        try:
            self._check(leaf)
        except Mistake as mistake:
            self._lowering.fault(leaf, f'"{self._field}:" {mistake}', mistake.remedy)
            return None
        return Meta(self._field, Term(text=leaf.text))

    def _check(self, leaf: Leaf) -> None:
        text = leaf.text
        if self._field == "tier":
            check_tier(text)
        elif self._field == "lang":
            check_lang(text)
        elif self._field == "source" and not ID.fullmatch(text):
            raise Mistake(
                f'cannot be "{text[:40]}"', "a source's id is made of small letters, digits, - and _; see sources list"
            )
        elif self._field == "url":
            if not text.strip():
                raise Mistake("needs a piece of the address", 'for example url:"/press/"')
            if any(char.isspace() or not char.isprintable() for char in text):
                raise Mistake("holds a blank, which no address does", 'write a piece of the address: url:"/press/"')
            if "*" in text:
                raise Mistake(
                    "knows no wildcards", f"any piece of the address will do: url:{as_phrase(text.replace('*', ''))}"
                )

    def _author(self, leaf: Leaf) -> Expr | None:
        if leaf.form == "entity":
            self._lowering.fault(
                leaf,
                "an entity is looked for in the text, not among authors",
                'write the name: author:"Gina Raimondo"',
            )
            return None
        made = self._lowering.leaf(leaf)
        if made is None or isinstance(made, Term):
            return made and Meta("author", made)
        terms = [term for term in terms_of(made) if term.entity is None]
        if not terms:
            self._lowering.fault(
                leaf, f"{self._lowering.written(leaf)} has entities only, which are no authors", "write names"
            )
            return None
        asked = tuple(Meta("author", term) for term in terms)
        return asked[0] if len(asked) == 1 else AnyOf(asked)
