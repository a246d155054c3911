"""Notices in an article's place: a score over small pages, in which a false wall weighs more than a miss."""

import gzip
import json
from collections import Counter

import pytest
from wall_pages import ABOUT_WALLS, NEWS, PAGES, data, page, paragraphs, story

from bot.ingest.pagetext import page_text
from bot.ingest.walls import CONSENT, HUMAN, PAYWALL, Page, wall

ADDRESS = "https://courier.example/harbour/basin"
# Heard of, understood, and left: what the theory gives up rather than take an article away.
MISSED = frozenset({"an offer of unlimited access", "full access"})


def seen(name):
    _, url, markup = PAGES[name]
    return page_text(markup.encode(), "text/html; charset=utf-8", url or ADDRESS)


def test_the_score_over_all_pages(record_property):
    wrong = {"false wall": [], "miss": [], "another wall": []}
    for name, (expected, _, _) in PAGES.items():
        found = seen(name).wall or None
        if found != expected:
            kind = "false wall" if expected is None else "miss" if found is None else "another wall"
            wrong[kind].append(name)
    kinds = Counter(expected for expected, _, _ in PAGES.values())
    record_property("pages", dict(kinds))
    assert len(PAGES) >= 30
    assert min(kinds[None], kinds[PAYWALL] + kinds[CONSENT] + kinds[HUMAN]) >= 15
    assert wrong == {"false wall": [], "miss": sorted(MISSED), "another wall": []}


@pytest.mark.parametrize("name", [name for name, (expected, _, _) in PAGES.items() if expected is None])
def test_the_text_of_articles_is_taken_whole_and_nothing_from_around_it(name):
    found = seen(name)
    body = PAGES[name][2]
    for text in NEWS[:2]:
        if text in body:
            assert text in found.text
    for around in ("Cookie settings", "Log in", "Accept all", "The Harbour Courier"):
        assert around not in found.text


@pytest.mark.parametrize(
    "name", [name for name, (expected, _, _) in PAGES.items() if expected is not None and name not in MISSED]
)
def test_of_a_wall_no_text_is_taken(name):
    assert seen(name).text == ""


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ('{"@type":"NewsArticle","isAccessibleForFree":"https://schema.org/False"}', PAYWALL),
        ('{"@type":"NewsArticle","isAccessibleForFree":"perhaps"}', ""),
        ('[{"@type":"BreadcrumbList"},{"@type":"ReportageNewsArticle","isAccessibleForFree":"false"}]', PAYWALL),
        ('{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","isAccessibleForFree":false}}', PAYWALL),
        ('{"@type":"NewsArticle","mentions":{"@type":"NewsArticle","isAccessibleForFree":false}}', ""),
        ('{"@type":"Museum","isAccessibleForFree":false}', ""),
        ('{broken "isAccessibleForFree": true, and "isAccessibleForFree": false', ""),
        ("[" * 50_000, ""),
        ("null", ""),
    ],
)
def test_the_publishers_own_word(block, expected):
    assert page_text(page(story(NEWS), head=data(block)).encode(), "text/html", ADDRESS).wall == expected


def test_the_first_block_that_says_something_decides():
    blocks = data('{"@type":"NewsArticle"}') + data('{"@type":"Article","isAccessibleForFree":true}')
    blocks += data('{"@type":"Article","isAccessibleForFree":false}')
    assert page_text(page(story(NEWS), head=blocks).encode(), "text/html", ADDRESS).wall == ""


def test_a_phrase_counts_at_the_end_of_a_long_text_and_not_within_it():
    text = "\n\n".join(ABOUT_WALLS * 2)
    barred = text + "\n\nSubscribe to continue reading this report. From £1 a week."
    for body, expected in ((text, ""), (barred, PAYWALL), (barred + "\n\n" + text, "")):
        assert wall(Page(url=ADDRESS, markup=paragraphs([body]), seen=body, text=body)) == expected


def test_nothing_is_no_wall():
    assert wall(Page(url="http://[", markup="", seen="", text="")) == ""


def test_no_notice_of_the_federal_register_is_taken_for_a_wall(corpora):
    """They ask for comments, registration and consent all the time, and speak of "our", "you" and "your"."""
    found = Counter()
    for path in sorted((corpora / "news").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                text = "\n\n".join(str(value) for value in row.values() if isinstance(value, str) and len(value) > 60)
                found[wall(Page(url=ADDRESS, markup="", seen=text, text=text))] += 1
    assert set(found) == {""}
    assert found[""] > 1_000
