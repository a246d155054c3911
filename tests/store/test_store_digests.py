"""Digests in the store: since when, what there is to tell, written once."""

import threading
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from store_samples import NOW, article, later, mention, poll, put_article, put_message, put_source, source, take

from bot.model import Decision, Delivered, Digest, Ledger, News, SourceGap, SourceTrouble, Window
from bot.store import Store, articles, digests, events, news, outbox, sources, stories
from bot.store.outbox import Policy
from bot.store.records import Standing

DAILY = Digest(id="daily", to=("mailto:desk@example.org", "file:digests"), at=time(7, 30))
DAY = date(2026, 3, 3)
WINDOW = Window(day=DAY, zone="UTC", begin=NOW, end=later(days=1))


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_tx:
        yield open_tx


def put_match(tx, key="k1", *rules, at=NOW, **more):
    """An article with a mention of each rule; its id."""
    id_, _, version = put_article(tx, article(key, **more.pop("article", {})), at=at, **more)
    articles.add_mentions(tx, version, [mention(rule) for rule in rules or ("export-controls",)])
    return id_


def freeze(tx, digest="daily", recipient="mailto:desk@example.org", *, window=WINDOW, upto=0, frozen=b"bytes", at=None):
    return digests.freeze(
        tx,
        digest=digest,
        recipient=recipient,
        window=window,
        upto=upto,
        frozen=frozen,
        message_id="<1@example.org>",
        at=at or window.end,
    )


def enqueue(tx, run, destination="mailto:desk@example.org", uid="u1"):
    payload = {"full": {}, "minimal": {}}
    return outbox.enqueue(
        tx, uid=uid, alert=None, destination=destination, op="post", payload=payload, at=NOW, digest_run=run
    )


# ── since when ───────────────────────────────────────────────────────────────────────────────────


def since(tx):
    return {recipient: standing.since for (_, recipient), standing in digests.standings(tx).items()}


def test_each_recipient_waits_since_it_was_first_configured(tx):
    digests.sync(tx, [replace(DAILY, to=("a",))], NOW)
    digests.sync(tx, [replace(DAILY, to=("a", "b"))], later(60))
    digests.sync(tx, [replace(DAILY, to=("a", "b"))], later(90))
    assert since(tx) == {"a": NOW, "b": later(60)}


@pytest.mark.parametrize("change", [{"at": time(8)}, {"zone": "Asia/Tokyo"}, {"days": frozenset({0})}])
def test_another_schedule_counts_as_configured_now(tx, change):
    digests.sync(tx, [DAILY], NOW)
    digests.sync(tx, [replace(DAILY, **change)], later(60))
    assert set(since(tx).values()) == {later(60)}


@pytest.mark.parametrize("change", [{"themes": ("t",)}, {"rules": ("r",)}, {"empty": "skip"}])
def test_another_content_does_not(tx, change):
    digests.sync(tx, [DAILY], NOW)
    digests.sync(tx, [replace(DAILY, **change)], later(60))
    assert set(since(tx).values()) == {NOW}


def test_one_that_was_gone_waits_since_it_came_back(tx):
    digests.sync(tx, [DAILY], NOW)
    digests.sync(tx, [], later(60))
    assert digests.standings(tx) == {}
    digests.sync(tx, [DAILY], later(90))
    assert set(since(tx).values()) == {later(90)}


def test_other_settings_are_left_alone(tx):
    outbox.hold(tx, "desk", "no token", NOW)
    digests.sync(tx, [], NOW)
    assert outbox.held(tx) == {"desk": "no token"}


def test_a_standing_knows_the_last_issue_of_its_recipient(tx):
    digests.sync(tx, [DAILY, replace(DAILY, id="other")], NOW)
    before = replace(WINDOW, day=DAY - timedelta(days=1), end=later(5))
    freeze(tx, window=WINDOW, upto=7)
    freeze(tx, window=before, upto=3)
    freeze(tx, digest="other", window=before, upto=2)
    found = digests.standings(tx)
    assert found["daily", "mailto:desk@example.org"] == Standing(since=NOW, last=DAY, window_to=WINDOW.end, upto=7)
    assert found["daily", "file:digests"] == Standing(since=NOW)
    assert found["other", "mailto:desk@example.org"].upto == 2


# ── written once ─────────────────────────────────────────────────────────────────────────────────


def test_an_issue_is_written_once_for_each_recipient_and_local_date(tx):
    assert freeze(tx) is not None
    assert freeze(tx, frozen=b"other bytes") is None
    assert freeze(tx, recipient="file:digests") is not None
    assert freeze(tx, window=replace(WINDOW, day=DAY + timedelta(days=1))) is not None
    assert freeze(tx, digest="other") is not None


def test_the_message_carries_the_frozen_bytes_attempt_after_attempt(tx):
    enqueue(tx, freeze(tx, frozen=b"\0 bytes \xff"))
    (first,) = take(tx, destinations=["mailto:desk@example.org"])
    assert (first.frozen, first.kind) == (b"\0 bytes \xff", "digest")
    outbox.expire(tx, later(100), Policy())
    ((_, (again,)),) = outbox.unknowns(tx, later(1000)).items()
    assert again.frozen == first.frozen


def test_many_writers_at_once_write_one_issue(url, store):
    put_source(store)
    written = []

    def write():
        own = Store(url, timeout=20.0)
        own.open()
        with own.write() as tx:
            written.append(freeze(tx))
        own.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == 4
    assert sum(run is not None for run in written) == 1


def test_the_last_issues_say_what_became_of_them(tx):
    enqueue(tx, freeze(tx))
    freeze(tx, recipient="file:digests", frozen=b"")
    freeze(tx, window=replace(WINDOW, day=DAY - timedelta(days=1)))
    (delivery,) = take(tx, destinations=["mailto:desk@example.org"])
    outbox.mark(tx, delivery, Delivered(), later(5), Policy())
    found = {(issue.recipient, issue.day): (issue.state, issue.sent_at) for issue in digests.recent(tx)}
    assert found == {("mailto:desk@example.org", DAY): ("sent", later(5)), ("file:digests", DAY): (None, None)}
    assert len(digests.recent(tx, limit=2)) == 3


# ── what there is to tell ────────────────────────────────────────────────────────────────────────


def test_a_match_comes_with_all_that_its_readers_may_see(tx):
    lead = put_match(tx, "a", "x", "y", state="alerted")
    story = articles.get(tx, lead).story
    copy = put_match(tx, "b", "x", story=story, kind="copy", at=later(60), article={"source": "paper"})
    decision = Decision(article=copy, rule="x", destination="desk", verdict="no", reason="copy")
    articles.add_decisions(tx, [decision], NOW)
    found = digests.material(tx, WINDOW, after=None)
    newer, older = found.matched
    assert [newer.article_id, older.article_id] == [copy, lead]
    assert (newer.kind, older.kind, newer.story, older.state) == ("copy", "item", story, "alerted")
    assert (newer.source_name, newer.first_seen, older.story_opened_at) == ("Paper", later(60), NOW)
    assert [outlet.name for outlet in newer.outlets] == ["Wire", "Paper"]
    assert newer.outlets == older.outlets
    assert newer.decisions == (decision,)
    assert [each.rule for each in older.mentions] == ["x", "y"]
    assert older.mentions[0].sentences[0].text == "New export controls."
    assert (older.article.title, older.article.url, older.article.tier) == (
        "Title a",
        "https://wire.example/a",
        "outlet",
    )


def test_the_first_issue_tells_of_what_came_in_its_window(tx):
    put_match(tx, "before", at=later(-1))
    inside = put_match(tx, "inside", at=NOW)
    assert [each.article_id for each in digests.material(tx, WINDOW, after=None).matched] == [inside]


def test_a_later_issue_begins_after_the_last_mention_of_the_one_before(tx):
    put_match(tx, "told", at=later(60))
    upto = digests.material(tx, WINDOW, after=None).upto
    # Committed later, though its poll began earlier.
    late = put_match(tx, "late", at=later(30))
    found = digests.material(tx, WINDOW, after=upto)
    assert [each.article_id for each in found.matched] == [late]
    assert found.upto > upto
    assert digests.material(tx, WINDOW, after=found.upto).matched == ()


def test_a_new_version_is_told_with_its_own_words_and_once(tx):
    id_ = put_match(tx, "a", "x")
    upto = digests.material(tx, WINDOW, after=None).upto
    version = articles.add_version(tx, id_, article("a", title="Changed", content_hash="h2"), later(60)).version
    articles.add_mentions(tx, version, [mention("x"), mention("z")])
    (found,) = digests.material(tx, WINDOW, after=upto).matched
    assert ([each.rule for each in found.mentions], found.article.title) == (["x", "z"], "Changed")
    (whole,) = digests.material(tx, WINDOW, after=None).matched
    assert [each.rule for each in whole.mentions] == ["x", "z"]


def test_merged_stories_are_one(tx):
    import sqlalchemy as sa

    from bot.store import tables as t

    one, two = put_match(tx, "a"), put_match(tx, "b", article={"source": "paper"})
    into, merged = (articles.get(tx, id_).story for id_ in (one, two))
    tx.run(sa.update(t.story).where(t.story.c.id == merged).values(merged_into=into))
    found = digests.material(tx, WINDOW, after=None).matched
    assert {each.story for each in found} == {into}
    assert {len(each.outlets) for each in found} == {2}


def test_nothing_yet(tx):
    found = digests.material(tx, WINDOW, after=None)
    assert (found.upto, found.matched, found.troubles, found.gaps, found.ledger) == (0, (), (), (), Ledger())


def test_sources_in_trouble_are_named(tx):
    put = ("failing", "silent", "never", "once", "fine", "gone")
    sources.sync(tx, [source(name) for name in put], later(days=-3))
    for name in ("failing", "silent", "once", "fine"):
        sources.record_poll(tx, poll(name, at=later(days=-3)))
    bad = {"status": "error", "error": "HTTP 500"}
    sources.record_poll(tx, poll("failing", **bad, failing=True))
    sources.record_poll(tx, poll("silent", at=later(days=-2), **bad))
    sources.record_poll(tx, poll("never", at=later(3600), **bad))
    sources.record_poll(tx, poll("once", at=later(3600), **bad))
    sources.record_poll(tx, poll("gone", **bad, failing=True))
    sources.sync(tx, [source(name) for name in put if name != "gone"], NOW)
    assert digests.material(tx, WINDOW, after=None).troubles == (
        SourceTrouble(name="Failing", reason="HTTP 500", since=NOW),
        SourceTrouble(name="Never", reason="HTTP 500", since=None),
        SourceTrouble(name="Silent", reason="HTTP 500", since=later(days=-2)),
    )


def test_gaps_of_the_window_are_named(tx):
    for at in (later(-60), later(60), WINDOW.end):
        sources.record_poll(tx, poll("wire", at=at, gap_from=at - timedelta(hours=2), gap_to=at))
    assert digests.material(tx, WINDOW, after=None).gaps == (
        SourceGap(name="Wire", begin=later(60) - timedelta(hours=2), end=later(60)),
    )


def test_the_ledger_counts_what_became_of_the_windows_articles(tx):
    sources.record_poll(tx, poll("paper", at=later(10), status="baseline"))
    sources.record_poll(tx, poll("wire", at=later(20)))
    put_match(tx, "early", at=later(-1), state="alerted")
    put_match(tx, "alerted", at=later(20), state="alerted")
    put_match(tx, "copy", at=later(20), kind="copy")
    put_article(tx, article("plain"), at=later(20))
    put_match(tx, "first", at=later(10), state="baseline", article={"source": "paper"})
    put_match(tx, "listed", at=later(10), state="in digest", article={"source": "paper"})
    put_message(tx, at=later(-5))
    enqueue(tx, freeze(tx))
    outbox.enqueue(tx, uid="w", alert=None, destination="desk", op="post", payload={}, at=NOW)
    assert digests.material(tx, WINDOW, after=None).ledger == Ledger(
        articles=5, matched=4, copies=1, alerted=1, baseline=1, waiting=1, sources=2
    )


def test_listed_articles_are_raised_together_and_alerted_ones_stay(tx):
    ids = [put_match(tx, str(n), state=state) for n, state in enumerate(("no rule", "alerted", "muted"))]
    assert articles.set_states(tx, ids, "in digest") == 2
    assert [articles.get(tx, id_).state for id_ in ids] == ["in digest", "alerted", "in digest"]
    assert articles.set_states(tx, [], "in digest") == 0


def test_a_day_of_many_matches_is_read_in_few_statements(store):
    import sqlalchemy as sa

    put_source(store)
    with store.write() as tx:
        for number in range(1_200):
            put_match(tx, f"k{number}")
        counted = []
        sa.event.listen(store.engine, "before_cursor_execute", lambda *_: counted.append(1))
        found = digests.material(tx, WINDOW, after=None)
    assert len(found.matched) == 1_200
    assert len(counted) < 30


def test_the_outlets_of_many_stories_are_those_of_each(tx):
    ids = [put_match(tx, key) for key in ("a", "b")]
    put_match(tx, "c", story=articles.get(tx, ids[0]).story, kind="copy", article={"source": "paper"})
    each = {story: stories.outlets(tx, story) for story in (articles.get(tx, id_).story for id_ in ids)}
    assert stories.outlets_of(tx, sorted(each)) == each
    assert stories.outlets_of(tx, []) == {}


# ── what the issue before could know of ──────────────────────────────────────────────────────────


def put_news(tx, story, article_id, text="Confirmed"):
    told = News(kind="official", value=text, text=text, reason="because", weight=0.9)
    news.add_news(tx, story, article_id, [told], later(60))


def test_stories_of_an_earlier_issue_go_on_with_their_news_though_no_rule_matches_anew(tx):
    old, quiet = put_match(tx, "k1", "a", "b"), put_match(tx, "k2", "a")
    before = digests.material(tx, WINDOW, after=None)
    number = {one.article_id: one.story for one in before.matched}
    assert (before.told, before.going_on, before.rule_changes) == ({}, (), ())
    new = put_match(tx, "k3", "a")
    put_news(tx, number[old], new)
    found = digests.material(tx, WINDOW, after=before.upto, news_after=before.news_upto)
    assert [one.article_id for one in found.matched] == [new]
    assert [one.article_id for one in found.going_on] == [old]
    assert found.told == {number[old]: frozenset({"a", "b"})}
    assert [text.text for _, text in found.news[number[old]]] == ["Confirmed"]
    assert number[quiet] not in found.news
    again = digests.material(tx, WINDOW, after=found.upto, news_after=found.news_upto)
    assert (again.matched, again.going_on, again.told) == ((), (), {})


def test_news_of_a_story_that_no_issue_could_know_of_are_not_told_without_it(tx):
    before = digests.material(tx, WINDOW, after=None)
    unmatched, story, _ = put_article(tx, article("k1"))
    put_news(tx, story, unmatched)
    found = digests.material(tx, WINDOW, after=before.upto, news_after=before.news_upto)
    assert (found.matched, found.going_on, dict(found.news)) == ((), (), {})


def test_a_story_that_was_merged_meanwhile_is_still_known(tx):
    first, second = put_match(tx, "k1", "a"), put_match(tx, "k2", "b")
    before = digests.material(tx, WINDOW, after=None)
    number = {one.article_id: one.story for one in before.matched}
    events.merge(tx, number[second], number[first], "the same event", NOW)
    put_news(tx, number[second], second)
    found = digests.material(tx, WINDOW, after=before.upto, news_after=before.news_upto)
    assert found.told == {number[first]: frozenset({"a", "b"})}
    assert {one.story for one in found.going_on} == {number[first]}
