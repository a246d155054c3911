"""Articles as lines of JSON: what is read, and the place and remedy of what cannot be."""

import json
from datetime import UTC, datetime

import pytest

from bot.errors import Unreadable
from bot.ingest.files import articles_in


def read(*lines):
    return articles_in("\n".join(lines).encode(), "articles.jsonl")


def test_every_key_is_kept():
    given = {
        "title": "Duties on  kettles",
        "text": "They rise.\n\nFrom May.",
        "url": "https://paper.example/a?utm_source=x",
        "source": "A paper",
        "published": "2025-03-04T10:00:00+01:00",
        "author": "Desk",
        "lang": "en",
        "tier": "wire",
        "unknown": 1,
    }
    (article,) = read(json.dumps(given))
    assert (article.title, article.body, article.outlet) == ("Duties on kettles", "They rise.\n\nFrom May.", "A paper")
    assert (article.author, article.lang, article.tier, article.source) == ("Desk", "en", "wire", "articles.jsonl")
    assert article.published_at == datetime(2025, 3, 4, 9, tzinfo=UTC)
    assert (article.key, article.key_kind) == (article.canonical_url, "url")
    assert "utm" not in article.key


def test_blank_lines_are_passed_over_and_null_is_nothing():
    first, second = read('{"title": "A", "text": null}', "", '{"text": "Only words."}', "")
    assert (first.text_seen, second.title, second.title_derived) == ("title", "Only words.", True)
    assert first.key_kind == "fingerprint"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2 is no JSON"),
        ("[" * 100_000, "line 2 is no JSON"),
        ("[]", "line 2 is no JSON object"),
        ("{}", 'line 2 has neither "title" nor "text"'),
        ('{"title": " "}', 'line 2 has neither "title" nor "text"'),
        ('{"title": 5}', "line 2: title is no text"),
        ('{"title": "A", "url": "paper"}', "line 2: url"),
        ('{"title": "A", "published": "soon"}', 'line 2: published "soon" is no date'),
        ('{"title": "A", "tier": "best"}', "line 2: tier"),
    ],
    ids=lambda text: text[:30],
)
def test_a_line_that_is_no_article_is_named(line, message):
    with pytest.raises(Unreadable, match=message):
        read('{"title": "Good"}', line)
