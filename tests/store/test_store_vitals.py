"""What ``doctor`` asks of the database, on both of them."""

from store_samples import NOW, article, later, poll, put_article, put_message, put_source

from bot.store import newest_time, sources, vitals


def test_the_program_says_what_it_is(store):
    found = vitals(store)
    assert found.version[0].isdigit()
    assert found.version.replace(".", "").isdigit()
    assert found.full_text
    if found.kind == "sqlite":
        assert found.path.is_file()
    else:
        assert (found.kind, found.path) == ("postgresql", None)


def test_the_newest_time_is_that_of_poll_article_or_message(store):
    put_source(store, "wire")
    with store.write() as tx:
        assert newest_time(tx) is None
        sources.record_poll(tx, poll(at=later(5)))
        assert newest_time(tx) == later(5)
        put_article(tx, article("a"), at=later(9))
        assert newest_time(tx) == later(9)
        put_message(tx, "b", at=later(12))
        assert newest_time(tx) == later(12)


def test_histories_tell_what_polls_brought(store):
    put_source(store, "wire", "paper", "quiet")
    with store.write() as tx:
        sources.record_poll(tx, poll("wire", "baseline", NOW, new=50))
        for seconds, new in ((10, 2), (20, 0), (30, 1), (40, 0)):
            sources.record_poll(tx, poll("wire", at=later(seconds), new=new))
        sources.record_poll(tx, poll("wire", "error", later(50), error="404"))
        sources.record_poll(tx, poll("paper", at=later(60), new=3, overlap=0, gap_from=later(1), gap_to=later(60)))
        sources.record_poll(tx, poll("quiet", "baseline", NOW, new=5))
        found = sources.histories(tx, gaps_since=NOW)
        old = sources.histories(tx, gaps_since=later(61))
    assert set(found) == {"wire", "paper"}
    wire, paper = found["wire"], found["paper"]
    assert (wire.polls, wire.first_new, wire.last_new, wire.gap_to) == (2, later(10), later(30), None)
    assert (paper.gap_from, paper.gap_to) == (later(1), later(60))
    assert old["paper"].gap_to is None
