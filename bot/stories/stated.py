"""What one article states, each thing with its place: the material of what is new in it, and of what a story holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.model import Fact, Facts, Sentence
from bot.text import cut, fold, sentences, sentences_around

from . import amounts, named
from .announced import WORDS, announcements, kinds
from .days import days
from .fingerprint import digest
from .tokens import body_words, title_words
from .trivia import is_trivial, signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.model import Article, Deadline, NewsKind, Quote, Reference, TextField

    from .amounts import Amount
    from .named import Named

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
QUOTED = 8  # words of a quotation that is more than a phrase
ENDS = 5  # words at either end of a quotation by which it is known again
SPAN = 400  # characters of a sentence that is kept
TEXT = 120
HEAD = 20_000  # characters of a text that are read for facts: more than any report
TABLE = 2_000  # a "sentence" that is longer is a table or a list
LONGEST = 200  # characters of a value; longer ones are no fact that two articles share
MOST = 500  # facts of one article
FEW = 10
_DIGIT = re.compile(r"\d")
_DATED = {
    "effective": "Effective",
    "comments": "Comments until",
    "compliance": "Compliance from",
    "hearing": "Hearing on",
    "expiry": "Expires",
}
_NUMBERS = {"rin": "RIN ", "fr-document": "FR Doc. ", "docket": "Docket ", "case": "Case "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that an article states.

    The story holds ``facts``, the first of which names it; ``text`` is what a reader sees of it. ``amount`` is the
    figure that it is, ``named`` the person or organisation; ``weight`` is given where it is not that of the kind, 0 for
    what is only there to be known again.
    """

    kind: NewsKind
    facts: tuple[Fact, ...]
    text: str
    sentence: Sentence | None = None
    amount: Amount | None = None
    named: Named | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """All that an article states. ``names`` are the words that it writes with a capital, by which names are known."""

    statements: tuple[Statement, ...]
    names: tuple[Fact, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What a story holds once the article is its member, each fact once."""
        every = [fact for one in self.statements for fact in one.facts] + list(self.names)
        found: dict[tuple[str, str], Fact] = {}
        for fact in every:
            if len(fact.value) <= LONGEST and fact.value.isprintable():
                found.setdefault((fact.kind, fact.value), fact)
        return tuple(found.values())[:MOST]

    @property
    def asks(self) -> tuple[str, ...]:
        """The values by which the facts that the story holds are looked up."""
        values = {fact.value for fact in self.facts}
        for one in self.statements:
            if one.amount is not None:
                values |= {one.amount.key, *one.amount.rounded, *([one.amount.old.key] if one.amount.old else [])}
            if one.named is not None:
                values |= {*one.named.words, named.initials(one.named.text)}
        return tuple(sorted(value for value in values if value and len(value) <= LONGEST and value.isprintable()))

    @property
    def topics(self) -> tuple[str, ...]:
        """What its figures and deadlines are of."""
        return tuple(sorted({fact.topic for fact in self.facts if fact.topic}))


class _Part(NamedTuple):
    """A sentence of one of the article's fields."""

    field: TextField
    start: int
    end: int
    text: str


class _Texts:
    """The article's fields as far as they are read, with the places of their sentences, which are looked for once."""

    def __init__(self, article: Article) -> None:
        self.of: dict[str, str] = {"title": article.title, "body": article.body[:HEAD]}
        self.spans = {field: sentences(text) for field, text in self.of.items()}

    def parts(self) -> Iterator[_Part]:
        """The sentences that are no background."""
        among = {field: signs(text) for field, text in self.of.items()}
        fields: tuple[TextField, ...] = ("title", "body")
        for field in fields:
            for start, end in self.spans[field]:
                text = self.of[field][start:end]
                if end - start <= TABLE and not is_trivial(text, among[field]):
                    yield _Part(field, start, end, text)

    def around(self, field: str, start: int, end: int) -> Sentence | None:
        """The sentence that holds [start, end) of the field; None where nothing was read there."""
        if not self.spans.get(field) or end > len(self.of[field]):
            return None
        first, last = sentences_around(self.spans[field], start, end)
        part = _Part("title" if field == "title" else "body", first, last, self.of[field][first:last])
        return _sentence(part, start - first, end - first)


def stated(article: Article, found: Facts | None = None, *, source: str = "", copied: bool = False) -> Stated:
    """What ``article`` states; ``found`` are its references, deadlines and quotes, ``source`` the name it goes by.

    Of a copy of what is known (``copied``) only that is read which a copy can bring: what it announces of itself, and
    what kind of source it has.
    """
    found = found or Facts()
    texts = _Texts(article)
    if copied:
        return Stated(statements=(*_announced(texts), *_official(article, source)))
    parts = list(texts.parts())
    published = article.published_at.date() if article.published_at else None
    statements = [
        *_announced(texts),
        *_official(article, source),
        *(_deadline(one) for one in found.deadlines),
        *(statement for part in parts for statement in _figures(part)),
        *_references(found.references, texts),
        *(statement for part in parts for statement in _days(part, published)),
        *_people(parts, found.quotes),
        *(statement for part in parts for statement in _organisations(part)),
        *_quotes(found.quotes, texts),
    ]
    return Stated(statements=tuple(statements), names=tuple(_names(texts.of["body"])))


def _sentence(part: _Part, start: int, end: int) -> Sentence:
    """The part as it is shown, with the place of the news marked."""
    text = cut(part.text, SPAN)
    spans = ((start, end),) if 0 <= start < end <= len(text) else ()
    return Sentence(field=part.field, start=part.start, end=part.end, text=text, spans=spans)


# ── what it says of itself ───────────────────────────────────────────────────────────────────────


def _announced(texts: _Texts) -> Iterator[Statement]:
    """Announcements are told apart by their words, so that a second correction is another one."""
    title, body = texts.of["title"], texts.of["body"]
    head = title_words(title)
    found = announcements(title, body, texts.spans["body"])
    for one in found:
        text = texts.of[one.field][one.start : one.end]
        said = head if one.field == "title" else (*head, *body_words(text))
        fact = Fact(kind="update", value=f"{one.kind} {digest(said)}", text=one.kind)
        shown = WORDS[one.kind]
        if one.field == "body" and one.kind == "correction" and len(text) > len(shown) + 20:
            shown = cut(" ".join(text.split()), TEXT)
        sentence = _sentence(_Part(one.field, one.start, one.end, text), 0, 0)
        kind: NewsKind = "correction" if one.kind == "correction" else "update"
        yield Statement(kind=kind, facts=(fact,), text=shown, sentence=sentence, weight=_FORMAL.get(one.kind))
    formal, in_title = {one.kind for one in found}, kinds(title)
    for spoken in kinds(f"{title}\n{body}"):
        # In a headline it may be news of the event itself.
        weight = _SPOKEN.get(spoken, 0.0) if spoken in in_title and spoken not in formal else 0.0
        sentence = _sentence(_Part("title", 0, len(title), title), 0, 0)
        fact = Fact(kind="update", value=spoken)
        yield Statement(kind="update", facts=(fact,), text=WORDS[spoken], sentence=sentence, weight=weight)


# A wire's "UPDATE 2" only says that there is more text; what is more in it speaks for itself.
_FORMAL = {"update": 0.5, "amendment": 0.8}
# A headline's "delay" may be the event; its "correction" is as often that of a market, its "update" says nothing.
_SPOKEN = {"extension": 0.7, "reopening": 0.7, "withdrawal": 0.7, "delay": 0.7}


def _official(article: Article, source: str) -> Iterator[Statement]:
    if article.tier == "official":
        name = article.outlet or source or article.source
        yield Statement(kind="official", facts=(Fact(kind="source", value="official", text=name),), text=name)


# ── figures and days ─────────────────────────────────────────────────────────────────────────────


def _figures(part: _Part) -> Iterator[Statement]:
    for amount in amounts.amounts(part.text):
        fact = Fact(kind="figure", value=amount.key, text=amount.text)
        old = (Fact(kind="figure", value=amount.old.key, text=amount.old.text),) if amount.old else ()
        rounded = tuple(Fact(kind="rounded", value=key) for key in amount.rounded)
        weight = None if not amount.is_count else _counted(amount)
        sentence = _sentence(part, amount.start, amount.end)
        yield Statement(
            kind="figure",
            facts=(fact, *_of(amount), *old, *rounded),
            text=cut(amount.clause, TEXT) or amount.text,
            sentence=sentence,
            amount=amount,
            weight=weight,
        )


def _counted(amount: Amount) -> float:
    """Days and a handful of things are counted in every text; they are news only where they change."""
    return 0.0 if amount.unit == "day" or amount.value < FEW else 0.35


def _of(amount: Amount) -> tuple[Fact, ...]:
    """The same with what it is of: a value that is known from elsewhere is another value of this all the same."""
    if not amount.topic:
        return ()
    about = tuple(sorted(amount.about))
    value = f"{amount.topic}: {amount.key}"
    return (Fact(kind="about", value=value, text=amount.text, topic=amount.topic, about=about),)


def _deadline(one: Deadline) -> Statement:
    shown = f"{_DATED.get(one.kind, one.kind.capitalize())} {_day(one.day)}"
    fact = Fact(kind="deadline", value=f"{one.kind} {one.day}", text=_day(one.day), topic=f"deadline {one.kind}")
    sentence = Sentence(
        field=one.field,
        start=one.start,
        end=one.end,
        text=cut(one.sentence, SPAN),
        spans=_where(one.sentence, one.text),
    )
    return Statement(
        kind="deadline", facts=(fact, Fact(kind="date", value=str(one.day))), text=shown, sentence=sentence
    )


def _where(sentence: str, text: str) -> tuple[tuple[int, int], ...]:
    at = cut(sentence, SPAN).find(text)
    return ((at, at + len(text)),) if at >= 0 else ()


def _days(part: _Part, published: date | None) -> Iterator[Statement]:
    if not _DIGIT.search(part.text):
        return
    for one in days(part.text, published):
        ahead = published is not None and (one.day - published).days > 1
        fact = Fact(kind="date", value=str(one.day), text=_day(one.day))
        sentence = _sentence(part, one.start, one.end)
        weight = None if ahead else 0.0
        yield Statement(kind="date", facts=(fact,), text=_day(one.day), sentence=sentence, weight=weight)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


# ── names, numbers, words ────────────────────────────────────────────────────────────────────────


def _names(body: str) -> Iterator[Fact]:
    for word, name in named.capitalised(body).items():
        yield Fact(kind="name", value=word, text=cut(name, TEXT))


def _people(parts: Iterable[_Part], quotes: Iterable[Quote]) -> Iterator[Statement]:
    seen: set[str] = set()
    spoke = {fold(quote.speaker) for quote in quotes}
    for part in parts:
        if part.field == "body":
            for one in named.people(part.text):
                if one.words[-1] not in seen:
                    seen.add(one.words[-1])
                    yield _named(part, one, quoted=fold(one.text) in spoke)


def _named(part: _Part, one: Named, *, quoted: bool = False) -> Statement:
    facts = tuple(Fact(kind="name", value=word, text=one.text) for word in one.words)
    shown = f"{one.text} speaks" if quoted else one.text
    sentence = _sentence(part, one.start, one.end)
    return Statement(kind="person", facts=facts, text=shown, sentence=sentence, named=one)


def _organisations(part: _Part) -> Iterator[Statement]:
    if part.field == "body":
        for one in named.organisations(part.text):
            fact = Fact(kind="organisation", value=" ".join(sorted(one.words)), text=one.text)
            sentence = _sentence(part, one.start, one.end)
            yield Statement(kind="organisation", facts=(fact,), text=one.text, sentence=sentence, named=one)


def _references(found: Sequence[Reference], texts: _Texts) -> Iterator[Statement]:
    for one in found:
        fact = Fact(kind="reference", value=f"{one.kind} {one.value}", text=one.value)
        sentence = texts.around(one.field, one.start, one.end)
        yield Statement(
            kind="reference",
            facts=(fact,),
            text=f"{_NUMBERS.get(one.kind, '')}{one.value}",
            sentence=sentence,
            weight=None if one.kind in _TELLING else 0.4,
        )


# Numbers that name a document or a proceeding; the others say which law it is about.
_TELLING = frozenset(
    {
        "fr-document",
        "docket",
        "case",
        "investigation",
        "rin",
        "executive-order",
        "proclamation",
        "bill",
        "public-law",
        "wto-dispute",
        "eu-act",
        "announcement",
    }
)


def _quotes(quotes: Sequence[Quote], texts: _Texts) -> Iterator[Statement]:
    for quote in quotes:
        said = body_words(quote.text)
        if len(said) < QUOTED or not quote.speaker:
            continue
        facts = tuple(
            Fact(kind="quote", value=digest(end), text=cut(quote.speaker, TEXT)) for end in (said[:ENDS], said[-ENDS:])
        )
        sentence = texts.around(quote.field, quote.start, quote.end)
        yield Statement(
            kind="quote", facts=facts, text=f"{quote.speaker}: “{cut(quote.text, TEXT)}”", sentence=sentence
        )
