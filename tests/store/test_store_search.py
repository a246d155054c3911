"""The search index on both databases: what is found, in which order, and that it follows what is stored."""

import itertools
import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from store_samples import NOW, article, later, mention, put_article, put_source

from bot.errors import QueryError, StoreUnreachable
from bot.search import INDEX_VERSION, Query, Term, parse
from bot.search.words import search_words
from bot.store import Store, articles, migrate, search
from bot.store import tables as t

HOSTILE = [
    "'; DROP TABLE article; --",
    'a" OR "b',
    "words : a",
    "{words} : a",
    "^a",
    "a NEAR/2 b",
    "NEAR(a b)",
    "a + b",
    "(a",
    "a)",
    "a <-> b",
    "a & b | !c",
    "a:*",
    "%",
    "_",
    "a\\",
    "\\'a",
    "a\0b",
    "\ud800a",
    "¶ a",
    "*",
    "a" * 5_000,
    "a " * 200,
    "a OR " * 199 + "a",
    "a " + "-b " * 199,
    '"' + "a " * 200 + '"',
    "Robert'); --",
]


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_tx:
        yield open_tx


def add(tx, key, title="", body="", **more):
    """An article with only these words; its id."""
    facts = {name: more.pop(name) for name in ("order_at", "state", "at") if name in more}
    return put_article(tx, article(key, title=title, body=body, **more), **facts)[0]


def ask(tx, text, **more):
    return [found.stored.id for found in search.search(tx, parse(text), **{"limit": 100, **more})]


# ── what is found ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("中国的华为公司", ["华为", "華為", "华为公司", "为", '"华为"'], ["为华", "华国"]),
        ("中國的華為Mate60", ["华为", "華為", "华为mate60", "mate*"], ["mate"]),
        ("삼성전자가", ["삼성", "전자"], ["성삼"]),
        ("Crème brûlée in Malmö", ["creme", "BRULEE", "malmo", '"Creme Brulee"'], ["brule", '"brulee malmo"']),
        ("Die Straße der ﬁnanzen", ["strasse", "finanzen", "fin*"], ["stra", "strass"]),
        ("New export controls bite", ['"export controls"', "controls export"], ['"controls export"', '"new controls"']),
        ("Tariffs on steel", ["tariffs", "tariff*", "TARIFFS steel"], ["tariff", "tariffs tin"]),
        ("The U.S. said 1,000", ["u.s.", "U.S", '"1,000"', "1000 OR 1,000"], ["us"]),
        ("hot-rolled steel", ["hot-rolled", "hot rolled", "hot-rol*"], ["hotrolled"]),
        ("steel and tin", ["tin OR lead", "steel lead OR tin", "steel -lead"], ["steel -tin", "lead OR zinc"]),
        ("one two three", ["one -two-one", 'two* -"two one"', 'one -"on*"'], ['one -"one two"', "one -thr*"]),
        ("ภาษาไทย", ["ไทย", "ภาษา"], ["ไทยภาษา"]),
        ("हिन्दी समाचार", ["हिन्दी"], ["हिन्"]),
    ],
)
def test_words_are_found(tx, text, found, not_found):
    id_ = add(tx, "k1", body=text)
    add(tx, "k2", body="something else")
    assert {query: ask(tx, query) for query in found} == {query: [id_] for query in found}
    assert {query: ask(tx, query) for query in not_found} == {query: [] for query in not_found}


def test_title_author_and_outlet_are_searched_too_but_no_phrase_crosses_them(tx):
    id_ = add(tx, "k1", title="Chips ahead", body="Trade talks", author="Ann Writer", outlet="Daily Planet")
    for query in ("chips", "talks", '"ann writer"', "daily planet", "chips talks ann planet"):
        assert ask(tx, query) == [id_]
    for query in ('"ahead trade"', '"talks ann"', '"writer daily"'):
        assert ask(tx, query) == []


def test_phrases_are_found_far_into_a_long_text(tx):
    """Beyond the positions that a tsvector keeps."""
    id_ = add(tx, "k1", body="字" * 40_000 + "华为" + "字" * 10)
    assert ask(tx, "华为") == [id_]
    assert ask(tx, "为华") == []


def test_a_text_of_the_greatest_size_is_stored_and_found_by_its_beginning(tx):
    id_ = add(tx, "k1", title="Marker", body=" ".join(f"w{number}x" for number in range(400_000)))
    assert ask(tx, "marker w7x") == [id_]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_syntax_error(tx, text):
    add(tx, "k1", body="a b")
    try:
        query = parse(text)
    except QueryError:
        return
    assert isinstance(search.search(tx, query, limit=5), list)


def test_naughty_strings_find_the_articles_that_hold_them(tx, corpora):
    strings = json.loads((corpora / "evil" / "naughty_strings.json").read_text("utf-8"))["strings"]
    plain = [text for text in strings if search_words(text) and len(search_words(text)) <= 100 and '"' not in text]
    ids = {text: add(tx, f"k{number}", body=text) for number, text in enumerate(plain)}
    for text, id_ in ids.items():
        quoted = text.translate(dict.fromkeys(map(ord, "“”„‟«»"), " "))
        assert id_ in ask(tx, f'"{quoted}"', limit=1_000), text


def test_any_text_is_found_by_its_own_words(tx):
    id_ = add(tx, "k1")

    @given(st.text(st.characters(codec=None), min_size=1, max_size=30))
    def check(text):
        search.put(tx, id_, NOW, ["before", text, "after"])
        words = tuple(search_words(text))
        if words:
            assert [found.stored.id for found in search.search(tx, Query(((Term(words),),)), limit=2)] == [id_]
            assert search.search(tx, Query(((Term((*words, "after")),),)), limit=2) == []

    check()


WORDS = ["tin", "tins", "steel", "华为", "華", "为", "é", "e", "Straße", "strasse", "U.S.", "u", "-", "\n", "ﬁ", "fin"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
ASKED = st.lists(st.sampled_from([*WORDS, "OR", "NOT", "-tin", "ti*", '"', "fi*", "-华"]), min_size=1, max_size=6)


def holds(words, term):
    size = len(term.words)
    *first, last = term.words
    return any(
        words[place : place + size - 1] == first
        and (words[place + size - 1].startswith(last) if term.prefix else words[place + size - 1] == last)
        for place in range(len(words) - size + 1)
    )


def answers(text, query):
    words = search_words(text)
    wanted = all(any(holds(words, term) for term in group) for group in query.groups)
    return wanted and not any(holds(words, term) for term in query.without)


def test_the_database_finds_what_reading_every_text_finds(tx):
    """On both databases, so that they agree."""
    texts = [
        " ".join(words) for size in (1, 2, 3) for words in itertools.islice(itertools.permutations(WORDS, size), 90)
    ]
    ids = {add(tx, f"k{number}", body=text): text for number, text in enumerate(texts)}

    @given(ASKED.map(" ".join))
    def check(asked):
        try:
            query = parse(asked)
        except QueryError:
            return
        expected = {id_ for id_, text in ids.items() if answers(text, query)}
        assert set(ask(tx, asked, limit=1_000)) == expected

    check()


# ── order, filters, pages ────────────────────────────────────────────────────────────────────────


def test_the_newest_come_first_however_many_there_are(tx):
    moments = [(number * 7_919) % 600 for number in range(600)]
    ids = [add(tx, f"k{number}", body="common", order_at=later(moment)) for number, moment in enumerate(moments)]
    expected = [id_ for _, id_ in sorted(zip(moments, ids, strict=True), reverse=True)]
    assert ask(tx, "common", limit=1_000) == expected
    assert ask(tx, "common", limit=20) == expected[:20]
    assert ask(tx, "common", limit=520) == expected[:520]


def test_of_one_second_the_last_stored_comes_first(tx):
    ids = [add(tx, f"k{number}", body="common", order_at=NOW) for number in range(4)]
    assert ask(tx, "common") == ids[::-1]


@pytest.mark.parametrize("year", [1, 1969, 1970, 2026, 9999])
def test_any_date_can_be_stored_and_asked_for(tx, year):
    moment = datetime(year, 6, 1, tzinfo=UTC)
    id_ = add(tx, "k1", body="common", order_at=moment)
    assert ask(tx, "common") == [id_]
    assert ask(tx, "common", since=moment) == [id_]


def test_since_source_and_rule_narrow(tx):
    old = add(tx, "k1", body="tin", order_at=later(-3_600))
    new = add(tx, "k2", body="tin")
    paper = add(tx, "k3", body="tin", source="paper", order_at=later(-60))
    _, _, version = put_article(tx, article("k4", body="tin"), order_at=later(-30))
    articles.add_mentions(tx, version, [mention("b"), mention("a")])
    ruled = ask(tx, "tin", rule="a")
    assert ask(tx, "tin") == [new, *ruled, paper, old]
    assert ask(tx, "tin", since=later(-60)) == [new, *ruled, paper]
    assert ask(tx, "tin", since=later(60)) == []
    assert ask(tx, "tin", source="paper") == [paper]
    assert ask(tx, "tin", source="paper", rule="a") == []
    assert ask(tx, "tin", rule="nobody") == []
    assert ask(tx, "tin", since=later(-60), source="wire", rule="b", limit=1) == ruled
    (found,) = search.search(tx, parse("tin"), limit=5, rule="a")
    assert (found.source_name, found.rules, found.stored.article.key) == ("Wire", ("a", "b"), "k4")
    assert search.mentioned_rules(tx) == {"a", "b"}


def test_a_rule_of_an_older_version_counts(tx):
    id_, _, version = put_article(tx, article("k1", body="tin"))
    articles.add_mentions(tx, version, [mention("a")])
    articles.add_version(tx, id_, article("k1", body="tin again"), later(5))
    assert ask(tx, "again", rule="a") == [id_]
    assert search.search(tx, parse("again"), limit=5)[0].rules == ("a",)


# ── the index follows ────────────────────────────────────────────────────────────────────────────


def test_an_edited_article_is_found_by_its_new_words_only(tx):
    id_ = add(tx, "k1", title="Old title", body="tin", order_at=later(0.5))
    articles.add_version(tx, id_, article("k1", title="New title", body="lead"), later(5))
    assert (ask(tx, "old"), ask(tx, "tin")) == ([], [])
    assert (ask(tx, "new"), ask(tx, "lead")) == ([id_], [id_])


def test_an_article_that_is_there_already_is_not_indexed_again(tx):
    id_ = add(tx, "k1", body="tin")
    values = {"state": "no rule", "first_seen": NOW, "order_at": NOW, "story": 1}
    ref = articles.add(tx, article("k1", body="lead"), **values)
    assert (ref.new, ask(tx, "lead"), ask(tx, "tin")) == (False, [], [id_])


def test_an_unknown_article_gets_no_version(tx):
    with pytest.raises(LookupError, match="no article 77"):
        articles.add_version(tx, 77, article("k1"), NOW)


def test_a_removed_body_leaves_the_title_searchable(tx):
    id_ = add(tx, "k1", title="Title", body="tin")
    tx.run(sa.update(t.article_version).values(text=None))
    search.refresh(tx, [id_])
    assert (ask(tx, "tin"), ask(tx, "title")) == ([], [id_])
    assert search.search(tx, parse("title"), limit=5)[0].stored.article.body == ""


def test_what_is_undone_is_not_found(store):
    put_source(store)
    with suppress(ZeroDivisionError), store.write() as tx:
        add(tx, "k1", body="tin")
        raise ZeroDivisionError
    with store.read() as tx:
        assert ask(tx, "tin") == []


def forget(store, **progress):
    """As if the index had never been filled, or only so far."""
    with store.write() as tx:
        tx.run(sa.delete(search.fts))
        tx.run(sa.delete(t.setting).where(t.setting.c.key == search.PROGRESS_KEY))
        if progress:
            tx.run(sa.insert(t.setting).values(key=search.PROGRESS_KEY, value=progress))


def reopened(store):
    store.close()
    store.open()
    return store


def test_opening_indexes_what_is_not_indexed_yet(store, monkeypatch):
    monkeypatch.setattr(search, "BATCH", 3)
    put_source(store)
    with store.write() as tx:
        ids = [add(tx, f"k{number}", body="tin", order_at=later(number)) for number in range(8)]
        articles.add_version(tx, ids[0], article("k0", body="tin and lead"), NOW)
    forget(store)
    with reopened(store).read() as tx:
        assert ask(tx, "tin") == ids[::-1]
        assert ask(tx, "lead") == ids[:1]


def test_indexing_goes_on_where_it_was_stopped(store, monkeypatch):
    monkeypatch.setattr(search, "BATCH", 2)
    put_source(store)
    with store.write() as tx:
        ids = [add(tx, f"k{number}", body="tin", order_at=later(number)) for number in range(5)]
    forget(store)

    def stop(tx):
        batches.append(1)
        if len(batches) == 3:
            raise KeyboardInterrupt
        return index_batch(tx)

    index_batch, batches = search._index_batch, []
    with monkeypatch.context() as stopping:
        stopping.setattr(search, "_index_batch", stop)
        with pytest.raises(KeyboardInterrupt):
            search.catch_up(store)
    with store.read() as tx:
        assert ask(tx, "tin") == ids[3::-1]
        assert search._progress(tx) == {"version": INDEX_VERSION, "done": False, "upto": ids[3]}
    search.catch_up(store)
    with store.read() as tx:
        assert ask(tx, "tin") == ids[::-1]


def test_words_made_in_another_way_are_made_anew(store):
    put_source(store)
    with store.write() as tx:
        id_ = add(tx, "k1", body="tin")
        search.put(tx, id_, NOW, ["words of another fold"])
        search.put(tx, 99, NOW, ["of no article"])
    forget(store, version=INDEX_VERSION - 1, done=True, upto=None)
    with reopened(store).read() as tx:
        assert (ask(tx, "tin"), ask(tx, "another"), ask(tx, "no")) == ([id_], [], [])
        assert tx.value(sa.select(sa.func.count()).select_from(search.fts)) == 1


def test_an_index_that_is_complete_is_left_alone(store):
    put_source(store)
    with store.write() as tx:
        add(tx, "k1", body="tin")
        tx.run(sa.delete(search.fts))
    with reopened(store).read() as tx:
        assert ask(tx, "tin") == []


def test_a_row_without_its_article_is_passed_over(tx):
    search.put(tx, 99, NOW, ["tin"])
    assert ask(tx, "tin") == []


def test_sqlite_without_fts5_is_told_with_its_remedy(tmp_path, monkeypatch):
    def fail(*_args, **_more):
        error = sqlite3.OperationalError("no such module: fts5")
        raise sa.exc.OperationalError("CREATE", {}, error)

    monkeypatch.setattr(migrate, "run_alembic", fail)
    with pytest.raises(StoreUnreachable, match=r"was built without FTS5.*use a Python from"):
        Store(f"sqlite:///{tmp_path}/x.db").open()


def test_a_search_reads_the_index_and_sorts_nothing(sqlite_store):
    """So a common word costs no more than a rare one."""
    with sqlite_store.read() as tx:
        plan = tx.rows(
            sa.text("EXPLAIN QUERY PLAN SELECT rowid FROM article_fts WHERE article_fts MATCH 'a' ORDER BY rowid DESC")
        )
    assert not any("TEMP B-TREE" in row["detail"] for row in plan)


def test_since_is_a_moment_of_any_zone(tx):
    id_ = add(tx, "k1", body="tin", order_at=NOW)
    assert ask(tx, "tin", since=NOW - timedelta(seconds=1)) == [id_]
    assert ask(tx, "tin", since=NOW + timedelta(seconds=1)) == []
