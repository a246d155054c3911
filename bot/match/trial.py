"""A rule's own tests: short texts of which its author says whether they match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from bot.model import TIERS, Article

from .engine import Matcher
from .explaining import explain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Mention, Rule, RuleTest, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFailure:
    """A test whose text did not do what it says.

    ``got`` is what happened, ``detail`` the sentence for the author, ``why`` what kept the rule from matching.
    """

    __test__ = False  # not a test case of pytest, whatever its name

    rule: Rule
    test: RuleTest
    got: str
    detail: str
    why: tuple[str, ...] = ()


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
        article = _article(rule, test)
        found = matcher.mention(rule, article)
        if found and test.expect == "no":
            yield TestFailure(rule=rule, test=test, got="match", detail=_unexpected(test, found))
        elif not found and test.expect == "match":
            yield TestFailure(rule=rule, test=test, got="no", detail=_missing(test), why=_why(rule, article))


def _why(rule: Rule, article: Article) -> tuple[str, ...]:
    """What is in the way, as ``explain`` says it."""
    (explanation,) = explain(Matcher([rule]), article)
    return tuple(obstacle.text for obstacle in explanation.obstacles)


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


def _missing(test: RuleTest) -> str:
    return f'should match, but does not: "{test.shortened}"'


def _unexpected(test: RuleTest, found: Mention) -> str:
    words = ", ".join(dict.fromkeys(f'"{hit.text}"' for hit in found.hits)) or "no term at all"
    return f'should not match, but does, because of {words}: "{test.shortened}"'
