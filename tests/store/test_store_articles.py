"""Articles, versions, mentions, ledger states and the archive, on both databases."""

import itertools
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import NOW, article, how_many, later, mention, put_alert, put_article, put_source

from bot.model import Decision
from bot.store import alerts, articles, stories
from bot.store.articles import PRECEDENCE
from bot.store.tables import Words


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_tx:
        yield open_tx


def add(tx, item, **more):
    return put_article(tx, item, **more)


# ── round trip ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(article(), id="plain"),
        pytest.param(
            article(
                title="华为 被列入 <!channel> “实体清单” 😀",
                body="é\u0301 \u202e bidi\r\n\ttabs 'quotes' \" ; -- %s :x",
                author="A. Writer",
                lang="zh",
                tier="outlet",
                title_derived=True,
                text_seen="summary",
                text_reason="a.example has no such page (404) <!channel>",
                key_kind="fingerprint",
            ),
            id="any-text",
        ),
        pytest.param(
            article(url=None, canonical_url=None, published_at=None, published_raw=None, date_origin="unknown"),
            id="as-little-as-possible",
        ),
    ],
)
def test_an_article_comes_back_as_it_went_in(tx, item):
    id_, story, _ = add(tx, item, order_at=later(-60))
    stored = articles.get(tx, id_)
    assert stored.article == item
    assert (stored.first_seen, stored.order_at, stored.state, stored.story) == (NOW, later(-60), "no rule", story)
    assert stored.rules == {}


def test_times_come_back_in_utc(tx):
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    id_, _, _ = add(tx, article(published_at=east))
    read = articles.get(tx, id_).article.published_at
    assert (read, read.utcoffset()) == (NOW, timedelta(0))


def test_a_time_without_zone_is_refused(tx):
    with pytest.raises(Exception, match="without a zone"), tx._connection.begin_nested():
        stories.open(tx, NOW.replace(tzinfo=None))


def test_characters_no_database_takes_are_replaced_one_by_one(tx):
    id_, _, _ = add(tx, article(title="a\0b\ud83dc", body="\ude00" * 3))
    stored = articles.get(tx, id_).article
    assert (stored.title, stored.body) == ("a\ufffdb\ufffdc", "\ufffd" * 3)


@given(st.text(st.characters(codec=None), max_size=30))
def test_storable_text_keeps_every_offset(text):
    stored = Words().process_bind_param(text, None)
    assert len(stored) == len(text)
    stored.encode("utf-8")
    assert "\0" not in stored
    assert all(b in {a, "\ufffd"} for a, b in zip(text, stored, strict=True))


def test_an_unknown_article_is_none(tx):
    assert articles.get(tx, 12345) is None


# ── identity ─────────────────────────────────────────────────────────────────────────────────────


def test_known_by_key_then_by_fingerprint_within_the_source(tx):
    by_key, story, version = add(tx, article("k1"))
    by_print, _, _ = add(tx, article("k2"))
    add(tx, article("k3", source="paper"))
    asked = [
        article("k1", fingerprint="edited"),
        article("renamed", fingerprint="fp-k2"),
        article("k3"),
        article("new", fingerprint="never seen"),
    ]
    found = articles.known(tx, "wire", asked)
    assert {key: known.id for key, known in found.items()} == {"k1": by_key, "renamed": by_print}
    assert (found["k1"].version, found["k1"].n, found["k1"].story) == (version, 1, story)
    assert found["renamed"].key == "k2"
    assert (found["k1"].content_hash, found["k1"].state) == ("hash-k1", "no rule")


def test_an_article_is_known_by_the_key_it_has_now(tx):
    stored, _, _ = add(tx, article("k1"))
    articles.adopt_key(tx, stored, article("k1-renamed", key_kind="link"))
    found = articles.known(tx, "wire", [article("k1-renamed", fingerprint="edited"), article("k1", fingerprint="x")])
    assert {key: known.id for key, known in found.items()} == {"k1-renamed": stored}
    assert articles.get(tx, stored).article.key_kind == "link"


def test_what_tells_an_edit_from_another_item_is_known(tx):
    add(tx, article("k1"))
    known = articles.known(tx, "wire", [article("k1")])["k1"]
    assert (known.title, known.canonical_url) == ("Title k1", "https://wire.example/k1")
    assert known.published_at == NOW - timedelta(hours=1)


def test_known_of_nothing_is_nothing(tx):
    assert articles.known(tx, "wire", []) == {}


def test_of_several_with_one_fingerprint_the_newest_counts(tx):
    add(tx, article("k1", fingerprint="same"))
    newest, _, _ = add(tx, article("k2", fingerprint="same"))
    assert articles.known(tx, "wire", [article("k9", fingerprint="same")])["k9"].id == newest


def test_known_in_large_numbers(tx):
    add(tx, article("k1"))
    found = articles.known(tx, "wire", [article(f"k{number}") for number in range(1_500)])
    assert set(found) == {"k1"}


def test_the_same_key_is_stored_once(tx):
    first, story, version = add(tx, article("k1"))
    again = articles.add(tx, article("k1", title="Other"), state="baseline", first_seen=NOW, order_at=NOW, story=story)
    assert (again.article, again.version, again.new) == (first, version, False)
    assert [stored.id for stored in articles.archive(tx)] == [first]
    assert articles.get(tx, first).article.title == "Title k1"


def test_a_changed_text_is_a_new_version(tx):
    id_, _, first = add(tx, article("k1"))
    articles.add_mentions(tx, first, [mention("a"), mention("b", "b1")])
    second = articles.add_version(
        tx, id_, article("k1", body="Edited.", content_hash="h2", fingerprint="fp2"), later(60)
    )
    articles.add_mentions(tx, second.version, [mention("b", "b2"), mention("c")])
    assert second.article == id_
    assert articles.get(tx, id_).article.body == "Edited."
    assert articles.get(tx, id_).rules == {"b": "b2", "c": "h1"}
    known = articles.known(tx, "wire", [article("other key", fingerprint="fp2")])["other key"]
    assert (known.n, known.version, known.content_hash) == (2, second.version, "h2")
    assert known.rules == {"a", "b", "c"}


# ── mentions and decisions ───────────────────────────────────────────────────────────────────────


def test_mentions_come_back_whole(tx):
    alert, _, _ = put_alert(tx, rules=("a", "b"))
    version = articles.known(tx, "wire", [article()])["k1"].version
    written = (mention("a", text="华为 \0"), mention("b", entity="huawei"))
    articles.add_mentions(tx, version, written)
    assert alerts.content_parts(tx, alert).mentions == written


def test_the_same_match_is_stored_once(tx):
    _, _, version = add(tx, article())
    articles.add_mentions(tx, version, [mention("a"), mention("a")])
    articles.add_mentions(tx, version, [mention("a"), mention("a", "h2")])
    rows = tx._connection.exec_driver_sql("SELECT rule, rule_hash FROM mention ORDER BY id").all()
    assert rows == [("a", "h1"), ("a", "h2")]


def test_decisions_are_kept_with_their_reasons(tx):
    id_, _, _ = add(tx, article())
    articles.add_decisions(
        tx,
        [
            Decision(article=id_, rule="a", destination="desk", verdict="alert", reason="first of its story"),
            Decision(article=id_, rule=None, destination=None, verdict="no", reason="no rule matches"),
        ],
        NOW,
    )
    articles.add_decisions(tx, [], NOW)
    rows = tx._connection.exec_driver_sql("SELECT rule, destination, verdict, reason FROM decision ORDER BY id").all()
    assert rows == [("a", "desk", "alert", "first of its story"), (None, None, "no", "no rule matches")]


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "wanted"), list(itertools.product(PRECEDENCE, PRECEDENCE)))
def test_a_state_only_rises(sqlite_store, before, wanted):
    order = ["alerted", "in digest", "muted", "copy", "no rule", "baseline", "error"]
    put_source(sqlite_store)
    with sqlite_store.write() as tx:
        id_, _, _ = add(tx, article(), state=before)
        rises = order.index(wanted) < order.index(before)
        assert articles.set_state(tx, id_, wanted) is rises
        assert articles.get(tx, id_).state == (wanted if rises else before)


def test_states_on_either_database(tx):
    id_, _, _ = add(tx, article())
    assert articles.set_state(tx, id_, "alerted")
    assert not articles.set_state(tx, id_, "copy")
    assert articles.get(tx, id_).state == "alerted"


# ── the archive ──────────────────────────────────────────────────────────────────────────────────


def test_the_archive_is_read_newest_first_page_by_page(tx, monkeypatch):
    monkeypatch.setattr("bot.store.archive._PAGE", 3)
    moments = [5, 1, 5, 5, 9, 5, 2, 5]  # many at one moment, across pages
    ids = [add(tx, article(f"k{n}"), order_at=later(moment))[0] for n, moment in enumerate(moments)]
    expected = [id_ for _, id_ in sorted(zip(moments, ids, strict=True), reverse=True)]
    assert [stored.id for stored in articles.archive(tx)] == expected
    assert [stored.id for stored in articles.archive(tx, limit=4)] == expected[:4]
    assert [stored.id for stored in articles.archive(tx, limit=3)] == expected[:3]
    assert [stored.id for stored in articles.archive(tx, since=later(5))] == expected[:6]
    assert list(articles.archive(tx, limit=0)) == []


def test_the_archive_knows_which_rules_matched(tx):
    with_rules, _, version = add(tx, article("k1"))
    add(tx, article("k2"))
    articles.add_mentions(tx, version, [mention("a"), mention("b", "h7")])
    assert {stored.id: stored.rules for stored in articles.archive(tx)}[with_rules] == {"a": "h1", "b": "h7"}


def test_baseline_matches_are_those_a_reader_may_want_to_see(tx):
    matching, _, version = add(tx, article("k1"), state="baseline", order_at=later(1))
    newer, _, newer_version = add(tx, article("k2"), state="baseline", order_at=later(2))
    add(tx, article("k3"), state="baseline")
    _, _, alerted = add(tx, article("k4"), state="alerted")
    for each in (version, newer_version, alerted):
        articles.add_mentions(tx, each, [mention("a")])
    assert [stored.id for stored in articles.baseline_matches(tx, 10)] == [newer, matching]
    assert [stored.id for stored in articles.baseline_matches(tx, 1)] == [newer]


def test_a_thousand_articles_in_one_transaction(tx):
    """Correct in bulk; how long it takes is the business of a benchmark, not of a busy test machine."""
    items = [article(f"k{number}") for number in range(1_000)]
    for item in items:
        _, _, version = add(tx, item)
        articles.add_mentions(tx, version, [mention("a")])
    assert how_many(tx) == 1_000
    assert len(articles.known(tx, "wire", items)) == 1_000
