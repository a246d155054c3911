"""References and days that count on both databases: written with a version, asked for, filled for what was there before."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, mention, put_article, put_source

from bot.extract import facts as read_facts
from bot.extract import named
from bot.model import FACTS_VERSION, Deadline, Facts, Reference
from bot.search import parse
from bot.store import articles, deadlines, facts, search, stories
from bot.store import tables as t

RULE = "RIN 0694-AJ23 and 15 CFR 744.23 are named. Comments must be received by April 1, 2026."


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_tx:
        yield open_tx


def put(tx, key, body, *, rules=(), **more):
    item = article(key, body=body, **more)
    article_id, _, version = put_article(tx, item)
    articles.add_mentions(tx, version, [mention(rule) for rule in rules])
    facts.add(tx, version, read_facts(item))
    return article_id


def found(tx, number, words=None, **more):
    query = parse(words) if words else None
    return [each.stored.id for each in search.search(tx, query, limit=10, reference=named(number), **more)]


def test_what_is_written_comes_back(tx):
    told = read_facts(article(body=RULE))
    assert len(told.references) == 2
    assert facts.of(tx, put(tx, "a", RULE)) == told


def test_an_article_without_facts_has_none(tx):
    assert facts.of(tx, put(tx, "a", "Rain.")) == Facts()


@pytest.mark.parametrize(
    "number", ["RIN 0694-AJ23", "0694-aj23", "15 CFR 744.23", "15 C.F.R. part 744", "EAR § 744.23"]
)
def test_found_by_any_way_of_writing(tx, number):
    put(tx, "other", "RIN 0694-AJ24, 15 CFR 7441 and 15 CFR 74.")
    one = put(tx, "a", RULE)
    assert found(tx, number) == [one]


def test_a_part_finds_its_sections_but_a_section_not_the_part(tx):
    whole, section = put(tx, "a", "15 CFR 744"), put(tx, "b", "15 CFR 744.23")
    assert sorted(found(tx, "15 CFR 744")) == [whole, section]
    assert found(tx, "15 CFR 744.23") == [section]


def test_a_tariff_heading_finds_its_subheadings(tx):
    one = put(tx, "a", "subheading 8542.31.0001 and heading 9903.88.15")
    assert [found(tx, number) for number in ("8542.31", "HTS 9903.88.15", "HTS 9903.88.01")] == [[one], [one], []]


def test_words_and_filters_narrow_it(tx):
    a, b = put(tx, "a", RULE + " Chips."), put(tx, "b", RULE + " Pots.", rules=["export-controls"])
    assert found(tx, "0694-AJ23", "chips") == [a]
    assert found(tx, "0694-AJ23", rule="export-controls") == [b]
    assert found(tx, "0694-AJ23", source="paper") == []
    assert found(tx, "0694-AJ23", since=later(60)) == []


def test_only_the_newest_version_counts(tx):
    article_id = put(tx, "a", RULE)
    changed = article("a", body="RIN 0694-AJ99 now.", content_hash="other")
    ref = articles.add_version(tx, article_id, changed, later(60))
    facts.add(tx, ref.version, read_facts(changed))
    assert (found(tx, "0694-AJ23"), found(tx, "0694-AJ99")) == ([], [article_id])
    assert deadlines.between(tx, date(2026, 3, 1), date(2026, 5, 1)) == ()


def test_the_days_of_articles_that_matched_a_rule_come_soonest_first(tx):
    put(tx, "unmatched", RULE)
    later_one = put(tx, "a", "Comments must be received by April 9, 2026.", rules=["export-controls"])
    sooner = put(tx, "b", RULE, rules=["export-controls", "chips"])
    told = deadlines.between(tx, date(2026, 4, 1), date(2026, 4, 9))
    assert [(one.article, one.deadline.day, one.rules) for one in told] == [
        (sooner, date(2026, 4, 1), ("chips", "export-controls")),
        (later_one, date(2026, 4, 9), ("export-controls",)),
    ]
    assert [one.article for one in deadlines.between(tx, date(2026, 4, 2), date(2026, 4, 8))] == []
    assert (told[0].source_name, told[0].title, told[0].deadline.kind) == ("Wire", "Title b", "comments")


def test_a_story_that_was_merged_counts_as_the_one_it_became(tx):
    one = put(tx, "a", RULE, rules=["export-controls"])
    into = stories.open(tx, NOW)
    tx.run(sa.update(t.story).where(t.story.c.id != into).values(merged_into=into))
    (told,) = deadlines.between(tx, date(2026, 4, 1), date(2026, 4, 1))
    assert (told.article, told.story) == (one, into)


# ── what was stored before ───────────────────────────────────────────────────────────────────────


def fill(store, count, body=RULE):
    put_source(store)
    with store.write() as tx:
        return [put_article(tx, article(f"k{number}", body=body))[0] for number in range(count)]


def test_what_was_stored_before_is_read_in_slices(store, monkeypatch):
    monkeypatch.setattr(facts, "BATCH", 2)
    ids = fill(store, 5)
    assert not facts.is_filled(store, FACTS_VERSION)
    facts.catch_up(store, read_facts, FACTS_VERSION)
    assert facts.is_filled(store, FACTS_VERSION)
    with store.read() as tx:
        assert [len(facts.of(tx, id_).references) for id_ in ids] == [2] * 5


def test_where_it_is_stopped_it_goes_on(store, monkeypatch):
    monkeypatch.setattr(facts, "BATCH", 1)
    ids, asked = fill(store, 3), []

    def stopped(item):
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(item.key)
        return read_facts(item)

    with pytest.raises(KeyboardInterrupt):
        facts.catch_up(store, stopped, 1)
    assert not facts.is_filled(store, 1)
    rest = []
    facts.catch_up(store, lambda item: rest.append(item.key) or read_facts(item), 1)
    assert (asked, rest) == (["k0", "k1"], ["k2"])
    with store.read() as tx:
        assert [len(facts.of(tx, id_).references) for id_ in ids] == [2, 2, 2]


def test_what_is_filled_is_not_read_again(store):
    fill(store, 1)
    facts.catch_up(store, read_facts, 1)
    facts.catch_up(store, lambda _: pytest.fail("read again"), 1)


def test_a_newer_reader_reads_all_again_and_doubles_nothing(store):
    (only,) = fill(store, 1)
    facts.catch_up(store, read_facts, 1)
    other = Facts(
        references=(Reference(kind="rin", value="0000-AA00", start=0, end=1, text="R"),),
        deadlines=(
            Deadline(kind="hearing", day=date(2026, 1, 1), start=0, end=1, text="R", sentence="R", derived="x"),
        ),
    )
    facts.catch_up(store, lambda _: other, 2)
    with store.read() as tx:
        assert facts.of(tx, only) == other


def test_what_was_found_in_a_text_that_is_gone_stays(store):
    (only,) = fill(store, 1)
    facts.catch_up(store, read_facts, 1)
    with store.write() as tx:
        tx.run(sa.update(t.article_version).values(text=None))
    facts.catch_up(store, lambda _: Facts(), 2)
    with store.read() as tx:
        assert len(facts.of(tx, only).references) == 2


def test_the_article_that_is_read_is_the_one_that_was_stored(store):
    put_source(store)
    item = article(body=RULE, published_at=datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=1))
    with store.write() as tx:
        put_article(tx, item)
    seen = []
    facts.catch_up(store, lambda one: seen.append(one) or Facts(), 1)
    assert seen == [item]
