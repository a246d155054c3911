"""A rule's own tests: short texts of which its author says whether they match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from bot.model import TIERS, Article

from .engine import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Mention, Rule, RuleTest, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFailure:
    """A test whose text did not do what it says. ``got`` is what happened, ``detail`` the sentence for the author."""

    __test__ = False  # not a test case of pytest, whatever its name

    rule: Rule
    test: RuleTest
    got: str
    detail: str


def run_tests(rules: Iterable[Rule], matcher: Matcher | None = None) -> list[TestFailure]:
    """Run every test of every rule against its own rule, expired or not; the failures in order.

    ``matcher`` is one of these very rules, among others, if there is one already.
    """
    tested = [rule for rule in rules if rule.tests]
    if not tested:
        return []
    matcher = matcher or Matcher(tested)
    return [failure for rule in tested for failure in _run(rule, matcher)]


def _run(rule: Rule, matcher: Matcher) -> Iterable[TestFailure]:
    for test in rule.tests:
        found = matcher.mention(rule, _article(rule, test))
        got = "match" if found else "no"
        if got != test.expect:
            detail = _unexpected(test, found) if found else _missing(test)
            yield TestFailure(rule=rule, test=test, got=got, detail=detail)


def _article(rule: Rule, test: RuleTest) -> Article:
    """The test as an article. What it leaves open is no hindrance: no date, no language, a tier the rule is for."""
    return Article(
        source=test.source or "",
        key="",
        key_kind="fingerprint",
        fingerprint="",
        content_hash="",
        title=test.title,
        body=test.text,
        author=test.author,
        url=test.url,
        lang=test.lang,
        tier=_tier(rule, test),
        published_at=datetime.combine(test.date, time(12), UTC) if test.date else None,
    )


def _tier(rule: Rule, test: RuleTest) -> Tier:
    """A test's ``source`` may name a tier."""
    named = [tier for tier in TIERS if tier == test.source]
    return (*named, *rule.tiers, "outlet")[0]


def _shortened(test: RuleTest) -> str:
    text = " ".join(f"{test.title} {test.text}".split())
    return text if len(text) <= 80 else text[:79] + "…"


def _missing(test: RuleTest) -> str:
    return f'should match, but does not: "{_shortened(test)}"'


def _unexpected(test: RuleTest, found: Mention) -> str:
    words = ", ".join(dict.fromkeys(f'"{hit.text}"' for hit in found.hits)) or "no term at all"
    return f'should not match, but does, because of {words}: "{_shortened(test)}"'
