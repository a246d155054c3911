"""Alerts: told once, and shown with what became of them."""

from dataclasses import replace

import pytest
from store_samples import (
    NOW,
    PAYLOAD,
    article,
    later,
    mention,
    put_alert,
    put_article,
    put_message,
    put_source,
    source,
    take,
)

from bot.model import Alert, Delivered, Later, News, RefusedPayload
from bot.store import alerts, articles, events, joined, outbox, sources, stories
from bot.store.outbox import Policy


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_tx:
        yield open_tx


def alert(article_id, story, *rules, kind="new rule", destination="desk"):
    return Alert(story=story, destination=destination, kind=kind, article=article_id, rules=rules, severity="normal")


def test_the_same_is_told_once(tx):
    id_, story, _ = put_article(tx)
    assert alerts.add(tx, alert(id_, story, "a", "b"), NOW) is not None
    assert alerts.add(tx, alert(id_, story, "b", "a"), later(9)) is None
    assert len(alerts.recent(tx, 10)) == 1


def fact(text, kind="change"):
    return News(kind=kind, value=text, text=f"25 % → {text}", reason="earlier articles have 25 %", weight=0.85)


def test_the_same_fact_is_told_once_whichever_articles_bring_it(tx):
    one, story, _ = put_article(tx, article("a"))
    two, _, _ = put_article(tx, article("b"), story=story)
    told = replace(alert(one, story, "a", kind="new fact"), news=(fact("10 %"), fact("x", "person")))
    assert alerts.add(tx, told, NOW) is not None
    assert alerts.add(tx, replace(told, article=two, rules=("b",), news=(fact("10 %"),)), later(9)) is None
    assert alerts.add(tx, replace(told, news=(fact("15 %"),)), later(9)) is not None
    assert alerts.add(tx, replace(told, destination="other"), later(9)) is not None


def test_what_was_told_as_new_comes_back_with_the_alert(tx):
    first, article_id, story = put_alert(tx)
    one = replace(alert(article_id, story, "a", kind="new fact"), news=(fact("10 %"),))
    other = replace(alert(article_id, story, "z"), news=(fact("15 %"),))
    (second, third) = (alerts.add(tx, told, later(5)) for told in (one, other))
    alerts.add(tx, replace(one, destination="elsewhere"), later(6))
    root, reply = alerts.content_parts(tx, first), alerts.content_parts(tx, second)
    assert (root.kind, root.news, root.since) == ("first", (), (fact("15 %"), fact("10 %")))
    assert (reply.kind, reply.news) == ("new fact", (fact("10 %"),))
    assert alerts.content_parts(tx, third).news == (fact("15 %"),)


def test_told_knows_the_highest_severity(tx):
    _, article_id, story = put_alert(tx)  # of high severity
    alerts.add(tx, alert(article_id, story, "b"), later(1))
    alerts.add(tx, alert(article_id, story, "b", kind="first", destination="other"), later(1))
    assert {name: told.severity for name, told in stories.told(tx, story).items()} == {
        "desk": "high",
        "other": "normal",
    }


def test_a_story_has_one_first_alert_for_each_destination(tx):
    one, story, _ = put_article(tx, article("a"))
    two, _, _ = put_article(tx, article("b"), story=story)
    assert alerts.add(tx, alert(one, story, "a", kind="first"), NOW) is not None
    assert alerts.add(tx, alert(two, story, "b", kind="first"), NOW) is None
    assert alerts.add(tx, alert(two, story, "b", kind="first", destination="other"), NOW) is not None


def test_an_article_edited_twice_may_bring_two_new_rules(tx):
    id_, story, _ = put_article(tx)
    assert alerts.add(tx, alert(id_, story, "b"), NOW) is not None
    assert alerts.add(tx, alert(id_, story, "c"), NOW) is not None


def test_recent_shows_what_people_ask_for(tx):
    delivery, story = put_message(tx, "rule-1", at=later(1))
    put_article(tx, article("copy", source="paper"), story=story, kind="copy")
    put_alert(tx, article("second"), rules=("z", "a"), at=later(2))
    (claimed,) = take(tx, now=later(3))
    outbox.mark(tx, claimed, Delivered(channel_id="C1", ts="1.2"), later(4), Policy())
    newest, oldest = alerts.recent(tx, 10)
    assert (newest.headline, newest.rules, newest.delivery, newest.delivery_state) == (
        "Title second",
        ("a", "z"),
        None,
        None,
    )
    assert (oldest.headline, oldest.rules, oldest.source, oldest.source_name) == (
        "Title desk-rule-1",
        ("rule-1",),
        "wire",
        "Wire",
    )
    assert (oldest.delivery, oldest.delivery_state, oldest.sent_at) == (delivery, "sent", later(4))
    assert (oldest.channel_id, oldest.ts, oldest.attempt, oldest.error) == ("C1", "1.2", 1, None)
    assert (oldest.at, oldest.published_at, oldest.severity, oldest.kind) == (later(1), later(-3600), "high", "first")
    assert (oldest.outlets, newest.outlets) == (2, 1)
    assert (oldest.tier, oldest.url, oldest.may_repeat) == ("outlet", "https://wire.example/desk-rule-1", False)


def test_recent_shows_trouble(tx):
    put_message(tx, "a")
    outbox.mark(tx, take(tx)[0], Later(reason="ratelimited"), NOW, Policy())
    (record,) = alerts.recent(tx, 10)
    assert (record.delivery_state, record.error, record.attempt) == ("pending", "ratelimited", 1)


def test_recent_is_one_line_for_each_alert_newest_first(tx):
    root, story = put_message(tx, "r0")
    outbox.coalesce_update(tx, root, {}, NOW)
    put_message(tx, "r1", op="reply", root=root, story=story)
    put_message(tx, "r2", destination="other")
    assert [record.rules for record in alerts.recent(tx, 10)] == [("r2",), ("r1",), ("r0",)]
    assert [record.rules for record in alerts.recent(tx, 1)] == [("r2",)]
    assert [record.rules for record in alerts.recent(tx, 10, "desk")] == [("r1",), ("r0",)]
    assert alerts.recent(tx, 10, "nobody") == []


def test_the_headline_is_the_newest_version(tx):
    _, article_id, _ = put_alert(tx)
    articles.add_version(tx, article_id, article(title="Corrected"), later(5))
    assert alerts.recent(tx, 1)[0].headline == "Corrected"


def test_parts_to_write_a_message_anew(tx):
    alert_id, article_id, story = put_alert(tx, rules=("a", "b"))
    version = articles.known(tx, "wire", [article()])["k1"].version
    articles.add_mentions(tx, version, [mention("a"), mention("b"), mention("not told")])
    second = articles.add_version(tx, article_id, article(title="New", content_hash="2"), later(5))
    articles.add_mentions(tx, second.version, [mention("b", "h2")])
    put_article(tx, article("copy", source="paper"), story=story, kind="copy")
    parts = alerts.content_parts(tx, alert_id)
    assert (parts.id, parts.kind, parts.destination, parts.severity, parts.story) == (
        alert_id,
        "first",
        "desk",
        "high",
        story,
    )
    assert (parts.article.id, parts.article.article.title) == (article_id, "New")
    assert [(found.rule, found.rule_hash) for found in parts.mentions] == [("a", "h1"), ("b", "h2")]
    assert [outlet.source for outlet in parts.outlets] == ["wire", "paper"]
    assert parts.source_name == "Wire"


def told(tx, key, *, destination="desk", at=NOW, **more):
    """An article that opened a story at the destination, with its message; (alert, story, delivery)."""
    alert_id, _, story = put_alert(tx, article(key, **more), destination=destination, at=at)
    delivery = outbox.enqueue(
        tx, uid=key, alert=alert_id, destination=destination, op="post", payload=PAYLOAD, at=at, root=None
    )
    return alert_id, story, delivery


def sent(tx, delivery, ts):
    (claimed,) = (each for each in take(tx) if each.id == delivery)
    outbox.mark(tx, claimed, Delivered(channel_id="C1", ts=ts), NOW, Policy())


def named(tx, alert_id, **more):
    return [
        (one.headline, one.url, one.channel_id, one.ts) for one in alerts.content_parts(tx, alert_id, **more).joined
    ]


def test_messages_of_stories_that_are_one_now_name_each_other(tx):
    (first, one, message), (second, two, _) = told(tx, "a"), told(tx, "b")
    told(tx, "c", destination="other")
    sent(tx, message, "1.2")
    assert named(tx, first) == named(tx, second) == []
    events.merge(tx, two, one, "one event", NOW)
    articles.add_version(
        tx, alerts.content_parts(tx, second).article.id, article("b", title="New", url=None, content_hash="2"), later(5)
    )
    assert named(tx, first) == [("New", "https://wire.example/b", None, None)]
    assert named(tx, second) == named(tx, second, apart=True) == [("Title a", "https://wire.example/a", "C1", "1.2")]
    assert [(root.alert, root.destination) for root in joined.roots(tx, two)] == [(first, "desk"), (second, "desk")]
    assert stories.told(tx, two)["desk"].alert == first


def test_a_message_stands_once_however_often_it_was_sent_again_and_only_where_it_is(tx):
    (first, one, message), (second, two, _), (_, three, elsewhere) = (
        told(tx, "a"),
        told(tx, "b"),
        told(tx, "c", destination="other"),
    )
    outbox.enqueue(tx, uid="again", alert=first, destination="desk", op="post", payload=PAYLOAD, at=NOW)
    for merged in (two, three):
        events.merge(tx, merged, one, "one event", NOW)
    assert next(root.delivery for root in joined.roots(tx, one) if root.destination == "desk") == message
    assert [headline for headline, *_ in named(tx, second)] == ["Title a"]
    assert [root.delivery for root in joined.roots(tx, one) if root.destination == "other"] == [elsewhere]


def test_what_was_refused_for_good_is_not_named(tx):
    (first, one, message), (second, two, _) = told(tx, "a"), told(tx, "b")
    events.merge(tx, two, one, "one event", NOW)
    for _ in range(2):
        (claimed,) = (each for each in take(tx) if each.id == message)
        outbox.mark(tx, claimed, RefusedPayload(reason="invalid_blocks"), NOW, Policy())
    assert named(tx, second) == []
    assert [headline for headline, *_ in named(tx, first)] == ["Title b"]
    assert stories.told(tx, one)["desk"].alert == second


def test_no_more_of_a_text_is_named_than_its_source_allows(tx):
    (first, one, _), (second, two, _) = told(tx, "a"), told(tx, "b", title_derived=True)
    events.merge(tx, two, one, "one event", NOW)
    sources.sync(tx, [source("wire", excerpt=0), source("paper")], later(1))
    assert [headline for headline, *_ in named(tx, first)] == [""]
    assert [headline for headline, *_ in named(tx, second)] == ["Title a"]


def test_what_comes_later_counts_in_the_older_message_alone(tx):
    (first, one, _), (second, two, _) = told(tx, "a"), told(tx, "b")
    events.merge(tx, two, one, "one event", NOW)
    new, _, _ = put_article(tx, article("d", source="paper"), story=one, kind="same story", at=later(5))
    alerts.add(tx, replace(alert(new, one, "a", kind="new fact"), news=(fact("10 %"),)), later(5))
    older, younger = alerts.content_parts(tx, first), alerts.content_parts(tx, second, apart=True)
    assert (len(older.outlets), older.since) == (3, (fact("10 %"),))
    assert ([outlet.article for outlet in younger.outlets], younger.since) == ([younger.article.id], ())


def test_a_source_that_is_not_configured_any_more_keeps_its_name(tx):
    alert_id, _, _ = put_alert(tx)
    sources.sync(tx, [source("paper")], later(1))
    assert alerts.content_parts(tx, alert_id).source_name == "Wire"


@pytest.mark.parametrize(
    ("others", "outlets"),
    [
        pytest.param([], 1, id="alone"),
        pytest.param([{"source": "wire", "url": "https://wire.example/again"}], 1, id="itself-again"),
        pytest.param([{"source": "paper"}, {"source": "paper", "url": None}], 3, id="same-name-elsewhere"),
        pytest.param([{"source": "paper", "outlet": "Wire"}], 1, id="another-feed-of-the-same"),
        pytest.param([{"source": "wire", "outlet": "The Example Times"}], 2, id="named-by-the-article"),
        pytest.param([{"source": "paper", "url": "https://[broken"}], 2, id="no-address-at-all"),
    ],
)
def test_outlets_are_counted_as_the_message_names_them(tx, others, outlets):
    _, _, story = put_alert(tx)
    for number, other in enumerate(others):
        put_article(tx, article(f"copy{number}", **other), story=story, kind="copy")
    put_article(tx, article("elsewhere", source="paper"))
    assert [record.outlets for record in alerts.recent(tx, 10)] == [outlets]


def test_parts_of_an_unknown_alert(tx):
    assert alerts.content_parts(tx, 4711) is None


def test_a_message_sent_again_is_no_second_line(tx):
    delivery, _ = put_message(tx, "r0")
    alert_id = alerts.recent(tx, 1)[0].id
    outbox.enqueue(tx, uid="again", alert=alert_id, destination="desk", op="post", payload={}, at=later(9))
    assert [record.delivery for record in alerts.recent(tx, 10)] == [delivery]


def test_a_message_that_was_refused_gives_way_to_the_one_sent_again(tx):
    put_message(tx, "r0")
    for _ in range(2):  # in full, then the short one
        outbox.mark(tx, take(tx)[0], RefusedPayload(reason="invalid_blocks"), NOW, Policy())
    (record,) = alerts.recent(tx, 10)
    assert record.delivery_state == "dead"
    again = outbox.enqueue(tx, uid="again", alert=record.id, destination="desk", op="post", payload={}, at=later(9))
    assert [(record.delivery, record.delivery_state) for record in alerts.recent(tx, 10)] == [(again, "pending")]


def test_the_newest_stories_are_named_by_their_first_alert(tx):
    first, article_id, story = put_alert(tx, article("a"))
    second, _, _ = put_alert(tx, article("b"), destination="other")
    alerts.add(tx, alert(article_id, story, "z"), later(5))
    alerts.add(tx, alert(article_id, story, "z", kind="first", destination="third"), later(9))
    assert alerts.newest_stories(tx, 10) == [second, first]
    assert alerts.newest_stories(tx, 1) == [second]


def test_what_became_of_messages(tx):
    sent, _ = put_message(tx, "a")
    outbox.mark(tx, take(tx)[0], Delivered(channel_id="C1", ts="1.2"), NOW, Policy())
    waits, _ = put_message(tx, "b")
    outbox.mark(tx, take(tx)[0], Later(reason="ratelimited"), NOW, Policy())
    fates = outbox.fates(tx, [sent, waits, 4711])
    assert {id_: (fate.state, fate.error) for id_, fate in fates.items()} == {
        sent: ("sent", None),
        waits: ("pending", "ratelimited"),
    }
