"""What ``doctor`` asks of the database, on both of them."""

from store_samples import article, later, poll, put_article, put_message, put_source

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
