"""Stories: found again by features, joined, and remembered by who was told."""

import pytest
from store_samples import NOW, article, later, put_alert, put_article, put_message, put_source, take

from bot.model import RefusedPayload, Related
from bot.store import alerts, outbox, stories
from bot.store.outbox import Policy


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper", "gazette")
    with store.write() as open_tx:
        yield open_tx


def bands(*values):
    return [("band", value) for value in values]


def test_candidates_share_most_first(tx):
    placed = {}
    for key, entries in {"a": "1", "b": "123", "c": "12", "d": "9"}.items():
        placed[key] = put_article(tx, article(key))
        stories.index(tx, placed[key][0], bands(*entries), NOW)
    found = stories.candidates(tx, [*bands("1", "2", "3"), ("url", "1")], since=NOW)
    assert [(each.article, each.story) for each in found] == [placed[key][:2] for key in "bca"]
    assert found[0].shared == tuple(bands("1", "2", "3"))
    assert (found[0].source, found[0].title, found[0].canonical_url) == ("wire", "Title b", "https://wire.example/b")
    assert found[0].body.startswith("Body of b")
    assert [each.article for each in stories.candidates(tx, bands("1", "2", "3"), since=NOW, limit=1)] == [
        placed["b"][0]
    ]


def test_kind_and_value_belong_together(tx):
    id_, _, _ = put_article(tx, article("a"))
    stories.index(tx, id_, [("url", "x"), ("band", "y")], NOW)
    assert stories.candidates(tx, [("url", "y"), ("band", "x")], since=NOW) == []
    assert len(stories.candidates(tx, [("url", "x"), ("band", "nothing")], since=NOW)) == 1


def test_old_features_are_not_found(tx):
    id_, _, _ = put_article(tx, article("a"))
    stories.index(tx, id_, bands("1"), later(-100))
    assert stories.candidates(tx, bands("1"), since=later(-99)) == []
    assert len(stories.candidates(tx, bands("1"), since=later(-100))) == 1


def test_entries_are_forgotten_of_the_oldest_articles_and_no_more_than_asked(tx):
    ids = [put_article(tx, article(name), at=later(seconds))[0] for name, seconds in (("a", -50), ("b", -40), ("c", 0))]
    for id_ in ids:
        stories.index(tx, id_, bands("1", "2"), NOW)

    def found():
        return [each.article for each in stories.candidates(tx, bands("1"), since=later(-100))]

    stories.forget(tx, later(-60), most=10)
    assert found() == ids[::-1]
    stories.forget(tx, later(-30), most=1)
    assert found() == [ids[2], ids[1]]
    stories.forget(tx, later(-30), most=10)
    assert found() == [ids[2]]
    stories.forget(tx, later(-30), most=10)
    assert found() == [ids[2]]


@pytest.mark.parametrize("entries", [[], bands("nobody")], ids=["no-entries", "nothing-shared"])
def test_no_candidates(tx, entries):
    assert stories.candidates(tx, entries, since=NOW) == []


def test_indexing_twice_is_indexing_once(tx):
    id_, _, _ = put_article(tx, article("a"))
    stories.index(tx, id_, bands("1", "1"), NOW)
    stories.index(tx, id_, bands("1", "2"), later(5))
    (found,) = stories.candidates(tx, bands("1", "2"), since=NOW)
    assert found.shared == tuple(bands("1", "2"))


def test_the_first_member_leads_and_a_later_one_tells_when_the_story_last_grew(tx):
    first, story, _ = put_article(tx, article("a"))
    put_article(tx, article("b"), story=story, at=later(60))
    table = stories.t.story
    row = tx.row(table.select().where(table.c.id == story))
    assert (row["lead"], row["last_at"]) == (first, later(60))


def test_members_in_order_of_arrival_the_lead_first(tx):
    first, story, _ = put_article(tx, article("a"))
    put_article(tx, article("b", source="paper"), story=story, kind="copy", at=later(1))
    third, _, _ = put_article(tx, article("c", source="gazette"), story=story, kind="copy", at=later(2))
    put_article(tx, article("d", source="paper"), story=story, kind="copy", at=later(3))
    put_article(tx, article("e", source="paper"), story=story, kind="related", at=later(4))
    assert [outlet.source for outlet in stories.outlets(tx, story)] == ["wire", "paper", "gazette", "paper"]
    table = stories.t.story
    tx.run(table.update().where(table.c.id == story).values(lead=third))
    outlets = stories.outlets(tx, story)
    assert [outlet.source for outlet in outlets] == ["gazette", "wire", "paper", "paper"]
    assert (outlets[0].name, outlets[0].url, outlets[0].tier) == ("Gazette", "https://wire.example/c", "outlet")
    assert first != third


def test_an_article_that_names_its_outlet_is_listed_under_it(tx):
    _, story, _ = put_article(tx, article("a", outlet="The Example Times"))
    put_article(tx, article("b"), story=story, kind="copy", at=later(1))
    assert [outlet.name for outlet in stories.outlets(tx, story)] == ["The Example Times", "Wire"]


def test_a_story_without_members(tx):
    assert stories.outlets(tx, stories.open(tx, NOW)) == ()


def test_an_article_belongs_to_one_story_and_may_be_related_to_others(tx):
    id_, story, _ = put_article(tx, article("a"))
    other = stories.open(tx, NOW)
    stories.join(tx, other, id_, "item", 1.0, "again", NOW)
    assert stories.outlets(tx, other) == ()
    stories.join(tx, other, id_, "related", 0.4, "same entities", NOW)
    assert stories.outlets(tx, other) == (), "related is not carried"
    kinds = tx._connection.exec_driver_sql("SELECT story, kind FROM story_member ORDER BY story").all()
    assert kinds == [(story, "item"), (other, "related")]
    assert [outlet.source for outlet in stories.outlets(tx, story)] == ["wire"]


def test_related_stories_are_listed_once_each(tx):
    id_, story, _ = put_article(tx, article("a"))
    first, second = stories.open(tx, NOW), stories.open(tx, NOW)
    links = [
        Related(article=9, story=first, score=0.5, reason="one"),
        Related(article=9, story=second, score=0.4, reason="b"),
    ]
    stories.relate(tx, id_, links, NOW)
    stories.relate(tx, id_, [Related(article=9, story=first, score=0.9, reason="later")], NOW)
    stories.relate(tx, id_, [], NOW)
    kept = tx._connection.exec_driver_sql("SELECT story, kind, score, reason FROM story_member ORDER BY story").all()
    assert kept[0][:2] == (story, "item")
    assert kept[1:] == [(first, "related", 0.5, "one"), (second, "related", 0.4, "b")]


def test_joining_moves_the_end_of_the_story_forwards_only(tx):
    _, story, _ = put_article(tx, article("a"), at=later(50))
    put_article(tx, article("b"), story=story, at=later(20))
    last = tx.value(stories.t.story.select().with_only_columns(stories.t.story.c.last_at))
    assert last == later(50)
    put_article(tx, article("c"), story=story, at=later(90))
    assert tx.value(stories.t.story.select().with_only_columns(stories.t.story.c.last_at)) == later(90)
    assert tx.value(stories.t.story.select().with_only_columns(stories.t.story.c.lead)) is not None


# ── who was told ─────────────────────────────────────────────────────────────────────────────────


def test_nobody_was_told(tx):
    _, story, _ = put_article(tx, article("a"))
    assert stories.told(tx, story) == {}


def test_told_gathers_rules_by_destination(tx):
    root, story = put_message(tx, "r1")
    put_message(tx, "r2", op="reply", root=root, story=story)
    other, _ = put_message(tx, "r9", destination="other", story=story)
    put_message(tx, "elsewhere")
    told = stories.told(tx, story)
    assert {name: each.rules for name, each in told.items()} == {"desk": {"r1", "r2"}, "other": {"r9"}}
    assert (told["desk"].delivery, told["other"].delivery) == (root, other)
    assert told["desk"].alert < told["other"].alert


def test_told_without_a_queued_message(tx):
    _, _, story = put_alert(tx)
    assert stories.told(tx, story)["desk"].delivery == 0


def test_replies_go_to_the_message_that_is_alive(tx):
    root, story = put_message(tx, "r1")
    put_message(tx, "r2", op="reply", root=root, story=story)
    for _ in range(2):
        for delivery in take(tx, limit=1):
            outbox.mark(tx, delivery, RefusedPayload(reason="no"), NOW, Policy())
    (own,) = take(tx)
    told = stories.told(tx, story)["desk"]
    assert own.uid == "r2"
    assert (told.delivery, told.rules) == (own.id, {"r1", "r2"})
    assert told.alert == tx.value(alert_of(own.id)), "written anew, the message keeps telling of its own rule"


def test_told_names_the_alert_of_the_refused_message_while_there_is_no_other(tx):
    root, story = put_message(tx, "r1")
    for _ in range(2):
        outbox.mark(tx, take(tx)[0], RefusedPayload(reason="no"), NOW, Policy())
    told = stories.told(tx, story)["desk"]
    assert (told.alert, told.delivery) == (tx.value(alert_of(root)), root)


def test_told_names_the_alert_whose_message_was_queued(tx):
    _, _, story = put_alert(tx, rules=("silent",))
    root, _ = put_message(tx, "r2", op="reply", story=story)
    told = stories.told(tx, story)["desk"]
    assert (told.alert, told.delivery) == (tx.value(alert_of(root)), root)
    assert told.rules == {"silent", "r2"}


def alert_of(delivery):
    columns = stories.t.delivery.c
    return stories.sa.select(columns.alert).where(columns.id == delivery)


def test_a_merged_story_knows_what_both_have_told(tx):
    _, kept = put_message(tx, "r1")
    _, merged = put_message(tx, "r2", destination="other")
    columns = stories.t.story
    tx.run(columns.update().where(columns.c.id == merged).values(merged_into=kept))
    assert set(stories.told(tx, kept)) == {"desk", "other"}
    assert len(stories.outlets(tx, kept)) == 2
    (alert, *_) = alerts.recent(tx, 1, "other")
    stories.index(tx, alert.article, bands("1"), NOW)
    assert [each.story for each in stories.candidates(tx, bands("1"), since=NOW)] == [kept]
