"""What a replay gave, as lines for a reader: the scores, and every error with titles and the reason given."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from labelled import LABELS, LabelledSet, Quotation
from running import Partition
from said import Said
from scoring import Score, bcubed, pairs, pairwise

MERGED = ("copy", "same")


def scores(wanted: LabelledSet, found: Partition) -> dict[str, Score]:
    """Name → score: "copies" over pairs, "stories" B-cubed, "stories, pairs" over pairs."""
    return {
        "copies": pairwise(wanted.copies, found.copies),
        "stories": bcubed(wanted.stories, found.stories),
        "stories, pairs": pairwise(wanted.stories, found.stories),
    }


def outcomes(wanted: LabelledSet, found: Partition) -> dict[str, Counter[str]]:
    """Label → what became of its pairs, and "hard" → what became of the hard negatives."""
    result: dict[str, Counter[str]] = {label: Counter() for label in (*LABELS, "hard")}
    for pair in wanted.pairs:
        became = found.label(pair.one, pair.two)
        result[pair.label][became] += 1
        if pair.is_hard_negative:
            result["hard"][became] += 1
    return result


def lines(wanted: LabelledSet, found: Partition, quoted: Said | None, most: int) -> Iterator[str]:
    """The whole report, with at most ``most`` errors of each kind; ``quoted`` is what was found of quotations."""
    stories = Counter(wanted.stories.values())
    yield (
        f"{len(wanted.articles)} articles, {len(stories)} stories "
        f"({sum(size == 1 for size in stories.values())} of one article), {len(pairs(wanted.copies))} pairs of copies"
    )
    yield ""
    yield f"{'':16}{'precision':>10}{'recall':>10}{'F1':>10}"
    for name, score in scores(wanted, found).items():
        yield row(name, score)
    if quoted:
        yield row("quotes", quoted.score)
    if wanted.pairs:
        yield ""
        yield from _table(outcomes(wanted, found))
    yield from _errors(wanted, found, most)
    yield from _tempted(wanted, found, most)
    if quoted:
        yield from _quotations("quotes: wrong", quoted.wrong, most)
        yield from _quotations("quotes: missed", quoted.missed, most)


def row(name: str, score: Score) -> str:
    """One line of the table of scores."""
    return f"{name:16}{score.precision:10.3f}{score.recall:10.3f}{score.f1:10.3f}"


def _table(outcome: Mapping[str, Counter[str]]) -> Iterator[str]:
    columns = ("copy", "same", "related", "apart")
    yield f"{'pairs':16}" + "".join(f"{column:>10}" for column in columns)
    for label, became in outcome.items():
        yield f"{label:16}" + "".join(f"{became[column]:10}" for column in columns)


def _errors(wanted: LabelledSet, found: Partition, most: int) -> Iterator[str]:
    for name, labels, groups in (
        ("copies", wanted.copies, found.copies),
        ("stories", wanted.stories, found.stories),
    ):
        yield from _listed(f"{name}: false merges", torn(groups, labels), wanted, found, most)
        yield from _listed(f"{name}: misses", torn(labels, groups), wanted, found, most)


def _tempted(wanted: LabelledSet, found: Partition, most: int) -> Iterator[str]:
    """The hard negatives that were taken for one story, with what makes them hard."""
    fallen = [pair for pair in wanted.pairs if pair.is_hard_negative and found.label(pair.one, pair.two) in MERGED]
    if not fallen:
        return
    yield ""
    yield f"hard negatives in one story: {len(fallen)}"
    for pair in fallen[:most]:
        yield f"  {pair.one}, {pair.two}: {pair.why}"
    if len(fallen) > most:
        yield f"  … and {len(fallen) - most} more"


def torn(whole: Mapping[str, str], parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """For each group of ``whole`` that ``parts`` tear apart: its first item with the first one of each other part."""
    first: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    result = []
    for item, group in whole.items():
        head, part = first.setdefault(group, item), (group, parts[item])
        if part not in seen and head != item:
            result.append((head, item))
        seen.add(part)
    return result


def _listed(name: str, wrong: list[tuple[str, str]], wanted: LabelledSet, found: Partition, most: int) -> Iterator[str]:
    if not wrong:
        return
    title = {article.id: article.title for article in wanted.articles}
    yield ""
    yield f"{name}: {len(wrong)}"
    for one, two in wrong[:most]:
        place = found.found[two]
        yield f"  {one}: {title[one]}"
        yield f"  {two}: {title[two]}"
        yield f"      {place.kind}, {place.score:.2f}: {place.reason}"
    if len(wrong) > most:
        yield f"  … and {len(wrong) - most} more"


def _quotations(name: str, some: Sequence[tuple[str, Quotation]], most: int) -> Iterator[str]:
    if not some:
        return
    yield ""
    yield f"{name}: {len(some)}"
    for article, quote in some[:most]:
        yield f"  {article}: {quote.speaker}: {quote.text}"
    if len(some) > most:
        yield f"  … and {len(some) - most} more"
