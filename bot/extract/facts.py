"""All that is stored of an article's text beyond its words: references and days that count, field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.model import Facts

from .deadlines import deadlines
from .references import references

if TYPE_CHECKING:
    from bot.model import Article, Deadline, Reference

# Where a document itself is published: there "after publication" means the page's own date.
_PUBLISHERS = ("federalregister.gov", "govinfo.gov")


def facts(article: Article) -> Facts:
    """What stands in title and body, and the references in the address: a document's page bears its number there."""
    return Facts(references=_references(article), deadlines=_deadlines(article))


def _references(article: Article) -> tuple[Reference, ...]:
    found = [replace(one, field="title") for one in references(article.title)]
    found += references(article.body)
    if article.url:
        found += [replace(one, field="url") for one in references(article.url)]
    return tuple(found)


def _deadlines(article: Article) -> tuple[Deadline, ...]:
    published = article.published_at.date() if article.published_at else None
    itself = _is_publication(article)
    titled = deadlines(article.title, published=published, is_publication=itself)
    return (
        *(replace(one, field="title") for one in titled),
        *deadlines(article.body, published=published, is_publication=itself),
    )


def _is_publication(article: Article) -> bool:
    """Whether it is the official document rather than a report of it."""
    try:
        host = urlsplit(article.canonical_url or article.url or "").hostname or ""
    except ValueError:
        return False
    return any(host == name or host.endswith(f".{name}") for name in _PUBLISHERS)
