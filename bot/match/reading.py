"""One article being read: which occurrences of which terms count, worked out once for all rules."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.rules.facts import primary

from .page import Page
from .spans import Spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .index import Index
    from .page import Span
    from .scan import Scan
    from .tree import Apart, Atom, Compiled, Fact, Found

    Hits = Callable[[Atom], Sequence[Span]]


class Reading:
    """The hits of a scan, seen through the conditions of aliases and the restrictions of rules."""

    def __init__(self, page: Page, scan: Scan, index: Index) -> None:
        self.page = page
        self._scan = scan
        self._index = index
        self._valid: dict[Atom, list[Span]] = {}
        self._contexts: dict[tuple[int, ...], Spans] = {}

    def valid(self, atom: Atom) -> list[Span]:
        """A term's occurrences; an alias's only where its dates and its context allow."""
        alias = atom.term.alias
        spans = self._scan.spans(atom.leaf)
        if alias is None or not spans:
            return spans
        if atom not in self._valid:
            self._valid[atom] = self._in_context(atom, spans) if self.in_date(atom) else []
        return self._valid[atom]

    def raw(self, atom: Atom) -> list[Span]:
        """A term's occurrences whatever their conditions."""
        return self._scan.spans(atom.leaf)

    def in_date(self, atom: Atom) -> bool:
        """Whether an alias is valid on the article's date. An article without a known date satisfies every alias."""
        alias, date = atom.term.alias, self.page.date
        if alias is None or date is None:
            return True
        return (alias.valid_from is None or alias.valid_from <= date) and (
            alias.valid_until is None or date <= alias.valid_until
        )

    def _in_context(self, atom: Atom, spans: list[Span]) -> list[Span]:
        alias = atom.term.alias
        if alias is None:
            return spans
        if atom.without:
            spans = [span for span in spans if not self.beside(atom.without, span, alias.within)]
        if atom.requires and not any(self.valid(full) for full in atom.full):
            spans = [span for span in spans if self.beside(atom.requires, span, alias.within)]
        return spans

    def beside(self, leaves: tuple[int, ...], span: Span, within: int) -> bool:
        """Whether one of an alias's context words is near a span.

        They are looked for across paragraphs, and from the title into the body: news writes short ones.
        """
        if leaves not in self._contexts:
            self._contexts[leaves] = Spans(span for leaf in leaves for span in self._scan.spans(leaf))
        return self._contexts[leaves].near(self.page, span, within, one_paragraph=False)

    def apart(self, apart: Apart) -> list[Span]:
        """The occurrences that a ``not_near`` drops."""
        others = Spans(span for atom in apart.of for span in self.valid(atom))
        return [
            span
            for atom in apart.term
            for span in self.valid(atom)
            if others.near(self.page, span, apart.within, one_paragraph=True)
        ]

    def occurrences(self, compiled: Compiled) -> list[Found] | None:
        """What makes the rule's expression true here, in order of place and each once; None if it is not true."""
        found = compiled.tree.hold(self.view(compiled))
        return None if found is None else sorted(dict.fromkeys(found), key=lambda one: one[1:])

    def view(self, compiled: Compiled) -> RuleView:
        """What a rule is judged by: its Nots look at the whole article, everything else where the rule looks."""
        return RuleView(self, self._restricted(compiled), self._unmasked(compiled))

    def fact(self, fact: Fact, *, negative: bool) -> bool:
        """Whether something is so of the article as a whole. A language that is unknown keeps nothing back."""
        article, text = self.page.article, fact.term.text
        match fact.field:
            case "author":
                return bool(self._byline.spans(fact.leaf))
            case "source":
                return article.source == text
            case "tier":
                return article.tier == text
            case "lang":
                return primary(article.lang) == primary(text) if article.lang else not negative
            case "url":
                return text.casefold() in (article.url or article.canonical_url or "").casefold()

    @cached_property
    def _byline(self) -> Scan:
        return self._index.scan(Page(replace(self.page.article, title="", body=self.page.article.author)))

    def masked(self, compiled: Compiled) -> Spans:
        """What a rule's ``mask`` hides."""
        return Spans(span for atom in compiled.mask for span in self.valid(atom))

    def dropped(self, compiled: Compiled) -> Spans:
        """What a rule's ``not_near`` drops."""
        return Spans(span for apart in compiled.apart for span in self.apart(apart))

    def _unmasked(self, compiled: Compiled) -> Hits:
        """What counts for a Not: every occurrence that no mask hides."""
        if not compiled.mask:
            return self.valid
        masked = self.masked(compiled)
        return lambda atom: [span for span in self.valid(atom) if not masked.overlap(*span)]

    def _restricted(self, compiled: Compiled) -> Hits:
        """What counts for everything else: of those the ones in the rule's fields that no ``not_near`` drops."""
        unmasked = self._unmasked(compiled)
        zones = self.page.zones(compiled.rule.where)
        if not zones and not compiled.apart:
            return unmasked
        dropped = self.dropped(compiled)

        def counted(atom: Atom) -> Sequence[Span]:
            return [span for span in unmasked(atom) if not dropped.overlap(*span) and inside(zones, span)]

        return counted


class RuleView:
    """One rule's :class:`~bot.match.tree.View` of a page."""

    def __init__(self, reading: Reading, counted: Hits, anywhere: Hits, *, negated: bool = False) -> None:
        self.page = reading.page
        self.counted = counted
        self._reading = reading
        self._anywhere = anywhere
        self._negated = negated

    def negative(self) -> RuleView:
        """See :class:`~bot.match.tree.View`."""
        return RuleView(self._reading, self._anywhere, self._anywhere, negated=not self._negated)

    def inside(self, field: str) -> RuleView:
        """See :class:`~bot.match.tree.View`."""
        zones = self.page.zones((field,))

        def within(hits: Hits) -> Hits:
            return lambda atom: [span for span in hits(atom) if inside(zones, span)]

        return RuleView(self._reading, within(self.counted), within(self._anywhere), negated=self._negated)

    def fact(self, fact: Fact) -> bool:
        """See :class:`~bot.match.tree.View`."""
        return self._reading.fact(fact, negative=self._negated)


def inside(zones: Sequence[Span], span: Span) -> bool:
    """Whether a span lies in one of the zones; no zones at all mean everywhere."""
    return not zones or any(begin <= span[0] and span[1] <= end for begin, end in zones)
