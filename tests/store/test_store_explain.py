"""What is read back of an article for those who ask what became of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, PAYLOAD, article, later, mention, poll, put_alert, put_article, put_source, rule, take

from bot.model import Decision, Delivered
from bot.store import articles, explain, outbox, sources, stories
from bot.store import rules as stored_rules
from bot.store import tables as t
from bot.store.outbox import Policy


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_tx:
        yield open_tx


def test_articles_are_found_by_address_and_key(tx):
    one, _, _ = put_article(tx, article("a", url="https://wire.example/a?utm_id=1"))
    two, _, _ = put_article(tx, article("a", source="paper", url="https://wire.example/a"))
    put_article(tx, article("b"))
    assert explain.find(tx, urls=["https://wire.example/a"]) == [one, two]
    assert explain.find(tx, urls=["https://wire.example/a?utm_id=1"]) == [one]
    assert explain.find(tx, keys=["a"]) == [one, two]
    assert explain.find(tx, urls=["https://wire.example/"], keys=["A"]) == []
    assert (explain.by_id(tx, one), explain.by_id(tx, 999)) == (True, False)


def test_an_unknown_article_has_no_history(tx):
    assert explain.history(tx, 999) is None


def test_versions_come_in_order_with_what_each_matched(tx):
    id_, _, version = put_article(tx)
    articles.add_mentions(tx, version, [mention("a", "h1")])
    edited = articles.add_version(tx, id_, article(content_hash="other", title="New"), later(60))
    articles.add_mentions(tx, edited.version, [mention("a", "h2"), mention("b", "h3")])
    tx.run(sa.update(t.article_version).where(t.article_version.c.n == 1).values(text=None))
    first, second = explain.history(tx, id_).versions
    assert (first.n, first.title, first.at, first.text_kept) == (1, "Title k1", NOW, False)
    assert (second.n, second.title, second.at, second.text_kept) == (2, "New", later(60), True)
    assert first.mentions == (mention("a", "h1"),)
    assert [each.rule_hash for each in second.mentions] == ["h2", "h3"]


def test_members_decisions_alerts_and_messages(tx):
    alert, first, story = put_alert(tx, article("a"), rules=("z", "y"))
    sent = outbox.enqueue(tx, uid="u", alert=alert, destination="desk", op="post", payload=PAYLOAD, at=NOW)
    outbox.mark(tx, take(tx)[0], Delivered(channel_id="C1", ts="1.2"), later(4), Policy())
    copy = articles.add(
        tx, article("b", source="paper"), state="copy", first_seen=later(9), order_at=later(9), story=story
    ).article
    stories.join(tx, story, copy, "copy", 0.9, "nearly the same words", later(9), copy_of=first)
    articles.add_decisions(
        tx, [Decision(article=copy, rule="y", destination="desk", verdict="no", reason="copy")], later(9)
    )
    history = explain.history(tx, copy)
    assert (history.story, history.source_name, history.stored.id) == (story, "Paper", copy)
    assert [(each.article, each.kind, each.copy_of) for each in history.members] == [
        (first, "item", None),
        (copy, "copy", first),
    ]
    assert (history.members[1].reason, history.members[1].score) == ("nearly the same words", 0.9)
    (decision,) = history.decisions
    assert (decision.rule, decision.destination, decision.verdict, decision.reason) == ("y", "desk", "no", "copy")
    assert decision.at == later(9)
    (told,) = history.alerts
    assert (told.id, told.article, told.rules) == (alert, first, ("y", "z"))
    (delivery,) = told.deliveries
    assert (delivery.id, delivery.state, delivery.sent_at) == (sent, "sent", later(4))
    assert (delivery.channel_id, delivery.ts, delivery.attempt, delivery.may_repeat) == ("C1", "1.2", 1, False)


def test_a_merged_story_is_the_one_it_was_merged_into(tx):
    id_, old, _ = put_article(tx)
    _, kept, _ = put_article(tx, article("b"))
    tx.run(sa.update(t.story).where(t.story.c.id == old).values(merged_into=kept))
    assert explain.history(tx, id_).story == kept


def test_carriers_brought_articles_of_a_host(tx):
    put_article(tx, article("a"))
    put_article(tx, article("b", source="paper", canonical_url="https://wire_example/b"))
    assert explain.carriers(tx, "wire.example") == {"wire"}
    assert explain.carriers(tx, "wire_example") == {"paper"}
    assert explain.carriers(tx, "wire.exampl") == set()


def test_gaps_are_the_newest_of_the_sources_asked_for(tx):
    hour = timedelta(hours=1)
    sources.record_poll(tx, poll(at=NOW))
    for number in range(3):
        sources.record_poll(tx, poll(at=NOW + number * hour, overlap=0, gap_from=NOW, gap_to=NOW + hour))
    sources.record_poll(tx, poll("paper", at=NOW, overlap=0, gap_from=NOW))
    found = explain.gaps(tx, ["wire"], 2)
    assert [(gap.source, gap.at, gap.begin, gap.end) for gap in found] == [
        ("wire", NOW + 2 * hour, NOW, NOW + hour),
        ("wire", NOW + hour, NOW, NOW + hour),
    ]
    assert explain.gaps(tx, [], 2) == []


def test_a_rule_is_in_force_since_its_version_came(tx):
    stored_rules.record(tx, [rule("a", "1"), rule("b", "1")], NOW)
    stored_rules.record(tx, [rule("a", "2")], later(60))
    assert explain.in_force_since(tx) == {"a": later(60)}
