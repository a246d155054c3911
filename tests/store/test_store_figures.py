"""Figures for those who watch the service, and who it last heard of, on both databases."""

from datetime import timedelta

import sqlalchemy as sa
from store_samples import NOW, article, later, mention, poll, put_article, put_message, put_source, take

from bot.model import Delivered, Unknown
from bot.store import articles, figures, heartbeats, outbox, sources, totals, unknowns
from bot.store import tables as t
from bot.store.outbox import Policy


def look(store, now=NOW):
    with store.read() as tx:
        return figures.look(tx, digests=["morning"], dead_since=now - timedelta(hours=24), dead_polls=2, now=now)


def test_an_empty_database_has_figures(store):
    seen = look(store)
    assert (seen.sources, seen.failing, seen.dead, seen.first_due) == (0, 0, 0, None)
    assert (seen.messages, seen.due_since, seen.unknown_since, seen.held, seen.digests) == ({}, {}, {}, {}, {})
    assert seen.size > 100_000
    assert seen.totals == totals.Totals()


def test_sources_are_counted_as_they_fare(store):
    put_source(store, "good", "failing", "dead")
    with store.write() as tx:
        for hours, name in ((0, "failing"), (-30, "dead"), (-20, "dead")):
            at = later(hours=hours)
            sources.record_poll(tx, poll(name, "error", at, error="gone", failing=True, next_due=later(60)))
    seen = look(store, later(1))
    assert (seen.sources, seen.failing, seen.dead) == (3, 2, 1)
    assert seen.first_due == NOW


def test_the_outbox_says_what_waits_and_since_when(store):
    put_source(store)
    with store.write() as tx:
        put_message(tx, "sent", at=later(-500))
        (delivery,) = take(tx, now=later(-400))
        outbox.mark(tx, delivery, Delivered(channel_id="C1", ts="1.2"), later(-400), Policy())
        put_message(tx, "tried", at=later(-300))
        (delivery,) = take(tx, now=later(-200))
        outbox.mark(tx, delivery, Unknown(reason="reset"), later(-200), Policy())
        outbox.enqueue(
            tx, uid="planned", alert=None, destination="ops", op="post", payload={}, at=later(-900), not_before=later(9)
        )
        outbox.hold(tx, "ops", "not_in_channel", NOW)
    seen = look(store)
    assert seen.messages == {("desk", "sent"): 1, ("desk", "unknown"): 1, ("ops", "pending"): 1}
    assert seen.due_since == {"desk": later(-300), "ops": later(9)}
    assert seen.unknown_since == {"desk": NOW}, "nobody has noted it yet"
    assert seen.held == {"ops": "not_in_channel"}


def test_a_message_in_doubt_is_in_doubt_since_it_was_first_seen(store):
    put_source(store)
    with store.write() as tx:
        for key in ("one", "two"):
            put_message(tx, key)
            (delivery,) = take(tx, now=NOW)
            outbox.mark(tx, delivery, Unknown(reason="reset"), NOW, Policy())
            if key == "one":
                seen = unknowns.seen(tx, NOW)
                assert not unknowns.are_noted(tx, seen)
                unknowns.note(tx, seen, NOW)
                assert unknowns.are_noted(tx, seen)
        now = later(600)
        assert [doubt.since for doubt in unknowns.seen(tx, now).values()] == [NOW, now]
        assert [doubt.error for doubt in unknowns.seen(tx, now).values()] == ["reset", "reset"]
        unknowns.note(tx, {}, now)
        assert [doubt.since for doubt in unknowns.seen(tx, now).values()] == [now, now]


def a_round(tx, key, *, status="ok", ms=40, gap=None):
    articles.add_mentions(tx, put_article(tx, article(key))[2], [mention()])
    sources.record_poll(tx, poll(status=status, ms=ms, gap_from=gap, gap_to=gap and NOW))


def counted(found):
    return (
        dict(found.polls),
        found.poll_ms,
        found.within[0],
        found.within[-1],
        found.gaps,
        (found.articles, found.mentions),
    )


def test_totals_begin_with_the_first_service_and_only_grow(store):
    put_source(store)
    with store.write() as tx:
        a_round(tx, "before")
        assert totals.read(tx) == totals.Totals()
        totals.advance(tx, NOW)
        assert counted(totals.read(tx)) == ({}, 0, 0, 0, 0, (0, 0))
        a_round(tx, "k1")
        a_round(tx, "k2", status="error", ms=61_000, gap=later(-60))
        once = counted(totals.read(tx))
        assert once == ({"ok": 1, "error": 1}, 61_040, 1, 1, 1, (2, 2))
        totals.advance(tx, NOW)
        assert counted(totals.read(tx)) == once, "nothing is counted twice"
        tx.run(sa.delete(t.poll))
        assert counted(totals.read(tx)) == once, "what is no longer kept has been all the same"
        a_round(tx, "k3")
        totals.advance(tx, NOW)
        assert counted(totals.read(tx)) == ({"ok": 2, "error": 1}, 61_080, 2, 2, 1, (3, 3))


def test_totals_are_written_only_where_something_was_counted(store):
    put_source(store)
    with store.write() as tx:
        for minutes in (0, 1):
            totals.advance(tx, later(minutes=minutes))
        written = tx.value(sa.select(t.setting.c.at).where(t.setting.c.key == "totals"))
    assert written == NOW


def test_the_last_heartbeat_is_the_one_that_counts(store):
    with store.write() as tx:
        assert heartbeats.last(tx) is None
        heartbeats.beat(tx, "one:1:a", NOW)
        heartbeats.beat(tx, "two:2:b", later(60), ended=True)
        assert heartbeats.last(tx) == heartbeats.Heartbeat(at=later(60), owner="two:2:b", ended=True)
