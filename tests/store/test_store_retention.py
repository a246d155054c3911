"""What is no longer kept goes with all that tells its words; what is kept stays, on both databases."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, mention, poll, put_article, source

from bot.model import Alert, Deadline, Decision, Facts, Mention, News, Sentence
from bot.search import parse
from bot.store import alerts, archive, articles, facts, retention, search, sources, stories
from bot.store import tables as t

WORDS = "Secret pipes of the ministry were counted by seven clerks in a long night of work."
CUTOFFS = retention.Cutoffs(bodies=NOW, own={"paper": later(-3600)})


@pytest.fixture
def tx(store):
    with store.write() as open_tx:
        sources.sync(
            open_tx,
            [source("wire"), source("paper", retention=3600.0), source("shy", excerpt=30), source("mute", excerpt=0)],
            NOW,
        )
        yield open_tx


def quoting(rule="r", *, text=WORDS):
    sentence = Sentence(field="body", start=0, end=len(text), text=text, spans=((7, 12),))
    return Mention(rule=rule, rule_hash="h", hits=(), sentences=(sentence,))


def evidence(tx):
    rows = tx.rows(sa.select(t.mention).order_by(t.mention.c.id))
    found = (Mention.from_evidence(row["rule"], row["rule_hash"], row["score"], row["evidence"]) for row in rows)
    return [[each.text for each in one.sentences] for one in found]


def test_what_a_source_limits_is_stored_with_it_and_follows_the_configuration(tx):
    assert retention.own_limits(tx) == {"paper": 3600.0}
    put_article(tx, article("a", source="shy"))
    assert next(archive.archive(tx)).article.excerpt == 30
    sources.sync(tx, [source("paper", retention=60.0), source("shy")], NOW)
    assert retention.own_limits(tx) == {"paper": 60.0}
    assert next(archive.archive(tx)).article.excerpt is None
    sources.sync(tx, [], NOW)  # no longer watched: what was agreed on holds on
    assert retention.own_limits(tx) == {"paper": 60.0}


def test_articles_are_found_by_when_they_were_first_seen_and_by_their_source_s_limit(tx):
    old, _, _ = put_article(tx, article("a"), at=later(-1))
    put_article(tx, article("b"), at=NOW)
    older, _, _ = put_article(tx, article("c", source="paper"), at=later(-3601))
    put_article(tx, article("d", source="paper"), at=later(-3599))
    assert retention.look(tx, CUTOFFS) == retention.Look(articles=(old, older), after=None)
    assert retention.look(tx, CUTOFFS, old).articles == (older,)
    retention.remove_texts(tx, [old], NOW)
    assert retention.look(tx, CUTOFFS).articles == (older,)


def test_looking_goes_on_where_it_stopped(tx, monkeypatch):
    monkeypatch.setattr(retention, "LOOK", 2)
    ids = [put_article(tx, article(f"k{n}"), at=later(-1 if n != 1 else 1))[0] for n in range(4)]
    first = retention.look(tx, CUTOFFS)
    assert first == retention.Look(articles=(ids[0],), after=ids[1])
    second = retention.look(tx, CUTOFFS, first.after)
    assert second == retention.Look(articles=(ids[2], ids[3]), after=ids[3])
    assert retention.look(tx, CUTOFFS, second.after) == retention.Look(articles=(), after=None)


def test_a_text_goes_in_all_its_versions_and_what_names_the_article_stays(tx):
    one, story, version = put_article(tx, article("a", body=WORDS))
    articles.add_version(tx, one, article("a", body=WORDS + " More.", content_hash="x"), later(5))
    articles.add_mentions(tx, version, [quoting()])
    other, _, _ = put_article(tx, article("b", body=WORDS))
    for each in (one, other):
        stories.index(tx, each, [("url", "u"), ("sketch", f"s{each}")], NOW)
    assert retention.count_texts(tx, [one, other]) == 3
    assert retention.remove_texts(tx, [one], later(9)) == 2
    assert retention.count_texts(tx, [one, other]) == 1
    rows = tx.rows(sa.select(t.article_version).order_by(t.article_version.c.id))
    assert [(row["text"], row["text_removed_at"]) for row in rows] == [
        (None, later(9)),
        (None, later(9)),
        (WORDS, None),
    ]
    kept = archive.get(tx, one)
    assert (kept.article.title, kept.article.body, kept.story) == ("Title a", "", story)
    assert (kept.article.url, kept.article.content_hash) == ("https://wire.example/a", "x")
    assert evidence(tx) == [[WORDS]]
    entries = tx.rows(sa.select(t.story_feature.c.article).distinct())
    assert [row["article"] for row in entries] == [other]


def test_the_search_index_follows(tx):
    one, _, _ = put_article(tx, article("a", body=WORDS))
    assert len(search.search(tx, parse("clerks"), limit=9)) == 1
    retention.remove_texts(tx, [one], NOW)
    assert search.search(tx, parse("clerks"), limit=9) == []
    assert search.search(tx, parse('"counted by"'), limit=9) == []
    assert [found.stored.id for found in search.search(tx, parse('"title a"'), limit=9)] == [one]


def test_evidence_is_kept_as_far_as_the_source_allows(tx):
    for number, name in enumerate(("wire", "shy", "mute")):
        one, _, version = put_article(tx, article(f"k{number}", source=name, body=WORDS))
        articles.add_mentions(tx, version, [quoting("r"), quoting("s"), mention()])
        retention.remove_texts(tx, [one], NOW)
    headline = ["New export controls."]
    assert evidence(tx) == [
        [WORDS], [WORDS], headline,
        ["Secret pipes of the ministry…"], ["Secret pipes of the ministry…"], headline,
        [], [], headline,
    ]  # fmt: skip


def test_all_versions_of_an_article_have_one_allowance(tx):
    one, _, version = put_article(tx, article("a", source="shy", body=WORDS))
    articles.add_mentions(tx, version, [quoting()])
    edited = articles.add_version(tx, one, article("a", source="shy", content_hash="x"), later(5))
    articles.add_mentions(tx, edited.version, [quoting(text="Another sentence stands here, and a long one too.")])
    retention.remove_texts(tx, [one], NOW)
    assert evidence(tx) == [[], ["Another sentence stands here,…"]]


def test_tables_that_hold_words_of_bodies_say_so_and_go_along(tx):
    assert (t.story_feature, t.story_feature.c.article) in retention.bodies()
    for table, column in retention.bodies():
        (key,) = column.foreign_keys
        assert key.column.table in (t.article, t.article_version), table.name


def test_old_decisions_and_polls_go_the_oldest_first(tx):
    one, _, _ = put_article(tx)
    for second in range(4):
        decided = Decision(article=one, rule="r", destination="d", verdict="no", reason="muted")
        articles.add_decisions(tx, [decided], later(second))
        sources.record_poll(tx, poll(at=later(second)))
    for name in ("decision", "poll"):
        assert retention.count_aged(tx, name, later(3)) == 3
        first = retention.aged(tx, name, later(3), 2)
        assert len(first) == 2
        assert retention.remove_aged(tx, name, first) == 2
        assert retention.remove_aged(tx, name, first) == 0
        rest = retention.aged(tx, name, later(3), 2)
        assert len(rest) == 1
        retention.remove_aged(tx, name, rest)
        assert retention.aged(tx, name, later(3), 2) == []
        assert retention.count_aged(tx, name, later(9)) == 1


def test_when_a_purge_came_to_its_end_is_remembered(tx):
    assert retention.last_purge(tx) is None
    retention.purged(tx, NOW, NOW, 7)
    retention.purged(tx, later(60), NOW, 7)
    assert retention.last_purge(tx) == later(60)


def test_a_version_that_comes_after_a_purge_is_purged_next_time(tx):
    one, _, _ = put_article(tx, article("a"), at=later(-9))
    retention.remove_texts(tx, [one], NOW)
    articles.add_version(tx, one, article("a", body=WORDS, content_hash="x"), later(5))
    assert retention.look(tx, CUTOFFS).articles == (one,)
    assert retention.remove_texts(tx, [one], NOW + timedelta(days=1)) == 1


def test_a_derived_title_is_shown_as_far_as_the_source_allows(tx):
    for name in ("wire", "shy", "mute"):
        put_article(tx, article("k", source=name, title=WORDS, title_derived=True))
    query = sa.select(archive.title_shown()).join_from(t.article_version, t.article).join(
        t.source, t.source.c.id == t.article.c.source
    )  # fmt: skip
    shown = [row[0] for row in (tuple(row.values()) for row in tx.rows(query.order_by(t.article.c.id)))]
    assert shown == [WORDS, WORDS[:29] + "…", ""]


def test_days_that_count_and_news_stay_without_their_sentence_where_the_source_sets_a_limit(tx):
    sentence = Sentence(field="body", start=0, end=len(WORDS), text=WORDS)
    new = News(
        kind="figure", value="7", text="7 clerks", reason="no earlier article has it", weight=0.5, sentence=sentence
    )
    day = Deadline(kind="hearing", day=date(2026, 4, 1), start=0, end=9, text="1 April", sentence=WORDS)
    for name in ("wire", "shy"):
        one, story, version = put_article(tx, article("a", source=name, body=WORDS))
        facts.add(tx, version, Facts(deadlines=(day,)))
        told = Alert(
            story=story, destination="d", kind="new fact", article=one, rules=("r",), severity="high", news=(new,)
        )
        alerts.add(tx, told, NOW)
        retention.remove_texts(tx, [one], NOW)
    days = tx.rows(sa.select(t.deadline).order_by(t.deadline.c.id))
    assert [(row["day"], row["sentence"]) for row in days] == [(date(2026, 4, 1), WORDS), (date(2026, 4, 1), "")]
    news = [row["news"][0] for row in tx.rows(sa.select(t.alert.c.news).order_by(t.alert.c.id))]
    assert [(each["text"], each["sentence"] is None) for each in news] == [("7 clerks", False), ("7 clerks", True)]
