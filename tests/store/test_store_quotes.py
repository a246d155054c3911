"""Who said what on both databases: written with a version, found by the speaker, filled for what was there before."""

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, put_article, put_source

from bot.extract import facts as read_facts
from bot.model import FACTS_VERSION
from bot.search import parse
from bot.store import articles, facts, quotes, search
from bot.store import tables as t

SAID = "“It is over,” said Lu Min, an expert at Arden, “and nobody won.” The ministry called it “a long day for all”."


@pytest.fixture
def tx(store):
    put_source(store, "wire")
    with store.write() as open_tx:
        yield open_tx


def put(tx, key, body):
    item = article(key, body=body)
    article_id, _, version = put_article(tx, item)
    facts.add(tx, version, read_facts(item))
    return article_id


def found(tx, speaker, words=None, **more):
    query = parse(words) if words else None
    return [each.stored.id for each in search.search(tx, query, limit=10, speaker=speaker, **more)]


def test_what_is_written_comes_back(tx):
    told = read_facts(article(body=SAID))
    assert [quote.speaker for quote in told.quotes] == ["Lu Min", "ministry"]
    one = put(tx, "a", SAID)
    assert facts.of(tx, one) == told
    assert quotes.of(tx, [one, 99]) == {one: told.quotes}


@pytest.mark.parametrize("speaker", ["Lu Min", "lu min", "LÚ", "min", "Ministry"])
def test_found_by_the_name_or_whole_words_of_it(tx, speaker):
    one = put(tx, "a", SAID)
    put(tx, "b", "“It is over,” said Luisa Minh, an expert.")
    assert found(tx, speaker) == [one]


@pytest.mark.parametrize("speaker", ["Min Lu", "mi", "nobody", "%", "Lu Min Arden"])
def test_other_words_find_nothing(tx, speaker):
    put(tx, "a", SAID)
    assert found(tx, speaker) == []


def test_chinese_names_are_found_in_either_script(tx):
    one = put(tx, "a", "商务部发言人陈明远表示：“我们反对。”")
    assert [found(tx, name) for name in ("陈明远", "陳明遠", "明远", "陈远")] == [[one], [one], [one], []]


def test_only_the_speaker_asked_for_is_given(tx):
    one = put(tx, "a", SAID)
    (quote,) = quotes.of(tx, [one], "lu")[one]
    assert quote.text == "It is over and nobody won."
    assert [SAID[start:end] for start, end in quote.spans] == ["It is over", "and nobody won."]


def test_words_and_times_narrow(tx):
    one = put(tx, "a", SAID)
    assert found(tx, "Lu", "nobody") == [one]
    assert found(tx, "Lu", "somebody") == []
    assert found(tx, "Lu", since=later(3600)) == []


def test_the_newest_version_counts(tx):
    one = put(tx, "a", SAID)
    changed = article("a", body="Nobody says anything any more.", content_hash="other")
    ref = articles.add_version(tx, one, changed, NOW)
    facts.add(tx, ref.version, read_facts(changed))
    assert found(tx, "Lu") == []
    assert quotes.of(tx, [one]) == {}


def test_what_was_stored_before_is_read_when_the_readers_have_changed(store):
    put_source(store, "wire")
    with store.write() as tx:
        one = put_article(tx, article("a", body=SAID))[0]
        assert found(tx, "Lu") == []
    facts.catch_up(store, read_facts, FACTS_VERSION)
    facts.catch_up(store, read_facts, FACTS_VERSION + 1)
    with store.read() as tx:
        assert found(tx, "Lu") == [one]
        assert tx.value(sa.select(sa.func.count()).select_from(t.quote)) == 2
