"""What is read back of an article for those who ask what became of it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, PAYLOAD, article, later, mention, poll, put_alert, put_article, put_source, rule, take

from bot.model import Decision, Delivered, Refusal, Window
from bot.model.words import APPLIED
from bot.store import articles, digests, events, explain, ledger, outbox, refusals, sources, stories
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


def test_refused_items_are_found_by_address_id_and_name(tx):
    one = Refusal(key="1", name="Größe.txt", reason="is not text", url="https://wire.example/a")
    two = Refusal(key="2", name="100 % of it", reason="is none", guid="tag:2")
    ledger.refuse(tx, "wire", [one, two], NOW)
    ledger.refuse(tx, "paper", [one], later(60))

    def found(**more):
        return [(each.source, each.name) for each in refusals.find(tx, **more)]

    assert found(urls=["https://wire.example/a"]) == [("paper", "Größe.txt"), ("wire", "Größe.txt")]
    assert found(ids=["tag:2"]) == found(ids=["100 % of it", ""]) == [("wire", "100 % of it")]
    assert found(urls=["https://wire.example/"], ids=["größe.txt"]) == []
    assert [each.source_name for each in refusals.named(tx, "GRÖSSE")] == ["Paper", "Wire"]
    assert [each.reason for each in refusals.named(tx, "0 % OF")] == ["is none"]
    assert refusals.named(tx, "0 ") == refusals.named(tx, "other") == []


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


def test_a_merged_story_keeps_the_messages_and_the_members_of_both(tx):
    alert, id_, old = put_alert(tx, article("a"))
    other, kept_id, kept = put_alert(tx, article("b"))
    tx.run(sa.update(t.story).where(t.story.c.id == old).values(merged_into=kept))
    for each in (id_, kept_id):
        history = explain.history(tx, each)
        assert [told.id for told in history.alerts] == [alert, other]
        assert [member.article for member in history.members] == [id_, kept_id]


# ── digests ──────────────────────────────────────────────────────────────────────────────────────


def put_match(tx, key, *rules, at=NOW):
    id_, _, version = put_article(tx, article(key), at=at)
    articles.add_mentions(tx, version, [mention(rule) for rule in rules])
    return id_


def issue(tx, day, begin, end, *, after, to="desk", sent=True):
    """An issue as the bot writes it: what it knows, its row, its message. The ids of the articles it could tell of."""
    window = Window(day=date(2026, 3, day), zone="UTC", begin=begin, end=end)
    known = digests.material(tx, window, after=after)
    run = digests.freeze(
        tx, digest="daily", recipient=to, window=window, upto=known.upto, frozen=b"", message_id="", at=end
    )
    if sent:
        outbox.enqueue(
            tx, uid=f"{to}{day}", alert=None, destination=to, op="post", payload=PAYLOAD, at=end, digest_run=run
        )
    return known.upto, {one.article_id: {found.rule for found in one.mentions} for one in known.matched}


def told_by(tx, *ids):
    """Day → article → the rules for which that issue could tell of it."""
    found = {}
    for id_ in ids:
        for each in explain.history(tx, id_).issues:
            found.setdefault(each.day.day, {})[id_] = set(each.rules)
    return found


def test_issues_of_digests_are_those_that_were_given_the_article(tx):
    early = put_match(tx, "early", "a", at=later(-90000))
    one = put_match(tx, "one", "a", "b")
    upto, first = issue(tx, 1, later(-60), later(60), after=None)
    two = put_match(tx, "two", "a", at=later(10))
    edited = articles.add_version(tx, one, article("one", content_hash="other"), later(70))
    articles.add_mentions(tx, edited.version, [mention("b")])
    upto, second = issue(tx, 2, later(60), later(120), after=upto)
    _, third = issue(tx, 3, later(120), later(180), after=upto)
    assert first == {one: {"a", "b"}}
    assert second == {one: {"b"}, two: {"a"}}
    assert told_by(tx, early, one, two) == {1: first, 2: second}
    assert third == {}


def test_an_issue_that_begins_anew_goes_by_when_the_article_came(tx):
    issue(tx, 1, later(-60), NOW, after=None)
    missed = put_match(tx, "missed", "a", at=later(100))
    new = put_match(tx, "new", "a", at=later(900))
    _, found = issue(tx, 9, later(800), later(1000), after=None)
    assert told_by(tx, missed, new) == {9: found} == {9: {new: {"a"}}}


def test_an_issue_that_was_not_sent_told_nothing_and_each_recipient_has_its_own(tx):
    id_ = put_match(tx, "one", "a")
    issue(tx, 1, NOW, later(60), after=None, sent=False)
    issue(tx, 1, NOW, later(60), after=None, to="ops")
    (told,) = explain.history(tx, id_).issues
    assert (told.digest, told.recipient, told.state, told.sent_at) == ("daily", "ops", "pending", None)


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


def test_an_article_is_read_back_as_it_was(tx):
    """Three versions, of which the last changed address and date, and three stories that became one by and by."""
    (a, one, _), (b, two, _), (c, three, _) = (put_article(tx, article(key)) for key in "abc")
    articles.add_version(tx, a, article("a", content_hash="2", body="Second text."), later(60))
    moved = article("a", content_hash="3", url="https://other.example/a", published_at=None, date_origin="unknown")
    articles.add_version(tx, a, moved, later(120))
    events.merge(tx, three, two, "one event", later(90))
    events.merge(tx, two, one, "one event", later(150))

    def then(article_id, seconds):
        found = explain.history_at(tx, article_id, later(seconds))
        return found.stored.article, (found.story, found.merged), {each.article for each in found.members}

    assert explain.history_at(tx, a, NOW - timedelta(seconds=1)) is None
    first, *rest = then(a, 0)
    assert (first.body, first.url, rest) == ("Body of a. Second sentence.", "https://wire.example/a", [(one, ()), {a}])
    second, *_ = then(a, 60)
    assert (second.body, second.published_at) == ("Second text.", NOW - timedelta(hours=1))
    third, *rest = then(a, 149)
    assert (third.url, third.published_at, rest) == ("https://other.example/a", None, [(one, ()), {a}])
    assert then(c, 89)[1:] == ((three, ()), {c})
    assert then(c, 90)[1:] == then(b, 149)[1:] == ((two, (three,)), {b, c})
    assert then(c, 150)[1:] == then(a, 150)[1:] == ((one, (two, three)), {a, b, c})


def test_what_a_rule_was_held_against_later_is_not_what_it_found_then(tx):
    number, _, version = put_article(tx)
    articles.add_mentions(tx, version, [mention("came"), mention("applied")])
    for rule_, reason, at in (("came", "first", NOW), ("applied", f"{APPLIED} – first", later(60))):
        made = Decision(article=number, rule=rule_, destination="desk", verdict="alert", reason=reason)
        articles.add_decisions(tx, [made], at)

    def matched(seconds):
        (only,) = explain.history_at(tx, number, later(seconds)).versions
        return [each.rule for each in only.mentions]

    assert (matched(59), matched(60)) == (["came"], ["came", "applied"])


def test_the_polls_that_brought_an_article_are_named(tx):
    number, _, _ = put_article(tx)
    sources.record_poll(tx, poll(fetched=9, new=3, ms=70))
    sources.record_poll(tx, poll(at=later(60), fetched=8))
    (fetch,) = explain.history(tx, number).fetches
    assert (fetch.at, fetch.status, fetch.fetched, fetch.new, fetch.ms) == (NOW, "ok", 9, 3, 70)
