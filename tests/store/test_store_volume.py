"""Stories by the hour and spikes, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, mention, poll, put_article, put_source, rule

from bot import volume as counting
from bot.model import Rule, RuleSet, Term
from bot.model.volume import Spike, SpikeStory
from bot.store import Store, articles, rules, sources, spikes, stories, volume
from bot.store.volume import Count, Feeder, Hour

HOUR = timedelta(hours=1)
HOURLY = NOW.replace(minute=0, second=0, microsecond=0)


def put_mention(tx, key="k1", *, at=NOW, story=None, entity=None, name="export-controls", **more):
    """An article that a rule mentions; (article id, story id)."""
    article_id, story, version = put_article(tx, article(key, **more), story=story, at=at)
    articles.add_mentions(tx, version, [mention(name, entity=entity)])
    return article_id, story


def count(story, article_id, *, at=NOW, subject="trade", kind="theme", source="wire"):
    return Count(kind=kind, subject=subject, story=story, article=article_id, source=source, at=at)


# ── new mentions ─────────────────────────────────────────────────────────────────────────────────


def test_new_mentions_come_in_order_with_all_that_tells_when_they_count(store):
    put_source(store)
    with store.write() as tx:
        sources.record_poll(tx, poll(at=later(hours=-30), status="baseline", interval=900.0))
        sources.record_poll(tx, poll(at=later(hours=-2), status="unchanged"))
        sources.record_poll(tx, poll(at=later(hours=-1), status="error", error="gone"))
        put_mention(tx, "old", at=later(hours=-30), published_at=None)
        put_mention(tx, "new", entity="huawei")
        sources.record_poll(tx, poll())
    with store.read() as tx:
        old, new = volume.new_mentions(tx, 0, 10)
        assert volume.new_mentions(tx, old.id, 10) == [new]
        assert volume.new_mentions(tx, 0, 1) == [old]
        assert volume.newest(tx) == new.id
    assert (old.baseline, new.baseline) == (True, False)
    assert (old.before, new.before) == (None, later(hours=-2))
    assert (new.rule, new.source, new.version, new.seen_at) == ("export-controls", "wire", 1, NOW)
    assert (new.entities, old.entities) == ({"huawei"}, set())
    assert (new.published_at, old.published_at) == (NOW - HOUR, None)
    assert new.interval == 900.0


def test_an_edited_article_counts_when_it_was_edited_whatever_its_date(store):
    put_source(store)
    with store.write() as tx:
        article_id, _, _ = put_article(tx, article("k"), at=NOW)
        ref = articles.add_version(tx, article_id, article("k", content_hash="other"), later(hours=5))
        articles.add_mentions(tx, ref.version, [mention()])
        (found,) = volume.new_mentions(tx, 0, 10)
    assert (found.version, found.seen_at, found.published_at, found.baseline) == (2, later(hours=5), None, False)


def test_the_first_poll_of_a_folder_is_one_too(store):
    put_source(store)
    with store.write() as tx:
        put_mention(tx)
        sources.record_poll(tx, poll(at=NOW))
        (found,) = volume.new_mentions(tx, 0, 10)
    assert found.baseline


def test_counting_begins_with_the_mentions_of_the_last_weeks(store):
    put_source(store)
    with store.write() as tx:
        assert volume.start(tx, NOW) == 0
        put_mention(tx, "a", at=later(days=-90))
        put_mention(tx, "b", at=later(days=-3))
        put_mention(tx, "c")
        first, second, _ = (each.id for each in volume.new_mentions(tx, 0, 10))
        assert volume.start(tx, later(days=-9)) == first
        assert volume.start(tx, later(days=-1)) == second
        assert volume.start(tx, later(days=1)) == volume.newest(tx)


def test_what_is_counted_and_looked_at_is_remembered(store):
    with store.write() as tx:
        assert (volume.counted(tx), volume.looked(tx)) == (None, 0)
        volume.remember(tx, NOW, upto=7, looked=3)
        volume.remember(tx, later(60), upto=9, looked=9)
    with store.read() as tx:
        assert (volume.counted(tx), volume.looked(tx)) == (9, 9)


@pytest.mark.parametrize("part", [1, 2, 1000])
def test_counting_in_parts_comes_to_the_same(store, monkeypatch, part):
    put_source(store)
    monkeypatch.setattr(counting, "PART", part)
    ruleset = RuleSet(rules={"r": Rule(id="r", title="R", expr=Term(text="x"), theme="trade")})
    with store.write() as tx:
        for number in range(5):
            _, story = put_mention(
                tx, f"k{number}", at=later(hours=number), name="r", entity="huawei", published_at=None
            )
        put_mention(tx, "copy", at=later(hours=5), name="r", story=story, published_at=None)
        put_mention(tx, "gone", at=later(hours=5), name="a rule that is no longer there", published_at=None)
    assert counting.count(store, ruleset, later(hours=6))
    assert counting.count(store, ruleset, later(hours=6)), "and again, with nothing to do"
    with store.read() as tx:
        assert volume.totals(tx, "theme", HOURLY, later(hours=9)) == {"trade": 5}
        assert volume.totals(tx, "entity", HOURLY, later(hours=9)) == {"huawei": 5}
        assert volume.totals(tx, "rule", HOURLY, later(hours=9)) == {"r": 5, "a rule that is no longer there": 1}
        assert volume.hours(tx, "theme", "trade", later(hours=4)) == {HOURLY + 5 * HOUR: Hour(stories=0, articles=1)}
        monkeypatch.undo()  # of very many all are looked at
        known = [("theme", "trade"), ("entity", "huawei"), ("entity", "other")]
        assert counting.touched(tx, ruleset, known) == {("theme", "trade"), ("entity", "huawei")}


# ── hours ────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_counts_once_for_a_subject_and_every_article_of_it(store):
    put_source(store)
    with store.write() as tx:
        first, story, _ = put_article(tx, article("a"))
        copy, _, _ = put_article(tx, article("b"), story=story, kind="copy")
        other, another, _ = put_article(tx, article("c"))
        volume.add(tx, [count(story, first), count(story, copy), count(another, other)])
        volume.add(tx, [count(story, copy, at=later(hours=1)), count(story, first, kind="rule", subject="r")])
    with store.read() as tx:
        assert volume.hours(tx, "theme", "trade", HOURLY) == {
            HOURLY: Hour(stories=2, articles=3),
            HOURLY + HOUR: Hour(stories=0, articles=1),
        }
        assert volume.hours(tx, "theme", "trade", HOURLY + 2 * HOUR) == {}
        assert volume.totals(tx, "theme", HOURLY, HOURLY + HOUR) == {"trade": 2}
        assert volume.totals(tx, "rule", HOURLY, HOURLY + HOUR) == {"r": 1}
        assert [each.story for each in volume.stories_since(tx, "theme", "trade", HOURLY)] == [story, another]
        assert volume.matched_by(tx, ["r", "s"], HOURLY) == {story: {"r"}}


def test_a_transaction_that_fails_has_counted_nothing(store):
    put_source(store)
    with store.write() as tx:
        first, story, _ = put_article(tx, article("a"))

    def fail():
        with store.write() as tx:
            volume.add(tx, [count(story, first)])
            volume.remember(tx, NOW, upto=1, looked=0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as tx:
        assert volume.hours(tx, "theme", "trade", HOURLY) == {}
        assert volume.counted(tx) is None


def test_who_brings_a_subject_and_when_it_last_came(store):
    put_source(store, "wire", "post")
    with store.write() as tx:
        for number in range(3):
            id_, story, _ = put_article(tx, article(f"k{number}"))
            volume.add(tx, [count(story, id_, at=later(hours=number), source="post" if number else "wire")])
        assert volume.feeders(tx, "theme", "trade", HOURLY) == [
            Feeder(source="post", stories=2, last_at=later(hours=2)),
            Feeder(source="wire", stories=1, last_at=NOW),
        ]
        assert volume.last_story(tx, "theme", "trade") == later(hours=2)
        assert volume.last_story(tx, "theme", "other") is None


def test_the_hours_in_which_a_source_answered_are_those_of_utc(store):
    put_source(store, "wire", "post")
    with store.write() as tx:
        for minutes, status in ((0, "ok"), (10, "unchanged"), (60, "error"), (120, "baseline"), (180, "part")):
            sources.record_poll(tx, poll(at=later(minutes=minutes), status=status, error="e"))
        sources.record_poll(tx, poll("post", at=later(hours=9)))
    with store.read() as tx:
        assert volume.answered(tx, "wire", HOURLY) == {HOURLY, HOURLY + 2 * HOUR}
        asked = {HOURLY + number * HOUR for number in range(4)}
        assert volume.answered(tx, "wire", HOURLY, asked=True) == asked
        assert volume.answered(tx, "wire", HOURLY + 3 * HOUR) == set()


def test_since_when_a_rule_is_known_and_its_version_in_force(store):
    with store.write() as tx:
        rules.record(tx, [rule("a"), rule("b")], NOW)
        rules.record(tx, [rule("a", "h2"), rule("b")], later(hours=1))
    with store.read() as tx:
        assert volume.known_since(tx, ["a", "b", "c"]) == {"a": NOW, "b": NOW}
        assert volume.in_force_since(tx) == {"a": later(hours=1), "b": NOW}


# ── spikes ───────────────────────────────────────────────────────────────────────────────────────


def spike(subject="trade", at=NOW, **more):
    values = {
        "kind": "theme",
        "title": "Trade 华为",
        "rules": ("export-controls",),
        "hours": 1,
        "begin": HOURLY,
        "stories": 9,
        "articles": 20,
        "low": 1,
        "high": 4,
        "weeks": 8,
        "top": (SpikeStory(headline="A", url=None, source="Wire", outlets=2),),
        "terms": (("huawei", 3),),
    }
    return Spike(subject=subject, at=at, **{**values, **more})


def test_a_spike_is_told_once_a_day_and_read_as_it_was_written(store):
    with store.write() as tx:
        assert spikes.add(tx, spike()) is not None
        assert spikes.add(tx, spike(stories=10)) is None
        assert spikes.add(tx, spike(kind="entity")) is not None
        assert spikes.add(tx, spike(at=later(days=1))) is not None
    with store.read() as tx:
        assert spikes.told(tx, NOW, later(seconds=1)) == (spike(), spike(kind="entity"))
        assert spikes.told(tx, later(seconds=1), later(days=1)) == ()


def test_of_each_subject_the_last_one_tells_whether_it_lasts(store):
    with store.write() as tx:
        first, other = spikes.add(tx, spike()), spikes.add(tx, spike("chips"))
        assert spikes.any_lasts(tx)
        spikes.lasts(tx, [other], later(hours=1))
        spikes.end(tx, [first], later(hours=2))
        found = spikes.latest(tx, later(hours=3))
        assert list(found) == [("theme", "chips")]
        assert found["theme", "chips"].seen_at == later(hours=1)
        assert spikes.latest(tx, NOW)["theme", "trade"].ended_at == later(hours=2)
        spikes.end(tx, [other], later(hours=2))
        assert not spikes.any_lasts(tx)


def test_the_stories_that_most_outlets_carry_come_first(store, url):
    put_source(store, "wire", "post")
    with store.write() as tx:
        _, small, _ = put_article(tx, article("a"))
        _, large, _ = put_article(tx, article("b"))
        put_article(tx, article("c", source="post"), story=large, kind="copy")
        put_article(tx, article("d", source="post"), story=large, kind="copy")
        best, next_ = spikes.top(tx, [small, large], 5)
        assert spikes.top(tx, [small, large], 1) == (best,)
        assert spikes.top(tx, [], 5) == ()
    assert best == SpikeStory(headline="Title b", url="https://wire.example/b", source="Wire", outlets=2)
    assert (next_.headline, next_.outlets) == ("Title a", 1)
    again = Store(url)
    again.open()
    with again.read() as tx:
        assert spikes.top(tx, [small, large], 1) == (best,)
    again.close()


def test_what_was_found_in_stories_is_given_for_the_rules_asked_for(store):
    put_source(store)
    with store.write() as tx:
        _, story = put_mention(tx, "a")
        put_mention(tx, "b", story=story, name="other")
        put_mention(tx, "c")
        (found,) = spikes.evidence(tx, [story], ["export-controls"])
    assert found[:2] == (story, "export-controls")
    assert found[2]["hits"][0]["text"] == "export controls"


# ── what it costs ────────────────────────────────────────────────────────────────────────────────


def plan(tx, statement):
    """How the database would go about it, as text."""
    text = str(statement.compile(tx._connection.engine, compile_kwargs={"literal_binds": True}))
    how = "EXPLAIN QUERY PLAN " if tx.dialect == "sqlite" else "EXPLAIN "
    return " | ".join(str(dict(row)) for row in tx.rows(sa.text((how + text).replace(":", "\\:"))))


def test_reading_goes_by_indexes_and_scans_nothing(store, monkeypatch):
    """Whatever the archive holds: the statements of a look ask for ranges of keys."""
    put_source(store)
    asked = []
    with store.write() as tx:
        ids = [put_article(tx, article(f"k{number}", canonical_url=None))[:2] for number in range(3)]
        volume.add(tx, [count(story, id_) for id_, story in ids])
    with store.read() as tx:
        monkeypatch.setattr(type(tx), "rows", lambda _, statement: asked.append(statement) or [])
        volume.hours(tx, "theme", "trade", HOURLY)
        volume.stories_since(tx, "theme", "trade", HOURLY)
        volume.feeders(tx, "theme", "trade", HOURLY)
        volume.totals(tx, "rule", HOURLY, HOURLY + HOUR)
        volume.answered(tx, "wire", HOURLY)
        monkeypatch.undo()
        if tx.dialect == "postgresql":
            tx.run(sa.text("SET LOCAL enable_seqscan = off"))  # a planner scans tables that fit one page
        plans = [plan(tx, statement) for statement in asked]
    assert len(plans) == 5
    for how in plans:
        assert "SCAN volume" not in how
        assert "SCAN poll" not in how
        assert "Seq Scan" not in how
        assert "ix_" in how or "pk_" in how or "sqlite_autoindex" in how or "PRIMARY KEY" in how


def test_other_stories_are_left_alone(store):
    put_source(store)
    with store.write() as tx:
        _, story, _ = put_article(tx, article("a"))
        assert [outlet.name for outlet in stories.outlets(tx, story)] == ["Wire"]
        assert volume.stories_since(tx, "theme", "trade", NOW) == []
