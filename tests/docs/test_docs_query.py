"""docs/rules.md on the query language: every example of the table matches, or does not, as it says."""

import importlib.util
import re
from pathlib import Path

import pytest

from bot.match import Matcher
from bot.model import Article
from bot.rules import load_query

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
PART = PAGE.read_text("utf-8").split("## The query language")[1].split("\n## ")[0]
ROWS = re.findall(r"^\| `([^`|]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PART, flags=re.MULTILINE)


def article(example):
    title, body = re.fullmatch(r"(?:\*\*(.+?)\*\* )?(.+)", example).groups()
    body = body.replace(" ¶ ", "\n\n")
    return Article(
        source="s", key="1", key_kind="fingerprint", fingerprint="", content_hash="", title=title or "", body=body
    )


@pytest.mark.parametrize(("query", "matches", "does_not"), ROWS)
def test_examples_do_what_the_table_says(query, matches, does_not):
    asked = load_query(query, {})
    assert asked.faults == ()
    matcher = Matcher([asked.rule])
    assert [bool(matcher.match(article(example))) for example in (matches, does_not)] == [True, False]


def test_the_table_shows_every_operator():
    assert len(ROWS) >= 14
    shown = " ".join(query for query, *_ in ROWS)
    for operator in ("AND", "OR", "NOT", "NEAR/", "ONEAR/", "NOT NEAR/", "SENTENCE", "PARAGRAPH", " OF (", "ATLEAST/"):
        assert operator in shown
    for field in ("title", "lead", "body", "author", "source", "tier", "lang", "url"):
        assert f"`{field}:" in PART


def test_the_reference_is_as_the_grammar_would_have_it():
    spec = importlib.util.spec_from_file_location("make_query", PAGE.with_name("make_query.py"))
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    text = made.PAGE.read_text("utf-8")
    assert made.filled(text) == text, "run python docs/make_query.py"
