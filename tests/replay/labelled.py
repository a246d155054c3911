"""Labelled articles as README.md describes them: read, checked, and turned into what the scores compare with."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DEV = Path(__file__).resolve().parent / "dev"
KEYS = {
    "id", "story", "copy_of", "source", "tier", "published", "lang", "url", "title", "text", "quote", "quotes"
}  # fmt: skip
TIERS = ("official", "wire", "outlet", "aggregator")
LABELS = ("copy", "same", "related", "different")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words that an article attributes to a speaker."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article with its labels; ``quotes`` is None where quotations are not labelled."""

    id: str
    story: str
    source: str
    published: datetime
    title: str
    text: str
    copy_of: str | None = None
    tier: str = "outlet"
    lang: str | None = None
    url: str | None = None
    quotes: tuple[Quotation, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles that are worth naming; ``why`` tells what makes them hard."""

    label: str
    one: str
    two: str
    why: str = ""

    @property
    def is_hard_negative(self) -> bool:
        """Whether it tempts to a merge."""
        return self.label in {"related", "different"} and bool(self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """A folder's articles in order of publication, and its pairs."""

    articles: tuple[Labelled, ...]
    pairs: tuple[Pair, ...] = ()

    @property
    def stories(self) -> dict[str, str]:
        """Article → story."""
        return {article.id: article.story for article in self.articles}

    @property
    def copies(self) -> dict[str, str]:
        """Article → the first of those that carry its text."""
        return groups(
            [article.id for article in self.articles],
            [(article.id, article.copy_of) for article in self.articles if article.copy_of],
        )

    def label(self, one: str, two: str) -> str:
        """What the articles' labels say of a pair: "copy", "same", or "" for two events."""
        if self.copies[one] == self.copies[two]:
            return "copy"
        return "same" if self.stories[one] == self.stories[two] else ""


class BadLabels(Exception):
    """A labelled folder is not as README.md says; the text names the place."""


def read(folder: Path) -> LabelledSet:
    """The folder's labelled set. Raises BadLabels."""
    articles = [_article(entry, path.name) for path in sorted(folder.glob("*.toml")) for entry in _entries(path)]
    if not articles:
        raise BadLabels(f"{folder} holds no article: *.toml files with [[article]] tables are read")
    articles.sort(key=lambda article: (article.published, article.id))
    _check(articles)
    pairs = tuple(_pairs(folder / "pairs.tsv", {article.id for article in articles}))
    return LabelledSet(articles=tuple(articles), pairs=pairs)


def groups(names: Iterable[str], ties: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name → the first name of its group, ties being followed in both directions."""
    first = {name: name for name in names}
    order = {name: place for place, name in enumerate(first)}

    def find(name: str) -> str:
        while first[name] != name:
            name = first[name]
        return name

    for one, two in ties:
        head, tail = sorted((find(one), find(two)), key=order.__getitem__)
        first[tail] = head
    return {name: find(name) for name in first}


def _entries(path: Path) -> list[dict]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadLabels(f"{path.name}: {error}") from error
    if set(found) - {"article"}:
        raise BadLabels(f"{path.name}: only [[article]] tables belong here, not {sorted(set(found) - {'article'})}")
    return found.get("article", [])


def _article(entry: dict, file: str) -> Labelled:
    name = f"{file}: {entry.get('id', 'an article without id')}"
    missing, unknown = {"id", "story", "source", "published", "title"} - set(entry), set(entry) - KEYS
    if missing or unknown:
        raise BadLabels(f"{name}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    published = entry["published"]
    if not isinstance(published, datetime) or published.tzinfo is None:
        raise BadLabels(f"{name}: published is no date and time with its zone")
    if entry.get("tier", "outlet") not in TIERS:
        raise BadLabels(f"{name}: tier is one of {', '.join(TIERS)}")
    article = Labelled(
        **{key: value for key, value in entry.items() if key not in {"quote", "quotes", "published", "text"}},
        published=published.astimezone(UTC),
        text=entry.get("text", "").strip(),
        quotes=_quotes(entry, name),
    )
    strange = next((quote for quote in article.quotes or () if quote.text not in article.text), None)
    if strange:
        raise BadLabels(f"{name}: its text does not hold the quotation {strange.text!r}")
    return article


def _quotes(entry: dict, name: str) -> tuple[Quotation, ...] | None:
    if "quotes" in entry and (entry["quotes"] is not False or "quote" in entry):
        raise BadLabels(f"{name}: quotes can only be false, and only without [[article.quote]]")
    if "quote" not in entry:
        return () if "quotes" in entry else None
    return tuple(Quotation(**quote) for quote in entry["quote"])


def _check(articles: Sequence[Labelled]) -> None:
    by_id: dict[str, Labelled] = {}
    for article in articles:
        if article.id in by_id:
            raise BadLabels(f"{article.id}: two articles have this id")
        by_id[article.id] = article
    for article in articles:
        original = by_id.get(article.copy_of) if article.copy_of else article
        if original is None or (article.copy_of and original is article):
            raise BadLabels(f"{article.id}: copy_of names no other article ({article.copy_of})")
        if original.story != article.story:
            raise BadLabels(f"{article.id}: a copy of {original.id} is of its story, {original.story}")


def _pairs(path: Path, known: set[str]) -> Iterable[Pair]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        label, one, two, why = ([*line.split("\t"), "", "", "", ""])[:4]
        if label not in LABELS or not {one, two} <= known or one == two:
            raise BadLabels(f"{path.name}, line {number}: a label, two ids and a reason, with tabs between")
        yield Pair(label=label, one=one, two=two, why=why.strip())
