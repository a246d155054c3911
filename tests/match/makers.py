"""Articles, terms and expressions in a few words, for the tests of the matcher."""

from bot.model import Alias, AllOf, AnyOf, Article, CountOf, FarFrom, Meta, Near, Not, Rule, Term


def article(body="", title="", **more):
    """An article of the source "scmp", of which nothing is known but what is given."""
    facts = {"source": "scmp", "key": "k", "key_kind": "url", "fingerprint": "", "content_hash": ""} | more
    return Article(title=title, body=body, **facts)


def term(part):
    """A term as it is typed in a rule file; anything else is an expression already."""
    if not isinstance(part, str):
        return part
    if part.startswith("="):
        return Term(text=part[1:], kind="exact")
    if part.startswith("/"):
        return Term(text=part[1:-1], kind="regex")
    return Term(text=part, kind="wildcard" if "*" in part or "?" in part else "plain")


def alias(text, entity="raimondo", **conditions):
    return Term(text=text, entity=entity, alias=Alias(text=text, **conditions))


def either(*parts):
    return AnyOf(tuple(map(term, parts)))


def every(*parts):
    return AllOf(tuple(map(term, parts)))


def no(part):
    return Not(term(part))


def near(left, right, within=5, *, ordered=False):
    return Near(term(left), term(right), within, ordered)


def far(part, of, within):
    return FarFrom(term(part), term(of), within)


def count(number, *parts):
    return CountOf(number, tuple(map(term, parts)))


def fact(field, text, kind="plain"):
    return Meta(field, Term(text=text, kind=kind))


def rule(*any_, all_=(), none=(), **more):
    """The rule "r" as its typed keys make it."""
    return Rule(id=more.pop("id", "r"), title="", expr=every(either(*any_), *all_, *map(no, none)), **more)
