"""Events: neighbours by keys within the window, merged stories that stay readable, and nothing kept beyond that."""

from dataclasses import replace
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import NOW, article, later, put_article, put_message, put_source

from bot.model import Traits
from bot.store import alerts, articles, events, explain, headlines, stories
from bot.store import tables as t

TRAITS = Traits(
    publisher="wire.example",
    official=True,
    gathers=True,
    title="salt duty",
    headline=frozenset({"salt", "duty"}),
    names=frozenset({"norland"}),
    figures=frozenset({"18.4 %"}),
    days=frozenset({"08-29"}),
)


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper", "gazette")
    with store.write() as open_tx:
        yield open_tx


def remembered(tx, key, *keys, at=NOW, seen=NOW, traits=TRAITS):
    id_, story, _ = put_article(tx, article(key), at=seen)
    events.remember(tx, id_, traits, keys, at=at, seen=seen)
    return id_, story


def near(tx, *keys, since=NOW, least=1, **more):
    return [each.article for each in events.neighbours(tx, keys, since, least=least, **more)]


def test_neighbours_share_most_first_and_bring_their_traits(tx):
    one, story = remembered(tx, "a", 1, 2, 3, at=later(-60))
    two, _ = remembered(tx, "b", 2, 3, 4_000_000_000)
    remembered(tx, "c", 9)
    assert near(tx, 1, 2, 3) == [one, two]
    assert near(tx, 2, 3) == [two, one]
    assert near(tx, 2, 3, limit=1) == [two]
    assert near(tx, 1, 2, 3, least=3) == [one]
    assert near(tx, 4_000_000_000, 5) == [two]
    assert near(tx) == near(tx, 77) == []
    (found, _) = events.neighbours(tx, [1, 2, 3], NOW, least=1)
    assert (found.article, found.story, found.at, found.traits) == (one, story, later(-60), TRAITS)


def test_neighbours_that_are_not_near_are_left_out_and_asked_by_a_glance(tx):
    told = replace(TRAITS, words=frozenset({"salt", "duty"}), later=frozenset({"gravel", "quarry"}))
    one, _ = remembered(tx, "a", 1, traits=told)
    remembered(tx, "b", 1, traits=replace(told, figures=frozenset(), references=frozenset({"rin 1-2"})))
    asked = []
    (found,) = events.neighbours(tx, [1], NOW, least=1, near=lambda seen: asked.append(seen) or bool(seen.figures))
    assert (found.article, found.traits) == (one, told)
    assert [sorted(seen.head) for seen in asked] == [["duty", "norland", "salt"]] * 2
    assert [list(seen.references) for seen in asked] == [["rin 1-2"], []]


def test_articles_that_are_past_the_window_take_no_place_among_the_limit(tx):
    within, _ = remembered(tx, "w", 1, 2)
    for name in "abcde":
        remembered(tx, name, 1, 2, 3, seen=later(-100))
    assert near(tx, 1, 2, 3, limit=1) == near(tx, 1, 2, 3, limit=2) == [within]


def test_what_was_seen_before_is_no_neighbour(tx):
    one, _ = remembered(tx, "a", 1, seen=later(-100))
    assert near(tx, 1, since=later(-99)) == []
    assert near(tx, 1, since=later(-100)) == [one]


def test_a_key_that_too_many_have_is_not_asked(tx, monkeypatch):
    monkeypatch.setattr(events, "COMMON", 2)
    events._add_key.cache_clear()
    ids = [remembered(tx, name, 1, 2)[0] for name in "ab"]
    assert near(tx, 1, 2) == ids[::-1]
    remembered(tx, "c", 1)
    assert near(tx, 1) == []
    assert near(tx, 1, 2) == ids[::-1]
    events._add_key.cache_clear()


def test_a_list_that_is_too_long_to_be_asked_does_not_grow(tx, monkeypatch):
    monkeypatch.setattr(events, "COMMON", 2)
    events._add_key.cache_clear()
    for name in "abcde":
        remembered(tx, name, 1)
    assert tx.value(sa.select(sa.func.length(t.story_key.c.articles))) == 3 * 4
    events._add_key.cache_clear()


def test_the_oldest_are_forgotten_and_no_more_than_asked(tx):
    times = {"a": -50, "b": -40, "c": 0}
    ids = [remembered(tx, name, 1, seen=later(minutes=minutes))[0] for name, minutes in times.items()]
    events.forget(tx, later(minutes=-30), most=1)
    assert near(tx, 1, since=later(minutes=-100)) == [ids[2], ids[1]]
    events.forget(tx, later(minutes=-30), most=10)
    assert near(tx, 1, since=later(minutes=-100)) == [ids[2]]


def test_the_lists_of_a_period_are_forgotten_when_all_of_it_is_past(tx):
    for name, days in (("a", -12), ("b", -9), ("c", 0)):
        remembered(tx, name, *range(events._KEYS + 1), seen=later(days=days))

    def periods():
        found = tx.rows(sa.select(t.story_key.c.period).order_by(t.story_key.c.period))
        return [row["period"] - events._period(NOW) for row in found]

    assert periods() == [-4] * 41 + [-3] * 41 + [0] * 41
    events.forget(tx, later(days=-3), most=1)
    assert periods() == [-4] * 1 + [-3] * 41 + [0] * 41
    events.forget(tx, later(days=-3), most=10)
    assert periods() == [0] * 41


@given(st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neighbours_are_those_that_counting_every_article_gives(tx, data):
    """Whatever the periods, whatever is forgotten of them, and in whatever order they came."""
    tx.run(sa.delete(t.story_key))
    tx.run(sa.delete(t.story_traits))
    told = {}
    for number in range(data.draw(st.integers(1, 8))):
        keys = data.draw(st.sets(st.integers(1, 6), min_size=1))
        seen = later(hours=-data.draw(st.integers(0, 200)))
        told[remembered(tx, f"{uuid4()}-{number}", *keys, seen=seen)[0]] = (keys, seen)
    events.forget(tx, later(hours=-data.draw(st.integers(72, 200))), most=data.draw(st.integers(0, 8)))
    asked, least, limit = data.draw(st.sets(st.integers(1, 6), min_size=1)), data.draw(st.integers(1, 3)), 3
    since = later(hours=-72)
    found = near(tx, *sorted(asked), since=since, least=least, limit=limit)
    inside = [each for each, (keys, seen) in told.items() if seen >= since and len(asked & keys) >= least]
    assert set(found) <= set(inside)
    assert len(found) == min(limit, len(inside))
    kept = min((row["article"] for row in tx.rows(sa.select(t.story_traits.c.article))), default=0)
    read = [
        keys for each, (keys, seen) in told.items() if each >= kept and events._period(seen) >= events._period(since)
    ]
    holders = [sum(key in keys for keys in read) for key in range(7)]
    tells = {each: sum(events._ONE // holders[key] for key in asked & told[each][0]) for each in inside}
    assert found == sorted(inside, key=lambda each: (tells[each], each), reverse=True)[:limit]


# ── two stories are one ──────────────────────────────────────────────────────────────────────────


def standing(tx, story):
    return tx.value(sa.select(t.story.c.merged_into).where(t.story.c.id == story))


def test_merged_stories_end_in_one_and_stay_readable(tx):
    (a, one), (b, two), (c, three) = (remembered(tx, name, 1) for name in "abc")
    stories.join(tx, two, put_article(tx, article("copy"), story=two, kind="copy", at=later(9))[0], "copy", 1, "", NOW)
    events.merge(tx, three, two, "one event", NOW)
    events.merge(tx, two, one, "one event", NOW)
    assert [standing(tx, story) for story in (one, two, three)] == [None, one, one]
    assert {each.story for each in events.neighbours(tx, [1], NOW, least=1)} == {one}
    assert articles.get(tx, c).story == one
    assert articles.known(tx, "wire", [article("c")])["c"].story == one
    assert {member.article for member in explain.history(tx, b).members} >= {a, b, c}
    last = tx.value(sa.select(t.story.c.last_at).where(t.story.c.id == one))
    assert last == later(9)


def test_who_opened_a_merged_story_tells_the_same_event(tx):
    (a, one), (b, two) = (remembered(tx, name, 1) for name in "ab")
    events.merge(tx, two, one, "one event with article 1", NOW)
    kinds = {each.article: (each.kind, each.reason) for each in explain.history(tx, a).members}
    assert kinds[b] == ("same story", "one event with article 1")
    assert kinds[a][0] == "item"


def test_members_of_one_story_are_not_related_to_it(tx):
    (a, one), (b, two), (c, three) = (remembered(tx, name, 1) for name in "abc")
    stories.join(tx, one, b, "related", 0.5, "both name Norland", NOW)
    stories.join(tx, one, c, "related", 0.5, "both name Norland", NOW)
    events.merge(tx, two, one, "one event", NOW)
    members = [(each.article, each.kind) for each in explain.history(tx, a).members]
    assert sorted(members) == [(a, "item"), (b, "same story"), (c, "related")]
    assert standing(tx, three) is None


@pytest.mark.parametrize("asked", ["kept", "merged"])
def test_whatever_was_told_of_either_is_told_of_both(tx, asked):
    _, kept = put_message(tx, "r1")
    _, merged = put_message(tx, "r2", destination="other")
    events.merge(tx, merged, kept, "one event", NOW)
    story = kept if asked == "kept" else merged
    assert set(stories.told(tx, story)) == {"desk", "other"}
    assert [record.outlets for record in alerts.recent(tx, 5)] == [1, 1]  # one outlet has brought both
    assert len(stories.outlets(tx, story)) == 2
    assert len(alerts.newest_stories(tx, 5)) == 1


# ── headlines ────────────────────────────────────────────────────────────────────────────────────


def test_headlines_are_remembered_by_source(tx):
    assert headlines.get(tx, "wire") == []
    headlines.put(tx, "wire", ["One", "Zwei \0", "三"])
    headlines.put(tx, "paper", ["Other"])
    headlines.put(tx, "wire", ["Two"])
    assert (headlines.get(tx, "wire"), headlines.get(tx, "paper")) == (["Two"], ["Other"])


def test_traits_that_an_older_version_kept_are_left_out():
    told = Traits(publisher="a", names=frozenset({"x"}))
    assert events._traits({**events.stored(told), "announces": "extension"}) == told
