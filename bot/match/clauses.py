"""The parts of a rule in plain words: what each asks for, and what made it true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.words import lead_words, plural
from bot.rules.terms import in_quotes
from bot.text import cut

from .naming import listed, names, short_names, spoken
from .nearness import by_units, by_words, in_order, nearest
from .spans import distinct
from .tree import Atom, Beside, Fact, Inside, Joint, Lone, No, Often, Several, Some, inner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .nearness import Pair
    from .page import Page
    from .tree import Found, Node, View

LONGEST = 300
"""Characters of a clause: it is stored with every match."""
UNKNOWN = "language unknown, so not asked"


def conjuncts(tree: Node) -> Iterator[Node]:
    """The parts of an expression that all have to hold: what is joined by AND."""
    if isinstance(tree, Some) and tree.every:
        for part in tree.parts:
            yield from conjuncts(part)
    else:
        yield tree


def atoms(node: Node) -> Iterable[Atom]:
    """The atoms of a tree in order, those under a Not included only if the node itself is one."""
    if isinstance(node, Atom):
        yield node
    elif isinstance(node, (No, Lone)):
        yield from atoms(node.part)
    else:
        for part in inner(node):
            if not isinstance(part, No):
                yield from atoms(part)


def is_plain(node: Node) -> bool:
    """Whether it is nothing but terms of which one must occur."""
    if isinstance(node, Atom):
        return True
    return (
        isinstance(node, Some) and not node.every and all(isinstance(one, Atom) or is_plain(one) for one in node.parts)
    )


def is_positive(part: Node) -> bool:
    """Whether it asks for words of the text."""
    return not isinstance(part, No) and any(True for _ in atoms(part))


def zone_name(name: str) -> str:
    """A part of an article in words."""
    return f"the first {lead_words(name)} words" if name.startswith("lead") else f"the {name}"


# ── what is asked for ────────────────────────────────────────────────────────────────────────────


def asks(node: Node) -> str:
    """What a part asks for, as a clause of its own."""
    if isinstance(node, No):
        return cut(_denied(node.part), LONGEST)
    if isinstance(node, Some):
        return cut(f"{'all' if node.every else 'any'} of: {_listed(node)}", LONGEST)
    return cut(phrase(node), LONGEST)


def _denied(part: Node) -> str:
    """What a Not asks for."""
    if is_plain(part):
        return f"none of: {names(atom.term for atom in atoms(part))}"
    if isinstance(part, Some):
        return f"{'not all' if part.every else 'none'} of: {_listed(part)}"
    return f"not: {asks(part)}"


def _listed(node: Some) -> str:
    if all(map(is_plain, node.parts)) and not (node.every and any(isinstance(part, Some) for part in node.parts)):
        return names(atom.term for atom in atoms(node))
    return listed([phrase(part) for part in node.parts], comma="; ")


def phrase(node: Node) -> str:
    """What a part asks for, as it stands within another."""
    match node:
        case Atom():
            return names([node.term])
        case Some(name=name) if name.startswith("$"):
            return name
        case Some():
            joint = "and" if node.every else "or"
            if is_plain(node):
                return names((atom.term for atom in atoms(node)), joint)
            return listed([bracketed(part) for part in node.parts], joint)
        case No():
            return _denied(node.part)
        case Inside():
            return f"in {zone_name(node.field)}: {phrase(node.part)}"
        case Fact():
            return _fact(node)
        case _:
            return _counted(node)


def _counted(node: Beside | Lone | Joint | Several | Often) -> str:
    """What asks where or how often something occurs."""
    parts = [bracketed(part) for part in inner(node)]
    match node:
        case Beside(within=0):
            return f"{parts[0]} right {'before' if node.ordered else 'beside'} {parts[1]}"
        case Beside(ordered=True):
            return f"{parts[0]} at most {plural(node.within, 'word')} before {parts[1]}"
        case Beside():
            return f"{parts[0]} within {plural(node.within, 'word')} of {parts[1]}"
        case Lone():
            return f"{parts[0]} without {parts[1]} within {plural(node.within, 'word')}"
        case Joint():
            return f"{parts[0]} and {parts[1]} in one {node.unit}"
        case Several():
            return f"at least {node.count} of: {listed(parts)}"
        case Often():
            return f"at least {plural(node.count, 'occurrence')} of {parts[0]}"


def bracketed(node: Node) -> str:
    """What a part asks for, in brackets if it has more than one name."""
    named = isinstance(node, (Atom, Fact)) or (isinstance(node, Some) and node.name.startswith("$"))
    if named or (is_plain(node) and len(short_names(atom.term for atom in atoms(node))) == 1):
        return phrase(node)
    return f"({phrase(node)})"


def _fact(fact: Fact) -> str:
    match fact.field:
        case "author":
            return f"author: {in_quotes(fact.term)}"
        case "source":
            return f"source {fact.term.text}"
        case "tier":
            return f"source tier {fact.term.text}"
        case "lang":
            return f"language {fact.term.text}"
        case "url":
            return f'address with "{fact.term.text}"'


# ── what held ────────────────────────────────────────────────────────────────────────────────────


def held(part: Node, view: View) -> str:
    """What made a part true that holds, as a clause of its own."""
    several = isinstance(part, Some) and (is_plain(part) or len(_true(part, view)) > 1)
    lead = f"{'all' if isinstance(part, Some) and part.every else 'any'} of: " if several else ""
    return cut(lead + what_held(part, view), LONGEST)


def what_held(node: Node, view: View) -> str:
    """What made a part true that holds, as it stands within another."""
    match node:
        case Atom():
            return _named(node.hold(view) or ())
        case Some():
            return _held_of(node, view)
        case No(part=Fact(field="lang")) | Fact(field="lang") if not view.page.article.lang:
            return UNKNOWN
        case No() | Fact():
            return phrase(node)
        case Inside():
            return f"in {zone_name(node.field)}: {what_held(node.part, view.inside(node.field))}"
        case _:
            return _counted_held(node, view)


def _held_of(node: Some, view: View) -> str:
    if is_plain(node):
        return _named(node.hold(view) or ())
    said = [what_held(part, view) for part in _true(node, view)]
    return listed(said, "and" if node.every else "", comma="; ")


def _true(node: Some, view: View) -> list[Node]:
    return [part for part in node.parts if part.hold(view) is not None]


def _counted_held(node: Beside | Lone | Joint | Several | Often, view: View) -> str:
    match node:
        case Beside() | Joint():
            pair = nearest_pair(node, view)
            return _pair(node, pair, view.page) if pair else phrase(node)
        case Lone():
            lone = _named(node.hold(view) or ())
            return f"{lone} without {bracketed(node.of)} within {plural(node.within, 'word')} (NOT NEAR/{node.within})"
        case Several():
            return f"{occurring(node, view)}, at least {node.count:,} asked for"
        case Often():
            found = node.hold(view) or []
            times = plural(distinct((start, end) for _, start, end in found), "occurrence")
            return f"{times} of {_named(found)}, at least {node.count:,} asked for"


def nearest_pair(node: Beside | Joint, view: View) -> Pair | None:
    """The pair of occurrences that fulfils a part best, or comes nearest to it."""
    left, right = node.left.hold(view) or (), node.right.hold(view) or ()
    if isinstance(node, Joint):
        return nearest(left, right, by_units(view.page, node.unit))
    return (in_order if node.ordered else nearest)(left, right, by_words(view.page))


def _pair(node: Beside | Joint, pair: Pair, page: Page) -> str:
    left, right = _named([pair.left]), _named([pair.right])
    if isinstance(node, Joint):
        return f"{left} and {right} in one {node.unit}"
    first, second = pair.both
    words = page.words_between(first[2], second[1])
    where = "before" if node.ordered else "from" if words else "beside"
    between = plural(words, "word") if words else "right"
    return f"{left} {between} {where} {right} ({'O' if node.ordered else ''}NEAR/{node.within})"


def occurring(node: Several, view: View) -> str:
    """Which of the parts that are counted occur."""
    found = [part for part in (part.hold(view) for part in node.parts) if part]
    return f"{len(found)} of the {len(node.parts)} occur: {listed([_named(part) for part in found])}"


def _named(found: Sequence[Found]) -> str:
    return listed(spoken(atom.term for atom, _, _ in found))
