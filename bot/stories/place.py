"""Where an article belongs: a story of its own, or a stored one's as its copy.

Theory. Two articles are copies when one text went to both: the words of the shorter stand in the longer, in
whole passages, and nothing was exchanged on the way (:mod:`bot.stories.guards`). Headlines do not matter
beyond that; wire texts are retitled by every outlet. A longer text with the same beginning is a fuller
version of the same text; a text that quotes an earlier one in its middle is a round-up and stays apart, while a
later one that is nothing but a passage of the other was cut out of it (:mod:`bot.stories.excerpt`).
Texts of few words are alike by chance, so they must agree in everything. A false merge hides news and a miss
only repeats it: in doubt, articles stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import Placement

from .align import align
from .excerpt import is_excerpt
from .exchanged import exchanges, has_other_subject
from .fingerprint import WINDOW
from .guards import ALIKE, FEW, forbids, likeness
from .headings import gathers
from .reading import Reading
from .retold import bears_out
from .together import Ties, tell_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Article, Candidate

    from .align import Alignment
    from .together import Event

EXACT = 1.0  # the score of a text that is the same in headline and body
RETITLED = 0.99
SAME_ADDRESS = 0.95
BARE_HEADLINE = 0.9
SHARED = 0.75  # of the shorter text's words must stand in the longer one
PARTLY = 0.6  # so many are enough for two houses on one day, if what they share begins with either one's lead
PROSE = 40  # words, none of them quoted, that such texts share at least
WORD_FOR_WORD = 0.9  # of the shorter text's words: then it may be a quotation, too
UNQUOTED = 0.6  # of its words outside quotation marks: reports of one statement share what was said
LEAD_WITHIN = 60  # words of the longer text before which the shared passage must begin
SHORT = 60  # words of body; below, headline and body must both agree
FILLED = 0.6  # of the shorter text's words in both, and it is one template that was filled twice
WHOLLY = 0.7  # of a short report's words must stand in the longer one
FIRST = 8  # words of the longer text before which a short report must begin
OPENING = 25  # words that a house may put before a short report
BORNE_OUT = 0.5  # of the telling words of a first sentence written anew that the other text has
LEAD = 0.6  # of the first sentence's words: so much of it is the same sentence
HALF = 0.4  # of a longer text that a short report makes, where the house has put a sentence before it
MOSTLY = 0.6  # of the longer text's words: so much of it is no part of a round-up
BARE = 25  # words in all; below, even that may be chance
TEASER = 12  # words that begin another text under its own headline, which are no chance
NAMED = 7  # words of a headline without a body that chance does not repeat within three days
TOGETHER = timedelta(days=3)
WINDOW_OF_COPIES = timedelta(days=14)  # a notice that comes again after that is a new one
LIKELY = 0.12  # of the shorter one's kept passages, that make another article worth reading
VERIFIED = 12  # candidates that are compared word by word, the likeliest first
LETTERS = 6  # characters a word takes, space included: for estimates only


@dataclass(frozen=True, slots=True)
class Likeness:
    """What comparing two articles gave: ``score`` above 0 says that they are copies, ``reason`` why (not)."""

    score: float
    reason: str
    template: bool = False  # most words are the same, and other names stand in them: two events


def place(article: Article, candidates: Sequence[Candidate], event: Event | None = None) -> Placement:
    """Judge a new article against stored ones that share index entries with it, and its event against its neighbours.

    The best copy names the original; among equals the article that was stored first, so that repeats always name the
    same one. ``score`` is 1.0 only where headline and body are the same (see :func:`is_exact`). Whatever else the
    article is a copy of, or tells the same event as, is one story with it: the oldest, into which the others are
    merged. A new story says what kept it apart from the likeliest candidate.
    """
    mine = Reading.of(article)
    compared = [(candidate, compare(mine, Reading.of(candidate))) for candidate in _likeliest(article, candidates)]
    copies = sorted((pair for pair in compared if pair[1].score), key=lambda pair: (-pair[1].score, pair[0].article))
    filled = frozenset(candidate.article for candidate, likeness in compared if likeness.template)
    found = tell_together(event, filled) if event else Ties()
    tied = {candidate.story for candidate in _of_one_document([candidate for candidate, _ in copies])}
    stories = sorted(tied | {link.story for link in found.same})
    related = tuple(link for link in found.related if link.story not in stories)
    if not stories:
        return Placement(kind="new", story=None, reason=_why_new(compared), related=related)
    story, merges = stories[0], tuple(stories[1:])
    if copies:
        original, best = copies[0]
        kept = Placement(kind="copy", story=story, reason=best.reason, score=best.score, copy_of=original.article)
    else:
        nearest = found.same[0]
        reason = f"one event with article {nearest.article}: {nearest.reason}"
        kept = Placement(kind="same story", story=story, reason=reason, score=nearest.score)
    return replace(kept, merges=merges, related=related)


def _why_new(compared: Sequence[tuple[Candidate, Likeness]]) -> str:
    if not compared:
        return "no stored article has its words"
    nearest, apart = compared[0]
    return f"not article {nearest.article}: {apart.reason}"


def _of_one_document(originals: Sequence[Candidate]) -> Sequence[Candidate]:
    """All of them, or the best alone where they are different official documents, which nothing makes one story."""
    documents = {found for each in originals if (found := Reading.of(each).documents)}
    return originals if len(documents) < 2 else originals[:1]


def is_exact(placement: Placement) -> bool:
    """Whether the article repeats a stored one word for word, headline included."""
    return placement.kind == "copy" and placement.score == EXACT


def _likeliest(article: Article, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates worth reading: by address, words, headline, or a good part of the shorter one's passages."""
    ranked = sorted(candidates, key=lambda candidate: (-_promise(article, candidate), candidate.article))
    return [candidate for candidate in ranked if _promise(article, candidate) >= LIKELY][:VERIFIED]


def _promise(article: Article, candidate: Candidate) -> float:
    kinds = [kind for kind, _ in candidate.shared]
    if any(kind != "passage" for kind in kinds):
        return 2.0 + len(kinds)
    # Winnowing keeps about 2 / (WINDOW + 1) of the shingles.
    shorter = min(len(article.body), len(candidate.body)) / LETTERS
    return len(kinds) / max(1.0, 2 * shorter / (WINDOW + 1))


def compare(a: Reading, b: Reading) -> Likeness:
    """Whether two articles are copies; the same answer for (b, a)."""
    if _within(a, b, WINDOW_OF_COPIES) is False:
        return Likeness(0.0, "published more than 14 days apart")
    forbidden = forbids(a, b)
    if forbidden:
        return Likeness(0.0, forbidden)
    if a.body.folded == b.body.folded:
        return _same_words(a, b)
    short, long = sorted((a, b), key=lambda reading: (len(reading.body.folded), reading.body.folded))
    if not short.body.folded and not _same_url(short, long):
        return _headline_alone(short, long)
    alignment = align(short.body.folded, long.body.folded, short.sentences, long.sentences)
    if (
        _of_two_houses(short, long)
        and gathers(short.title) == gathers(long.title)
        and is_excerpt(short, long, alignment)
    ):
        return Likeness(0.98, "the shorter text is a passage of the longer")
    exchanged = exchanges(short, long, alignment, likeness(short.headline, long.headline) >= ALIKE)
    if exchanged:
        alike = min(alignment.shared_a, alignment.shared_b) >= FILLED * len(short.body.folded)
        return Likeness(0.0, exchanged, template=alike and has_other_subject(short, long, alignment.spots))
    return _same_address(short, long, alignment) or _same_passages(short, long, alignment)


def _headline_alone(bare: Reading, whole: Reading) -> Likeness:
    """All that is known of one is a headline: aggregators cut texts so, and name the outlet behind it."""
    if bare.headline == whole.headline_words and len(bare.headline) >= NAMED and _within(bare, whole, TOGETHER):
        return Likeness(BARE_HEADLINE, "a headline without its text")
    return Likeness(0.0, "too few words, and not the same ones")


def _same_words(a: Reading, b: Reading) -> Likeness:
    if len(a.body.folded) >= SHORT:
        same = a.headline == b.headline
        return Likeness(EXACT, "the same words") if same else Likeness(RETITLED, "the same words, retitled")
    if a.headline != b.headline:
        if _is_brief(a, b):
            return Likeness(RETITLED, "the same few words, retitled")
        return Likeness(0.0, "the same words, but too few to make another headline mean nothing")
    if not _same_url(a, b) and not _within(a, b, TOGETHER):
        return Likeness(0.0, "the same few words, but days apart")
    if len(a.body.folded) + len(a.headline) < BARE and not _same_url(a, b) and len(a.headline_words) < NAMED:
        return Likeness(0.0, "the same words, but too few")
    return Likeness(EXACT, "the same few words")


def _of_two_houses(one: Reading, other: Reading) -> bool:
    """Whether two publishers brought them within three days."""
    return one.publisher != other.publisher and bool(_within(one, other, TOGETHER))


def _is_brief(short: Reading, long: Reading) -> bool:
    """Whether the shorter one is a report of few words that two publishers do not write alike within three days."""
    return len(short.body.folded) >= FEW and _of_two_houses(short, long)


def _within(a: Reading, b: Reading, span: timedelta) -> bool | None:
    """Whether both were published in this span; None where a date is missing."""
    return None if a.at is None or b.at is None else abs(a.at - b.at) <= span


def _same_url(a: Reading, b: Reading) -> bool:
    return a.url is not None and a.url == b.url


def _same_address(short: Reading, long: Reading, alignment: Alignment) -> Likeness | None:
    """One page, told shorter or longer; None for a page of many news, whose texts share nothing."""
    if not _same_url(short, long):
        return None
    alike = short.title and long.title and likeness(short.headline_words, long.headline_words) >= ALIKE
    size = len(short.body.folded)
    if alike or (size and alignment.shared_a >= 0.3 * size):
        return Likeness(SAME_ADDRESS, "the same address")
    return None


def _same_passages(short: Reading, long: Reading, alignment: Alignment) -> Likeness:
    size, whole = len(short.body.folded), len(long.body.folded)
    held = alignment.shared_b / whole
    if held < MOSTLY and gathers(short.title) != gathers(long.title):
        return Likeness(0.0, "one of them gathers many events")
    if size < SHORT:
        return _same_brief(short, long, alignment) or _same_beginning(short, long)
    shared = min(alignment.shared_a, alignment.shared_b) / size  # words that come again count once
    if shared < SHARED and not (shared >= PARTLY and _of_two_houses(short, long)):
        return Likeness(0.0, f"only {shared:.0%} of the shorter text stand in both")
    if alignment.first_b > LEAD_WITHIN and held < MOSTLY:
        return Likeness(0.0, "the longer text has the shorter one in its middle only")
    if not _has_lead(short, long, alignment, shared):
        return Likeness(0.0, "they begin with other passages")
    if shared < WORD_FOR_WORD and _mostly_quotes(short, alignment, PROSE if shared < SHARED else 0):
        return Likeness(0.0, "they share quotations, and too little besides")
    what = "the shorter text stands in the longer" if whole > 1.25 * size else "nearly the same words"
    return Likeness(round(min(0.98, shared), 2), f"{what} ({shared:.0%})")


def _has_lead(short: Reading, long: Reading, alignment: Alignment, shared: float) -> bool:
    """Whether one text has the other's first sentence, or has it in other words and all that follows in the same.

    Background that a house puts under every report on a matter stands behind sentences of its own.
    """
    end_a, end_b = _first_sentence(short), _first_sentence(long)
    marks_a, marks_b = alignment.marks_a, alignment.marks_b
    if max(sum(marks_a[:end_a]) / end_a, sum(marks_b[:end_b]) / end_b) >= LEAD:
        return True
    rest = marks_a[end_a:]
    if shared < SHARED or sum(rest) < WORD_FOR_WORD * len(rest):
        return False
    return bears_out(short, long, (0, end_a), (0, end_b), BORNE_OUT)


def _first_sentence(reading: Reading) -> int:
    """Where the first sentence ends that has some words."""
    return next((place for place in reading.sentences if place > FIRST), len(reading.body.folded))


def _same_brief(short: Reading, long: Reading, alignment: Alignment) -> Likeness | None:
    """A report of few words, nearly word for word the beginning of the other one, under any headline."""
    size, whole = len(short.body.folded), len(long.body.folded)
    shared = min(alignment.shared_a, alignment.shared_b) / max(1, size)
    if not _is_brief(short, long) or shared < WHOLLY:
        return None
    begins = alignment.first_b <= FIRST
    if not (begins and size >= BARE) and (shared < WORD_FOR_WORD or alignment.first_b > OPENING):
        return None
    if not begins and size < HALF * whole:
        return None
    few = 0 if begins and size >= BARE else FEW
    if (few or shared < WORD_FOR_WORD) and _mostly_quotes(short, alignment, few):
        return None
    return Likeness(round(min(0.98, shared), 2), "the shorter text is the beginning of the longer")


def _mostly_quotes(reading: Reading, alignment: Alignment, least: int) -> bool:
    """Whether what both share is quoted, but for fewer words than ``least`` or a part of its other ones."""
    prose = [mark for mark, quoted in zip(alignment.marks_a, reading.quoted, strict=True) if not quoted]
    return sum(prose) < max(least, UNQUOTED * len(prose))


def _same_beginning(short: Reading, long: Reading) -> Likeness:
    """A summary of few words: the other's opening words under the same headline, at the same time."""
    size = len(short.body.folded)
    same_time = _same_url(short, long) or _within(short, long, TOGETHER)
    least = TEASER if len(short.headline_words) >= NAMED else max(0, BARE - len(short.headline))
    if size < least or short.headline != long.headline or not same_time:
        return Likeness(0.0, "too few words, and not the same ones")
    if long.body.folded[:size] != short.body.folded:
        return Likeness(0.0, "too few words, and not the same beginning")
    return Likeness(0.98, "the shorter text is the beginning of the longer")
