"""Occurrences → what people are shown: hits in the original text, the best sentences, the clauses that held."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bot.model import Hit, Mention, Sentence
from bot.model.words import LEAD, plural
from bot.rules.terms import in_quotes, typed
from bot.text import sentences_around

from .about import by_part
from .clauses import UNKNOWN, atoms, conjuncts, held, is_plain, zone_name
from .naming import spoken
from .spans import distinct
from .tree import No, Some

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import Article, Rule

    from .page import Page, Span
    from .reading import Reading
    from .tree import Compiled, Found

SENTENCES = 2
LONGEST = 600
"""Characters of a sentence; text without full stops is cut around its first hit."""
BEFORE = 200
MOST_HITS = 500
"""Hits kept of one mention: an article with more repeats itself, and evidence is stored with every match."""

WEIGHTS = {"title": 3.0, "lead": 2.0, "body": 1.0}


def mention(compiled: Compiled, reading: Reading, found: Sequence[Found]) -> Mention:
    """The mention of a rule that holds. ``score``: 3 for each hit in the title, 2 in the lead, else 1; for sorting."""
    page, kept = reading.page, _kept(found)
    hits = tuple(hit(page, one) for one in kept)
    clauses = [*_clauses(reading, compiled, found), *_restrictions(compiled.rule, page, found)]
    if len(found) > len(kept):
        clauses.append(f"{len(found) - len(kept)} more hits, not listed")
    return Mention(
        rule=compiled.rule.id,
        rule_hash=compiled.rule.hash,
        hits=hits,
        sentences=best_sentences(page, hits, tuple(by_part(compiled.rule.expr, hits))),
        clauses=tuple(clauses),
        score=_score(page, found),
        text_seen=page.article.text_seen,
        text_reason=page.article.text_reason,
        date_known=page.article.published_at is not None,
    )


def _kept(found: Sequence[Found]) -> Sequence[Found]:
    """The occurrences that are stored: of each term the first, then the others in order of place."""
    if len(found) <= MOST_HITS:
        return found
    firsts = {atom: (atom, start, end) for atom, start, end in reversed(found)}
    kept = set(list(firsts.values())[:MOST_HITS])
    kept.update(islice((one for one in found if one not in kept), MOST_HITS - len(kept)))
    return [one for one in found if one in kept]


def hit(page: Page, found: Found) -> Hit:
    """An occurrence in the article's own characters."""
    atom, begin, after = found
    field, start, end = page.original(begin, after)
    text = _field_text(page.article, field)[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    return Hit(
        term=typed(atom.term),
        field=field,
        start=start,
        end=end,
        text=text.strip(),
        entity=atom.term.entity,
        alias=atom.term.alias.text if atom.term.alias else None,
    )


def _field_text(article: Article, field: str) -> str:
    return article.title if field == "title" else article.body


def _score(page: Page, found: Sequence[Found]) -> float:
    (_, lead_end), *_ = page.zones((f"lead:{LEAD}",))
    places = {(start, end): _place(page, lead_end, start, end) for _, start, end in found}
    return sum(WEIGHTS[place] for place in places.values())


def _place(page: Page, lead_end: int, start: int, end: int) -> str:
    if start < page.border:
        return "title"
    return "lead" if end <= lead_end else "body"


# ── clauses ──────────────────────────────────────────────────────────────────────────────────────


def _clauses(reading: Reading, compiled: Compiled, found: Sequence[Found]) -> Iterable[str]:
    """One clause for each part of the rule that held, naming what occurred."""
    occurred = {atom for atom, _, _ in found}
    view = None
    for part in conjuncts(compiled.tree):
        if is_plain(part):
            named = spoken(atom.term for atom in atoms(part) if atom in occurred)
            yield ("any of: " if isinstance(part, Some) else "") + ", ".join(named)
        elif isinstance(part, No) and is_plain(part.part):
            yield "none of: " + ", ".join(spoken(atom.term for atom in atoms(part)))
        else:
            view = view or reading.view(compiled)
            yield held(part, view)


def _restrictions(rule: Rule, page: Page, found: Sequence[Found]) -> Iterable[str]:
    if rule.min_hits > 1:
        count = distinct((start, end) for _, start, end in found)
        yield f"{plural(count, 'occurrence')}, at least {rule.min_hits} asked for"
    if not {"title", "body"} <= set(rule.where):
        yield f"looked for in: {', '.join(map(zone_name, rule.where))}"
    if rule.mask:
        yield f"not counted inside: {', '.join(map(in_quotes, rule.mask))}"
    for near in rule.not_near:
        term, of = (", ".join(map(in_quotes, terms)) for terms in (near.term, near.of))
        yield f"{term} not near {of} (within {near.within} words)"
    if rule.tiers:
        yield f"source tier {page.article.tier}"
    if rule.langs:
        yield f"language {page.article.lang}" if page.article.lang else UNKNOWN


# ── sentences ────────────────────────────────────────────────────────────────────────────────────


def best_sentences(page: Page, hits: Sequence[Hit], parts: Sequence[frozenset[Hit]] = ()) -> tuple[Sentence, ...]:
    """The one or two sentences that show most of what made the rule hold; the second must add to the first.

    ``parts`` are the hits of :func:`~bot.match.about.by_part`. Where the body names what the rule is about, only
    sentences that do are shown: its company alone would tell the reader nothing. The headline stands above them
    anyway, so a title counts only for what no sentence of the body shows.
    """
    about = parts[0] if parts else frozenset()
    groups = _by_sentence(page, [hit for hit in hits if hit.field == "body"])
    title = [hit for hit in hits if hit.field == "title"]
    telling = {span: group for span, group in groups.items() if not about.isdisjoint(group)}
    chosen, shown = _most_telling(telling or groups, parts)
    found = [_sentence(page.article.body, "body", span, groups[span]) for span in sorted(chosen)]
    adds = _subjects(title) - shown and not (telling and about.isdisjoint(title))
    if adds and len(found) < SENTENCES:
        found.append(_sentence(page.article.title, "title", (0, len(page.article.title)), title))
    return tuple(found)


def _most_telling(groups: Mapping[Span, Sequence[Hit]], parts: Sequence[frozenset[Hit]]) -> tuple[list[Span], set[str]]:
    """The best sentences and the subjects they show.

    Best is what shows most parts of the rule that are not shown yet: three words of one list say less than one of
    them with the company it must keep. Then count the new subjects of what the rule is about, then all new ones.
    """
    chosen: list[Span] = []
    shown: set[str] = set()
    held: set[int] = set()
    about = parts[0] if parts else frozenset()
    named = {span: _subjects(group) for span, group in groups.items()}
    meant = {span: _subjects(about.intersection(group)) for span, group in groups.items()}
    holds = {
        span: {number for number, part in enumerate(parts) if not part.isdisjoint(group)}
        for span, group in groups.items()
    }
    while len(chosen) < SENTENCES:
        new = {
            span: (len(holds[span] - held), len(meant[span] - shown), len(named[span] - shown), -span[0])
            for span in named
        }
        best = max(new, key=lambda span: new[span], default=None)
        if best is None or not named[best] - shown:
            break
        chosen.append(best)
        shown |= named[best]
        held |= holds[best]
    return chosen, shown


def _subjects(hits: Iterable[Hit]) -> set[str]:
    """What hits stand for: an entity counts once, however it is called."""
    return {f"@{hit.entity}" if hit.entity else hit.term for hit in hits}


def _by_sentence(page: Page, hits: Iterable[Hit]) -> dict[Span, list[Hit]]:
    groups: dict[Span, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(sentences_around(page.body_sentences, hit.start, hit.end), []).append(hit)
    return groups


def _sentence(text: str, field: str, span: Span, hits: Sequence[Hit]) -> Sentence:
    start, end = _window(text, span, hits[0])
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
    inside = {(hit.start - start, hit.end - start) for hit in hits if start <= hit.start and hit.end <= end}
    return Sentence(
        field="title" if field == "title" else "body",
        start=start,
        end=end,
        text=text[start:end],
        spans=tuple(_apart(sorted(inside))),
    )


def _apart(spans: Iterable[Span]) -> Iterable[Span]:
    """Spans to mark: those that overlap are one mark."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, span: Span, first: Hit) -> Span:
    """The sentence, or of an overlong one LONGEST characters around its first hit, between spaces where it has any."""
    start, end = span
    if end - start <= LONGEST:
        return span
    begin = max(start, first.start - BEFORE)
    begin = begin if begin == start else text.find(" ", begin, first.start) + 1 or begin
    stop = min(end, max(begin + LONGEST, first.end))
    if stop < end:
        stop = text.rfind(" ", first.end, stop) if " " in text[first.end : stop] else stop
    return begin, stop
