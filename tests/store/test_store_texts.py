"""The archive's texts as rules are held against them, on both databases."""

import dataclasses

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, put_article, source

from bot.match import Matcher
from bot.store import archive, articles, retention, sources, texts
from bot.store import tables as t


@pytest.fixture
def tx(store):
    with store.write() as open_tx:
        sources.sync(open_tx, [source("wire", tier="official"), source("paper")], NOW)
        yield open_tx


def test_they_are_read_newest_first_page_by_page(tx, monkeypatch):
    monkeypatch.setattr("bot.store.texts._PAGE", 3)
    put = [put_article(tx, article(f"k{n}"), at=later(n // 2))[0] for n in range(9)]
    assert [text.id for text in texts.since(tx, NOW)] == put[::-1]
    assert [text.id for text in texts.since(tx, later(2))] == put[:3:-1]
    assert (texts.number(tx, NOW), texts.number(tx, later(2)), texts.number(tx, later(9))) == (9, 5, 0)


def test_the_newest_version_is_read_in_the_story_that_stands(tx):
    first, story, _ = put_article(tx, article("a"))
    articles.add_version(tx, first, article("a", title="Mended"), later(5))
    _, other, _ = put_article(tx, article("b"), at=later(1))
    tx.run(sa.update(t.story).where(t.story.c.id == other).values(merged_into=story))
    assert [(text.article.title, text.story) for text in texts.since(tx, NOW)] == [
        ("Title b", story),
        ("Mended", story),
    ]


def test_first_polls_and_texts_that_are_gone_are_told_apart(tx):
    gone, _, _ = put_article(tx, article("a"))
    put_article(tx, article("b"), state="baseline", at=later(1))
    assert retention.remove_texts(tx, [gone], NOW) == 1
    assert [(text.first_poll, text.removed, text.article.body != "") for text in texts.since(tx, NOW)] == [
        (True, False, True),
        (False, True, False),
    ]


def test_when_the_archive_began(tx):
    assert texts.first_seen(tx) is None
    put_article(tx, article("a"), at=later(5), order_at=later(-70))
    put_article(tx, article("b"), at=later(9))
    assert texts.first_seen(tx) == later(5)


def test_all_that_rules_look_at_is_there(tx):
    """What a text leaves out of the article, no rule has a name for: matching reads nothing else."""
    put_article(tx, article("a", author="Jane Doe", lang="en", title_derived=True, url=None))
    (text,) = texts.since(tx, NOW)
    (stored,) = archive.archive(tx)
    unread = {"key", "key_kind", "fingerprint", "content_hash", "outlet", "text_seen", "text_reason", "excerpt"}
    unread |= {"published_raw", "date_origin"}
    names = {field.name for field in dataclasses.fields(text.article)} - unread
    assert {name: getattr(text.article, name) for name in names} == {
        name: getattr(stored.article, name) for name in names
    }


def test_a_text_is_matched_as_its_article_is(tx):
    from bot.rules import load

    queries = (
        "author:Jane AND body",
        "source:wire AND body",
        "tier:official AND body",
        'url:"example/a" AND body',
        "lang:en AND body",
        "title:k",
    )
    rules = "".join(f"[[rule]]\nid = 'r{n}'\nquery = '''{query}'''\n" for n, query in enumerate(queries))
    loaded = load({"f.toml": rules})
    assert loaded.faults == ()
    matcher = Matcher(loaded.ruleset.rules.values())
    put_article(tx, article("a", author="Jane Doe", lang="en", title="Body of k"))
    (text,), (stored,) = texts.since(tx, NOW), archive.archive(tx)
    assert matcher.matching(text.article) == matcher.matching(stored.article) == [f"r{n}" for n in range(len(queries))]
