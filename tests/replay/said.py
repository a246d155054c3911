"""Quotations as the project finds them, beside those that are labelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labelled import Labelled, Quotation
from scoring import Score, counted, matched

from bot.extract.quotes import quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of the labelled articles: each error with its article's id."""

    score: Score
    wrong: tuple[tuple[str, Quotation], ...]
    missed: tuple[tuple[str, Quotation], ...]


def said(articles: Iterable[Labelled]) -> Said | None:
    """The score of quotations, part by part, in the articles that are labelled for them; None without any such."""
    chosen = [article for article in articles if article.quotes is not None]
    return compared([(article, found(article)) for article in chosen]) if chosen else None


def found(article: Labelled) -> list[Quotation]:
    """The quotations of an article's body, each part of a split one by itself; speakers with what they are called."""
    body = "\n\n".join(line for line in article.text.splitlines() if line.strip())
    return [
        Quotation(speaker=f"{quote.speaker} {quote.role}".strip(), text=body[start:end])
        for quote in quotes(body)
        for start, end in quote.spans
    ]


def compared(results: Sequence[tuple[Labelled, Sequence[Quotation]]]) -> Said:
    """Labelled articles against what was found in each."""
    wrong, missed, right = [], [], 0
    for article, offered in results:
        pairs = matched(article.quotes or (), offered)
        right += len(pairs)
        wrong += [(article.id, quote) for quote in _without(offered, [pair[1] for pair in pairs])]
        missed += [(article.id, quote) for quote in _without(article.quotes or (), [pair[0] for pair in pairs])]
    score = counted(right, right + len(wrong), right + len(missed))
    return Said(score=score, wrong=tuple(wrong), missed=tuple(missed))


def _without(quotations: Iterable[Quotation], some: Iterable[Quotation]) -> list[Quotation]:
    left = list(quotations)
    for quote in some:
        left.remove(quote)
    return left
