"""From an article that a rule took, or missed, to a ``[[rule.test]]`` which holds that against the rule from now on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .errors import PresswatchError
from .match import Matcher, run_tests
from .model import RuleTest
from .rights import Allowance
from .rules import table_of
from .tomlfile.insertion import insert_after

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from .model import Article, Rule

LONGEST = 1_500
"""Characters of a test: whoever reads the rules should see at a glance what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A test for a rule. ``passes``: the rule as it stands does already what the test asks for.

    ``telling``: the test's few words show the rule doing what it does with the whole article.
    """

    rule: Rule
    test: RuleTest
    passes: bool
    telling: bool


def example(rule: Rule, article: Article, expect: Literal["match", "no"]) -> Example:
    """The shortest test with words of the article to which the rule says what it says to the article.

    Raises PresswatchError where the article's source does not let its words be quoted.
    """
    matcher = Matcher([rule])
    matches = matcher.mention(rule, article) is not None
    tests = list(_candidates(rule, article, expect, matcher))
    found = next((test for test in tests if _matches(rule, test) == matches), None)
    if not tests or (found is None and article.excerpt is not None):
        raise PresswatchError(
            f'the source "{article.source}" lets too little of its articles be quoted: write the test in your own words'
        )
    return Example(
        rule=rule,
        test=found or tests[0],
        passes=_matches(rule, found or tests[0]) == (expect == "match"),
        telling=found is not None,
    )


def inserted(text: str, number: int, test: RuleTest) -> str:
    """A file's ``text`` with the test behind all else of its rule ``number``, from 0; the rest stays as it is."""
    return insert_after(text, "rule", number, table_of(test))


def _matches(rule: Rule, test: RuleTest) -> bool:
    # A test that expects "no" fails exactly if the rule matches.
    return bool(run_tests([replace(rule, tests=(replace(test, expect="no"),))]))


def _candidates(rule: Rule, article: Article, expect: Literal["match", "no"], matcher: Matcher) -> Iterator[RuleTest]:
    """Tests from the shortest to the longest, first without facts about the article, then with all of them."""
    date = article.published_at.date() if article.published_at else None
    every = RuleTest(text="", expect=expect, date=date, lang=article.lang, author=article.author, url=article.url)
    facts = (
        RuleTest(text="", expect=expect),
        replace(every, source=article.source),
        replace(every, source=article.tier),
    )
    texts = [(title, text) for title, text in _texts(rule, article, matcher) if (title + text).strip()]
    for fact in facts:
        for title, text in dict.fromkeys(texts):
            yield replace(fact, title=title, text=text)


def _texts(rule: Rule, article: Article, matcher: Matcher) -> Iterator[tuple[str, str]]:
    allowed = Allowance(article.excerpt, derived=article.title_derived)
    title = "" if article.title_derived else article.title
    if (mention := matcher.mention(rule, article)) is not None:
        sentences = allowed.sentences(mention.sentences)
        said = " ".join(_flat(sentence.text) for sentence in sentences if sentence.field == "body")
        yield ("", said) if said else (title, "")
        yield title, said
    if article.excerpt is None:
        beginning = article.body[:LONGEST]
        yield title, _flat(beginning.split("\n")[0])
        yield title, "\n".join(line.strip() for line in beginning.splitlines())


def _flat(text: str) -> str:
    return " ".join(text.split())
