"""What may stand in a rules file: one model per kind of table."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.model import Severity, Tier
from bot.model.volume import Contract
from bot.model.words import LANG
from bot.tomlfile import did_you_mean
from bot.tomlfile.durations import between, seconds
from bot.tomlfile.models import Id, Line, Many, Mistake, Table, kind_of

from .facts import check_lang, check_tier
from .terms import parse_plain, parse_term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

WHERE = re.compile(r"title|body|lead(?::(?P<words>[1-9]\d{0,3}))?")


def _term(value: str) -> str:
    parse_term(value)
    return value


def _alias_text(value: str) -> str:
    if parse_plain(value).kind == "regex":
        raise Mistake("is a regular expression, which an alias cannot be", "write out the forms of the name")
    return value


def _word(value: str) -> str:
    if parse_plain(value).kind != "plain":
        raise Mistake('must be a plain word or phrase, without "=", "*", "?" or "/"')
    return value


def _where(value: str) -> str:
    if not WHERE.fullmatch(value):
        near = did_you_mean(value, ("title", "lead", "body")) if value.isalpha() else ""
        meant = near if near.startswith("did") else ""
        remedy = meant or 'one of "title", "lead", "lead:100" (its first 100 words), "body"'
        raise Mistake(f'cannot be "{value[:40]}"', remedy)
    return value


def _expect(value: str) -> str:
    try:
        Contract.read(value)
    except ValueError:
        remedy = 'write the fewest and the most stories you expect in an hour, day or week, such as "0..12/day"'
        raise Mistake(f'cannot be "{value[:40]}"', remedy) from None
    return value


def _or_one(check: Callable[[str], object], item: Any = str) -> BeforeValidator:  # noqa: ANN401 – any annotation
    """A list, or one ``item`` in its place: checked here, so that a message does not speak of a list's items."""

    def as_list(value: object) -> object:
        if not isinstance(value, str):
            return value
        check(value)
        return [value]

    return BeforeValidator(as_list, json_schema_input_type=item | tuple[item, ...])


def _or_one_table(value: object) -> object:
    if not isinstance(value, (dict, list)):
        raise Mistake(f"must be a table, not {kind_of(value)}", '{ term = "…", of = "…", within = 5 }')
    return [value] if isinstance(value, dict) else value


def _pattern(expression: re.Pattern[str]) -> dict[str, Any]:
    """What a schema says of text that must be this as a whole; JavaScript names no groups so."""
    return {"pattern": f"^(?:{re.sub('[?]P<[^>]+>', '?:', expression.pattern)})$"}


Day = dt.date
TermText = Annotated[str, AfterValidator(_term)]
AliasText = Annotated[str, AfterValidator(_alias_text)]
Word = Annotated[str, AfterValidator(_word)]
Where = Annotated[str, AfterValidator(_where), Field(json_schema_extra=_pattern(WHERE))]
Lang = Annotated[str, AfterValidator(check_lang), Field(json_schema_extra=_pattern(LANG))]
Terms = Many[TermText]
OneOrMore = Annotated[Many[TermText], _or_one(_term, TermText)]
Words = Annotated[Many[Word], _or_one(_word, Word)]


class NotNearTable(Table):
    """``not_near``: drops occurrences of ``term`` that have one of ``of`` close by."""

    term: OneOrMore
    of: OneOrMore
    within: Annotated[int, Field(ge=0, le=1000)]


class SourcesTable(Table):
    """``sources``: which articles a rule looks at."""

    tier: Annotated[Many[Tier], _or_one(check_tier, Tier)] = ()
    lang: Annotated[Many[Lang], _or_one(check_lang, Lang)] = ()


class TestTable(Table):
    """``[[rule.test]]``: an article in a nutshell, and whether the rule must match it."""

    title: str = ""
    text: str = ""
    expect: Literal["match", "no"]
    date: Day | None = None
    lang: Lang | None = None
    source: Id | None = None
    author: Line | None = None
    url: Line | None = None

    @model_validator(mode="after")
    def _has_words(self) -> TestTable:
        if not (self.title.strip() or self.text.strip()):
            raise Mistake("has neither text nor title", 'add text = "…"')
        return self


class RuleTable(Table):
    """``[[rule]]``. Only ``id`` and something to look for are required; without ``title`` the id is shown.

    What stands in ``query`` is read together with the entities and lists that it may name.
    """

    id: Id
    title: Line | None = None
    theme: Id | None = None
    severity: Severity = "normal"
    owner: Line | None = None
    notify: Many[Id] = ()
    any: Terms = ()
    all: Terms = ()
    none: Terms = ()
    mask: Terms = ()
    not_near: Annotated[
        Many[NotNearTable],
        BeforeValidator(_or_one_table, json_schema_input_type=NotNearTable | tuple[NotNearTable, ...]),
    ] = ()
    where: Annotated[Many[Where], _or_one(_where, Where)] = ()
    min_hits: Annotated[int, Field(ge=1, le=1000)] = 1
    query: str | None = None
    sources: SourcesTable = SourcesTable()
    inhibited_by: Many[Id] = ()
    repeat: Annotated[float, BeforeValidator(seconds), between("0s", "30d")] | None = None
    expect: Annotated[str, AfterValidator(_expect)] | None = None
    until: Day | None = None
    test: Many[TestTable] = ()

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """Without a positive term a rule would match everything, or nothing."""
        if not (raw.get("any") or raw.get("all") or "query" in raw):
            words = ": none alone would match almost everything" if raw.get("none") else ""
            yield Mistake(f"has nothing to look for{words}", 'add any = ["…"] or all = ["…"], or a query')
        beside = [key for key in ("any", "all") if raw.get(key)]
        if "query" in raw and beside:
            words = f"has a query and {' and '.join(beside)}, but takes one or the other"
            yield Mistake(words, "write these terms into the query, or leave the query out", key="query")


class AliasTable(Table):
    """One item of ``aliases``, plain text standing for ``{ text = … }``."""

    text: AliasText
    requires: Annotated[Words, Field(alias="with")] = ()
    within: Annotated[int, Field(ge=1, le=1000)] | None = None
    without: Words = ()
    valid_from: Annotated[Day | None, Field(alias="from")] = None
    valid_until: Annotated[Day | None, Field(alias="until")] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> AliasTable:
        if self.within is not None and not (self.requires or self.without):
            raise Mistake("has within, but neither with nor without", 'add with = ["…"], or remove within')
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise Mistake("is valid from a day after its last one", "swap from and until")
        return self


def _alias(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class EntityTable(Table):
    """``[[entity]]``."""

    id: Id
    name: Line
    kind: Literal["person", "organization", "place", "law", "office", "product"]
    aliases: Many[Annotated[AliasTable, BeforeValidator(_alias, json_schema_input_type=AliasText | AliasTable)]]

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """An entity is found by its aliases only; its name is for readers."""
        if raw.get("aliases") == []:
            yield Mistake("has no aliases, so nothing would be found", 'add aliases = ["…"]')


class TermsTable(Table):
    """``[[terms]]``: a list used as ``$id``."""

    id: Id
    any: Terms

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """An empty list would make the rules that use it match nothing."""
        if raw.get("any") == []:
            yield Mistake("has no terms", 'add any = ["…"]')
